"""The letter about a school: its gaps and what closes them, and what is asked for."""

from typing import Any

import pandas as pd
import pytest

from gapmap.indicator import definitions
from gapmap.ui.school.school_panels import (
    closes_words,
    evidence_words,
    points_words,
    score_words,
    sum_words,
)
from gapmap.ui.school.school_steps import letter_to, open_items


def item(indicator: str, state: str, **changed: Any) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "state": state,
        "reason": None,
        "evidence": None,
        "evidence_quarter": None,
        "evidence_urn": None,
        "evidence_school": None,
        "points": definitions()[indicator].weight,
        **changed,
    }


ITEMS = pd.DataFrame(
    [
        item("dsl_in_date", "gap", evidence="not in date"),
        item("hsb_policy", "unknown", reason="no_reply"),
        item("hsb_survey", "met", evidence="yes in 2026-Q3"),
        item("police_engagement", "unknown", reason="not_asked"),
        item("alcohol_policy", "not_applicable"),
    ]
)


def test_open_items_are_by_owner_in_their_order() -> None:
    found = open_items(ITEMS)
    assert list(found) == ["police", "school"]
    assert [row["indicator"] for row in found["school"]] == ["dsl_in_date", "hsb_policy"]


def test_the_letter_names_gaps_and_asks_for_what_is_not_known() -> None:
    rows = open_items(ITEMS)["school"]
    said = letter_to("school", rows, "Oak School", "Hackney", "2026-Q3").text
    lines = said.splitlines()
    assert lines[2] == "To: Designated safeguarding lead, Oak School"
    assert "The returns show 1 gap that you can close:" in lines
    assert (
        f"- DSL in date: DSL not in date (not in date). {definitions()['dsl_in_date'].closes}"
        in (lines)
    )
    assert "- HSB policy, unknown: no reply." in lines
    assert "HSB survey" not in said
    assert "no judgement of how safe" in said


def test_a_letter_without_a_gap_only_asks() -> None:
    rows = open_items(ITEMS)["police"]
    said = letter_to("police", rows, "Secondary A", "Hackney", "2026-Q3").text
    assert "that you can close" not in said
    assert "- Police engagement, unknown: not asked." in said


def test_unknown_says_how_it_becomes_known_and_met_says_nothing() -> None:
    rows = {row["indicator"]: row for row in ITEMS.to_dict("records")}
    assert closes_words(rows["hsb_policy"]) == "Send a reminder."
    assert closes_words(rows["police_engagement"]) == "Ask."
    assert closes_words(rows["hsb_survey"]) == closes_words(rows["alcohol_policy"]) == ""


@pytest.mark.parametrize(
    ("state", "words"),
    [("gap", "3 of 3"), ("met", "0 of 3"), ("unknown", "? of 3"), ("not_applicable", "–")],
)
def test_points(state: str, words: str) -> None:
    assert points_words(item("dsl_in_date", state)) == words


def test_a_predecessors_evidence_is_named_only_where_schools_are() -> None:
    row = item("dsl_in_date", "met", evidence="in date", evidence_urn=100001)
    assert evidence_words(row) == "in date, from predecessor"
    assert evidence_words(row | {"evidence": "in date, from predecessor"}) == (
        "in date, from predecessor"
    )
    assert evidence_words(row, named=True) == "in date, from predecessor (URN 100001)"
    named = row | {"evidence_school": "Oak School"}
    assert evidence_words(named, named=True).endswith("(Oak School, URN 100001)")
    assert evidence_words(item("dsl_in_date", "met", evidence="in date"), named=True) == "in date"


def score(**changed: Any) -> dict[str, Any]:
    return {
        "hidden": False,
        "points_gap": 8.0,
        "points_known": 25.0,
        "points_applicable": 28.0,
        "share_unknown": 3 / 28,
        "most_unknown": 0.4,
        **changed,
    }


def test_a_score_shows_its_sum_and_a_hidden_one_why() -> None:
    assert score_words(score()) == "8 of 25 points known; 28 apply"
    hidden = score(hidden=True, points_known=14.0, share_unknown=0.5)
    assert score_words(hidden) == "50% of the 28 points that apply is unknown, more than 40%"
    nothing = score(hidden=True, points_known=0.0, points_applicable=0.0, share_unknown=None)
    assert score_words(nothing) == "no point applies"


def test_the_sum_says_what_was_left_out_and_why_a_score_is_hidden() -> None:
    score = {"hidden": False, "points_gap": 14, "points_known": 24, "points_applicable": 29}
    assert sum_words(score) == (
        "points of gaps over points known; 5 of 29 points that apply are unknown and left out"
    )
    hidden = score | {"hidden": True, "points_known": 9}
    assert sum_words(hidden) == "hidden: 20 of 29 points that apply are unknown"
    assert sum_words(hidden | {"points_known": 0, "points_applicable": 0}) == "no point applies"
