"""What is said of a change: never more than it shows, and no correction is an improvement."""

from typing import Any

import pandas as pd

from gapmap.indicator import definitions
from gapmap.ui.london.changed_panels import (
    closed_words,
    done_words,
    evidence_words,
    most_improved,
    movers_table,
    said_of,
)

POLICE = definitions()["police_engagement"]


def mover(borough: str, points: float | None, standing: str, **changed: Any) -> dict[str, Any]:
    """A row of london/movers."""
    return {
        "borough_code": borough.lower(),
        "borough": borough,
        "gap": 3,
        "same_n": 20,
        "same_share": 0.8,
        "same_share_before": 0.7,
        "closed": 4,
        "opened": 2,
        "points": points,
        "low": 1.0,
        "high": 19.0,
        "standing": standing,
        **changed,
    }


MOVERS = pd.DataFrame(
    [
        mover("Brent", 30, "revised"),
        mover("Ealing", 25, "too few"),
        mover("Camden", 10.4, "improved"),
        mover("Barnet", 2.0, "improved"),
        mover("Harrow", 0, "unchanged", closed=0, opened=0),
        mover("Merton", -6.6, "slipped"),
    ]
)


def test_the_most_improved_is_no_revision_and_no_handful_of_schools() -> None:
    assert most_improved(MOVERS) == "camden"
    assert most_improved(MOVERS[MOVERS["standing"] != "improved"]) is None


def test_who_improved_and_who_slipped() -> None:
    assert said_of(MOVERS) == (
        "Improved most: Camden +10, Barnet +2. Slipped most: Merton −7. A revised return lies "
        "behind the change of Brent: not an improvement."
    )
    nobody = MOVERS[MOVERS["standing"] == "unchanged"]
    assert said_of(nobody) == "No borough improved. None slipped."


def test_an_interval_has_a_sign_at_both_ends_and_a_dash_where_there_is_none() -> None:
    rows = pd.DataFrame([mover("Camden", 1, "improved", low=-3.2), mover("City", None, "too few")])
    rows.loc[1, ["low", "high"]] = float("nan")
    assert list(movers_table(rows)["95%"]) == ["−3 to +19", "–"]


def types(**changed: Any) -> pd.DataFrame:
    row = {"school_type": "academy", "same_n": 9, "closed": 4, "opened": 0, "pupils_closed": 2100}
    return pd.DataFrame([row | changed])


def test_what_closed_the_gap_counts_schools_by_type() -> None:
    words = closed_words(mover("Camden", 10, "improved"), types(), POLICE)
    assert "**4 schools closed it** (4 of 9 academy), 2 opened it" in words
    assert "70% → 80% met of 20 known in both quarters" in words
    assert "2,100 pupils" in words
    assert "3 schools still: no police contact" in words
    assert "chance" not in words
    assert "revised" not in words


def test_what_chance_or_a_correction_may_have_done_is_said() -> None:
    small = closed_words(mover("Camden", 1, "improved", low=-4.0), types(), POLICE)
    assert small.endswith("So small a change chance could make.")
    revised = closed_words(mover("Camden", 10, "revised"), types(), POLICE)
    assert "the change may be the correction's" in revised


def test_the_returns_behind_a_change_say_which_was_revised() -> None:
    row = {
        "extract": "police_engagement",
        "quarter": "2026-Q3",
        "file_name": "police.csv",
        "published_at": pd.Timestamp("2026-11-02 10:00"),
        "first_sent_at": pd.Timestamp("2026-10-12 10:00"),
        "revised": True,
    }
    words = evidence_words(pd.DataFrame([row]), "2026-Q3")
    assert "`police.csv`, **revised** on 2 Nov 2026 (first sent 12 Oct 2026)" in words
    assert "revised" not in evidence_words(pd.DataFrame([row | {"revised": False}]), "2026-Q3")
    assert "earlier answers still count" in evidence_words(pd.DataFrame(), "2026-Q3")


def test_what_was_done_meanwhile_or_that_nothing_was() -> None:
    items = pd.DataFrame([{"item": "offer published", "status": "done", "month": "2026-08"}])
    message = {
        "agency": "police",
        "message": "police contact",
        "school_type": "independent",
        "schools_reached": 12,
        "month": "2026-09",
    }
    words = done_words(items, pd.DataFrame([message]))
    assert words.splitlines() == [
        "- Review: offer published, done (2026-08)",
        "- Police: police contact to 12 schools (independent, 2026-09)",
    ]
    assert done_words(pd.DataFrame(), pd.DataFrame()).startswith("- nothing")
