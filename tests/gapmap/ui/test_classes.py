"""The classes of the maps: fixed breaks, and what is not known is in none of them."""

import math
from itertools import pairwise

import pytest

from gapmap.ui.borough_classes import NOT_RANKED, UNKNOWN, WITHHELD
from gapmap.ui.classes import (
    REFERRAL_CLASSES,
    REFERRAL_LABELS,
    SHARE_CLASSES,
    SHARE_LABELS,
    is_ranked,
    referral_class,
    share_class,
)
from gapmap.ui.words import percent


@pytest.mark.parametrize(
    ("share", "label"),
    [
        (1, "90% or more"),
        (0.9, "90% or more"),
        (0.895, "90% or more"),  # shown as 90%
        (0.894, "80–89%"),
        (0.8, "80–89%"),
        (0.794, "65–79%"),
        (0.646, "65–79%"),
        (129 / 200, "50–64%"),  # shown as 64%
        (0.5, "50–64%"),
        (0.494, "under 50%"),
        (0, "under 50%"),
    ],
)
def test_a_share_is_in_the_class_of_the_percentage_that_is_shown(share: float, label: str) -> None:
    assert share_class(share, 0) == label


def test_the_class_agrees_with_the_percentage_on_screen() -> None:
    for schools in range(1, 201):
        for met in range(schools + 1):
            shown = int(percent(met / schools).removesuffix("%"))
            label = next(name for bound, name in SHARE_CLASSES if shown >= round(100 * bound))
            assert share_class(met / schools, 0) == label, (met, schools)


@pytest.mark.parametrize(
    ("unknown", "ranked"), [(0, True), (0.5, True), (0.501, False), (1, False)]
)
def test_under_half_known_is_not_ranked(unknown: float, ranked: bool) -> None:
    assert is_ranked(0.7, unknown) is ranked
    assert share_class(0.7, unknown) == ("65–79%" if ranked else NOT_RANKED)


@pytest.mark.parametrize("share", [None, math.nan])
def test_no_share_is_unknown_and_never_the_lowest_class(share: object) -> None:
    assert share_class(share, 1) == UNKNOWN
    assert not is_ranked(share, 0)


@pytest.mark.parametrize(
    ("value", "label"),
    [(0, "0"), (10, "10–15"), (15, "10–15"), (20, "20–25"), (45, "30–45"), (50, "50 or more")],
)
def test_a_released_count_is_in_its_class(value: int, label: str) -> None:
    assert referral_class(value, None) == label


def test_every_count_that_a_release_can_show_is_inside_its_label() -> None:
    for value in (0, *range(10, 200, 5)):
        low, _, high = referral_class(value, None).removesuffix(" or more").partition("–")
        assert int(low) <= value <= int(high or value if value < 50 else 10**6)


def test_withheld_and_not_submitted_are_two_things() -> None:
    assert referral_class(None, "c") == WITHHELD
    assert referral_class(math.nan, math.nan) == UNKNOWN


def test_bounds_go_one_way() -> None:
    assert all(more > less for (more, _), (less, _) in pairwise(SHARE_CLASSES))
    assert all(less < more for (less, _), (more, _) in pairwise(REFERRAL_CLASSES))
    assert len(set(SHARE_LABELS)) == len(set(REFERRAL_LABELS)) == 5
