"""The steps of an upload: what it is, what is wrong with it, what it will change, publish."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date
from typing import NoReturn

import streamlit as st

from gapmap.access import Viewer
from gapmap.calendar_quarter import Quarter, parse_quarter, quarter_of
from gapmap.contract import Contract, contracts
from gapmap.intake.carry_over import takes_updates
from gapmap.intake.intake import Prepared, Upload, prepare
from gapmap.intake.upload import UPDATE, Mode
from gapmap.opened import the_store
from gapmap.operations.operations import today
from gapmap.publishing.revision import Preview, preview_of
from gapmap.publishing.submission import Published, Superseded, UnfitReason, publish
from gapmap.reference import reference
from gapmap.release import drafts
from gapmap.settings import read_settings
from gapmap.stores.store import StoreFull
from gapmap.template import csv_template
from gapmap.ui.noting import note
from gapmap.ui.upload import revision_panels
from gapmap.ui.words import count, numbered

_IN_FILE = "as the file says"
_QUARTERS_OFFERED = 12
_TABLE_HEIGHT = 330


def choose_extract() -> Contract:
    """Which extract the file is."""
    every = contracts()
    first = "referrals" if "referrals" in every else next(iter(every))
    names = [first, *(name for name in every if name != first)]
    titles = {name: contract.title for name, contract in every.items()}
    chosen = st.selectbox(
        "Extract", names, format_func=titles.__getitem__, key="extract", bind="query-params"
    )
    return every[chosen or first]


def choose_period(contract: Contract) -> tuple[Quarter | None, date | None]:
    """The quarter of all rows, or the register's date."""
    if contract.dated_by == "date":
        return None, st.date_input(
            "Downloaded on", today(), max_value=today(), format="DD/MM/YYYY", key="register_date"
        )
    newest = quarter_of(today())
    offered = [_IN_FILE, *(str(newest.plus(-back)) for back in range(_QUARTERS_OFFERED))]
    chosen = st.selectbox("Quarter", offered, key="upload_quarter", bind="query-params")
    return (None if chosen in (None, _IN_FILE) else parse_quarter(chosen)), None


def choose_mode(contract: Contract) -> Mode:
    """Whether the file is the whole of its boroughs, or of some schools only."""
    if not takes_updates(contract):
        return "replace"
    words: dict[Mode, str] = {"replace": "Replace all", "update": "Update these schools only"}
    chosen = st.radio(
        "What the file does",
        list(words),
        format_func=words.__getitem__,
        key="upload_mode",
        label_visibility="collapsed",
    )
    if chosen == UPDATE:
        st.caption(
            "Schools that the file does not name stay as they stand. So do rows without a school, "
            "unless the file has such rows for the borough."
        )
    return chosen


def choose_nil_returns(contract: Contract, viewer: Viewer, mode: Mode) -> tuple[str, ...]:
    """The boroughs that are declared to have had nothing; an update of schools declares none."""
    if contract.dated_by == "date":
        return ()
    every = [row["borough_code"] for row in reference.boroughs()]
    own = [code for code in every if viewer.role == "administrator" or code in viewer.boroughs]
    chosen = tuple(
        st.multiselect(
            "Nil returns",
            own,
            format_func=reference.borough_name,
            key="nil_returns",
            placeholder="Boroughs that had nothing" if mode == "replace" else "none in an update",
            disabled=mode == UPDATE,
            help="Tick a borough only when it had nothing to report. A borough without rows that "
            "is not ticked has not submitted.",
        )
    )
    return chosen if mode == "replace" else ()


def show_asked_borough() -> None:
    """The borough that was chosen with the upload (?borough=), and what to do for it."""
    asked = st.query_params.get("borough")
    if asked in {row["borough_code"] for row in reference.boroughs()}:
        st.info(
            f"For **{reference.borough_name(asked)}**: drop the file with its rows. Had it nothing "
            "to report, choose it under Nil returns.",
            icon=":material/location_on:",
        )


def choose_file() -> tuple[str, bytes] | None:
    """The file that was dropped: its name and bytes.

    Any kind of file may be dropped, so that what is no table is refused in intake's words.
    """
    times = st.session_state.setdefault("uploads_done", 0)
    dropped = st.file_uploader("File (CSV, XLSX or ODS)", key=f"file_{times}")
    return None if dropped is None else (dropped.name, dropped.getvalue())


