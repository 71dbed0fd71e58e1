"""Which counts of a quarter a release shows: the rule, then the audit until nothing fails."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from gapmap.disclosure.auditing import Audit, Progress
from gapmap.disclosure.bounds import FAR
from gapmap.disclosure.collecting import Collecting
from gapmap.disclosure.rule import MARKER, SHOWN, WITHHELD, Rule
from gapmap.disclosure.sheets import (
    KEY_COLUMNS,
    CellKey,
    Earlier,
    Sheet,
    coming_sheet,
    sheets_before,
)
from gapmap.disclosure.system import System, members_of_areas
from gapmap.measure import ALL, TOTAL, lattice

FINDING_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("measure", "quarter", "level", "area_code")),
        *((name, pa.string()) for name in ("breakdown", "category", "status")),
        ("low", pa.int64()),
        ("high", pa.int64()),
        ("viewer", pa.string()),
        ("protects", pa.string()),
    ]
)


@dataclass(frozen=True)
class Plan:
    """What a release may show, and what the audit found.

    `figures`: the rows given, with exact, value, marker and status, and rows of 0 for what stays
    hidden. `findings`: one row per hidden cell with the range it can be told to lie in (`high`
    null: no limit) by the viewer who can tell most: three values or more, fewer only where what is
    public beforehand leaves no more. `withheld`: cells hidden beyond the rule. `failing`: sums that
    earlier releases alone let somebody tell; this one tells no more of them.
    """

    figures: pa.Table
    findings: pa.Table
    rounds: int
    hidden: int
    withheld: int
    solves: int
    seconds: float
    viewers: int
    failing: int


def plan(
    quarter: str,
    exact: pa.Table,
    areas: pa.Table,
    earlier: Sequence[Earlier],
    *,
    threshold: int,
    base: int,
    progress: Progress | None = None,
) -> Plan:
    """The plan of a release of a quarter.

    `exact`: the exact figures of the quarter, all measures and levels. `areas`: level, area_code,
    borough_code. `earlier`: every release that was ever made, of any quarter, oldest
    first; of a quarter that is not among them all is taken to be known.
    Raises AuditFailed where the release cannot be made safe, and ValueError on figures that do not
    agree with each other, naming the cell.
    """
    started = time.perf_counter()
    rule = Rule(threshold, base)
    rule.check()
    declared = lattice()
    before = sheets_before(quarter, earlier, declared)
    sheet = coming_sheet(quarter, exact, before, rule)
    columns = [areas[name].to_pylist() for name in ("level", "area_code", "borough_code")]
    placed = sorted(zip(*columns, strict=True))
    collected = Collecting(members_of_areas(placed), declared, rule).collect(before, sheet)
    system = System(collected, sheet, rule)
    audit = Audit(system, sheet, rule, placed, declared, before)
    audit.run(progress or (lambda stage, share: None))
    findings = findings_of(audit)
    return Plan(
        figures=figures_of(exact, sheet, rule),
        findings=findings,
        rounds=audit.rounds,
        hidden=findings.num_rows,
        withheld=sum(status == WITHHELD for status in sheet.status.values()),
        solves=audit.solver.solves,
        seconds=time.perf_counter() - started,
        viewers=len(audit.viewers.names),
        failing=audit.told_before(),
    )


def figures_of(exact: pa.Table, sheet: Sheet, rule: Rule) -> pa.Table:
    """The rows given, in their order, then those of 0 that stay hidden; the latter have what else
    is said of a row (areas submitted) from the total of their area."""
    rows = exact.drop_columns([c for c in ("value", "marker") if c in exact.column_names])
    columns = [rows[name].to_pylist() for name in KEY_COLUMNS]
    keys = [CellKey._make(key) for key in zip(*columns, strict=True)]
    given = {key: at for at, key in enumerate(keys)}
    added = sorted(sheet.status.keys() - given.keys())
    totals = [given[key._replace(breakdown=TOTAL, category=ALL)] for key in added]
    extra = rows.take(pa.array(totals, pa.int64()))
    for name in ("breakdown", "category"):
        words = pa.array([getattr(key, name) for key in added], pa.string())
        extra = extra.set_column(extra.schema.get_field_index(name), name, words)
    rows = pa.concat_tables([rows, extra.cast(rows.schema)])
    return _with_shown(rows, [*keys, *added], sheet, rule)


def _with_shown(rows: pa.Table, keys: Sequence[CellKey], sheet: Sheet, rule: Rule) -> pa.Table:
    counts = [sheet.count[key] for key in keys]
    statuses = [sheet.status[key] for key in keys]
    shown = [status == SHOWN for status in statuses]
    values = [rule.rounded(n) if seen else None for n, seen in zip(counts, shown, strict=True)]
    markers = [None if seen else MARKER for seen in shown]
    return (
        rows.append_column("exact", pa.array(counts, pa.int64()))
        .append_column("value", pa.array(values, pa.int64()))
        .append_column("marker", pa.array(markers, pa.string()))
        .append_column("status", pa.array(statuses, pa.string()))
    )


def findings_of(audit: Audit) -> pa.Table:
    """One row per hidden cell, with the range that the viewer who can tell most can tell."""
    system, sheet, known = audit.system, audit.sheet, audit.viewers.known
    rows = [
        at
        for at, row in enumerate(system.cells)
        if any(sheet.status[cell] != SHOWN for cell in row.cells)
    ]
    low, high = audit.arithmetic.ranges(np.array(rows, np.int64), known)
    hides = audit.to_begin_with(np.array(rows, np.int64), slice(None)) > 1
    told = np.where(hides, high - low, np.inf)
    worst = told.argmin(axis=1) if rows else np.zeros(0, np.int64)
    found: list[dict[str, Any]] = []
    for at, row in enumerate(rows):
        viewer = int(worst[at])
        most = high[at, viewer]
        for key in system.cells[row].cells:
            found.append(
                {
                    **dict(zip(KEY_COLUMNS, key, strict=True)),
                    "quarter": sheet.quarter,
                    "status": sheet.status[key],
                    "low": int(low[at, viewer]),
                    "high": None if most >= FAR / 2 else int(most),
                    "viewer": audit.viewers.names[viewer],
                    "protects": audit.withholding.protects.get(key),
                }
            )
    found.sort(key=lambda row: [row[name] for name in KEY_COLUMNS])
    return pa.Table.from_pylist(found, FINDING_SCHEMA)
