"""Whether an action's gap closed, by the extracts: unknown is never closed."""

from datetime import datetime

import pytest

from gapmap.agreements.agreements import Agreement
from gapmap.ui.actions.standing import (
    CLOSED,
    FEWER,
    MEANINGS,
    MORE_UNKNOWN,
    NOT_FEWER,
    NOTHING_KNOWN,
    WAITS,
    Schools,
    is_late,
    schools_of,
    standing,
)

NOON = datetime(2026, 10, 1, 12)  # noqa: DTZ001
THEN = Schools(10, 20, 5)


def action(borough: str | None = "E09000012", school_type: str | None = None) -> Agreement:
    return Agreement(
        kind="action",
        words="Name an officer",
        owner="police",
        who="Schools lead",
        quarter="2026-Q1",
        due="2026-Q3",
        borough_code=borough,
        indicator="police_engagement",
        school_type=school_type,
        agreement_id="a",
        agreed_by="somebody",
        by_whom="somebody",
        agreed_at=NOON,
        noted_at=NOON,
    )


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (Schools(0, 35, 0), CLOSED),
        (Schools(0, 30, 5), FEWER),
        (Schools(0, 29, 6), MORE_UNKNOWN),
        (Schools(0, 0, 35), NOTHING_KNOWN),
        (Schools(0, 0, 0), NOTHING_KNOWN),
        (Schools(9, 21, 5), FEWER),
        (Schools(9, 15, 11), MORE_UNKNOWN),
        (Schools(10, 25, 0), NOT_FEWER),
        (Schools(11, 24, 0), NOT_FEWER),
    ],
)
def test_the_word_for_what_the_extracts_say(now: Schools, word: str) -> None:
    assert standing(THEN, now, "2026-Q1", "2026-Q3") == word
    assert word in MEANINGS


@pytest.mark.parametrize("quarter", ["2025-Q4", "2026-Q1"])
def test_nothing_is_said_before_a_later_quarter(quarter: str) -> None:
    assert standing(THEN, Schools(0, 35, 0), "2026-Q1", quarter) == WAITS


def test_the_schools_are_those_of_the_place_quarter_and_type() -> None:
    rows = [
        {
            "quarter": quarter,
            "indicator": indicator,
            "borough_code": borough,
            "one_type": kind,
            "gap": 1,
            "met": 2,
            "unknown": 3,
            "pupils_gap": 100,
        }
        for quarter in ("2026-Q1", "2026-Q3")
        for indicator in ("police_engagement", "hsb_training")
        for borough in ("E09000012", "E09000006")
        for kind in (None, "independent")
    ]
    one = Schools(1, 2, 3, 100)
    assert schools_of(rows, action(None), "2026-Q3") == one + one + one + one
    assert schools_of(rows, action(), "2026-Q3") == one + one
    assert schools_of(rows, action(school_type="independent"), "2026-Q3") == one
    assert schools_of(rows, action(), "2026-Q2") == Schools()


def test_late_is_open_due_and_with_a_gap() -> None:
    assert is_late(action(), THEN, "2026-Q3")
    assert not is_late(action(), THEN, "2026-Q2")
    assert not is_late(action(), Schools(0, 30, 5), "2026-Q3")