def nil_return_alone(
    contract: Contract, quarter: Quarter | None, nil_returns: Collection[str]
) -> tuple[str, bytes] | None:
    """The headings alone, in place of a file, where the boroughs had nothing and that is all."""
    if not nil_returns or contract.dated_by != "quarter":
        return None
    names = ", ".join(reference.borough_name(code) for code in nil_returns)
    if quarter is None:
        st.caption(f"Had {names} nothing, and there is no file? Choose the quarter above.")
        return None
    said = st.checkbox(
        f"There is no file: {names} had nothing to report for {quarter} ({quarter.in_words}).",
        key=f"nil_return_alone_{st.session_state['uploads_done']}",
    )
    return (f"nil_return_{contract.name}.csv", csv_template(contract)) if said else None


def checked(upload: Upload, viewer: Viewer) -> Prepared:
    """The upload held against its contract and the store, with its progress; kept between runs."""
    # The name is checked as the bytes are; one that identifies somebody is not kept in the key.
    name = hashlib.sha256(upload.file_name.encode()).hexdigest()
    declared = (upload.extract, upload.quarter, upload.as_at, upload.covers, upload.mode)
    key = (upload.sha256, name, *declared, viewer)
    held = st.session_state.get("checked_upload")
    if held is not None and held[0] == key:
        kept: Prepared = held[1]
        return kept
    slot = st.empty()
    with slot.status("Checking", expanded=False) as status:
        prepared = prepare(
            the_store(),
            upload,
            most_bytes=read_settings().max_upload_bytes,
            today=today(),
            viewer=viewer,
            progress=lambda stage: status.update(label=f"{stage} …"),
        )
    slot.empty()
    note("upload", upload.extract, "refused" if prepared.refused else "accepted")
    st.session_state["checked_upload"] = (key, prepared)
    return prepared


# --- what will change ----------------------------------------------------------------------------


def previewed(prepared: Prepared, viewer: Viewer) -> Preview:
    """What publishing would change, with its progress; kept between runs."""
    key = (prepared.upload.sha256, prepared.version, prepared.opening, prepared.pairs, viewer)
    held = st.session_state.get("previewed_upload")
    if held is not None and held[0] == key:
        kept: Preview = held[1]
        return kept
    slot = st.empty()
    with slot.status("Working out what would change", expanded=False) as status:
        preview = preview_of(
            the_store(),
            prepared,
            for_boroughs=viewer.publishes_for,
            shown_for=viewer.rows_seen(prepared.contract),
            progress=lambda stage: status.update(label=f"{stage} …"),
        )
    slot.empty()
    st.session_state["previewed_upload"] = (key, preview)
    return preview


def show_preview(prepared: Prepared, preview: Preview, viewer: Viewer, *, overtaken: bool) -> None:
    """What publishing changes, borough by borough; what is dropped, left out, or drops out.

    `overtaken`: somebody else was first, so that there is nothing to be glad of yet.
    """
    rows = prepared.rows.num_rows if prepared.rows is not None else 0
    boroughs = numbered(len({pair.borough_code for pair in preview.pairs}), "borough")
    carried = prepared.carried_rows
    of_file = numbered(rows - carried, "row")
    said = (
        f"{of_file} for {boroughs} can be published."
        if prepared.upload.mode == "replace"
        else f"{of_file} of the file can be published for {boroughs}; {numbered(carried, 'row')} "
        "of other schools are carried over from what stands."
    )
    if rows == 0:
        said = f"A nil return for {boroughs} can be published: it says that there was nothing."
    if overtaken:
        st.info(said, icon=":material/compare_arrows:")
    else:
        st.success(said, icon=":material/check_circle:")
    revision_panels.pairs_table(preview.pairs)
    revision_panels.moves(preview, prepared.contract)
    revision_panels.changed_rows(preview, prepared.contract, viewer)
    revision_panels.dropping_out(preview, prepared.contract, viewer)
    if prepared.dropped_columns:
        st.caption(
            f"{len(prepared.dropped_columns)} columns are not declared and were dropped unread: "
            "they are not kept anywhere."
        )
    if prepared.left_out:
        st.caption(f"{count(prepared.left_out)} rows lie outside London and are left out.")


