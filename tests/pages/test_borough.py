"""Borough: its schools unnamed until somebody names them, and exact counts for its lead alone."""

import json

import pytest

from tests.pages.conftest import Screen
from tests.uploads import BRENT, BROMLEY, HACKNEY

pytestmark = pytest.mark.usefixtures("tiny_pages")

NOT_IN_RETURN = "unknown: not in the borough's return"


def states(screen: Screen) -> dict[str, str]:
    return {row["School"]: row["State"] for row in screen.rows()}


def referrals(screen: Screen) -> dict[str, dict[str, str]]:
    """The last table: by area, the figure of each quarter."""
    found: dict[str, dict[str, str]] = screen.frames[-1].to_dict("index")
    return found


def test_schools_are_told_by_phase_and_letter_gaps_first() -> None:
    screen = Screen("borough", borough=HACKNEY)
    assert screen.title == "Hackney"
    assert list(states(screen).items()) == [
        ("Secondary A", "gap"),
        ("Secondary B", "unknown: no reply"),
        ("All-through A", NOT_IN_RETURN),
        ("16 plus A", NOT_IN_RETURN),
        ("Primary A", "met"),
        ("School A", "met"),
        ("Nursery A", "not applicable"),
    ]
    first = screen.rows()[0]
    assert first["Evidence"] == "contacted, last contact 2026-09"
    assert (first["Quarter"], first["Pupils"]) == ("2026-Q3", 1100)


def test_the_map_holds_what_the_table_holds() -> None:
    assert Screen("borough", borough=HACKNEY).map_points == {
        "gap": ["Secondary A"],
        "unknown": ["Secondary B", "All-through A", "16 plus A"],
        "met": ["Primary A", "School A"],
        "not-applicable": ["Nursery A"],
    }


def test_no_name_of_a_school_is_sent_until_it_is_asked_for() -> None:
    screen = Screen("borough", borough=HACKNEY)
    (deck,) = screen.app.get("deck_gl_json_chart")
    sent = deck.proto.json + screen.frames[0].to_json() + screen.words
    assert "School 1000" not in sent
    screen.app.toggle(key="schools_named").set_value(True)
    assert "School 100002" in states(screen.run())
    assert screen.map_points["gap"] == ["School 100002"]


def test_naming_is_logged_once_a_borough(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="gapmap.ui.naming")
    screen = Screen("borough", borough=HACKNEY)
    screen.app.toggle(key="schools_named").set_value(True)
    screen.run().run()
    told = [record.message for record in caplog.records if record.name == "gapmap.ui.naming"]
    assert told == [f"schools named: role=executive borough={HACKNEY}"]


def test_the_headline_is_the_boroughs_own() -> None:
    cards = Screen("borough", borough=HACKNEY).cards
    assert cards["No police contact"] == (
        "1",
        "−2 on 2026-Q2",
        "of 3 known; 1,100 pupils; same 3 schools: −2",
    )
    # Police 3, DSL 5, HSB 4 (nurseries need none).
    assert cards["Answers unknown"][0] == "12"
    assert "Boroughs not submitted" not in cards


def test_the_trend_stands_beside_london() -> None:
    _, trend, *_ = Screen("borough", borough=HACKNEY).frames
    assert trend.to_dict("records") == [
        {"Quarter": "2026-Q2", "Area": "London", "Met": "0%", "n known": 3, "Unknown": 9},
        {"Quarter": "2026-Q2", "Area": "Hackney", "Met": "0%", "n known": 3, "Unknown": 3},
        {"Quarter": "2026-Q3", "Area": "London", "Met": "50%", "n known": 4, "Unknown": 9},
        {"Quarter": "2026-Q3", "Area": "Hackney", "Met": "67%", "n known": 3, "Unknown": 3},
    ]


def test_gaps_are_counted_by_school_type() -> None:
    screen = Screen("borough", borough=HACKNEY)
    types = screen.frames[2].set_index("School type")
    assert types.loc["academy", "Gap"] == 1
    assert types.loc["nursery", "Not applicable"] == 1
    assert types["Schools"].sum() == 7
    chart = screen.app.get("plotly_chart")[1]
    bars = {bar["name"]: bar for bar in json.loads(chart.proto.spec)["data"]}
    assert list(bars) == ["met", "gap", "unknown", "not applicable"]
    assert bars["gap"]["y"][bars["gap"]["text"].index("1")] == "Academy"


