"""A store that another schema made: made again from its archive, or refused and left as it is."""

import hashlib
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gapmap import opened
from gapmap.archive.archive import ArchiveAhead, names
from gapmap.archive.holdings import verify
from gapmap.mapping.mapping_store import newest_mapping
from gapmap.publishing.submission import withdraw
from gapmap.recovery.backup import backup, restore
from gapmap.recovery.migration import MigrationRefused, open_up_to_date
from gapmap.recovery.rebuild import rebuild_in_place
from gapmap.settings import QUERIES, Settings
from gapmap.stores import schema
from gapmap.stores.schema import as_comment, schema_hash
from gapmap.stores.store import SchemaDiffers, Store, closed_store, open_store, released_path
from tests.gapmap.archive.test_archive import without_moments
from tests.gapmap.cli.test_cli import Line
from tests.uploads import course, look, publish_csv, referral, tiny_register

EARLIER = "e" * 64


def settings_at(path: Path) -> Settings:
    return Settings(path, 100, "512MB")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of four steps, closed."""
    folder = tmp_path_factory.mktemp("published") / "home"
    store = open_up_to_date(settings_at(folder / "gapmap.duckdb"), print)
    publish_csv(store, "schools", tiny_register())
    done = publish_csv(store, "referrals", [referral(referrals=20)])
    withdraw(store, done.submission_id, "lead@x", "wrong")
    publish_csv(store, "training", [course()])
    store.close()
    return folder


@pytest.fixture
def path(published: Path, tmp_path: Path) -> Path:
    """The exact store's file in a copy of that folder."""
    return shutil.copytree(published, tmp_path / "home") / "gapmap.duckdb"


