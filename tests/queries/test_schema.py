"""The schema: the contracts are its source, and it runs unchanged on DuckLake."""

from pathlib import Path

import duckdb
import duckdb_extension_ducklake
import pytest

from gapmap.contract import Contract, Field, contracts
from gapmap.publishing.figures import FIGURE_SCHEMA
from gapmap.question import question
from gapmap.settings import QUERIES
from gapmap.stores.store import Store
from tests.uploads import look, tables_of

TYPES = {
    "quarter": "VARCHAR",
    "borough": "VARCHAR",
    "urn": "INTEGER",
    "integer": "INTEGER",
    "string": "VARCHAR",
    "answer": "VARCHAR",
    "month": "VARCHAR",
    "date": "DATE",
    "year": "INTEGER",
    "published": "INTEGER",
}


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda c: c.name)
def test_the_tables_of_extracts_are_their_contracts(
    lasting_empty: Store, contract: Contract
) -> None:
    found = look(
        lasting_empty.exact,
        "from duckdb_columns() select column_name, data_type, is_nullable "
        f"where table_name = '{contract.name}' and schema_name = 'main' order by column_index",
    )
    held = {row["column_name"]: (row["data_type"], not row["is_nullable"]) for row in found}
    assert held == {
        "submission_id": ("VARCHAR", True),
        "row_no": ("BIGINT", True),
        **{f.column: (TYPES[f.type], is_never_null(f)) for f in contract.fields},
        **added(contract),
    }


def is_never_null(field: Field) -> bool:
    """A published figure may be a symbol, and its number is null then."""
    return (field.required or field.leave_out_others) and field.type != "published"


def added(contract: Contract) -> dict[str, tuple[str, bool]]:
    """What intake adds to a contract's columns: the borough of a school, its point, symbols."""
    published = [f.column for f in contract.fields if f.type == "published"]
    more = {f"{column}_symbol": ("VARCHAR", False) for column in published}
    if contract.borough_from:
        more["borough_code"] = ("VARCHAR", True)
    if contract.name == "schools":
        more |= {"lon": ("DOUBLE", False), "lat": ("DOUBLE", False)}
    return more


def test_every_extract_has_a_table(lasting_empty: Store) -> None:
    assert set(contracts()) <= set(tables_of(lasting_empty.exact))


def test_the_figures_that_are_written_are_those_of_the_table(lasting_empty: Store) -> None:
    for database in (lasting_empty.exact, lasting_empty.released):
        found = look(database, "describe figure")
        assert [row["column_name"] for row in found] == FIGURE_SCHEMA.names


def test_no_keys_no_sequences_no_indexes() -> None:
    for file in (QUERIES / "schema").rglob("*.sql"):
        text = file.read_text(encoding="utf-8").lower()
        for word in ("primary key", "unique", "references ", "sequence", "create index", "check ("):
            assert word not in text, f"{file.name}: {word}"


def extension() -> Path:
    """The DuckLake extension that its wheel brings, of the very version of duckdb."""
    folder = Path(duckdb_extension_ducklake.__file__).parent
    (found,) = folder.glob(f"extensions/v{duckdb.__version__}/ducklake.duckdb_extension")
    return found


def run_schema(connection: duckdb.DuckDBPyConnection, *folders: str) -> None:
    for folder in folders:
        for file in sorted((QUERIES / "schema" / folder).glob("*.sql")):
            connection.execute(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("instance", ["exact", "released"])
def test_the_schema_runs_unchanged_on_ducklake(tmp_path: Path, instance: str) -> None:
    connection = duckdb.connect()
    try:
        connection.execute(f"load '{extension()}'")
        catalogue, data = tmp_path / "catalogue.ducklake", tmp_path / "data"
        connection.execute(f"attach 'ducklake:{catalogue}' as lake (data_path '{data}')")
        connection.execute("use lake")
        run_schema(connection, "both", instance)
        run_schema(connection, "both", instance)  # opening an existing store runs it again
        connection.execute("insert into held_quarter values ('2026-Q3')")
        connection.execute(
            "insert into release values ('R00001', 1, '2026-Q3', now()::timestamp, 'x@x', null, 7, "
            "5, null, 9, 2, 1, 130, 1.5, 'hash')"
        )
        assert connection.execute("from held_quarter").fetchall() == [("2026-Q3",)]
        standing = connection.execute("from standing_release").fetchall()
        assert standing == [("2026-Q3", "R00001")]
        if instance == "exact":
            use_the_views(connection)
    finally:
        connection.close()


def use_the_views(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "insert into submission values ('s1', 'training', null, 'replace', 1, 'f', 'h', 'c', 1, "
        "'x@x', timestamp '2026-10-01', 'a', false)"
    )
    connection.execute(
        "insert into submission_pair values ('s1', '2026-Q3', 'E09000012', false, 1)"
    )
    connection.execute(
        "insert into submission_event values ('s1', '2026-Q3', 'E09000012', 'published', "
        "timestamp '2026-10-01', 1, 'x@x', null)"
    )
    connection.execute(
        "insert into training values ('s1', 2, '2026-Q3', 'E09000012', 'school', 100001, "
        "'DSL initial', 1, 1)"
    )
    standing = question("standing/submission_status").sql
    connection.execute(f"insert into submission_status by name {standing}")
    assert connection.execute("from current_training select topic").fetchall() == [("DSL",)]
    assert len(connection.execute("from school_answer").fetchall()) == 1
    assert len(connection.execute("from submission_currency").fetchall()) == 1
    assert len(connection.execute("from current_submission").fetchall()) == 1
    assert connection.execute("from current_register").fetchall() == []
    assert connection.execute("from known_school").fetchall() == []
