"""Joined-up: what agencies did together, and the public series beside what was referred."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gapmap.stores.store import Store
from tests.pages.conftest import Screen, publish_tiny, store_of_the_pages
from tests.releasing import release_by_rule
from tests.uploads import BROMLEY, HACKNEY, course, publish_csv, school_return

QUARTER = "2026-Q3"


def agency(name: str, scope: int, trained: int, borough: str = "Hackney") -> dict[str, Any]:
    return course(
        borough=borough, agency=name, urn="", course="multi-agency HSB", staff_in_scope=scope,
        staff_trained=trained,
    )  # fmt: skip


def told(school_type: str, reached: int, month: str) -> dict[str, Any]:
    return {
        "quarter": QUARTER, "borough": "Hackney", "agency": "police", "message": "police contact",
        "school_type": school_type, "schools_reached": reached, "month": month,
    }  # fmt: skip


def item(name: str, status: str, borough: str = "Hackney") -> dict[str, Any]:
    month = "2026-08" if status == "done" else ""
    return {"quarter": QUARTER, "borough": borough, "item": name, "status": status, "month": month}


def contacts(borough: str, number: int, met: int) -> dict[str, Any]:
    return {
        "quarter": QUARTER, "borough": borough, "contacts_education": number,
        "threshold_met": met, "concluded": met, "substantiated": 0,
    }  # fmt: skip


def factor(code: str, found: str) -> dict[str, Any]:
    return {
        "time_period": 2026, "geographic_level": "Local authority", "new_la_code": code,
        "Episodes_with_assessment_factor": 400, "Sexual_Abuse_child_on_child": found,
    }  # fmt: skip


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The tiny store with what agencies did in Hackney and Bromley."""
    with store_of_the_pages(tmp_path_factory.mktemp("joined")) as store:
        publish_tiny(store)
        publish_csv(
            store,
            "training",
            [
                agency("police", 50, 40),
                agency("health", 80, 20),
                agency("health", 20, 20, "Bromley"),
            ],
            name="agencies_2026-Q3.csv",
        )
        publish_csv(
            store, "message_log", [told("independent", 12, "2026-08"), told("all", 70, "2026-09")]
        )
        publish_csv(
            store,
            "partnership_review",
            [
                item("GPs alerted", "done"),
                item("GPs alerted", "not started", "Bromley"),
                item("DSL supervision pilot", "done"),
                item("DSL supervision pilot", "not started", "Bromley"),
            ],
        )
        publish_csv(
            store,
            "school_safeguarding",
            [
                school_return(urn=urn, dsl_supervision=word)
                for urn, word in ((100001, "yes"), (100002, "no"), (100011, "no"))
            ],
        )
        publish_csv(store, "lado", [contacts("Hackney", 60, 30), contacts("Bromley", 12, 4)])
        publish_csv(store, "cin_factors", [factor(HACKNEY, "10"), factor(BROMLEY, "low")])
        release_by_rule(store)
        yield store


@pytest.mark.usefixtures("joined")
class TestHeld:
    def test_training_of_agencies(self) -> None:
        screen = Screen("joined_up", area="Hackney")
        assert screen.title == "Joined-up"
        rows = {row["Agency"]: row for row in screen.rows() if row["Course"] == "Multi-agency HSB"}
        assert (rows["Police"]["Trained"], rows["Police"]["In scope"]) == ("80%", "50")
        assert rows["Health"]["Trained"] == "25%"
        assert (
            "**Police 80%** of staff in date, the most; **health 25%**, the least" in screen.words
        )
        london = {row["Agency"]: row for row in Screen("joined_up").rows()}
        assert (london["Health"]["Trained"], london["Health"]["Boroughs"]) == ("40%", "2 of 33")

    def test_the_message_log_as_a_matrix(self) -> None:
        (row,) = Screen("joined_up", view="Messages", area="Hackney").rows()
        assert (row["Agency"], row["Message"]) == ("Police", "Police contact")
        assert (row["All types"], row["Independent"]) == ("2026-09", "2026-08")
        screen = Screen("joined_up", view="Messages")
        assert screen.rows()[0]["All types"] == "1 · 2026-09"
        assert "**2 messages of 1 agency**" in screen.words
        assert "82 schools reached (a school told twice is in it twice)" in screen.words
        assert "Bromley" in screen.words  # has not submitted its log

    def test_who_alerted_health(self) -> None:
        screen = Screen("joined_up", view="Health, PSHE, campaign")
        assert "**GPs alerted in 1 of 33** boroughs; 31 not reported" in screen.words
        items = {row["Item"]: row for row in screen.rows()}
        alerted = items["GPs alerted"]
        assert [alerted[word] for word in ("Done", "Not started", "Not reported")] == [1, 1, 31]
        boroughs = screen.frame("Borough").set_index("Borough")["GPs alerted"]
        assert boroughs["Hackney"] == "done 2026-08"
        assert boroughs["Bromley"] == "not started"
        assert boroughs["Brent"] == "not reported"
        own = Screen("joined_up", view="Health, PSHE, campaign", area="Brent")
        assert "GPs alerted: **not reported**" in own.words

    def test_lado_is_not_shown_under_twenty_contacts(self) -> None:
        screen = Screen("joined_up", view="LADO", area="Hackney")
        assert "Hackney: **50%** of 60 contacts" in screen.words
        assert "follows the employer's address and is about adults: not child-on-child" in (
            screen.words
        )
        rows = {row["Borough"]: row for row in screen.rows()}
        assert list(rows) == sorted(rows)
        assert rows["Bromley"]["Met the threshold"] == "too few to show"
        assert rows["Bromley"]["Contacts"] == "too few"
        assert rows["Brent"]["Met the threshold"] == "not submitted"
        assert "Not shown under 20 contacts" in screen.words

    def test_pilots_against_the_rest(self) -> None:
        screen = Screen("joined_up", view="Supervision pilots")
        rows = screen.rows()[:3]
        assert [(row["Boroughs"], row["Met"], row["n"]) for row in rows] == [
            ("In the pilot (1)", "50%", "2"),
            ("Not in it (1)", "0%", "1"),
            ("Not reported (31)", "–", "0"),
        ]
        assert "the 95% intervals overlap, so chance could make the difference" in screen.words
        assert "In the pilot: Hackney." in screen.words

    def test_symbols_of_the_published_factor_stand_as_they_are(self) -> None:
        screen = Screen("joined_up", view="Published factor")
        rows = {row["Borough"]: row for row in screen.rows()}
        hackney, bromley = rows["Hackney"], rows["Bromley"]
        assert (hackney["With the factor"], hackney["Share"]) == ("10", "2.5%")
        assert (bromley["With the factor"], bromley["Share"]) == ("low (rounds to 0)", "–")
        assert rows["Brent"]["Year to 31 March"] == "not held"
        assert "A published 0 can be recording practice" in screen.words
        assert hackney["HSB referrals, four quarters"] == "not submitted"
