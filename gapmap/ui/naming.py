"""Schools on a shared screen are "Secondary A" until somebody chooses to name them."""

from __future__ import annotations

import logging

import streamlit as st

from gapmap.access import Viewer
from gapmap.ui.words import sentence

_log = logging.getLogger(__name__)


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
    told = st.session_state.setdefault("named_boroughs", set())
    if named and borough_code not in told:
        told.add(borough_code)
        _log.info("schools named: role=%s borough=%s", viewer.role, borough_code)
    return named


def note_exact(viewer: Viewer, borough_code: str, what: str, urn: int | None = None) -> None:
    """Log, once a session, that a borough's lead was shown exact figures: whose, and of what."""
    shown = st.session_state.setdefault("exact_shown", set())
    seen = (borough_code, what, urn)
    if seen in shown:
        return
    shown.add(seen)
    _log.info(
        "exact figures shown: role=%s borough=%s urn=%s what=%s",
        viewer.role,
        borough_code,
        "-" if urn is None else urn,
        what,
    )


def school_label(name: str, phase: str, place: int, *, named: bool) -> str:
    """A school's name, or its phase and letter: Secondary A, …, Secondary Z, Secondary AA."""
    if named:
        return name
    letters = ""
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{sentence(phase if phase != 'unknown' else 'school')} {letters}"
