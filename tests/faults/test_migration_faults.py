"""A migration that is cut off anywhere: the next start has the whole store, and the old files."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gapmap.archive.archive import names
from gapmap.archive.holdings import verify
from gapmap.recovery import migration, rebuild
from gapmap.recovery.migration import open_up_to_date
from gapmap.settings import ROOT, Settings
from gapmap.stores import durable, upkeep
from gapmap.stores.store import Store, released_path
from tests.gapmap.archive.test_archive import without_moments
from tests.uploads import course, publish_csv, referral, tiny_register

DROPPED = "alter table referrals drop column aim_assessments"


class Fault(RuntimeError):
    """Injected."""


def settings_at(path: Path) -> Settings:
    return Settings(path, 100, "512MB")


def whole(store: Store) -> list[Any]:
    return [without_moments(store.exact), without_moments(store.released)]


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """A folder with a store of an older schema, and what it holds."""
    folder = tmp_path_factory.mktemp("older") / "home"
    store = open_up_to_date(settings_at(folder / "gapmap.duckdb"), print)
    publish_csv(store, "schools", tiny_register())
    publish_csv(store, "referrals", [referral(referrals=20)])
    publish_csv(store, "training", [course()])
    expected = whole(store)
    store.close()
    with duckdb.connect(str(store.path)) as connection:
        connection.execute(DROPPED)
        connection.execute("comment on table store_version is null")
    return folder, expected


@pytest.fixture
def path(older: tuple[Path, list[Any]], tmp_path: Path) -> Path:
    return shutil.copytree(older[0], tmp_path / "home") / "gapmap.duckdb"


def photographed(
    monkeypatch: pytest.MonkeyPatch, path: Path, folder: Path
) -> tuple[list[Path], list[str]]:
    """Copies of the store's folder as a crash would leave it, before each step of a migration and
    after it, and what each of them came before."""
    taken: list[Path] = []
    steps: list[str] = []

    def around(owner: Any, attribute: str) -> None:
        original: Callable[..., Any] = getattr(owner, attribute)

        def called(*given: Any, **named: Any) -> Any:
            taken.append(shutil.copytree(path.parent, folder / f"crash{len(taken)}"))
            steps.append(attribute)
            return original(*given, **named)

        watched.setattr(owner, attribute, called)

    with monkeypatch.context() as watched:
        for owner, attribute in (
            (rebuild, "open_store"),
            (rebuild, "bring_up_to_date"),
            (rebuild, "replay"),
            (rebuild, "compare"),
            (upkeep, "swap"),
            (durable, "sync"),
            (Path, "rename"),
            (Path, "unlink"),
            (migration, "bring_up_to_date"),
        ):
            around(owner, attribute)
        open_up_to_date(settings_at(path), print).close()
    taken.append(shutil.copytree(path.parent, folder / f"crash{len(taken)}"))
    return taken, steps


def test_cut_off_at_any_step_the_next_start_has_it_all(
    older: tuple[Path, list[Any]], path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    crashes, steps = photographed(monkeypatch, path, tmp_path)
    assert steps.count("rename") >= 5  # the intent, and two files each way
    for crash in crashes:
        store = open_up_to_date(settings_at(crash / path.name), print)
        try:
            assert whole(store) == older[1]
            assert verify(store).same
            assert len(names(store.archive)) == 3
        finally:
            store.close()
        # What was there is kept, once and whole.
        kept = [file for file in crash.glob("gapmap-before-*/*") if file.name == path.name]
        assert [file.read_bytes() for file in kept] == [before]
        assert list(crash.glob("*-migrating-*")) == []
        assert not crash.joinpath("gapmap-swap.json").exists()
        assert (crash / released_path(path).name).is_file()


POINTS: dict[str, tuple[Any, str]] = {
    "making": (rebuild, "replay"),
    "proving": (rebuild, "compare"),
    "planning the renaming": (durable, "sync"),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_fault_before_the_renaming_leaves_the_old_store(
    older: tuple[Path, list[Any]], path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    before = path.read_bytes()
    owner, attribute = POINTS[point]

    def failing(*_: Any, **__: Any) -> None:
        raise Fault(point)

    with monkeypatch.context() as broken:
        broken.setattr(owner, attribute, failing)
        with pytest.raises(Fault):
            open_up_to_date(settings_at(path), print)
    assert path.read_bytes() == before
    assert list(path.parent.glob("*-migrating-*")) == []
    store = open_up_to_date(settings_at(path), print)
    assert whole(store) == older[1]
    store.close()


CRASHING = """
import os, sys
from pathlib import Path
from gapmap.recovery.migration import open_up_to_date
from gapmap.settings import Settings
left = int(sys.argv[2])
rename = Path.rename
def crashing(self, target):
    global left
    if left == 0:
        os._exit(9)
    left -= 1
    return rename(self, target)
Path.rename = crashing
open_up_to_date(Settings(Path(sys.argv[1]), 100, "512MB"), print)
"""


@pytest.mark.parametrize("renamed", range(5))
def test_a_process_that_is_killed_while_it_renames(
    older: tuple[Path, list[Any]], path: Path, renamed: int
) -> None:
    before = path.read_bytes()
    command = [sys.executable, "-c", CRASHING, str(path), str(renamed)]
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 9
    store = open_up_to_date(settings_at(path), print)
    assert whole(store) == older[1]
    assert verify(store).same
    store.close()
    kept = [file for file in path.parent.glob("gapmap-before-*/*") if file.name == path.name]
    assert [file.read_bytes() for file in kept] == [before]
