"""Which released cell to withhold for one that can be narrowed down: the sums above it, nearest
first, and no more of them than it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from gapmap.disclosure.rule import PRIMARY, SHOWN, WITHHELD, Rule
from gapmap.disclosure.sheets import CellKey, Sheet
from gapmap.disclosure.system import System
from gapmap.measure import TOTAL


class Withholding:
    """The coming release as it stands, and why cells of it are withheld.

    `protects`: by withheld cell, the cell for whose sake.
    """

    def __init__(
        self, system: System, sheet: Sheet, rule: Rule, groups: Sequence[frozenset[str]]
    ) -> None:
        self.system, self.sheet, self.rule = system, sheet, rule
        self.protects: dict[CellKey, str] = {}
        self._group = {measure: group for group in groups for measure in group}

    def may_withhold(self, row: int) -> bool:
        """Whether anything is told by the row that would not be told of a withheld one."""
        known = self.system.cells[row]
        if not known.cells or known.shown:
            return False
        return any(self.sheet.status[cell] in (SHOWN, PRIMARY) for cell in known.cells)

    def withhold(self, row: int, protected: int) -> None:
        """Hide every cell of the row."""
        for cell in self.system.cells[row].cells:
            if self.sheet.status[cell] in (SHOWN, PRIMARY):
                self.sheet.status[cell] = WITHHELD
                self.protects[cell] = self.system.name(protected)
        self.system.set_window(row, self.sheet, self.rule)

    @contextmanager
    def without(self, rows: Sequence[int]) -> Iterator[None]:
        """As if these rows were withheld."""
        system, at = self.system, list(rows)
        before = system.low[at], system.high[at]
        cells = [system.cells[row] for row in at]
        system.narrow(at, [cell.low for cell in cells], [cell.high for cell in cells])
        yield
        system.narrow(at, *before)

    def choose(self, row: int, is_enough: Callable[[], bool]) -> list[int]:
        """The rows to withhold for this one: of those above it the nearest that are enough, less
        those among them that are not needed. Empty: all that could be withheld is not enough."""
        candidates = self.above(row)
        number = 1
        while not self._is_enough(candidates[:number], is_enough):
            if number >= len(candidates):
                return []
            number *= 2
        return self._fewest(candidates[:number], is_enough)

    def _fewest(self, rows: list[int], is_enough: Callable[[], bool]) -> list[int]:
        """Leave out what is not needed, the furthest first, in ever smaller pieces."""
        piece = len(rows) // 2
        while piece:
            end = len(rows)
            while end > 0:
                fewer = rows[: max(0, end - piece)] + rows[end:]
                if fewer and self._is_enough(fewer, is_enough):
                    rows = fewer
                end -= piece
            piece //= 2
        return rows

    def _is_enough(self, rows: Sequence[int], is_enough: Callable[[], bool]) -> bool:
        with self.without(rows):
            return is_enough()

    def above(self, row: int) -> list[int]:
        """What may be withheld for a row: the same category of larger areas, the totals of its own
        area and of larger ones, the row itself, then whatever else is tied to it, last what has
        none of its boroughs and tells of them by way of areas that hold both; nearest first, and
        what is truly 0 after all others."""
        system = self.system
        number = len(system.cells)
        shared = system.row_boroughs[:number] & system.row_boroughs[row]
        meets, covers = shared.any(axis=1), shared.sum(axis=1) == system.row_boroughs[row].sum()
        size = system.row_boroughs[:number].sum(axis=1)
        ranked = []
        for other in range(number):
            rank = self._rank(row, other, bool(covers[other]))
            if rank is not None and self.may_withhold(other):
                apart, zero = not meets[other], system.activity[other] == 0
                ranked.append((apart, zero, rank, size[other], system.cells[other].key, other))
        return [other for *_, other in sorted(ranked)]

    def _rank(self, row: int, other: int, covers: bool) -> int | None:
        mine, key = self.system.cells[row].key, self.system.cells[other].key
        if key.measure not in self._group[mine.measure]:
            return None
        if other == row:
            return 2
        if not covers:
            return 4
        if (key.measure, *key[3:]) == (mine.measure, *mine[3:]):
            return 0
        return 1 if (key.measure, key.breakdown) == (mine.measure, TOTAL) else 3
