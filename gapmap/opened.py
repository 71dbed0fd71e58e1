"""The store of this process: opened once, by whoever needs it first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from gapmap.owner import Owner
from gapmap.settings import Settings, read_settings
from gapmap.standing import bring_up_to_date
from gapmap.store import Store, open_store

_lock = threading.Lock()
_open: Store | None = None


def the_store() -> Store:
    """The store that the environment names, open and up to date.

    Raises StoreBusy when another process has it open, StoreDamaged when it or its archive cannot be
    used as they are.
    """
    global _open
    with _lock:
        if _open is None:
            store = open_store(read_settings())
            try:
                bring_up_to_date(store)
            except BaseException:
                store.close()
                raise
            _open = store
        return _open


def close_the_store() -> None:
    """Close it, if it is open; the next `the_store` opens it again."""
    global _open
    with _lock:
        if _open is not None:
            _open.close()
            _open = None


@contextmanager
def serving(settings: Settings) -> Iterator[Store]:
    """The store of an app that runs: the command line hands its work to it meanwhile."""
    store = the_store()
    owner = Owner(store, settings)
    owner.start()
    try:
        yield store
    finally:
        owner.stop()
        close_the_store()
