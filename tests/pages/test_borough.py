"""Borough: profile, schools unnamed until they are named, and exact counts for its lead alone."""

import json
from typing import Any

import pytest

from gapmap.indicator import of_boroughs, of_schools
from tests.pages.conftest import Screen, noted
from tests.uploads import BRENT, BROMLEY, HACKNEY

pytestmark = pytest.mark.usefixtures("tiny_pages")

CHILDREN = "Referrals & voice"


def schools_of(screen: Screen) -> dict[str, dict[str, Any]]:
    """The list of schools: by what a school is called, its row."""
    found: dict[str, dict[str, Any]] = screen.frame("School").set_index("School").to_dict("index")
    return found


def states(screen: Screen) -> dict[str, str]:
    return {name: row["State"] for name, row in schools_of(screen).items()}


def by_indicator(borough: str = HACKNEY, **query: str) -> Screen:
    return Screen("borough", borough=borough, view="Schools", by="Indicator", **query)


def referrals(screen: Screen) -> dict[str, dict[str, str]]:
    """By quarter, the figure of each area."""
    found: dict[str, dict[str, str]] = (
        screen.frame("London: submitted").set_index("Quarter").to_dict("index")
    )
    return found


# --- profile --------------------------------------------------------------------------------------


def test_the_profile_comes_first_with_a_row_an_indicator() -> None:
    screen = Screen("borough", borough=HACKNEY)
    assert screen.title == "Hackney"
    rows = screen.drawn("profile")
    assert rows.count("<tr") == 1 + len(of_schools())
    assert "Police engagement: 2 met, 1 gap, 3 unknown, 1 not applicable" in rows
    assert "<b>67%</b>" in rows
    assert "London: 50%" in rows
    figures = screen.drawn("figures")
    assert figures.count("<tr") == 1 + len(of_boroughs())
    assert '<td class="left">HSB referrals</td><td><b>25</b></td>' in figures


def test_the_headline_is_the_boroughs_own() -> None:
    cards = Screen("borough", borough=HACKNEY).cards
    assert cards["No police contact"][:2] == ("1", "−2")
    # Nobody returned any audit: nothing is known, which is not none.
    assert cards["Not reviewed"][0] == "–"
    assert cards["DSL runs out soon"][0] == "0"
    assert cards["Not asked / no reply / said no"][0].endswith(" / 3")
    assert cards["No referral seen"][0] == "–"


def test_a_row_leads_to_the_schools_with_the_gap() -> None:
    screen = Screen("borough", borough=HACKNEY)
    screen.app.button(key="profile_titles_police_engagement").click()
    screen.run()
    assert screen.app.session_state["view"] == "Schools"
    assert states(screen) == {"Secondary A": "gap"}


def test_a_row_without_a_gap_leads_to_the_schools_that_are_not_known() -> None:
    screen = Screen("borough", borough=HACKNEY)
    screen.app.button(key="profile_titles_reviewed").click()
    screen.run()
    assert screen.app.session_state["indicator"] == "reviewed"
    assert set(states(screen).values()) == {"not submitted"}


def test_all_numbers_stand_behind_a_switch() -> None:
    screen = Screen("borough", borough=HACKNEY)
    screen.app.toggle(key="numbers").set_value(True)
    table = screen.run().frame("Indicator").set_index("Indicator")
    row = table.loc["Police engagement"]
    assert (row["Met"], row["Gap"], row["Unknown"], row["Met %"]) == (2, 1, 3, 67)
    assert (row["London %"], row["Same schools"], row["Same schools met %"]) == (50, 3, 67)
    assert row["Met % before"] == 0
    assert row["Owner"] == "Police"


def test_a_borough_that_has_not_submitted_says_so() -> None:
    screen = Screen("borough", borough=BRENT)
    assert "**Not submitted**: Police engagement" in screen.words
    assert "unknown, never a gap" in screen.words
    assert screen.cards["No police contact"][0] == "–"
    assert "not submitted" in screen.drawn("figures")


def test_the_boroughs_own_lead_sees_exact_figures_marked_beside_londons_released_ones() -> None:
    screen = Screen("borough", borough=HACKNEY).view_as("lead", HACKNEY)
    assert "Exact figures of Hackney, for its own lead only" in screen.words
    line = '<td class="left">HSB referrals</td><td><b>23</b></td><td class="soft"><b>25</b></td>'
    assert line in screen.drawn("figures")


# --- schools --------------------------------------------------------------------------------------


