"""London: the cards, the map and the ranking agree with what was published."""

import math
from typing import Any

import pandas as pd
import pytest

from gapmap.access import Role
from gapmap.indicator import of_boroughs
from gapmap.stores.store import Store
from gapmap.ui.london.london_choice import VIEWS
from gapmap.ui.london.london_panels import trend_column
from tests.pages.conftest import Screen
from tests.uploads import BRENT, HACKNEY

pytestmark = pytest.mark.usefixtures("tiny_pages")


def wilson(met: int, n: int) -> str:
    """The 95% Wilson score interval as the screens write it."""
    z, share = 1.959964, met / n
    middle = share + z * z / (2 * n)
    margin = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = ((middle + sign * margin) / (1 + z * z / n) for sign in (-1, 1))
    return f"{100 * low:.0f}%–{100 * high:.0f}%"


def by_borough(screen: Screen) -> dict[str, dict[str, Any]]:
    return {row["Borough"]: row for row in screen.rows()}


def test_the_headline_counts_gaps_and_their_change() -> None:
    cards = Screen("london").cards
    # 100002 and 100011; before, the first three schools of Hackney, which answered in both.
    assert cards["No police contact"] == (
        "2",
        "−1 since 2026-Q2",
        "of 4 known; 1,900 pupils. Same 3 schools: −2",
    )
    assert cards["DSL out of date"] == (
        "1",
        "+1 since 2026-Q2",
        "0 more run out within two quarters; 1,100 pupils. No school answered in both quarters.",
    )
    # Nobody sent what schools answer: all 15 are unknown, and none of them says no.
    assert cards["Schools unreviewed"] == (
        "15",
        "+1 since 2026-Q2",
        "0 said no, 15 unknown; 3,685 pupils. Same 14 schools: ±0",
    )
    assert cards["Boroughs not submitted"][0] == "33"
    assert cards["Not asked · no reply · said no"][0] == "0 · 0 · 0"


def test_the_ranking_gives_share_interval_and_n() -> None:
    found = by_borough(Screen("london"))
    assert len(found) == 33
    hackney = found["Hackney"]
    assert (hackney["#"], hackney["95%"]) == (1, wilson(2, 3))
    assert hackney["Met"] == pytest.approx(200 / 3)
    assert (hackney["Gap"], hackney["Known"], hackney["Unknown"]) == (1, 3, 3)


def test_a_borough_with_less_than_half_known_is_shown_and_not_ranked() -> None:
    screen = Screen("london")
    bromley = by_borough(screen)["Bromley"]
    assert pd.isna(bromley["#"])
    assert (bromley["Met"], bromley["Known"], bromley["Unknown"]) == (0, 1, 3)
    assert screen.rows()[0]["#"] == 1
    assert screen.map_classes["Bromley"] == "not ranked"


def test_the_map_asks_its_question_and_answers_it_for_london() -> None:
    said = Screen("london").finding
    assert "<h3>Which schools have a named police contact" in said
    # Two of Hackney's three and none of Bromley's one; to two of fifteen it does not apply.
    assert "<b>50%</b> of 4 schools known; 9 unknown." in said
    assert "The same 3 schools as a quarter before: +67 points." in said


def test_the_lowest_boroughs_carry_their_place_on_the_map() -> None:
    assert {name: mark for name, mark in Screen("london").map_marks.items() if mark} == {
        "Hackney": "1"
    }


def test_what_has_no_polarity_has_no_place_on_the_map() -> None:
    assert not any(Screen("london", indicator="HSB referrals").map_marks.values())


def test_the_lines_of_all_boroughs_share_one_scale() -> None:
    def scale(*trends: list[float]) -> tuple[float, float]:
        given = trend_column("Trend", trends)["type_config"]
        return given["y_min"], given["y_max"]

    assert scale([40.0, 50.0], [], [20.0]) == (20.0, 50.0)
    # Of one value, and of none, there is still a scale to draw on.
    assert scale([40.0]) == (40.0, 41.0)
    assert scale([], []) == (0.0, 1.0)


def test_that_no_borough_submitted_is_said_without_naming_all() -> None:
    words = Screen("london", indicator="HSB policy").words
    assert "**Not submitted** (Schools' safeguarding returns): all 33 boroughs. Until" in words


def test_every_view_names_the_returns_that_it_rests_on() -> None:
    def source(**query: str) -> str:
        (line,) = {
            one.value
            for one in Screen("london", **query).app.caption
            if "register of" in one.value and "·" in one.value
        }
        return line.split(" · ")[1]

    everything = "from police engagement, school safeguarding, training"
    assert source(london_view="Three criteria") == "from police engagement, training"
    assert source(london_view="What changed") == everything
    assert source(london_view="Missing answers") == everything
    assert source(london_view="Lists and letters") == "from school safeguarding"
    assert source(london_view="Lists and letters", list="DSL training") == "from training"


