"""The store of this process and the office beside it: opened once, by whoever needs them first."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from gapmap.demo.agreed import fill_office
from gapmap.office.audit_log import AuditLog
from gapmap.office.office import Office, open_office
from gapmap.owner import Owner
from gapmap.recovery.migration import open_up_to_date
from gapmap.settings import Settings, read_settings
from gapmap.stores.store import Store

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_open: Store | None = None
_office: Office | None = None
_audit: AuditLog | None = None


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


def the_office() -> Office:
    """The office of `the_store`: the access table and the audit log.

    Raises as `the_store`, and SchemaDiffers when another schema made the office.
    """
    global _office
    store = the_store()
    with _lock:
        if _office is None:
            _office = open_office(store.path)
        return _office


def the_audit_log() -> AuditLog:
    """The audit log of `the_office`. Raises as `the_office`."""
    global _audit
    office = the_office()
    with _lock:
        if _audit is None:
            _audit = AuditLog(office)
        return _audit


def close_the_store() -> None:
    """Close store and office, where they are open; the next `the_store` opens the store again."""
    global _open, _office, _audit
    with _lock:
        if _office is not None:
            _office.close()
            _office = _audit = None
        if _open is not None:
            _open.close()
            _open = None


@contextmanager
def serving(settings: Settings) -> Iterator[Store]:
    """The store of an app that runs: the command line hands its work to it meanwhile."""
    store = the_store()
    office = the_office()  # what is wrong with it is told at the start
    if store.released.ask("reference/demonstration")["demonstration"][0].as_py():
        fill_office(office)
    owner = Owner(store, settings, the_audit_log().note)
    owner.start()
    try:
        yield store
    finally:
        owner.stop()
        close_the_store()
