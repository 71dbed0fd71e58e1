"""Small pictures in HTML: every state told by more than its colour, and nothing left out."""

from re import findall
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.ui import state_bars
from gapmap.ui.words import STATE_WORDS

numbers = st.integers(0, 400)


def counts(met: int = 0, gap: int = 0, unknown: int = 0, not_applicable: int = 0) -> dict[str, int]:
    return {"met": met, "gap": gap, "unknown": unknown, "not_applicable": not_applicable}


@given(st.tuples(numbers, numbers, numbers, numbers))
def test_a_bar_is_divided_by_the_numbers_and_says_them_all(of: tuple[int, ...]) -> None:
    given_counts = counts(*of)
    bar = state_bars.split_bar(given_counts)
    shares = [int(number) for number in findall(r"flex:(\d+) 0 0", bar)]
    assert shares == [number for number in of if number]
    if any(of):
        for state, number in given_counts.items():
            assert f"{number:,} {STATE_WORDS[state]}" in bar
    else:
        assert "no school" in bar


def test_unknown_is_hatched_and_no_other_state_is() -> None:
    assert "repeating-linear-gradient" in state_bars.split_bar(counts(unknown=1))
    assert "gradient" not in state_bars.split_bar(counts(met=3, gap=2, not_applicable=1))


def test_a_number_stands_in_its_part_where_there_is_room() -> None:
    bar = state_bars.split_bar(counts(met=96, gap=4))
    assert ">96</span>" in bar
    assert ">4</span>" not in bar
    # A hatched part needs more room around its number, and a narrow bar has less of it.
    assert ">8</span>" in state_bars.split_bar(counts(met=92, gap=8))
    assert ">8</span>" not in state_bars.split_bar(counts(met=92, unknown=8))
    assert ">8</span>" not in state_bars.split_bar(counts(met=92, gap=8), 64)


def test_a_strip_puts_each_mark_at_its_share() -> None:
    strip = state_bars.share_strip(0.4, 0.25, 0.5, colour="#000000", london=0.6, peer=0.75)
    assert 'class="range" style="left:25.0%;width:25.0%' in strip
    assert 'class="own" style="left:40.0%' in strip
    assert 'class="london" style="left:60.0%' in strip
    assert 'class="peer" style="left:75.0%' in strip
    assert 'title="40%, 95% interval 25%–50%"' in strip


def test_what_is_not_known_has_no_mark_and_is_never_zero() -> None:
    strip = state_bars.share_strip(None, None, None, colour="#000000", london=float("nan"))
    assert "<i" not in strip
    assert 'title="–, 95% interval –"' in strip


def cell(state: str, generation: int = 0, reason: str | None = None) -> dict[str, Any]:
    return {"state": state, "reason": reason, "generation": generation}


def test_states_over_time_are_told_by_sign_and_in_words() -> None:
    quarters = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    cells = [None, cell("gap", 1), cell("unknown", reason="no_reply"), cell("met")]
    strip = state_bars.state_strip(cells, quarters)
    assert findall(r'title="([^"]*)"', strip) == [
        "2026-Q1: not in scope",
        "2026-Q2: gap (under its earlier URN)",
        "2026-Q3: unknown: no reply",
        "2026-Q4: met",
    ]
    assert strip.count("sign earlier") == 1
    assert "white-space:nowrap" in strip
    assert len(set(state_bars.SIGNS.values())) == len(STATE_WORDS)


def test_quarters_and_states_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        state_bars.state_strip([None], [])


def test_words_of_a_state_are_made_harmless() -> None:
    assert "<b>" not in state_bars.state_sign("gap", "<b>")
