"""A crash at any point of a step neither loses what was committed nor invents what was not."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gapmap.archive import archive
from gapmap.archive.archive import (
    ArchiveAhead,
    Confirmation,
    append,
    archiving,
    held_names,
    names,
    settle,
)
from gapmap.archive.holdings import verify
from gapmap.archive.notes import noted
from gapmap.publishing import submission
from gapmap.publishing.standing import bring_up_to_date
from gapmap.publishing.submission import publish, withdraw
from gapmap.settings import ROOT, Settings
from gapmap.stores import durable
from gapmap.stores.store import Database, Store, open_store, rows_of
from tests.uploads import check, course, look, publish_csv, referral, tiny_register, upload


class Fault(RuntimeError):
    """Injected."""


def settings_at(path: Path) -> Settings:
    return Settings(path, 100, "512MB")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "home"
    store = open_store(settings_at(folder / "gapmap.duckdb"))
    bring_up_to_date(store)
    publish_csv(store, "schools", tiny_register())
    publish_csv(store, "referrals", [referral()])
    store.close()
    return folder


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Iterator[Store]:
    """A store on disk at version 2, open."""
    shutil.copytree(published, tmp_path / "home")
    store = open_store(settings_at(tmp_path / "home" / "gapmap.duckdb"))
    bring_up_to_date(store)
    yield store
    store.close()


MAPPING = {
    "mapping_id": "mapping-0123456789ab",
    "extract": "training",
    "fingerprint": "f",
    "name": "Booking system",
    "content": "",
    "confirmed_by": "lead@x",
    "confirmed_at": datetime(2026, 10, 15, tzinfo=UTC).replace(tzinfo=None),
}


def confirm(store: Store) -> None:
    confirmed = Confirmation(noted(column_mapping=[MAPPING]))
    with archiving(store, confirmed) as keep, store.exact.writing() as writing:
        append(writing, confirmed)
        keep()


STEPS: dict[str, Callable[[Store], Any]] = {
    "publish": lambda store: publish_csv(store, "training", [course()]),
    "withdraw": lambda store: withdraw(store, "referrals-00002", "lead@x", "wrong"),
    "confirm": confirm,
}


def photographed(
    monkeypatch: pytest.MonkeyPatch, store: Store, folder: Path, step: Callable[[Store], Any]
) -> list[Path]:
    """Copies of a store's folder as a crash would leave it: before every writing, syncing and
    renaming of a step's file, between that and the commit, after the commit, and at the end."""
    taken: list[Path] = []

    def photograph() -> None:
        copy = folder / f"crash{len(taken)}"
        copy.mkdir()
        shutil.copytree(store.folder, copy, dirs_exist_ok=True)
        taken.append(copy)

    def around(original: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any) -> Any:
            photograph()
            return original(*given)

        return called

    with monkeypatch.context() as watched:
        watched.setattr(archive, "_write", around(archive._write))
        watched.setattr(archive, "sync", around(archive.sync))
        watched.setattr(Path, "rename", around(Path.rename))
        watched.setattr(submission, "mirror", around(submission.mirror))
        step(store)
    photograph()
    return taken


