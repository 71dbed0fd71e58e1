"""Charts of the Compare screen: what they draw, and what they leave out on purpose."""

import itertools

import pandas as pd
import pytest

from gapmap.indicator import definitions
from gapmap.ui import palette
from gapmap.ui.compare import compare_funnel, compare_side, compare_trends
from gapmap.ui.compare.compare_choices import LONDON
from gapmap.ui.compare.compare_funnel import Target, finding, place_words, placed, share_axis
from gapmap.ui.compare.compare_trends import breaks, ends, spread

POLICE = definitions()["police_engagement"]


def borough(name: str, met: int, n: int, unknown: int = 0) -> dict[str, object]:
    share = met / n if n else None
    return {
        "borough_code": name[:3],
        "borough": name,
        "met": met,
        "n": n,
        "unknown": unknown,
        "share_met": share,
        "low": None if share is None else max(0, share - 0.1),
        "high": None if share is None else min(1, share + 0.1),
        "ranked": n > 0 and n >= unknown,
    }


@pytest.fixture
def rows() -> pd.DataFrame:
    found = [
        borough("Camden", 20, 100),
        borough("Ealing", 60, 100),
        borough("Brent", 98, 100),
        borough("Bexley", 1, 20, unknown=80),
        borough("Barnet", 0, 0, unknown=90),
    ]
    return placed(pd.DataFrame(found), Target(600, 1000))


# --- funnel -------------------------------------------------------------------------------------


def test_boroughs_outside_come_first_and_the_unknown_last(rows: pd.DataFrame) -> None:
    assert list(zip(rows["borough"], rows["place"], strict=True)) == [
        ("Camden", "below 3 sigma"),
        ("Brent", "above 3 sigma"),
        ("Ealing", "inside"),
        ("Bexley", compare_funnel.NOT_JUDGED),
        ("Barnet", "unknown"),
    ]


def test_places_are_judged_only_with_a_polarity() -> None:
    assert place_words("below 2 sigma", "higher is better") == "below 2 sigma (worse)"
    assert place_words("below 2 sigma", "lower is better") == "below 2 sigma (better)"
    assert place_words("above 3 sigma", "none") == "above 3 sigma"
    assert place_words("inside", "higher is better") == "inside"


def test_the_finding_says_how_many_chance_would_put_there(rows: pd.DataFrame) -> None:
    figure, said = finding(rows)
    assert figure == "2 of 3 boroughs"
    assert said == (
        "lie outside the 2 sigma limits; chance would put about 0.1 there: they differ, or record "
        "differently."
    )
    figure, said = finding(rows[rows["place"] == "inside"])
    assert (figure, said[:4]) == ("No borough", "of 1")
    assert "differ" not in said


def test_only_boroughs_outside_are_named_on_the_funnel(rows: pd.DataFrame) -> None:
    figure = compare_funnel.chart(rows, Target(600, 1000), POLICE)
    named = [trace for trace in figure.data if "text" in (trace.mode or "")]
    assert [list(trace.text) for trace in named] == [["Camden", "Brent"]]
    assert list(named[0].marker.color) == [
        palette.STATE_COLOURS["gap"],
        palette.STATE_COLOURS["met"],
    ]
    drawn = [data[0] for trace in figure.data for data in (trace.customdata or ())]
    assert sorted(drawn) == sorted(["Cam", "Brent"[:3], "Eal", "Bex"]), "no dot of what is unknown"
    hollow = next(trace for trace in figure.data if trace.name == "under 50% known")
    assert hollow.marker.color == palette.BACKGROUND


def test_no_dot_lies_beyond_the_axis(rows: pd.DataFrame) -> None:
    known = rows[rows["n"] > 0]
    low, high = share_axis(known, Target(600, 1000))
    assert low <= known["share_met"].min()
    assert high >= known["share_met"].max()


def test_the_funnels_table_lists_the_limits_passed(rows: pd.DataFrame) -> None:
    table = compare_funnel.words_table(rows, "higher is better").set_index("Borough")
    assert table.at["Camden", "Limits passed"] == "below 3 sigma (worse)"
    assert table.at["Ealing", "Limits passed"] == "inside"
    assert table.at["Bexley", "Limits passed"] == "not judged: under 50% known"
    assert table.at["Barnet", "2 sigma"] == "–"


# --- trends -------------------------------------------------------------------------------------

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")


def line(area_id: str, area: str, *shares: float | None) -> list[dict[str, object]]:
    return [
        {
            "area_id": area_id,
            "level": area_id.partition(":")[0],
            "area": area,
            "quarter": quarter,
            "met": 0,
            "n": 0 if share is None else 10,
            "unknown": 3,
            "share_met": share,
            "low": share,
            "high": share,
            "ranked": share is not None and share != 0.25,
        }
        for quarter, share in zip(QUARTERS, shares, strict=True)
    ]


@pytest.fixture
def moved() -> pd.DataFrame:
    return pd.DataFrame(
        [
            *line(LONDON, "London", 0.5, 0.55, 0.6),
            *line("borough:a", "Camden", 0.25, None, 0.62),
            *line("borough:b", "Brent", 0.9, 0.9, None),
            *line("borough:c", "Bexley", None, None, None),
        ]
    )