def test_a_borough_that_has_not_submitted_says_so() -> None:
    screen = Screen("borough", borough=BRENT)
    assert "**Not submitted** (Police engagement with schools): Brent." in screen.words
    assert set(states(screen).values()) == {
        "unknown: borough has not submitted",
        "not applicable",
    }
    value, _, note = screen.cards["No police contact"]
    assert (value, note) == ("–", "Nothing is known: no school here has an answer that counts.")
    assert referrals(screen)["Brent"] == {"2026-Q2": "not submitted", "2026-Q3": "not submitted"}


def test_no_school_matches() -> None:
    screen = Screen("borough", borough=HACKNEY, phase="Primary", school_type="College")
    assert "No school of Hackney matches the filters in this quarter." in screen.words
    assert "Set phase and school type to All" in screen.words
    assert not screen.app.get("deck_gl_json_chart")


def test_an_unknown_code_is_left_for_the_first_borough() -> None:
    screen = Screen("borough", borough="E99999999")
    assert screen.title == "Barking and Dagenham"
    assert "No school of Barking and Dagenham matches" in screen.words


def test_choosing_another_borough_changes_the_address() -> None:
    screen = Screen("borough", borough=HACKNEY, phase="Secondary")
    screen.choose(f"borough_choice_{HACKNEY}", BROMLEY)
    assert screen.title == "Bromley"
    assert screen.query == {"borough": BROMLEY, "phase": "Secondary"}


def test_a_row_leads_to_its_school_with_the_filters_kept() -> None:
    screen = Screen("borough", borough=HACKNEY, indicator="Police engagement", phase="Secondary")
    screen.select_row("borough_table", 1)
    assert screen.title == "Secondary B"
    assert screen.query["urn"] == "100004"
    assert (screen.query["borough"], screen.query["phase"]) == (HACKNEY, "Secondary")


def test_the_way_up_is_there_only_when_london_is_above() -> None:
    screen = Screen("london").select_row("london_table", 0)
    assert screen.title == "Hackney"
    assert screen.press("London").title == "London"
    assert "borough" not in screen.query
    labels = [button.label for button in Screen("borough", borough=HACKNEY).app.button]
    assert "London" not in labels


# --- referrals ----------------------------------------------------------------------------------


def test_an_executive_sees_released_referrals() -> None:
    screen = Screen("borough", borough=HACKNEY)
    assert referrals(screen) == {
        "Hackney": {"2026-Q2": "30", "2026-Q3": "25"},
        "London": {"2026-Q2": "40", "2026-Q3": "25"},
    }
    assert referrals(Screen("borough", borough=BROMLEY))["Bromley"] == {
        "2026-Q2": "10",
        "2026-Q3": "c",
    }
    assert "c = 1–7, or withheld to protect another figure" in screen.words
    assert not screen.app.warning


def test_the_boroughs_own_lead_sees_exact_referrals_marked() -> None:
    screen = Screen("borough", borough=HACKNEY).view_as("lead", HACKNEY)
    assert referrals(screen) == {"Hackney": {"2026-Q2": "31", "2026-Q3": "23"}}
    assert "Exact figures of Hackney, for its own lead only" in screen.app.warning[0].value
    assert "School 100002" in states(screen)


@pytest.mark.parametrize("role", ["contributor", "analyst", "administrator"])
def test_no_other_role_sees_exact_referrals(role: str) -> None:
    boroughs = (HACKNEY,) if role == "contributor" else ()
    screen = Screen("borough", borough=HACKNEY).view_as(role, *boroughs)  # type: ignore[arg-type]
    assert referrals(screen)["Hackney"] == {"2026-Q2": "30", "2026-Q3": "25"}
    assert "Secondary A" in states(screen)


def test_the_lead_of_one_borough_sees_another_as_everybody_does() -> None:
    screen = Screen("borough", borough=BROMLEY).view_as("lead", HACKNEY)
    assert referrals(screen)["Bromley"]["2026-Q3"] == "c"
    assert not screen.app.warning


def test_an_indicator_of_boroughs_has_no_schools_to_map() -> None:
    screen = Screen("borough", borough=HACKNEY, indicator="HSB referrals")
    assert "HSB referrals are counted by borough, not by school." in screen.words
    assert not screen.app.get("deck_gl_json_chart")
    assert referrals(screen)["Hackney"]["2026-Q3"] == "25"
