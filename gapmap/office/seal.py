"""Seals of the audit log: whether every event is as it was written, and none is missing.

Each event is sealed with a hash of itself and of the seal before it. Who edits the file can seal
anew from there on, but not so that the last seal is the one that a log collector was told: every
line on standard output bears its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gapmap.office.office import Office
from gapmap.stores.store import rows_of

FIRST = ""
_SEALED = ("who", "role", "what", "on_what", "outcome")


@dataclass(frozen=True)
class Sealed:
    """How many events there are, the last seal, and the moment (UTC) of the first that is not as it
    was written; None: all of them are."""

    events: int
    last: str
    broken_at: datetime | None


def seal_of(before: str, event: Mapping[str, Any]) -> str:
    """The seal of an event after the one with the seal `before`: SHA-256, in hexadecimal."""
    moment = event["at_utc"].isoformat(timespec="microseconds")
    words = [before, moment, *(event[name] for name in _SEALED)]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def check(office: Office) -> Sealed:
    """Hold every event against its seal."""
    return checked(rows_of(office.database.ask("audit/sealed")))


def checked(rows: Iterable[Mapping[str, Any]]) -> Sealed:
    """As `check`, for rows of queries/audit/sealed.sql."""
    before, events, broken_at = FIRST, 0, None
    for row in rows:
        events += row["what"] is not None
        expected = None if row["what"] is None else seal_of(before, row)
        if broken_at is None and row["seal"] != expected:
            broken_at = row["at_utc"]
        before = row["seal"] or before
    return Sealed(events, before, broken_at)


def seals_of(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The seals of events that have none, in their order."""
    sealed, before = [], FIRST
    for row in rows:
        before = seal_of(before, row)
        sealed.append({"at_utc": row["at_utc"], "seal": before})
    return sealed
