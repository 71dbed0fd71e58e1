"""The message matrix: a cell says in how many boroughs and when, and none is a dash."""

from __future__ import annotations

from typing import Any

from gapmap.ui.joined_up.joined_up_told import message_matrix, messages_finding


def told(school_type: str, boroughs: int, last: str, agency: str = "police") -> dict[str, Any]:
    return {
        "agency": agency, "message": "police contact", "school_type": school_type,
        "messages": boroughs, "boroughs": boroughs, "areas": 33, "last_month": last,
    }  # fmt: skip


ROWS = [told("all", 30, "2026-09"), told("independent", 2, "2026-05"), told("choir", 1, "2026-01")]


def test_types_stand_in_their_order_with_unheard_of_ones_last() -> None:
    shown, _ = message_matrix(ROWS, of_one=False)
    assert list(shown.columns) == ["Agency", "Message", "All types", "Independent", "Choir"]
    assert shown.iloc[0]["All types"] == "30 · 2026-09"
    assert message_matrix(ROWS, of_one=True)[0].iloc[0]["All types"] == "2026-09"


def test_what_is_not_in_the_log_is_a_dash_without_a_colour() -> None:
    shown, shades = message_matrix([*ROWS, told("all", 1, "2026-02", "health")], of_one=False)
    assert list(shown["Agency"]) == ["Health", "Police"]
    assert shown.iloc[0]["Independent"] == "–"
    assert "background" not in shades.iloc[0]["Independent"]
    assert shades.iloc[1]["All types"] != shades.iloc[1]["Independent"]


def test_the_finding_names_types_that_no_message_was_for() -> None:
    said = messages_finding(ROWS, "London")
    assert "**33 messages of 1 agency**" in said
    assert "None was for these alone: maintained, academy" in said
    assert "independent" not in said
