"""The office: a file of its own beside the stores, opened, kept and copied with them."""

import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gapmap.access import Viewer
from gapmap.office.access_table import end, give, grants
from gapmap.office.audit_log import AuditLog, events
from gapmap.office.office import Office, at_rest, office_path, open_office
from gapmap.opened import close_the_store, serving, the_audit_log, the_office, the_store
from gapmap.publishing.standing import bring_up_to_date
from gapmap.recovery.backup import backup, restore
from gapmap.settings import Settings, read_settings
from gapmap.stores.schema import schema_files, schema_hash
from gapmap.stores.store import SchemaDiffers, Store, StoreDamaged, closed_store
from tests.uploads import look, tables_of

EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
ADMINISTRATOR = Viewer("administrator")
ANN = "https://login.example.org|ann"


@pytest.fixture(autouse=True)
def store_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the environment puts the store; what a test leaves open is closed."""
    path = tmp_path / "held" / "gapmap.duckdb"
    monkeypatch.setenv("GAPMAP_STORE", str(path))
    yield path
    close_the_store()


def names_noted(office: Office) -> list[str]:
    return [one["who"] for one in reversed(events(office, *EVER))]


def give_ann(office: Office) -> str:
    return give(
        office, ADMINISTRATOR, "root", holder=ANN, holder_name="Ann", role="analyst"
    ).grant_id


def test_it_lies_beside_the_store_for_its_owner_alone(store_path: Path) -> None:
    with serving(read_settings()):
        path = office_path(store_path)
        assert path.name == "gapmap-office.duckdb"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert the_office() is the_office()
        assert the_audit_log() is the_audit_log()
        assert the_office().database.path == path
    assert not path.with_name(f"{path.name}.wal").exists()


def test_it_holds_nothing_of_the_stores_nor_they_of_it() -> None:
    assert tables_of(the_office().database) == [
        "access_grant",
        "agreement",
        "audit_event",
        "audit_seal",
        "dated_note",
        "review_deadline",
        "saved_view",
        "store_version",
    ]
    for database in (the_store().exact, the_store().released):
        assert not set(tables_of(database)) & {"access_grant", "audit_event"}
    attached = look(the_office().database, "from duckdb_databases() select path where path <> ''")
    assert [Path(row["path"]).name for row in attached] == ["gapmap-office.duckdb"]


def test_what_was_written_is_there_when_it_is_opened_again() -> None:
    the_audit_log().note(what="sign-in", who="ann")
    grant = give_ann(the_office())
    before = grants(the_office())
    close_the_store()
    assert names_noted(the_office()) == ["ann"]
    assert grants(the_office()) == before
    end(the_office(), ADMINISTRATOR, "root", grant)
    the_audit_log().note(what="sign-out", who="ann")
    close_the_store()
    assert names_noted(the_office()) == ["ann", "ann"]
    assert [one.stands for one in grants(the_office())] == [False]


def test_many_threads_open_it_once() -> None:
    found: list[Office] = []
    threads = [threading.Thread(target=lambda: found.append(the_office())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(office) for office in found}) == 1


def test_no_database_is_said(store_path: Path) -> None:
    store_path.parent.mkdir()
    office_path(store_path).write_bytes(b"no database" * 1000)
    with pytest.raises(StoreDamaged, match=r"gapmap-office\.duckdb cannot be opened"):
        open_office(store_path)


def test_another_schemas_office_is_left_as_it_is(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office(store_path)
    with office.database.writing() as writing:
        writing.define("create table of_a_later_gapmap (a integer)")
        writing.mark(("0" * 64,))
    office.close()
    with pytest.raises(SchemaDiffers, match="it has of_a_later_gapmap besides"):
        open_office(store_path)


def test_an_older_office_is_given_the_tables_that_it_has_not(store_path: Path) -> None:
    office = open_office(store_path)
    with office.database.writing() as writing:
        writing.define("drop table agreement")
        writing.mark(("0" * 64,))
    AuditLog(office).note(what="sign-in", who="somebody")
    office.close()
    grown = open_office(store_path)
    assert grown.database.ask("office/agreements", {"kind": "action"}).num_rows == 0
    assert [one["who"] for one in events(grown, *EVER)] == ["somebody"]
    grown.close()


def test_its_schema_is_part_of_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = schema_files(("office",))
    own = schema_hash()
    read = Path.read_text

    def reworded(path: Path, *given: str, **named: str) -> str:
        text = read(path, *given, **named)
        return text.replace("outcome varchar", "result varchar") if path == file else text

    monkeypatch.setattr(Path, "read_text", reworded)
    assert schema_hash.__wrapped__() != own


# --- backups -------------------------------------------------------------------------------------


def opened(settings: Settings) -> Store:
    store = closed_store(settings)
    store.open_databases()
    bring_up_to_date(store)
    return store


@pytest.mark.parametrize("name", ["backup", "backup.tar"])
def test_a_backup_brings_it_where_there_is_none(tmp_path: Path, name: str) -> None:
    the_audit_log().note(what="sign-in", who="ann")
    give_ann(the_office())
    made = backup(the_store(), tmp_path / name)
    assert "office.duckdb" in made.files
    the_audit_log().note(what="sign-in", who="bob")  # after it
    close_the_store()
    elsewhere = Settings(tmp_path / "fresh" / "other.duckdb", 100, "512MB")
    store = closed_store(elsewhere)
    try:
        restore(store, elsewhere, tmp_path / name)
    finally:
        store.close()
    office = open_office(elsewhere.store)
    try:
        assert names_noted(office) == ["ann"]
        assert [grant.holder for grant in grants(office)] == [ANN]
    finally:
        office.close()


def test_a_restore_gives_no_ended_right_back(tmp_path: Path) -> None:
    store, office = the_store(), the_office()
    grant = give_ann(office)
    backup(store, tmp_path / "backup")
    end(office, ADMINISTRATOR, "root", grant)
    the_audit_log().note(what="access changed", who="root")
    restore(store, read_settings(), tmp_path / "backup")
    assert [one.stands for one in grants(the_office())] == [False]
    assert names_noted(the_office()) == ["root"]
    close_the_store()
    assert [one.stands for one in grants(the_office())] == [False]


def test_a_backup_without_an_office_is_one(tmp_path: Path) -> None:
    store = opened(Settings(tmp_path / "bare" / "gapmap.duckdb", 100, "512MB"))
    try:
        assert "office.duckdb" not in backup(store, tmp_path / "backup").files
        with at_rest(store.path) as file:
            assert file is None
        open_office(store.path).close()
        assert "office.duckdb" in backup(store, tmp_path / "again").files
    finally:
        store.close()


def test_nobody_writes_while_it_is_copied(store_path: Path) -> None:
    log, copying, written = the_audit_log(), threading.Event(), threading.Event()

    def write() -> None:
        copying.wait()
        log.note(what="sign-in", who="late")
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    with at_rest(store_path) as file:
        assert file is not None
        copying.set()
        copied = file.read_bytes()
        assert not written.wait(0.05)
        assert file.read_bytes() == copied
        assert not file.with_name(f"{file.name}.wal").exists()
    writer.join()
    assert names_noted(the_office()) == ["late"]
