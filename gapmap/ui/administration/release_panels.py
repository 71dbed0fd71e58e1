"""The panels of the releases screen: what was released, what waits, and the steps of each role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.opened import the_store
from gapmap.reference import reference
from gapmap.release import (
    Draft,
    MovedOn,
    Proposal,
    ReleaseRefused,
    confirm,
    drafts,
    findings,
    propose,
    release,
    releases,
    withdraw_release,
)
from gapmap.stores.store import rows_of
from gapmap.ui.administration.release_words import (
    STANDING,
    changes_table,
    findings_table,
    measure_words,
    names_words,
    own_count,
    part_words,
)
from gapmap.ui.borough.borough_figures import exact_notice
from gapmap.ui.loads import load
from gapmap.ui.naming import note_exact
from gapmap.ui.noting import note
from gapmap.ui.tables import ROW_HEIGHT, chosen_row
from gapmap.ui.viewing import current_user_name
from gapmap.ui.words import count, numbered, quarter_words

_PROPOSAL: Final = "release_proposal"
_MOST_ROWS: Final = 12


def _height(rows: int) -> int:
    return min(_MOST_ROWS, max(rows, 1)) * ROW_HEIGHT + 38


def area_names(viewer: Viewer) -> Mapping[tuple[str, str], str]:
    """Every area of the lattice by level and code."""
    found = load(viewer, "release/areas").to_dict("records")
    return {(row["level"], row["area_code"]): row["area"] for row in found}


# --- what was released ----------------------------------------------------------------------------


def released_table() -> str | None:
    """Every release, the newest first; the id of the one just chosen."""
    found = releases(the_store())
    if not found:
        st.info(
            "No figures about children have been released yet: every screen says so where they "
            "would stand.",
            icon=":material/lock_clock:",
        )
        return None
    place = chosen_row(
        pd.DataFrame(
            {
                "Release": [row["release_id"] for row in found],
                "Quarter": [row["quarter"] for row in found],
                "Stands": [STANDING[row["standing"]] for row in found],
                "Made (UTC)": [f"{row['made_at']:%d %b %Y %H:%M}" for row in found],
                "By": [row["made_by"] for row in found],
                "Figures": [count(row["cells"]) for row in found],
                "Hidden": [count(row["hidden"]) for row in found],
                "Of them to protect another": [count(row["withheld"]) for row in found],
                "Why": [row["why"] or row["withdrawn_why"] or "" for row in found],
            }
        ),
        key="releases_table",
        height=_height(len(found)),
    )
    return None if place is None else str(found[place]["release_id"])


def about_release(release_id: str, viewer: Viewer) -> None:
    """One release: how it was made, and to an administrator what its audit found."""
    row = next((one for one in releases(the_store()) if one["release_id"] == release_id), None)
    if row is None:
        st.info(f"There is no release {release_id}.")
        return
    st.subheader(f"{row['release_id']}: {quarter_words(row['quarter'])}")
    st.caption(
        f"{STANDING[row['standing']]} · made {row['made_at']:%d %B %Y %H:%M} UTC by "
        f"{row['made_by']} · counts from 1 to {row['threshold']} are hidden, others to the nearest "
        f"{row['base']} · {numbered(row['hidden'], 'figure')} of {count(row['cells'])} hidden, "
        f"{count(row['withheld'])} of them to protect another · audited for "
        f"{numbered(row['viewers'], 'viewer')} in {row['seconds']:.1f} s"
    )
    if row["settings_reason"]:
        st.caption(f"The settings are not the defaults: {row['settings_reason']}")
    if row["standing"] == "withdrawn":
        st.caption(
            f"Withdrawn {row['withdrawn_at']:%d %B %Y %H:%M} UTC by {row['withdrawn_by']}: "
            f"{row['withdrawn_why']}"
        )
    if not viewer.may("release"):
        return
    found = rows_of(findings(the_store(), release_id))
    with st.expander(f"What the audit found of {numbered(len(found), 'hidden figure')}"):
        st.caption(
            "What each hidden figure could still be for the viewer who can narrow it most: three "
            "numbers or more, or all that public facts leave. Where that is a lead, it rests on "
            "the own exact figures and is not told."
        )
        st.dataframe(
            findings_table(found, area_names(viewer)), hide_index=True, height=_height(len(found))
        )
    if row["standing"] == "stands" and viewer.may("withdraw_release"):
        _withdraw(release_id, viewer)


def _withdraw(release_id: str, viewer: Viewer) -> None:
    with st.form(f"withdraw_{release_id}"):
        st.markdown(
            f"**Withdraw {release_id}**: what the quarter's release before it said is shown again, "
            "or nothing."
        )
        why = st.text_input("Reason", key=f"why_{release_id}")
        asked = st.form_submit_button("Withdraw", icon=":material/undo:")
    if asked and _done(
        lambda: withdraw_release(the_store(), release_id, current_user_name(), why, viewer=viewer)
    ):
        note("release withdrawn", release_id)
        st.rerun()


def _done(step: Callable[[], object]) -> bool:
    """Whether a step was taken; else why not is said."""
    try:
        step()
    except ReleaseRefused as fault:
        st.error(f"Nothing was changed: {fault}.", icon=":material/block:")
        return False
    return True


# --- what waits -----------------------------------------------------------------------------------


def waiting_panel(viewer: Viewer) -> None:
    """The quarters that wait for a release, and what the viewer may do about each."""
    waiting = drafts(the_store())
    if not waiting:
        st.caption("Nothing waits: every quarter's release says all that is held.")
        return
    st.subheader("What waits for a release?")
    for draft in waiting:
        names = [one.borough for one in draft.boroughs]
        with st.expander(
            f"{draft.quarter}: figures of {numbered(len(names), 'borough')} changed",
            expanded=len(waiting) == 1 or _is_mine(draft, viewer),
        ):
            _draft_panel(draft, names, viewer)


def _is_mine(draft: Draft, viewer: Viewer) -> bool:
    return any(_confirms(viewer, one.borough_code) for one in draft.boroughs)


def _confirms(viewer: Viewer, borough_code: str) -> bool:
    return viewer.may("confirm_figures", borough_code)


def _draft_panel(draft: Draft, names: list[str], viewer: Viewer) -> None:
    replaces = f"It would replace {draft.replaces}." if draft.replaces else "It is the first."
    unconfirmed = draft.unconfirmed
    said = (
        "All leads concerned have confirmed."
        if not unconfirmed
        else f"Not confirmed by the leads of {names_words(unconfirmed)}."
    )
    st.caption(f"Changed: {names_words(names)}. {replaces} {said}")
    for one in draft.boroughs:
        if _confirms(viewer, one.borough_code):
            _confirm_panel(draft.quarter, one.borough_code, one.confirmed_by, viewer)
    if viewer.may("release"):
        _release_panel(draft, viewer)


def _confirm_panel(quarter: str, code: str, confirmed_by: str | None, viewer: Viewer) -> None:
    """The own borough's exact figures beside those released, and the lead's word that they are
    right."""
    name = reference.borough_name(code)
    exact_notice(name)
    note_exact(code, f"figures of {quarter} before their release")
    found = load(viewer, "release/own_figures", exact_of=code, quarter=quarter, borough=code)
    rows = found[found["now"].fillna(-1) != found["released_exact"].fillna(-1)]
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "Counted": measure_words(row["measure"]),
                    "Part": part_words(row["breakdown"], row["category"]),
                    "In the last release": own_count(row["released_exact"], row["breakdown"]),
                    "Now": own_count(row["now"], row["breakdown"]),
                }
                for row in rows.to_dict("records")
            ]
        ),
        hide_index=True,
        height=_height(len(rows)),
    )
    if confirmed_by:
        st.caption(f":material/check_circle: Confirmed by {confirmed_by}.")
        return
    label = f"These figures of {name} are right"
    if st.button(label, key=f"confirm_{quarter}_{code}", icon=":material/task_alt:") and _done(
        lambda: confirm(the_store(), quarter, code, current_user_name(), viewer=viewer)
    ):
        note("confirm", f"{code} {quarter}")
        st.rerun()


def _release_panel(draft: Draft, viewer: Viewer) -> None:
    """Work out, look, release: an administrator's steps. No exact figure is shown."""
    proposal: Proposal | None = st.session_state.get(_PROPOSAL)
    if proposal is None or proposal.draft != draft:
        if st.button(
            "Work out and audit", key=f"propose_{draft.quarter}", icon=":material/policy:"
        ) and _done(lambda: _work_out(draft.quarter)):
            st.rerun()
        return
    planned = proposal.planned
    st.markdown(
        f"**{numbered(proposal.changes.num_rows, 'figure')} would be shown otherwise.** "
        f"{count(planned.hidden)} of {count(planned.figures.num_rows)} are hidden, "
        f"{count(planned.withheld)} of them to protect another; audited for "
        f"{numbered(planned.viewers, 'viewer')} in {planned.seconds:.1f} s."
    )
    changes = rows_of(proposal.changes)
    st.dataframe(
        changes_table(changes, area_names(viewer)), hide_index=True, height=_height(len(changes))
    )
    with st.form(f"release_{draft.quarter}"):
        why = st.text_input("What it is for (kept with the release)", key=f"for_{draft.quarter}")
        asked = st.form_submit_button(
            f"Release {draft.quarter}", type="primary", icon=":material/publish:"
        )
    if asked:
        _release(proposal, why, viewer)


def _work_out(quarter: str) -> None:
    bar = st.progress(0.0, "Working out what would be shown")
    st.session_state[_PROPOSAL] = propose(
        the_store(), quarter, lambda stage, share: _show(bar, stage, share)
    )


def _show(bar: Any, stage: str, share: float) -> None:
    bar.progress(min(max(share, 0.0), 1.0), stage)


def _release(proposal: Proposal, why: str, viewer: Viewer) -> None:
    quarter = proposal.draft.quarter
    by = current_user_name()
    try:
        made = release(the_store(), quarter, by, why, viewer=viewer, proposal=proposal)
    except MovedOn as fault:
        st.error(f"Nothing was released: {fault}.", icon=":material/sync_problem:")
        del st.session_state[_PROPOSAL]
        return
    except ReleaseRefused as fault:
        st.error(f"Nothing was released: {fault}.", icon=":material/block:")
        return
    note("release", made["release_id"])
    del st.session_state[_PROPOSAL]
    st.rerun()
