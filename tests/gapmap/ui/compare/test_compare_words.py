"""When a difference is said, and in which words."""

import pandas as pd
import pytest

from gapmap.ui.compare.compare_words import (
    difference_words,
    judgement,
    listed,
    members_words,
    unknown_words,
)


@pytest.mark.parametrize(
    ("differs", "polarity", "said"),
    [
        ("higher", "higher is better", "higher than London (better)"),
        ("lower", "higher is better", "lower than London (worse)"),
        ("higher", "lower is better", "higher than London (worse)"),
        ("lower", "lower is better", "lower than London (better)"),
        ("higher", "none", "higher than London"),
        (None, "higher is better", ""),
        (float("nan"), "none", ""),
    ],
)
def test_better_and_worse_need_a_polarity(differs: object, polarity: str, said: str) -> None:
    assert difference_words(differs, polarity, "London") == said


def test_what_is_not_clear_is_not_judged() -> None:
    assert judgement(None, "higher is better") is None
    assert judgement("higher", "none") is None


def test_members_left_out_are_named_and_counted() -> None:
    assert members_words(5, 5, None, 0) == "5 of 5 boroughs with an answer"
    assert members_words(3, 1, "Brent, Camden", 1) == (
        "1 of 3 boroughs with an answer; left out without one: Brent, Camden; "
        "1 neighbour outside London not held"
    )


def test_unknown_is_told_by_its_reasons() -> None:
    found = pd.DataFrame({"reason": ["no_row", "not_asked"], "answers": [1200, 3]})
    assert unknown_words(found, "schools") == (
        "1,203 schools unknown: 3 not asked, 1,200 not in the borough's return"
    )
    assert unknown_words(found.iloc[:0]) == ""


def test_long_lists_are_cut() -> None:
    assert listed(["A", "B"]) == "A, B"
    assert listed(["A", "B", "C", "D"], most=2) == "A, B and 2 more"
