"""A submission's life: published, superseded, withdrawn, reinstated. Every step is kept.

Publishing is one transaction of the exact store; the released store then follows, and start-up
repairs a copy that was cut off. What a submission brought never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from gapmap.access import Viewer, narrowed, require_submission
from gapmap.archive.archive import PUBLISHED, Step, append_notes, archiving
from gapmap.archive.notes import noted
from gapmap.contract import contracts
from gapmap.intake.intake import Prepared, Progress, in_silence
from gapmap.intake.upload import UPDATE, Pair
from gapmap.publishing.arriving import rows_brought
from gapmap.publishing.publication import OFFERED as OFFERED
from gapmap.publishing.publication import described, publication
from gapmap.publishing.standing import Touched, mirror, now_utc, restate
from gapmap.screening.identifier import identifiers
from gapmap.stores.store import Store, WriteConflict, rows_of

Outcome = Literal["published", "unchanged"]
WITHDRAWN, REINSTATED = "withdrawn", "reinstated"


class Superseded(RuntimeError):
    """Somebody else published for the same extract, quarter and borough after the check.

    `by` and `submission_id` say who and what, where it is known.
    """

    def __init__(self, message: str, by: str | None = None, submission_id: str | None = None):
        super().__init__(message)
        self.by, self.submission_id = by, submission_id


class UnfitReason(ValueError):
    """A reason is missing, or may identify somebody: it is kept for good."""


class NoSuchSubmission(ValueError):
    """There is no submission of that id, or it is not in a state for the step."""


@dataclass(frozen=True)
class Published:
    """What publishing did. `unchanged`: the same bytes stand already; nothing was written."""

    outcome: Outcome
    submission_id: str
    version: int


def publish(
    store: Store,
    prepared: Prepared,
    by: str,
    *,
    viewer: Viewer | None = None,
    for_boroughs: Collection[str] | None = None,
    why: str | None = None,
    progress: Progress = in_silence,
) -> Published:
    """Publish what was accepted, with every warning noted as accepted by `by`.

    `viewer`: whose role decides for which boroughs it stands at once; None is the operator of the
    machine. `for_boroughs`: without a viewer, only for these (GSS codes; None: all); to the other
    boroughs that the upload covers it is offered, and their leads accept it. `why`: the reason of a
    revision; whoever publishes asks for it where `revision.late_revisions` finds one. `progress` is
    told each stage.

    Raises ValueError when `prepared` was refused, NotAllowed when it is not the viewer's to submit,
    UnfitReason when `why` may identify somebody,
    Superseded when somebody else published for the same extract, quarter and borough since it was
    checked or the store's files were replaced, StoreFull when space runs short.
    """
    if prepared.rows is None:
        raise ValueError("a refused upload cannot be published")
    if viewer is not None:
        covered = {pair.borough_code for pair in prepared.pairs}
        require_submission(viewer, prepared.contract, covered)
        for_boroughs = viewer.publishes_for
    why = _reason(why)
    with store.publishing:
        same = _standing_alike(store, prepared)
        if same is not None:
            return Published("unchanged", same["submission_id"], same["version"])
        seen = version_to_move(store, prepared)
        store.require_space(max(5 * len(prepared.upload.content), 2 * prepared.rows.nbytes))
        submission = described(store, prepared, by, seen + 1)
        step = publication(prepared, submission, seen + 1, for_boroughs, why)
        progress("Archiving the accepted rows")
        with archiving(store, step) as keep:
            progress("Publishing, and working out what follows")
            touched = _write(store, step, keep)
        progress("Bringing the released figures up to date")
        mirror(store, touched)
    return Published("published", step.submission_id, _version_of(step))


def _reason(why: str | None) -> str | None:
    """A reason as it is kept, None for none. Raises UnfitReason when it may identify somebody."""
    if why is None or not why.strip():
        return None
    if identifiers(why):
        raise UnfitReason("the reason may identify somebody; take that out, it is kept for good")
    return why.strip()


def _version_of(step: Step) -> int:
    return int(step.notes["submission"]["version"][0].as_py())


def stands_already(store: Store, prepared: Prepared) -> bool:
    """Whether publishing would change nothing: the same bytes stand for the same."""
    return _standing_alike(store, prepared) is not None


def _standing_alike(store: Store, prepared: Prepared) -> dict[str, Any] | None:
    """The submission of the same bytes that stands for exactly the same pairs, if there is one."""
    by_content = prepared.mappable or prepared.upload.mode == UPDATE
    found = rows_of(
        store.exact.ask(
            "submissions/standing_alike",
            {
                "extract": prepared.contract.name,
                "sha256": prepared.upload.sha256,
                "as_at": prepared.upload.as_at,
                "pairs": _pair_keys(prepared.pairs),
                # Another mapping, or what an update carries over, makes other rows of the same
                # bytes.
                "content_hash": prepared.content_hash if by_content else None,
            },
        )
    )
    return found[0] if found else None


def _pair_keys(pairs: Sequence[Pair]) -> list[str]:
    return sorted(f"{p.quarter} {p.borough_code} {'nil' if p.nil_return else ''}" for p in pairs)


def version_to_move(store: Store, prepared: Prepared) -> int:
    """The version to publish on: that of the store as it was checked, or a later one.

    A later publication elsewhere does not matter. Raises Superseded when one since the check was of
    the register, or of the same extract, quarter and borough, or the store is another one now.
    """
    if prepared.opening != store.opening:
        raise Superseded(
            "the store was restored or made again after this file was checked; check the file again"
        )
    now = int(rows_of(store.exact.ask("store/version"))[0]["version"])
    if now == prepared.version:
        return now
    rivals = rows_of(
        store.exact.ask(
            "submissions/events_since",
            {
                "version": prepared.version,
                "extract": prepared.contract.name,
                "pairs": [f"{p.quarter} {p.borough_code}" for p in prepared.pairs],
            },
        )
    )
    if rivals:
        rival = rivals[0]
        raise Superseded(
            f"{rival['by_whom']} {rival['event']} {rival['submission_id']} at "
            f"{rival['at_utc']:%H:%M} UTC on {rival['at_utc']:%d %B %Y}, after this file was "
            "checked",
            rival["by_whom"],
            rival["submission_id"],
        )
    return now


def _write(store: Store, step: Step, keep: Callable[[], None]) -> Touched:
    """Write a step and what follows from it in one transaction; `keep` archives it for good."""
    with rows_brought(store, step), store.exact.writing() as writing:
        seen = step.store_version - 1
        if writing.run("publish/move_version", {"seen": seen, "at": step.at_utc}) != 1:
            raise WriteConflict("the store moved on while this was being published")
        append_notes(writing, step)
        touched = restate(writing, step.extract, step.pairs)
        keep()
    return touched


# --- accept, withdraw and undo -------------------------------------------------------------------


# `viewer`, below: whose role decides which boroughs the step is for; None is the operator of the
# machine. Each raises NotAllowed where `for_boroughs` names another's, or nothing is the viewer's.


def accept(
    store: Store,
    submission_id: str,
    by: str,
    for_boroughs: Collection[str],
    *,
    viewer: Viewer | None = None,
) -> None:
    """Accept what was offered to boroughs (GSS codes): from now on it stands for them.

    Raises NoSuchSubmission when there is none or nothing of it is offered to them, Superseded when
    it is an update and the rows that it carried over for one of them no longer stand.
    """
    _scope(store, submission_id, viewer, "accept", for_boroughs)
    with store.publishing:
        _check_carried(store, submission_id, for_boroughs)
        _step(store, submission_id, by, None, for_boroughs, {OFFERED: PUBLISHED})


def _scope(
    store: Store,
    submission_id: str,
    viewer: Viewer | None,
    action: str,
    for_boroughs: Collection[str] | None,
) -> Collection[str] | None:
    """The boroughs for which the step is taken. Raises NotAllowed, NoSuchSubmission."""
    if viewer is None:
        return for_boroughs
    contract = contracts()[_submission(store, submission_id)["extract"]]
    return narrowed(viewer, action, contract, for_boroughs)


def _check_carried(store: Store, submission_id: str, for_boroughs: Collection[str]) -> None:
    """Raises Superseded when what is offered carried over rows that stand no longer."""
    offered = {
        (pair["quarter"], pair["borough_code"])
        for pair in pairs_of(store, submission_id)
        if pair["last_event"] == OFFERED and pair["borough_code"] in for_boroughs
    }
    for carried in carried_over(store, submission_id):
        pair = carried["quarter"], carried["borough_code"]
        if pair in offered and not carried["still_stands"]:
            raise Superseded(
                f"{submission_id} updates some schools and has the others from "
                f"{carried['from_submission_id']}, which no longer stands for "
                f"{carried['quarter']}; ask for it to be sent again"
            )


def withdraw(
    store: Store,
    submission_id: str,
    by: str,
    why: str,
    *,
    viewer: Viewer | None = None,
    for_boroughs: Collection[str] | None = None,
) -> None:
    """Withdraw a submission (None: for all its boroughs): what stood before it stands again.

    Raises NoSuchSubmission when there is none or it is withdrawn already, UnfitReason without a
    reason or with one that may identify somebody.
    """
    for_boroughs = _scope(store, submission_id, viewer, "withdraw", for_boroughs)
    reason = _reason(why)
    if reason is None:
        raise UnfitReason("a withdrawal needs a reason")
    becomes = dict.fromkeys((OFFERED, PUBLISHED, REINSTATED), WITHDRAWN)
    _step(store, submission_id, by, reason, for_boroughs, becomes)


def reinstate(
    store: Store,
    submission_id: str,
    by: str,
    why: str | None = None,
    *,
    viewer: Viewer | None = None,
    for_boroughs: Collection[str] | None = None,
) -> None:
    """Undo a withdrawal; what was only offered is offered again.

    Raises NoSuchSubmission when it is not withdrawn.
    """
    for_boroughs = _scope(store, submission_id, viewer, "reinstate", for_boroughs)
    _step(store, submission_id, by, why, for_boroughs, {WITHDRAWN: REINSTATED})


def _step(
    store: Store,
    submission_id: str,
    by: str,
    why: str | None,
    for_boroughs: Collection[str] | None,
    becomes: Mapping[str, str],
) -> None:
    """Move the pairs of a submission whose last event is in `becomes` on to what it says."""
    with store.publishing:
        _submission(store, submission_id)
        events = _events_of_step(store, submission_id, for_boroughs, becomes)
        if not events:
            raise NoSuchSubmission(_not_so(submission_id, becomes))
        seen = int(rows_of(store.exact.ask("store/version"))[0]["version"])
        happened = {
            "submission_id": submission_id,
            "at_utc": now_utc(),
            "store_version": seen + 1,
            "by_whom": by,
            "why": why,
        }
        step = Step(noted(submission_event=[{**happened, **event} for event in events]))
        with archiving(store, step) as keep:
            touched = _write(store, step, keep)
        mirror(store, touched)


def _events_of_step(
    store: Store,
    submission_id: str,
    for_boroughs: Collection[str] | None,
    becomes: Mapping[str, str],
) -> list[dict[str, str]]:
    events = []
    for pair in pairs_of(store, submission_id):
        event = becomes.get(pair["last_event"])
        if event is None or (for_boroughs is not None and pair["borough_code"] not in for_boroughs):
            continue
        if event == REINSTATED and not pair["was_published"]:
            event = OFFERED
        events.append(
            {"quarter": pair["quarter"], "borough_code": pair["borough_code"], "event": event}
        )
    return events


def _not_so(submission_id: str, becomes: Mapping[str, str]) -> str:
    if OFFERED in becomes and becomes[OFFERED] == PUBLISHED:
        return f"nothing of {submission_id} is offered here"
    state = "withdrawn already" if WITHDRAWN in becomes.values() else "not withdrawn"
    return f"{submission_id} is {state}"


def _submission(store: Store, submission_id: str) -> dict[str, Any]:
    found = rows_of(store.exact.ask("submissions/one", {"submission": submission_id}))
    if not found:
        raise NoSuchSubmission(f"there is no submission {submission_id!r}")
    return found[0]


# --- what came ----------------------------------------------------------------------------------


def history(store: Store, extract: str | None = None) -> list[dict[str, Any]]:
    """Every submission, newest first: what came, from whom, and for how much of it stands."""
    return rows_of(store.exact.ask("submissions/all", {"extract": extract}))


def current(
    store: Store, extract: str, as_of: datetime | date | None = None
) -> list[dict[str, Any]]:
    """Which submission stood for each quarter and borough at a moment (UTC; None: now)."""
    return rows_of(store.exact.ask("submissions/current", {"extract": extract, "as_of": as_of}))


def pairs_of(store: Store, submission_id: str) -> list[dict[str, Any]]:
    """The quarters and boroughs of a submission, with what happened to each last."""
    return rows_of(store.exact.ask("submissions/pairs", {"submission": submission_id}))


def events(store: Store, submission_id: str) -> list[dict[str, Any]]:
    """What happened to a submission, oldest first."""
    return rows_of(store.exact.ask("submissions/events", {"submission": submission_id}))


def carried_over(store: Store, submission_id: str) -> list[dict[str, Any]]:
    """From which submissions an update took over rows, by quarter and borough; what still stands.

    A submission that replaces all took over none.
    """
    return rows_of(store.exact.ask("submissions/carried_over", {"submission": submission_id}))
