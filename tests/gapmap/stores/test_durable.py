"""Files exchanged by renaming: whatever moment a crash comes at, the rest is done afterwards."""

import stat
from pathlib import Path
from typing import Any

import pytest

from gapmap.stores.durable import finish_swap, make_folder, swap

NAMES = ["store", "log", "archive"]


class Crash(BaseException):
    """Injected."""


def held(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with a log that is about to be replaced by one without."""
    home = tmp_path / "home"
    for where in (home, home / "source"):
        (where / "archive").mkdir(parents=True)
        (where / "store").write_text(f"store of {where.name}")
        (where / "archive" / "one").write_text(f"one of {where.name}")
    (home / "log").write_text("log of home")
    (home / "else").write_text("stays")
    return home


SWAPPED = {
    "store": "store of source",
    "archive/one": "one of source",
    "else": "stays",
    "kept/store": "store of home",
    "kept/log": "log of home",
    "kept/archive/one": "one of home",
}


def test_files_are_exchanged_and_the_old_ones_kept(folder: Path) -> None:
    swap(folder / "intent", folder / "source", folder / "kept", NAMES)
    assert held(folder) == SWAPPED
    assert not (folder / "source").exists()


@pytest.mark.parametrize("point", range(1, 7))
def test_a_crash_at_any_renaming_leaves_the_old_or_is_finished(
    folder: Path, monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    before = held(folder)
    renamed = 0
    rename = Path.rename

    def crashing(self: Path, target: Any) -> Path:
        nonlocal renamed
        renamed += 1
        if renamed == point:
            raise Crash
        return rename(self, target)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", crashing)
        with pytest.raises(Crash):
            swap(folder / "intent", folder / "source", folder / "kept", NAMES)
    finish_swap(folder / "intent")
    finish_swap(folder / "intent")
    left = held(folder)
    left.pop("intent.partial", None)
    assert left == (before if point == 1 else SWAPPED)


def test_nothing_under_way_is_nothing_to_finish(folder: Path) -> None:
    before = held(folder)
    finish_swap(folder / "intent")
    assert held(folder) == before


def test_folders_are_their_owners_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    for path in (tmp_path / "a", tmp_path / "a" / "b"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
