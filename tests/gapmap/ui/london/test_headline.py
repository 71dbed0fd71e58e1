"""London's headline: counts, changes with their sign and tone, what is behind, what they open."""

import math
from typing import Any

import pandas as pd
import pytest

from gapmap.indicator import of_schools
from gapmap.ui.cards import Card, Opening
from gapmap.ui.london import headline
from gapmap.ui.london.headline import Headline

BEFORE = "2026-Q2"


def figures(indicator: str, **changed: Any) -> dict[str, Any]:
    """A row of london/headline."""
    return {
        "indicator": indicator,
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
        "pupils_unknown": 3000,
        "gap_without_pupils": 3,
        "unknown_without_pupils": 1,
        "gap_before": 25,
        "unknown_before": 18,
        "not_asked_before": 3,
        "no_reply_before": 2,
        "same_schools": 70,
        "same_gap": 15,
        "same_gap_before": 14,
        "both_schools": 96,
        "both_unmet": 36,
        "both_unmet_before": 40,
        **changed,
    }


def returns(*missing: str, before: tuple[str, ...] = ()) -> pd.DataFrame:
    """Rows of london/not_submitted: three boroughs, of which some have not sent training."""
    rows = [
        {
            "extract": extract,
            "borough_code": name.lower(),
            "borough": name,
            "is_missing": name in missing and extract == "training",
            "was_missing": name in before and extract == "training",
            "schools": 10,
            "pupils": 4000,
        }
        for name in ("Brent", "Camden", "Havering")
        for extract in ("training", "police_engagement")
    ]
    return pd.DataFrame(rows)


def held(*rows: dict[str, Any], previous: str | None = BEFORE, **parts: Any) -> Headline:
    runs_out = pd.DataFrame({"runs_out": [3, 4]})
    asked = pd.DataFrame(
        {
            "answer": ["gap", "no_reply", "not_asked"],
            "schools": [35, 4, 2],
            "pupils": [9000, 1200, 0],
            "without_pupils": [0, 1, 2],
        }
    )
    given = {"runs_out": runs_out, "asked": asked, "returns": returns()} | parts
    return Headline(pd.DataFrame(list(rows)), previous=previous, **given)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Card, Opening]]:
    """The cards that are drawn, by label, with what they open."""
    cards: dict[str, tuple[Card, Opening]] = {}

    def keep(shown: list[tuple[Card, Opening]], **_: Any) -> None:
        cards.update({card.label: (card, opening) for card, opening in shown})

    monkeypatch.setattr("gapmap.ui.london.headline.show_opening_cards", keep)
    return cards


Drawn = dict[str, tuple[Card, Opening]]


def test_unreviewed_are_those_that_say_no_and_those_not_known(drawn: Drawn) -> None:
    headline.show_headline(held(figures("reviewed")))
    card, opening = drawn["Schools unreviewed"]
    assert (card.value, card.change, card.tone) == ("38", "−5 since 2026-Q2", "better")
    assert card.note == "20 said no, 18 unknown; 10,000 pupils. Same 96 schools: −4"
    assert "4 of these schools give none" in card.meaning
    assert opening.query == {"london_view": "Lists and letters", "list": "Schools unreviewed"}


def test_a_gap_with_its_change_and_what_is_behind_it(drawn: Drawn) -> None:
    headline.show_headline(held(figures("police_engagement")))
    card, opening = drawn["No police contact"]
    assert (card.value, card.change, card.tone) == ("20", "−5 since 2026-Q2", "better")
    # The schools that answered twice went the other way, and that is said.
    assert card.note == "of 80 known; 7,000 pupils. Same 70 schools: +1"
    assert opening.query["list"] == "No police contact"


def test_training_that_runs_out_is_said_beside_what_is_out_of_date(drawn: Drawn) -> None:
    headline.show_headline(held(figures("dsl_in_date")))
    card, opening = drawn["DSL out of date"]
    assert card.value == "20"
    assert card.note.startswith("7 more run out within two quarters; 7,000 pupils")
    assert opening.query["list"] == "DSL training"


