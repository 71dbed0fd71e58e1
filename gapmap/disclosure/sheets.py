"""The releases that an attacker lays side by side, as plain rows: the coming one and all before.

A sheet holds the cells of one release of one quarter by (measure, level, area, breakdown,
category): the exact count and the status under which it is or was released.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa

from gapmap.disclosure.rule import PRIMARY, SHOWN, STICKY, Rule
from gapmap.measure import Lattice

KEY_COLUMNS = ("measure", "level", "area_code", "breakdown", "category")


class CellKey(NamedTuple):
    """A cell of one release of one quarter."""

    measure: str
    level: str
    area: str
    breakdown: str
    category: str


@dataclass(frozen=True)
class Earlier:
    """One earlier release whose figures were ever shown.

    `figures`: measure, quarter, level, area_code, breakdown, category, exact, value, marker and
    status, one row per cell. `rule`: the one that it was made by; None is the present one.
    """

    release_id: str
    quarter: str
    figures: pa.Table
    rule: Rule | None = None


@dataclass
class Sheet:
    """The cells of one release of a quarter. `count` and `status` have the same keys; `rule` as of
    the release."""

    quarter: str
    count: dict[CellKey, int]
    status: dict[CellKey, str]
    rule: Rule | None = None


def _cells(figures: pa.Table, exact: str) -> Iterator[tuple[CellKey, int]]:
    columns = [figures[name].to_pylist() for name in KEY_COLUMNS]
    keys = map(CellKey._make, zip(*columns, strict=True))
    return zip(keys, figures[exact].to_pylist(), strict=True)


def earlier_sheet(release: Earlier, measures: Iterable[str]) -> Sheet:
    """An earlier release, with these measures alone."""
    kept = set(measures)
    count: dict[CellKey, int] = {}
    status: dict[CellKey, str] = {}
    statuses = release.figures["status"].to_pylist()
    for (key, exact), said in zip(_cells(release.figures, "exact"), statuses, strict=True):
        if key.measure in kept:
            count[key], status[key] = exact, said
    return Sheet(release.quarter, count, status, release.rule)


def coming_sheet(quarter: str, exact: pa.Table, before: Sequence[Sheet], rule: Rule) -> Sheet:
    """The release to be made, by the rule alone. What an earlier release of the quarter hid stays
    hidden; where it has no row any more it has one of 0.

    Raises ValueError on a row of another quarter, a cell given twice and a count below 0.
    """
    if set(exact["quarter"].to_pylist()) - {quarter}:
        raise ValueError(f"the figures must all be of {quarter}")
    count: dict[CellKey, int] = {}
    for key, value in _cells(exact, "value"):
        if key in count:
            raise ValueError(f"{' · '.join(key)} is there twice; each cell has one row")
        if value is None:
            raise ValueError(f"{' · '.join(key)} has no count; figures must be exact")
        count[key] = value
    status = {key: rule.status(value) for key, value in count.items()}
    same = [sheet for sheet in before if sheet.quarter == quarter]
    for key in sorted(hidden_before(same)):
        if key in count:
            status[key] = _stays(key, count[key], same, rule)
        elif _is_zero_now(key, count):
            count[key], status[key] = 0, STICKY
    return Sheet(quarter, count, status)


def hidden_before(same: Sequence[Sheet]) -> set[CellKey]:
    """The cells that any earlier release of the quarter hid."""
    return {key for sheet in same for key, status in sheet.status.items() if status != SHOWN}


def _stays(key: CellKey, count: int, same: Sequence[Sheet], rule: Rule) -> str:
    """Primary where it was released so with this very count; nobody can tell what else it is."""
    as_before = any(
        sheet.status.get(key) == PRIMARY and sheet.count[key] == count for sheet in same
    )
    return PRIMARY if as_before and rule.status(count) == PRIMARY else STICKY


def _is_zero_now(key: CellKey, count: Mapping[CellKey, int]) -> bool:
    """Whether a cell without a row is a category of 0: its area has a total."""
    return key._replace(breakdown="total", category="all") in count


def linked_measures(lattice: Lattice) -> tuple[frozenset[str], ...]:
    """The measures that relations tie together, in groups; one that stands alone is a group."""
    groups = [{name} for name in lattice.measures]
    for relation in lattice.relations:
        tied = {relation.left.measure, relation.right.measure}
        joined = [group for group in groups if group & tied]
        groups = [group for group in groups if not group & tied] + [set().union(*joined)]
    return tuple(frozenset(group) for group in groups)


def measures_across_quarters(lattice: Lattice) -> frozenset[str]:
    """The measures whose figures of one quarter tell something of another's."""
    spanning = {r.left.measure for r in lattice.relations if r.kind == "four quarters of"}
    spanning |= {measure.name for measure in lattice.measures.values() if measure.stands}
    groups = (group for group in linked_measures(lattice) if group & spanning)
    return frozenset[str]().union(*groups)


def sheets_before(quarter: str, earlier: Sequence[Earlier], lattice: Lattice) -> list[Sheet]:
    """Earlier releases, oldest first: of the quarter itself whole, of all others what is tied
    across quarters. However far away: sums of four quarters overlap, so each tells of the next."""
    spanning = measures_across_quarters(lattice)
    return [
        earlier_sheet(release, lattice.measures if release.quarter == quarter else spanning)
        for release in earlier
        if spanning or release.quarter == quarter
    ]
