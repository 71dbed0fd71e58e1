"""Releases: the only way in which counts about children leave the exact store.

A publication that touches such counts makes a draft: exact figures that the quarter's release does
not say. A lead confirms the own borough's; an administrator sees what would change and what would
be hidden, and releases. A release is of one quarter, worked out once, audited and never changed; it
can be withdrawn. What everybody is shown is a copy of the releases that stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from gapmap.access import NotAllowed, Viewer
from gapmap.archive.archive import Confirmation, append, archiving
from gapmap.archive.content import content_hash
from gapmap.archive.notes import RELEASE_FIGURES, noted
from gapmap.disclosure import AuditFailed, Earlier, Plan, plan
from gapmap.disclosure.rule import Rule
from gapmap.publishing.standing import now_utc, show_releases
from gapmap.reference.protection import protection
from gapmap.screening.identifier import identifiers
from gapmap.stores.store import Store, rows_of

Progress = Callable[[str, float], None]
Planner = Callable[..., Plan]


class ReleaseRefused(ValueError):
    """A step cannot be taken: the message says why, and what to do."""


class MovedOn(ReleaseRefused):
    """The figures changed while their release was worked out."""


@dataclass(frozen=True)
class BoroughDraft:
    """A borough with figures that its quarter's release does not say; who confirmed them, when."""

    borough_code: str
    borough: str
    cells: int
    confirmed_by: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Draft:
    """A quarter whose exact figures its release does not say. `replaces`: the one that stands."""

    quarter: str
    replaces: str | None
    boroughs: tuple[BoroughDraft, ...]

    @property
    def unconfirmed(self) -> list[str]:
        """The boroughs, by name, whose leads have not confirmed these figures."""
        return [one.borough for one in self.boroughs if one.confirmed_by is None]


@dataclass(frozen=True)
class Proposal:
    """What releasing a quarter now would show: worked out and audited, nothing written.

    `changes`: one row per cell that would be shown otherwise than it is, with `was_value`,
    `was_marker`, `value`, `marker`, `status`; no exact count.
    """

    draft: Draft
    planned: Plan
    changes: pa.Table
    seen: str


def drafts(store: Store) -> list[Draft]:
    """The quarters that wait for a release, the newest first."""
    by_quarter: dict[tuple[str, str | None], list[BoroughDraft]] = defaultdict(list)
    for row in rows_of(store.exact.ask("release/drafts")):
        one = BoroughDraft(
            row["borough_code"],
            row["borough"],
            row["cells"],
            row["confirmed_by"],
            row["confirmed_at"],
        )
        by_quarter[row["quarter"], row["replaces"]].append(one)
    return [
        Draft(quarter, replaces, tuple(boroughs))
        for (quarter, replaces), boroughs in by_quarter.items()
    ]


def draft_of(store: Store, quarter: str) -> Draft:
    """The draft of a quarter. Raises ReleaseRefused when nothing of it waits."""
    found = next((one for one in drafts(store) if one.quarter == quarter), None)
    if found is None:
        raise ReleaseRefused(
            f"nothing of {quarter} waits for a release: its release says all that is held, or "
            "nothing about children is held of it"
        )
    return found


def releases(store: Store) -> list[dict[str, Any]]:
    """Every release, the newest first, with whether it stands."""
    return rows_of(store.released.ask("release/all"))


# --- confirm --------------------------------------------------------------------------------------


def confirm(
    store: Store, quarter: str, borough_code: str, by: str, *, viewer: Viewer | None = None
) -> None:
    """Note that a lead found the own borough's figures of a quarter right, as they are now.

    `viewer`: who confirms; None is the operator of the machine. Raises ReleaseRefused when there
    are none, NotAllowed to anybody but the borough's own lead.
    """
    _require(viewer, "confirm_figures", borough_code)
    with store.publishing:
        at = {"quarter": quarter, "borough": borough_code}
        found = rows_of(store.exact.ask("release/borough_hash", at))
        if not found:
            raise ReleaseRefused(f"{borough_code} has no figures about children in {quarter}")
        row = {
            "quarter": quarter,
            "borough_code": borough_code,
            "content_hash": found[0]["content_hash"],
            "at_utc": now_utc(),
            "by_whom": by,
        }
        _keep(store, Confirmation(noted(figure_confirmation=[row])))


