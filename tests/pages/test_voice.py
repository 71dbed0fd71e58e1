"""Voice: what is said beside what was reported, and who is shown which of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gapmap.stores.store import Store
from tests.pages.conftest import Screen, publish_tiny, store_of_the_pages
from tests.releasing import release_by_rule
from tests.uploads import HACKNEY, publish_csv

QUARTER = "2026-Q3"


def answers(borough: str, respondent: str, question: str, valid: int, often: int) -> dict[str, Any]:
    return {
        "quarter": QUARTER, "borough": borough, "urn": "", "respondent": respondent, "sex": "all",
        "question": question, "valid_answers": valid, "a_lot": often // 2,
        "sometimes": often - often // 2,
    }  # fmt: skip


SURVEY = [
    answers("Hackney", "child", "harassment happens", 400, 200),
    answers("Hackney", "parent", "harassment happens", 200, 40),
    answers("Hackney", "school", "harassment happens", 12, 3),
    answers("Hackney", "child", "would report", 400, 120),
    answers("Bromley", "child", "harassment happens", 300, 90),
    answers("Bromley", "parent", "harassment happens", 100, 30),
]
TESTIMONIES = [
    {"quarter": QUARTER, "urn": urn, "testimonies": number}
    for urn, number in ((100001, 2), (100002, 40), (100003, 0))
]


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The tiny store with a survey in two boroughs and testimonies of one."""
    with store_of_the_pages(tmp_path_factory.mktemp("voices")) as store:
        publish_tiny(store)
        publish_csv(store, "perception_survey", SURVEY)
        publish_csv(store, "testimonies", TESTIMONIES)
        publish_csv(
            store,
            "population",
            [
                {"borough": name, "year": 2025, "age_group": "0-17", "residents": 50_000}
                for name in ("Hackney", "Bromley")
            ],
        )
        release_by_rule(store)
        yield store


@pytest.mark.usefixtures("voices")
class TestHeld:
    def test_the_ladder_of_a_borough(self) -> None:
        screen = Screen("voice", area="Hackney")
        assert screen.title == "Voice"
        assert "**50% of children** in Hackney do; **30 points more** than parents" in screen.words
        assert "the gap to schools is withheld (c)" in screen.words
        rows = screen.rows()
        assert [row["Often"] for row in rows[:4]] == ["50%", "20%", "c", "30%"]
        assert [row["n"] for row in rows[:2]] == ["400", "200"]
        assert rows[1]["Children more, points"] == "+30"
        assert rows[4]["Often"] == "not asked"
        assert "release R" in screen.words
        assert "c = 1–7, or withheld to protect another figure" in screen.words

    def test_the_last_rung_is_what_was_referred(self) -> None:
        (chart,) = Screen("voice", area="Hackney").app.get("plotly_chart")
        assert "25 HSB referrals accepted in the quarter" in chart.proto.spec
        (chart,) = Screen("voice", area="Brent").app.get("plotly_chart")
        assert "HSB referrals: not submitted" in chart.proto.spec

    def test_another_question(self) -> None:
        words = Screen("voice", area="Hackney", question="Would report").words
        assert "**30% of children** in Hackney do; no gap to parents is known" in words

    def test_london_is_of_the_boroughs_that_asked(self) -> None:
        screen = Screen("voice")
        assert "2 of 33 boroughs surveyed" in screen.words
        first = screen.rows()[0]
        assert (first["Often"], first["n"]) == ("41%", "700")  # 290 of 700

    def test_a_borough_without_a_survey_is_unknown(self) -> None:
        screen = Screen("voice", area="Brent")
        assert "**No survey of Brent stands**: unknown" in screen.words
        assert {row["Often"] for row in screen.rows()} == {"not submitted"}

    def test_every_borough_in_alphabetical_order(self) -> None:
        screen = Screen("voice", view="By borough")
        rows = {row["Borough"]: row for row in screen.rows()}
        assert list(rows) == sorted(rows)
        assert len(rows) == 33
        assert (rows["Hackney"]["Children"], rows["Hackney"]["Over parents"]) == ("50%", "+30")
        assert (rows["Bromley"]["Over parents"], rows["Bromley"]["Schools"]) == ("±0", "not asked")
        assert rows["Brent"]["Children"] == "not submitted"
        assert "**more often than parents in 1** and less often in 0 of 2 boroughs" in screen.words

    def test_a_borough_leads_to_its_ladder(self) -> None:
        screen = Screen("voice", view="By borough")
        place = [row["Borough"] for row in screen.rows()].index("Hackney")
        screen.select_row("voice_boroughs_table", place)
        assert screen.query["area"] == "Hackney"
        assert "of children** in Hackney" in screen.words

    def test_no_referral_seen_is_not_known_without_four_quarters(self) -> None:
        screen = Screen("voice", view="No referral seen")
        assert "**A reason to talk, not a finding.**" in screen.words
        assert screen.cards["Boroughs of which it is known"][0] == "0 of 33"
        assert {row["No referral seen"] for row in screen.rows()} == {"?"}
        assert "the borough's own lead alone sees" in screen.words

    def test_a_borough_of_no_referral_seen_leads_to_its_page(self) -> None:
        screen = Screen("voice", view="No referral seen")
        place = [row["Borough"] for row in screen.rows()].index("Hackney")
        screen.select_row("voice_none_seen", place)
        assert screen.title == "Hackney"
        assert screen.query == {"borough": HACKNEY, "view": "Referrals & voice"}

    def test_said_and_referred_rests_on_released_figures(self) -> None:
        screen = Screen("voice", view="Said and referred")
        assert "**1 borough of 33** can be placed" in screen.words
        rows = {row["Borough"]: row for row in screen.rows()}
        assert list(rows) == sorted(rows)
        hackney, bromley = rows["Hackney"], rows["Bromley"]
        assert (hackney["Children"], hackney["Per 10,000"], hackney["Referrals"]) == (
            "50%", "5.0", "25",
        )  # fmt: skip
        assert (bromley["Per 10,000"], bromley["Referrals"]) == ("c", "c")
        assert "Not ranked" in screen.words
        assert "Not placed, withheld or not known: Barking and Dagenham" in screen.words

    def test_testimonies_are_numbers_of_schools_and_guarded(self) -> None:
        screen = Screen("voice", view="Testimonies", area="Hackney")
        assert "unverified, of any year, and may be older" in screen.words
        rows = {row["Police engagement"]: row for row in screen.rows()}
        assert rows["All"]["Named by a testimony"] == "c"
        assert not [frame for frame in screen.frames if "School" in frame.columns]

    def test_the_own_lead_alone_sees_which_schools(self) -> None:
        screen = Screen("voice", view="Testimonies", area="Hackney").view_as("lead", HACKNEY)
        assert "Exact figures of Hackney, for its own lead only" in screen.words
        named = screen.frame("School")
        assert len(named) == 2
        assert "testimonies" not in [str(column).lower() for column in named.columns]
        other = Screen("voice", view="Testimonies", area="Bromley").view_as("lead", HACKNEY)
        assert not [frame for frame in other.frames if "School" in frame.columns]

    def test_where_none_were_copied_nothing_is_known(self) -> None:
        words = Screen("voice", view="Testimonies", area="Brent").words
        assert "**No testimonies were copied for Brent**" in words
