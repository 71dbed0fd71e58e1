"""What was agreed on one gap, beside the gap itself; and the way to note who closes it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from gapmap.access import Viewer
from gapmap.agreements.agreements import Agreement
from gapmap.ui.actions import forms
from gapmap.ui.actions.choice import kept
from gapmap.ui.navigation import page
from gapmap.ui.words import sentence

MOST_SHOWN = 4


def show(viewer: Viewer, indicator: str, place: Mapping[str, str | None]) -> None:
    """The open actions on a gap, and a button to note one. `place`: the filters of the screen."""
    quarter, borough = str(place["quarter"]), place["borough"]
    st.subheader("Who closes it, and by when?")
    opened = [one for one in kept(viewer, "action") if _is_open(one, indicator, borough)]
    if opened:
        lines = [_line(one) for one in opened[:MOST_SHOWN]]
        more = len(opened) - MOST_SHOWN
        st.markdown("\n".join([*lines, *([f"- and {more} more"] if more > 0 else [])]))
    else:
        st.markdown("Nothing is agreed on this gap yet.")
    left, right = st.columns([1.3, 1], vertical_alignment="center")
    if forms.may_note_some(viewer, "action"):
        with left:
            forms.note_action(viewer, indicator, quarter, borough, place["school_type"])
    with right:
        st.page_link(page("actions"), label="All actions", icon=":material/checklist:")


def _is_open(action: Agreement, indicator: str, borough: str | None) -> bool:
    here = borough is None or action.borough_code in (None, borough)
    return action.status == "open" and action.indicator == indicator and here


def _line(action: Agreement) -> str:
    of_type = f", {action.school_type}" if action.school_type else ""
    return (
        f"- **{forms.place_words(action.borough_code)}{of_type}**: {sentence(action.owner)}, "
        f"{action.who}, by the end of {action.due}"
    )
