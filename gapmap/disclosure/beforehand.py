"""What could be told before the coming release is made, from the earlier ones alone.

A figure that an earlier release hid and that can be told already is not mended by withholding; what
is asked of the coming release is that it tells no more of it. Where that is hard to say, the
attacker is taken to know less here than in the audit, so that nothing counts as told that is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

import numpy as np

from gapmap.disclosure.bounds import LEAST, Arithmetics, singles
from gapmap.disclosure.collecting import Collecting
from gapmap.disclosure.proof import Viewers
from gapmap.disclosure.rule import Rule
from gapmap.disclosure.sheets import Sheet, linked_measures
from gapmap.disclosure.solving import WHOLE, Solver, part_of
from gapmap.disclosure.system import System, Unknown, members_of_areas
from gapmap.measure import Lattice

SWEEPS = 12


class Beforehand:
    """By row of the coming system and viewer, how many values an earlier release's hidden figure
    could still have, three at most (`left`), and by unknown and viewer how many a part of a sum
    could (`left_of_parts`). Every other row and part has three."""

    def __init__(
        self,
        coming: System,
        before: Sequence[Sheet],
        rule: Rule,
        areas: Sequence[tuple[str, str, str]],
        declared: Lattice,
        viewers: Viewers,
    ) -> None:
        """`areas`: level, area, borough."""
        self.viewers, self.groups = viewers, linked_measures(declared)
        self.left = np.full((len(coming.cells), len(viewers.names)), LEAST, np.int64)
        self.left_of_parts = np.full((len(coming.unknowns), len(viewers.names)), LEAST, np.int64)
        self.row_of: dict[int, int] = {}
        if any(row.hidden for row in coming.cells):
            self._take(coming, before, rule, areas, declared)

    def _take(
        self,
        coming: System,
        before: Sequence[Sheet],
        rule: Rule,
        areas: Sequence[tuple[str, str, str]],
        declared: Lattice,
    ) -> None:
        empty = Sheet("", {}, {})
        collecting = Collecting(members_of_areas(areas), declared, rule, assumes=False)
        self.system = System(collecting.collect(before, empty), empty, rule)
        self.solver = Solver(self.system)
        self.row_of = self._rows_of(coming)
        self._take_arithmetic(coming)

    def _rows_of(self, coming: System) -> dict[int, int]:
        """The row here of each row there that an earlier release hid."""

        def named(system: System, unknowns: Sequence[int]) -> frozenset[Unknown]:
            return frozenset(system.unknowns[unknown] for unknown in unknowns)

        here = {named(self.system, row.unknowns): at for at, row in enumerate(self.system.cells)}
        return {
            at: here[named(coming, row.unknowns)]
            for at, row in enumerate(coming.cells)
            if row.hidden
        }

    def _take_arithmetic(self, coming: System) -> None:
        arithmetic = Arithmetics(self.system, self.groups)
        every = np.arange(len(self.system.cells))
        low, high = arithmetic.ranges(every, self.viewers.known, SWEEPS)
        left = np.clip(high - low + 1, 1, LEAST).astype(np.int64)
        self.left[list(self.row_of)] = left[list(self.row_of.values())]
        here = dict(zip(self.system.unknowns, singles(self.system), strict=True))
        old = [at for at, unknown in enumerate(coming.unknowns) if unknown in here]
        self.left_of_parts[old] = left[[here[coming.unknowns[at]] for at in old]]

    def look_closer(self, row: int, viewer: int) -> bool:
        """Count again for one row by a linear programme over all that is tied to it; whether fewer
        are left than was thought."""
        if row not in self.row_of:
            return False
        group = next(g for g in self.groups if self._measure_of(row) in g)
        known = self.viewers.known[viewer]
        free = [
            at
            for at, unknown in enumerate(self.system.unknowns)
            if unknown.measure in group and not known[unknown.borough]
        ]
        part = part_of(self.system, np.array(free, np.int64))
        at = np.flatnonzero(part.rows == self.row_of[row])
        found = self.solver.extent(part, int(at[0])) if len(at) else (0.0, 0.0)
        if found is None:
            return False
        left = floor(found[1] + WHOLE) - ceil(found[0] - WHOLE) + 1
        fewer = left < self.left[row, viewer]
        self.left[row, viewer] = min(left, self.left[row, viewer])
        return bool(fewer)

    def _measure_of(self, row: int) -> str:
        return self.system.cells[self.row_of[row]].key.measure
