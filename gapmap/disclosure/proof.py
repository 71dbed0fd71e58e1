"""What is proved so far: which other values each hidden sum can have, for each viewer.

A witness is a change of the true counts that agrees with everything released. It holds for every
viewer who knows none of the boroughs that it changes. Three values are proved once two witnesses
that hold for a viewer change a sum by different amounts; the truth is the third.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from gapmap.disclosure.system import Bools, Ints, System

SHARED = ("partnership", "command unit", "integrated care board")
FURTHEST = 15  # changes beyond it count as one value


@dataclass(frozen=True)
class Viewers:
    """Who looks on. `known`: viewer by borough, whose exact figures the viewer knows."""

    names: tuple[str, ...]
    known: Bools


def all_viewers(areas: Sequence[tuple[str, str, str]], boroughs: Sequence[str]) -> Viewers:
    """The public, each borough's lead, and each two leads whose boroughs share an area of SHARED.

    `areas`: level, area, borough.
    """
    near = sharing_areas(areas, boroughs)
    pairs = [
        (one, other)
        for (at, one), (to, other) in combinations(enumerate(boroughs), 2)
        if near[at, to]
    ]
    knowing: list[tuple[str, ...]] = [(), *((borough,) for borough in boroughs), *pairs]
    known = np.array([[b in of for b in boroughs] for of in knowing], np.bool_)
    return Viewers(tuple(_words(of) for of in knowing), known)


def sharing_areas(areas: Sequence[tuple[str, str, str]], boroughs: Sequence[str]) -> Bools:
    """By borough and borough, whether they share an area of SHARED, as each does with itself."""
    number = {borough: at for at, borough in enumerate(boroughs)}
    kept = [area for area in areas if area[0] in SHARED]
    names = {name: at for at, name in enumerate(sorted({area[:2] for area in kept}))}
    within = np.zeros((len(boroughs), len(names)), np.int64)
    for level, area, borough in kept:
        within[number[borough], names[level, area]] = 1
    return np.asarray((within @ within.T > 0) | np.eye(len(boroughs), dtype=np.bool_))


def _words(boroughs: tuple[str, ...]) -> str:
    if not boroughs:
        return "public"
    return f"lead{'s' if len(boroughs) > 1 else ''} of {' and '.join(boroughs)}"


class Proof:
    """`rows`: the hidden sums. By hidden sum and viewer, `needed`: how many values must be proved;
    `seen`: a bit for each change that is witnessed."""

    def __init__(self, system: System, rows: Ints, viewers: Viewers, needed: Ints) -> None:
        self.system, self.rows, self.viewers, self.needed = system, rows, viewers, needed
        self.seen = np.zeros((len(rows), len(viewers.names)), np.uint32)
        self._at = np.full(len(system.low), -1, np.int64)
        self._at[rows] = np.arange(len(rows))

    @property
    def open(self) -> Bools:
        """By hidden sum and viewer, where fewer values are proved than are needed."""
        return self.open_in(slice(None))

    def open_in(self, at: Any) -> Bools:
        """Some of `open`, picked out as of an array."""
        return np.asarray(np.bitwise_count(self.seen[at]) + 1 < self.needed[at])

    def is_open(self, place: int, viewer: int) -> bool:
        """Of one hidden sum and viewer, whether fewer values are proved than are needed."""
        return int(self.seen[place, viewer]).bit_count() + 1 < int(self.needed[place, viewer])

    def place(self, rows: Ints) -> Ints:
        """Where rows of the system stand among the hidden ones; -1: nowhere."""
        return self._at[rows]

    def record(self, place: int, holds: Bools, change: int) -> None:
        """A change of one hidden sum is witnessed for the viewers for whom it holds."""
        self.seen[place] |= np.where(holds, bit(change), np.uint32(0))

    def witness(self, unknowns: Ints, change: Ints) -> None:
        """Take in a table that differs from the true one by `change` in `unknowns`."""
        support = np.zeros(len(self.system.boroughs), np.bool_)
        support[self.system.borough[unknowns]] = True
        holds = np.asarray(~(self.viewers.known & support).any(axis=1))
        rows, by = self._changes(unknowns, change)
        for place, amount in zip(self.place(rows).tolist(), by.tolist(), strict=True):
            if place >= 0 and amount:
                self.record(place, holds, amount)

    def _changes(self, unknowns: Ints, change: Ints) -> tuple[Ints, Ints]:
        system = self.system
        spans = [slice(system.start[u], system.start[u + 1]) for u in unknowns]
        rows = np.concatenate([system.entry_row[span] for span in spans])
        factors = np.concatenate([system.entry_factor[span] for span in spans])
        weighed = factors * np.repeat(change, [span.stop - span.start for span in spans])
        found, inverse = np.unique(rows, return_inverse=True)
        by = np.rint(np.bincount(inverse, weighed, len(found))).astype(np.int64)
        return found, by


def bit(change: int) -> np.uint32:
    """The bit of a change of a sum; those that are further away share one on each side."""
    return np.uint32(1 << (min(FURTHEST, max(-FURTHEST, change)) + FURTHEST))
