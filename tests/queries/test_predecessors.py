"""A school under a new URN: whose evidence it takes over, and whose it does not."""

from datetime import date
from typing import Any

import pytest

from gapmap.publishing.submission import withdraw
from gapmap.stores.store import Store, rows_of
from tests.queries import oracle
from tests.queries.test_indicators import hold
from tests.queries.test_school_answers import item
from tests.queries.test_state_count import check_counts
from tests.uploads import (
    HACKNEY,
    course,
    engagement,
    look,
    publish_csv,
    school,
    school_link,
    school_return,
)

CLOSED = {"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2026"}
OPENED = {"OpenDate": "01-09-2026"}
OLD, OTHER, YOUNG, TWIN = 120001, 120002, 120003, 120004
LINKED = date(2026, 9, 1)


def register() -> list[dict[str, Any]]:
    """Two secondary schools of Hackney that closed in August, and two that opened in September."""
    ages = ("Secondary", (11, 18))
    return [
        school(OLD, HACKNEY, "Community school", *ages) | CLOSED,
        school(OTHER, HACKNEY, "Community school", *ages) | CLOSED,
        school(YOUNG, HACKNEY, "Academy converter", *ages) | OPENED,
        school(TWIN, HACKNEY, "Academy converter", *ages) | OPENED,
    ]


@pytest.fixture
def renewed(empty_store: Store) -> Store:
    """The register, and what the closed school said in the quarter before."""
    publish_csv(empty_store, "schools", register())
    publish_csv(empty_store, "training", [course(quarter="2026-Q2", urn=OLD, staff_trained=1)])
    publish_csv(
        empty_store,
        "school_safeguarding",
        [school_return(quarter="2026-Q2", urn=OLD, reviewed="not asked", letter_sent="no")],
    )
    hold(empty_store, "2026-Q3")
    return empty_store


def link(store: Store, *rows: dict[str, Any]) -> str:
    return publish_csv(store, "school_links", list(rows), as_at=LINKED).submission_id


def stood(store: Store, urn: int, indicator: str) -> tuple[str, str | None, int | None]:
    row = item(store, urn, indicator)
    return row["state"], row["reason"], row["evidence_urn"]


UNKNOWN = ("unknown", "no_row", None)


@pytest.mark.parametrize(
    "row",
    [
        school_link(YOUNG, OLD, "Predecessor"),
        school_link(OLD, YOUNG, "Successor"),
        school_link(OLD, YOUNG, " successor ", "01-09-2026"),
    ],
    ids=["told by the new one", "told by the old one", "dated"],
)
def test_evidence_carries_forward_to_the_successor(renewed: Store, row: dict[str, Any]) -> None:
    assert stood(renewed, YOUNG, "dsl_in_date") == UNKNOWN
    done = link(renewed, row)
    assert stood(renewed, YOUNG, "dsl_in_date") == ("gap", None, OLD)
    assert stood(renewed, YOUNG, "letter_sent") == ("gap", None, OLD)
    assert stood(renewed, YOUNG, "reviewed") == ("unknown", "not_asked", OLD)
    assert stood(renewed, YOUNG, "police_engagement") == ("unknown", "not_submitted", None)
    assert item(renewed, YOUNG, "dsl_in_date")["evidence"] == "not in date, from predecessor"
    assert item(renewed, YOUNG, "letter_sent")["evidence"] == "no in 2026-Q2, from predecessor"
    assert item(renewed, YOUNG, "letter_sent")["evidence_quarter"] == "2026-Q2"
    check_counts(renewed)
    withdraw(renewed, done, "x@x", "wrong")
    assert stood(renewed, YOUNG, "dsl_in_date") == UNKNOWN


@pytest.mark.parametrize(
    "rows",
    [
        [school_link(YOUNG, OLD, "Predecessor - merged")],
        [school_link(YOUNG, OLD, "Predecessor - amalgamated")],
        [school_link(YOUNG, OLD, "Predecessor - Split School")],
        [school_link(OLD, YOUNG, "Successor - merged")],
        [school_link(YOUNG, OLD, "Predecessor"), school_link(YOUNG, OTHER, "Predecessor")],
        [school_link(YOUNG, OLD, "Predecessor"), school_link(OTHER, YOUNG, "Successor - merged")],
        [school_link(YOUNG, OLD, "Predecessor"), school_link(TWIN, OLD, "Predecessor")],
        [school_link(YOUNG, OLD, "Predecessor"), school_link(OLD, TWIN, "Successor")],
        [
            school_link(YOUNG, OLD, "Predecessor"),
            school_link(YOUNG, OTHER, "Merged - change in age range"),
        ],
        [school_link(YOUNG, OLD, "Predecessor"), school_link(YOUNG, OLD, "Result of Amalgamation")],
        [school_link(YOUNG, OLD, "Predecessor", "01-10-2026")],
        [school_link(YOUNG, OLD, "Sixth Form Centre Link")],
        [school_link(YOUNG, OLD, "Predecessor"), school_link(OLD, YOUNG, "Predecessor")],
        [school_link(YOUNG, YOUNG, "Predecessor")],
        [school_link(OLD, YOUNG, "Predecessor")],
    ],
    ids=lambda rows: "; ".join(f"{row['LinkType']} {row['URN']}" for row in rows),
)
def test_other_links_leave_a_school_unknown(renewed: Store, rows: list[dict[str, Any]]) -> None:
    link(renewed, *rows)
    assert stood(renewed, YOUNG, "dsl_in_date") == UNKNOWN
    assert stood(renewed, TWIN, "dsl_in_date") == UNKNOWN


