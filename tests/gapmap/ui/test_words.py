"""The words of the screens: a missing number is a dash, and unknown always says which."""

import math

import pandas as pd
import pytest

from gapmap.indicator import REASONS, STATES
from gapmap.ui import words


@pytest.mark.parametrize("value", [None, math.nan, pd.NA, pd.NaT])
def test_what_is_missing_is_a_dash_and_never_zero(value: object) -> None:
    assert words.missing(value)
    assert words.count(value) == "–"
    assert words.percent(value) == "–"
    assert words.interval(value, value) == "–"
    assert words.text(value) == ""
    assert words.change(value, 1) is None
    assert words.change(1, value) is None


@pytest.mark.parametrize("value", [0, 0.0, "", "none", False])
def test_zero_and_empty_are_not_missing(value: object) -> None:
    assert not words.missing(value)


def test_numbers() -> None:
    assert [words.count(n) for n in (0, 999, 1000, 1234567.0)] == ["0", "999", "1,000", "1,234,567"]
    assert [words.percent(s) for s in (0, 0.006, 0.5, 2 / 3, 1)] == [
        "0%",
        "1%",
        "50%",
        "67%",
        "100%",
    ]
    assert words.interval(0.2077, 0.9385) == "21%–94%"
    assert [words.numbered(n, "row") for n in (0, 1, 2, 1000)] == [
        "0 rows",
        "1 row",
        "2 rows",
        "1,000 rows",
    ]


def test_a_change_bears_its_sign() -> None:
    assert [words.signed(n) for n in (3, -3, 0, -1200)] == ["+3", "−3", "±0", "−1,200"]
    assert words.change(5.0, 7) == "−2"
    assert words.change(7, 7) == "±0"


@pytest.mark.parametrize(
    ("value", "marker", "shown"),
    [
        (25, None, "25"),
        (0, None, "0"),
        (1240.0, math.nan, "1,240"),
        (None, "c", "c"),
        (math.nan, "c", "c"),
        (None, None, "not submitted"),
        (math.nan, math.nan, "not submitted"),
    ],
)
def test_a_count_about_children_is_a_number_its_marker_or_not_submitted(
    value: object, marker: object, shown: str
) -> None:
    assert words.figure(value, marker) == shown


def test_every_state_and_reason_has_words() -> None:
    assert set(words.STATE_WORDS) == set(STATES)
    assert set(words.REASON_WORDS) == set(REASONS)
    assert len(set(words.REASON_WORDS.values())) == len(REASONS)


def test_unknown_says_which() -> None:
    assert words.state_words("unknown", "no_row") == "unknown: not in the borough's return"
    assert words.state_words("not_applicable", None) == "not applicable"
    assert words.state_words("met", math.nan) == "met"  # type: ignore[arg-type]


def test_phrases() -> None:
    assert words.quarter_words("2026-Q3") == "2026-Q3 (July–September 2026)"
    assert words.known_of(4, 1500) == "n = 4 schools known of 1,500"
    assert words.sentence("all-through") == "All-through"
    assert words.sentence("16 plus") == "16 plus"
    assert words.sentence("") == ""
