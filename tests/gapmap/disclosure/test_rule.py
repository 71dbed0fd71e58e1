"""The rule for one count: 1 to 7 is hidden, 0 is 0, every other goes to the nearest 5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.disclosure.rule import PRIMARY, SHOWN, Rule

RULE = Rule(7, 5)


@given(st.integers(8, 10**9))
def test_a_count_goes_to_the_nearest_five(count: int) -> None:
    assert RULE.status(count) == SHOWN
    assert RULE.rounded(count) % 5 == 0
    assert abs(RULE.rounded(count) - count) <= 2
    low, high = RULE.window(count, SHOWN)
    assert low <= count <= high


def test_small_counts_are_hidden_and_zero_is_zero() -> None:
    assert [RULE.status(n) for n in range(1, 8)] == [PRIMARY] * 7
    assert (RULE.status(0), RULE.rounded(0), RULE.window(0, SHOWN)) == (SHOWN, 0, (0, 0))
    assert [RULE.rounded(n) for n in (8, 9, 10, 12, 13, 17, 18)] == [10, 10, 10, 10, 15, 15, 20]
    with pytest.raises(ValueError, match="cannot be -1"):
        RULE.status(-1)


def test_settings_that_show_a_count_as_none_are_refused() -> None:
    RULE.check()
    with pytest.raises(ValueError, match="3 would be shown as 0"):
        Rule(2, 7).check()
