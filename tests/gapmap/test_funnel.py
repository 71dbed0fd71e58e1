"""Control limits, against exact sums of fractions."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gapmap.funnel import curve, limits, outside_by_chance, place, tail


def at_most(met: int, n: int, target: float) -> Fraction:
    """The exact probability of so many or fewer."""
    p = Fraction(target)
    return sum((comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(met + 1)), Fraction(0))


def at_least(met: int, n: int, target: float) -> Fraction:
    return 1 - at_most(met - 1, n, target)


def expected_place(met: int, n: int, target: float) -> str:
    for side, probability in (("above", at_least), ("below", at_most)):
        for sigmas in (3, 2):
            if probability(met, n, target) < Fraction(tail(sigmas)):
                return f"{side} {sigmas} sigma"
    return "inside"


def test_tails_are_those_of_the_normal_distribution() -> None:
    assert 1 - 2 * tail(2) == pytest.approx(0.954500, abs=5e-7)
    assert 1 - 2 * tail(3) == pytest.approx(0.997300, abs=5e-7)


@pytest.mark.parametrize("n", [1, 2, 7, 40, 70])
@pytest.mark.parametrize("target", [0.03, 0.5, 0.62, 0.97])
def test_every_count_lies_where_its_exact_probability_says(n: int, target: float) -> None:
    found = [place(met, n, target) for met in range(n + 1)]
    assert found == [expected_place(met, n, target) for met in range(n + 1)]


def test_a_limit_is_interpolated_between_the_counts_around_its_tail() -> None:
    # P(R <= 3) < 2.275% <= P(R <= 4), for 10 schools of which 7 in 10 meet it.
    below, upto = (float(at_most(met, 10, 0.7)) for met in (3, 4))
    assert below < tail(2) <= upto
    between = 3 + (tail(2) - below) / (upto - below)
    assert limits(0.7, 10).low_2 == pytest.approx(between / 10)


@given(n=some.integers(1, 300), target=some.floats(0.001, 0.999))
def test_limits_are_in_order_and_mirrored(n: int, target: float) -> None:
    held = limits(target, n)
    assert 0 <= held.low_3 <= held.low_2 <= held.high_2 <= held.high_3 <= 1
    mirrored = limits(1 - target, n)
    assert held.high_2 == pytest.approx(1 - mirrored.low_2, abs=1e-9)
    assert held.low_3 == pytest.approx(1 - mirrored.high_3, abs=1e-9)


def test_limits_close_in_on_the_target() -> None:
    wide, narrow = limits(0.6, 20), limits(0.6, 2000)
    assert narrow.high_3 - narrow.low_3 < (wide.high_3 - wide.low_3) / 5
    # With so many schools the normal approximation is near: 0.6 +- 2 * sqrt(0.24 / 2000).
    assert narrow.low_2 == pytest.approx(0.6 - 2 * (0.24 / 2000) ** 0.5, abs=0.001)


def test_far_more_schools_than_any_borough_has() -> None:
    held = limits(0.9, 20_000)
    assert held.low_3 == pytest.approx(0.9 - 3 * (0.09 / 20_000) ** 0.5, abs=0.0005)


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_where_all_or_none_meet_it_there_is_no_room(target: float) -> None:
    held = limits(target, 12)
    assert (held.low_3, held.low_2, held.high_2, held.high_3) == (target,) * 4
    assert place(round(12 * target), 12, target) == "inside"


@pytest.mark.parametrize(("target", "n"), [(1.01, 5), (-0.1, 5), (0.5, 0)])
def test_what_is_no_share_is_refused(target: float, n: int) -> None:
    with pytest.raises(ValueError, match="no share of"):
        limits(target, n)


def test_the_curve_reaches_from_one_school_to_the_largest() -> None:
    sizes = [held.n for held in curve(0.7, 90)]
    assert sizes[0] == 1
    assert sizes[-1] == 90
    assert sizes == sorted(set(sizes))
    assert curve(0.7, 0) == []


def test_some_areas_lie_outside_by_chance() -> None:
    assert outside_by_chance(33) == pytest.approx(1.5, abs=0.01)
    assert outside_by_chance(33, 3) == pytest.approx(0.09, abs=0.001)