def test_schools_are_told_by_phase_and_letter_gaps_first() -> None:
    screen = by_indicator()
    assert list(states(screen).items()) == [
        ("Secondary A", "gap"),
        ("Secondary B", "no reply"),
        ("All-through A", "not in return"),
        ("16 plus A", "not in return"),
        ("Primary A", "met"),
        ("School A", "met"),
        ("Nursery A", "not applicable"),
    ]
    first = schools_of(screen)["Secondary A"]
    assert first["Evidence"] == "contacted, last contact 2026-09"
    assert (first["Quarter"], first["Pupils"]) == ("2026-Q3", 1100)


def test_the_map_holds_what_the_table_holds() -> None:
    assert by_indicator().map_points == {
        "gap": ["Secondary A"],
        "unknown": ["Secondary B", "All-through A", "16 plus A"],
        "met": ["Primary A", "School A"],
        "not-applicable": ["Nursery A"],
    }


def test_one_state_alone() -> None:
    assert set(states(by_indicator(state="Unknown"))) == {
        "Secondary B",
        "All-through A",
        "16 plus A",
    }
    screen = by_indicator(phase="Primary", school_type="College")
    assert "No school of Hackney matches the filters in this quarter." in screen.words
    assert not screen.app.get("deck_gl_json_chart")


def test_no_name_of_a_school_is_sent_until_it_is_asked_for() -> None:
    screen = by_indicator()
    (deck,) = screen.app.get("deck_gl_json_chart")
    sent = deck.proto.json + screen.frame("School").to_json() + screen.words
    assert "School 1000" not in sent
    screen.app.toggle(key="schools_named").set_value(True)
    assert "School 100002" in states(screen.run())
    assert screen.map_points["gap"] == ["School 100002"]


def test_naming_is_noted_once_a_borough() -> None:
    before = len(noted("schools named"))
    screen = Screen("borough", borough=HACKNEY)
    screen.app.toggle(key="schools_named").set_value(True)
    screen.run().run()
    assert noted("schools named")[before:] == [("executive", HACKNEY)]


def test_the_trend_stands_beside_london() -> None:
    trend = by_indicator().frame("n known")
    assert trend.to_dict("records") == [
        {"Quarter": "2026-Q3", "Area": "Hackney", "Met": "67%", "n known": 3, "Unknown": 3},
        {"Quarter": "2026-Q3", "Area": "London", "Met": "50%", "n known": 4, "Unknown": 9},
        {"Quarter": "2026-Q2", "Area": "Hackney", "Met": "0%", "n known": 3, "Unknown": 3},
        {"Quarter": "2026-Q2", "Area": "London", "Met": "0%", "n known": 3, "Unknown": 9},
    ]


def test_dsl_training_that_lasts_says_so() -> None:
    screen = Screen("borough", borough=HACKNEY, view="Schools", by="DSL runs out")
    assert "No DSL training that is in date runs out within 2 quarters." in screen.words
    assert screen.map_points["counts-for-longer"] == ["Primary A"]
    assert len(screen.map_points["not-in-date,-or-not-known"]) == 6


def test_an_indicator_of_boroughs_leaves_the_schools_by_gap_score() -> None:
    screen = by_indicator(indicator="HSB referrals")
    assert "Gap score: the points of a school's gaps" in screen.words
    assert "State" not in screen.frame("School").columns


def test_choosing_a_row_leads_to_the_school() -> None:
    screen = by_indicator().select_row("borough_table", 0)
    assert screen.title == "Secondary A"
    assert screen.query["urn"] == "100002"
    assert screen.press("Hackney").title == "Hackney"
    assert screen.query == {"borough": HACKNEY, "view": "Schools", "by": "Indicator"}


# --- types ----------------------------------------------------------------------------------------


def test_gaps_are_counted_by_school_type() -> None:
    screen = Screen("borough", borough=HACKNEY, view="Types")
    table = screen.drawn("types")
    assert table.count("<tr>") == 1 + len(of_schools())
    assert table.count('<th scope="col">') == 7
    said = "Police engagement: 0 met, 1 gap, 0 unknown, 0 not applicable"
    assert table.count(said) == 1
    assert "0 of 1" in table
    screen.app.button(key="types_titles_police_engagement").click()
    assert states(screen.run()) == {"Secondary A": "gap"}


# --- referrals and voice --------------------------------------------------------------------------


