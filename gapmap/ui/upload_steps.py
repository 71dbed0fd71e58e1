"""The steps of an upload: what it is, what is wrong with it, what it will change, publish."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from gapmap import reference
from gapmap.access import Viewer
from gapmap.calendar_quarter import Quarter, parse_quarter, quarter_of
from gapmap.contract import Contract, contracts
from gapmap.intake import Prepared, Upload, prepare
from gapmap.issue import LISTED_AT_MOST, STAGES, Issue
from gapmap.layout import MAPPED
from gapmap.opened import the_store
from gapmap.operations import today, where
from gapmap.settings import read_settings
from gapmap.store import StoreFull
from gapmap.submission import Superseded, dropping_out, preview, publish
from gapmap.ui.words import count, missing, numbered

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


def choose_nil_returns(contract: Contract, viewer: Viewer) -> tuple[str, ...]:
    """The boroughs that are declared to have had nothing."""
    if contract.dated_by == "date":
        return ()
    every = [row["borough_code"] for row in reference.boroughs()]
    own = [code for code in every if viewer.role == "administrator" or code in viewer.boroughs]
    return tuple(
        st.multiselect(
            "Nil returns",
            own,
            format_func=reference.borough_name,
            key="nil_returns",
            placeholder="Boroughs that had nothing",
            help="Tick a borough only when it had nothing to report. A borough without rows that "
            "is not ticked has not submitted.",
        )
    )


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
    """The file that was dropped: its name and bytes."""
    times = st.session_state.setdefault("uploads_done", 0)
    dropped = st.file_uploader(
        "File (CSV or XLSX)", type=["csv", "tsv", "txt", "xlsx"], key=f"file_{times}"
    )
    return None if dropped is None else (dropped.name, dropped.getvalue())


def checked(upload: Upload) -> Prepared:
    """The upload held against its contract and the store, with its progress; kept between runs."""
    key = (upload.sha256, upload.extract, upload.quarter, upload.as_at, upload.covers)
    held = st.session_state.get("checked_upload")
    if held is not None and held[0] == key:
        kept: Prepared = held[1]
        return kept
    with st.status("Checking", expanded=False) as status:
        prepared = prepare(
            the_store(),
            upload,
            most_bytes=read_settings().max_upload_bytes,
            today=today(),
            progress=lambda stage: status.update(label=f"{stage} …"),
        )
        status.update(label="Checked", state="complete")
    st.session_state["checked_upload"] = (key, prepared)
    return prepared


def show_stages(prepared: Prepared) -> None:
    """Each stage of the check: passed, failed, or not run; three things, never two."""
    marks = {
        "passed": ":material/check: ",
        "failed": ":material/close: **",
        "not run": ":material/remove: :gray[",
    }
    ends = {"passed": "", "failed": "** (failed)", "not run": " (not run)]"}
    st.caption(
        " · ".join(
            f"{marks[outcome]}{STAGES[stage]}{ends[outcome]}"
            for stage, outcome in prepared.issues.stages().items()
        )
    )


# --- what is wrong -------------------------------------------------------------------------------


def show_refusal(prepared: Prepared) -> None:
    """Every problem with its place and its mend, and a download of them."""
    problems = prepared.issues
    st.error(
        f"{numbered(problems.total, 'problem')}: nothing was stored. Mend them and drop the file "
        "again.",
        icon=":material/error:",
    )
    if problems.total > LISTED_AT_MOST:
        st.caption(f"The first {LISTED_AT_MOST:,} are listed.")
    table = pd.DataFrame([_issue_row(issue) for issue in problems])
    st.dataframe(
        table,
        hide_index=True,
        height=min(_TABLE_HEIGHT, 40 + 35 * len(table)),
        column_config={
            "What is wrong": st.column_config.TextColumn(width="large"),
            "How to mend it": st.column_config.TextColumn(width="large"),
        },
    )
    st.download_button(
        "Download the problems",
        table.to_csv(index=False).encode("utf-8-sig"),
        "problems.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _issue_row(issue: Issue) -> dict[str, Any]:
    return {
        "Severity": issue.severity,
        "Where": where(issue.as_dict()) or "the file",
        "What is wrong": issue.message,
        "How to mend it": issue.fix,
    }


# --- what will change ----------------------------------------------------------------------------


def show_preview(prepared: Prepared) -> None:
    """What publishing changes, borough by borough; what is dropped, left out, or drops out."""
    rows = prepared.rows.num_rows if prepared.rows is not None else 0
    changes = preview(the_store(), prepared)
    boroughs = len({change["borough_code"] for change in changes})
    st.success(
        f"{numbered(rows, 'row')} for {numbered(boroughs, 'borough')} can be published.",
        icon=":material/check_circle:",
    )
    st.dataframe(
        pd.DataFrame([_change_row(change) for change in changes]),
        hide_index=True,
        height=min(_TABLE_HEIGHT, 40 + 35 * len(changes)),
    )
    if prepared.dropped_columns:
        st.caption(
            f"{len(prepared.dropped_columns)} columns are not declared and were dropped unread: "
            "they are not kept anywhere."
        )
    if prepared.left_out:
        st.caption(f"{count(prepared.left_out)} rows lie outside London and are left out.")
    _show_dropping_out(prepared)


def _change_row(change: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Quarter": change["quarter"],
        "Borough": reference.borough_name(change["borough_code"]),
        "Rows": "nil return" if change["nil_return"] else count(change["rows"]),
        "Replaces": change["replaces"] or "nothing",
        "Rows before": "" if missing(change["replaced_rows"]) else count(change["replaced_rows"]),
    }


def _show_dropping_out(prepared: Prepared) -> None:
    gone = dropping_out(the_store(), prepared)
    if not gone:
        return
    number = len({school["urn"] for school in gone})
    with st.expander(f"{numbered(number, 'school')} drop out: they answer now, not here"):
        st.dataframe(
            pd.DataFrame(gone)[["quarter", "urn", "school_name"]].rename(
                columns={"quarter": "Quarter", "urn": "URN", "school_name": "School"}
            ),
            hide_index=True,
        )


def accept_warnings(prepared: Prepared) -> bool:
    """A tick for each kind of warning; whether all of them are ticked."""
    first: dict[str, Issue] = {}
    for issue in prepared.issues.listed("warning"):
        first.setdefault(issue.code, issue)
    ticks = [
        st.checkbox(
            f"{count(number)} × {first[code].message}. {first[code].fix}",
            value=code == MAPPED,  # a person confirmed that already
            key=f"tick_{prepared.upload.sha256[:12]}_{code}",
        )
        for code, number in prepared.issues.counts("warning").items()
    ]
    return all(ticks)


# --- publish -------------------------------------------------------------------------------------


def say_who_accepts(viewer: Viewer, covered: Collection[str]) -> None:
    """The boroughs for which the upload is only offered until their leads accept it."""
    if viewer.publishes_for is None:
        return
    offered = sorted(reference.borough_name(code) for code in set(covered) - viewer.publishes_for)
    if offered:
        st.info(
            f"It is offered to {', '.join(offered)}: it stands there once the lead accepts it.",
            icon=":material/handshake:",
        )


def publish_now(prepared: Prepared, by: str, viewer: Viewer) -> None:
    """Publish, say what came of it, and make room for the next file."""
    with st.status("Publishing", expanded=False) as status:
        try:
            done = publish(
                the_store(),
                prepared,
                by,
                for_boroughs=viewer.publishes_for,
                progress=lambda stage: status.update(label=f"{stage} …"),
            )
        except (Superseded, StoreFull) as fault:
            status.update(label="Not published", state="error")
            st.session_state.pop("checked_upload", None)
            st.error(f"Nothing was stored: {fault}.", icon=":material/sync_problem:")
            return
        status.update(label="Published", state="complete")
    said = (
        f"Published as {done.submission_id}, version {done.version}."
        if done.outcome == "published"
        else f"Unchanged: these very bytes stand already as {done.submission_id}."
    )
    st.session_state["upload_said"] = said
    st.session_state["uploads_done"] += 1
    st.session_state.pop("checked_upload", None)
    st.rerun()


def show_done() -> None:
    """What the last publication came to, once."""
    said = st.session_state.pop("upload_said", None)
    if said:
        st.success(f"{said} The figures on every screen rest on it now.", icon=":material/check:")
