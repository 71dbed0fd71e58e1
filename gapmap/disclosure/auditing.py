"""The audit: withhold until nobody can tell any hidden count to fewer than three values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gapmap.disclosure.beforehand import Beforehand
from gapmap.disclosure.bounds import LEAST, Arithmetic, Arithmetics, too_narrow
from gapmap.disclosure.moves import try_moves
from gapmap.disclosure.proof import Proof, Viewers, all_viewers
from gapmap.disclosure.rule import Rule
from gapmap.disclosure.searching import Parts, Search
from gapmap.disclosure.sheets import Sheet, linked_measures
from gapmap.disclosure.solving import Solver
from gapmap.disclosure.system import Ints, System
from gapmap.disclosure.walking import walk
from gapmap.disclosure.withholding import Withholding
from gapmap.measure import Lattice

Progress = Callable[[str, float], None]


class AuditFailed(Exception):
    """Cells can be narrowed down whatever else is withheld: the release cannot be made."""


class Audit:
    """One audit: the system, the release as it stands, and what is proved of it."""

    def __init__(
        self,
        system: System,
        sheet: Sheet,
        rule: Rule,
        areas: Sequence[tuple[str, str, str]],
        declared: Lattice,
        before: Sequence[Sheet] = (),
    ) -> None:
        """`areas`: level, area, borough. `before`: the earlier releases that the system holds."""
        self.system, self.sheet = system, sheet
        self.viewers = all_viewers(areas, system.boroughs)
        groups = linked_measures(declared)
        self.withholding = Withholding(system, sheet, rule, groups)
        self.arithmetic = Arithmetics(system, groups)
        self.parts = Parts(system, groups, areas)
        self.beforehand = Beforehand(system, before, rule, areas, declared, self.viewers)
        begun = np.repeat(self.arithmetic.beforehand()[:, None], len(self.viewers.names), axis=1)
        self._begun = self._values(begun)
        self._left = self._values(np.minimum(begun, self.beforehand.left_of_parts))
        self.solver = Solver(system)
        self.rounds = 0
        self._settled: set[int] = set()
        self._spanning = {
            (cell.measure, cell.breakdown)
            for relation in declared.relations
            if relation.kind == "four quarters of"
            for cell in (relation.left, relation.right)
        } | {
            (measure.name, breakdown)
            for measure in declared.measures.values()
            if measure.stands
            for breakdown in measure.breakdowns
        }

    def run(self, progress: Progress) -> None:
        """Withhold until each hidden sum has its values, for the public first: what fails for
        them fails for all.

        Raises AuditFailed where nothing that could still be withheld helps.
        """
        everybody = len(self.viewers.names)
        for name, number, share in (("public", 1, 0.0), ("leads", everybody, 0.3)):
            viewers = Viewers(self.viewers.names[:number], self.viewers.known[:number])
            self._settled.clear()
            proof: Proof | None = None
            failed = True
            while failed:
                progress(name, share + 0.6 * (1 - 0.7**self.rounds))
                self.rounds += 1
                self._settle_arithmetic(slice(number))
                is_first = proof is None
                proof = self._renewed(proof, viewers)
                try_moves(proof)
                # Of leads the search proves as much in less time: what holds for one mostly holds
                # for others.
                if is_first and number == 1:
                    walk(proof)
                failed = self._round(proof)

    def _round(self, proof: Proof) -> bool:
        """Prove what can be; whether something had to be withheld. Where it turns out instead that
        fewer values were left beforehand, nothing else has changed: on with the same proof."""
        search = Search(proof, self.solver, self.parts)
        while failed := search.prove():
            withheld = [self._protect(proof, row, viewer) for row, viewer in failed]
            if any(withheld):
                return True
            proof.needed = self.needed(proof.rows, slice(len(proof.viewers.names)))
        return False

    def hidden_rows(self) -> Ints:
        """The sums that must not be told: what the quarter's releases hide, and what neighbouring
        quarters hide of the measures that span quarters."""
        return np.array(
            [
                at
                for at, row in enumerate(self.system.cells)
                if (
                    row.quarter == self.sheet.quarter
                    or (row.key.measure, row.key.breakdown) in self._spanning
                )
                and self.system.is_hidden(at, self.sheet)
            ],
            np.int64,
        )

    def told_before(self) -> int:
        """How many hidden sums somebody can tell from the earlier releases alone."""
        rows = self.hidden_rows()
        everybody = slice(None)
        told = self.needed(rows, everybody) < self.to_begin_with(rows, everybody)
        return int(told.any(axis=1).sum())

    def _renewed(self, before: Proof | None, viewers: Viewers) -> Proof:
        """What was proved stays proved: withholding only leaves more tables possible."""
        rows = self.hidden_rows()
        proof = Proof(self.system, rows, viewers, self.needed(rows, slice(len(viewers.names))))
        if before is not None:
            kept = before.place(proof.rows)
            proof.seen[kept >= 0] = before.seen[kept[kept >= 0]]
        return proof

    # --- by arithmetic ---------------------------------------------------------------------------

    def _settle_arithmetic(self, viewers: slice) -> None:
        """Withhold what plain arithmetic shows to be needed. A part that is settled stays so until
        one of its rows is hidden: what is withheld only widens the others."""
        for number, part in enumerate(self.arithmetic.parts):
            while number not in self._settled:
                self._settled.add(number)
                for row, viewer in self._failing(part, viewers):
                    self._settled.discard(number)
                    self._settle(part, row, viewer)

    def _failing(self, part: Arithmetic, viewers: slice) -> list[tuple[int, int]]:
        """The rows that are too narrow for somebody, each with the first such viewer."""
        rows = np.intersect1d(self.hidden_rows(), part.rows)
        if not len(rows):
            return []
        known = self.viewers.known[viewers]
        low, high = (ends[np.searchsorted(part.rows, rows)] for ends in part.ranges(known))
        narrow = too_narrow(low, high, self.needed(rows, viewers))
        return [(int(rows[at]), int(narrow[at].argmax())) for at in np.flatnonzero(narrow.any(1))]

    def needed(self, rows: Ints, viewers: slice) -> Ints:
        """By row and viewer, how many values must be left: as `to_begin_with`, or all where the
        earlier releases leave fewer, of what they hid or of the parts of a new sum."""
        left = np.minimum(self._left[rows], self.beforehand.left[rows])
        return np.asarray(left[:, viewers])

    def to_begin_with(self, rows: Ints, viewers: slice) -> Ints:
        """By row and viewer, how many values there are before anything is released, three at most;
        one to those who know every borough of the sum."""
        return np.asarray(self._begun[rows][:, viewers])

    def _values(self, of_unknowns: Ints) -> Ints:
        """By row of cells and viewer, how many values a sum can have, three at most, whose parts
        have so many each (by unknown and viewer)."""
        system = self.system
        more = np.where(self.viewers.known.T[system.borough], 0, of_unknowns - 1).astype(np.int16)
        members = [row.unknowns for row in system.cells]
        first = np.cumsum([0, *map(len, members[:-1])])
        flat = np.array([unknown for found in members for unknown in found], np.int64)
        if not len(flat):
            return np.zeros((0, len(self.viewers.names)), np.int64)
        values = np.add.reduceat(more[flat], first, axis=0) + 1
        return np.asarray(np.minimum(values, LEAST), np.int64)

    def _is_wide(self, part: Arithmetic, row: int, viewer: int) -> bool:
        only = slice(viewer, viewer + 1)
        low, high = part.ranges(self.viewers.known[only])
        at = np.searchsorted(part.rows, [row])
        return not too_narrow(low[at], high[at], self.needed(np.array([row]), only)).any()

    def _settle(self, part: Arithmetic, row: int, viewer: int) -> None:
        if not self._is_wide(part, row, viewer):
            self._withhold_for(row, viewer, [lambda: self._is_wide(part, row, viewer)])

    def _withhold_for(self, row: int, viewer: int, tests: Sequence[Callable[[], bool]]) -> bool:
        """Withhold for a row what is enough by the first of the tests by which anything is; False:
        nothing is, but fewer values were left beforehand than was thought."""
        found = (self.withholding.choose(row, is_enough) for is_enough in tests)
        chosen = next((rows for rows in found if rows), [])
        if not chosen and not self.beforehand.look_closer(row, viewer):
            raise AuditFailed(
                f"{self.system.name(row)} could be told whatever else is withheld; "
                "this quarter cannot be released as it stands"
            )
        for other in chosen:
            self.withholding.withhold(other, row)
            self._settled -= self.arithmetic.of(other)
        return bool(chosen)

    # --- by search -------------------------------------------------------------------------------

    def _protect(self, proof: Proof, row: int, viewer: int) -> bool:
        """Withhold one more cell for a sum that no witness was found for; whether one was."""
        search = Search(proof, self.solver, self.parts)
        place = int(proof.place(np.array([row]))[0])

        def is_enough(far: bool) -> bool:
            # What is found here holds only once the cell that is tried is withheld.
            before = proof.seen.copy()
            found = search.singly(place, viewer, far)
            proof.seen[:] = before
            return found

        # What an earlier release hid may be held fast by the quarters around, which cannot be
        # withheld any more; for a new figure it is quicker to withhold one of its own quarter.
        if search.singly(place, viewer, self.system.cells[row].hidden):
            return False
        tests = (lambda: is_enough(far=False), lambda: is_enough(far=True))
        return self._withhold_for(row, viewer, tests)