def alter(file: Path, *statements: str, mark: str | None = EARLIER) -> None:
    """Leave a store's file as a gapmap with another schema has it."""
    with duckdb.connect(str(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        comment = "NULL" if mark is None else f"'{as_comment((mark,))}'"
        connection.execute(f"comment on table store_version is {comment}")


def digests(path: Path) -> dict[str, str]:
    """What lies in the store's folder, to the byte, but for its lock."""
    return {
        file.relative_to(path.parent).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in path.parent.rglob("*")
        if file.is_file() and file.suffix != ".lock"
    }


def whole(store: Store) -> list[Any]:
    return [without_moments(store.exact), without_moments(store.released)]


@pytest.fixture
def expected(published: Path, tmp_path: Path) -> list[Any]:
    """All that the store holds."""
    copy = shutil.copytree(published, tmp_path / "untouched")
    store = open_store(settings_at(copy / "gapmap.duckdb"))
    found = whole(store)
    store.close()
    return found


# --- the mark ------------------------------------------------------------------------------------


def test_both_files_bear_the_schema_that_made_them(path: Path) -> None:
    store = open_store(settings_at(path))
    assert store.exact.mark() == store.released.mark() == (schema_hash(),)
    store.close()


def test_a_file_of_the_same_schema_is_opened_without_running_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "schema_files", lambda _: pytest.fail("it was run"))
    open_store(settings_at(path)).close()


@pytest.mark.parametrize("mark", [None, EARLIER])
def test_a_file_with_the_same_tables_is_marked_and_stays(path: Path, mark: str | None) -> None:
    """As stores are that no gapmap marked yet, or after a view was reworded."""
    for file in (path, released_path(path)):
        alter(file, "create or replace view area as select 1 as reworded", mark=mark)
    said: list[str] = []
    store = open_up_to_date(settings_at(path), said.append)
    assert said == []
    passed = () if mark is None else (mark,)
    assert store.exact.mark() == store.released.mark() == (*passed, schema_hash())
    assert "area_code" in look(store.exact, "from area limit 1")[0]
    store.close()


# --- made again ----------------------------------------------------------------------------------

ALTERED: dict[str, tuple[str, str]] = {
    "a column of an extract is missing": (
        "exact",
        "alter table referrals drop column aim_assessments",
    ),
    "a column of what is worked out is missing": (
        "exact",
        "alter table indicator_state drop column reason",
    ),
    "a column that the archive's names need is missing": (
        "exact",
        "alter table submission_event drop column store_version",
    ),
    "a table is missing": ("exact", "drop table standing_answer"),
    "a column has another type": (
        "exact",
        "alter table training alter column staff_trained type bigint",
    ),
    "a column too many": ("exact", "alter table submission add column remark varchar"),
    "the released store": ("released", "alter table figure drop column value"),
}


@pytest.mark.parametrize("kind", ALTERED)
@pytest.mark.parametrize("mark", [None, EARLIER])
def test_a_store_of_another_schema_is_made_again(
    path: Path, expected: list[Any], kind: str, mark: str | None
) -> None:
    which, statement = ALTERED[kind]
    file = path if which == "exact" else released_path(path)
    alter(file, statement, mark=mark)
    before, archived = file.read_bytes(), names(path.with_name("gapmap-archive"))
    with pytest.raises(SchemaDiffers, match=f"{file.name} was made by a gapmap with another"):
        open_store(settings_at(path))
    assert file.read_bytes() == before
    said: list[str] = []
    store = open_up_to_date(settings_at(path), said.append)
    try:
        assert whole(store) == expected
        assert verify(store).same
        assert names(store.archive) == archived
        (kept,) = path.parent.glob("gapmap-before-*")
        assert (kept / file.name).read_bytes() == before
        assert len(said) == 2
        assert "making the store again from its archive" in said[0]
        assert said[1].startswith("made the store again: 3 submissions, ")
        assert said[1].endswith(f"is kept in {kept.name}")
        assert list(path.parent.glob("*-migrating-*")) == []
        publish_csv(store, "training", [course(staff_trained=1)])
    finally:
        store.close()


def test_the_difference_is_named(path: Path) -> None:
    alter(path, "alter table referrals drop column aim_assessments")
    with pytest.raises(SchemaDiffers, match=r"it lacks referrals\.aim_assessments \(INTEGER\)"):
        open_store(settings_at(path))


def test_it_is_made_again_once_and_remembers_what_it_was(path: Path) -> None:
    alter(path, ALTERED["a table is missing"][1])
    open_up_to_date(settings_at(path), print).close()
    store = open_up_to_date(settings_at(path), lambda _: pytest.fail("again"))
    assert store.exact.mark() == store.released.mark() == (EARLIER, schema_hash())
    store.close()


def test_what_an_earlier_try_left_is_taken_away(path: Path) -> None:
    alter(path, ALTERED["a table is missing"][1])
    left = path.with_name("gapmap-migrating-20260101T000000.000000Z")
    left.mkdir()
    (left / path.name).write_bytes(b"half")
    open_up_to_date(settings_at(path), print).close()
    assert not left.exists()


def test_an_empty_store_of_another_schema_is_made_again(tmp_path: Path) -> None:
    settings = settings_at(tmp_path / "gapmap.duckdb")
    open_up_to_date(settings, print).close()
    alter(settings.store, "drop table standing_answer")
    store = open_up_to_date(settings, print)
    assert store.version == 0
    assert len(look(store.exact, "from borough")) == 33
    store.close()


def test_a_step_that_was_never_committed_is_set_aside(path: Path, expected: list[Any]) -> None:
    archive = path.with_name("gapmap-archive")
    shutil.copy(archive / "training/training-00004.parquet", archive / "training/x")
    (archive / "training/x").rename(archive / "training/training-00005.parquet")
    for statement in (ALTERED["a table is missing"][1], "drop table submission_status"):
        alter(path, statement)
    store = open_up_to_date(settings_at(path), print)
    assert whole(store) == expected
    assert len(list((archive / "set-aside").iterdir())) == 1
    store.close()


# --- refused, and left as it is ------------------------------------------------------------------


def lost(path: Path) -> None:
    shutil.rmtree(path.with_name("gapmap-archive"))


def behind(path: Path) -> None:
    (path.with_name("gapmap-archive") / "training/training-00004.parquet").unlink()


def with_a_gap(path: Path) -> None:
    (path.with_name("gapmap-archive") / "referrals/referrals-00002.parquet").unlink()


def damaged(path: Path) -> None:
    (path.with_name("gapmap-archive") / "referrals/referrals-00002.parquet").write_bytes(b"PAR1")


FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "lost": (lost, "there is no folder gapmap-archive, and the store is at step 4"),
    "behind": (behind, "it goes up to step 3 and the store to step 4"),
    "with a gap": (with_a_gap, "it lacks 1 files, first referrals/referrals-00002.parquet"),
    "damaged": (damaged, "referrals/referrals-00002.parquet cannot be read"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_store_without_its_whole_archive_is_refused_and_stays(path: Path, fault: str) -> None:
    alter(path, "alter table referrals drop column aim_assessments")
    broken, said = FAULTS[fault]
    broken(path)
    before = digests(path)
    with pytest.raises(Exception, match=said) as raised:
        open_up_to_date(settings_at(path), print)
    if fault != "damaged":
        assert isinstance(raised.value, MigrationRefused)
        for word in ("a backup has them", "restore a backup", "nothing was changed"):
            assert word in str(raised.value)
    assert digests(path) == before
    with pytest.raises(SchemaDiffers):  # its lock is not held
        open_store(settings_at(path))


def test_an_archive_that_is_far_ahead_is_refused(path: Path) -> None:
    older = path.read_bytes()
    store = open_store(settings_at(path))
    for number in range(3):
        publish_csv(store, "training", [course(staff_trained=number)])
    store.close()
    path.write_bytes(older)
    alter(path, "alter table referrals drop column aim_assessments")
    before = digests(path)
    with pytest.raises(ArchiveAhead, match="up to step 7 and the store to step 4"):
        open_up_to_date(settings_at(path), print)
    assert digests(path) == before


def test_a_store_that_does_not_say_what_it_holds_is_refused(path: Path) -> None:
    alter(path, "alter table store_version drop column version")
    before = digests(path)
    with pytest.raises(MigrationRefused, match="does not say how much it holds"):
        open_up_to_date(settings_at(path), print)
    assert digests(path) == before


@pytest.fixture
def older_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This program with a schema that lacks a column of referrals."""
    folder = shutil.copytree(QUERIES / "schema", tmp_path / "queries" / "schema").parent
    extracts = folder / "schema" / "exact" / "120_extracts.sql"
    text = extracts.read_text(encoding="utf-8")
    assert "    aim_assessments integer,\n" in text
    extracts.write_text(text.replace("    aim_assessments integer,\n", ""), encoding="utf-8")
    monkeypatch.setattr(schema, "QUERIES", folder)
    schema_hash.cache_clear()
    yield
    schema_hash.cache_clear()


def test_an_older_program_says_that_the_store_is_newer(path: Path, older_program: None) -> None:
    """The store was brought from the older program's schema to the newer one's."""
    for file in (path, released_path(path)):
        with duckdb.connect(str(file)) as connection:
            mark = as_comment((schema_hash(), "f" * 64))
            connection.execute(f"comment on table store_version is '{mark}'")
    before = digests(path)
    with pytest.raises(MigrationRefused, match=r"made by a newer gapmap: it has referrals\.aim"):
        open_up_to_date(settings_at(path), print)
    assert digests(path) == before


def test_an_older_program_cannot_read_a_newer_archive(path: Path, older_program: None) -> None:
    """The store was made by the newer program in the first place."""
    before = digests(path)
    with pytest.raises(MigrationRefused, match="what this gapmap's schema does not"):
        open_up_to_date(settings_at(path), print)
    assert digests(path) == before


# --- wherever a store is opened ------------------------------------------------------------------


def test_the_command_line_says_it_beside_its_answer(tmp_path: Path, published: Path) -> None:
    line = Line(tmp_path)
    path = shutil.copytree(published, tmp_path / "store") / "gapmap.duckdb"
    alter(path, "alter table referrals drop column aim_assessments")
    ran = line("submissions", "--json")
    assert ran.code == 0
    assert len(ran.json) == 3
    assert "it lacks referrals.aim_assessments (INTEGER)" in ran.err
    assert "is kept in gapmap-before-" in ran.err
    assert line("submissions").err == ""
    assert line("verify").code == 0


def test_the_command_line_says_why_not(tmp_path: Path, published: Path) -> None:
    line = Line(tmp_path)
    path = shutil.copytree(published, tmp_path / "store") / "gapmap.duckdb"
    alter(path, "alter table referrals drop column aim_assessments")
    lost(path)
    ran = line("submissions")
    assert ran.code == 1
    assert "which is behind it: there is no folder gapmap-archive" in ran.err


def test_the_app_logs_it(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alter(path, "alter table referrals drop column aim_assessments")
    monkeypatch.setenv("GAPMAP_STORE", str(path))
    with caplog.at_level(logging.WARNING, "gapmap"):
        try:
            assert verify(opened.the_store()).same
        finally:
            opened.close_the_store()
    assert "made the store again: 3 submissions" in caplog.text


def test_a_backup_of_an_older_schema_is_restored(
    path: Path, tmp_path: Path, expected: list[Any]
) -> None:
    settings = settings_at(path)
    store = open_store(settings)
    for database in (store.exact, store.released):
        with database.writing() as writing:
            writing.mark((EARLIER,))
    with store.exact.writing() as writing:
        writing.define("alter table referrals drop column aim_assessments")
    backup(store, tmp_path / "older.tar")
    store.close()
    elsewhere = settings_at(tmp_path / "new" / "gapmap.duckdb")
    restored = open_up_to_date(elsewhere, print)
    restore(restored, elsewhere, tmp_path / "older.tar")
    assert whole(restored) == expected
    assert verify(restored).same
    assert restored.exact.mark() == (EARLIER, schema_hash())
    restored.close()


def test_a_rebuild_of_a_store_of_another_schema_loses_nothing(
    path: Path, expected: list[Any]
) -> None:
    alter(path, "alter table referrals drop column aim_assessments")
    store = closed_store(settings_at(path))
    rebuild_in_place(store, settings_at(path))
    assert whole(store) == expected
    assert store.exact.mark() == (EARLIER, schema_hash())
    assert newest_mapping(store, "training", "none") is None
    store.close()
