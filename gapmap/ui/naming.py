"""Schools on a shared screen are "Secondary A" until somebody chooses to name them."""

from __future__ import annotations

import streamlit as st

from gapmap.access import Viewer
from gapmap.ui.noting import note_once
from gapmap.ui.words import sentence


def schools_are_named(viewer: Viewer, borough_code: str) -> bool:
    """The switch that names schools: on for the borough's own lead, else off until it is chosen.

    Choosing it is logged: who looked at which borough's schools by name.
    """
    if viewer.leads(borough_code):
        return True
    named = st.toggle(
        "Name the schools",
        key="schools_named",
        persist_state="session",
        help="Off on a shared screen: schools are shown by phase and letter. Naming is logged.",
    )
    if named:
        note_once("schools named", borough_code)
    return named


def note_exact(borough_code: str, what: str, urn: int | None = None) -> None:
    """Note, once a session, that a borough's lead is shown exact figures: whose, and of what."""
    note_once("exact view", f"{borough_code} {what}" if urn is None else f"{borough_code} {urn}")


def school_label(name: str, phase: str, place: int, *, named: bool) -> str:
    """A school's name, or its phase and letter: Secondary A, …, Secondary Z, Secondary AA."""
    if named:
        return name
    letters = ""
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{sentence(phase if phase != 'unknown' else 'school')} {letters}"
