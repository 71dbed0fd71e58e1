"""Figures of boroughs in their unit, and what stands where there is none."""

import math

import pytest

from gapmap.indicator import definitions, of_boroughs
from gapmap.ui.units import REASON_WORDS, in_unit, shown_value


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("hsb_referrals", 1250, "1,250"),
        ("no_referral_seen", 10, "10"),
        ("prevalence", 43.5, "44%"),
        ("published_factor_share", 0.8695, "0.9%"),
        ("perception_gap_parent", 15.2, "+15"),
        ("perception_gap_school", -3.6, "−4"),
        ("hsb_referral_rate", 2.154, "2.2"),
    ],
)
def test_a_value_in_its_unit(name: str, value: float, shown: str) -> None:
    assert in_unit(value, definitions()[name]) == shown


@pytest.mark.parametrize("name", [one.name for one in of_boroughs()])
def test_no_value_is_never_a_number(name: str) -> None:
    definition = definitions()[name]
    for marker, reason in (("c", None), (None, "not_submitted"), (None, "no_denominator")):
        row = {"value": math.nan, "marker": marker, "reason": reason}
        shown = shown_value(row, definition)
        assert shown == (marker or REASON_WORDS[str(reason)])
    assert shown_value({"value": None, "marker": None, "reason": None}, definition) == (
        "not submitted"
    )


def test_a_symbol_of_the_published_series_says_what_it_is() -> None:
    definition = definitions()["published_factor_share"]
    row = {"value": None, "marker": "low", "reason": None}
    assert shown_value(row, definition) == "low (rounds to 0)"
    assert shown_value(row | {"marker": "z"}, definition) == "z (not applicable)"
