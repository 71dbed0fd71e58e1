"""Whole-number programmes over changes of the true counts (HiGHS).

Unknowns that are not free stay as they are. A change of nothing always agrees with everything, so
each programme asks for a table besides the true one.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

# The wrapped class writes a line to the process's output the first time that one is made, before
# it can be told not to: an answer in JSON would be spoilt.
from highspy._core import _Highs

from gapmap.disclosure.system import Bools, Floats, Ints, System

WHOLE = 1e-6  # how far a number may be from a whole one to be taken for it


FAR = 1e9  # a change without a limit
HELD = 24  # programmes that are kept


class Fractional(Exception):
    """The solution is not in whole numbers."""


@dataclass(frozen=True)
class Part:
    """The programme of some free unknowns: the rows that they stand in and the room these have."""

    free: Ints
    rows: Ints
    least: Floats
    most: Floats
    start: Ints
    index: Ints
    factor: Floats


def part_of(system: System, free: Ints) -> Part:
    """The rows that these unknowns stand in, seen from the true counts."""
    lengths = system.start[free + 1] - system.start[free]
    start = np.concatenate([[0], np.cumsum(lengths)])
    entries = np.repeat(system.start[free] - start[:-1], lengths) + np.arange(start[-1])
    rows, index = np.unique(system.entry_row[entries], return_inverse=True)
    return Part(
        free,
        rows,
        system.low[rows] - system.activity[rows],
        system.high[rows] - system.activity[rows],
        start,
        index,
        system.entry_factor[entries].astype(np.float64),
    )


def _highs() -> _Highs:
    highs = _Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("parallel", "off")
    # Most programmes are small: to make them smaller first takes longer than to solve them.
    highs.setOptionValue("presolve", "off")
    return highs


class Solver:
    """Solves parts of one system, and counts how often."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.solves = 0
        self._held: dict[int, tuple[Part, _Highs]] = {}  # by identity, the last used at the end

    def change(
        self, part: Part, place: int, wanted: tuple[float, float], furthest: int
    ) -> Ints | None:
        """The smallest change of the free unknowns, none by more than `furthest`, that changes the
        row at this place of the part by what is wanted. None: there is none.

        Small changes touch few boroughs, and so hold for many viewers. Raises Fractional where the
        smallest one is not of whole numbers: `whole_change` then says whether there is one.
        """
        self.solves += 1
        highs = self._held_for(part, furthest)
        self._ask(highs, part, place, wanted)
        values = self._solution(highs)
        highs.changeRowBounds(place, part.least[place], part.most[place])
        if values is not None and np.abs(values - np.rint(values)).max() > WHOLE:
            raise Fractional
        return self._agreed(part, place, wanted, values)

    def whole_change(
        self, part: Part, place: int, wanted: tuple[float, float], furthest: int
    ) -> Ints | None:
        """As `change`, among changes in whole numbers alone, and not quite the smallest: it takes a
        hundred times as long."""
        self.solves += 1
        values = self._in_whole_numbers(part, place, wanted, furthest)
        return self._agreed(part, place, wanted, values)

    def _agreed(
        self, part: Part, place: int, wanted: tuple[float, float], values: Floats | None
    ) -> Ints | None:
        if values is None:
            return None
        found = np.rint(values).astype(np.int64)
        change = found[: len(part.free)] - found[len(part.free) :]
        return change if self._agrees(part, place, wanted, change) else None

    def _held_for(self, part: Part, furthest: int) -> _Highs:
        """The programme of a part, kept for the next change that is asked of it: to go on from the
        last solution is quicker than to begin anew."""
        held = self._held.pop(id(part), None)
        if held is None:
            highs = _highs()
            highs.passModel(self._programme(part, furthest))
            held = part, highs
        self._held[id(part)] = held
        if len(self._held) > HELD:
            del self._held[next(iter(self._held))]
        return held[1]

    def _ask(self, highs: _Highs, part: Part, place: int, wanted: tuple[float, float]) -> None:
        least = max(part.least[place], wanted[0])
        highs.changeRowBounds(place, least, min(part.most[place], wanted[1]))

    def _in_whole_numbers(
        self, part: Part, place: int, wanted: tuple[float, float], furthest: int
    ) -> Floats | None:
        highs = _highs()
        highs.passModel(self._programme(part, furthest))
        self._ask(highs, part, place, wanted)
        number = 2 * len(part.free)
        whole = np.full(number, highspy.HighsVarType.kInteger)
        highs.changeColsIntegrality(number, np.arange(number, dtype=np.int32), whole)
        highs.setOptionValue("mip_rel_gap", 0.5)
        return self._solution(highs)

    def extent(self, part: Part, summed: Bools) -> tuple[float, float] | None:
        """The least and the most that the sum of these free unknowns of the part can change by, in
        whole numbers or not. None: the solver does not know."""
        found = []
        for sign in (1.0, -1.0):
            self.solves += 1
            programme = self._programme(part, None)
            cost = np.where(summed, sign, 0.0)
            programme.col_cost_ = np.concatenate([cost, -cost])
            highs = _highs()
            highs.passModel(programme)
            highs.run()
            status = highs.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                found.append(sign * highs.getInfo().objective_function_value)
            elif status == highspy.HighsModelStatus.kUnbounded:
                found.append(-sign * FAR)
            else:
                return None
        return found[0], found[1]

    def _solution(self, highs: _Highs) -> Floats | None:
        highs.run()
        if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        return np.array(highs.getSolution().col_value)

    def _agrees(self, part: Part, place: int, wanted: tuple[float, float], change: Ints) -> bool:
        """Whether the change, in whole numbers, keeps to every row: what a solver takes for a
        solution is within a tolerance."""
        owner = np.repeat(change, np.diff(part.start))
        by = np.rint(np.bincount(part.index, part.factor * owner, len(part.rows)))
        kept = (by >= part.least) & (by <= part.most)
        not_below = self.system.truth[part.free] + change >= 0
        return bool(kept.all() and not_below.all() and wanted[0] <= by[place] <= wanted[1])

    def _programme(self, part: Part, furthest: int | None) -> highspy.HighsLp:
        """Each unknown rises by one column and falls by another, none by more than `furthest`."""
        number = len(part.free)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 2 * number, len(part.rows)
        lp.col_cost_ = np.ones(2 * number)
        lp.col_lower_ = np.zeros(2 * number)
        limit = np.inf if furthest is None else furthest
        falls = np.minimum(self.system.truth[part.free], limit)
        lp.col_upper_ = np.concatenate([np.full(number, limit), falls]).astype(np.float64)
        lp.row_lower_, lp.row_upper_ = part.least, part.most
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        start = np.concatenate([part.start, part.start[-1] + part.start[1:]])
        lp.a_matrix_.start_ = start.astype(np.int32)
        lp.a_matrix_.index_ = np.tile(part.index, 2).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([part.factor, -part.factor])
        return lp
