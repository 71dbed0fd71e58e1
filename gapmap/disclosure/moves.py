"""Witnesses that need no solver: a few counts change by one or two, all at once tried in arrays.

Within a borough one category of a breakdown gives to another; between two boroughs they swap, so
that every area that holds both stays as it is. Where nothing ties a count to others it moves alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from gapmap.disclosure.proof import Proof
from gapmap.disclosure.system import Bools, Floats, Ints, System

AMOUNTS = (1, 2)


@dataclass(frozen=True)
class Slice:
    """One breakdown of one measure in one quarter. `unknowns`: by unit (a borough in a version) and
    category, -1 where there is none. `summed`: its categories add up to a total, which stays."""

    unknowns: Ints
    borough: Ints
    summed: bool


def slices(system: System, rows: Ints) -> list[Slice]:
    """The slices that any of the rows is a sum in."""
    key_of = slice_keys(system)
    needed = {key_of[system.cells[row].unknowns[0]] for row in rows}
    members: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, key in enumerate(key_of):
        if key in needed:
            members[key].append(number)
    summed = {u for link in system.links for u in link.unknowns[: link.parts]}
    return [_slice(system, found, found[0] in summed) for _, found in sorted(members.items())]


def slice_keys(system: System) -> list[tuple[str, str, str]]:
    """By unknown its quarter, measure and breakdown; two measures that add up to a number that is
    public are taken together, as the categories of a breakdown are."""
    together: dict[str, str] = {}
    for link in system.links:
        measures = {system.unknowns[u].measure for u in link.unknowns[: link.parts]}
        together |= dict.fromkeys(measures, min(measures, default=""))
    return [(u.quarter, together.get(u.measure, u.measure), u.breakdown) for u in system.unknowns]


def _slice(system: System, members: list[int], summed: bool) -> Slice:
    named = [system.unknowns[number] for number in members]
    units = sorted({(u.borough, u.version) for u in named})
    categories = sorted({(u.measure, u.category) for u in named})
    unit_at = {unit: at for at, unit in enumerate(units)}
    category_at = {category: at for at, category in enumerate(categories)}
    unknowns = np.full((len(units), len(categories)), -1, np.int64)
    for number, u in zip(members, named, strict=True):
        unknowns[unit_at[u.borough, u.version], category_at[u.measure, u.category]] = number
    return Slice(unknowns, np.array([borough for borough, _ in units], np.int64), summed)


class Slack:
    """How far each unknown can move while everything else stays, row by row.

    `rows`: by unknown the rows of cells that it stands in, filled up with a row without limits.
    `own_up`, `own_down`: what links, and not being below 0, leave it.
    """

    def __init__(self, system: System) -> None:
        number = len(system.cells)
        self.up = np.append(system.high[:number] - system.activity[:number], np.inf)
        self.down = np.append(system.activity[:number] - system.low[:number], np.inf)
        self.own_up = np.full(len(system.unknowns) + 1, np.inf)
        self.own_down = np.append(system.truth.astype(np.float64), np.inf)
        self._take_links(system)
        of_cells = system.entry_row < number
        kept_row, kept_unknown = system.entry_row[of_cells], system.entry_unknown[of_cells]
        first = np.searchsorted(kept_unknown, np.arange(len(system.unknowns)))
        depth = np.arange(len(kept_row)) - first[kept_unknown]
        width = int(depth.max()) + 1 if len(depth) else 1
        self.rows = np.full((len(system.unknowns) + 1, width), number, np.int64)
        self.rows[kept_unknown, depth] = kept_row

    def _take_links(self, system: System) -> None:
        """A sum is kept by the moves of a breakdown, and stops those of its total."""
        for at, link in enumerate(system.links, len(system.cells)):
            up = system.high[at] - system.activity[at]
            down = system.activity[at] - system.low[at]
            for place in range(link.parts, len(link.unknowns)):
                unknown, rises = link.unknowns[place], link.factors[place] > 0
                more, less = (up, down) if rises else (down, up)
                self.own_up[unknown] = min(self.own_up[unknown], more)
                self.own_down[unknown] = min(self.own_down[unknown], less)


@dataclass(frozen=True)
class Steps:
    """By unit, other unit and category, whether the first can give that much to the second
    (`falls`) or take it (`rises`). The last "other unit" is none: the unit moves alone."""

    rises: Bools
    falls: Bools


def steps(part: Slice, slack: Slack, amount: int) -> Steps:
    """The moves by `amount` that agree with everything."""
    up, down = _alone(part, slack), _alone(part, slack, falling=True)
    there = part.unknowns >= 0
    # ups[b, c, k]: k can rise in b though c falls by as much; without c in the last place.
    ups = _apart(part, slack, slack.up, up)
    downs = _apart(part, slack, slack.down, down)
    can_rise = (ups >= amount) & there[:, None, :]
    can_fall = (downs >= amount) & there[:, None, :]
    swap = can_rise[:, :-1] & can_fall[:, :-1].transpose(1, 0, 2)
    rises = np.concatenate([swap, can_rise[:, -1:]], axis=1)
    falls = np.concatenate([swap.transpose(1, 0, 2), can_fall[:, -1:]], axis=1)
    if not part.summed:
        return Steps(rises, falls)
    return Steps(rises & _another(falls), falls & _another(rises))


def _another(possible: Bools) -> Bools:
    """By category: whether another category of the same place is possible."""
    number = np.asarray(possible.sum(axis=2, keepdims=True))
    return np.asarray((number - possible) > 0)


def _alone(part: Slice, slack: Slack, falling: bool = False) -> Floats:
    own = slack.own_down if falling else slack.own_up
    return np.asarray(own[part.unknowns])


def _apart(part: Slice, slack: Slack, limits: Floats, own: Floats) -> Floats:
    """The room that the rows leave which hold the unit and not the other one."""
    rows = slack.rows[part.unknowns]  # unit, category, row
    units = len(rows)
    room = np.empty((units, units + 1, rows.shape[1]))
    room[:, -1] = np.minimum(limits[rows].min(axis=2), own)
    for unit in range(units):
        mine = rows[unit][None, :, :, None]  # other, category, my row, its row
        shared = (mine == rows[:, :, None, :]).any(axis=3)
        left = np.where(shared, np.inf, limits[rows[unit]][None]).min(axis=2)
        room[unit, :units] = np.minimum(left, own[unit])
    return room


def try_moves(proof: Proof) -> None:
    """Prove what single moves and swaps from the true counts prove."""
    slack = Slack(proof.system)
    for part in slices(proof.system, proof.rows):
        owner = np.full(len(proof.system.unknowns), -1, np.int64)
        there = part.unknowns >= 0
        owner[part.unknowns[there]] = np.nonzero(there)[0]
        category = np.full(len(proof.system.unknowns), -1, np.int64)
        category[part.unknowns[there]] = np.nonzero(there)[1]
        for amount in AMOUNTS:
            found = steps(part, slack, amount)
            _prove(proof, part, owner, category, found.rises, amount)
            _prove(proof, part, owner, category, found.falls, -amount)


def _prove(
    proof: Proof, part: Slice, owner: Ints, category: Ints, moves: Bools, change: int
) -> None:
    """Record each hidden sum of the slice that holds one side of a move and not the other."""
    free = np.ones((len(proof.viewers.names), len(part.borough) + 1), np.float32)
    free[:, :-1] = ~proof.viewers.known[:, part.borough]
    weights = moves.astype(np.float32)
    open_rows = np.flatnonzero(proof.open.any(axis=1))
    for place in open_rows.tolist():
        unknowns = np.array(proof.system.cells[proof.rows[place]].unknowns)
        if owner[unknowns[0]] < 0:
            continue
        inside = owner[unknowns]
        outside = np.ones(len(part.borough) + 1, np.bool_)
        outside[inside] = False
        reach = free[:, inside] @ weights[inside, :, category[unknowns[0]]][:, outside]
        holds = np.asarray((reach * free[:, outside]).any(axis=1))
        proof.record(place, holds, change)
