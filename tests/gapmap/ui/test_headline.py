"""The headline's cards: counts, changes with their sign and tone, and what is behind them."""

import math
from typing import Any

import pandas as pd
import pytest

from gapmap.indicator import of_schools
from gapmap.ui import headline
from gapmap.ui.cards import Card

BEFORE = "2026-Q2"


def figures(**changed: Any) -> dict[str, Any]:
    """A row of gaps/headline for police engagement."""
    return {
        "indicator": "police_engagement",
        "schools": 100,
        "met": 60,
        "gap": 20,
        "unknown": 18,
        "not_asked": 1,
        "no_reply": 2,
        "not_submitted": 4,
        "no_row": 5,
        "out_of_date": 6,
        "pupils_gap": 7000,
        "gap_without_pupils": 3,
        "gap_before": 25,
        "unknown_before": 18,
        "same_schools": 70,
        "same_gap": 15,
        "same_gap_before": 14,
        **changed,
    }


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Card]:
    """The cards that are drawn."""
    cards: list[Card] = []
    monkeypatch.setattr("gapmap.ui.headline.show_cards", cards.extend)
    return cards


def card(drawn: list[Card], label: str) -> Card:
    (found,) = [one for one in drawn if one.label == label]
    return found


def show(row: dict[str, Any], previous: str | None = BEFORE) -> None:
    headline.borough_headline(pd.DataFrame([row]), previous)


def test_a_gap_with_its_change_and_what_is_behind_it(drawn: list[Card]) -> None:
    show(figures())
    police = card(drawn, "No police contact")
    assert (police.value, police.change, police.tone) == ("20", "−5 on 2026-Q2", "better")
    # The schools that answered twice went the other way, and that is said.
    assert police.note == "of 80 known; 7,000 pupils; same 70 schools: +1"
    assert "3 of these schools give none" in police.meaning


@pytest.mark.parametrize(
    ("before", "change", "tone"),
    [(15, "+5 on 2026-Q2", "worse"), (20, "±0 on 2026-Q2", "neutral"), (math.nan, "", "neutral")],
)
def test_more_gaps_are_worse(drawn: list[Card], before: float, change: str, tone: str) -> None:
    show(figures(gap_before=before))
    police = card(drawn, "No police contact")
    assert (police.change, police.tone) == (change, tone)


def test_nothing_known_is_a_dash_and_never_zero(drawn: list[Card]) -> None:
    show(figures(met=0, gap=0))
    police = card(drawn, "No police contact")
    assert (police.value, police.change, police.tone) == ("–", "", "neutral")
    # And an indicator without any row.
    assert card(drawn, "DSL not in date").value == "–"
    assert len(drawn) == len(of_schools()) + 1


def test_a_gap_of_none_is_zero(drawn: list[Card]) -> None:
    show(figures(gap=0, pupils_gap=math.nan))
    police = card(drawn, "No police contact")
    assert police.value == "0"
    assert police.note.startswith("of 60 known; – pupils")


def test_without_an_earlier_quarter_there_is_no_change(drawn: list[Card]) -> None:
    show(figures(gap_before=None, unknown_before=None), previous=None)
    assert card(drawn, "No police contact").note.endswith("no earlier quarter")
    assert [one.change for one in drawn] == [""] * len(drawn)


def test_nobody_answered_twice(drawn: list[Card]) -> None:
    show(figures(same_schools=0, same_gap=0, same_gap_before=0))
    note = card(drawn, "No police contact").note
    assert note.endswith("no school answered in both quarters")


def test_unknown_says_which(drawn: list[Card]) -> None:
    show(figures())
    unknown = card(drawn, "Answers unknown")
    assert (unknown.value, unknown.change) == ("18", "±0 on 2026-Q2")
    assert unknown.note == "not asked 1, no reply 2, not sent 9, out of date 6"
    assert "never counted as a gap nor as met" in unknown.meaning


def test_boroughs_that_are_silent_are_counted_once_and_named(drawn: list[Card]) -> None:
    silent = {"training": ["Havering", "Brent"], "police_engagement": ["Havering"], "referrals": []}
    headline.headline(pd.DataFrame([figures()]), silent, BEFORE)
    silent_card = card(drawn, "Boroughs not submitted")
    assert (silent_card.value, silent_card.note) == ("2", "Brent, Havering")
    assert len(drawn) == 5


def test_every_borough_submitted(drawn: list[Card]) -> None:
    headline.headline(pd.DataFrame([figures()]), {"training": []}, BEFORE)
    silent_card = card(drawn, "Boroughs not submitted")
    assert (silent_card.value, silent_card.note) == (
        "0",
        "every borough has an answer that counts",
    )
