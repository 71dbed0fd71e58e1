"""A submission's life: published, superseded, withdrawn, reinstated. Every step is kept.

Publishing is one transaction of the exact store; the released store then follows, and start-up
repairs a copy that was cut off. What a submission brought never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from gapmap.intake import Pair, Prepared, Progress, in_silence
from gapmap.standing import Touched, mirror, now_utc, restate
from gapmap.store import Store, WriteConflict, Writing, rows_of

Outcome = Literal["published", "unchanged"]


class Superseded(RuntimeError):
    """Somebody else published for the same extract, quarter and borough after the check."""


class NoSuchSubmission(ValueError):
    """There is no submission of that id, or it is not in a state for the step."""


@dataclass(frozen=True)
class Published:
    """What publishing did. `unchanged`: the same bytes stand already; nothing was written."""

    outcome: Outcome
    submission_id: str
    version: int


def publish(
    store: Store, prepared: Prepared, by: str, *, progress: Progress = in_silence
) -> Published:
    """Publish what was accepted, with every warning noted as accepted by `by`.

    `progress` is told each stage.

    Raises ValueError when `prepared` was refused, Superseded when somebody else published for the
    same extract, quarter and borough since it was checked, StoreFull when space runs short.
    """
    if prepared.rows is None:
        raise ValueError("a refused upload cannot be published")
    with store.publishing:
        same = _standing_alike(store, prepared)
        if same is not None:
            return Published("unchanged", same["submission_id"], same["version"])
        seen = _version_to_move(store, prepared)
        store.require_space(5 * len(prepared.upload.content))
        submission = _described(store, prepared, by, seen + 1)
        progress("Archiving the accepted rows")
        archived = _archive(store, prepared, submission)
        progress("Publishing, and working out what follows")
        try:
            touched = _write(store, prepared, submission, seen)
        except BaseException:
            archived.unlink()
            raise
        progress("Bringing the released figures up to date")
        mirror(store, touched)
    return Published("published", submission["submission_id"], submission["version"])


def _standing_alike(store: Store, prepared: Prepared) -> dict[str, Any] | None:
    """The submission of the same bytes that stands for exactly the same pairs, if there is one."""
    found = rows_of(
        store.exact.ask(
            "submissions/standing_alike",
            {
                "extract": prepared.contract.name,
                "sha256": prepared.upload.sha256,
                "as_at": prepared.upload.as_at,
                "pairs": _pair_keys(prepared.pairs),
            },
        )
    )
    return found[0] if found else None


def _pair_keys(pairs: Sequence[Pair]) -> list[str]:
    return sorted(f"{p.quarter} {p.borough_code} {'nil' if p.nil_return else ''}" for p in pairs)


def _version_to_move(store: Store, prepared: Prepared) -> int:
    """The version to publish on.

    A later publication elsewhere does not matter. Raises Superseded when one since the check was of
    the register, or of the same extract, quarter and borough.
    """
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
            "checked; look at what changed and check the file again"
        )
    return now


def _described(store: Store, prepared: Prepared, by: str, version: int) -> dict[str, Any]:
    rows = prepared.rows
    assert rows is not None
    submission_id = f"{prepared.contract.name}-{version:05}"
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
        "mode": "replace",
        "version": earlier[0]["version"] + 1,
        "file_name": prepared.upload.file_name,
        "sha256": prepared.upload.sha256,
        "content_hash": content_hash(rows),
        "row_count": rows.num_rows,
        "submitted_by": by,
        "received_at": now_utc(),
        "archive_path": f"{prepared.contract.name}/{submission_id}.parquet",
        "demonstration": prepared.upload.demonstration,
    }


def content_hash(rows: pa.Table) -> str:
    """A hash of typed rows, independent of how they are chunked."""
    digest = hashlib.sha256()
    for column in rows.combine_chunks().columns:
        for chunk in column.chunks:
            for buffer in pa.concat_arrays([chunk]).buffers():
                digest.update(buffer or b"")
    return digest.hexdigest()


def _archive(store: Store, prepared: Prepared, submission: Mapping[str, Any]) -> Path:
    """The accepted rows as Parquet; the uploaded bytes are never kept."""
    import pyarrow.parquet as parquet

    path = store.archive / str(submission["archive_path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    try:
        parquet.write_table(prepared.rows, partial)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return path


def _write(store: Store, prepared: Prepared, submission: Mapping[str, Any], seen: int) -> Touched:
    at = submission["received_at"]
    rows = prepared.rows
    assert rows is not None
    submission_id = submission["submission_id"]
    named = pa.repeat(pa.scalar(submission_id), rows.num_rows)
    with store.exact.writing() as writing:
        _move_version(writing, seen, at)
        writing.append(prepared.contract.name, rows.append_column("submission_id", named))
        writing.append("submission", _one(submission))
        _append_all(writing, "submission_pair", submission_id, prepared.pairs)
        _append_events(
            writing,
            submission,
            prepared.pairs,
            "published",
            at,
            seen + 1,
            submission["submitted_by"],
        )
        _append_warnings(writing, prepared, submission)
        return restate(
            writing, prepared.contract.name, [(p.quarter, p.borough_code) for p in prepared.pairs]
        )


def _move_version(writing: Writing, seen: int, at: datetime) -> None:
    if writing.run("publish/move_version", {"seen": seen, "at": at}) != 1:
        raise WriteConflict("the store moved on while this was being published")


_NULLABLE = {"as_at": pa.date32(), "why": pa.string()}


def _one(row: Mapping[str, Any]) -> pa.Table:
    return _table([row])


def _table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    table = pa.Table.from_pylist([dict(row) for row in rows])
    for name, kind in _NULLABLE.items():
        if name in table.column_names:
            place = table.column_names.index(name)
            table = table.set_column(place, name, table[name].cast(kind))
    return table


def _append_all(writing: Writing, table: str, submission_id: str, pairs: Sequence[Pair]) -> None:
    rows = [
        {
            "submission_id": submission_id,
            "quarter": pair.quarter,
            "borough_code": pair.borough_code,
            "nil_return": pair.nil_return,
            "row_count": pair.row_count,
        }
        for pair in pairs
    ]
    writing.append(table, _table(rows))


def _append_events(
    writing: Writing,
    submission: Mapping[str, Any],
    pairs: Sequence[Pair],
    event: str,
    at: datetime,
    version: int,
    by: str,
    why: str | None = None,
) -> None:
    rows = [
        {
            "submission_id": submission["submission_id"],
            "quarter": pair.quarter,
            "borough_code": pair.borough_code,
            "event": event,
            "at_utc": at,
            "store_version": version,
            "by_whom": by,
            "why": why,
        }
        for pair in pairs
    ]
    writing.append("submission_event", _table(rows))


def _append_warnings(writing: Writing, prepared: Prepared, submission: Mapping[str, Any]) -> None:
    first = {issue.code: issue.message for issue in reversed(prepared.issues.listed("warning"))}
    rows = [
        {
            "submission_id": submission["submission_id"],
            "code": code,
            "message": first.get(code, code),
            "occurrences": number,
            "accepted_by": submission["submitted_by"],
        }
        for code, number in prepared.issues.counts("warning").items()
    ]
    if rows:
        writing.append("accepted_warning", _table(rows))


# --- withdraw and undo ---------------------------------------------------------------------------


def withdraw(store: Store, submission_id: str, by: str, why: str) -> None:
    """Withdraw a submission: what stood before it stands again.

    Raises NoSuchSubmission when there is none or it is withdrawn already, ValueError without a
    reason.
    """
    if not why.strip():
        raise ValueError("a withdrawal needs a reason")
    _step(store, submission_id, "withdrawn", by, why.strip())


def reinstate(store: Store, submission_id: str, by: str, why: str | None = None) -> None:
    """Undo a withdrawal. Raises NoSuchSubmission when it is not withdrawn."""
    _step(store, submission_id, "reinstated", by, why)


def _step(store: Store, submission_id: str, event: str, by: str, why: str | None) -> None:
    with store.publishing:
        submission = _submission(store, submission_id)
        if (submission["last_event"] == "withdrawn") == (event == "withdrawn"):
            state = "withdrawn already" if event == "withdrawn" else "not withdrawn"
            raise NoSuchSubmission(f"{submission_id} is {state}")
        pairs = [
            Pair(**r)
            for r in rows_of(store.exact.ask("submissions/pairs", {"submission": submission_id}))
        ]
        seen = int(rows_of(store.exact.ask("store/version"))[0]["version"])
        at = now_utc()
        with store.exact.writing() as writing:
            _move_version(writing, seen, at)
            _append_events(writing, submission, pairs, event, at, seen + 1, by, why)
            touched = restate(
                writing, submission["extract"], [(p.quarter, p.borough_code) for p in pairs]
            )
        mirror(store, touched)


def _submission(store: Store, submission_id: str) -> dict[str, Any]:
    found = rows_of(store.exact.ask("submissions/one", {"submission": submission_id}))
    if not found:
        raise NoSuchSubmission(f"there is no submission {submission_id!r}")
    return found[0]


# --- what came, and what would change ------------------------------------------------------------


def history(store: Store, extract: str | None = None) -> list[dict[str, Any]]:
    """Every submission, newest first: what came, from whom, and for how much of it stands."""
    return rows_of(store.exact.ask("submissions/all", {"extract": extract}))


def current(
    store: Store, extract: str, as_of: datetime | date | None = None
) -> list[dict[str, Any]]:
    """Which submission stood for each quarter and borough at a moment (UTC; None: now)."""
    return rows_of(store.exact.ask("submissions/current", {"extract": extract, "as_of": as_of}))


def preview(store: Store, prepared: Prepared) -> list[dict[str, Any]]:
    """What publishing would change: per quarter and borough, rows now and rows to come."""
    if prepared.rows is None:
        raise ValueError("a refused upload has no preview")
    now = {(r["quarter"], r["borough_code"]): r for r in current(store, prepared.contract.name)}
    return [
        {
            "quarter": pair.quarter,
            "borough_code": pair.borough_code,
            "nil_return": pair.nil_return,
            "rows": pair.row_count,
            "replaces": now.get((pair.quarter, pair.borough_code), {}).get("submission_id"),
            "replaced_rows": now.get((pair.quarter, pair.borough_code), {}).get("row_count"),
        }
        for pair in prepared.pairs
    ]


def dropping_out(store: Store, prepared: Prepared) -> list[dict[str, Any]]:
    """The schools that answer now for the same quarters and boroughs and are not in the upload."""
    if prepared.rows is None or prepared.upload.as_at is not None:
        return []
    pairs = [f"{pair.quarter} {pair.borough_code}" for pair in prepared.pairs]
    given = {"extract": prepared.contract.name, "pairs": pairs}
    answering = rows_of(store.exact.ask("submissions/schools_answering", given))
    named = prepared.rows.select(["quarter", "urn"]).to_pylist()
    coming = {(row["quarter"], row["urn"]) for row in named}
    return [row for row in answering if (row["quarter"], row["urn"]) not in coming]


def events(store: Store, submission_id: str) -> list[dict[str, Any]]:
    """What happened to a submission, oldest first."""
    return rows_of(store.exact.ask("submissions/events", {"submission": submission_id}))
