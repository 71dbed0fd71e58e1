"""Which schema made a store's file: its mark, and what its tables have otherwise."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.settings import QUERIES
from gapmap.stores import schema
from gapmap.stores.schema import as_comment, difference, marked_with, moved_to, schema_hash

HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)


@pytest.fixture
def queries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of questions in place of this program's, with a schema of one table."""
    for folder in ("both", "exact", "released"):
        (tmp_path / "schema" / folder).mkdir(parents=True)
    (tmp_path / "schema" / "both" / "010.sql").write_text("-- A.\ncreate table t (\n a int);")
    monkeypatch.setattr(schema, "QUERIES", tmp_path)
    return tmp_path / "schema"


def hash_now() -> str:
    return schema_hash.__wrapped__()


def test_the_hash_is_of_what_the_schema_says_and_not_of_how(queries: Path) -> None:
    first, file = hash_now(), queries / "both" / "010.sql"
    file.write_text("-- Another comment; a 'quoted' one.\n\ncreate   table t (\n\ta int);\n")
    assert hash_now() == first
    file.write_text("create table t (a bigint);")
    second = hash_now()
    (queries / "exact" / "110.sql").write_text("create table u (a int);")
    third = hash_now()
    (queries / "exact" / "110.sql").rename(queries / "released" / "110.sql")
    assert len({first, second, third, hash_now()}) == 4


def test_the_files_are_in_the_order_in_which_they_are_run() -> None:
    files = schema.schema_files(("both", "exact"))
    assert {file.parent.parent for file in files} == {QUERIES / "schema"}
    assert [file.parent.name for file in files] == sorted(file.parent.name for file in files)
    assert files == [*sorted(files[: len(files)], key=lambda file: (file.parent.name, file.name))]


@given(st.lists(HASHES).map(tuple))
def test_a_mark_is_read_as_it_was_written(mark: tuple[str, ...]) -> None:
    comment = as_comment(mark)
    assert "'" not in comment
    assert marked_with(comment) == mark


@pytest.mark.parametrize(
    "comment", [None, "", "no JSON", "[1, null]", '["short"]', '["' + "x" * 64 + '"]']
)
def test_a_comment_that_is_no_mark(comment: str | None) -> None:
    assert marked_with(comment) == ()


def test_what_was_moved_on_and_back_is_at_the_end() -> None:
    assert moved_to((), "a") == ("a",)
    assert moved_to(("a", "b"), "c") == ("a", "b", "c")
    assert moved_to(("a", "b"), "a") == ("b", "a")


def catalogue(*columns: str) -> pa.Table:
    named = [column.split() for column in columns]
    return pa.table(
        dict(zip(("table_name", "column_name", "data_type"), zip(*named, strict=True), strict=True))
    )


HELD = ("training urn INTEGER", "training course VARCHAR", "lado urn INTEGER")


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (HELD, None),
        (HELD[::-1], None),
        (HELD[:2], "it lacks lado"),
        (HELD[1:], "it lacks training.urn (INTEGER)"),
        ((*HELD, "t a DATE", "t b DATE"), "it has t besides"),
        (
            ("training urn BIGINT", *HELD[1:]),
            "it lacks training.urn (INTEGER) and it has training.urn (BIGINT) besides",
        ),
        (
            (*HELD, *(f"training c{n} DATE" for n in range(5))),
            "it has training.c0 (DATE), training.c1 (DATE), training.c2 (DATE) and 2 more besides",
        ),
    ],
)
def test_differences_are_named(held: tuple[str, ...], said: str | None) -> None:
    assert difference(catalogue(*held), catalogue(*HELD)) == said
