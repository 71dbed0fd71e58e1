"""London: the cards, the map and the ranking agree with what was published."""

import math
from typing import Any

import pandas as pd
import pytest

from gapmap.store import Store
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
        "−1 on 2026-Q2",
        "of 4 known; 1,900 pupils; same 3 schools: −2",
    )
    assert cards["DSL not in date"] == (
        "1",
        "+1 on 2026-Q2",
        "of 2 known; 1,100 pupils; no school answered in both quarters",
    )
    assert cards["Nobody trained on HSB"][0] == "1"
    # 9 on police; on DSL 13 of 15 schools; on HSB 11 of the 13 that are no nurseries.
    assert cards["Answers unknown"] == (
        "33",
        "−2 on 2026-Q2",
        "not asked 0, no reply 1, not sent 32, out of date 0",
    )
    assert cards["Boroughs not submitted"][0] == "32"
    assert "Hackney" not in cards["Boroughs not submitted"][2]


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


def test_the_map_holds_what_the_table_holds() -> None:
    classes = Screen("london").map_classes
    assert len(classes) == 33
    assert classes["Hackney"] == "65–79%"
    assert {name for name, kind in classes.items() if kind != "unknown"} == {"Hackney", "Bromley"}


def test_a_figure_says_its_period_source_and_n() -> None:
    words = Screen("london").words
    assert (
        "2026-Q3 (July–September 2026) · from police_engagement · n = 4 schools known of 15 · "
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
        "of 3 known; 1,520 pupils; no earlier quarter",
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
    assert {row["95%"] for row in screen.rows()} == {"–"}


def test_a_row_leads_to_its_borough_with_the_filters_kept() -> None:
    screen = Screen("london", phase="Secondary").select_row("london_table", 0)
    assert screen.title == "Hackney"
    assert screen.query == {"phase": "Secondary", "borough": HACKNEY}
    assert [row["School"] for row in screen.rows()] == ["Secondary A", "Secondary B"]


def test_a_row_that_is_not_ranked_leads_to_its_own_borough() -> None:
    screen = Screen("london")
    names = [row["Borough"] for row in screen.rows()]
    screen.select_row("london_table", names.index("Brent"))
    assert screen.title == "Brent"
    assert screen.query["borough"] == BRENT


# --- referrals ----------------------------------------------------------------------------------


def test_referrals_are_released_figures_in_alphabetical_order() -> None:
    screen = Screen("london", indicator="HSB referrals")
    found = {row["Borough"]: row["Referrals"] for row in screen.rows()}
    assert list(found) == sorted(found)
    # 23, 4 and nothing were submitted.
    assert (found["Hackney"], found["Bromley"], found["Brent"]) == ("25", "c", "not submitted")
    classes = screen.map_classes
    assert (classes["Hackney"], classes["Bromley"], classes["Brent"]) == (
        "20–25",
        "withheld",
        "unknown",
    )
    assert "London 25; 2 of 33 boroughs submitted" in screen.words
    assert "What was passed on, not how much harm occurred" in screen.words
    assert "c = 1–7, or withheld to protect another figure" in screen.words


def test_referrals_take_no_filter_of_schools() -> None:
    screen = Screen("london", indicator="HSB referrals")
    assert screen.app.selectbox(key="phase").disabled
    assert screen.app.selectbox(key="school_type").disabled
    assert not screen.app.selectbox(key="quarter").disabled


def test_london_is_released_figures_for_a_lead_too() -> None:
    screen = Screen("london", indicator="HSB referrals").view_as("lead", HACKNEY)
    found = {row["Borough"]: row["Referrals"] for row in screen.rows()}
    assert found["Hackney"] == "25"


def test_the_root_leads_to_london(tiny_pages: Store) -> None:
    screen = Screen("london")
    screen.app.query_params.clear()
    assert screen.run().title == "London"