@pytest.mark.parametrize(
    ("before", "change", "tone"),
    [
        (15, "+5 since 2026-Q2", "worse"),
        (20, "±0 since 2026-Q2", "neutral"),
        (math.nan, "", "neutral"),
    ],
)
def test_more_gaps_are_worse(drawn: Drawn, before: float, change: str, tone: str) -> None:
    headline.show_headline(held(figures("police_engagement", gap_before=before)))
    card, _ = drawn["No police contact"]
    assert (card.change, card.tone) == (change, tone)


def test_nothing_known_is_a_dash_and_never_zero(drawn: Drawn) -> None:
    headline.show_headline(held(figures("police_engagement", met=0, gap=0)))
    card, _ = drawn["No police contact"]
    assert (card.value, card.change, card.tone) == ("–", "", "neutral")
    # And an indicator without any row.
    assert drawn["Schools unreviewed"][0].value == "–"
    assert len(drawn) == 5


def test_without_an_earlier_quarter_there_is_no_change(drawn: Drawn) -> None:
    columns = ("gap_before", "unknown_before", "not_asked_before", "no_reply_before")
    more = ("same_schools", "same_gap", "same_gap_before")
    both = ("both_schools", "both_unmet", "both_unmet_before")
    nothing: dict[str, Any] = dict.fromkeys((*columns, *more, *both))
    rows = [figures(d.name, **nothing) for d in of_schools()]
    headline.show_headline(held(*rows, previous=None))
    for label, (card, _) in drawn.items():
        assert card.change == "", label
    assert drawn["No police contact"][0].note.endswith("No earlier quarter.")
    assert drawn["Schools unreviewed"][0].note.endswith("No earlier quarter.")
    assert drawn["Not asked · no reply · said no"][0].note.endswith("No earlier quarter.")


def test_nobody_answered_twice(drawn: Drawn) -> None:
    row = figures("police_engagement", same_schools=0, same_gap=0, same_gap_before=0)
    headline.show_headline(held(row))
    assert drawn["No police contact"][0].note.endswith("No school answered in both quarters.")


def test_boroughs_that_have_not_submitted_are_counted_once_and_named(drawn: Drawn) -> None:
    sent = returns("Havering", "Brent", before=("Brent",))
    headline.show_headline(held(figures("reviewed"), returns=sent))
    card, opening = drawn["Boroughs not submitted"]
    assert (card.value, card.change, card.tone) == ("2", "+1 since 2026-Q2", "worse")
    assert card.note == "Brent, Havering. 20 schools, 8,000 pupils"
    assert opening.query["list"] == "Boroughs not submitted"


def test_every_borough_submitted(drawn: Drawn) -> None:
    headline.show_headline(held(figures("reviewed")))
    card, _ = drawn["Boroughs not submitted"]
    assert (card.value, card.note) == ("0", "Every borough has an answer that counts.")


def test_asked_counts_schools_once_and_answers_of_its_questions_alone(drawn: Drawn) -> None:
    rows = [figures("reviewed"), figures("hsb_policy"), figures("police_engagement", no_reply=90)]
    headline.show_headline(held(*rows))
    card, opening = drawn["Not asked · no reply · said no"]
    assert card.value == "2 · 4 · 35"
    assert card.note.startswith("Schools, on any of 13 questions; 0 · 1,200 · 9,000 pupils. ")
    assert "We have not asked 2 schools; 4 have not replied; 35 said no" in card.meaning
    assert "Answers, not schools: 2 · 4 · 40;" in card.meaning
    assert "2 · 1 · 0 of the schools give no number of pupils." in card.meaning
    assert card.note.endswith("Answers since 2026-Q2: −4 · ±0 · −10")
    assert "no of the same schools: +2." in card.meaning
    assert opening.query == {"london_view": "Missing answers"}
