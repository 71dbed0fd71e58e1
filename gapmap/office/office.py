"""The office: a database beside the stores with who may do what, who did, and what was agreed.

It is an instance of its own, never attached to a store, and holds nothing of an extract. What is
written in it stays; tables that a newer schema has besides are made when it is opened.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gapmap.stores.store import IN_MEMORY, Database

SCHEMA = ("office",)
_MEMORY_LIMIT = "256MB"


def office_path(store: Path) -> Path:
    """Where the office of an exact store lies."""
    return store.with_name(f"{store.stem}-office{store.suffix}")


@dataclass(eq=False)
class Office:
    """The open database.

    `noting`: the lock of those who write in it, one after the other. `grants_read`: the access
    table as it was read last, None when it has to be read again. `last_seal`: of the audit log,
    None until somebody writes in it.
    """

    database: Database
    noting: threading.RLock = field(default_factory=threading.RLock)
    grants_read: list[Any] | None = None
    last_seal: str | None = None

    def close(self) -> None:
        with self.noting:
            _open.pop(self.database.path, None)
            self.database.close()


# Of this process, by the path of the file: a copy of one must wait for those who write in it.
_open: dict[Path, Office] = {}


def open_office(store: Path) -> Office:
    """Open the office of an exact store, or make it; its file is readable by its owner only.

    Whoever owns the store owns its office. Raises StoreBusy when another process has it open,
    SchemaDiffers when another schema made it, StoreDamaged when it is no database.
    """
    path = office_path(store)
    path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(path, SCHEMA, _MEMORY_LIMIT, grows=True)
    path.chmod(0o600)
    office = Office(database)
    _open[path] = office
    return office


def open_memory_office() -> Office:
    """An office in memory, for tests and trials."""
    return Office(Database(IN_MEMORY, SCHEMA, _MEMORY_LIMIT))


@contextmanager
def at_rest(store: Path) -> Iterator[Path | None]:
    """The file of a store's office, with all that was written in it; None where there is none.

    Nothing is written meanwhile. Raises as `open_office`.
    """
    path = office_path(store)
    if not path.exists():
        yield None
        return
    office = _open.get(path)
    if office is None:
        open_office(store).close()  # folds what a crash left in its log into the file
        yield path
        return
    with office.noting:
        office.database.checkpoint()
        yield path
