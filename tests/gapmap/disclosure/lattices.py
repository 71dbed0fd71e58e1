"""Small figures for the audit, and every whole-number table that agrees with what is released.

The enumeration shares nothing with the audit: it goes by the rule in words. It looks at tables in
which no count differs by more than REACH from the true one, so it finds too few rather than too
many.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gapmap.disclosure import Earlier, Plan, plan

QUARTER = "2026-Q2"
MEASURE, BREAKDOWN = "schools_with_testimony", "police engagement"
THRESHOLD, BASE = 7, 5
REACH = 3
Counts = Mapping[str, Mapping[str, int]]  # borough, category
Areas = Sequence[tuple[str, str, str]]  # level, area, borough


def areas_of(parents: Mapping[str, Sequence[str]], level: str = "partnership") -> Areas:
    """Boroughs, the areas that hold them, and London."""
    boroughs = [borough for found in parents.values() for borough in found]
    return [
        *(("borough", borough, borough) for borough in boroughs),
        *((level, parent, borough) for parent, found in parents.items() for borough in found),
        *(("london", "London", borough) for borough in boroughs),
    ]


def areas_table(areas: Areas) -> pa.Table:
    names = ("level", "area_code", "borough_code")
    return pa.table(dict(zip(names, map(list, zip(*areas, strict=True)), strict=True)))


def cells(
    counts: Counts, areas: Areas, measure: str = MEASURE, breakdown: str = BREAKDOWN
) -> dict[tuple[str, ...], int]:
    """(measure, level, area, breakdown, category) of every area: categories of more than 0, and the
    total of every area of which a borough is there."""
    found: dict[tuple[str, ...], int] = {}
    for level, area, borough in areas:
        if borough not in counts:
            continue
        total = (measure, level, area, "total", "all")
        found[total] = found.get(total, 0) + sum(counts[borough].values())
        for category, count in counts[borough].items():
            if count and breakdown != "total":
                key = (measure, level, area, breakdown, category)
                found[key] = found.get(key, 0) + count
    return found


def exact_table(found: Mapping[tuple[str, ...], int], quarter: str = QUARTER) -> pa.Table:
    rows = [
        dict(zip(("measure", "level", "area_code", "breakdown", "category"), key, strict=True))
        | {"quarter": quarter, "value": value}
        for key, value in found.items()
    ]
    return pa.Table.from_pylist(rows)


def planned(
    counts: Counts, areas: Areas, earlier: Sequence[Earlier] = (), quarter: str = QUARTER
) -> Plan:
    """The plan for one measure with one breakdown."""
    return planned_cells(cells(counts, areas), areas, earlier, quarter)


def planned_cells(
    found: Mapping[tuple[str, ...], int],
    areas: Areas,
    earlier: Sequence[Earlier] = (),
    quarter: str = QUARTER,
) -> Plan:
    exact = exact_table(found, quarter)
    table = areas_table(areas)
    return plan(quarter, exact, table, earlier, threshold=THRESHOLD, base=BASE)


def statuses(made: Plan) -> dict[tuple[str, ...], str]:
    """Of every cell by (measure, level, area, breakdown, category)."""
    return {_key(row): row["status"] for row in made.figures.to_pylist()}


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    names = ("measure", "level", "area_code", "breakdown", "category")
    return tuple(row[name] for name in names)


def naive(found: Mapping[tuple[str, ...], int]) -> dict[tuple[str, ...], str]:
    """What the rule alone would do."""
    return {key: "primary" if 1 <= n <= THRESHOLD else "shown" for key, n in found.items()}


def window(count: int, status: str) -> tuple[float, float]:
    """What a cell tells: 1 to 7; anything; 0; or within 2 of what is shown, and above 7."""
    if status == "primary":
        return 1, 7
    if status in ("withheld", "sticky"):
        return 0, float("inf")
    if count == 0:
        return 0, 0
    nearest = 5 * ((count + 2) // 5)
    return max(8, nearest - 2), nearest + 2


def viewers(areas: Areas) -> list[frozenset[str]]:
    """The public, each lead, each two leads that share an area below London."""
    boroughs = sorted({borough for _, _, borough in areas})
    parents: dict[tuple[str, str], set[str]] = {}
    for level, area, borough in areas:
        if level not in ("borough", "london", "inner or outer"):
            parents.setdefault((level, area), set()).add(borough)
    pairs = {
        frozenset(pair)
        for found in parents.values()
        for pair in itertools.combinations(sorted(found), 2)
    }
    singles = [frozenset([borough]) for borough in boroughs]
    return [frozenset(), *singles, *sorted(pairs, key=sorted)]


def possible(
    counts: Counts, areas: Areas, said: Mapping[tuple[str, ...], str], known: frozenset[str]
) -> dict[tuple[str, ...], set[int]]:
    """The values that each cell can have, in tables near the true one."""
    truth = cells(counts, areas)
    boroughs = sorted(counts)
    choices = [_tables_of(counts, borough, said, truth, known) for borough in boroughs]
    grid = np.indices([len(choice) for choice in choices]).reshape(len(boroughs), -1)
    sums: dict[tuple[str, ...], npt.NDArray[np.int16]] = {}
    keep = np.ones(grid.shape[1], np.bool_)
    for key in truth:
        _, level, area, _, category = key
        members = [b for lv, ar, b in areas if (lv, ar) == (level, area) and b in counts]
        total = np.zeros(grid.shape[1], np.int16)
        for at, borough in enumerate(boroughs):
            if borough in members:
                total += _column(counts[borough], choices[at], category)[grid[at]]
        sums[key] = total
        low, high = window(truth[key], said[key])
        keep &= (total >= low) & (total <= high)
    return {key: set(np.unique(total[keep]).tolist()) for key, total in sums.items()}


def _held(counts: Mapping[str, int]) -> list[str]:
    return [category for category, count in counts.items() if count]


def _column(
    counts: Mapping[str, int], choice: npt.NDArray[np.int16], category: str
) -> npt.NDArray[np.int16]:
    if category == "all":
        return choice.sum(axis=1, dtype=np.int16)
    held = _held(counts)
    nothing = np.zeros(len(choice), np.int16)
    return choice[:, held.index(category)] if category in held else nothing


def _tables_of(
    counts: Counts,
    borough: str,
    said: Mapping[tuple[str, ...], str],
    truth: Mapping[tuple[str, ...], int],
    known: frozenset[str],
) -> npt.NDArray[np.int16]:
    """The tables of one borough that its own cells allow, one row each."""
    held = _held(counts[borough])
    ranges = []
    for category in held:
        true = counts[borough][category]
        low, high = window(true, said[MEASURE, "borough", borough, BREAKDOWN, category])
        reach = 0 if borough in known else REACH if len(held) < 3 else 2
        ranges.append(range(int(max(low, true - reach)), int(min(high, true + reach)) + 1))
    listed = list(itertools.product(*ranges))
    found = np.array(listed, np.int16).reshape(len(listed), len(held))
    total = (MEASURE, "borough", borough, "total", "all")
    low, high = window(truth[total], said[total])
    came_to = found.sum(axis=1)
    return found[(came_to >= low) & (came_to <= high)]


def told(
    counts: Counts, areas: Areas, said: Mapping[tuple[str, ...], str]
) -> list[tuple[frozenset[str], tuple[str, ...], set[int]]]:
    """Every hidden cell that some viewer can tell to fewer than three values. Where a borough has
    no row of a category everybody sees its 0, so the area's figure is that of the others."""
    found = []
    for known in viewers(areas):
        values = possible(counts, areas, said, known)
        for key, status in said.items():
            members = {
                borough
                for level, area, borough in areas
                if (level, area) == key[1:3] and _has(counts, borough, key[4])
            }
            if status != "shown" and not members <= known and len(values[key]) < 3:
                found.append((known, key, values[key]))
    return found


def _has(counts: Counts, borough: str, category: str) -> bool:
    of = counts.get(borough, {})
    return any(of.values()) if category == "all" else of.get(category, 0) > 0
