"""Witnesses found by walking from the true counts, for all viewers at once.

Each step is a move of one: a category of a breakdown gives to another in one borough, and takes it
back in a second borough or in none; a count that nothing ties moves alone. Every table that a walk
passes through agrees with all that is released, so each value that a sum has on the way is proved.
The steps are drawn by a generator with a fixed seed: the same figures are walked the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gapmap.disclosure.moves import Slack, Slice, slices
from gapmap.disclosure.proof import FURTHEST, Proof
from gapmap.disclosure.system import Bools, Ints

PROPOSALS = 8
AT_ONCE = 400  # proposals of all walkers; a single one makes as many by itself
PATIENCE = 20  # steps without anything proved
MOST_STEPS = 400
SEED = 7


@dataclass(frozen=True)
class Moves:
    """`rows` and `changes`: by move the rows that change and by how much, filled up with a row
    without limits. `units`: the two units that a move touches, the same one twice where it is one.
    """

    unknowns: Ints
    rows: Ints
    changes: Ints
    units: Ints


def _pairs(part: Slice) -> tuple[Ints, Ints]:
    """Units (two, or one twice) and categories (two, or one twice where nothing is summed)."""
    there = part.unknowns >= 0
    number = part.unknowns.shape[1]
    apart = np.triu(np.ones((number, number), np.bool_), 1) if part.summed else np.eye(number) > 0
    both = there[:, :, None] & there[:, None, :] & apart
    one, other = np.triu_indices(len(there))
    which, first, second = np.nonzero(both[one] & both[other])
    return np.stack([one[which], other[which]], 1), np.stack([first, second], 1)


def moves_of(part: Slice, slack: Slack) -> Moves:
    """Every move of one of a slice."""
    units, categories = _pairs(part)
    alone = units[:, 0] == units[:, 1]
    nobody = len(slack.own_up) - 1
    columns, factors = [], []
    for unit, of_unit in ((0, 1), (1, -1)):
        for side, of_side in ((0, 1), (1, -1)):
            unknown = part.unknowns[units[:, unit], categories[:, side]]
            idle = (alone if unit else np.zeros_like(alone)) | (not part.summed and side == 1)
            columns.append(np.where(idle, nobody, unknown))
            factors.append(np.full(len(units), of_unit * of_side))
    unknowns = np.stack(columns, 1)
    rows = slack.rows[unknowns]
    _strike_shared(rows, len(slack.up) - 1)
    own = len(slack.up) + unknowns[:, :, None]
    rows = np.concatenate([rows, own], 2)
    changes = np.repeat(np.stack(factors, 1)[:, :, None], rows.shape[2], 2)
    flat = (len(units), rows.shape[1] * rows.shape[2])
    return Moves(unknowns, rows.reshape(flat), changes.reshape(flat), units)


def _strike_shared(rows: Ints, nowhere: int) -> None:
    """A row that holds both units does not change."""
    for one, other in ((0, 2), (1, 3)):
        same = rows[:, one, :, None] == rows[:, other, None, :]
        rows[:, one][same.any(2)] = nowhere
        rows[:, other][same.any(1)] = nowhere


class Walk:
    """One slice, walked for every viewer for whom something in it is open."""

    def __init__(self, proof: Proof, part: Slice, slack: Slack) -> None:
        self.proof, self.moves = proof, moves_of(part, slack)
        self.most = np.concatenate([slack.up, slack.own_up])
        self.least = -np.concatenate([slack.down, slack.own_down])
        place = proof.place(np.arange(len(slack.up) - 1))
        nowhere = np.full(1 + len(slack.own_up), -1)
        self.place = np.concatenate([place, nowhere])
        self.mine = self._places(part, slack)
        self.walkers = np.flatnonzero(proof.open_in(self.mine).any(axis=0))
        known = proof.viewers.known[self.walkers][:, part.borough]
        self.barred = known[:, self.moves.units[:, 0]] | known[:, self.moves.units[:, 1]]
        self.change = np.zeros((len(self.walkers), len(self.most)), np.int64)
        self._index(len(slack.own_up))

    def _places(self, part: Slice, slack: Slack) -> Ints:
        rows = np.unique(slack.rows[part.unknowns[part.unknowns >= 0]])
        places = self.proof.place(rows[rows < len(slack.up) - 1])
        return np.asarray(places[places >= 0])

    def _index(self, unknowns: int) -> None:
        """The moves of each unknown, one unknown after the other."""
        flat = self.moves.unknowns.ravel()
        order = np.argsort(flat, kind="stable")
        self.by_unknown = order // 4
        self.first = np.searchsorted(flat[order], np.arange(unknowns + 1))
        system = self.proof.system
        members = [system.cells[row].unknowns for row in self.proof.rows]
        self.members = np.array([u for found in members for u in found], np.int64)
        self.members_from = np.cumsum([0, *map(len, members)])

    def go(self) -> None:
        """Walk until all is proved or nothing more is."""
        if not len(self.walkers) or not len(self.moves.units):
            return
        draw = np.random.default_rng(SEED)
        idle, left = 0, self._open().sum()
        for step in range(MOST_STEPS):
            if step % 20 == 0:
                now = self._open()
                idle = 0 if now.sum() < left else idle + 20
                left = now.sum()
                if not left or idle > PATIENCE:
                    return
                wanted = [np.flatnonzero(column) for column in now.T]
            self._step(draw, wanted)

    def _open(self) -> Bools:
        return self.proof.open_in(np.ix_(self.mine, self.walkers))

    def _propose(self, draw: np.random.Generator, wanted: list[Ints]) -> tuple[Ints, Ints]:
        """Moves that change something open, and which way round, by walker and proposal."""
        lengths = np.array([len(found) for found in wanted])
        flat = np.concatenate([*wanted, np.zeros(1, np.int64)])
        starts = np.cumsum([0, *lengths[:-1]])
        shape = (len(self.walkers), max(PROPOSALS, AT_ONCE // len(self.walkers)))
        at = (draw.random(shape) * np.maximum(lengths, 1)[:, None]).astype(np.int64)
        place = self.mine[flat[starts[:, None] + at]]
        size = self.members_from[place + 1] - self.members_from[place]
        nth = (draw.random(shape) * size).astype(np.int64)
        member = self.members[self.members_from[place] + nth]
        number = self.first[member + 1] - self.first[member]
        nth = self.first[member] + (draw.random(shape) * number).astype(np.int64)
        move = self.by_unknown[np.minimum(nth, len(self.by_unknown) - 1)]
        return move, draw.integers(0, 2, shape) * 2 - 1

    def _step(self, draw: np.random.Generator, wanted: list[Ints]) -> None:
        move, way = self._propose(draw, wanted)
        walker = np.arange(len(self.walkers))
        rows = self.moves.rows[move]
        by = self.moves.changes[move] * way[:, :, None]
        after = self.change[walker[:, None, None], rows] + by
        fits = ((after <= self.most[rows]) & (after >= self.least[rows])).all(axis=2)
        fits &= ~self.barred[walker[:, None], move]
        going = np.flatnonzero(fits.any(axis=1))
        chosen = fits[going].argmax(axis=1)
        rows, after = rows[going, chosen], after[going, chosen]
        self.change[going[:, None], rows] = after
        self.change[:, len(self.most) - 1] = 0
        self._record(going, rows, after)

    def _record(self, going: Ints, rows: Ints, after: Ints) -> None:
        place = self.place[rows]
        told = (place >= 0) & (after != 0)
        near = np.clip(after[told], -FURTHEST, FURTHEST) + FURTHEST
        bits = np.left_shift(np.uint32(1), near.astype(np.uint32))
        viewer = np.broadcast_to(self.walkers[going][:, None], rows.shape)[told]
        self.proof.seen[place[told], viewer] |= bits


def walk(proof: Proof) -> None:
    """Walk every slice in which something is open."""
    slack = Slack(proof.system)
    still = proof.rows[proof.open.any(axis=1)]
    for part in slices(proof.system, still):
        Walk(proof, part, slack).go()
