"""A history of uploads, the same in a store and in the oracle."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from gapmap.publishing.standing import bring_up_to_date
from gapmap.publishing.submission import reinstate, withdraw
from gapmap.stores.store import Store, open_memory_store
from tests.queries.oracle import Expected
from tests.queries.telling import Telling
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    YES_NO_COLUMNS,
    course,
    engagement,
    publish_csv,
    school,
    school_link,
    school_return,
    tiny_register,
)

QUARTERS = ["2024-Q1", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
COURSES = ["DSL initial", "DSL refresher", "deputy DSL", "HSB specialist", "multi-agency HSB"]
WORDS = ["yes", "yes", "no", "no", "not asked", "no reply"]
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
        """Courses of some schools, some with nobody in scope.

        Most in the borough of the register; some in another borough's part of the file, or in two.
        """
        rows = []
        names = {"0": "Hackney", "1": "Bromley", "2": "Brent"}
        placed = [(urn, names[str(urn)[4]]) for urn in self.choose.sample(self.urns, 8)]
        placed += [(urn, self.choose.choice(list(names.values()))) for urn in self.urns[1:12:5]]
        for urn, name in dict.fromkeys(placed):
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

    def returns(self, quarter: str) -> list[dict[str, Any]]:
        """Returns of some schools, each answer drawn; the criteria are given by most."""
        rows = []
        for urn in self.choose.sample(self.urns, 9):
            met = self.choose.choice(["", *range(12)])
            words = {column: self.choose.choice(WORDS) for column in YES_NO_COLUMNS}
            criteria = {
                "self_evaluation_met": met,
                "self_evaluation_applicable": "" if met == "" else 12,
            }
            rows.append(school_return(quarter=quarter, urn=urn, **words, **criteria))
        return rows


LINKS = [
    # an academy that follows a closed school, told from both ends
    school_link(100008, 100001, "Predecessor", "01-08-2026"),
    school_link(100001, 100008, "Successor"),
    # twice one to one, the second told from the older end alone and without a date
    school_link(100023, 100024, " predecessor "),
    school_link(100023, 100026, "Successor", "30-09-2026"),
    # two that merged into one; a plain link beside another one
    school_link(100013, 100012, "Predecessor - merged"),
    school_link(100015, 100011, "Predecessor"),
    school_link(100016, 100011, "Predecessor"),
    # two that follow each other, and one that follows itself
    school_link(100021, 100022, "Predecessor"),
    school_link(100022, 100021, "Predecessor"),
    school_link(100007, 100007, "Predecessor"),
    # no change of URN
    school_link(100002, 100006, "Sixth Form Centre Link"),
]


def second_register() -> list[dict[str, Any]]:
    """The register of a later day: one school closed, one new, one that changed its type."""
    rows = [dict(row) for row in tiny_register()]
    rows[0] |= {"EstablishmentStatus (name)": "Closed", "CloseDate": "31-07-2026"}
    rows[9] |= {"EstablishmentStatus (name)": "Open"}
    rows[11] |= {"TypeOfEstablishment (name)": "Academy converter", "NumberOfPupils": 990}
    rows.append(
        school(100008, HACKNEY, "Academy converter", "Primary", (3, 11), 400)
        | {"OpenDate": "01-08-2026"}
    )
    rows.append(school(100017, BROMLEY, "Space academy", "Space", (18, 3), 7))
    rows.append(
        school(100026, BRENT, "Studio Schools", "Secondary", (14, 19)) | {"OpenDate": "30-09-2026"}
    )
    return rows


def fill(told: History) -> Iterator[None]:
    """Some twenty uploads, withdrawals and corrections; yields after each."""
    told.file("schools", tiny_register(), as_at=date(2025, 12, 31))
    yield
    told.file("schools", second_register(), as_at=date(2026, 8, 31))
    yield
    for quarter in told.choose.sample(QUARTERS, 5):
        told.file("training", told.training(quarter))
        yield
        told.file("police_engagement", told.police(quarter))
        yield
        told.file("school_safeguarding", told.returns(quarter))
        yield
    told.file("school_links", LINKS, as_at=date(2026, 9, 1))
    yield
    again = told.choose.choice(QUARTERS)
    superseding = told.file("training", told.training(again), covers=[])
    yield
    told.withdraw(superseding)
    yield
    wrong = told.file("police_engagement", told.police(again))
    yield
    told.withdraw(wrong)
    yield
    if told.choose.random() < 0.7:
        told.reinstate(superseding)
        yield
    hackney_only = [row for row in told.training("2026-Q2") if row["borough"] == "Hackney"]
    told.file("training", hackney_only, covers=[BRENT])
    yield


@pytest.fixture(scope="session", params=[11, 12])
def history(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[History]:
    """A history of some twenty uploads; a fresh one for each seed. Nobody may publish to it."""
    store = open_memory_store(tmp_path_factory.mktemp("history"))
    bring_up_to_date(store)
    told = History(store, request.param)
    for _ in fill(told):
        pass
    yield told
    store.close()


@pytest.fixture(scope="session", params=[1, 2])
def telling(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Telling]:
    """A history of all extracts that figures rest on, for each seed. Nobody may publish to it."""
    store = open_memory_store(tmp_path_factory.mktemp("telling"))
    bring_up_to_date(store)
    told = Telling(store, request.param)
    told.all_of_it()
    yield told
    store.close()
