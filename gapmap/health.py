"""The two answers for whatever watches the app: that it is alive, and that it can be used.

Neither tells a path, a version, a figure or anybody's name: everybody may ask.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from gapmap.office.office import Office
from gapmap.stores.schema import schema_hash
from gapmap.stores.store import (
    LEAST_FREE_BYTES,
    Database,
    DatabaseFault,
    Store,
    StoreBusy,
    StoreDamaged,
)

Answer = tuple[bool, Mapping[str, str]]


def alive() -> Answer:
    """That the process answers at all; it rests on nothing else."""
    return True, {"status": "alive"}


def ready(store: Store, office: Office) -> Answer:
    """Whether the app can be used, and each thing that this rests on in a word.

    The stores and the office are open and answer, their schema is this program's, and there is room
    to publish. It reads the databases: not for an event loop. A backup does not make it wait, the
    moment in which a restore renames files does.
    """
    databases = {
        "store": (store.exact, store.released),
        "office": (office.database,),
    }
    said = {name: _answers(*some) for name, some in databases.items()}
    free = shutil.disk_usage(store.folder).free
    said["space"] = "enough" if free >= LEAST_FREE_BYTES else "short"
    is_ready = all(word in ("open", "enough") for word in said.values())
    return is_ready, {"status": "ready" if is_ready else "not ready", **said}


def _answers(*databases: Database) -> str:
    try:
        marks = [database.mark() for database in databases]
    except StoreBusy:
        return "busy"
    except StoreDamaged:
        return "closed"
    except DatabaseFault:
        return "damaged"
    current = all(mark[-1:] == (schema_hash(),) for mark in marks)
    return "open" if current else "of another schema"
