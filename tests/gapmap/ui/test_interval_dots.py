"""Dots with intervals: in the order given, and what is missing is written and never a 0."""

from __future__ import annotations

from gapmap.ui.interval_dots import PLAIN, Dot, Series, chart

SERIES = {"Children": Series("#0072b2"), "Parents": Series("#8b3a8b", "diamond")}
DOTS = [
    Dot("Brent", None, series="Children", said="not submitted"),
    Dot("Brent", None, series="Parents", said="not submitted"),
    Dot("Camden", 40.0, 35.0, 46.0, "Children"),
    Dot("Camden", None, series="Parents", said="c"),
]


def test_a_row_without_any_dot_says_why_once() -> None:
    said = [(one.y, one.text) for one in chart(DOTS, 300, SERIES).layout.annotations]
    assert said == [("Brent", "not submitted")]


def test_a_dot_has_its_interval_and_a_missing_one_is_not_drawn() -> None:
    children, parents = chart(DOTS, 300, SERIES).data
    assert (list(children.x), list(children.y)) == ([40.0], ["Camden"])
    assert (children.error_x.array[0], children.error_x.arrayminus[0]) == (6.0, 5.0)
    assert list(parents.x) == []


def test_rows_run_from_top_to_bottom_and_the_chosen_one_is_bold() -> None:
    axis = chart(DOTS, 300, SERIES, selected="Camden").layout.yaxis
    assert list(axis.categoryarray) == ["Camden", "Brent"]
    assert list(axis.ticktext) == ["Brent", "<b>Camden</b>"]


def test_small_shares_fill_the_chart() -> None:
    dots = [Dot("Camden", 1.9, 1.3, 2.8)]
    assert chart(dots, 300, PLAIN, full=False).layout.xaxis.range[1] < 3
    assert chart(dots, 300, PLAIN).layout.xaxis.range[1] > 100
    assert chart([Dot("Brent", None, said="c")], 300, PLAIN, full=False).layout.xaxis.range[1] > 0


def test_series_that_the_rows_name_need_no_legend() -> None:
    named = [Dot("Children", 40.0, series="Children"), Dot("Parents", 20.0, series="Parents")]
    assert not chart(named, 300, SERIES).layout.showlegend
    assert chart(DOTS, 300, SERIES).layout.showlegend
