"""The two DuckDB instances: locked down, read-only questions, one owner, one transaction."""

import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from gapmap.question import Question, QuestionError
from gapmap.settings import ROOT, Settings
from gapmap.stores.store import Database, Store, StoreBusy, WriteConflict, open_store, released_path
from tests.uploads import contents, look, publish_csv, referral, tables_of


def asked(database: Database, sql: str) -> pa.Table:
    return database.answer(Question("tried", "", {}, {}, sql), {})


@pytest.fixture(params=["exact", "released"])
def database(lasting_store: Store, request: pytest.FixtureRequest) -> Database:
    found: Database = getattr(lasting_store, request.param)
    return found


# --- locked down ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "from read_csv('{file}')",
        "from read_text('{file}')",
        "from '{file}'",
        "from read_parquet('{file}')",
        "from glob('{folder}/*')",
    ],
)
def test_no_question_reads_a_file(database: Database, tmp_path: Path, sql: str) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("a\n1\n")
    statement = sql.format(file=file, folder=tmp_path)
    with pytest.raises(duckdb.Error, match=r"(?i)disabled|permission|catalog"):
        asked(database, statement)


@pytest.mark.parametrize(
    "sql",
    [
        "copy borough to '{folder}/out.csv'",
        "attach '{folder}/other.duckdb'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "reset lock_configuration",
    ],
)
def test_nothing_leaves_and_no_setting_moves(database: Database, tmp_path: Path, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        asked(database, sql.format(folder=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_settings_that_stand(database: Database) -> None:
    names = ("enable_external_access", "lock_configuration", "autoload_known_extensions")
    sql = "from duckdb_settings() select name, value"
    settings = {row["name"]: row["value"] for row in look(database, sql)}
    assert {name: settings[name] for name in names} == {
        "enable_external_access": "false",
        "lock_configuration": "true",
        "autoload_known_extensions": "false",
    }


@pytest.mark.parametrize(
    "sql",
    [
        "delete from borough",
        "update store_version set version = 0",
        "insert into held_quarter values ('2026-Q1')",
        "create table more as select 1 as one",
        "drop table borough",
    ],
)
def test_a_question_cannot_write(database: Database, sql: str) -> None:
    before = contents(database)
    with pytest.raises(duckdb.Error, match="read-only"):
        asked(database, sql)
    assert contents(database) == before


def test_the_released_instance_has_no_exact_table(lasting_store: Store) -> None:
    exact_only = {"submission", "submission_pair", "submission_event", "accepted_warning"}
    exact_only |= {"schools", "referrals", "training", "police_engagement", "standing_answer"}
    released = set(tables_of(lasting_store.released))
    assert exact_only <= set(tables_of(lasting_store.exact))
    assert not exact_only & released
    names = look(lasting_store.released, "from duckdb_databases() where not internal")
    assert [row["database_name"] for row in names] == ["memory"]
    with pytest.raises(duckdb.CatalogException):
        asked(lasting_store.released, "from referrals")


def test_an_unknown_question_is_said(lasting_store: Store) -> None:
    with pytest.raises(QuestionError, match="no question 'gaps/nothing'"):
        lasting_store.exact.ask("gaps/nothing")


# --- transactions ---------------------------------------------------------------------------------


def quarters(*names: str) -> pa.Table:
    return pa.table({"quarter": pa.array(names, pa.string())})


def test_a_write_transaction_is_all_or_nothing(empty_store: Store) -> None:
    database = empty_store.released
    with database.writing() as writing:
        writing.append("held_quarter", quarters("2026-Q1", "2026-Q2"))
        assert writing.ask("standing/noted_quarters").num_rows == 2
        assert look(database, "from held_quarter") == []
    assert len(look(database, "from held_quarter")) == 2

    def interrupted() -> None:
        with database.writing() as writing:
            writing.replace("held_quarter", quarters("2026-Q3"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(look(database, "from held_quarter")) == 2
    with database.writing() as writing:
        writing.replace("held_quarter", quarters())
    assert look(database, "from held_quarter") == []


def test_two_writers_of_one_row_conflict(empty_store: Store) -> None:
    given = {"seen": 0, "at": "2026-01-01"}

    def at_once() -> None:
        with empty_store.exact.writing() as one, empty_store.exact.writing() as other:
            assert one.run("publish/move_version", given) == 1
            other.run("publish/move_version", given)

    with pytest.raises(WriteConflict):
        at_once()
    assert look(empty_store.exact, "from store_version")[0]["version"] == 0


def test_a_version_that_is_gone_is_not_moved(empty_store: Store) -> None:
    with empty_store.exact.writing() as writing:
        assert writing.run("publish/move_version", {"seen": 7, "at": "2026-01-01"}) == 0


def test_a_check_reads_the_upload_and_is_rolled_back(empty_store: Store) -> None:
    rows = quarters("2026-Q1")
    with empty_store.exact.checking("upload", rows) as checking:
        checking.append("held_quarter", rows)
    assert look(empty_store.exact, "from held_quarter") == []
    with pytest.raises(duckdb.CatalogException):
        asked(empty_store.exact, "from upload")


@pytest.mark.parametrize("name", ["held_quarter; drop table borough", "Borough", "a b", ""])
def test_only_a_plain_word_names_a_table(empty_store: Store, name: str) -> None:
    with empty_store.released.writing() as writing, pytest.raises(ValueError, match="no table"):
        writing.append(name, quarters("2026-Q1"))


# --- files and their owner ------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "deep" / "gapmap.duckdb", 100, "512MB")


def test_both_files_are_their_owners_alone(settings: Settings) -> None:
    store = open_store(settings)
    try:
        for path in (settings.store, released_path(settings.store)):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert released_path(settings.store).name == "gapmap-released.duckdb"
        assert store.archive == settings.store.parent / "gapmap-archive"
        assert store.folder == settings.store.parent
    finally:
        store.close()


def test_a_store_is_opened_once_and_again_after_it_was_closed(settings: Settings) -> None:
    store = open_store(settings)
    with pytest.raises(StoreBusy, match=r"another process has gapmap\.duckdb open"):
        open_store(settings)
    store.close()
    open_store(settings).close()


HOLDER = """
import sys
from pathlib import Path
from gapmap.settings import Settings
from gapmap.stores.store import open_store
store = open_store(Settings(Path(sys.argv[1]), 100, "512MB"))
print("open", flush=True)
sys.stdin.read()
"""


def test_another_process_shuts_us_out_until_it_ends(settings: Settings) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(settings.store)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreBusy):
            open_store(settings)
        holder.kill()
    open_store(settings).close()


def test_what_was_published_is_there_after_reopening_elsewhere(
    settings: Settings, tmp_path: Path
) -> None:
    from gapmap.publishing.standing import bring_up_to_date

    store = open_store(settings)
    bring_up_to_date(store)
    publish_csv(store, "referrals", [referral(referrals=20)])
    before = contents(store.exact), contents(store.released)
    store.close()
    settings.store.parent.rename(tmp_path / "moved")
    moved = open_store(Settings(tmp_path / "moved" / "gapmap.duckdb", 100, "512MB"))
    try:
        bring_up_to_date(moved)
        assert (contents(moved.exact), contents(moved.released)) == before
        (row,) = look(moved.exact, "from submission")
        assert (moved.archive / row["archive_path"]).is_file()
    finally:
        moved.close()
