"""Cells of the rug: class, text, arrow and tone; the order of the boroughs; the specification."""

from dataclasses import replace
from typing import Any

import pytest

from gapmap.indicator import definitions, of_boroughs
from gapmap.ui import palette
from gapmap.ui.compare.compare_choices import BY_NAME
from gapmap.ui.compare.compare_grid import FILLS, grid_spec
from gapmap.ui.compare.compare_rug import (
    NOTHING,
    Figure,
    as_words,
    cell,
    class_of,
    columns,
    grid_columns,
    hyphenated,
    in_order,
    of_borough_figure,
    of_schools_figure,
    row_height,
    words_table,
)
from gapmap.ui.compare.compare_rug_view import taken_along

GOOD = "higher is better"
BAD = "lower is better"
KNOWN = Figure(0.78, True, True, 0.7, 0.85, n=50, of=3, same=9, was=0.74, now=0.78)
POLICE = definitions()["police_engagement"]


def test_every_indicator_with_a_polarity_that_is_a_share_is_a_column() -> None:
    names = [d.name for d in columns()]
    assert len(set(names)) == len(names) >= 16
    assert "hsb_referrals" not in names, "referrals are not ranked"
    assert all(d.polarity != "none" for d in columns())
    returned = {d.name for d in of_boroughs()} & set(names)
    assert all(definitions()[name].unit == "%" for name in returned)


@pytest.mark.parametrize(
    ("figure", "polarity", "kind", "words"),
    [
        (KNOWN, GOOD, "65–79%", "78% ▲"),
        (KNOWN, BAD, "under 50%", "78% ▲"),
        (replace(KNOWN, now=0.1), GOOD, "65–79%", "78% ▼"),
        (replace(KNOWN, now=0.74), GOOD, "65–79%", "78%"),
        (replace(KNOWN, was=None, now=None), GOOD, "65–79%", "78%"),
        (replace(KNOWN, share=0.0), BAD, "90% or more", "0% ▲"),
        (replace(KNOWN, ranked=False), GOOD, "not ranked", "(78%) ▲"),
        (NOTHING, GOOD, "unknown", "unknown"),
        (replace(NOTHING, applies=False), GOOD, "not applicable", "not applicable"),
        (replace(NOTHING, marker="c"), GOOD, "withheld", "c"),
    ],
)
def test_a_cell_is_in_a_class_and_says_its_figure(
    figure: Figure, polarity: str, kind: str, words: str
) -> None:
    assert class_of(figure, polarity) == kind
    assert kind in FILLS
    assert as_words({**cell("E1", "Camden", POLICE, figure), "kind": kind}) == words


ROW: dict[Any, Any] = {
    "n": 10,
    "unknown": 2,
    "not_applicable": 1,
    "share_met": 0.5,
    "low": 0.24,
    "high": 0.76,
    "ranked": True,
    "same_n": 8,
    "same_met": 5,
    "same_met_before": 4,
}


def test_the_change_is_that_of_the_same_schools() -> None:
    figure = of_schools_figure(ROW, "2026-Q2")
    assert (figure.same, figure.was, figure.now) == (8, 0.5, 0.625)
    assert figure.points == 12
    assert (figure.n, figure.of) == (10, 2)
    for nothing_to_compare in (
        of_schools_figure({**ROW, "same_n": 0}, "2026-Q2"),
        of_schools_figure(ROW, None),
    ):
        assert (nothing_to_compare.same, nothing_to_compare.points) == (None, None)


def test_a_borough_without_schools_that_it_applies_to_is_not_unknown() -> None:
    empty = {**ROW, "n": 0, "unknown": 0, "share_met": None, "ranked": False}
    assert class_of(of_schools_figure(empty, None), GOOD) == "not applicable"
    assert class_of(of_schools_figure({**empty, "unknown": 3}, None), GOOD) == "unknown"
    # No school of the borough matches the filters, so none is unknown.
    none = of_schools_figure({**empty, "not_applicable": 0}, None)
    assert class_of(none, GOOD) == "not applicable"


def test_a_released_share_is_compared_with_the_one_before() -> None:
    row = {"value": 85.0, "numerator": 85, "denominator": 100, "marker": None, "reason": None}
    figure = of_borough_figure(row, {**row, "value": 80.0})
    assert (figure.share, figure.points, figure.ranked) == (0.85, 5, True)
    assert (figure.n, figure.of, figure.same) == (85, 100, None)
    assert of_borough_figure({**row, "low": 76.5, "high": 91.0}, None).low == pytest.approx(0.765)
    withheld = {**row, "value": None, "marker": "c"}
    assert class_of(of_borough_figure(withheld, row), GOOD) == "withheld"
    assert of_borough_figure(withheld, row).points is None
    silent = {**row, "value": None, "reason": "not_submitted"}
    assert class_of(of_borough_figure(silent, None), GOOD) == "unknown"
    none = {**row, "value": None, "reason": "no_denominator"}
    assert class_of(of_borough_figure(none, None), GOOD) == "not applicable"


