"""Who looks at the screen: until there is sign-in, a switch sets it; executive from the start."""

from __future__ import annotations

import streamlit as st

from gapmap import reference
from gapmap.access import EXECUTIVE, ROLE_NAMES, ROLES, Role, Viewer

_OF_BOROUGHS: tuple[Role, ...] = ("lead", "contributor")
_KEY = "viewer"


def viewer_switch() -> Viewer:
    """The switch of the role, and the viewer that it sets."""
    with st.popover(current_viewer().name, icon=":material/person:", width="stretch"):
        role = st.selectbox(
            "View as",
            ROLES,
            format_func=ROLE_NAMES.__getitem__,
            key="viewer_role",
            persist_state="session",
            help="There is no sign-in yet: whoever opens gapmap on this machine may try each role.",
        )
        boroughs: list[str] = []
        if role in _OF_BOROUGHS:
            boroughs = st.multiselect(
                "For which boroughs",
                [row["borough_code"] for row in reference.boroughs()],
                format_func=reference.borough_name,
                key="viewer_boroughs",
                persist_state="session",
                placeholder="Choose the boroughs you answer for",
            )
        st.caption(_sees(role))
    viewer = Viewer(role, frozenset(boroughs))
    if viewer != current_viewer():
        st.session_state[_KEY] = viewer
        st.rerun()
    return viewer


def _sees(role: Role) -> str:
    if role == "lead":
        return "Sees the exact figures of the own boroughs, and released figures of all others."
    return "Sees released figures only: 1–7 is shown as c, other counts to the nearest 5."


def current_viewer() -> Viewer:
    """The viewer that the switch set."""
    viewer: Viewer = st.session_state.get(_KEY, EXECUTIVE)
    return viewer
