"""The search for witnesses that moves and walks did not find, sum by sum, in growing parts of the
system. What is found for one viewer mostly holds for others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from gapmap.disclosure.moves import slice_keys
from gapmap.disclosure.proof import Proof, bit, sharing_areas
from gapmap.disclosure.solving import Fractional, Part, Solver, part_of
from gapmap.disclosure.system import Bools, Ints, System
from gapmap.measure import TOTAL

WIDE = 40
SOME = 4  # one borough of so many is tried before all are
MADE = 400  # parts that are kept
# One more or less, two, three and beyond. Where so much is not possible, more is hardly ever.
NEARER = ((1.0, 1.0), (-1.0, -1.0), (2.0, 2.0), (-2.0, -2.0), (3.0, np.inf), (-np.inf, -3.0))


class Search:
    """Searches for all that is open, viewer by viewer."""

    def __init__(self, proof: Proof, solver: Solver, parts: Parts) -> None:
        self.proof, self.solver, self.system, self.parts = proof, solver, proof.system, parts

    def prove(self) -> list[tuple[int, int]]:
        """Search until nothing is open; (row, viewer) of what no witness was found for. It gives up
        on a sum once one viewer has it too narrow: what is then withheld serves others too."""
        failed: list[tuple[int, int]] = []
        for place in np.flatnonzero(self.proof.open.any(axis=1)).tolist():
            while (still := self.proof.open_in(place)).any():
                viewer = int(still.nonzero()[0][-1])
                if not self.singly(place, viewer):
                    failed.append((int(self.proof.rows[place]), viewer))
                    break
        return failed

    def _is_seen(self, place: int, viewer: int, wanted: tuple[float, float]) -> bool:
        low, high = wanted
        return low == high and bool(self.proof.seen[place, viewer] & bit(int(low)))

    def _take(self, part: Part, change: Ints) -> None:
        moved = change != 0
        self.proof.witness(part.free[moved], change[moved])

    def singly(self, place: int, viewer: int, far: bool = False) -> bool:
        """Whether the witnesses for one sum and viewer are found; `far` as of `Parts.around`."""
        row = int(self.proof.rows[place])
        for part in self.parts.around(row, self.proof.viewers.known[viewer], far):
            at = np.flatnonzero(part.rows == row)
            if len(at) and self._within(part, int(at[0]), place, viewer):
                return True
        return not self.proof.is_open(place, viewer)

    def _within(self, part: Part, at: int, place: int, viewer: int) -> bool:
        """Whether the witnesses are found, once this part is searched: in whole numbers only where
        the quick search does not find enough."""
        ended: set[bool] = set()
        fractional: list[tuple[float, float]] = []
        for wanted in NEARER:
            if not self.proof.is_open(place, viewer):
                return True
            rises = wanted[0] > 0
            if rises in ended or self._is_seen(place, viewer, wanted):
                continue
            try:
                if not self._look(part, at, wanted, self.solver.change):
                    ended.add(rises)
            except Fractional:
                fractional.append(wanted)
        for wanted in fractional:
            if self.proof.is_open(place, viewer):
                self._look(part, at, wanted, self.solver.whole_change)
        return not self.proof.is_open(place, viewer)

    def _look(
        self, part: Part, at: int, wanted: tuple[float, float], ask: Callable[..., Ints | None]
    ) -> bool:
        """Take in the change that was wanted; False: there is none."""
        if max(wanted[0], part.least[at]) > min(wanted[1], part.most[at]):
            return False
        change = ask(part, at, wanted, WIDE)
        if change is not None:
            self._take(part, change)
        return change is not None


class Parts:
    """The parts of a system in which a witness is looked for."""

    def __init__(
        self,
        system: System,
        groups: Sequence[frozenset[str]],
        areas: Sequence[tuple[str, str, str]],
    ) -> None:
        """`areas`: level, area, borough."""
        self.system = system
        self._made: dict[bytes, Part] = {}  # by their unknowns, the last used at the end
        self._state = system.state
        self.near = sharing_areas(areas, system.boroughs)
        group_of = {measure: number for number, group in enumerate(groups) for measure in group}
        keys = slice_keys(system)
        number = {key: at for at, key in enumerate(sorted(set(keys)))}
        self.slice_of = np.array([number[key] for key in keys])
        self.group_of = np.array([group_of[unknown.measure] for unknown in system.unknowns])
        quarters = sorted({unknown.quarter for unknown in system.unknowns})
        self.quarter_of = np.array([quarters.index(u.quarter) for u in system.unknowns])

    def around(self, row: int, known: Bools, far: bool = False) -> Iterator[Part]:
        """Growing parts around a row: its breakdown in the boroughs near by, then in all, then
        everything tied to it in the quarter, then, of a total or `far`, in all
        quarters: in the boroughs near by, then in some others too, then everywhere."""
        unknown = self.system.cells[row].unknowns[0]
        free = ~known[self.system.borough]
        near_by = self.near[self.system.row_boroughs[row]].any(axis=0)[self.system.borough]
        breakdown = self.slice_of == self.slice_of[unknown]
        tied = self.group_of == self.group_of[unknown]
        quarter = tied & (self.quarter_of == self.quarter_of[unknown])
        growing = [breakdown & near_by, breakdown, quarter]
        # Only totals stand in a sum of several quarters; what else there is moves with them.
        if far or self.system.unknowns[unknown].breakdown == TOTAL:
            some = (np.arange(len(self.near)) % SOME == 0)[self.system.borough]
            growing += [tied & near_by, tied & (near_by | some), tied]
        before = np.zeros_like(free)
        for chosen in growing:
            if (chosen & free & ~before).any():
                before = chosen & free
                yield self._part(before)

    def _part(self, chosen: Bools) -> Part:
        """The part of some unknowns, the same one for all rows that are looked at in it as long as
        nothing else is known of them."""
        if self._state != self.system.state:
            self._made.clear()
            self._state = self.system.state
        key = np.packbits(chosen).tobytes()
        part = self._made.pop(key, None) or part_of(self.system, np.flatnonzero(chosen))
        self._made[key] = part
        if len(self._made) > MADE:
            del self._made[next(iter(self._made))]
        return part
