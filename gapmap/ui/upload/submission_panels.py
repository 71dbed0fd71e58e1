"""The panels of the submissions screen: what came, what stands, one submission's life."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.contract import contracts
from gapmap.intake.upload import UPDATE
from gapmap.opened import the_store
from gapmap.publishing.submission import (
    OFFERED,
    WITHDRAWN,
    Superseded,
    UnfitReason,
    accept,
    events,
    history,
    pairs_of,
    reinstate,
    withdraw,
)
from gapmap.reference import reference
from gapmap.ui.noting import note, your_name
from gapmap.ui.tables import chosen_row
from gapmap.ui.upload.revision_panels import what_it_changed, what_it_would_change
from gapmap.ui.viewing import current_viewer
from gapmap.ui.words import numbered, text

EVERY = "every extract"
_HEIGHT = 330


def choose_extract() -> str | None:
    """One extract alone, or None for all."""
    titles = {name: contract.title for name, contract in contracts().items()}
    chosen = st.selectbox(
        "Extract",
        [EVERY, *titles],
        format_func=lambda name: titles.get(name, "Every extract"),
        key="of_extract",
        bind="query-params",
    )
    return None if chosen in (None, EVERY) else chosen


def visible(viewer: Viewer, extract: str | None) -> list[dict[str, Any]]:
    """The submissions that the viewer may see, newest first."""
    own = [reference.borough_name(code) for code in viewer.boroughs]
    return [
        row
        for row in history(the_store(), extract)
        if viewer.may_see_submission(row["boroughs"], own)
    ]


def submissions_table(found: list[dict[str, Any]]) -> str | None:
    """What came, from whom and what of it stands; the id of the one just chosen."""
    shown = pd.DataFrame([_row(submission) for submission in found])
    place = chosen_row(shown, key="submissions_table", height=_HEIGHT)
    return None if place is None else str(found[place]["submission_id"])


def _row(submission: dict[str, Any]) -> dict[str, Any]:
    first, last = submission["first_quarter"], submission["last_quarter"]
    boroughs = submission["boroughs"]
    return {
        "Submission": submission["submission_id"],
        "Standing": submission["standing"],
        "Period": first if first == last else f"{first} to {last}",
        "Boroughs": ", ".join(boroughs) if len(boroughs) < 4 else f"{len(boroughs)} boroughs",
        "Brought": "update" if submission["mode"] == UPDATE else "all",
        "Version": submission["version"],
        "Rows": submission["row_count"],
        "Nil returns": submission["nil_returns"],
        "From": submission["submitted_by"],
        "Received (UTC)": f"{submission['received_at']:%Y-%m-%d %H:%M}",
        "File": submission["file_name"],
        "Why": text(submission["last_why"]),
    }


def standing_table(found: pd.DataFrame) -> None:
    """What stands, for those who do not see who sent it."""
    st.dataframe(
        found.assign(
            extract=found["extract"].map({n: c.title for n, c in contracts().items()}),
            published_at=found["published_at"].dt.strftime("%Y-%m-%d %H:%M"),
        ).rename(
            columns={
                "extract": "Extract",
                "quarter": "Quarter",
                "borough": "Borough",
                "submission_id": "Submission",
                "version": "Version",
                "file_name": "File",
                "published_at": "Published (UTC)",
                "nil_return": "Nil return",
            }
        ),
        hide_index=True,
        height=_HEIGHT,
    )


def life_of(submission: dict[str, Any], viewer: Viewer) -> None:
    """One submission's events, and the next step that the viewer may take."""
    st.subheader(submission["submission_id"])
    st.caption(
        f"{submission['file_name']} · {numbered(submission['row_count'], 'row')} · stands for "
        f"{submission['standing_pairs']} of {submission['pairs']} quarters and boroughs · "
        f"{', '.join(submission['boroughs'])}"
    )
    steps = pd.DataFrame(events(the_store(), submission["submission_id"]))
    st.dataframe(
        steps.assign(
            at_utc=steps["at_utc"].dt.strftime("%Y-%m-%d %H:%M:%S"), why=steps["why"].map(text)
        ).rename(
            columns={
                "event": "Event",
                "at_utc": "When (UTC)",
                "by_whom": "By",
                "why": "Why",
                "pairs": "Quarters × boroughs",
            }
        ),
        hide_index=True,
    )
    what_it_changed(submission, viewer)
    if viewer.role != "administrator" and contracts()[submission["extract"]].dated_by != "quarter":
        st.caption("It is London's: an administrator withdraws it.")
        return
    _next_steps(submission, viewer)


def _next_steps(submission: Mapping[str, Any], viewer: Viewer) -> None:
    """What the viewer may do with the part of it that is of the own boroughs."""
    submission_id = submission["submission_id"]
    if not viewer.may_withdraw:
        st.caption("Accepting and withdrawing are for a borough's lead or an administrator.")
        return
    own = viewer.publishes_for
    here = [
        p for p in pairs_of(the_store(), submission_id) if own is None or p["borough_code"] in own
    ]
    events_here = {pair["last_event"] for pair in here}
    if not here:
        st.caption("It covers none of your boroughs.")
        return
    by = your_name("step_by")
    names = ", ".join(sorted({reference.borough_name(pair["borough_code"]) for pair in here}))
    if OFFERED in events_here:
        st.info(f"It is offered to {names}: it stands there once you accept it.")
        boroughs = {pair["borough_code"] for pair in here}
        what_it_would_change(submission, viewer, boroughs)
        _accept(submission_id, by, names, boroughs)
    if events_here - {WITHDRAWN}:
        _withdraw(submission_id, by, names, own)
    if WITHDRAWN in events_here:
        _undo(submission_id, by, names, own)


def _accept(submission_id: str, by: str, names: str, boroughs: Collection[str]) -> None:
    label = f"Accept for {names}"
    if st.button(label, type="primary", icon=":material/handshake:", disabled=not by):
        try:
            accept(the_store(), submission_id, by, boroughs, viewer=current_viewer())
        except Superseded as fault:
            st.error(f"Nothing was accepted: {fault}.", icon=":material/sync_problem:")
            return
        note("accept", submission_id)
        st.rerun()


def _withdraw(submission_id: str, by: str, names: str, own: Collection[str] | None) -> None:
    scope = "" if own is None else f" for {names}"
    with st.form(f"withdraw_{submission_id}"):
        st.markdown(f"**Withdraw{scope}**: what stood before it stands again; it can be undone.")
        why = st.text_input("Reason", key=f"why_{submission_id}")
        asked = st.form_submit_button("Withdraw", icon=":material/undo:")
    if not asked:
        return
    if not (by and why.strip()):
        st.error("Give your e-mail and a reason: both are kept with the submission.")
        return
    try:
        withdraw(the_store(), submission_id, by, why, for_boroughs=own, viewer=current_viewer())
    except UnfitReason as fault:
        st.error(f"Nothing was withdrawn: {fault}.")
        return
    note("withdraw", submission_id)
    st.rerun()


def _undo(submission_id: str, by: str, names: str, own: Collection[str] | None) -> None:
    label = "Undo the withdrawal" if own is None else f"Undo the withdrawal for {names}"
    if st.button(label, icon=":material/redo:", disabled=not by):
        reinstate(the_store(), submission_id, by, for_boroughs=own, viewer=current_viewer())
        note("reinstate", submission_id)
        st.rerun()
