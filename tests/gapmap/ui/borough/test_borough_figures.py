"""Figures of boroughs in words: the unit, c, or why there is none; and settings of its own."""

import math
from typing import Any

import pytest

from gapmap.reference.thresholds import ChangedSetting, thresholds
from gapmap.ui import setting_words
from gapmap.ui.borough.borough_figures import area_words
from gapmap.ui.borough.profile_rows import profile_line
from gapmap.ui.units import REASON_WORDS


def area(value: float | None, **changed: Any) -> dict[str, Any]:
    return {"value": value, "marker": None, "reason": None, **changed}


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (40.4, "%", "40%"),
        (1234.0, "referrals", "1,234"),
        (0.0, "schools", "0"),
        (11.94, "per 10,000 residents aged 0-17", "11.9"),
        (24.0, "percentage points", "+24 pts"),
        (-3.2, "percentage points", "−3 pts"),
    ],
)
def test_a_value_has_the_form_of_its_unit(value: float, unit: str, words: str) -> None:
    assert area_words(area(value), unit) == words


def test_no_value_says_why_and_is_never_zero() -> None:
    assert area_words(area(None, marker="c"), "%") == "c"
    for reason, words in REASON_WORDS.items():
        assert area_words(area(math.nan, reason=reason), "%") == words
    assert area_words(area(None), "%") == "not known"
    assert area_words(None, "%") == "not held"


def profile_row(**changed: Any) -> dict[str, Any]:
    return {
        "indicator": "dsl_in_date",
        "owner": "school",
        "met": 6,
        "gap": 2,
        "unknown": 1,
        "not_applicable": 0,
        "n": 8,
        "share_met": 0.75,
        "low": 0.41,
        "high": 0.93,
        "share_met_before": 0.5,
        "same_schools": 7,
        "same_share_met": 0.71,
        "same_share_met_before": 0.57,
        **changed,
    }


def group(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "london",
        "name": "London",
        "polarity": "higher is better",
        "share": 0.3,
        "low": 0.28,
        "high": 0.32,
        "n": 2000,
        "members": 33,
        "members_with_data": 30,
        "missing": "Barnet, Brent, Bexley",
        "outside_london": 0,
        "ranked": True,
        "own_ranked": True,
        "differs": "higher",
        **changed,
    }


def test_a_row_is_better_only_where_the_intervals_tell_it_and_the_indicator_has_a_polarity() -> (
    None
):
    line = profile_line(profile_row(), {"london": group()}, "reviewed")
    assert "higher than London (better)" in line
    assert "▲30" in line
    assert "left out without one: Barnet, Brent, Bexley" in line
    for other in (group(differs=None), group(polarity="none")):
        line = profile_line(profile_row(), {"london": other}, "reviewed")
        assert "better" not in line
        assert "▲" not in line


def test_a_row_says_all_and_same_schools_and_marks_the_chosen_one() -> None:
    line = profile_line(profile_row(), {}, "dsl_in_date")
    assert "+25 " in line
    assert "same +14" in line
    assert line.startswith("<tr class=chosen>")
    assert "All schools +25 points; the same 7 schools" in line


def test_a_row_of_which_under_half_is_known_says_that_it_is_not_ranked() -> None:
    line = profile_line(profile_row(), {"london": group(own_ranked=False, differs=None)}, "x")
    assert "under 50% known: not ranked" in line


def test_a_row_of_which_nothing_is_known_has_no_share() -> None:
    row = profile_row(met=0, gap=0, n=0, share_met=None, low=None, high=None, share_met_before=None)
    line = profile_line(row, {}, "x")
    assert "<b>–</b>" in line
    assert "0%</b>" not in line


def test_settings_of_its_own_are_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert setting_words.changed_line(["E09000012"]) == []
    defaults = thresholds().defaults
    changed = [
        ChangedSetting("Camden", defaults["weight.dsl_in_date"], 5.0),
        ChangedSetting("Camden", defaults["gap_score_unknown_share"], 0.5),
    ]
    monkeypatch.setattr(setting_words, "changed_settings", lambda boroughs: changed)
    (line,) = setting_words.changed_line(["E09000007"])
    assert line.startswith("Settings of Camden of its own: DSL in date weighs 5 points, not 3; ")
    assert "0.5 share of points, not 0.4" in line


def test_what_decides_scores_alone_is_said_only_where_scores_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    defaults = thresholds().defaults
    changed = [
        ChangedSetting("Bexley", defaults["gap_score_unknown_share"], 0.1),
        ChangedSetting("Camden", defaults["weight.dsl_in_date"], 5.0),
        ChangedSetting("Camden", defaults["police_contact_terms"], 2.0),
        ChangedSetting("Camden", defaults["rank_known_share"], 0.7),
    ]
    monkeypatch.setattr(setting_words, "changed_settings", lambda boroughs: changed)
    assert len(setting_words.changed_line()) == 2
    (line,) = setting_words.changed_line(with_scores=False)
    assert "weighs" not in line
    assert "at most so many terms before it: 2 school terms, not 1" in line
    assert "is known: 0.7 share of schools, not 0.5" in line
