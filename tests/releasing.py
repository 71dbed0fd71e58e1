"""Releases in tests: by the rule alone, cell by cell, where it is not the audit that is tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import pyarrow as pa

from gapmap.disclosure import Earlier, Plan
from gapmap.release import drafts, release
from gapmap.stores.store import Store

OPERATOR = "operator@example.org"


def by_rule(
    quarter: str,
    exact: pa.Table,
    areas: pa.Table,
    earlier: Sequence[Earlier],
    *,
    threshold: int,
    base: int,
    progress: Any = None,
) -> Plan:
    """What the rule shows of each cell on its own; nothing is withheld for another's sake."""
    rows = exact.to_pylist()
    for row in rows:
        count = row.pop("value")
        hidden = 1 <= count <= threshold
        row |= {
            "exact": count,
            "value": None if hidden else (count + base // 2) // base * base,
            "marker": "c" if hidden else None,
            "status": "primary" if hidden else "shown",
        }
    hidden = sum(row["marker"] is not None for row in rows)
    kinds = {"value": pa.int64(), "marker": pa.string()}
    figures = pa.Table.from_pylist(rows)
    for name, kind in kinds.items():
        place = figures.column_names.index(name)
        figures = figures.set_column(place, name, figures[name].cast(kind))
    nothing = pa.table({name: pa.array([], pa.string()) for name in ("measure", "quarter")})
    return Plan(figures, nothing, 0, hidden, 0, 0, 0.0, 0, 0)


def release_by_rule(store: Store, by: str = OPERATOR) -> list[str]:
    """Release every quarter that waits, by the rule alone; the ids, the oldest quarter first."""
    with patch("gapmap.release.plan", by_rule):
        return [
            release(store, one.quarter, by)["release_id"]
            for one in sorted(drafts(store), key=lambda one: one.quarter)
        ]
