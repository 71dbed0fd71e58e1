"""Backups, made while others publish: each holds a prefix and is put back, or is refused."""

import json
import shutil
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gapmap.archive.archive import names
from gapmap.archive.holdings import verify
from gapmap.publishing.standing import bring_up_to_date
from gapmap.publishing.submission import Superseded, history, publish, withdraw
from gapmap.recovery import backup as backups
from gapmap.recovery.backup import BackupDamaged, Manifest, backup, read_manifest, restore
from gapmap.settings import ROOT, Settings
from gapmap.stores.store import (
    Database,
    Store,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    closed_store,
    open_store,
    rows_of,
)
from gapmap.stores.upkeep import maintaining, resting
from tests.uploads import (
    BRENT,
    check,
    contents,
    publish_csv,
    referral,
    tiny_register,
    upload,
)

FIGURE = {"measure": "hsb_referrals", "quarter": "2026-Q3"}


def settings_at(path: Path) -> Settings:
    return Settings(path, 100, "512MB")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "home"
    store = open_store(settings_at(folder / "gapmap.duckdb"))
    bring_up_to_date(store)
    publish_csv(store, "schools", tiny_register())
    done = publish_csv(store, "referrals", [referral(referrals=20)], covers=[BRENT])
    withdraw(store, done.submission_id, "lead@x", "wrong")
    publish_csv(store, "referrals", [referral(referrals=35)])
    store.close()
    return folder


@pytest.fixture
def settings(published: Path, tmp_path: Path) -> Settings:
    """Of a store at version 4 that nobody has open."""
    shutil.copytree(published, tmp_path / "home")
    return settings_at(tmp_path / "home" / "gapmap.duckdb")


@pytest.fixture
def home(settings: Settings) -> Iterator[Store]:
    """That store, open."""
    store = open_store(settings)
    bring_up_to_date(store)
    yield store
    store.close()


def london(store: Store) -> int | None:
    """London's exact figure of 2026-Q3."""
    rows = rows_of(store.exact.ask("referrals/by_borough", FIGURE))
    value: int | None = next(row["value"] for row in rows if row["area_code"] == "London")
    return value


def everything(store: Store) -> dict[str, Any]:
    archived = {name: (store.archive / name).read_bytes() for name in names(store.archive)}
    return {
        "exact": contents(store.exact),
        "released": contents(store.released),
        "archive": archived,
    }


def beside(settings: Settings) -> list[str]:
    """What lies beside a store that does not belong to it."""
    own = {
        "gapmap-archive",
        "gapmap-office.duckdb",
        "gapmap-office.duckdb.wal",
        "gapmap-released.duckdb",
        "gapmap-released.duckdb.wal",
        "gapmap.duckdb",
        "gapmap.duckdb.wal",
        "gapmap.lock",
        "spill",
    }
    return sorted(path.name for path in settings.store.parent.iterdir() if path.name not in own)


def test_what_a_killed_restore_left_is_taken_away(
    home: Store, settings: Settings, tmp_path: Path
) -> None:
    for purpose in ("before", "restoring", "verifying"):
        left = home.folder / f"gapmap-{purpose}-20261124T090000.000000Z"
        left.mkdir()
        (left / "gapmap.duckdb").write_bytes(b"exact figures")
    backup(home, tmp_path / "backup.tar")
    assert beside(settings) == ["gapmap-before-20261124T090000.000000Z"]


# --- there and back ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["backup", "backup.tar"])
def test_a_backup_is_put_back(home: Store, settings: Settings, tmp_path: Path, name: str) -> None:
    target, before = tmp_path / name, everything(home)
    made = backup(home, target)
    assert (made.version, len(made.files)) == (4, 2 + 4)
    assert everything(home) == before
    publish_csv(home, "referrals", [referral(borough="Brent", referrals=40)])
    assert london(home) == 75
    later = everything(home)
    assert restore(home, settings, target)[0] == made
    assert everything(home) == before
    assert (home.version, london(home)) == (4, 35)
    assert verify(home).same
    (kept,) = beside(settings)
    assert kept.startswith("gapmap-before-")
    old = closed_store(settings_at(settings.store.parent / kept / "gapmap.duckdb"))
    old.open_databases()
    assert everything(old) == later
    old.close()
    # What is published next takes the place of what was taken back.
    done = publish_csv(home, "referrals", [referral(borough="Brent", referrals=60)])
    assert done.submission_id == "referrals-00005"
    assert london(home) == 95