def test_a_line_breaks_where_nothing_is_known(moved: pd.DataFrame) -> None:
    figure = compare_trends.chart(moved, ["borough:a"])
    others, london, camden = figure.data
    assert others.connectgaps is False
    assert camden.connectgaps is False
    assert pd.isna(camden.y[1])
    assert london.line.dash == "dash"
    assert camden.line.color == palette.CHOSEN[0]
    assert others.line.color == palette.OTHERS
    # Each borough is parted from the next.
    assert [quarter is None for quarter in others.x].count(True) == 3


def test_under_half_known_is_hollow(moved: pd.DataFrame) -> None:
    camden = compare_trends.chart(moved, ["borough:a"]).data[2]
    assert camden.marker.color[0] == palette.BACKGROUND
    assert camden.marker.color[2] == palette.CHOSEN[0]


def test_coloured_lines_are_named_at_their_last_figure(moved: pd.DataFrame) -> None:
    labels = ends(moved, {LONDON: "#000000", "borough:b": "#111111", "borough:c": "#222222"})
    assert [label["text"] for label in labels] == ["London 60%", "Brent 90%"]


def test_labels_are_moved_apart_and_stay_on_the_chart() -> None:
    for heights in ([0.5, 0.51, 0.52], [0.99, 0.995, 1.0], [0.0], [0.1, 0.9]):
        apart = spread(heights)
        gaps = [b - a for a, b in itertools.pairwise(apart)]
        assert all(gap >= compare_trends.LEAST_APART - 1e-9 for gap in gaps)
        assert apart[-1] <= 1.0
    assert spread([0.1, 0.9]) == [0.1, 0.9]
    assert spread([]) == []


def test_breaks_are_told_in_words(moved: pd.DataFrame) -> None:
    said = breaks(moved, ["borough:a"])
    assert "Camden is unknown in 2026-Q2." in said
    assert "No line for Bexley" in said


def test_the_table_of_trends_is_newest_first(moved: pd.DataFrame) -> None:
    table = compare_trends.words_table(moved, ["borough:a", LONDON])
    assert list(table.columns) == ["Quarter", "Camden", "London"]
    assert list(table["Quarter"]) == list(reversed(QUARTERS))
    assert table["Camden"][1] == "unknown"
    assert table["Camden"][2].startswith("(25%)")


# --- side by side -------------------------------------------------------------------------------


def stands(area_id: str, area: str, title: str, share: float | None, **more: object) -> dict:
    return {
        "area_id": area_id,
        "level": area_id.partition(":")[0],
        "area": area,
        "indicator": title.lower(),
        "title": title,
        "polarity": "higher is better",
        "n": 0 if share is None else 40,
        "unknown": 5,
        "share": share,
        "low": share,
        "high": share,
        "share_unknown": 0.1,
        "ranked": share is not None,
        "london_ranked": True,
        "differs": None,
        "members": 1,
        "members_elsewhere": 0,
        "members_with_data": 1,
        "missing": None,
        **more,
    }


@pytest.fixture
def sides() -> pd.DataFrame:
    group = {"members": 2, "members_elsewhere": 1, "missing": "Brent"}
    return pd.DataFrame(
        [
            stands(LONDON, "London", "Forum", 0.5, members=33),
            stands("borough:a", "Camden", "Forum", 0.8, differs="higher"),
            stands("neighbours:a", "Neighbours of Camden", "Forum", 0.5, **group),
            stands(LONDON, "London", "Letter", 0.5, members=33),
            stands("borough:a", "Camden", "Letter", None),
            stands("neighbours:a", "Neighbours of Camden", "Letter", 0.2, differs="lower", **group),
        ]
    )


def test_the_finding_tells_what_is_clear_and_what_is_not(sides: pd.DataFrame) -> None:
    camden = compare_side.finding(sides[sides["area"] == "Camden"])
    assert "**higher (better)** on 1: Forum" in camden
    assert "no clear difference on 0" in camden
    assert "under 50% known, here or in London, on 1" in camden
    neighbours = compare_side.finding(sides[sides["level"] == "neighbours"])
    assert "**lower (worse)** on 1: Letter" in neighbours
    assert "1 of 2 boroughs with an answer; left out without one: Brent" in neighbours
    assert "1 neighbour outside London not held" in neighbours


def test_the_table_has_a_row_per_indicator_and_area(sides: pd.DataFrame) -> None:
    table = compare_side.words_table(sides, ["neighbours:a", "borough:a"])
    assert list(table["Area"]) == ["Neighbours of Camden", "Camden"] * 2
    assert list(table["Indicator"]) == ["Forum", "Forum", "Letter", "Letter"]
    assert list(table["Against London"]) == [
        "not clear",
        "higher (better)",
        "lower (worse)",
        "unknown",
    ]
    assert list(table["London"]) == [50.0] * 4


def test_dots_are_filled_only_where_they_differ(sides: pd.DataFrame) -> None:
    figure = compare_side.chart(sides, ["borough:a", "neighbours:a"], ["Forum", "Letter"])
    by_name = {trace.name: trace for trace in figure.data if trace.name}
    assert list(by_name["Camden"].marker.color) == [palette.CHOSEN[0]]
    assert list(by_name["Neighbours of Camden"].marker.color) == [
        palette.BACKGROUND,
        palette.CHOSEN[1],
    ]
    hatched = [trace for trace in figure.data if trace.type == "bar"]
    assert [trace.marker.pattern.shape for trace in hatched] == ["/"], "Camden's letter is unknown"
