"""The files that lie beside a store, by the path of the exact one."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from gapmap.stores.turnstile import StoreBusy


def released_path(path: Path) -> Path:
    """Where the released store of an exact one lies."""
    return path.with_name(f"{path.stem}-released{path.suffix}")


def swap_intent(path: Path) -> Path:
    """The file that says which files of a store are being replaced."""
    return path.with_name(f"{path.stem}-swap.json")


def owner_handle(path: Path) -> Path:
    """What the app that has the store open leaves there for the command line."""
    return path.with_name(f"{path.stem}-owner.json")


def owning(path: Path) -> IO[str]:
    """The lock of the one process that owns the store at `path`, held until the file is closed.

    Raises StoreBusy when another process owns it.
    """
    lock = path.with_name(f"{path.stem}.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise StoreBusy(f"another process has {path.name} open") from None
    return lock
