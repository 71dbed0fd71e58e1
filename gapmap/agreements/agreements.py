"""What was agreed: actions (who closes which gap, by when) and asks to the Executive.

An agreement is never changed: every step is one more version of it, with who noted it and when.
Whether an action closed its gap is not noted here: the extracts say so
(queries/agreements/where_gaps_stand.sql).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from gapmap import indicator
from gapmap.access import NotAllowed, Viewer
from gapmap.agreements.written import fitting
from gapmap.calendar_quarter import parse_quarter
from gapmap.office.audit_log import in_utc
from gapmap.office.office import Office
from gapmap.reference.reference import boroughs
from gapmap.stores.store import rows_of

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["action", "ask"]
Status = Literal["open", "done", "dropped"]
STATUSES: tuple[Status, ...] = get_args(Status)
# Whose an ask may be, besides the agencies that own gaps.
EXECUTIVE = "executive"
OWNERS = (*indicator.OWNERS, EXECUTIVE)
# Who agreed what stands beside the demonstration data.
DEMONSTRATED_BY = "demonstration"
LONGEST_WORDS, LONGEST_WHO, LONGEST_OUTCOME = 200, 80, 300
_NOTES = {"action": "agree", "ask": "ask_executive"}
_SETTLES = {"action": "agree", "ask": "answer_ask"}


class AgreementError(ValueError):
    """An agreement cannot be kept so: the message says why, and what to do."""


@dataclass(frozen=True)
class Draft:
    """What is to be agreed.

    `borough_code` None: all of London. `indicator` and `school_type`: the gap that an action
    closes. `who`: the role that sees to it, never a person's name. `quarter`: that it was agreed on
    the figures of; `due`: by whose end it is to be closed.
    """

    kind: Kind
    words: str
    owner: str
    who: str
    quarter: str
    due: str
    borough_code: str | None = None
    indicator: str | None = None
    school_type: str | None = None


@dataclass(frozen=True, kw_only=True)
class Agreement(Draft):
    """A draft that was noted, as its newest version says. Moments are UTC.

    `outcome`: how it was closed, what came of it or why it was dropped. `by_whom`, `noted_at`: of
    the newest version; `agreed_by`, `agreed_at`: of the first.
    """

    agreement_id: str
    version: int = 1
    status: Status = "open"
    outcome: str = ""
    agreed_by: str
    by_whom: str
    agreed_at: datetime
    noted_at: datetime


def agreements(office: Office, kind: Kind) -> list[Agreement]:
    """Every agreement of a kind as it is now, the newest first; what is done or dropped too."""
    rows = rows_of(office.database.ask("office/agreements", {"kind": kind}))
    return [Agreement(**row) for row in rows]


def may_note(viewer: Viewer, kind: Kind, borough_code: str | None) -> bool:
    """Whether somebody may note an agreement about a borough, or (None) about all of London."""
    return _may(viewer, _NOTES[kind], borough_code)


def may_settle(viewer: Viewer, agreement: Agreement) -> bool:
    """Whether somebody may say what came of an agreement, or take it up again."""
    return _may(viewer, _SETTLES[agreement.kind], agreement.borough_code)


def _may(viewer: Viewer, action: str, borough_code: str | None) -> bool:
    if borough_code is None:
        return viewer.may(action) and viewer.within(action) is None
    return viewer.may(action, borough_code)


def note_agreement(office: Office, viewer: Viewer, by: str, draft: Draft) -> Agreement:
    """Keep what was agreed. `viewer` and `by`: who notes it.

    Raises NotAllowed for those who may not, AgreementError and UnfitText on what cannot be kept.
    """
    if not may_note(viewer, draft.kind, draft.borough_code):
        raise NotAllowed(f"{viewer.name}: this borough's are for others to note; nothing was kept")
    _check(draft)
    now = in_utc(datetime.now(UTC))
    kept = Agreement(
        **asdict(draft)
        | {
            "words": fitting(draft.words, "What is agreed", LONGEST_WORDS),
            "who": fitting(draft.who, "Who sees to it", LONGEST_WHO),
        },
        agreement_id=uuid.uuid4().hex[:12],
        agreed_by=by,
        by_whom=by,
        agreed_at=now,
        noted_at=now,
    )
    _write(office, kept)
    return kept


def settle(
    office: Office, viewer: Viewer, by: str, agreement_id: str, status: Status, outcome: str
) -> Agreement:
    """Say what came of an agreement, or (status open) take it up again.

    Raises NotAllowed for those who may not, AgreementError where there is none of that id or it
    stands so already, UnfitText on an outcome that cannot be kept.
    """
    with office.noting:
        every = [*agreements(office, "action"), *agreements(office, "ask")]
        found = next((one for one in every if one.agreement_id == agreement_id), None)
        if found is None:
            raise AgreementError("there is no such agreement")
        if not may_settle(viewer, found):
            raise NotAllowed(f"{viewer.name}: this is for others to settle; nothing was kept")
        if status not in STATUSES:
            raise AgreementError(f"{status!r} is none of {', '.join(STATUSES)}")
        if found.status == status:
            raise AgreementError(f"it is {status} already; somebody else noted it")
        settled = replace(
            found,
            version=found.version + 1,
            status=status,
            outcome=fitting(outcome, "What came of it", LONGEST_OUTCOME,
                            may_be_empty=status == "open"),
            by_whom=by,
            noted_at=in_utc(datetime.now(UTC)),
        )  # fmt: skip
        _write(office, settled)
    return settled


def _check(draft: Draft) -> None:
    codes = {row["borough_code"] for row in boroughs()}
    if draft.borough_code is not None and draft.borough_code not in codes:
        raise AgreementError("there is no such borough")
    if draft.owner not in (OWNERS if draft.kind == "ask" else indicator.OWNERS):
        raise AgreementError(f"{draft.owner!r} is no agency that it could be with")
    of_schools = {one.name for one in indicator.of_schools()}
    if draft.indicator is not None and draft.indicator not in of_schools:
        raise AgreementError("there is no such indicator of schools")
    if draft.kind == "action" and draft.indicator is None:
        raise AgreementError("an action closes a gap: name its indicator")
    try:
        agreed, due = parse_quarter(draft.quarter), parse_quarter(draft.due)
    except ValueError as fault:
        raise AgreementError(str(fault)) from fault
    if due <= agreed:
        raise AgreementError("it is due in a quarter after the one that it was agreed on")


def _write(office: Office, agreement: Agreement) -> None:
    with office.noting, office.database.writing() as writing:
        writing.append("agreement", _as_table(asdict(agreement)))


def _as_table(row: Mapping[str, Any]) -> pa.Table:
    import pyarrow as pa

    moments = dict.fromkeys(("agreed_at", "noted_at"), pa.timestamp("us"))
    kinds = {**dict.fromkeys(row, pa.string()), **moments, "version": pa.int32()}
    return pa.Table.from_pylist([dict(row)], pa.schema(kinds))
