"""What an attacker can tell by plain arithmetic: ranges of every sum, tightened by each other.

The ranges are never narrower than they can be: what is outside them cannot be. They find quickly
what fails, and are what is reported; what they leave open the witnesses decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from gapmap.disclosure.system import Bools, Floats, Ints, System
from gapmap.measure import ALL, TOTAL

FAR = 1e9  # stands for no limit, since infinities cannot be taken from each other
SWEEPS = 4
AT_ONCE = 16  # viewers
LEAST = 3  # values that a hidden sum must be left with


Equation = tuple[list[int], list[int], float, float]


def equations_of(system: System) -> list[Equation]:
    """Each area and its boroughs, each breakdown and its total, each relation: rows, factors, low
    and high of what they come to. Every unknown is a row of its own."""
    single = singles(system)
    areas = [
        ([*(single[u] for u in row.unknowns), at], [*(1,) * len(row.unknowns), -1], 0.0, 0.0)
        for at, row in enumerate(system.cells)
        if row.unknowns[1:]
    ]
    links = [
        ([single[u] for u in link.unknowns], list(link.factors), link.low, link.high)
        for link in system.links
    ]
    return [*areas, *links, *_sums_of_areas(system)]


def singles(system: System) -> list[int]:
    """The row that each unknown is alone in."""
    at = {row.unknowns[0]: n for n, row in enumerate(system.cells) if not row.unknowns[1:]}
    return [at[unknown] for unknown in range(len(system.unknowns))]


def _sums_of_areas(system: System) -> list[Equation]:
    """The categories of an area above a borough add up to its total as well."""
    parts: dict[tuple[str, ...], list[int]] = defaultdict(list)
    totals: dict[tuple[str, ...], int] = {}
    for at, row in enumerate(system.cells):
        for key in row.cells:
            area = (key.measure, key.level, key.area)
            if key.breakdown == TOTAL and key.category == ALL:
                totals[area] = at
            elif key.level != "borough":
                parts[(*area, key.breakdown)].append(at)
    return [
        ([*found, totals[area[:3]]], [*(1,) * len(found), -1], 0.0, 0.0)
        for area, found in parts.items()
        if area[:3] in totals
    ]


class Arithmetic:
    """Some of the equations, and the rows that stand in them. `rows`: the number of each in the
    system; within, they are numbered by their place there."""

    def __init__(self, system: System, equations: Sequence[Equation]) -> None:
        self.system = system
        self.rows = np.unique([term for e in equations for term in e[0]]).astype(np.int64)
        self.low = np.maximum([e[2] for e in equations], -FAR)
        self.high = np.minimum([e[3] for e in equations], FAR)
        number = np.repeat(np.arange(len(equations)), [len(e[0]) for e in equations])
        self.term = np.searchsorted(self.rows, [t for e in equations for t in e[0]])
        self.factor = np.array([f for e in equations for f in e[1]], np.float64)
        self.equation = number
        self.first = np.searchsorted(number, np.arange(len(equations)))
        self._order = np.argsort(self.term, kind="stable")
        self._terms, self._from = np.unique(self.term[self._order], return_index=True)

    def ranges(self, known: Bools, sweeps: int = SWEEPS) -> tuple[Floats, Floats]:
        """The least and the largest that each of `rows` can come to, by row and viewer.

        `known`: viewer by borough, whose exact figures the viewer has.
        """
        system, rows = self.system, self.rows
        knows = (system.row_boroughs[rows].astype(np.float32) @ ~known.T) == 0
        truth = system.activity[rows, None].astype(np.float64)
        low = np.where(knows, truth, np.maximum(system.low[rows, None], 0))
        high = np.where(knows, truth, np.minimum(system.high[rows, None], FAR))
        return self._tightened(low, high, sweeps)

    def beforehand(self) -> Ints:
        """How many values each row could have before anything was released, three at most: the
        number of schools in a small borough leaves fewer."""
        number = len(self.rows)
        low, high = np.zeros((number, 1)), np.full((number, 1), FAR)
        low, high = self._tightened(low, high, SWEEPS)
        return np.minimum((high - low)[:, 0] + 1, LEAST).astype(np.int64)

    def _tightened(self, low: Floats, high: Floats, sweeps: int) -> tuple[Floats, Floats]:
        """Some viewers at a time: what is worked on then stays near the processor."""
        parted = [
            self._swept(low[:, at : at + AT_ONCE], high[:, at : at + AT_ONCE], sweeps)
            for at in range(0, low.shape[1], AT_ONCE)
        ]
        lows, highs = zip(*parted, strict=True)
        return np.concatenate(lows, axis=1), np.concatenate(highs, axis=1)

    def _swept(self, low: Floats, high: Floats, sweeps: int) -> tuple[Floats, Floats]:
        for _ in range(sweeps):
            before = (low, high)
            low, high = self._sweep(low, high)
            if np.array_equal(before[0], low) and np.array_equal(before[1], high):
                break
        return low, high

    def _sweep(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        rises = (self.factor > 0)[:, None]
        least = np.where(rises, low[self.term], -high[self.term])
        most = np.where(rises, high[self.term], -low[self.term])
        least_sum = np.add.reduceat(least, self.first, axis=0)[self.equation]
        most_sum = np.add.reduceat(most, self.first, axis=0)[self.equation]
        ceiling = self.high[self.equation][:, None] - (least_sum - least)
        floor = self.low[self.equation][:, None] - (most_sum - most)
        upper = np.where(rises, ceiling, -floor)[self._order]
        lower = np.where(rises, floor, -ceiling)[self._order]
        low, high = low.copy(), high.copy()
        tightest = np.minimum.reduceat(upper, self._from, axis=0)
        high[self._terms] = np.minimum(high[self._terms], tightest)
        widest = np.maximum.reduceat(lower, self._from, axis=0)
        low[self._terms] = np.maximum(low[self._terms], widest)
        return low, high


def too_narrow(low: Floats, high: Floats, needed: Ints) -> Bools:
    """Where a range holds fewer values than are needed."""
    return np.asarray(high - low + 1 < needed)


class Arithmetics:
    """The equations in parts that are worked through by themselves: a breakdown with its total,
    and the totals of measures that are tied to each other."""

    def __init__(self, system: System, groups: Sequence[frozenset[str]]) -> None:
        self.system = system
        group_of = {measure: str(n) for n, group in enumerate(groups) for measure in group}
        parted: dict[tuple[str, ...], list[Equation]] = defaultdict(list)
        for equation in equations_of(system):
            keys = {system.cells[row].key for row in equation[0]}
            breakdowns = {(key.measure, key.breakdown) for key in keys}
            measures = {measure for measure, _ in breakdowns}
            apart = breakdowns - {(measure, TOTAL) for measure in measures}
            if len(measures) == 1 and len(apart) == 1:
                parted[next(iter(apart))].append(equation)
            if len(measures) > 1 or not apart:
                parted[(group_of[next(iter(measures))],)].append(equation)
        self.parts = [Arithmetic(system, parted[key]) for key in sorted(parted)]
        self._at: list[set[int]] = [set() for _ in system.cells]
        for number, part in enumerate(self.parts):
            for row in part.rows.tolist():
                self._at[row].add(number)

    def of(self, row: int) -> set[int]:
        """The numbers of the parts that a row stands in."""
        return self._at[row]

    def beforehand(self) -> Ints:
        """As of a part, by unknown."""
        left = np.full(len(self.system.cells), LEAST, np.int64)
        for part in self.parts:
            left[part.rows] = np.minimum(left[part.rows], part.beforehand())
        return np.asarray(left[singles(self.system)])

    def ranges(self, rows: Ints, known: Bools, sweeps: int = SWEEPS) -> tuple[Floats, Floats]:
        """As of a part, for any rows."""
        shape = (len(self.system.cells), len(known))
        low, high = np.zeros(shape), np.full(shape, FAR)
        wanted = np.zeros(shape[0], np.bool_)
        wanted[rows] = True
        for part in self.parts:
            if wanted[part.rows].any():
                least, most = part.ranges(known, sweeps)
                low[part.rows] = np.maximum(low[part.rows], least)
                high[part.rows] = np.minimum(high[part.rows], most)
        return low[rows], high[rows]