def test_a_backup_is_put_back_where_there_was_nothing(home: Store, tmp_path: Path) -> None:
    backup(home, tmp_path / "backup.tar")
    elsewhere = settings_at(tmp_path / "fresh" / "other.duckdb")
    store = closed_store(elsewhere)
    try:
        restore(store, elsewhere, tmp_path / "backup.tar")
        assert everything(store) == everything(home)
        assert verify(store).same
    finally:
        store.close()


def test_a_backup_is_its_owners_alone(home: Store, tmp_path: Path) -> None:
    for name in ("folder", "file.tar"):
        backup(home, tmp_path / name)
        for path in (tmp_path / name, *(tmp_path / name).rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    with tarfile.open(tmp_path / "file.tar") as tar:
        inside = sorted(tar.getnames())
    folder = tmp_path / "folder"
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert inside == sorted(path.as_posix() for path in files)
    assert {"manifest.json", "exact.duckdb", "archive/referrals/referrals-00002.00003.json"} <= set(
        inside
    )


def test_reading_a_backup_changes_nothing_in_it(
    home: Store, settings: Settings, tmp_path: Path
) -> None:
    backup(home, tmp_path / "backup")
    held = {p: p.read_bytes() for p in (tmp_path / "backup").rglob("*") if p.is_file()}
    restore(home, settings, tmp_path / "backup")
    assert backups.verify_against(home, settings, tmp_path / "backup").same
    assert {p: p.read_bytes() for p in (tmp_path / "backup").rglob("*") if p.is_file()} == held


def test_a_backup_is_held_against_the_store(
    home: Store, settings: Settings, tmp_path: Path
) -> None:
    backup(home, tmp_path / "backup.tar")
    assert backups.verify_against(home, settings, tmp_path / "backup.tar").same
    publish_csv(home, "referrals", [referral(borough="Brent", referrals=40)])
    (found,) = backups.verify_against(home, settings, tmp_path / "backup.tar").differences
    assert (found.submission_id, found.one, found.other) == ("referrals-00005", "held", "missing")
    assert beside(settings) == []


# --- refused, and nothing changed ----------------------------------------------------------------


def test_nothing_is_overwritten(home: Store, tmp_path: Path) -> None:
    for name in ("there", "there.tar"):
        (tmp_path / name).write_text("mine")
        with pytest.raises(ValueError, match="exists already; nothing is overwritten"):
            backup(home, tmp_path / name)
        assert (tmp_path / name).read_text() == "mine"
    with pytest.raises(ValueError, match="there is no folder"):
        backup(home, tmp_path / "nowhere" / "backup")


def test_too_little_space_is_said_first(
    home: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(home, tmp_path / "backup")
    monkeypatch.setattr(backups, "LEAST_FREE_BYTES", 2**60)
    with pytest.raises(StoreFull, match="MB are free; nothing was changed"):
        backup(home, tmp_path / "other")
    with pytest.raises(StoreFull, match="MB are free; nothing was changed"):
        restore(home, settings, tmp_path / "backup")
    assert not (tmp_path / "other").exists()
    assert beside(settings) == []


@pytest.mark.parametrize("name", ["backup", "backup.tar"])
def test_a_backup_that_fails_halfway_leaves_nothing(
    home: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (home.archive / names(home.archive)[1]).rename(tmp_path / "gone")
    with monkeypatch.context() as broken:
        broken.setattr(backups, "names", lambda _: ["referrals/referrals-00002.parquet"])
        broken.setattr(backups, "_size", lambda _: 0)
        with pytest.raises(FileNotFoundError):
            backup(home, tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gone", "home"]
    publish_csv(home, "referrals", [referral(borough="Brent", referrals=40)])


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0x01
    path.write_bytes(content)


@pytest.mark.parametrize(
    "file",
    [
        "manifest.json",
        "exact.duckdb",
        "released.duckdb",
        "archive/schools/schools-00001.parquet",
        "archive/referrals/referrals-00002.00003.json",
    ],
)
def test_a_flipped_byte_is_refused(
    home: Store, settings: Settings, tmp_path: Path, file: str
) -> None:
    backup(home, tmp_path / "backup")
    before = everything(home)
    flip(tmp_path / "backup" / file, (tmp_path / "backup" / file).stat().st_size // 2)
    with pytest.raises(BackupDamaged):
        restore(home, settings, tmp_path / "backup")
    assert everything(home) == before
    assert beside(settings) == []


def test_a_flipped_byte_in_a_tar_is_refused_or_harmless(
    home: Store, settings: Settings, tmp_path: Path
) -> None:
    """Harmless is what only fills a block up."""
    made = backup(home, tmp_path / "whole.tar")
    size = (tmp_path / "whole.tar").stat().st_size
    refused, places = 0, range(100, size, size // 12)
    for place in places:
        shutil.copy(tmp_path / "whole.tar", tmp_path / "one.tar")
        flip(tmp_path / "one.tar", place)
        try:
            assert backups._unpack(home, tmp_path / "one.tar", home.folder / "unpacked") == made
        except BackupDamaged:
            refused += 1
        shutil.rmtree(home.folder / "unpacked", ignore_errors=True)
    assert refused >= len(places) - 3


def test_what_is_missing_or_cut_off_is_refused(
    home: Store, settings: Settings, tmp_path: Path
) -> None:
    backup(home, tmp_path / "backup")
    backup(home, tmp_path / "backup.tar")
    whole = (tmp_path / "backup.tar").read_bytes()
    (tmp_path / "half.tar").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.tar").write_text("no tar at all")
    (tmp_path / "empty").mkdir()
    (tmp_path / "backup" / "archive" / "schools" / "schools-00001.parquet").unlink()
    for name in ("backup", "half.tar", "text.tar", "empty"):
        with pytest.raises(BackupDamaged):
            restore(home, settings, tmp_path / name)
    with pytest.raises(ValueError, match="there is no backup"):
        restore(home, settings, tmp_path / "nothing")
    assert beside(settings) == []
    assert home.version == 4


@pytest.mark.parametrize(
    "path", ["archive/../x", "../x", "/archive/a/b", "archive/a/b/c", "archive/..//x"]
)
def test_a_manifest_that_names_files_elsewhere_is_refused(
    home: Store, tmp_path: Path, path: str
) -> None:
    with pytest.raises(BackupDamaged, match="is no file of a backup"):
        backups._place(home, path)


def test_a_manifest_of_another_format_is_refused() -> None:
    manifest = Manifest(4, "2026-10-15T09:30:00", {"exact.duckdb": (1, "a")})
    assert read_manifest(manifest.as_bytes()) == manifest
    changed = json.loads(manifest.as_bytes()) | {"version": 5}
    with pytest.raises(BackupDamaged, match="was changed"):
        read_manifest(json.dumps(changed).encode())
    with pytest.raises(BackupDamaged, match="cannot be read"):
        read_manifest(b"[]")


def test_files_that_cannot_be_opened_are_taken_back(
    home: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(home, tmp_path / "backup")
    publish_csv(home, "referrals", [referral(borough="Brent", referrals=40)])
    before, opened = everything(home), Database.open
    failed: list[Path] = []

    def fails_once(database: Database) -> None:
        if database is home.exact and not failed:
            failed.append(database.path)
            raise StoreDamaged("injected")
        opened(database)

    with monkeypatch.context() as broken:
        broken.setattr(Database, "open", fails_once)
        with pytest.raises(StoreDamaged, match="injected"):
            restore(home, settings, tmp_path / "backup")
    assert everything(home) == before
    assert [name.split("-")[1] for name in beside(settings)] == ["refused"]


# --- others at work ------------------------------------------------------------------------------


def test_no_version_is_taken_for_the_one_before_the_restore(
    home: Store, settings: Settings, tmp_path: Path
) -> None:
    backup(home, tmp_path / "backup")
    publish_csv(home, "referrals", [referral(borough="Brent", referrals=40)])
    one = home.edition
    restore(home, settings, tmp_path / "backup")
    publish_csv(home, "referrals", [referral(borough="Brent", referrals=60)])
    other = home.edition
    assert (one[1], other[1]) == (5, 5)
    assert one != other


def test_what_was_checked_before_a_restore_is_checked_again(
    home: Store, settings: Settings, tmp_path: Path
) -> None:
    backup(home, tmp_path / "backup")
    prepared = check(home, upload("referrals", [referral(borough="Brent", referrals=40)]))
    restore(home, settings, tmp_path / "backup")
    with pytest.raises(Superseded, match="restored or made again after this file was checked"):
        publish(home, prepared, "lead@x")


def test_readers_go_on_and_writers_wait_while_files_are_copied(home: Store) -> None:
    prepared = check(home, upload("referrals", [referral(borough="Brent", referrals=40)]))
    publisher = threading.Thread(target=lambda: publish(home, prepared, "lead@x"))
    with resting(home):
        publisher.start()
        publisher.join(0.3)
        assert publisher.is_alive()
        reader = threading.Thread(target=lambda: home.exact.ask("store/version"))
        reader.start()
        reader.join(10)
        assert not reader.is_alive()
        assert home.version == 4
    publisher.join(10)
    assert home.version == 5


def test_a_check_that_is_under_way_is_waited_for(home: Store, tmp_path: Path) -> None:
    rows = home.exact.ask("store/held_quarter")
    made: list[Manifest] = []
    copying = threading.Thread(target=lambda: made.append(backup(home, tmp_path / "backup")))
    with home.exact.checking("upload", rows) as checking:
        checking.append("held_quarter", rows)
        copying.start()
        copying.join(0.3)
        assert copying.is_alive()
    copying.join(10)
    assert [manifest.version for manifest in made] == [4]


def test_one_at_a_time(home: Store, settings: Settings, tmp_path: Path) -> None:
    with maintaining(home):
        for work in (
            lambda: backup(home, tmp_path / "backup"),
            lambda: restore(home, settings, tmp_path / "backup"),
        ):
            with pytest.raises(StoreBusy, match="a backup, restore or rebuild is under way"):
                work()
    assert backup(home, tmp_path / "backup").version == 4


RUNNING = """
import json, sys, threading
from gapmap.opened import serving
from gapmap.settings import read_settings
from gapmap.publishing.submission import Superseded, history, publish
from tests.uploads import check, referral, upload

asked = {"indicator": "dsl_in_date", "quarter": "2026-Q3"}
over, faults, reads = threading.Event(), [], []

def publishing(store):
    number = 0
    while not over.is_set():
        number += 1
        row = referral(quarter=f"2026-Q{number % 3 + 1}", referrals=10 + number)
        try:
            publish(store, check(store, upload("referrals", [row])), f"{number}@x")
        except Superseded:
            pass
        except Exception as fault:
            faults.append(repr(fault))
            return

def reading(store):
    while not over.is_set():
        try:
            store.released.ask("gaps/by_borough", asked)
            store.exact.ask("submissions/all")
            reads.append(store.edition)
        except Exception as fault:
            faults.append(repr(fault))
            return

with serving(read_settings()) as store:
    threads = [threading.Thread(target=work, args=(store,)) for work in (publishing, reading)]
    for thread in threads:
        thread.start()
    print("running", flush=True)
    sys.stdin.readline()
    over.set()
    for thread in threads:
        thread.join()
    said = {
        "faults": faults,
        "openings": len({opening for opening, *_ in reads}),
        "submissions": [[row["submission_id"], row["sha256"]] for row in history(store)],
    }
print(json.dumps(said), flush=True)
"""


def gapmap(settings: Settings, *arguments: str) -> str:
    """A command in a process of its own; fails unless its exit code is 0."""
    done = subprocess.run(
        [sys.executable, "-m", "gapmap", *arguments],
        cwd=ROOT,
        env={"GAPMAP_STORE": str(settings.store), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def held_by(path: Path) -> list[list[str]]:
    store = open_store(settings_at(path))
    try:
        bring_up_to_date(store)
        assert verify(store).same
        return [[row["submission_id"], row["sha256"]] for row in history(store)]
    finally:
        store.close()


def test_a_backup_and_a_restore_while_the_app_publishes_and_is_read(
    settings: Settings, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second.tar"
    with subprocess.Popen(
        [sys.executable, "-c", RUNNING],
        cwd=ROOT,
        env={"GAPMAP_STORE": str(settings.store), "PATH": "", "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == "running\n"
        assert "backed up version" in gapmap(settings, "backup", str(first))
        gapmap(settings, "backup", str(second))
        assert gapmap(settings, "verify").startswith("the same: ")
        assert "restored version" in gapmap(settings, "restore", str(first))
        said, _ = app.communicate("\n", timeout=60)
    ended = json.loads(said.splitlines()[-1])  # after the lines of the audit log
    assert ended["faults"] == []
    assert ended["openings"] == 2
    copies = []
    for number, source in enumerate((first, second)):
        fresh = replace(settings, store=tmp_path / f"fresh{number}" / "gapmap.duckdb")
        store = closed_store(fresh)
        restore(store, fresh, source)
        store.close()
        copies.append(held_by(fresh.store))
    (before,) = beside(settings)
    replaced = held_by(settings.store.parent / before / "gapmap.duckdb")
    # Newest first: each copy is the end of what came after it.
    assert len(copies[0]) >= 3
    assert copies[1][-len(copies[0]) :] == copies[0]
    assert replaced[-len(copies[1]) :] == copies[1]
    assert ended["submissions"][-len(copies[0]) :] == copies[0]
    assert held_by(settings.store) == ended["submissions"]