@pytest.mark.parametrize("kind", STEPS)
def test_every_moment_of_a_step_is_before_it_or_after_it(
    home: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    before = names(home.archive)
    crashes = photographed(monkeypatch, home, tmp_path, STEPS[kind])
    after = names(home.archive)
    assert len(after) == len(before) + 1
    ends = []
    for crash in crashes:
        store = open_store(settings_at(crash / "gapmap.duckdb"))
        try:
            bring_up_to_date(store)
            found = names(store.archive)
            assert found == held_names(store)
            assert verify(store).same
            assert list(store.archive.rglob("*.partial")) == []
            assert store.version == rows_of(store.exact.ask("store/version"))[0]["version"]
            ends.append(found)
        finally:
            store.close()
    committed = ends.index(after)
    assert ends == [before] * committed + [after] * (len(ends) - committed)
    assert committed >= 4
    again = open_store(settings_at(crashes[committed - 1] / "gapmap.duckdb"))
    bring_up_to_date(again)
    STEPS[kind](again)
    assert names(again.archive) == after
    assert len(list((again.archive / "set-aside").iterdir())) == 1
    again.close()


CRASHING = """
import os, sys
from pathlib import Path
from gapmap.archive import archive
from gapmap.settings import Settings
from gapmap.publishing.standing import bring_up_to_date
from gapmap.stores.store import open_store
from tests.uploads import course, publish_csv
store = open_store(Settings(Path(sys.argv[1]), 100, "512MB"))
bring_up_to_date(store)
kept = Path.rename
Path.rename = lambda self, target: (kept(self, target), os._exit(9))
publish_csv(store, "training", [course()])
"""


def test_a_process_that_dies_before_the_commit_leaves_no_step(home: Store) -> None:
    path = home.path
    home.close()
    done = subprocess.run([sys.executable, "-c", CRASHING, str(path)], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert len(names(home.archive)) == 3
    store = open_store(settings_at(path))
    bring_up_to_date(store)
    assert (store.version, len(names(store.archive))) == (2, 2)
    assert look(store.exact, "from training") == []
    (aside,) = (store.archive / "set-aside").iterdir()
    assert aside.name.endswith("-training-00003.parquet")
    assert publish_csv(store, "training", [course()]).submission_id == "training-00003"
    assert verify(store).same
    store.close()


# --- faults that the process outlives ------------------------------------------------------------


POINTS: dict[str, tuple[Any, str]] = {
    "writing": (archive, "_write"),
    "syncing": (archive, "sync"),
    "renaming": (Path, "rename"),
}


@pytest.mark.parametrize("kind", STEPS)
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("late", [False, True])
def test_a_fault_leaves_nothing_behind(
    home: Store, monkeypatch: pytest.MonkeyPatch, kind: str, point: str, late: bool
) -> None:
    before = names(home.archive)
    owner, attribute = POINTS[point]
    original = getattr(owner, attribute)

    def failing(*given: Any) -> Any:
        if late:
            original(*given)
        raise Fault(point)

    with monkeypatch.context() as broken:
        broken.setattr(owner, attribute, failing)
        with pytest.raises(Fault):
            STEPS[kind](home)
    assert names(home.archive) == held_names(home) == before
    assert list(home.archive.rglob("*.partial")) == []
    STEPS[kind](home)
    assert len(names(home.archive)) == len(before) + 1
    assert verify(home).same


@pytest.mark.parametrize(("commit", "version"), [(1, 2), (2, 3)], ids=["of rows", "of notes"])
def test_an_interruption_after_a_commit_leaves_what_it_made_stand(
    home: Store, monkeypatch: pytest.MonkeyPatch, commit: int, version: int
) -> None:
    """Between a commit and the end of the step there is a moment for an interruption: rows alone
    are nothing yet, and what is noted stands."""
    writing = Database.writing
    commits = iter(range(1, 10))

    class Interrupted:
        def __init__(self, database: Database) -> None:
            self._inner = writing(database)

        def __enter__(self) -> Any:
            return self._inner.__enter__()

        def __exit__(self, *fault: Any) -> None:
            self._inner.__exit__(*fault)
            if next(commits) == commit:
                raise KeyboardInterrupt

    prepared = check(home, upload("training", [course()]))
    with monkeypatch.context() as broken:
        broken.setattr(Database, "writing", lambda self: Interrupted(self))
        with pytest.raises(KeyboardInterrupt):
            publish(home, prepared, "lead@x")
    assert len(names(home.archive)) == version
    assert names(home.archive) == held_names(home)
    bring_up_to_date(home)
    assert verify(home).same
    assert home.version == version
    assert look(home.exact, "select * from training") == [] or version == 3


# --- an archive that does not fit ----------------------------------------------------------------


def test_an_archive_that_is_far_ahead_is_left_alone(home: Store, published: Path) -> None:
    for number in range(3):
        publish_csv(home, "training", [course(staff_trained=number)])
    held = names(home.archive)
    path = home.path
    home.close()
    for database in ("gapmap.duckdb", "gapmap-released.duckdb"):
        shutil.copy(published / database, path.parent / database)
    old = open_store(settings_at(path))
    with pytest.raises(ArchiveAhead, match="up to step 5 and the store to step 2"):
        bring_up_to_date(old)
    old.close()
    assert names(old.archive) == held


def test_settling_is_done_once(home: Store) -> None:
    shutil.copy(
        home.archive / names(home.archive)[1],
        home.archive / "referrals" / "referrals-00003.parquet",
    )
    assert settle(home) == ["referrals/referrals-00003.parquet"]
    assert settle(home) == []
    assert len(names(home.archive)) == 2


def test_a_swap_that_a_crash_cut_off_is_finished_when_the_store_is_opened(
    home: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = home.folder / "gapmap-restoring-x"
    shutil.copytree(home.folder, source)
    publish_csv(home, "training", [course()])
    path = home.path
    home.close()
    rename = Path.rename

    def crashing(self: Path, target: Any) -> Path:
        if self == source / path.name:
            raise Fault("the crash")
        return rename(self, target)

    in_place = [*home.database_files, home.archive.name]
    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", crashing)
        with pytest.raises(Fault):
            durable.swap(
                path.with_name("gapmap-swap.json"), source, path.with_name("before"), in_place
            )
    assert not path.exists()
    store = open_store(settings_at(path))
    bring_up_to_date(store)
    assert store.version == 2
    assert verify(store).same
    store.close()
    assert len(names(path.with_name("before") / "gapmap-archive")) == 3
    assert not source.exists()
