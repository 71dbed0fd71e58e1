"""What an attacker knows, as one system over whole numbers.

An unknown is one count of one borough. A row is a sum of unknowns and the range that it is known to
lie in: a released cell, the categories of a breakdown beside their total, a relation of measures.
Figures of a borough that no revision changed are the same unknowns in every release; revised ones
are unknowns of their own. Cells over the same unknowns are one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gapmap.disclosure.rule import SHOWN, Rule
from gapmap.disclosure.sheets import CellKey, Sheet

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Unknown(NamedTuple):
    """One count of one borough; `version` tells the counts before a revision from those after."""

    quarter: str
    measure: str
    breakdown: str
    category: str
    borough: int
    version: int


@dataclass
class Row:
    """A sum of unknowns. `cells`: what the coming release has of it; `low` and `high`: what else is
    known of it. `shown`: an earlier release showed it, so that hiding it helps nobody."""

    unknowns: tuple[int, ...]
    quarter: str
    key: CellKey
    low: float = 0
    high: float = inf
    cells: list[CellKey] = field(default_factory=list)
    hidden: bool = False
    shown: bool = False


@dataclass(frozen=True)
class Link:
    """What holds before anything is released: low <= sum of factor times unknown <= high.
    `parts`: how many of the first unknowns make up a number that stays while they change among
    themselves: the categories of a breakdown beside their total."""

    unknowns: tuple[int, ...]
    factors: tuple[int, ...]
    low: float
    high: float
    parts: int = 0


@dataclass
class Collected:
    """The unknowns, rows and links of all sheets."""

    boroughs: tuple[str, ...]
    unknowns: list[Unknown]
    truth: list[int]
    rows: list[Row]
    links: list[Link]


class System:
    """The whole in arrays. Rows of `low`, `high` and `activity` are the rows of cells, then links.

    `entry_row`, `entry_unknown` and `entry_factor` are the matrix, sorted by unknown; the entries
    of unknown u are those from `start[u]` to `start[u + 1]`. `state` counts how often the windows
    of rows were changed: what was made of them holds as long as it is the same.
    """

    def __init__(self, collected: Collected, sheet: Sheet, rule: Rule) -> None:
        self.boroughs = collected.boroughs
        self.unknowns = collected.unknowns
        self.cells, self.links = collected.rows, collected.links
        self.truth = np.array(collected.truth, np.int64)
        self.borough = np.array([u.borough for u in self.unknowns], np.int64)
        self._lay_out()
        of_links = [(link.low, link.high) for link in self.links]
        ends = [*((row.low, row.high) for row in self.cells), *of_links]
        self.low, self.high = np.array(ends, np.float64).reshape(-1, 2).T.copy()
        self.state = 0
        for row in range(len(self.cells)):
            self.set_window(row, sheet, rule)
        self._check()

    def _lay_out(self) -> None:
        ones = [(1,) * len(row.unknowns) for row in self.cells]
        factors = [*ones, *(link.factors for link in self.links)]
        members = [*(r.unknowns for r in self.cells), *(link.unknowns for link in self.links)]
        rows = np.repeat(np.arange(len(members)), [len(m) for m in members])
        unknowns = np.array([u for m in members for u in m], np.int64)
        order = np.argsort(unknowns, kind="stable")
        self.entry_row, self.entry_unknown = rows[order], unknowns[order]
        self.entry_factor = np.array([f for m in factors for f in m], np.int64)[order]
        self.start = np.searchsorted(self.entry_unknown, np.arange(len(self.unknowns) + 1))
        self.activity = self.sums(self.truth)
        self.row_boroughs = np.zeros((len(members), len(self.boroughs)), np.bool_)
        self.row_boroughs[self.entry_row, self.borough[self.entry_unknown]] = True

    def sums(self, values: Ints) -> Ints:
        """What each row comes to with these values of the unknowns."""
        weighed = self.entry_factor * values[self.entry_unknown]
        total = np.bincount(self.entry_row, weighed, len(self.cells) + len(self.links))
        return np.rint(total).astype(np.int64)

    def set_window(self, row: int, sheet: Sheet, rule: Rule) -> None:
        """Take what the coming release tells of a row from the sheet as it stands."""
        known = self.cells[row]
        windows = [rule.window(sheet.count[c], sheet.status[c]) for c in known.cells]
        low = max([known.low, *(low for low, _ in windows)])
        self.narrow([row], [low], [min([known.high, *(high for _, high in windows)])])

    def narrow(self, rows: Sequence[int], low: Any, high: Any) -> None:
        """Give rows these windows."""
        self.low[rows], self.high[rows] = low, high
        self.state += 1

    def is_hidden(self, row: int, sheet: Sheet) -> bool:
        """Whether a cell of the row is hidden and nothing shows what it comes to."""
        known = self.cells[row]
        statuses = [sheet.status[cell] for cell in known.cells]
        hidden = known.hidden or any(status != SHOWN for status in statuses)
        return hidden and not known.shown and SHOWN not in statuses

    def _check(self) -> None:
        """Raises ValueError where the true figures do not obey what is said of them."""
        wrong = np.flatnonzero((self.activity < self.low) | (self.activity > self.high))
        if wrong.size:
            name = self.name(int(wrong[0]))
            raise ValueError(f"the figures do not agree with each other: {name}")

    def name(self, row: int) -> str:
        """A row in words, for messages and findings."""
        if row < len(self.cells):
            return f"{self.cells[row].quarter} · {' · '.join(self.cells[row].key)}"
        parts = [self.unknowns[u] for u in self.links[row - len(self.cells)].unknowns]
        borough = self.boroughs[parts[0].borough]
        names = ", ".join(" · ".join(part[:4]) for part in parts[:2])
        return f"{borough}: {names}"

    def rows_of(self, unknowns: Ints) -> Ints:
        """The rows that any of the unknowns stands in."""
        spans = [self.entry_row[self.start[u] : self.start[u + 1]] for u in unknowns]
        return np.unique(np.concatenate(spans)) if spans else np.zeros(0, np.int64)


def members_of_areas(
    areas: Sequence[tuple[str, str, str]],
) -> dict[str, list[tuple[str, str]]]:
    """The areas above it that each borough lies in, as (level, area)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for level, area, borough in areas:
        within = found.setdefault(borough, [])
        if level != "borough":
            within.append((level, area))
    return {borough: sorted(found[borough]) for borough in sorted(found)}