# --- publish -------------------------------------------------------------------------------------


def say_who_accepts(viewer: Viewer, covered: Collection[str]) -> None:
    """The boroughs for which the upload is only offered until their leads accept it."""
    offered = _offered_to(viewer, covered)
    if offered:
        st.info(
            f"It is offered to {', '.join(offered)}: it stands there once the lead accepts it.",
            icon=":material/handshake:",
        )


def _offered_to(viewer: Viewer, covered: Collection[str]) -> list[str]:
    """The names of the boroughs that the viewer does not publish for."""
    own = viewer.publishes_for
    return sorted(
        reference.borough_name(code) for code in covered if own is not None and code not in own
    )


def publish_now(prepared: Prepared, by: str, viewer: Viewer, why: str) -> None:
    """Publish, say what came of it, and make room for the next file."""
    with st.status("Publishing", expanded=False) as status:
        try:
            done = publish(
                the_store(),
                prepared,
                by,
                viewer=viewer,
                why=why,
                progress=lambda stage: status.update(label=f"{stage} …"),
            )
        except Superseded as lost:
            note("publish", prepared.contract.name, "overtaken")
            st.session_state.pop("checked_upload", None)
            st.session_state["lost_race"] = (prepared.upload.sha256, str(lost))
            st.rerun()
        except (StoreFull, UnfitReason) as fault:
            status.update(label="Not published", state="error")
            st.error(f"Nothing was stored: {fault}.", icon=":material/sync_problem:")
            return
        status.update(label="Published", state="complete")
    note("publish", done.submission_id, done.outcome)
    said = (
        f"Unchanged: these very bytes stand already as {done.submission_id}."
        if done.outcome == "unchanged"
        else _became_of(done, prepared, viewer)
    )
    _make_room(said)


def _became_of(done: Published, prepared: Prepared, viewer: Viewer) -> str:
    """Where it stands now, and to whom it is only offered."""
    covered = {pair.borough_code for pair in prepared.pairs}
    offered = _offered_to(viewer, covered)
    told = f"Published as {done.submission_id}, version {done.version}. {_rests_on_it(prepared)}"
    if not offered:
        return told
    stands = f"it stands for {', '.join(offered)} once their lead accepts it"
    if len(offered) == len(covered):
        return f"Sent as {done.submission_id}, and offered: {stands}. Until then nothing changed."
    return f"{told} It is offered to others: {stands}."


def _rests_on_it(prepared: Prepared) -> str:
    """What shows it: states of schools at once, counts about children after their release."""
    quarters = {pair.quarter for pair in prepared.pairs}
    if any(draft.quarter in quarters for draft in drafts(the_store())):
        return (
            "What schools answered counts on every screen now; counts about children are shown to "
            "others once their quarter is released."
        )
    return "The figures on every screen rest on it now."


def _make_room(said: str) -> NoReturn:
    """Let go of the file, and say what became of it on the next run."""
    st.session_state["upload_said"] = said
    st.session_state["uploads_done"] += 1
    for key in ("checked_upload", "previewed_upload", "lost_race"):
        st.session_state.pop(key, None)
    st.rerun()


def say_race_lost(prepared: Prepared) -> bool:
    """That somebody else was first, by whom and when; whether that is so.

    What follows on the screen is the file against what stands now, for it was checked again.
    """
    sha256, message = st.session_state.get("lost_race", (None, ""))
    if sha256 != prepared.upload.sha256:
        return False
    st.error(
        f"Nothing was stored: {message}. It was checked again: below is your file against what "
        "stands now.",
        icon=":material/sync_problem:",
    )
    return True


def go_on_knowingly(prepared: Prepared) -> bool:
    """After a lost race: whether the file is to be published nevertheless, or left."""
    left, right = st.columns([3, 1], vertical_alignment="center")
    if right.button("Leave what stands", icon=":material/undo:", width="stretch"):
        _make_room("Left as it stands: nothing of your file was stored.")
    return left.checkbox(
        "I have compared my file with what stands now, and publish it over that.",
        key=f"compared_with_{prepared.version}",  # a race may be lost again
    )


def show_done() -> None:
    """What the last publication came to, once."""
    said = st.session_state.pop("upload_said", None)
    if said:
        st.success(said, icon=":material/check:")
