"""From the releases to unknowns, rows and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import inf
from typing import Any

from gapmap.calendar_quarter import parse_quarter
from gapmap.disclosure.rule import SHOWN, Rule
from gapmap.disclosure.sheets import CellKey, Sheet
from gapmap.disclosure.system import Collected, Link, Row, Unknown
from gapmap.measure import ALL, TOTAL, Cell, Lattice, Relation

# A block is what is revised together: a breakdown of a measure that has a total, whose absent
# categories are 0; or one cell of a measure without, where absent means that nothing stands.
Block = tuple[str, str, str, str, str]  # quarter, measure, borough, breakdown, category or ""
Place = tuple[str, str, str, str]  # measure, borough, breakdown, category

# The quarter of unknowns that stand in several.
STANDING = ""

_NOTHING: Mapping[str, int] = {}


class Collecting:
    """Unknowns by block and version, rows by the unknowns that they sum."""

    def __init__(
        self,
        areas: Mapping[str, Sequence[tuple[str, str]]],
        lattice: Lattice,
        rule: Rule,
        *,
        assumes: bool = True,
    ) -> None:
        """`assumes`: whether an attacker is taken to know what was never released of a sum of four
        quarters, so that too much is reckoned with rather than too little."""
        self.areas, self.lattice, self.rule = areas, lattice, rule
        self.assumes = assumes
        self.boroughs = tuple(areas)
        self._number = {borough: number for number, borough in enumerate(areas)}
        self._versions: dict[Block, dict[frozenset[tuple[str, int]], dict[str, int]]] = {}
        self.unknowns: list[Unknown] = []
        self.truth: list[int] = []
        self.rows: dict[tuple[int, ...], Row] = {}
        self.links: dict[tuple[Any, ...], Link] = {}
        self._blocks: list[dict[Block, dict[str, int]]] = []
        self._places: list[dict[Place, int]] = []

    def collect(self, before: Sequence[Sheet], coming: Sheet) -> Collected:
        """Everything that is known once the coming release is out."""
        sheets = [*before, coming]
        for sheet in sheets:
            self._take_unknowns(sheet)
        for number, sheet in enumerate(sheets):
            self._places.append(self._places_of(number))
            self._take_rows(number, sheet, sheet is coming)
        for number in range(len(sheets)):
            self._take_sums(number)
            for relation in self.lattice.relations:
                self._take_relation(relation, number, sheets)
        rows, links = list(self.rows.values()), list(self.links.values())
        return Collected(self.boroughs, self.unknowns, self.truth, rows, links)

    # --- unknowns ------------------------------------------------------------------------------

    def _has_total(self, measure: str) -> bool:
        return TOTAL in self.lattice.measures[measure].breakdowns

    def _take_unknowns(self, sheet: Sheet) -> None:
        counts: dict[Block, dict[str, int]] = defaultdict(dict)
        for key, count in sheet.count.items():
            if key.level != "borough":
                continue
            if key.area not in self._number:
                raise ValueError(f"{key.area} is not among the boroughs of the areas")
            if not self._has_total(key.measure):
                part = (sheet.quarter, key.measure, key.area, key.breakdown, key.category)
                counts[part][key.category] = count
                continue
            counts[(sheet.quarter, key.measure, key.area, key.breakdown, "")][key.category] = count
            if key.breakdown == TOTAL:
                for breakdown in self.lattice.measures[key.measure].breakdowns:
                    _ = counts[(sheet.quarter, key.measure, key.area, breakdown, "")]
        self._blocks.append({block: self._version(block, given) for block, given in counts.items()})

    def _version(self, block: Block, given: Mapping[str, int]) -> dict[str, int]:
        """The unknowns of a block, by category: the same ones wherever the counts are the same, in
        every quarter where they are of answers that stand."""
        if self.lattice.measures[block[1]].stands:
            block = (STANDING, *block[1:])
        content = frozenset(item for item in given.items() if item[1] or block[4])
        versions = self._versions.setdefault(block, {})
        number = list(versions).index(content) if content in versions else len(versions)
        members = versions.setdefault(content, {})
        quarter, measure, borough, breakdown, _ = block
        for category, count in given.items():
            if category not in members:
                members[category] = len(self.unknowns)
                at = (quarter, measure, breakdown, category, self._number[borough], number)
                self.unknowns.append(Unknown._make(at))
                self.truth.append(count)
        return members

    def _places_of(self, number: int) -> dict[Place, int]:
        return {
            (measure, borough, breakdown, category): unknown
            for (_, measure, borough, breakdown, _), members in self._blocks[number].items()
            for category, unknown in members.items()
        }

    # --- rows ----------------------------------------------------------------------------------

    def _take_rows(self, number: int, sheet: Sheet, is_coming: bool) -> None:
        summed: dict[CellKey, list[int]] = defaultdict(list)
        for (measure, borough, breakdown, category), unknown in self._places[number].items():
            for level, area in (("borough", borough), *self.areas[borough]):
                key = CellKey(measure, level, area, breakdown, category)
                summed[key].append(unknown)
        for key, unknowns in summed.items():
            self._take_row(key, tuple(sorted(unknowns)), sheet, is_coming)
        for key, count in sheet.count.items():
            if key not in summed and count:
                raise ValueError(f"{' · '.join(key)} has no borough beneath it")

    def _take_row(
        self, key: CellKey, unknowns: tuple[int, ...], sheet: Sheet, is_coming: bool
    ) -> None:
        count = sum(self.truth[unknown] for unknown in unknowns)
        if sheet.count.get(key, 0) != count:
            raise ValueError(f"{' · '.join(key)} is {sheet.count.get(key)}, its boroughs {count}")
        row = self.rows.get(unknowns)
        if row is None:
            row = self.rows[unknowns] = Row(unknowns, sheet.quarter, key)
        status = sheet.status.get(key, SHOWN)
        if is_coming and key in sheet.status:
            row.cells.append(key)
            row.quarter, row.key = sheet.quarter, row.cells[0]
            return
        low, high = (sheet.rule or self.rule).window(count, status)
        row.low, row.high = max(row.low, low), min(row.high, high)
        row.hidden = row.hidden or status != SHOWN
        row.shown = row.shown or status == SHOWN

    # --- links ---------------------------------------------------------------------------------

    def _take_sums(self, number: int) -> None:
        """The categories of each breakdown add up to the total."""
        for (_, measure, borough, breakdown, category), members in self._blocks[number].items():
            total = self._places[number].get((measure, borough, TOTAL, ALL))
            if category or breakdown == TOTAL or total is None:
                continue
            parts = tuple(members.values())
            self._link((*parts, total), (*(1,) * len(parts), -1), 0, 0, len(parts))

    def _link(
        self,
        unknowns: tuple[int, ...],
        factors: tuple[int, ...],
        low: float,
        high: float,
        parts: int = 0,
    ) -> None:
        link = Link(unknowns, factors, low, high, parts)
        self.links.setdefault((unknowns, factors), link)

    def _take_relation(self, relation: Relation, number: int, sheets: Sequence[Sheet]) -> None:
        if relation.beside:
            self._take_at_most(relation, number, sheets[number].quarter)
            return
        for left, right in self._sides(relation, number):
            if relation.kind == "four quarters of":
                self._take_four_quarters(left, relation.right, number, sheets)
                continue
            pair = [u for u in (left, right) if u is not None]
            factors = ((1,) if left is not None else ()) + ((-1,) if right is not None else ())
            if relation.kind == "equal to":
                self._link(tuple(pair), factors, 0, 0)
            elif relation.kind == "at most":
                self._link(tuple(pair), factors, -inf, 0)
            elif len(pair) == 2:
                both = sum(self.truth[unknown] for unknown in pair)
                self._link(tuple(pair), (1, 1), both, both, 2)

    def _take_at_most(self, relation: Relation, number: int, quarter: str) -> None:
        """One sum is no more than another, in every borough of which it is true: it may not be
        where a school is of a type that is not mapped."""
        terms = [(relation.left, 1), (relation.right, -1), *relation.beside]
        for borough in self.boroughs:
            if not all(self._is_held(cell, borough, number) for cell, _ in terms):
                continue
            at = {
                self._places[number].get((c.measure, borough, str(c.breakdown), str(c.category))): f
                for c, f in terms
            }
            found = {unknown: factor for unknown, factor in at.items() if unknown is not None}
            for cell, factor in terms:
                self._cancel(found, cell, factor, borough, number, quarter)
            if (
                found
                and sum(factor * self.truth[unknown] for unknown, factor in found.items()) <= 0
            ):
                self._link(tuple(found), tuple(found.values()), -inf, 0)

    def _cancel(
        self,
        found: dict[int, int],
        cell: Cell,
        factor: int,
        borough: str,
        number: int,
        quarter: str,
    ) -> None:
        """A category that is all that its total is made of cancels it."""
        block = (quarter, cell.measure, borough, str(cell.breakdown), "")
        alone = list(self._blocks[number].get(block, _NOTHING).values())
        total = self._places[number].get((cell.measure, borough, TOTAL, ALL), -1)
        if cell.breakdown == TOTAL or len(alone) != 1:
            return
        if found.get(alone[0]) == factor and found.get(total) == -factor:
            del found[alone[0]], found[total]

    def _sides(self, relation: Relation, number: int) -> Iterator[tuple[int | None, int | None]]:
        """The unknowns of both sides, borough by borough; None: a category that is 0."""
        places = self._places[number]
        for left, right in self._cells_of(relation, number):
            for borough in self.boroughs:
                if self._is_held(left, borough, number) and (
                    relation.kind == "four quarters of" or self._is_held(right, borough, number)
                ):
                    at = [
                        places.get((c.measure, borough, str(c.breakdown), str(c.category)))
                        for c in (left, right)
                    ]
                    if at != [None, None]:
                        yield at[0], at[1]

    def _is_held(self, cell: Cell, borough: str, number: int) -> bool:
        if self._has_total(cell.measure):
            return (cell.measure, borough, TOTAL, ALL) in self._places[number]
        place = (cell.measure, borough, str(cell.breakdown), str(cell.category))
        return place in self._places[number]

    def _cells_of(self, relation: Relation, number: int) -> Iterable[tuple[Cell, Cell]]:
        left, right = relation.left, relation.right
        if left.breakdown is not None:
            return [(left, right)]
        places = sorted({(b, c) for m, _, b, c in self._places[number] if m == left.measure})
        return [(Cell(left.measure, b, c), Cell(right.measure, b, c)) for b, c in places]

    def _take_four_quarters(
        self, year: int | None, part: Cell, number: int, sheets: Sequence[Sheet]
    ) -> None:
        """The sum of four quarters beside those of them that a release was ever made of. What the
        others come to is taken at its true value, or the whole left out."""
        if year is None:
            return
        borough = self.boroughs[self.unknowns[year].borough]
        place = (part.measure, borough, str(part.breakdown), str(part.category))
        own = parse_quarter(sheets[number].quarter)
        held = [self._held_of(place, str(own.plus(-back)), number, sheets) for back in range(4)]
        choices = [found for found in held if found]
        wanted = self.truth[year]
        matching = (
            chosen
            for chosen in product(*choices)
            if len(chosen) == 4 and sum(self.truth[unknown] for unknown in chosen) == wanted
        )
        whole = next(matching, None)
        if whole is None and not self.assumes:
            return
        parts = whole or tuple(found[0] for found in choices)
        rest = wanted - sum(self.truth[unknown] for unknown in parts)
        self._link((year, *parts), (1, *(-1,) * len(parts)), rest, rest)

    def _held_of(
        self, place: Place, quarter: str, number: int, sheets: Sequence[Sheet]
    ) -> list[int]:
        """The unknowns of a place in a quarter, first those that stood then."""
        order = [*range(number, -1, -1), *range(number + 1, len(sheets))]
        found = [
            self._places[other][place]
            for other in order
            if sheets[other].quarter == quarter and place in self._places[other]
        ]
        return list(dict.fromkeys(found))
