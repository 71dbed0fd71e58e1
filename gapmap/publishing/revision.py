"""What a publication changes: row by row, school by school, and which indicators move.

`preview_of` tells it beforehand, for the moves by the very statements that publish, in a
transaction that is rolled back. `revision_of` tells what a submission changed when it came.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from gapmap.access import covers, is_about_people
from gapmap.calendar_quarter import parse_quarter
from gapmap.contract import Contract, contracts
from gapmap.intake.intake import Prepared, Progress, in_silence
from gapmap.intake.pair_rows import rows_of_pairs, with_quarter
from gapmap.publishing.comparison import PAIR, ChangedRow, Comparison, Count, compare
from gapmap.publishing.moves import Move, moves_of
from gapmap.publishing.publication import OFFERED
from gapmap.reference.windows import windows
from gapmap.stores.store import Store, rows_of

ROWS_SHOWN = 200


@dataclass(frozen=True)
class PairChange:
    """What a submission changes of one quarter and borough.

    `rows` would stand, `carried` of them taken over from `replaces`, the submission that stands
    (None: none does), sent by `replaced_by` at `replaced_at` (UTC). `final_since`: the day from
    which what stood was final; None where it may still change, or has no window. `why`: the reason
    that was given. `told`: whether `count` may be; a file that is compared with rows that its
    uploader may not see would find them out, one trial after the other.
    """

    quarter: str
    borough_code: str
    nil_return: bool
    rows: int
    count: Count
    carried: int = 0
    replaces: str | None = None
    replaced_by: str | None = None
    replaced_at: datetime | None = None
    replaced_rows: int | None = None
    replaced_nil: bool = False
    final_since: date | None = None
    why: str | None = None
    told: bool = True

    @property
    def revises(self) -> bool:
        """Whether something that stood is said otherwise now, or no longer."""
        if self.replaces is None or not self.told:
            return self.replaces is not None
        differs = self.count.changed or self.count.gone or self.replaced_nil != self.nil_return
        return bool(differs)

    @property
    def late(self) -> bool:
        """Whether it revises what was final: a reason is asked for."""
        return self.final_since is not None and self.revises


@dataclass(frozen=True)
class Preview:
    """What publishing would change.

    `changed_rows` are the first of `changed_in_all`, of the boroughs whose rows may be shown.
    `dropping_out`: by quarter, borough_code, urn and school_name, the schools that have rows now
    and will have none. `fresh_quarters` are held by nothing else yet.
    """

    pairs: tuple[PairChange, ...]
    changed_rows: tuple[ChangedRow, ...]
    changed_in_all: int
    dropping_out: tuple[Mapping[str, Any], ...]
    moves: tuple[Move, ...]
    fresh_quarters: tuple[str, ...]

    @property
    def late(self) -> tuple[PairChange, ...]:
        return tuple(pair for pair in self.pairs if pair.late)

    @property
    def count(self) -> Count:
        """All quarters and boroughs together."""
        names = ("added", "changed", "unchanged", "gone")
        return Count(**{n: sum(getattr(pair.count, n) for pair in self.pairs) for n in names})


# --- before it is published ----------------------------------------------------------------------


def preview_of(
    store: Store,
    prepared: Prepared,
    *,
    for_boroughs: Collection[str] | None = None,
    shown_for: Collection[str] | None = None,
    progress: Progress = in_silence,
) -> Preview:
    """What publishing an accepted upload for `for_boroughs` (None: all) would change.

    Rows are listed of the boroughs `shown_for` alone (GSS codes; None: all); of an extract about
    people the others' are not counted either. Publishing waits while the indicators are tried;
    readers do not. Raises ValueError when the upload was refused.
    """
    rows = _accepted(prepared)
    progress("Comparing with what stands")
    replaced = _replaced(store, prepared)
    contract, as_at = prepared.contract, prepared.upload.as_at
    before = rows_of_pairs(store, contract, replaced, "submission_id", as_at)
    after = with_quarter(contract, as_at, rows)
    found = _compared(prepared, before, after, shown_for)
    dropping = _dropping_out(store, before, after)
    progress("Working out which indicators move")
    moves, fresh = moves_of(store, prepared, for_boroughs)
    return Preview(
        tuple(
            _told(pair, contract, shown_for) for pair in _pair_changes(prepared, replaced, found)
        ),
        found.changed_rows,
        found.changed_in_all,
        tuple(dropping),
        moves,
        fresh,
    )


def late_revisions(store: Store, prepared: Prepared) -> list[PairChange]:
    """The quarters and boroughs of which an upload revises what was final: they ask for a reason.

    Rows are compared only where something final stands. Raises ValueError on a refused upload.
    """
    rows = _accepted(prepared)
    replaced = _replaced(store, prepared)
    extract, today = prepared.contract.name, prepared.checked_on
    final = [final_since(extract, quarter, today) for quarter in replaced["quarter"].to_pylist()]
    if not any(final):
        return []
    contract, as_at = prepared.contract, prepared.upload.as_at
    before = rows_of_pairs(store, contract, replaced, "submission_id", as_at)
    found = compare(contract, before, with_quarter(contract, as_at, rows))
    return [pair for pair in _pair_changes(prepared, replaced, found) if pair.late]


def final_since(extract: str, quarter: str, today: date) -> date | None:
    """The first day on which what was sent for a quarter is final: due, and provisional no longer.

    None while it is not, and for an extract without a window (data/reference/windows.toml).
    """
    window = windows().get(extract)
    if window is None:
        return None
    own = parse_quarter(quarter)
    after_due = own.ends + timedelta(days=1 + (window.due_days or 0))
    first = max(after_due, own.plus(window.provisional_quarters + 1).starts)
    return first if today >= first else None


def _accepted(prepared: Prepared) -> pa.Table:
    if prepared.rows is None:
        raise ValueError("a refused upload has no preview")
    return prepared.rows


def _replaced(store: Store, prepared: Prepared) -> pa.Table:
    given = {
        "extract": prepared.contract.name,
        "as_at": prepared.upload.as_at,
        "pairs": [f"{pair.quarter} {pair.borough_code}" for pair in prepared.pairs],
    }
    return store.exact.ask("submissions/replaced", given)


def _compared(
    prepared: Prepared, before: pa.Table, after: pa.Table, shown_for: Collection[str] | None
) -> Comparison:
    if before.num_rows:
        return compare(prepared.contract, before, after, at_most=ROWS_SHOWN, shown_for=shown_for)
    pairs = prepared.pairs
    return Comparison({(p.quarter, p.borough_code): Count(added=p.row_count) for p in pairs})


def _pair_changes(
    prepared: Prepared, replaced: pa.Table, found: Comparison
) -> Iterable[PairChange]:
    stands = {(row["quarter"], row["borough_code"]): row for row in rows_of(replaced)}
    carried = {(c.quarter, c.borough_code): c.row_count for c in prepared.carried}
    for pair in prepared.pairs:
        place = pair.quarter, pair.borough_code
        now = stands.get(place, {})
        yield PairChange(
            *place,
            pair.nil_return,
            pair.row_count,
            found.counts.get(place, Count()),
            carried.get(place, 0),
            now.get("submission_id"),
            now.get("submitted_by"),
            now.get("published_at"),
            now.get("row_count"),
            now.get("nil_return", False),
            final_since(prepared.contract.name, pair.quarter, prepared.checked_on),
        )


def _told(pair: PairChange, contract: Contract, shown_for: Collection[str] | None) -> PairChange:
    if not is_about_people(contract) or covers(shown_for, pair.borough_code):
        return pair
    return replace(pair, count=Count(), told=False)


def _dropping_out(store: Store, before: pa.Table, after: pa.Table) -> list[dict[str, Any]]:
    """The schools with rows in `before` and none of the same quarter in `after`."""
    if before.num_rows == 0 or "urn" not in before.column_names or "urn" not in after.column_names:
        return []
    of_schools_before = before.filter(before["urn"].is_valid())
    coming = {(row["quarter"], row["urn"]) for row in _distinct(after, ["quarter", "urn"])}
    gone = [
        row
        for row in _distinct(of_schools_before, [*PAIR, "urn"])
        if (row["quarter"], row["urn"]) not in coming
    ]
    if not gone:
        return []
    names = {row["urn"]: row["school_name"] for row in rows_of(store.exact.ask("schools/known"))}
    ordered = sorted(gone, key=lambda row: (row["quarter"], row["borough_code"], row["urn"]))
    return [{**row, "school_name": names.get(row["urn"])} for row in ordered]


def _distinct(rows: pa.Table, columns: Sequence[str]) -> list[dict[str, Any]]:
    names = list(columns)
    return rows_of(rows.select(names).group_by(names, use_threads=False).aggregate([]))


# --- before it is accepted -----------------------------------------------------------------------


def offer_of(
    store: Store,
    submission: Mapping[str, Any],
    for_boroughs: Collection[str],
    shown_for: Collection[str] | None = None,
) -> Revision:
    """What accepting an offer (a row of queries/submissions/all.sql) would change of what stands.

    For its pairs that are offered to `for_boroughs`; rows are listed of `shown_for` (None: all).
    """
    contract, as_at = contracts()[submission["extract"]], submission["as_at"]
    every = rows_of(
        store.exact.ask("submissions/pairs", {"submission": submission["submission_id"]})
    )
    offered = [
        pair
        for pair in every
        if pair["last_event"] == OFFERED and pair["borough_code"] in for_boroughs
    ]
    keys = [f"{pair['quarter']} {pair['borough_code']}" for pair in offered]
    given = {"extract": contract.name, "as_at": as_at, "pairs": keys}
    replaced = rows_of(store.exact.ask("submissions/replaced", given))
    stands = {(row["quarter"], row["borough_code"]): row for row in replaced}
    found = _of_offer(store, submission, offered, stands, shown_for)
    pairs = (
        _told(
            PairChange(
                pair["quarter"],
                pair["borough_code"],
                pair["nil_return"],
                pair["row_count"],
                found.counts.get((pair["quarter"], pair["borough_code"]), Count()),
                replaces=now.get("submission_id"),
                replaced_rows=now.get("row_count"),
                replaced_nil=now.get("nil_return", False),
            ),
            contract,
            shown_for,
        )
        for pair in offered
        for now in [stands.get((pair["quarter"], pair["borough_code"]), {})]
    )
    return Revision(tuple(pairs), found.changed_rows, found.changed_in_all)


def _of_offer(
    store: Store,
    submission: Mapping[str, Any],
    offered: Sequence[Mapping[str, Any]],
    stands: Mapping[tuple[str, str], Mapping[str, Any]],
    shown_for: Collection[str] | None,
) -> Comparison:
    """The rows that are offered against those that stand."""
    contract, as_at = contracts()[submission["extract"]], submission["as_at"]
    places = [(pair["quarter"], pair["borough_code"]) for pair in offered]
    both = pa.table(
        {
            "quarter": pa.array([quarter for quarter, _ in places], pa.string()),
            "borough_code": pa.array([code for _, code in places], pa.string()),
            "came": pa.array([submission["submission_id"]] * len(places), pa.string()),
            "stood": pa.array(
                [stands.get(place, {}).get("submission_id") for place in places], pa.string()
            ),
        }
    )
    before = rows_of_pairs(store, contract, both, "stood", as_at)
    after = rows_of_pairs(store, contract, both, "came", as_at).sort_by("row_no")
    if before.num_rows == 0:
        counts = {place: pair["row_count"] for place, pair in zip(places, offered, strict=True)}
        return Comparison({place: Count(added=rows) for place, rows in counts.items()})
    return compare(contract, before, after, at_most=ROWS_SHOWN, shown_for=shown_for)


# --- after it was published ----------------------------------------------------------------------


@dataclass(frozen=True)
class Revision:
    """What a submission changed, when it was published, of what stood then.

    `pairs` are those for which it was published and something stood; `changed_rows` the first of
    `changed_in_all`, of the boroughs whose rows may be shown.
    """

    pairs: tuple[PairChange, ...]
    changed_rows: tuple[ChangedRow, ...] = ()
    changed_in_all: int = 0


def revision_of(
    store: Store, submission: Mapping[str, Any], shown_for: Collection[str] | None = None
) -> Revision:
    """What a submission (a row of queries/submissions/all.sql) changed: old, new and why.

    Rows are listed, and of people counted, of the boroughs `shown_for` alone (None: all).
    """
    stood = store.exact.ask("submissions/stood_before", {"submission": submission["submission_id"]})
    stood = stood.filter(stood["replaces"].is_valid())
    if stood.num_rows == 0:
        return Revision(())
    contract, as_at = contracts()[submission["extract"]], submission["as_at"]
    own = pa.repeat(pa.scalar(submission["submission_id"]), stood.num_rows)
    came = stood.append_column("submission_id", own)
    before = rows_of_pairs(store, contract, stood, "replaces", as_at)
    after = rows_of_pairs(store, contract, came, "submission_id", as_at)
    after = after.sort_by("row_no")
    found = compare(contract, before, after, at_most=ROWS_SHOWN, shown_for=shown_for)
    came_so = (_as_it_came(contract, row, found) for row in rows_of(stood))
    pairs = (_told(pair, contract, shown_for) for pair in came_so)
    return Revision(tuple(pairs), found.changed_rows, found.changed_in_all)


def _as_it_came(contract: Contract, row: Mapping[str, Any], found: Comparison) -> PairChange:
    return PairChange(
        row["quarter"],
        row["borough_code"],
        row["nil_return"],
        row["row_count"],
        found.counts.get((row["quarter"], row["borough_code"]), Count()),
        replaces=row["replaces"],
        replaced_by=row["replaced_by"],
        replaced_at=row["replaced_at"],
        replaced_rows=row["replaced_rows"],
        replaced_nil=row["replaced_nil"],
        final_since=final_since(contract.name, row["quarter"], row["published_at"].date()),
        why=row["why"],
    )
