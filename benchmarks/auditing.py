"""The disclosure audit of a quarter of the demonstration, beside one cold linear programme.

The programme is the public's: how much all hidden counts together can come to, with the same
unknowns and rows. In full: a quarter that was never released. One borough: the same quarter
released once, with one borough's count corrected.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
import pyarrow as pa

from benchmarks.stores import StoreFolder
from gapmap.disclosure import Earlier, Plan, plan
from gapmap.disclosure.collecting import Collecting
from gapmap.disclosure.rule import SHOWN, Rule
from gapmap.disclosure.sheets import coming_sheet
from gapmap.disclosure.solving import part_of
from gapmap.disclosure.system import System, members_of_areas
from gapmap.measure import lattice

QUARTER = "2026-Q2"
RULE = Rule(7, 5)
# A count of boroughs that nothing above it is made of but sums.
CORRECTED = "lado_contacts"
TIMES = 5


def measure(demonstration: StoreFolder) -> dict[str, Any]:
    """Seconds of the programme and of both audits, their ratios, and what the audit hid."""
    with demonstration.opened() as store:
        exact = store.exact.ask("release/exact", {"quarter": QUARTER})
        areas = store.exact.ask("release/areas")
    programme = _programme(exact, areas)
    seconds = sorted(_seconds(lambda: _solve(programme)) for _ in range(TIMES))[TIMES // 2]
    full = plan(QUARTER, exact, areas, [], threshold=RULE.threshold, base=RULE.base)
    earlier = [Earlier("R1", QUARTER, full.figures)]
    changed = _corrected(exact, areas)
    one = plan(QUARTER, changed, areas, earlier, threshold=RULE.threshold, base=RULE.base)
    return {
        "quarter": QUARTER,
        "cells": exact.num_rows,
        "programme_seconds": seconds,
        "full": _of(full, seconds),
        "one_borough": _of(one, seconds),
    }


def _of(made: Plan, programme: float) -> dict[str, float]:
    return {
        "seconds": made.seconds,
        "ratio": made.seconds / programme,
        "hidden": made.hidden,
        "withheld": made.withheld,
        "solves": made.solves,
        "viewers": made.viewers,
    }


def _corrected(exact: pa.Table, areas: pa.Table) -> pa.Table:
    """Ten more in the first borough, and in the areas that it lies in."""
    rows = exact.to_pylist()
    borough = min(r["area_code"] for r in rows if _is_corrected(r) and r["level"] == "borough")
    within = {
        (row["level"], row["area_code"])
        for row in areas.to_pylist()
        if row["borough_code"] == borough
    }
    values = [
        row["value"] + 10 * (_is_corrected(row) and (row["level"], row["area_code"]) in within)
        for row in rows
    ]
    at = exact.schema.get_field_index("value")
    return exact.set_column(at, "value", pa.array(values, pa.int64()))


def _is_corrected(row: dict[str, Any]) -> bool:
    return bool(row["measure"] == CORRECTED)


def _programme(exact: pa.Table, areas: pa.Table) -> highspy.HighsLp:
    sheet = coming_sheet(QUARTER, exact, [], RULE)
    columns = [areas[name].to_pylist() for name in ("level", "area_code", "borough_code")]
    within = members_of_areas(sorted(zip(*columns, strict=True)))
    system = System(Collecting(within, lattice(), RULE).collect([], sheet), sheet, RULE)
    part = part_of(system, np.arange(len(system.unknowns)))
    hidden = [any(sheet.status[c] != SHOWN for c in row.cells) for row in system.cells]
    weights = np.zeros(len(system.low))
    weights[: len(hidden)] = hidden
    owner = np.repeat(np.arange(len(part.free)), np.diff(part.start))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(part.free), len(part.rows)
    lp.col_cost_ = np.bincount(owner, weights[part.rows][part.index], len(part.free))
    lp.col_lower_ = -system.truth.astype(np.float64)
    lp.col_upper_ = np.full(len(part.free), highspy.kHighsInf)
    lp.row_lower_, lp.row_upper_ = part.least, part.most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = part.start.astype(np.int32)
    lp.a_matrix_.index_ = part.index.astype(np.int32)
    lp.a_matrix_.value_ = part.factor
    lp.sense_ = highspy.ObjSense.kMaximize
    return lp


def _solve(programme: highspy.HighsLp) -> None:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(programme)
    highs.run()


def _seconds(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
