"""A crash while many files are published at once leaves none of them, or all of them."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gapmap import demo
from gapmap.archive import archive
from gapmap.archive.archive import held_names, is_step, names
from gapmap.archive.holdings import verify
from gapmap.demo import DemoFile
from gapmap.operations import operations
from gapmap.publishing import bulk
from gapmap.publishing.standing import bring_up_to_date
from gapmap.settings import ROOT, Settings
from gapmap.stores.store import Store, open_store, rows_of
from tests.releasing import by_rule
from tests.uploads import (
    HACKNEY,
    REGISTERED,
    contents,
    course,
    csv_bytes,
    look,
    referral,
    tiny_register,
)


class Fault(RuntimeError):
    """Injected."""


def settings_at(folder: Path) -> Settings:
    return Settings(folder / "gapmap.duckdb", 100, "512MB")


def opened(folder: Path) -> Store:
    """The store of a folder as a start opens it."""
    store = open_store(settings_at(folder))
    try:
        bring_up_to_date(store)
    except BaseException:
        store.close()
        raise
    return store


def a_few_files() -> Iterator[DemoFile]:
    """A demonstration of three files, by which the crash of the large one is tried."""
    rows = {"schools": tiny_register(), "referrals": [referral()], "training": [course()]}
    for extract, of_extract in rows.items():
        yield DemoFile(
            name=f"{extract}.csv",
            extract=extract,
            content=csv_bytes(of_extract),
            register_date=REGISTERED if extract == "schools" else None,
            quarter="2026-Q3",
            covers=(HACKNEY,),
            nil_returns=(),
            submitted_by="lead@hackney.example",
        )


@pytest.fixture(autouse=True)
def small_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "demonstration_files", a_few_files)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Store]:
    """An empty store on disk, open."""
    store = opened(tmp_path / "home")
    yield store
    store.close()


def load(store: Store) -> dict[str, Any]:
    """As a start does."""
    given = {"if_empty": True, "planner": by_rule}
    done = operations.load_demonstration(store, settings_at(store.folder), given)
    return {name: done[name] for name in ("outcome", "files")}


def steps(store: Store) -> list[str]:
    """The files of the archive that are steps: not those of releases."""
    return [name for name in names(store.archive) if is_step(name)]


def photographed(monkeypatch: pytest.MonkeyPatch, store: Store, folder: Path) -> list[Path]:
    """Copies of the store's folder as a crash would leave it: before every writing, syncing and
    renaming of a file, between the two commits, before the released store follows, at the end."""
    taken: list[Path] = []

    def photograph() -> None:
        copy = folder / f"crash{len(taken)}"
        shutil.copytree(store.folder, copy)
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
        watched.setattr(bulk, "bring_up_to_date", around(bulk.bring_up_to_date))
        watched.setattr(
            "gapmap.publishing.standing.mirror",
            around(sys.modules["gapmap.publishing.standing"].mirror),
        )
        load(store)
    photograph()
    return taken


def test_every_moment_is_before_it_or_after_it(
    home: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashes = photographed(monkeypatch, home, tmp_path)
    assert len(steps(home)) == 3
    whole = contents(home.released)["indicator_state"]
    assert whole
    ends = []
    for crash in crashes:
        store = opened(crash)
        try:
            found = steps(store)
            assert names(store.archive) == held_names(store)
            assert verify(store).same
            assert not list(crash.glob("*coming*"))
            version = rows_of(store.exact.ask("store/version"))[0]["version"]
            assert store.version == version == len(found)
            ends.append(len(found))
            # The next start completes it, or finds it complete.
            done = load(store)
            assert done == (
                {"outcome": "unchanged", "files": 0}
                if found
                else {"outcome": "published", "files": 3}
            )
            states = contents(store.released)["indicator_state"]
            assert len(states) == len(whole)
        finally:
            store.close()
    committed = ends.index(3)
    assert ends == [0] * committed + [3] * (len(ends) - committed)
    assert committed >= 9
    assert len(ends) - committed >= 5


CRASHING = """
import os, sys
from pathlib import Path
from gapmap.publishing import bulk
from tests.faults import test_bulk_faults as here
here.demo.demonstration_files = here.a_few_files
bulk.bring_up_to_date = lambda store: os._exit(9)
here.load(here.opened(Path(sys.argv[1])))
"""


def test_a_process_that_dies_between_the_commits_leaves_the_rest_to_the_next_start(
    home: Store,
) -> None:
    folder = home.folder
    home.close()
    done = subprocess.run([sys.executable, "-c", CRASHING, str(folder)], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert (folder / "gapmap-archive-coming").is_dir()
    store = opened(folder)
    assert store.version == 3
    assert len(look(store.exact, "from submission")) == 3
    assert look(store.released, "from indicator_state where state = 'met'")
    assert verify(store).same
    assert load(store) == {"outcome": "unchanged", "files": 0}
    store.close()


POINTS: dict[str, tuple[Any, str]] = {
    "writing": (archive, "_write"),
    "syncing": (archive, "sync"),
    "checking": (bulk, "prepare"),
    "describing": (bulk, "publication"),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_fault_leaves_nothing_behind(
    home: Store, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    owner, attribute = POINTS[point]
    original = getattr(owner, attribute)
    calls = []

    def failing(*given: Any, **more: Any) -> Any:
        calls.append(attribute)
        if len(calls) == 2:
            raise Fault(point)
        return original(*given, **more)

    before = contents(home.exact), contents(home.released)
    with monkeypatch.context() as broken:
        broken.setattr(owner, attribute, failing)
        with pytest.raises(Fault):
            load(home)
    assert (contents(home.exact), contents(home.released)) == before
    assert names(home.archive) == []
    assert not list(home.folder.glob("*coming*"))
    assert load(home)["files"] == 3
    assert verify(home).same


def test_what_lies_beside_the_archive_never_replaces_a_file_of_it(home: Store) -> None:
    load(home)
    kept = (home.archive / names(home.archive)[0]).read_bytes()
    coming = home.folder / "gapmap-archive-coming" / "schools"
    coming.mkdir(parents=True)
    (coming / "schools-00001.parquet").write_bytes(b"of another time")
    bring_up_to_date(home)
    assert not coming.parent.exists()
    assert (home.archive / names(home.archive)[0]).read_bytes() == kept