def test_an_executive_sees_released_referrals() -> None:
    screen = Screen("borough", borough=HACKNEY, view=CHILDREN)
    assert referrals(screen) == {
        "2026-Q3": {"Hackney": "25", "London": "25", "London: submitted": "2 of 33"},
        "2026-Q2": {"Hackney": "30", "London": "40", "London: submitted": "2 of 33"},
    }
    (chart,) = screen.app.get("plotly_chart")
    (bars,) = json.loads(chart.proto.spec)["data"]
    assert bars["text"] == ["30", "25"]
    other = Screen("borough", borough=BROMLEY, view=CHILDREN)
    assert {q: row["Bromley"] for q, row in referrals(other).items()} == {
        "2026-Q3": "c",
        "2026-Q2": "10",
    }
    assert "c = 1–7, or withheld to protect another figure" in other.words
    assert "Exact figures" not in other.words
    assert "Which ones, the borough's own lead sees." in other.words


def test_referrals_are_broken_down() -> None:
    screen = Screen("borough", borough=HACKNEY, view=CHILDREN)
    assert screen.frame("Source").to_dict("records") == [
        {"Source": "All", "Referrals": "25"},
        {"Source": "6 Police", "Referrals": "25"},
    ]
    screen.choose("breakdown", "outcome")
    assert [row["Outcome"] for row in screen.frame("Outcome").to_dict("records")] == ["All", "NFA"]
    silent = Screen("borough", borough=BRENT, view=CHILDREN)
    assert "nothing is known, which is not none" in silent.words


def test_the_boroughs_own_lead_sees_exact_referrals_marked() -> None:
    before = len(noted("exact view"))
    screen = Screen("borough", borough=HACKNEY, view=CHILDREN).view_as("lead", HACKNEY)
    assert {q: row["Hackney"] for q, row in referrals(screen).items()} == {
        "2026-Q3": "23",
        "2026-Q2": "31",
    }
    assert "Exact figures of Hackney, for its own lead only" in screen.words
    assert "A reason to talk, not a finding." in screen.words
    screen.run()
    assert noted("exact view")[before:] == [("lead", f"{HACKNEY} figures about children")]


@pytest.mark.parametrize("role", ["contributor", "analyst", "administrator"])
def test_no_other_role_sees_exact_referrals(role: str) -> None:
    boroughs = (HACKNEY,) if role == "contributor" else ()
    screen = Screen("borough", borough=HACKNEY, view=CHILDREN)
    screen.view_as(role, *boroughs)  # type: ignore[arg-type]
    assert referrals(screen)["2026-Q3"]["Hackney"] == "25"
    assert "Exact" not in screen.words


def test_the_lead_of_one_borough_sees_another_as_everybody_does() -> None:
    screen = Screen("borough", borough=BROMLEY, view=CHILDREN).view_as("lead", HACKNEY)
    assert referrals(screen)["2026-Q3"]["Bromley"] == "c"
    assert "Exact" not in screen.words


# --- the page -------------------------------------------------------------------------------------


def test_an_unknown_code_is_left_for_the_first_borough() -> None:
    screen = Screen("borough", borough="E99999999")
    assert screen.title == "Barking and Dagenham"
    assert "<b>–</b>" in screen.drawn("profile")


def test_choosing_another_borough_changes_the_address() -> None:
    screen = Screen("borough", borough=HACKNEY, phase="Secondary", view="Types")
    screen.choose(f"borough_choice_{HACKNEY}", BROMLEY)
    assert screen.title == "Bromley"
    assert screen.query == {"borough": BROMLEY, "phase": "Secondary", "view": "Types"}


@pytest.mark.parametrize("view", ["Profile", "Schools", "Types", CHILDREN])
def test_every_view_keeps_the_filters_of_the_others(view: str) -> None:
    filters = {"indicator": "HSB training", "state": "Gap", "by": "Indicator", "phase": "Primary"}
    filters |= {"school_type": "Maintained", "breakdown": "Outcome", "quarter": "2026-Q2"}
    screen = Screen("borough", borough=HACKNEY, view=view, **filters).run()
    shown = filters | {"borough": HACKNEY} | ({} if view == "Profile" else {"view": view})
    assert screen.query == shown


@pytest.mark.parametrize("view", ["Profile", "Schools", "Types", CHILDREN])
def test_every_view_of_an_empty_borough_says_what_is_missing(view: str) -> None:
    screen = Screen("borough", borough="E09000007", view=view)
    assert screen.title == "Camden"
    said = {
        "Profile": "No school of Camden matches",
        "Schools": "No school of Camden matches",
        "Types": "No school of Camden matches",
        CHILDREN: "nothing is known, which is not none",
    }
    assert said[view] in screen.words