def test_the_map_holds_what_the_table_holds() -> None:
    classes = Screen("london").map_classes
    assert len(classes) == 33
    assert classes["Hackney"] == "65–79%"
    assert {name for name, kind in classes.items() if kind != "unknown"} == {"Hackney", "Bromley"}


def test_a_figure_says_its_period_source_and_n() -> None:
    words = Screen("london").words
    assert (
        "2026-Q3 (July–September 2026) · from police engagement · n = 4 schools known of 15 · "
        "register of 30 June 2026" in words
    )
    assert "not a judgement of how safe a school is" in words


def test_the_boroughs_that_did_not_submit_are_named() -> None:
    screen = Screen("london")
    (line,) = [one.value for one in screen.app.markdown if "Not submitted" in one.value]
    assert "Brent" in line
    assert "Bromley" not in line
    assert "never a gap" in line
    # Of training Bromley sent nothing either.
    (line,) = [
        one.value
        for one in Screen("london", indicator="HSB training").app.markdown
        if "Not submitted" in one.value
    ]
    assert "Bromley" in line
    assert "Hackney" not in line


def test_nothing_is_invented_without_the_demonstration() -> None:
    screen = Screen("london")
    assert "Demonstration data" not in "".join(one.value for one in screen.app.html)


def test_the_first_quarter_has_none_to_compare_with() -> None:
    screen = Screen("london", quarter="2026-Q2")
    assert screen.cards["No police contact"] == (
        "3",
        "",
        "of 3 known; 1,520 pupils. No earlier quarter.",
    )
    assert by_borough(screen)["Hackney"]["Met"] == 0


def test_filters_narrow_every_figure() -> None:
    screen = Screen("london", phase="Secondary")
    assert screen.cards["No police contact"][0] == "1"
    assert "n = 1 schools known of 3" in screen.words
    assert by_borough(screen)["Hackney"]["Known"] == 1
    screen = Screen("london", phase="Secondary", school_type="Special")
    assert "n = 0 schools known of 1" in screen.words


def test_filters_are_chosen_on_the_screen() -> None:
    screen = Screen("london").choose("indicator", "hsb_training").choose("phase", "primary")
    assert "**HSB training**: Which schools" in screen.words
    assert "n = 1 schools known of 3" in screen.words


def test_a_filter_that_the_address_misspells_is_left_out() -> None:
    screen = Screen("london", indicator="Nonsense", phase="Kindergarten", quarter="1999-Q1")
    assert "n = 4 schools known of 15" in screen.words


def test_no_school_matches() -> None:
    screen = Screen("london", phase="Nursery", school_type="College")
    assert "No school of London matches the filters" in screen.words
    assert "Set phase and school type to All" in screen.words
    assert screen.cards["No police contact"][0] == "–"
    # No map of nothing, and one click away from all.
    assert not screen.app.get("vega_lite_chart")
    assert not screen.frames
    screen.press("Show all schools")
    assert screen.query == {}
    assert "n = 4 schools known of 15" in screen.words


def test_a_row_leads_to_its_borough_with_the_filters_kept() -> None:
    screen = Screen("london", phase="Secondary").select_row("london_table", 0)
    assert screen.title == "Hackney"
    assert screen.query == {"phase": "Secondary", "borough": HACKNEY}


def test_a_row_that_is_not_ranked_leads_to_its_own_borough() -> None:
    screen = Screen("london")
    names = [row["Borough"] for row in screen.rows()]
    screen.select_row("london_table", names.index("Brent"))
    assert screen.title == "Brent"
    assert screen.query["borough"] == BRENT


# --- figures of boroughs --------------------------------------------------------------------------


def test_referrals_are_released_figures_in_alphabetical_order() -> None:
    screen = Screen("london", indicator="HSB referrals")
    found = {row["Borough"]: row["HSB referrals"] for row in screen.rows()}
    assert list(found) == sorted(found)
    # 23, 4 and nothing were submitted.
    assert (found["Hackney"], found["Bromley"], found["Brent"]) == ("25", "c", "not submitted")
    classes = screen.map_classes
    assert (classes["Hackney"], classes["Bromley"], classes["Brent"]) == (
        "20–25",
        "withheld",
        "unknown",
    )
    assert "#" not in screen.frames[0].columns
    assert "London 25; 2 of 33 boroughs submitted; release " in screen.words
    assert "what was passed on, not how much harm occurred" in screen.finding
    assert "c = 1–7, or withheld to protect another figure" in screen.finding


def test_referrals_take_no_filter_of_schools() -> None:
    screen = Screen("london", indicator="HSB referrals")
    assert screen.app.selectbox(key="phase").disabled
    assert screen.app.selectbox(key="school_type").disabled
    assert not screen.app.selectbox(key="quarter").disabled
    # Another view of the same indicator is of schools again.
    screen = Screen("london", indicator="HSB referrals", london_view="Missing answers")
    assert not screen.app.selectbox(key="phase").disabled


