"""Where a borough's review stands on a day: not reported is unknown, and never undone."""

from datetime import date

import pytest

from gapmap.ui.joined_up.joined_up_tracker import (
    DONE,
    DUE,
    LATE,
    UNKNOWN,
    UNKNOWN_LATE,
    finding,
    stands,
)

FRIDAY = date(2026, 10, 23)


@pytest.mark.parametrize(
    ("status", "day", "word"),
    [
        ("done", date(2026, 12, 1), DONE),
        ("done", date(2026, 1, 1), DONE),
        ("in progress", FRIDAY, DUE),
        ("in progress", date(2026, 10, 24), LATE),
        ("not started", date(2026, 10, 24), LATE),
        (None, FRIDAY, UNKNOWN),
        (None, date(2026, 10, 24), UNKNOWN_LATE),
        (float("nan"), date(2026, 10, 24), UNKNOWN_LATE),
    ],
)
def test_where_it_stands(status: object, day: date, word: str) -> None:
    assert stands(status, FRIDAY, day) == word


def test_the_finding_names_who_is_late_and_who_said_nothing() -> None:
    rows = [
        {"borough": name, "stands": word}
        for name, word in (("Brent", DONE), ("Ealing", LATE), ("Merton", UNKNOWN_LATE))
    ]
    said = finding(rows)
    assert "1 of 3 boroughs completed it" in said
    assert "past its day in Ealing" in said
    assert "not reported by Merton" in said
