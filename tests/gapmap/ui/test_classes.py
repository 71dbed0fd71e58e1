"""The classes of the maps: fixed breaks, and what is not known is in none of them."""

import math
from itertools import pairwise

import pytest

from gapmap.indicator import definitions, of_boroughs
from gapmap.ui import palette
from gapmap.ui.borough.borough_classes import NOT_RANKED, UNKNOWN, WITHHELD
from gapmap.ui.classes import (
    DSL_LABELS,
    DSL_LATER,
    DSL_NONE,
    DSL_SOON,
    FAILING_SCALE,
    SCORE_CLASSES,
    SCORE_HIDDEN,
    SCORE_LABELS,
    SHARE_CLASSES,
    SHARE_LABELS,
    dsl_class,
    scale_of,
    score_class,
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
    assert share_class(share, ranked=True) == label


def test_the_class_agrees_with_the_percentage_on_screen() -> None:
    for schools in range(1, 201):
        for met in range(schools + 1):
            shown = int(percent(met / schools).removesuffix("%"))
            label = next(name for bound, name in SHARE_CLASSES if shown >= round(100 * bound))
            assert share_class(met / schools, ranked=True) == label, (met, schools)


def test_what_its_question_does_not_rank_is_not_ranked() -> None:
    assert share_class(0.7, ranked=True) == "65–79%"
    assert share_class(0.7, ranked=False) == NOT_RANKED


@pytest.mark.parametrize("share", [None, math.nan])
def test_no_share_is_unknown_and_never_the_lowest_class(share: object) -> None:
    assert share_class(share, ranked=True) == UNKNOWN
    assert share_class(share, ranked=False) == UNKNOWN


def test_bounds_go_one_way() -> None:
    assert all(more > less for (more, _), (less, _) in pairwise(SHARE_CLASSES))
    assert len(set(SHARE_LABELS)) == 5


@pytest.mark.parametrize(
    ("score", "label"),
    [
        (0, "no gap"),
        (0.001, "1–19%"),
        (0.194, "1–19%"),
        (0.195, "20–39%"),
        (0.4, "40–59%"),
        (0.6, "60% or more"),
        (1, "60% or more"),
        (None, SCORE_HIDDEN),
        (math.nan, SCORE_HIDDEN),
    ],
)
def test_a_gap_score_is_in_the_class_that_is_shown_and_a_gap_is_never_none(
    score: object, label: str
) -> None:
    assert score_class(score) == label


def test_scores_and_dsl_training_have_classes_of_their_own() -> None:
    assert all(more > less for (more, _), (less, _) in pairwise(SCORE_CLASSES))
    assert len(set(SCORE_LABELS)) == 5
    assert [dsl_class(left) for left in (0, 1, 2, 3, 8)] == [*DSL_LABELS, DSL_LATER, DSL_LATER]
    assert dsl_class(None) == dsl_class(math.nan) == DSL_NONE
    assert len(DSL_LABELS) == DSL_SOON + 1


# --- indicators of boroughs -----------------------------------------------------------------------


SCALES = {one.name: scale_of(one) for one in of_boroughs()} | {"failing": FAILING_SCALE}


@pytest.mark.parametrize("name", sorted(SCALES))
def test_the_classes_of_a_scale_follow_each_other(name: str) -> None:
    scale = SCALES[name]
    assert len(scale.labels) == len(scale.bounds) == len(palette.SEQUENTIAL)
    assert len(set(scale.labels)) == len(scale.labels)
    steps = list(pairwise(scale.bounds))
    better = name in definitions() and definitions()[name].polarity == "higher is better"
    assert all(one > next_ if better else one < next_ for one, next_ in steps)


@pytest.mark.parametrize(
    ("name", "value", "label"),
    [
        ("hsb_referrals", 45, "30–45"),
        ("hsb_referral_rate", 1.96, "2.0–2.9"),  # shown as 2.0
        ("hsb_referral_rate", 1.94, "1.0–1.9"),
        ("hsb_referral_rate_in_schools", 0, "0"),
        ("hsb_referral_rate_in_schools", 0.26, "0.3–0.4"),
        ("review_items", 89.6, "90% or more"),  # shown as 90%
        ("review_items", 49.4, "under 50%"),
        ("prevalence", 39.6, "40–49%"),
        ("perception_gap_parent", -12, "under 5"),
        ("perception_gap_parent", 30, "30 or more"),
        ("published_factor_share", 0.99, "1.0–1.9%"),
    ],
)
def test_a_value_is_in_the_class_of_what_is_shown(name: str, value: float, label: str) -> None:
    assert SCALES[name].class_of(value) == label


def test_a_scale_folds_nothing_into_a_class() -> None:
    scale = SCALES["hsb_referrals"]
    assert scale.class_of(None, "c") == WITHHELD
    assert scale.class_of(math.nan, math.nan) == UNKNOWN
    assert WITHHELD in scale.neutrals
