"""What the store notes of submissions: its tables' columns, and their rows as archived JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

FORMAT = 1

# What the store notes of submissions, by table. A test holds these against queries/schema.
NOTES: Mapping[str, pa.Schema] = {
    "submission": pa.schema(
        [
            ("submission_id", pa.string()),
            ("extract", pa.string()),
            ("as_at", pa.date32()),
            ("mode", pa.string()),
            ("version", pa.int32()),
            ("file_name", pa.string()),
            ("sha256", pa.string()),
            ("content_hash", pa.string()),
            ("row_count", pa.int64()),
            ("submitted_by", pa.string()),
            ("received_at", pa.timestamp("us")),
            ("archive_path", pa.string()),
            ("demonstration", pa.bool_()),
        ]
    ),
    "submission_pair": pa.schema(
        [
            ("submission_id", pa.string()),
            ("quarter", pa.string()),
            ("borough_code", pa.string()),
            ("nil_return", pa.bool_()),
            ("row_count", pa.int64()),
        ]
    ),
    "submission_event": pa.schema(
        [
            ("submission_id", pa.string()),
            ("quarter", pa.string()),
            ("borough_code", pa.string()),
            ("event", pa.string()),
            ("at_utc", pa.timestamp("us")),
            ("store_version", pa.int64()),
            ("by_whom", pa.string()),
            ("why", pa.string()),
        ]
    ),
    "accepted_warning": pa.schema(
        [
            ("submission_id", pa.string()),
            ("code", pa.string()),
            ("message", pa.string()),
            ("occurrences", pa.int64()),
            ("accepted_by", pa.string()),
        ]
    ),
    "carried_over": pa.schema(
        [
            ("submission_id", pa.string()),
            ("quarter", pa.string()),
            ("borough_code", pa.string()),
            ("from_submission_id", pa.string()),
            ("first_row", pa.int64()),
            ("last_row", pa.int64()),
            ("row_count", pa.int64()),
        ]
    ),
}

_COLUMN_MAPPING = pa.schema(
    [
        ("mapping_id", pa.string()),
        ("extract", pa.string()),
        ("fingerprint", pa.string()),
        ("name", pa.string()),
        ("content", pa.string()),
        ("confirmed_by", pa.string()),
        ("confirmed_at", pa.timestamp("us")),
    ]
)
_CELL = [
    ("release_id", pa.string()),
    ("measure", pa.string()),
    ("quarter", pa.string()),
    ("level", pa.string()),
    ("area_code", pa.string()),
    ("breakdown", pa.string()),
    ("category", pa.string()),
]
# What somebody confirmed, beside the steps of submissions.
CONFIRMED: Mapping[str, pa.Schema] = {
    "column_mapping": _COLUMN_MAPPING,
    "figure_confirmation": pa.schema(
        [
            ("quarter", pa.string()),
            ("borough_code", pa.string()),
            ("content_hash", pa.string()),
            ("at_utc", pa.timestamp("us")),
            ("by_whom", pa.string()),
        ]
    ),
    "release": pa.schema(
        [
            ("release_id", pa.string()),
            ("number", pa.int32()),
            ("quarter", pa.string()),
            ("made_at", pa.timestamp("us")),
            ("made_by", pa.string()),
            ("why", pa.string()),
            ("threshold", pa.int32()),
            ("base", pa.int32()),
            ("settings_reason", pa.string()),
            ("cells", pa.int32()),
            ("hidden", pa.int32()),
            ("withheld", pa.int32()),
            ("viewers", pa.int32()),
            ("seconds", pa.float64()),
            ("content_hash", pa.string()),
        ]
    ),
    "release_event": pa.schema(
        [
            ("release_id", pa.string()),
            ("event", pa.string()),
            ("at_utc", pa.timestamp("us")),
            ("by_whom", pa.string()),
            ("why", pa.string()),
        ]
    ),
    "release_finding": pa.schema(
        [
            *_CELL,
            ("status", pa.string()),
            ("low", pa.int64()),
            ("high", pa.int64()),
            ("viewer", pa.string()),
            ("protects", pa.string()),
        ]
    ),
}
# The rows of a release, without the id that names it: its file does.
RELEASE_FIGURES = pa.schema(
    [
        ("row_no", pa.int64()),
        *_CELL[1:],
        ("exact", pa.int64()),
        ("value", pa.int64()),
        ("marker", pa.string()),
        ("status", pa.string()),
        ("areas_submitted", pa.int32()),
        ("areas", pa.int32()),
    ]
)
ARCHIVED: Mapping[str, pa.Schema] = {**NOTES, **CONFIRMED}


def noted(**rows: Sequence[Mapping[str, Any]]) -> dict[str, pa.Table]:
    """Rows of the store's tables by name, typed; tables without rows are left out.

    Raises ValueError on a column that the archive does not know.
    """
    tables = {}
    for name, of_table in rows.items():
        unknown = {column for row in of_table for column in row} - set(ARCHIVED[name].names)
        if unknown:
            raise ValueError(f"the archive knows no column {min(unknown)!r} of {name}")
        if of_table:
            tables[name] = pa.Table.from_pylist([dict(row) for row in of_table], ARCHIVED[name])
    return tables


def as_json(notes: Mapping[str, pa.Table]) -> str:
    """Notes as they are archived, with a hash of their own."""
    plain = {name: table.to_pylist() for name, table in notes.items()}
    text = _canonical(plain)
    return _canonical({"format": FORMAT, "sha256": _sha256(text), "notes": json.loads(text)})


def _canonical(value: Any) -> str:
    return json.dumps(value, default=lambda v: v.isoformat(), sort_keys=True, ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def from_json(text: str) -> dict[str, pa.Table]:
    """Notes from their archived form. Raises ValueError or KeyError when they were changed."""
    archived = json.loads(text)
    if archived["format"] > FORMAT:
        raise ValueError(f"it is of format {archived['format']}; this gapmap reads {FORMAT}")
    if _sha256(_canonical(archived["notes"])) != archived["sha256"]:
        raise ValueError("its notes are not those that were archived")
    return {name: _typed(rows, ARCHIVED[name]) for name, rows in archived["notes"].items()}


def _typed(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    as_text = pa.schema(
        [(f.name, pa.string() if pa.types.is_temporal(f.type) else f.type) for f in schema]
    )
    return pa.Table.from_pylist(rows, as_text).cast(schema)