def _require(viewer: Viewer | None, action: str, borough_code: str | None = None) -> None:
    if viewer is not None and not viewer.may(action, borough_code):
        raise NotAllowed(f"{viewer.name}: this is not yours to do; nothing was changed")


def _keep(store: Store, kept: Confirmation) -> None:
    with archiving(store, kept) as keep, store.exact.writing() as writing:
        append(writing, kept)
        keep()


# --- work out -------------------------------------------------------------------------------------


def propose(
    store: Store,
    quarter: str,
    progress: Progress | None = None,
    planner: Planner | None = None,
) -> Proposal:
    """Work out and audit what a release of a quarter would show. It may take a minute; readers and
    publishing go on meanwhile.

    `planner`: another way to the plan than to audit it now. Raises ReleaseRefused when nothing of
    the quarter waits, or it cannot be made safe.
    """
    draft = draft_of(store, quarter)
    exact = store.exact.ask("release/exact", {"quarter": quarter})
    settings = protection()
    try:
        planned = (planner or plan)(
            quarter,
            exact,
            store.exact.ask("release/areas"),
            _earlier(store),
            threshold=settings.threshold,
            base=settings.base,
            progress=progress,
        )
    except AuditFailed as fault:
        raise ReleaseRefused(str(fault)) from fault
    shown = store.exact.ask("release/shown", {"quarters": [quarter]})
    return Proposal(draft, planned, _changes(planned.figures, shown), _hash_of(exact))


def _hash_of(exact: pa.Table) -> str:
    numbers = pa.array(range(exact.num_rows), pa.int64())
    return content_hash(exact.append_column("row_no", numbers))


def _earlier(store: Store) -> list[Earlier]:
    """Every release that was ever made, withdrawn ones too, oldest first, each with its rule. Sums
    of four quarters overlap, so that each quarter tells something of the next."""
    made = rows_of(store.exact.ask("release/all"))[::-1]
    quarters = sorted({row["quarter"] for row in made})
    found = store.exact.ask("release/figures", {"quarters": quarters})
    return [
        Earlier(
            row["release_id"],
            row["quarter"],
            found.filter(pa.compute.equal(found["release_id"], row["release_id"])),
            Rule(row["threshold"], row["base"]),
        )
        for row in made
    ]


_CELL = ("measure", "level", "area_code", "breakdown", "category")


def _cells(table: pa.Table) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row[name] for name in _CELL): row for row in rows_of(table)}


_CHANGES = pa.schema(
    [
        *((name, pa.string()) for name in _CELL),
        ("was_value", pa.int64()),
        ("was_marker", pa.string()),
        ("value", pa.int64()),
        ("marker", pa.string()),
        ("status", pa.string()),
    ]
)


def _changes(planned: pa.Table, shown: pa.Table) -> pa.Table:
    """The cells that would be shown otherwise than they are; none at all counts as nothing."""
    was, now = _cells(shown), _cells(planned)
    rows = []
    for cell in sorted({*was, *now}):
        before, after = was.get(cell, {}), now.get(cell, {})
        old = before.get("value"), before.get("marker")
        new = after.get("value"), after.get("marker")
        if old != new:
            row = dict(zip(_CELL, cell, strict=True))
            said = {"was_value": old[0], "was_marker": old[1], "value": new[0], "marker": new[1]}
            rows.append({**row, **said, "status": after.get("status")})
    return pa.Table.from_pylist(rows, _CHANGES)


# --- release --------------------------------------------------------------------------------------


