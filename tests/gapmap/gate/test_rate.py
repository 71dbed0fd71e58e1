"""How many requests are taken, by a clock that the test moves."""

import pytest

from gapmap.gate import rate
from gapmap.gate.rate import Rate


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_then_so_many_a_second() -> None:
    clock = Clock()
    limit = Rate(a_second=2, at_once=3, clock=clock)
    assert [limit.wait_for("ada") for _ in range(4)] == [0, 0, 0, 0.5]
    clock.now = 0.25
    assert limit.wait_for("ada") == pytest.approx(0.25)
    clock.now = 0.5
    assert limit.wait_for("ada") == 0
    assert limit.wait_for("ada") > 0
    clock.now = 100
    assert [limit.wait_for("ada") for _ in range(4)] == [0, 0, 0, 0.5]


def test_everybody_has_their_own() -> None:
    limit = Rate(a_second=1, at_once=1, clock=Clock())
    assert limit.wait_for("ada") == 0
    assert limit.wait_for("ada") > 0
    assert limit.wait_for("grace") == 0


def test_a_first_screen_is_far_below_the_limit() -> None:
    assert rate.AT_ONCE >= 3 * 100


def test_who_did_not_ask_for_long_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "MOST_HELD", 2)
    limit = Rate(a_second=1, at_once=1, clock=Clock())
    for key in ("ada", "grace", "ada", "joan"):
        limit.wait_for(key)
    assert limit.wait_for("grace") == 0  # pushed out, so a full bucket
    assert limit.wait_for("joan") > 0
