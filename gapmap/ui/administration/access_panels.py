"""The panels of the access screen: who was given which role, giving one, and ending one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd
import streamlit as st

from gapmap.access import ROLE_NAMES, ROLES, Viewer
from gapmap.contract import contracts
from gapmap.office.access_table import Grant, GrantError, end, give, grants
from gapmap.opened import the_audit_log, the_office
from gapmap.reference import reference
from gapmap.reference.roles import matrix
from gapmap.ui.viewing import changing_access, who
from gapmap.ui.words import text

_HEIGHT = 300


def held(*, ended: bool) -> list[Grant]:
    """The grants that stand, the newest first; with `ended` those too that were ended."""
    return [grant for grant in grants(the_office()) if ended or grant.stands]


def grants_table(found: Sequence[Grant]) -> None:
    """Who was given what, since when and by whom."""
    names = {grant.holder: grant.holder_name for grant in grants(the_office())}
    st.dataframe(
        pd.DataFrame(_row(grant, names.get(grant.by_whom, grant.by_whom)) for grant in found),
        hide_index=True,
        height=_HEIGHT,
        placeholder="–",
    )


def _row(grant: Grant, by: str) -> dict[str, str]:
    ended = "" if grant.ended_at is None else f"{grant.ended_at:%Y-%m-%d %H:%M}"
    return {
        "Name": grant.holder_name,
        "Role": ROLE_NAMES[grant.role],
        "Boroughs": ", ".join(sorted(reference.borough_name(code) for code in grant.boroughs)),
        "Extracts": ", ".join(sorted(contracts()[name].title for name in grant.extracts)),
        "Since (UTC)": f"{grant.valid_from:%Y-%m-%d %H:%M}",
        "Ended (UTC)": ended,
        "Last changed by": text(by),
        "Key or app role": grant.holder,
    }


def add_panel(viewer: Viewer) -> None:
    """Give a role to a person, or to an app role of the identity provider."""
    st.subheader("Give a role")
    st.caption(
        "A person is named by the key (issuer|subject) that the audit log shows for a sign-in with "
        "the outcome “no role”, never by an e-mail address. An app role, such as gapmap.lead, "
        "gives the role to everybody who has it at the identity provider. It counts from the next "
        "click on."
    )
    # A number in the keys: after a grant the fields are new ones, and empty.
    times = st.session_state.setdefault("grants_given", 0)
    columns = st.columns([3, 2, 2])
    holder = columns[0].text_input("Key or app role", key=f"grant_holder_{times}")
    name = columns[1].text_input("Name", key=f"grant_name_{times}")
    role = columns[2].selectbox(
        "Role", ROLES, format_func=ROLE_NAMES.__getitem__, key=f"grant_role_{times}"
    )
    held_for = matrix().held_for[role]
    boroughs = _several(
        "Boroughs",
        {row["borough_code"]: row["borough"] for row in reference.boroughs()},
        "boroughs" in held_for,
        f"grant_boroughs_{times}",
    )
    extracts = _several(
        "Extracts",
        {name: one.title for name, one in contracts().items() if one.dated_by == "quarter"},
        "extracts" in held_for,
        f"grant_extracts_{times}",
    )
    if not st.button("Give the role", type="primary", icon=":material/person_add:"):
        return
    by = who()
    try:
        with changing_access():
            grant = give(
                the_office(),
                viewer,
                by,
                holder=holder.strip(),
                holder_name=name,
                role=role,
                boroughs=boroughs,
                extracts=extracts,
            )
    except GrantError as fault:
        st.error(f"Nothing was given: {fault}.", icon=":material/error:")
        return
    _note(viewer, by, grant, "given")
    st.session_state["grants_given"] = times + 1
    st.rerun()


def _several(label: str, names: dict[str, str], asked: bool, key: str) -> Collection[str]:
    if not asked:
        return ()
    return st.multiselect(label, list(names), format_func=names.__getitem__, key=key)


def end_panel(viewer: Viewer, standing: Sequence[Grant]) -> None:
    """End a grant that stands."""
    st.subheader("End a grant")
    if not standing:
        st.caption("No grant stands.")
        return
    by_id = {grant.grant_id: grant for grant in standing}
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    chosen = left.selectbox(
        "Grant",
        list(by_id),
        format_func=lambda one: f"{by_id[one].holder_name}, {ROLE_NAMES[by_id[one].role]}",
        key="grant_to_end",
    )
    if not right.button("End it", icon=":material/person_remove:") or chosen is None:
        return
    by = who()
    try:
        with changing_access():
            ended = end(the_office(), viewer, by, chosen)
    except GrantError as fault:
        st.error(f"Nothing was ended: {fault}.", icon=":material/error:")
        return
    _note(viewer, by, ended, "ended")
    st.rerun()


def _note(viewer: Viewer, by: str, grant: Grant, outcome: str) -> None:
    # Who has changed the own role is signed out by now.
    the_audit_log().note(
        what="access changed",
        who=by,
        role=viewer.role,
        on=f"grant {grant.grant_id} {grant.role}",
        outcome=outcome,
    )
