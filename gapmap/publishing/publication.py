"""What publishing an accepted upload adds: its row, its pairs with their events, its warnings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from gapmap.archive.archive import PUBLISHED, Step, step_name, submission_named
from gapmap.archive.notes import noted
from gapmap.intake.intake import Prepared
from gapmap.intake.upload import Pair
from gapmap.publishing.standing import now_utc
from gapmap.stores.store import Store, rows_of

OFFERED = "offered"


def described(store: Store, prepared: Prepared, by: str, version: int) -> dict[str, Any]:
    """The row of submission that publishing `prepared` as `version` of the store adds."""
    rows = prepared.rows
    assert rows is not None
    extract = prepared.contract.name
    submission_id = submission_named(extract, version)
    earlier = rows_of(
        store.exact.ask(
            "submissions/latest_version",
            {
                "extract": prepared.contract.name,
                "pairs": [f"{p.quarter} {p.borough_code}" for p in prepared.pairs],
            },
        )
    )
    return {
        "submission_id": submission_id,
        "extract": prepared.contract.name,
        "as_at": prepared.upload.as_at,
        "mode": prepared.upload.mode,
        "version": earlier[0]["version"] + 1,
        "file_name": prepared.upload.file_name,
        "sha256": prepared.upload.sha256,
        "content_hash": prepared.content_hash,
        "row_count": rows.num_rows,
        "submitted_by": by,
        "received_at": now_utc(),
        "archive_path": step_name(extract, submission_id, version),
        "demonstration": prepared.upload.demonstration,
    }


def publication(
    prepared: Prepared,
    submission: Mapping[str, Any],
    version: int,
    for_boroughs: Collection[str] | None,
    why: str | None = None,
) -> Step:
    """The step that publishes what was accepted, with every warning noted as accepted.

    `why`: the reason of a revision, kept with each event.
    """
    submission_id, by = submission["submission_id"], submission["submitted_by"]
    pairs = [
        {
            "submission_id": submission_id,
            "quarter": pair.quarter,
            "borough_code": pair.borough_code,
            "nil_return": pair.nil_return,
            "row_count": pair.row_count,
        }
        for pair in prepared.pairs
    ]
    first = {issue.code: issue.message for issue in reversed(prepared.issues.listed("warning"))}
    warnings = [
        {
            "submission_id": submission_id,
            "code": code,
            "message": first.get(code, code),
            "occurrences": number,
            "accepted_by": by,
        }
        for code, number in prepared.issues.counts("warning").items()
    ]
    happened = {
        "submission_id": submission_id,
        "at_utc": submission["received_at"],
        "store_version": version,
        "by_whom": by,
        "why": why,
    }
    carried = [{"submission_id": submission_id, **asdict(one)} for one in prepared.carried]
    notes = noted(
        submission=[submission],
        submission_pair=pairs,
        submission_event=[
            *events_of({**happened, "event": PUBLISHED}, _among(prepared.pairs, for_boroughs)),
            *events_of({**happened, "event": OFFERED}, _not_among(prepared.pairs, for_boroughs)),
        ],
        accepted_warning=warnings,
        carried_over=carried,
    )
    return Step(notes, prepared.rows)


def _among(pairs: Iterable[Pair], boroughs: Collection[str] | None) -> list[Pair]:
    return [pair for pair in pairs if boroughs is None or pair.borough_code in boroughs]


def _not_among(pairs: Iterable[Pair], boroughs: Collection[str] | None) -> list[Pair]:
    return [pair for pair in pairs if boroughs is not None and pair.borough_code not in boroughs]


def events_of(happened: Mapping[str, Any], pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """What happened, once for each pair."""
    return [
        {**happened, "quarter": pair.quarter, "borough_code": pair.borough_code} for pair in pairs
    ]