def test_london_is_released_figures_for_a_lead_too() -> None:
    screen = Screen("london", indicator="HSB referrals").view_as("lead", HACKNEY)
    found = {row["Borough"]: row["HSB referrals"] for row in screen.rows()}
    assert found["Hackney"] == "25"


@pytest.mark.parametrize("title", [one.title for one in of_boroughs()])
def test_every_indicator_of_boroughs_has_a_map_and_says_what_is_missing(title: str) -> None:
    screen = Screen("london", indicator=title)
    assert len(screen.map_classes) == 33
    assert "unknown" in screen.map_classes.values()
    assert "Not submitted" in screen.words
    assert len(screen.rows()) == 33


def test_the_root_leads_to_london(tiny_pages: Store) -> None:
    screen = Screen("london")
    screen.app.query_params.clear()
    assert screen.run().title == "London"


# --- the views ------------------------------------------------------------------------------------


def test_a_card_opens_its_list_and_a_borough_of_it_its_schools() -> None:
    screen = Screen("london").press("No police contact: open the list and its letter")
    assert screen.query == {"london_view": "Lists and letters", "list": "No police contact"}
    assert [(row["Borough"], row["No contact"]) for row in screen.rows()] == [
        ("Bromley", 1),
        ("Hackney", 1),
    ]
    assert (
        "Schools without a named police contact in your command unit's" in screen.app.code[0].value
    )
    screen.select_row("london_list_table", 1)
    assert screen.title == "Hackney"
    assert screen.query["only"] == "no_police_contact"
    assert [row["School"] for row in screen.rows()] == ["Secondary A"]
    assert "Hackney" in screen.app.code[0].value
    assert "School 100002" not in screen.app.code[0].value


def test_the_own_lead_gets_the_names_below_the_letter() -> None:
    address = {"borough": HACKNEY, "only": "no_police_contact"}
    screen = Screen("london", **address).view_as("lead", HACKNEY)
    assert [row["School"] for row in screen.rows()] == ["School 100002"]
    assert screen.app.code[0].value.rstrip().endswith("School 100002")
    screen = Screen("london", **address).view_as("lead", BRENT)
    assert "School 100002" not in screen.app.code[0].value
    # Named on the screen by a choice, they are named there and not in a letter.
    screen.app.toggle(key="schools_named").set_value(True)
    screen.run()
    assert [row["School"] for row in screen.rows()] == ["School 100002"]
    assert "School 100002" not in screen.app.code[0].value


def test_leaving_a_list_shows_the_borough_and_the_way_up_shows_london() -> None:
    address = {"borough": HACKNEY, "only": "no_police_contact", "london_view": "Lists and letters"}
    screen = Screen("london", **address)
    screen.press("All of Hackney")
    assert "only" not in screen.query
    screen = Screen("london", **address).press("London")
    assert screen.title == "London"
    assert screen.query == {"london_view": "Lists and letters"}


def test_a_list_that_there_is_not_is_the_borough_itself() -> None:
    screen = Screen("london", borough=HACKNEY, only="nonsense")
    assert screen.title == "Hackney"
    assert not screen.app.code


def test_boroughs_that_have_not_submitted_are_listed_by_return_with_the_reminder() -> None:
    screen = Screen("london", london_view="Lists and letters", list="Boroughs not submitted")
    rows = [(row["Borough"], row["Return"]) for row in screen.rows()]
    assert len({name for name, _ in rows}) == 33
    assert ("Hackney", "Police engagement with schools") not in rows
    assert ("Bromley", "Training coverage") in rows
    assert "Returns of Barking and Dagenham" in screen.app.code[-1].value
    lead = screen.view_as("administrator")
    assert "To the safeguarding partnership data lead" in lead.app.code[-1].value


def test_what_changed_counts_all_schools_and_the_same_ones() -> None:
    screen = Screen("london", london_view="What changed")
    changed = {row["Indicator"]: row for row in screen.rows()}
    police = changed["Police engagement"]
    assert (police["Gap"], police["Same schools"]) == ("3 → 2", "3 → 1")
    assert (police["Closed"], police["Opened"], police["Became known"]) == (2, 0, 1)
    hackney = {row["Borough"]: row for row in screen.rows(1)}["Hackney"]
    # Three schools are too few to call it an improvement.
    assert (hackney["Closed"], hackney["Standing"]) == (2, "too few")
    assert "No borough improved on Police engagement." in screen.words


def test_the_first_quarter_held_has_no_change() -> None:
    screen = Screen("london", london_view="What changed", quarter="2026-Q2")
    assert "The quarter before 2026-Q2 is not held" in screen.words