def test_a_link_beside_that_is_no_change_of_urn_does_not_matter(renewed: Store) -> None:
    link(
        renewed,
        school_link(YOUNG, OLD, "Predecessor"),
        school_link(YOUNG, OTHER, "Sixth Form Centre School"),
        school_link(YOUNG, OTHER, "Other"),
        school_link(YOUNG, YOUNG, "Predecessor"),
    )
    assert stood(renewed, YOUNG, "dsl_in_date") == ("gap", None, OLD)


def test_its_own_answer_comes_first_and_falls_back_once_it_is_withdrawn(renewed: Store) -> None:
    link(renewed, school_link(YOUNG, OLD, "Predecessor"))
    own = publish_csv(renewed, "training", [course(urn=YOUNG)])
    assert stood(renewed, YOUNG, "dsl_in_date") == ("met", None, None)
    # The borough still uses the old URN in what it sends later: the school's own stands.
    publish_csv(renewed, "training", [course(quarter="2026-Q4", urn=OLD, staff_trained=0)])
    assert item(renewed, YOUNG, "dsl_in_date", "2026-Q4")["state"] == "met"
    withdraw(renewed, own.submission_id, "x@x", "wrong")
    assert stood(renewed, YOUNG, "dsl_in_date") == ("gap", None, OLD)


def test_evidence_carries_no_further_than_its_validity(renewed: Store) -> None:
    row = engagement(quarter="2026-Q1", urn=OLD, last_contact_month="2026-03")
    publish_csv(renewed, "police_engagement", [row])
    link(renewed, school_link(YOUNG, OLD, "Predecessor"))
    assert stood(renewed, YOUNG, "police_engagement") == ("unknown", "out_of_date", OLD)


def test_a_correction_of_the_old_school_reaches_the_new_one(renewed: Store) -> None:
    link(renewed, school_link(YOUNG, OLD, "Predecessor"))
    publish_csv(renewed, "training", [course(quarter="2026-Q2", urn=OLD)])
    assert stood(renewed, YOUNG, "dsl_in_date") == ("met", None, OLD)
    check_counts(renewed)


def test_the_line_goes_back_as_far_as_it_is_one_to_one(renewed: Store) -> None:
    link(
        renewed,
        school_link(YOUNG, OTHER, "Predecessor"),
        school_link(OTHER, OLD, "Predecessor"),
    )
    lines = look(
        renewed.released,
        "from school_predecessor select urn, predecessor_urn, generation order by all",
    )
    assert [tuple(row.values()) for row in lines] == [
        (OTHER, OLD, 1),
        (YOUNG, OLD, 2),
        (YOUNG, OTHER, 1),
    ]
    assert stood(renewed, YOUNG, "dsl_in_date") == ("gap", None, OLD)
    publish_csv(renewed, "training", [course(quarter="2026-Q2", urn=OTHER)])
    assert stood(renewed, YOUNG, "dsl_in_date") == ("met", None, OTHER)


def test_the_newest_links_of_a_borough_count(renewed: Store) -> None:
    link(renewed, school_link(YOUNG, OLD, "Predecessor"))
    later = [school_link(YOUNG, OLD, "Predecessor - merged")]
    done = publish_csv(renewed, "school_links", later, as_at=date(2026, 10, 10))
    assert stood(renewed, YOUNG, "dsl_in_date") == UNKNOWN
    withdraw(renewed, done.submission_id, "x@x", "wrong")
    assert stood(renewed, YOUNG, "dsl_in_date") == ("gap", None, OLD)


def test_a_history_goes_on_through_the_change_of_urn(renewed: Store) -> None:
    link(renewed, school_link(YOUNG, OLD, "Predecessor"))
    rows = rows_of(renewed.released.ask("schools/history", {"urn": YOUNG}))
    dsl = [(r["quarter"], r["urn"], r["state"]) for r in rows if r["indicator"] == "dsl_in_date"]
    assert dsl == [("2026-Q2", OLD, "gap"), ("2026-Q3", YOUNG, "gap")]
    assert len(rows) == 2 * len(oracle.TOPICS)


def test_long_lines_and_circles_come_to_an_end(empty_store: Store) -> None:
    first, last = 130000, 130040
    every = [school(urn, HACKNEY, "Community school", "Primary") for urn in range(first, last + 1)]
    publish_csv(empty_store, "schools", every)
    line = [school_link(urn + 1, urn, "Predecessor") for urn in range(first, last)]
    publish_csv(empty_store, "school_links", line, as_at=LINKED)
    held = look(empty_store.exact, "from school_predecessor select count(*)::int as n")
    assert held == [{"n": 40 * 41 // 2}]
    circle = [*line, school_link(first, last, "Predecessor")]
    publish_csv(empty_store, "school_links", circle, as_at=LINKED)
    assert look(empty_store.exact, "from school_predecessor") == []