def test_boroughs_are_sorted_with_the_least_good_first_and_the_unknown_last() -> None:
    names = {"a": "Ealing", "b": "Brent", "c": "Camden", "d": "Barnet", "e": "Bexley"}
    shares = {"a": 0.4, "b": 0.9, "c": 0.4, "e": 0.1}
    figures = {
        (code, POLICE.name): replace(KNOWN, share=shares.get(code), ranked=code != "e")
        for code in names
    }
    assert in_order(list(names), names, figures, BY_NAME) == ["d", "e", "b", "c", "a"]
    assert in_order(list(names), names, figures, POLICE.name) == ["c", "a", "b", "e", "d"]


def test_where_lower_is_better_the_highest_comes_first() -> None:
    names = {"a": "Ealing", "b": "Brent"}
    lower = next((d for d in columns() if d.polarity == BAD), None)
    assert lower is not None
    figures = {
        ("a", lower.name): replace(KNOWN, share=0.2),
        ("b", lower.name): replace(KNOWN, share=0.6),
    }
    assert in_order(["a", "b"], names, figures, lower.name) == ["b", "a"]


def test_the_table_of_words_has_the_order_of_the_grid() -> None:
    cells = [cell(code, name, POLICE, KNOWN) for code, name in (("E1", "Camden"), ("E2", "Brent"))]
    table = words_table(cells, ["E2", "E1"], [POLICE])
    assert table.to_dict("list") == {
        "Borough": ["Brent", "Camden"],
        "Police engagement": ["78% ▲", "78% ▲"],
    }


def grid(*figures: Figure) -> dict[str, Any]:
    """The layer of a grid of one column, a borough for each figure."""
    cells = [cell(f"E{n}", f"Borough {n}", POLICE, one) for n, one in enumerate(figures)]
    return dict(grid_spec(cells, grid_columns([POLICE]), "2026-Q2", 17)["layer"][0])


def test_unknown_is_hatched_and_never_white() -> None:
    areas, hatching, *_ = grid(NOTHING)["layer"]
    assert hatching["transform"] == [{"filter": {"field": "class", "equal": "unknown"}}]
    stops = hatching["mark"]["fill"]["stops"]
    assert {stop["color"] for stop in stops} == {palette.UNKNOWN_FILL, palette.UNKNOWN_HATCH}
    assert [stop["offset"] for stop in stops] == sorted(stop["offset"] for stop in stops)
    assert hatching["mark"]["interactive"] is False, "a click must reach the cell"
    fill = areas["encoding"]["fill"]["scale"]
    assert dict(zip(fill["domain"], fill["range"], strict=True))["unknown"] != "#ffffff"


def test_cells_travel_as_parallel_lists_of_numbers() -> None:
    (lists,) = grid(KNOWN, NOTHING)["data"]["values"]
    assert lists["share"] == [78, None]
    assert [list(FILLS)[kind] for kind in lists["kind"]] == ["65–79%", "unknown"]
    assert {len(values) for values in lists.values()} == {2}
    assert all(isinstance(n, int | None) for values in lists.values() for n in values)


def test_a_grid_with_a_cell_missing_or_out_of_place_is_refused() -> None:
    training = definitions()["hsb_training"]
    both = [cell("E1", "Camden", d, KNOWN) for d in (POLICE, training)]
    shown = grid_columns([POLICE, training])
    assert grid_spec(both, shown, None, 17)["height"] == 17
    for wrong in (both[:1], both[::-1]):
        with pytest.raises(ValueError, match="lacks a cell"):
            grid_spec(wrong, shown, None, 17)


def test_columns_know_which_way_is_better_and_who_returns_them() -> None:
    found = {column.name: column for column in grid_columns(columns())}
    assert (found[POLICE.name].sign, found[POLICE.name].returned) == (1, False)
    assert {column.sign for column in found.values()} <= {1, -1}, "no arrow here without a tone"
    assert any(column.returned for column in found.values())


def test_what_is_taken_along_has_a_row_for_each_cell() -> None:
    returned = next(d for d in columns() if d.level == "borough")
    row = {"value": 85.0, "numerator": 85, "denominator": 100, "marker": None, "reason": None}
    cells = [
        cell("E1", "Camden", POLICE, KNOWN),
        cell("E1", "Camden", returned, of_borough_figure(row, None)),
    ]
    table = taken_along(cells)
    assert list(table["Share %"]) == [78, 85]
    assert list(table["Unknown schools"].dropna()) == [3]
    assert list(table["Denominator"].dropna()) == [100]


def test_rows_are_higher_where_there_are_few() -> None:
    assert row_height(5) > row_height(15) > row_height(33)


def test_long_words_may_break() -> None:
    assert hyphenated("Police engagement") == "Police engage&shy;ment"
    assert hyphenated("HSB policy") == "HSB policy"
