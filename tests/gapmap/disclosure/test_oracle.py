"""The audit beside every whole-number table that agrees with what it lets out."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.gapmap.disclosure.lattices import areas_of, cells, naive, planned, statuses, told

AREAS = areas_of({"P": ["A", "B"], "Q": ["C"]})
FOUR = areas_of({"P": ["A", "B"], "Q": ["C", "D"]}, "command unit")


def tables(boroughs: str, categories: str) -> st.SearchStrategy[dict[str, dict[str, int]]]:
    one = st.fixed_dictionaries({category: st.integers(0, 12) for category in categories})
    return st.fixed_dictionaries(dict.fromkeys(boroughs, one))


BOUNDED = settings(
    max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@BOUNDED
@given(tables("ABC", "xyz"))
def test_nothing_hidden_is_told_of_three_boroughs(counts: Mapping[str, Mapping[str, int]]) -> None:
    assert told(counts, AREAS, statuses(planned(counts, AREAS))) == []


@settings(BOUNDED, max_examples=15)
@given(tables("ABCD", "xy"))
def test_nothing_hidden_is_told_of_four_boroughs(counts: Mapping[str, Mapping[str, int]]) -> None:
    assert told(counts, FOUR, statuses(planned(counts, FOUR))) == []


@BOUNDED
@given(tables("ABC", "xy"))
def test_what_is_shown_is_the_count_rounded(counts: Mapping[str, Mapping[str, int]]) -> None:
    for row in planned(counts, AREAS).figures.to_pylist():
        hidden = row["status"] != "shown"
        assert row["marker"] == ("c" if hidden else None)
        assert row["value"] == (None if hidden else 5 * ((row["exact"] + 2) // 5))
        assert hidden or not 1 <= row["exact"] <= 7


@BOUNDED
@given(tables("ABC", "xy"), st.randoms(use_true_random=False))
def test_the_same_figures_have_the_same_plan(counts: Mapping[str, Mapping[str, int]], r) -> None:  # type: ignore[no-untyped-def]
    made = planned(counts, AREAS)
    boroughs = list(counts)
    r.shuffle(boroughs)
    again = planned({borough: counts[borough] for borough in boroughs}, AREAS)
    assert statuses(made) == statuses(again)
    assert made.findings == again.findings


@pytest.mark.parametrize("parents", [{"P": ["A", "B"], "Q": ["C"]}])
def test_the_enumeration_finds_what_the_rule_alone_lets_out(
    parents: Mapping[str, list[str]],
) -> None:
    areas = areas_of(parents)
    counts = {"A": {"x": 6, "y": 7}, "B": {"x": 9, "y": 11}, "C": {"x": 3, "y": 30}}
    assert told(counts, areas, naive(cells(counts, areas)))