def test_a_borough_that_is_chosen_says_what_closed_its_gap() -> None:
    screen = Screen("london", london_view="What changed").select_row("changed_boroughs", 0)
    assert "**2 schools closed it** (1 of 1 independent, 1 of 1 maintained)" in screen.words
    assert "What closed the gap in Hackney?" in "".join(
        str(one.value) for one in screen.app.subheader
    )
    assert "police_2026-Q3.csv" in screen.words
    screen.press("Open Hackney")
    assert screen.title == "Hackney"


def test_schools_that_fail_three_criteria_are_counted_by_borough_and_listed_within_one() -> None:
    screen = Screen("london", london_view="Three criteria")
    said = "<b>1 school</b> in 1 borough: the gap on Police engagement, DSL in date and"
    assert said in screen.finding
    first = screen.rows()[0]
    assert (first["Borough"], first["Fail all"], first["Pupils"]) == ("Hackney", 1, 1100)
    assert screen.map_classes["Hackney"] == "1–4"
    assert screen.map_classes["Camden"] == "unknown"
    screen.select_row("criteria_table", 0)
    assert screen.query["only"] == "fails.police_engagement.dsl_in_date.hsb_training"
    assert [row["School"] for row in screen.rows()] == ["Secondary A"]


def test_boroughs_that_are_under_a_share_on_all_criteria() -> None:
    query = {"of": "Boroughs", "criterion_1": "Police engagement", "criterion_2": "None"}
    screen = Screen(
        "london", london_view="Three criteria", criterion_3="None", under="90%", **query
    )
    rows = {row["Borough"]: row for row in screen.rows()}
    assert (rows["Hackney"]["Under"], rows["Hackney"]["Standing"]) == (1, "under on all")
    # Under half is known of Bromley, nothing of Brent.
    assert rows["Bromley"]["Standing"] == rows["Brent"]["Standing"] == "unknown"
    assert "<h3>Which boroughs are under 90% on all of these?</h3>" in screen.finding
    assert "<b>1 borough</b> (Hackney); of 32 it is not known." in screen.finding


def test_missing_answers_are_told_apart() -> None:
    screen = Screen("london", london_view="Missing answers")
    questions = {row["Question"]: row for row in screen.rows()}
    police = questions["Police engagement"]
    assert (police["Not asked"], police["No reply"], police["Gap, or no"]) == (0, 1, 2)
    assert (police["Not sent"], police["No row"], police["Expired"]) == (3, 5, 0)
    boroughs = {row["Borough"]: row for row in screen.rows(1)}
    assert (boroughs["Hackney"]["No reply"], boroughs["Hackney"]["No row"]) == (1, 2)
    assert boroughs["Brent"]["Not sent"] == 3
    place = [row["Borough"] for row in screen.rows(1)].index("Hackney")
    screen.select_row("missing_by_borough", place)
    assert screen.query["only"] == "unknown.police_engagement"
    assert {row["Stands"] for row in screen.rows()} == {
        "unknown: no reply",
        "unknown: not in the borough's return",
    }


def test_choosing_a_question_turns_to_it() -> None:
    screen = Screen("london", london_view="Missing answers")
    place = [row["Question"] for row in screen.rows()].index("Reviewed")
    screen.select_row("missing_questions", place)
    assert screen.query["indicator"] == "Reviewed"
    assert "Reviewed: where are they missing?" in screen.words


def test_playing_begins_at_the_first_quarter_and_stopping_turns_to_what_is_shown() -> None:
    screen = Screen("london").press("Play")
    assert screen.map_classes["Hackney"] == "under 50%"  # the first quarter's
    assert "2026-Q2 (April–June 2026)" in screen.words
    assert screen.app.selectbox(key="quarter").value == "2026-Q3"
    screen.press("Stop")
    assert screen.app.selectbox(key="quarter").value == "2026-Q2"
    assert screen.cards["No police contact"][0] == "3"


def test_the_slider_turns_the_whole_screen_to_its_quarter() -> None:
    screen = Screen("london")
    screen.app.select_slider(key="quarter_slider").set_value("2026-Q2")
    screen.run()
    assert screen.app.selectbox(key="quarter").value == "2026-Q2"
    assert screen.cards["No police contact"][0] == "3"
    assert screen.map_classes["Hackney"] == "under 50%"


@pytest.mark.parametrize("role", ["executive", "contributor", "analyst", "administrator"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_name_of_a_school_is_sent_on_londons_screen(role: Role, view: str) -> None:
    screen = Screen("london", london_view=view)
    if role != "executive":
        screen.view_as(role)
    sent = screen.words + "".join(frame.to_csv() for frame in screen.frames)
    sent += "".join(one.value for one in screen.app.code)
    assert "School 1000" not in sent
