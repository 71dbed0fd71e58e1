"""What is to be done next about a school: for each owner its gaps, and a letter ready to send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.indicator import OWNERS, definitions
from gapmap.operations.operations import today
from gapmap.reference.letters import Written, write_about_a_school
from gapmap.ui.letter_panel import show_letters
from gapmap.ui.school.school_panels import closes_words, evidence_words, ordered
from gapmap.ui.words import sentence, state_words

Row = Mapping[Any, Any]


def open_items(items: pd.DataFrame) -> dict[str, list[Row]]:
    """The gaps and unknown items by owner, in the order of OWNERS; owners of none are left out."""
    rows = [row for row in ordered(items) if row["state"] in ("gap", "unknown")]
    by_owner = {
        owner: [row for row in rows if definitions()[row["indicator"]].owner == owner]
        for owner in OWNERS
    }
    return {owner: found for owner, found in by_owner.items() if found}


def steps_panel(items: pd.DataFrame, *, school: str, borough: str, quarter: str) -> None:
    """An owner is chosen; what closes each gap, and beside it the letter."""
    by_owner = open_items(items)
    if not by_owner:
        st.success(
            "There is no gap to close and nothing to ask: every item that applies is met.",
            icon=":material/task_alt:",
        )
        return
    owner = str(
        st.segmented_control(
            "Whose",
            list(by_owner),
            default=next(iter(by_owner)),
            format_func=lambda name: f"{sentence(name)} ({len(by_owner[name])})",
            key="step_owner",
            required=True,
        )
        or next(iter(by_owner))
    )
    rows = by_owner.get(owner) or next(iter(by_owner.values()))
    left, right = st.columns([1, 1.15], gap="medium")
    with left:
        st.subheader("What closes it?")
        for row in rows:
            definition = definitions()[row["indicator"]]
            st.markdown(
                f"**{definition.title}**, {state_words(row['state'], row['reason'])}: "
                f"{closes_words(row)}"
            )
    with right:
        st.subheader("A letter, ready to send")
        show_letters(
            [letter_to(owner, rows, school, borough, quarter)], key="step_letter", height=330
        )


def letter_to(owner: str, rows: Sequence[Row], school: str, borough: str, quarter: str) -> Written:
    """The letter to an owner about a school, written today; nothing in it counts children."""
    gaps = [_gap_line(row) for row in rows if row["state"] == "gap"]
    asked = [_question(row) for row in rows if row["state"] == "unknown"]
    return write_about_a_school(
        owner, gaps, asked, quarter, today(), school=school, borough=borough
    )


def _gap_line(row: Row) -> str:
    definition = definitions()[row["indicator"]]
    evidence = evidence_words(row)
    since = f" ({evidence})" if evidence else ""
    return f"{definition.title}: {definition.gap}{since}. {definition.closes}"


def _question(row: Row) -> str:
    definition = definitions()[row["indicator"]]
    return f"{definition.title}, {state_words(row['state'], row['reason'])}."
