"""Compare: the four views agree with what was published, and lead to the borough."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gapmap.indicator import definitions
from tests.pages.conftest import Screen
from tests.uploads import HACKNEY

pytestmark = pytest.mark.usefixtures("tiny_pages")
POLICE = "Police engagement"


def rug(**query: str) -> dict[str, dict[str, Any]]:
    """The rug as a table, by borough."""
    screen = Screen("compare", table="true", **query)
    return {row["Borough"]: row for row in screen.rows()}


def test_the_rug_has_every_borough_and_indicator() -> None:
    screen = Screen("compare")
    assert screen.title == "Compare"
    (chart,) = screen.app.get("vega_lite_chart")
    spec = json.loads(chart.proto.spec)
    (grid,) = spec["layer"]
    assert len(grid["encoding"]["y"]["scale"]["domain"]) == 33
    columns = len(grid["encoding"]["x"]["scale"]["domain"])
    assert columns >= 16
    assert len(grid["data"]["values"][0]["share"]) == 33 * columns
    assert "2026-Q3 (July–September 2026)" in screen.words


def test_a_cell_gives_the_share_of_those_known_and_where_the_same_schools_went() -> None:
    found = rug()
    assert len(found) == 33
    # Two of three known of six; the same three schools had no contact before.
    assert found["Hackney"][POLICE] == "67% ▲"
    # One of four schools is known.
    assert found["Bromley"][POLICE] == "(0%)"
    assert found["Brent"][POLICE] == "unknown"
    assert found["Hackney"]["Referrals that name the school"] in ("unknown", "not applicable")


def test_the_first_quarter_has_no_arrow() -> None:
    assert rug(quarter="2026-Q2")["Hackney"][POLICE] == "0%"


def test_filters_narrow_the_rug() -> None:
    assert rug(phase="Secondary")["Hackney"][POLICE] == "0%"
    assert rug(phase="Nursery")["Hackney"][POLICE] == "not applicable"


def test_the_rug_is_sorted_by_an_indicator_with_the_unknown_last() -> None:
    names = list(rug(sort=POLICE))
    assert names[:2] == ["Hackney", "Bromley"], "what is not ranked comes after what is"
    assert names[2:] == sorted(names[2:])


def test_the_rug_shows_a_group_of_boroughs() -> None:
    inner = rug(group="Inner London")
    assert "Hackney" in inner
    assert "Bromley" not in inner
    unit = rug(group="City and Hackney Safeguarding Children Partnership")
    assert sorted(unit) == ["City of London", "Hackney"]


def test_a_cell_leads_to_its_borough_with_that_indicator() -> None:
    screen = Screen("compare", table="true", phase="Secondary")
    clicks = screen.app.session_state["compare_rug_table_clicks"]
    row = [row["Borough"] for row in screen.rows()].index("Hackney")
    screen.app.session_state[f"compare_rug_table_{clicks}"] = {
        "selection": {"rows": [], "columns": [], "cells": [(row, "HSB training")]}
    }
    screen.run()
    assert screen.title == "Hackney"
    assert screen.query["borough"] == HACKNEY
    assert screen.query["indicator"] == "HSB training"
    assert screen.query["phase"] == "Secondary"


def test_what_is_missing_is_said() -> None:
    words = Screen("compare").words
    assert "No answer at all from Barking and Dagenham, Barnet" in words
    assert "Brent" in words
    assert "borough has not submitted" in words
    assert "no reply" in words


def test_side_by_side_shows_the_halves_of_london_unless_chosen() -> None:
    screen = Screen("compare", view="Side by side")
    assert "**Inner London**" in screen.words
    assert "**Outer London**" in screen.words
    assert "95% intervals do not overlap" in screen.words
    schools = len([d for d in definitions().values() if d.level == "school"])
    assert len(screen.rows()) == 2 * schools


def test_side_by_side_compares_what_the_address_names() -> None:
    screen = Screen("compare", view="Side by side", area="Hackney")
    rows = {row["Indicator"]: row for row in screen.rows()}
    police = rows[POLICE]
    assert (police["Area"], police["Known"]) == ("Hackney", 3)
    assert police["Met"] == pytest.approx(200 / 3)
    assert police["Unknown"] == pytest.approx(50)
    assert police["London"] == pytest.approx(50)
    assert police["Against London"] == "London under 50% known"
    assert rows["Letter sent"]["Against London"] == "unknown"


def test_the_funnel_lists_which_limits_are_passed() -> None:
    screen = Screen("compare", view="Funnel")
    rows = {row["Borough"]: row for row in screen.rows()}
    assert rows["Hackney"]["Limits passed"] == "inside"
    assert rows["Bromley"]["Limits passed"] == "not judged: under 50% known"
    assert rows["Brent"]["Limits passed"] == "unknown"
    assert "<b>No borough</b> of 1 lies outside the 2 sigma limits" in screen.finding
    assert "doi:10.1002/sim.1970" in screen.words
    assert "n = 4 schools known of" in screen.words


def test_a_row_of_the_funnel_leads_to_its_borough() -> None:
    screen = Screen("compare", view="Funnel", indicator="HSB training")
    row = [row["Borough"] for row in screen.rows()].index("Hackney")
    screen.select_row("compare_funnel_table", row)
    assert screen.title == "Hackney"
    assert screen.query["indicator"] == "HSB training"


@pytest.mark.parametrize("view", ["Funnel", "Trends"])
def test_referrals_are_neither_on_a_funnel_nor_ranked(view: str) -> None:
    screen = Screen("compare", view=view, indicator="HSB referrals")
    assert "choose an indicator of schools" in screen.words
    assert not screen.app.get("plotly_chart")


@pytest.mark.parametrize("view", ["Funnel", "Trends"])
def test_nothing_is_known_of_an_indicator(view: str) -> None:
    screen = Screen("compare", view=view, indicator="Letter sent")
    assert "No school of London has an answer" in screen.words


def test_trends_give_the_chosen_areas_by_quarter() -> None:
    screen = Screen("compare", view="Trends", area="Hackney")
    rows = screen.rows()
    assert [row["Quarter"] for row in rows] == ["2026-Q3", "2026-Q2"]
    assert rows[0]["Hackney"].startswith("67% [")
    assert rows[0]["Hackney"].endswith("n=3")
    assert rows[1]["London"].startswith("(0%)")
    assert "No line for Barking and Dagenham" in screen.words


def test_choices_of_other_views_stay_in_the_address() -> None:
    query = {"view": "Funnel", "sort": POLICE, "group": "Inner London", "area": "Hackney"}
    assert Screen("compare", **query).query == query


@pytest.mark.parametrize("view", ["Rug", "Side by side", "Funnel", "Trends"])
def test_every_view_takes_a_misspelt_address(view: str) -> None:
    screen = Screen("compare", view=view, group="Nowhere", sort="Nonsense", area="Atlantis")
    assert screen.title == "Compare"


@pytest.mark.parametrize("role", ["lead", "contributor", "analyst", "administrator"])
def test_every_role_sees_the_same(role: Any) -> None:
    seen = Screen("compare", table="true").rows()
    screen = Screen("compare", table="true").view_as(role, *([HACKNEY] if role == "lead" else []))
    assert screen.rows() == seen


def test_no_school_matches() -> None:
    screen = Screen("compare", phase="Nursery", school_type="College")
    assert "No school of London matches the filters" in screen.words


def test_what_boroughs_return_is_not_narrowed_and_says_so() -> None:
    assert "so not narrowed" not in Screen("compare").words
    said = Screen("compare", phase="Secondary").words
    assert "returned for all schools together, so not narrowed" in said


def test_a_view_that_another_screen_was_left_at_is_forgotten() -> None:
    screen = Screen("compare", view="Schools", quarter="2026-Q2")
    assert screen.query == {"quarter": "2026-Q2"}
    assert "Rug" in str(screen.app.get("button_group")[0].proto)
    screen = Screen("borough", view="Funnel", borough=HACKNEY)
    assert screen.query == {"borough": HACKNEY}
