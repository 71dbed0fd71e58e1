"""Every table that is taken for a witness agrees with all that is known, row by row."""

from __future__ import annotations

import numpy as np
import pytest

from gapmap.disclosure.collecting import Collecting
from gapmap.disclosure.moves import Slack, slices
from gapmap.disclosure.proof import Proof, all_viewers
from gapmap.disclosure.rule import Rule
from gapmap.disclosure.searching import Parts
from gapmap.disclosure.sheets import coming_sheet, linked_measures
from gapmap.disclosure.solving import Solver
from gapmap.disclosure.system import Ints, System, members_of_areas
from gapmap.disclosure.walking import Walk
from gapmap.disclosure.withholding import Withholding
from gapmap.measure import lattice
from tests.gapmap.disclosure.lattices import QUARTER, areas_of, cells, exact_table

AREAS = areas_of({"P": ["A", "B", "C"], "Q": ["D", "E"]})
COUNTS = {
    "A": {"x": 3, "y": 4, "z": 12},
    "B": {"x": 5, "y": 2, "z": 9},
    "C": {"x": 2, "y": 6, "z": 14},
    "D": {"x": 4, "y": 3, "z": 21},
    "E": {"x": 6, "y": 5, "z": 8},
}


@pytest.fixture
def proof() -> Proof:
    rule = Rule(7, 5)
    sheet = coming_sheet(QUARTER, exact_table(cells(COUNTS, AREAS)), [], rule)
    within = members_of_areas(AREAS)
    system = System(Collecting(within, lattice(), rule).collect([], sheet), sheet, rule)
    rows = np.array([at for at in range(len(system.cells)) if system.is_hidden(at, sheet)])
    viewers = all_viewers(AREAS, system.boroughs)
    needed = np.full((len(rows), len(viewers.names)), 3)
    return Proof(system, rows, viewers, needed)


def test_what_has_other_boroughs_is_withheld_last(proof: Proof) -> None:
    system, rule = proof.system, Rule(7, 5)
    sheet = coming_sheet(QUARTER, exact_table(cells(COUNTS, AREAS)), [], rule)
    withholding = Withholding(system, sheet, rule, linked_measures(lattice()))
    row = int(proof.rows[0])
    order = [
        (system.row_boroughs[at] & system.row_boroughs[row]).any() for at in withholding.above(row)
    ]
    assert order == sorted(order, reverse=True)
    assert set(order) == {True, False}


def test_a_part_is_made_anew_once_a_window_changed(proof: Proof) -> None:
    system = proof.system
    parts = Parts(system, linked_measures(lattice()), AREAS)
    row, nobody = int(proof.rows[0]), np.zeros(len(system.boroughs), np.bool_)
    first, again = (next(parts.around(row, nobody)) for _ in range(2))
    assert first is again
    at = int(np.flatnonzero(first.rows == row)[0])
    system.narrow([row], [system.activity[row]], [system.activity[row]])
    changed = next(parts.around(row, nobody))
    assert (changed.least[at], changed.most[at]) == (0, 0) != (first.least[at], first.most[at])


def agrees(system: System, change: Ints) -> bool:
    table = system.truth + change
    sums = system.sums(table)
    return bool((table >= 0).all() and (sums >= system.low).all() and (sums <= system.high).all())


def test_walks_end_at_tables_that_agree_and_leave_what_is_known(proof: Proof) -> None:
    slack = Slack(proof.system)
    own = len(proof.system.cells) + 1
    moved = 0
    for part in slices(proof.system, proof.rows):
        walk = Walk(proof, part, slack)
        walk.go()
        for at, viewer in enumerate(walk.walkers):
            change = walk.change[at, own : own + len(proof.system.unknowns)]
            known = proof.viewers.known[viewer][proof.system.borough]
            assert agrees(proof.system, change)
            assert not change[known].any()
            moved += int(change.any())
    assert moved


def test_the_solvers_tables_agree_and_change_what_was_asked(proof: Proof) -> None:
    solver = Solver(proof.system)
    parts = Parts(proof.system, linked_measures(lattice()), AREAS)
    found = 0
    for row in proof.rows.tolist():
        for part in parts.around(row, proof.viewers.known[1]):
            at = int(np.flatnonzero(part.rows == row)[0]) if row in part.rows else None
            change = None if at is None else solver.change(part, at, (1, 1), 40)
            if change is not None:
                table = np.zeros(len(proof.system.unknowns), np.int64)
                table[part.free] = change
                assert agrees(proof.system, table)
                moved = proof.system.sums(proof.system.truth + table) - proof.system.activity
                assert moved[row] == 1
                found += 1
    assert found
