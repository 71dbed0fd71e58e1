"""What is edited on the screens: dated notes, and the day on which a borough's review is due.

data/reference says what holds until somebody edits it; every edit stays, the newest one counts.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from gapmap.access import NotAllowed, Viewer
from gapmap.agreements.agreements import DEMONSTRATED_BY
from gapmap.agreements.written import fitting
from gapmap.office.audit_log import in_utc
from gapmap.office.office import Office
from gapmap.reference.dated_notes import DatedNote, dated_notes
from gapmap.reference.review_deadlines import review_deadlines
from gapmap.stores.store import rows_of

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST_NOTE = 1000


class EditError(ValueError):
    """An edit cannot be kept: the message says why, and what to do."""


def note_now(office: Office, name: str) -> DatedNote:
    """The note as it was edited last, else as data/reference has it."""
    found = rows_of(office.database.ask("office/dated_notes", {"name": name}))
    if not found:
        return dated_notes()[name]
    return DatedNote(name=name, as_of=found[0]["as_of"], text=found[0]["text"])


def edit_note(office: Office, viewer: Viewer, by: str, note: DatedNote) -> None:
    """Put a note in place of the one that stands; that one stays in the table.

    Raises NotAllowed for those who may not, EditError on a day to come, UnfitText on its text.
    """
    if not viewer.may("edit_notes"):
        raise NotAllowed(f"{viewer.name}: notes are for administrators; nothing changed")
    if note.name not in dated_notes():
        raise EditError("no screen shows such a note")
    if note.as_of > datetime.now(UTC).date():
        raise EditError("a note says what was true on a day: choose today or a day before")
    row = {"name": note.name, "as_of": note.as_of, "text": _note_text(note.text)}
    _write(office, "dated_note", row, by)


def _note_text(text: str) -> str:
    # A note may name days ("commenced on 1 September 2027"): it is about the law.
    return fitting(text, "Note", LONGEST_NOTE, allowed=frozenset({"scan_day"}))


def deadlines(office: Office, *, demonstration: bool) -> dict[str, date]:
    """The day on which each borough's review is due, by borough code: half-terms differ.

    `demonstration`: whether what the demonstration set counts, too.
    """
    edited = rows_of(office.database.ask("office/review_deadlines"))
    counted = [row for row in edited if demonstration or row["by_whom"] != DEMONSTRATED_BY]
    return {**review_deadlines(), **{row["borough_code"]: row["due"] for row in counted}}


def set_deadline(office: Office, viewer: Viewer, by: str, borough_code: str, due: date) -> None:
    """Set the day on which a borough's review is due.

    Raises NotAllowed for those who may not, EditError where there is no such borough.
    """
    if borough_code not in review_deadlines():
        raise EditError("there is no such borough")
    if not viewer.may("set_deadline", borough_code):
        raise NotAllowed(f"{viewer.name}: the borough's own lead sets its day; nothing changed")
    _write(office, "review_deadline", {"borough_code": borough_code, "due": due}, by)


def _write(office: Office, table: str, row: dict[str, Any], by: str) -> None:
    kept = {**row, "by_whom": by, "noted_at": in_utc(datetime.now(UTC))}
    with office.noting, office.database.writing() as writing:
        writing.append(table, _as_table(kept))


def _as_table(row: dict[str, Any]) -> pa.Table:
    import pyarrow as pa

    days = dict.fromkeys({"as_of", "due"} & set(row), pa.date32())
    kinds = {**dict.fromkeys(row, pa.string()), **days, "noted_at": pa.timestamp("us")}
    return pa.Table.from_pylist([row], pa.schema(kinds))
