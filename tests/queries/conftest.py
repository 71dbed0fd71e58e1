"""A history of uploads, the same in a store and in the oracle."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from gapmap.standing import bring_up_to_date
from gapmap.store import Store, open_memory_store
from gapmap.submission import reinstate, withdraw
from tests.queries.oracle import Expected
from tests.uploads import BRENT, BROMLEY, course, engagement, publish_csv, school, tiny_register

QUARTERS = ["2024-Q1", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
COURSES = ["DSL initial", "DSL refresher", "deputy DSL", "HSB specialist", "multi-agency HSB"]
LEVELS = ["none", "contacted", "named contact", "active", "embedded"]


class History:
    """Publishes to a store and tells the oracle."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.expected = Expected()
        self.choose = random.Random(seed)
        self.urns = [row["URN"] for row in tiny_register()]

    def file(self, extract: str, rows: list[dict[str, Any]], **declared: Any) -> str:
        nil = tuple(declared.get("covers", ()))
        done = publish_csv(self.store, extract, rows, **declared)
        as_at = declared.get("as_at")
        self.expected.add(extract, rows, done.submission_id, as_at=as_at, nil=nil)
        return done.submission_id

    def withdraw(self, submission: str) -> None:
        withdraw(self.store, submission, "lead@x", "wrong")
        self._mark(submission, True)

    def reinstate(self, submission: str) -> None:
        reinstate(self.store, submission, "lead@x")
        self._mark(submission, False)

    def _mark(self, submission: str, withdrawn: bool) -> None:
        for filed in self.expected.filed:
            if filed.submission == submission:
                filed.withdrawn = withdrawn

    def training(self, quarter: str) -> list[dict[str, Any]]:
        """Courses of some schools, in the borough of the register; some with nobody in scope."""
        rows = []
        for urn in self.choose.sample(self.urns, 9):
            name = {"0": "Hackney", "1": "Bromley", "2": "Brent"}[str(urn)[4]]
            for kind in self.choose.sample(COURSES, self.choose.randint(1, 4)):
                scope = self.choose.choice([0, 1, 1, 2])
                trained = self.choose.choice([0, scope, scope])
                rows.append(
                    course(
                        quarter=quarter,
                        borough=name,
                        urn=urn,
                        course=kind,
                        staff_in_scope=scope,
                        staff_trained=trained,
                    )
                )
        return rows

    def police(self, quarter: str) -> list[dict[str, Any]]:
        """Engagement of some schools, the last contact up to two years ago or not known."""
        year, last = int(quarter[:4]), 3 * int(quarter[-1])
        rows = []
        for urn in self.choose.sample(self.urns, 10):
            ago = self.choose.randint(0, 13)
            month = year * 12 + last - 1 - ago
            text = f"{month // 12}-{month % 12 + 1:02}"
            rows.append(
                engagement(
                    quarter=quarter,
                    urn=urn,
                    level=self.choose.choice(LEVELS),
                    last_contact_month=self.choose.choice([text, text, text, ""]),
                )
            )
        return rows


def second_register() -> list[dict[str, Any]]:
    """The register of a later day: one school closed, one new, one that changed its type."""
    rows = [dict(row) for row in tiny_register()]
    rows[0] |= {"EstablishmentStatus (name)": "Closed", "CloseDate": "31-07-2026"}
    rows[9] |= {"EstablishmentStatus (name)": "Open"}
    rows[11] |= {"TypeOfEstablishment (name)": "Academy converter", "NumberOfPupils": 990}
    rows.append(school(100017, BROMLEY, "Space academy", "Space", (18, 3), 7))
    rows.append(
        school(100026, BRENT, "Studio Schools", "Secondary", (14, 19)) | {"OpenDate": "30-09-2026"}
    )
    return rows


@pytest.fixture(scope="session", params=[11, 12])
def history(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[History]:
    """A history of some twenty uploads; a fresh one for each seed. Nobody may publish to it."""
    store = open_memory_store(tmp_path_factory.mktemp("history"))
    bring_up_to_date(store)
    told = History(store, request.param)
    told.file("schools", tiny_register(), as_at=date(2025, 12, 31))
    told.file("schools", second_register(), as_at=date(2026, 8, 31))
    for quarter in told.choose.sample(QUARTERS, 5):
        told.file("training", told.training(quarter))
        told.file("police_engagement", told.police(quarter))
    again = told.choose.choice(QUARTERS)
    superseding = told.file("training", told.training(again), covers=[])
    told.withdraw(superseding)
    told.withdraw(told.file("police_engagement", told.police(again)))
    if told.choose.random() < 0.7:
        told.reinstate(superseding)
    hackney_only = [row for row in told.training("2026-Q2") if row["borough"] == "Hackney"]
    told.file("training", hackney_only, covers=[BRENT])
    yield told
    store.close()
