"""What could be told before the coming release is made, from the earlier ones alone.

A figure that an earlier release hid and that can be told already is not mended by withholding; what
is asked of the coming release is that it tells no more of it. Where that is hard to say, the
attacker is taken to know less here than in the audit, so that nothing counts as told that is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import ceil, floor

import numpy as np

from gapmap.disclosure.bounds import LEAST, Arithmetics, singles
from gapmap.disclosure.collecting import Collecting
from gapmap.disclosure.proof import Viewers
from gapmap.disclosure.rule import Rule
from gapmap.disclosure.sheets import Sheet, linked_measures
from gapmap.disclosure.solving import WHOLE, Solver, part_of
from gapmap.disclosure.system import Bools, System, Unknown, members_of_areas
from gapmap.measure import Lattice

SWEEPS = 12


class Beforehand:
    """By row of the coming system and viewer, how many values it could still have, three at most
    (`left`), where earlier releases hid the very sum, or told of what the viewer does not know of
    it; and by unknown and viewer how many a part of a sum could (`left_of_parts`). Every other row
    and part has three."""

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
        self.coming, self.viewers, self.groups = coming, viewers, linked_measures(declared)
        self.left = np.full((len(coming.cells), len(viewers.names)), LEAST, np.int64)
        self.left_of_parts = np.full((len(coming.unknowns), len(viewers.names)), LEAST, np.int64)
        self.here: dict[Unknown, int] = {}
        self.row_of: dict[int, int] = {}
        self.rows_for: dict[tuple[int, int], list[int]] = {}
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
        self.here = {unknown: at for at, unknown in enumerate(self.system.unknowns)}
        self.row_of = self._rows_of(coming)
        self.rows_for = self._rows_but_for_what_is_known(coming)
        self._take_arithmetic(coming)

    def _rows_of(self, coming: System) -> dict[int, int]:
        """The row here of each row there that an earlier release hid."""

        nobody = np.zeros(len(coming.boroughs), np.bool_)
        here = {_rest(self.system, at, nobody): at for at in range(len(self.system.cells))}
        return {
            at: here[_rest(coming, at, nobody)] for at, row in enumerate(coming.cells) if row.hidden
        }

    def _rows_but_for_what_is_known(self, coming: System) -> dict[tuple[int, int], list[int]]:
        """For each row of the coming release with revised figures, and each viewer who knows all of
        these, the rows here that differ by nothing else: after a correction the viewer takes the
        known figures off the sum, as from those before, and all leave the same."""
        old = set(self.system.unknowns)
        revised = {
            at: {u.borough for u in map(coming.unknowns.__getitem__, row.unknowns) if u not in old}
            for at, row in enumerate(coming.cells)
            if row.cells
        }
        found: dict[tuple[int, int], list[int]] = {}
        for viewer, known in enumerate(self.viewers.known):
            mine = set(np.flatnonzero(known).tolist())
            rows = [at for at, boroughs in revised.items() if boroughs and boroughs <= mine]
            if not rows:
                continue
            holding = np.flatnonzero(
                self.system.row_boroughs[: len(self.system.cells), known].any(1)
            )
            here = defaultdict(list)
            for at in holding.tolist():
                here[_rest(self.system, at, known)].append(at)
            for at in rows:
                rest = _rest(coming, at, known)
                if rest in here:
                    found[at, viewer] = here[rest]
        return found

    def _take_arithmetic(self, coming: System) -> None:
        arithmetic = Arithmetics(self.system, self.groups)
        every = np.arange(len(self.system.cells))
        low, high = arithmetic.ranges(every, self.viewers.known, SWEEPS)
        left = np.clip(high - low + 1, 1, LEAST).astype(np.int64)
        self.left[list(self.row_of)] = left[list(self.row_of.values())]
        for (row, viewer), before in self.rows_for.items():
            self.left[row, viewer] = left[before, viewer].min()
        single = singles(self.system)
        old = [at for at, unknown in enumerate(coming.unknowns) if unknown in self.here]
        self.left_of_parts[old] = left[[single[self.here[coming.unknowns[at]]] for at in old]]

    def look_closer(self, row: int, viewer: int) -> bool:
        """Count again for one row by a linear programme over all that is tied to it, be it a sum
        that was never released of what was; whether fewer are left than was thought."""
        known = self.viewers.known[viewer]
        rest = _rest(self.coming, row, known)
        if not rest or not rest <= self.here.keys():
            return False
        group = next(g for g in self.groups if self.coming.cells[row].key.measure in g)
        free = [
            at
            for at, unknown in enumerate(self.system.unknowns)
            if unknown.measure in group and not known[unknown.borough]
        ]
        part = part_of(self.system, np.array(free, np.int64))
        summed = np.isin(part.free, [self.here[unknown] for unknown in rest])
        found = self.solver.extent(part, summed)
        if found is None:
            return False
        left = floor(found[1] + WHOLE) - ceil(found[0] - WHOLE) + 1
        fewer = left < self.left[row, viewer]
        self.left[row, viewer] = min(left, self.left[row, viewer])
        return bool(fewer)


def _rest(system: System, row: int, known: Bools) -> frozenset[Unknown]:
    """What a row sums beside the boroughs that are known."""
    members = (system.unknowns[unknown] for unknown in system.cells[row].unknowns)
    return frozenset(member for member in members if not known[member.borough])
