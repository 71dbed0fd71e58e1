"""Who looks at the screen: the person who is signed in, or in local mode whoever is chosen here."""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager, nullcontext
from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gapmap.access import EXECUTIVE, ROLE_NAMES, ROLES, Role, Viewer
from gapmap.contract import contracts
from gapmap.gate import admission
from gapmap.gate.admission import LOCAL_NAME, Admission
from gapmap.gate.local import hold_address
from gapmap.gate.login import SIGN_IN
from gapmap.gate.sessions import Session
from gapmap.reference import reference

_OF_BOROUGHS: tuple[Role, ...] = ("lead", "contributor")
_KEY = "viewer"
NONE: frozenset[str] = frozenset()
LOCAL_MODE = "Local mode, this machine only: whoever opens gapmap here is its administrator."


def admit() -> None:
    """At the start of every run: is the person still signed in, and what are they here?

    Ends the run when they are not, or have no role any more. In local mode everybody is admitted.
    """
    entrance = admission.current()
    if entrance is None:
        _hold_to_this_machine()
        return
    session = _session(entrance)
    context = get_script_run_ctx()
    if context is None or not entrance.sessions.claim_screen(session, context.session_id):
        _leave()
    viewer = entrance.viewer_for(session.identity)
    if viewer is None:
        st.info(
            f"You are signed in as {session.identity.name} and have no role any more: ask your "
            "administrator.",
            icon=":material/lock:",
        )
        st.stop()
    st.session_state[_KEY] = viewer


def _hold_to_this_machine() -> None:
    """Where no gate stands in front, nobody but this machine may reach the script."""
    if admission.is_guarded():
        return
    try:
        hold_address(st.get_option("server.address"))
    except ValueError:
        st.error("Start gapmap with `streamlit run app.py`.", icon=":material/lock:")
        st.stop()


def current_viewer() -> Viewer:
    """The viewer of this run; the run ends when its session has."""
    entrance = admission.current()
    if entrance is not None:
        _session(entrance)
        signed_in: Viewer = st.session_state[_KEY]
        return signed_in
    viewer: Viewer = st.session_state.get(_KEY, EXECUTIVE)
    return viewer


def who() -> str:
    """The key of the person who is signed in, as it stands in the audit log."""
    entrance = admission.current()
    return LOCAL_NAME if entrance is None else _session(entrance).identity.key


def is_signed_in() -> bool:
    """Whether people sign in here at all; else it is local mode."""
    return admission.current() is not None


def other_role_words(what: str = "one") -> str:
    """How somebody gets another role, or other boroughs."""
    return "ask your administrator" if is_signed_in() else f"choose {what} at the top right"


def current_user_name() -> str:
    """The name of the person who is signed in, for what is shown as done by them."""
    entrance = admission.current()
    return LOCAL_NAME if entrance is None else _session(entrance).identity.name


def changing_access() -> AbstractContextManager[None]:
    """Around a change of the access table: whoever it makes another viewer is signed out."""
    entrance = admission.current()
    return nullcontext() if entrance is None else entrance.changing_access()


def everybody_signed_in() -> list[Session]:
    """The sessions that are alive, the oldest first; none in local mode."""
    entrance = admission.current()
    return [] if entrance is None else entrance.sessions.all()


def role_of(session: Session) -> Role | None:
    """What the person of a session is here at this moment."""
    entrance = admission.current()
    viewer = None if entrance is None else entrance.viewer_for(session.identity)
    return None if viewer is None else viewer.role


def sign_out_everywhere(user_key: str) -> int:
    """End all sessions of a person at once; how many there were."""
    entrance = admission.current()
    return 0 if entrance is None else entrance.sessions.revoke(user_key)


def download_word() -> str:
    """The secret word of the files that this screen hands out: the session's, or the screen's."""
    entrance = admission.current()
    if entrance is not None:
        return entrance.word_of(_session(entrance))
    word: str = st.session_state.setdefault("download_word", secrets.token_hex(16))
    return word


def _token(entrance: Admission) -> str | None:
    return st.context.cookies.get(entrance.cookie_name)


def _session(entrance: Admission) -> Session:
    session = entrance.sessions.check(_token(entrance))
    return session if session is not None else _leave()


def _leave() -> NoReturn:
    st.error(f"You have been signed out. [Sign in again]({SIGN_IN})", icon=":material/logout:")
    st.stop()


def viewer_switch() -> Viewer:
    """Who looks: with sign-in the person and the way out, in local mode the switch of the role."""
    entrance = admission.current()
    return _local_switch() if entrance is None else _signed_in(entrance)


def _signed_in(entrance: Admission) -> Viewer:
    viewer = current_viewer()
    name = _session(entrance).identity.name
    with st.popover(name, icon=":material/person:"):
        st.caption(f"{viewer.name}{_for_boroughs(viewer)}. {_sees(viewer.role)}")
        if st.button("Sign out", icon=":material/logout:", key="sign_out"):
            # The gate sees the session end, and leads the browser to the sign-in page.
            entrance.sessions.end(_token(entrance))
            st.stop()
    return viewer


def _for_boroughs(viewer: Viewer) -> str:
    names = sorted(reference.borough_name(code) for code in viewer.boroughs)
    return f" for {', '.join(names)}" if names else ""


def _short(viewer: Viewer) -> str:
    """The role on the switch, with the borough that it is for, or how many."""
    names = [reference.borough_name(code) for code in viewer.boroughs]
    if not names:
        return viewer.name
    return f"{viewer.name}: {names[0] if len(names) == 1 else f'{len(names)} boroughs'}"


def _local_switch() -> Viewer:
    with st.popover(_short(current_viewer()), icon=":material/person:"):
        role = st.selectbox(
            "View as",
            ROLES,
            format_func=ROLE_NAMES.__getitem__,
            key="viewer_role",
            persist_state="session",
            help="In local mode there is no sign-in, and any role can be tried.",
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
        st.caption(LOCAL_MODE)
    viewer = Viewer(role, frozenset(boroughs), _every_extract() if role == "contributor" else NONE)
    if viewer != current_viewer():
        st.session_state[_KEY] = viewer
        st.rerun()
    return viewer


def _every_extract() -> frozenset[str]:
    """Every extract of a quarter: who tries a contributor's role may try each of them."""
    return frozenset(name for name, one in contracts().items() if one.dated_by == "quarter")


def mode_notice() -> None:
    """At the foot of every screen of local mode: who is who here."""
    if admission.current() is None:
        st.caption(LOCAL_MODE)


def _sees(role: Role) -> str:
    if role == "lead":
        return "Sees the exact figures of the own boroughs, and released figures of all others."
    return "Sees released figures only: 1–7 is shown as c, other counts to the nearest 5."
