"""What people do on the screens, noted in the audit log; and the name that their steps bear."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from gapmap.office.audit_log import fitted
from gapmap.opened import the_audit_log
from gapmap.ui.viewing import current_user_name, current_viewer, is_signed_in, who


def note(what: str, on: str, outcome: str = "done") -> None:
    """Note what the person at this screen did. `on`: codes and ids, never what a cell holds."""
    the_audit_log().note(
        what=what, who=who(), role=current_viewer().role, on=fitted(on), outcome=outcome
    )


def noting(what: str, on: str) -> Callable[[], None]:
    """What notes it later, outside of a run: as done by the person who is at the screen now."""
    return partial(
        the_audit_log().note, what=what, who=who(), role=current_viewer().role, on=fitted(on)
    )


def note_once(what: str, on: str, outcome: str = "done") -> None:
    """As `note`, once a session and role for the same."""
    noted: set[tuple[str, str, str]] = st.session_state.setdefault("noted_once", set())
    event = what, on, current_viewer().role
    if event not in noted:
        noted.add(event)
        note(what, on, outcome)


def note_refusal(on: str) -> None:
    """Note that somebody was refused a page, or a step on it."""
    note_once("refusal", on, "refused")


def your_name(key: str) -> str:
    """The name that is kept with a step: of who is signed in; in local mode it is asked for."""
    if is_signed_in():
        name = current_user_name()
        st.text_input("Your name", name, key=f"{key}_signed_in", disabled=True)
        return name
    given = st.text_input("Your e-mail", key=key, persist_state="session")
    return (given or "").strip()
