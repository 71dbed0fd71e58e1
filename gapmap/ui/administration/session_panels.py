"""Who is signed in, and signing somebody out at once."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from gapmap.access import ROLE_NAMES, Viewer
from gapmap.gate.sessions import Session
from gapmap.office.audit_log import fitted
from gapmap.opened import the_audit_log
from gapmap.ui.viewing import (
    everybody_signed_in,
    is_signed_in,
    role_of,
    sign_out_everywhere,
    who,
)

_MOST_ROWS = 8


def signed_in_panel(viewer: Viewer) -> None:
    """Who is signed in now; an administrator ends all that one of them has open."""
    if not is_signed_in():
        return
    st.subheader("Signed in now")
    held = everybody_signed_in()
    _table(held)
    by_key = {session.identity.key: session.identity.name for session in held}
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    chosen = left.selectbox(
        "Person", list(by_key), format_func=by_key.__getitem__, key="person_to_sign_out"
    )
    st.caption(
        "Every window of theirs closes at once. Whoever keeps the role can sign in again: end the "
        "grant first, or take the app role away at the identity provider."
    )
    if right.button("Sign out", icon=":material/logout:", key="sign_out_person") and chosen:
        by, role = who(), viewer.role
        sign_out_everywhere(chosen)
        the_audit_log().note(
            what="access changed",
            who=by,
            role=role,
            on=fitted(f"sessions of {chosen}"),
            outcome="signed out",
        )
        st.rerun()


def _table(held: Sequence[Session]) -> None:
    height = 38 + 35 * min(len(held), _MOST_ROWS)
    st.dataframe(
        pd.DataFrame(_row(session) for session in held),
        hide_index=True,
        height=height,
        placeholder="–",
    )


def _row(session: Session) -> dict[str, str]:
    role = role_of(session)
    return {
        "Name": session.identity.name,
        "Role": "no role" if role is None else ROLE_NAMES[role],
        "Since (UTC)": f"{session.made_at:%Y-%m-%d %H:%M}",
        "Last seen (UTC)": f"{session.last_seen:%H:%M:%S}",
        "Ends (UTC)": f"{session.expires:%H:%M}",
        "Key": session.identity.key,
    }
