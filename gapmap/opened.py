"""The store of this process: opened once, by whoever needs it first."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from gapmap.migration import open_up_to_date
from gapmap.owner import Owner
from gapmap.settings import Settings, read_settings
from gapmap.store import Store

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_open: Store | None = None


def the_store() -> Store:
    """The store that the environment names, open and up to date; a migration is logged.

    Raises StoreBusy when another process has it open, StoreDamaged when it or its archive cannot be
    used as they are.
    """
    global _open
    with _lock:
        if _open is None:
            _open = open_up_to_date(read_settings(), _log.warning)
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