def release(
    store: Store,
    quarter: str,
    by: str,
    why: str | None = None,
    *,
    viewer: Viewer | None = None,
    proposal: Proposal | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Make the release of a quarter, audited, and show it; its row of `releases`.

    `viewer`: who releases; None is the operator of the machine. `proposal`: what was looked at
    before; else it is worked out now. Raises NotAllowed to a role that does not release,
    ReleaseRefused as `propose` or when `why` may identify somebody, MovedOn when the figures
    changed since they were worked out.
    """
    _require(viewer, "release")
    reason = _kept_reason(why)
    proposal = proposal or propose(store, quarter, progress)
    with store.publishing:
        exact = store.exact.ask("release/exact", {"quarter": quarter})
        standing = draft_of(store, quarter).replaces
        if _hash_of(exact) != proposal.seen or standing != proposal.draft.replaces:
            raise MovedOn(
                f"the figures of {quarter} changed while their release was worked out; look at "
                "what would change, and release again"
            )
        number = 1 + max((row["number"] for row in releases(store)), default=0)
        kept = _as_kept(proposal, f"R{number:05}", number, by, reason)
        store.require_space(10 * kept.rows.nbytes if kept.rows is not None else 0)
        _keep(store, kept)
        show_releases(store, [quarter])
    return next(row for row in releases(store) if row["number"] == number)


def _kept_reason(why: str | None) -> str | None:
    if why is None or not why.strip():
        return None
    if identifiers(why):
        raise ReleaseRefused("the reason may identify somebody; take that out, it is kept for good")
    return why.strip()


def _as_kept(
    proposal: Proposal, release_id: str, number: int, by: str, why: str | None
) -> Confirmation:
    """A proposal as it is kept for good: the release's row, its figures and its findings."""
    planned, settings = proposal.planned, protection()
    figures = _numbered(planned.figures)
    row = {
        "release_id": release_id,
        "number": number,
        "quarter": proposal.draft.quarter,
        "made_at": now_utc(),
        "made_by": by,
        "why": why,
        "threshold": settings.threshold,
        "base": settings.base,
        "settings_reason": settings.reason,
        "cells": figures.num_rows,
        "hidden": planned.hidden,
        "withheld": planned.withheld,
        "viewers": planned.viewers,
        "seconds": round(planned.seconds, 3),
        "content_hash": content_hash(figures),
    }
    findings = [{"release_id": release_id, **found} for found in rows_of(planned.findings)]
    return Confirmation(noted(release=[row], release_finding=findings), figures)


def _numbered(figures: pa.Table) -> pa.Table:
    """Planned figures as they are kept, in the order of their plan."""
    numbers = pa.array(range(1, figures.num_rows + 1), pa.int64())
    return (
        figures.append_column("row_no", numbers).select(RELEASE_FIGURES.names).cast(RELEASE_FIGURES)
    )


def withdraw_release(
    store: Store, release_id: str, by: str, why: str, *, viewer: Viewer | None = None
) -> None:
    """Withdraw a release: what its quarter's release before it said is shown again, or nothing.

    Raises ReleaseRefused when there is none of that id or it is withdrawn already, and without a
    reason or with one that may identify somebody; NotAllowed to a role that does not release.
    """
    _require(viewer, "withdraw_release")
    reason = _kept_reason(why)
    if reason is None:
        raise ReleaseRefused("a withdrawal needs a reason")
    with store.publishing:
        found = next((one for one in releases(store) if one["release_id"] == release_id), None)
        if found is None:
            raise ReleaseRefused(f"there is no release {release_id!r}")
        if found["standing"] == "withdrawn":
            raise ReleaseRefused(f"{release_id} is withdrawn already")
        row = {
            "release_id": release_id,
            "event": "withdrawn",
            "at_utc": now_utc(),
            "by_whom": by,
            "why": reason,
        }
        _keep(store, Confirmation(noted(release_event=[row])))
        show_releases(store, [found["quarter"]])


# --- many at once ---------------------------------------------------------------------------------


def release_all(
    store: Store, by: str, why: str | None = None, *, planner: Planner | None = None
) -> list[dict[str, Any]]:
    """Release every quarter that waits, the oldest first; `planner` as `propose`."""
    return [
        release(store, quarter, by, why, proposal=propose(store, quarter, planner=planner))
        for quarter in sorted(one.quarter for one in drafts(store))
    ]


def findings(store: Store, release_id: str) -> pa.Table:
    """What the audit of a release found of each hidden cell: for administrators, no counts."""
    return store.exact.ask("release/findings", {"release": release_id})
