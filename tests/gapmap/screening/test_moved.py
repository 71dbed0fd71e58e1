"""Numbers that moved by more than the factor of their check are told: each rule good and bad."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from gapmap.access import Viewer
from gapmap.question import questions
from gapmap.stores.store import Store
from tests.uploads import BROMLEY, HACKNEY, check, engagement, publish_csv, school, upload

Rows = Sequence[dict[str, Any]]


def contacts(quarter: str, number: int) -> Rows:
    parts = dict.fromkeys(("threshold_met", "concluded", "substantiated"), 0)
    return [{"quarter": quarter, "borough": "Hackney", "contacts_education": number, **parts}]


def residents(year: int, number: int) -> Rows:
    return [{"borough": "Hackney", "year": year, "age_group": "0-17", "residents": number}]


def register(number: int) -> Rows:
    kinds = ("Community school", "Primary", (4, 11), 210)
    return [school(urn, BROMLEY, *kinds) for urn in range(200_001, 200_001 + number)]


@pytest.mark.parametrize(
    ("extract", "code", "before", "near", "far", "said"),
    [
        (
            "lado",
            "lado_moved",
            contacts("2026-Q2", 12),
            contacts("2026-Q3", 60),
            contacts("2026-Q3", 61),
            "Hackney has 61 contacts in 2026-Q3, after 12 in 2026-Q2",
        ),
        (
            "population",
            "residents_moved",
            residents(2024, 60_000),
            residents(2025, 72_000),
            residents(2025, 72),
            "Hackney has 72 residents in 2025, after 60000 in 2024",
        ),
    ],
)
def test_a_number_that_moved(
    store: Store, extract: str, code: str, before: Rows, near: Rows, far: Rows, said: str
) -> None:
    publish_csv(store, extract, before)
    assert not check(store, upload(extract, near)).issues.total
    prepared = check(store, upload(extract, far))
    assert not prepared.refused
    (issue,) = prepared.issues
    assert (issue.severity, issue.code, issue.row, issue.message) == ("warning", code, 2, said)


def test_the_contacts_of_others_are_not_told(store: Store) -> None:
    publish_csv(store, "lado", contacts("2026-Q2", 12))
    given = upload("lado", contacts("2026-Q3", 61))
    own = check(store, given, viewer=Viewer("lead", frozenset({HACKNEY})))
    assert [issue.message for issue in own.issues] == [
        "Hackney has 61 contacts in 2026-Q3, after 12 in 2026-Q2"
    ]
    assert not check(store, given, viewer=Viewer("lead", frozenset({BROMLEY}))).issues.total
    told = check(store, given, viewer=Viewer("administrator")).issues
    assert [issue.message for issue in told] == [
        "the contacts of Hackney are far from those of the quarter before"
    ]


def test_a_register_that_is_a_part_of_one(store: Store) -> None:
    publish_csv(store, "schools", register(50), as_at=date(2026, 6, 30))
    later = date(2026, 9, 30)
    codes = [i.code for i in check(store, upload("schools", register(40), as_at=later)).issues]
    assert "register_moved" not in codes
    prepared = check(store, upload("schools", register(39), as_at=later))
    (issue,) = [one for one in prepared.issues if one.code == "register_moved"]
    assert issue.message == (
        "Bromley has 39 open schools here, and 50 in the register of 30 June 2026"
    )


def test_every_check_of_a_number_that_moved_declares_its_factor() -> None:
    moved = [one for one in questions("checks") if one.name.endswith("_moved")]
    assert len(moved) == 4
    assert all(float(one.header["factor"]) > 1 for one in moved)


def test_the_schools_that_are_absent_are_named(store: Store) -> None:
    urns = (100001, 100002, 100003)
    rows = [engagement(quarter="2026-Q2", urn=urn, last_contact_month="") for urn in urns]
    publish_csv(store, "police_engagement", rows)
    (issue,) = check(store, upload("police_engagement", [engagement(urn=100002)])).issues
    assert issue.message == (
        "2 schools of Hackney that answered in 2026-Q2 are absent in 2026-Q3: URN 100001, 100003"
    )
