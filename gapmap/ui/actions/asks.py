"""Asks to the Executive: where it could add value, whose each is, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from gapmap.agreements.agreements import Agreement, may_settle
from gapmap.ui.actions import forms
from gapmap.ui.actions.agreed import settle_button
from gapmap.ui.actions.choice import Chosen, kept
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.tables import HEADING_HEIGHT, ROW_HEIGHT, chosen_row
from gapmap.ui.words import day_words, numbered, quarter_words, sentence

STATUS_WORDS = {"open": "Open", "done": "Answered", "dropped": "Not taken up"}
HEIGHT = 400


def show(chosen: Chosen) -> None:
    """Draw the view."""
    asks = [one for one in kept(chosen.viewer, "ask") if chosen.shows(one)]
    asks.sort(key=lambda one: (one.status != "open", one.due))
    left, right = st.columns([4, 1.4], vertical_alignment="center")
    left.markdown(f"Where could the Executive add value, and what came of it? {finding(asks)}")
    if forms.may_note_some(chosen.viewer, "ask"):
        with right:
            forms.note_ask(chosen.viewer, chosen.quarter, chosen.borough)
    if not asks:
        return
    table = ask_table(asks)
    place = chosen_row(
        table,
        key="asks_table",
        height=min(HEIGHT, len(table) * ROW_HEIGHT + HEADING_HEIGHT),
        columns={
            "Ask": st.column_config.TextColumn(width=490),
            "From": st.column_config.TextColumn(width=110),
            "Who asks": st.column_config.TextColumn(width=130),
            "Asked": st.column_config.TextColumn(width=92),
            "Owner": st.column_config.TextColumn(width=84),
            "By end of": st.column_config.TextColumn(width=78),
            "Status": st.column_config.TextColumn(width=84),
            "Outcome": st.column_config.TextColumn(width=310),
        },
    )
    _under(chosen, table)
    if place is not None:
        st.session_state["ask_looked_at"] = asks[place].agreement_id
    for one in asks:
        if one.agreement_id == st.session_state.get("ask_looked_at"):
            _detail(chosen, one)


def finding(asks: Sequence[Agreement]) -> str:
    """How many wait for an answer, and how many were answered."""
    if not asks:
        return "**Nothing was asked yet.**"
    opened = sum(1 for one in asks if one.status == "open")
    return f"**{numbered(opened, 'ask')} open**, {len(asks) - opened} answered or not taken up."


def ask_table(asks: Sequence[Agreement]) -> pd.DataFrame:
    """One row per ask, as it is shown and exported."""
    return pd.DataFrame(
        {
            "Ask": [one.words for one in asks],
            "From": [forms.place_words(one.borough_code) for one in asks],
            "Owner": [sentence(one.owner) for one in asks],
            "By end of": [one.due for one in asks],
            "Status": [STATUS_WORDS[one.status] for one in asks],
            "Outcome": [one.outcome or "–" for one in asks],
            "Who asks": [one.who for one in asks],
            "Asked": [day_words(one.agreed_at) for one in asks],
        }
    )


def _detail(chosen: Chosen, ask: Agreement) -> None:
    with st.container(border=True):
        st.markdown(
            f"**{ask.words}**  \n{forms.place_words(ask.borough_code)}, {ask.who}, on "
            f"{day_words(ask.agreed_at)}; with the {ask.owner}, by the end of {ask.due}."
            + (f"  \n**Outcome**: {ask.outcome}" if ask.outcome else "")
        )
        if may_settle(chosen.viewer, ask):
            settle_button(chosen, ask)


def _under(chosen: Chosen, table: pd.DataFrame) -> None:
    about = provenance(
        "Asks to the Executive",
        chosen.quarter,
        source="what partnerships asked",
        definition="What partnerships asked of the Executive: each with an owner and its outcome",
        filters={
            "Borough": None if chosen.borough is None else forms.place_words(chosen.borough),
            "Agency": chosen.owner,
        },
    )
    line = f"{quarter_words(chosen.quarter)} · n = {numbered(len(table), 'ask')}, as they stand now"
    under_table(line, lambda: table, about, chosen.quarter, key="asks_source")
