"""What a publication changes, as it is shown before it and afterwards: old, new and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.access import Viewer, is_about_people
from gapmap.contract import Contract, contracts
from gapmap.indicator import of_schools
from gapmap.intake.upload import UPDATE
from gapmap.opened import the_store
from gapmap.publishing.comparison import ChangedRow
from gapmap.publishing.revision import PairChange, Preview, Revision, offer_of, revision_of
from gapmap.publishing.revision_words import (
    WHY_IS_KEPT,
    day_in_words,
    late_in_words,
    moves_in_words,
)
from gapmap.publishing.submission import carried_over
from gapmap.reference import reference
from gapmap.ui.naming import note_exact
from gapmap.ui.words import count, missing, numbered

_TABLE_HEIGHT = 330
_LATE_LISTED = 5


def _table(rows: Sequence[Mapping[str, Any]], **more: Any) -> None:
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=min(_TABLE_HEIGHT, 38 + 35 * len(rows)),
        placeholder="–",
        **more,
    )


# --- borough by borough --------------------------------------------------------------------------


def pairs_table(pairs: Sequence[PairChange]) -> None:
    """Per quarter and borough: what is replaced, and how many rows that changes."""
    columns = {
        name: st.column_config.NumberColumn(width="small")
        for name in ("Added", "Changed", "Unchanged", "Gone")
    }
    rows = [_pair_row(pair) for pair in pairs]
    late = any(pair.late for pair in pairs)
    _table(rows if late else [_without(row, "Final from") for row in rows], column_config=columns)


def _without(row: Mapping[str, Any], column: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != column}


def _pair_row(pair: PairChange) -> dict[str, Any]:
    before = "nil return" if pair.replaced_nil else count(pair.replaced_rows)
    return {
        "Quarter": pair.quarter,
        "Borough": reference.borough_name(pair.borough_code),
        "Rows": "nil return" if pair.nil_return else count(pair.rows),
        "Replaces": pair.replaces or "nothing",
        "Rows before": "" if pair.replaces is None else before,
        "Added": pair.count.added if pair.told else None,
        "Changed": pair.count.changed if pair.told else None,
        "Unchanged": pair.count.unchanged if pair.told else None,
        "Gone": pair.count.gone if pair.told else None,
        "Final from": day_in_words(pair.final_since) if pair.late else "",
    }


# --- row by row ----------------------------------------------------------------------------------


def changed_rows(found: Preview | Revision, contract: Contract, viewer: Viewer) -> None:
    """Old → new, a line for each cell, of the boroughs whose rows the viewer may see."""
    seen = viewer.rows_seen(contract)
    changed = [
        pair for pair in found.pairs if pair.count.changed or (pair.replaces and not pair.told)
    ]
    if found.changed_in_all:
        if is_about_people(contract):
            for code in sorted({row.borough_code for row in found.changed_rows}):
                note_exact(code, f"rows of {contract.name}")
        with st.expander(_changed_title(found), icon=":material/compare_arrows:"):
            _table([line for row in found.changed_rows for line in _cells(row, contract)])
    if seen is not None and any(pair.borough_code not in seen for pair in changed):
        st.caption("Changed rows are shown to the boroughs' own leads, line by line.")


def _changed_title(found: Preview | Revision) -> str:
    shown, in_all = len(found.changed_rows), found.changed_in_all
    title = f"{numbered(in_all, 'row')} changed: old and new"
    return title if shown == in_all else f"{title}; the first {shown:,} are listed"


def _cells(row: ChangedRow, contract: Contract) -> list[dict[str, Any]]:
    key = {
        contract.field(column).name: "" if missing(value) else str(value)
        for column, value in row.key.items()
    }
    place = {"Quarter": row.quarter, "Borough": reference.borough_name(row.borough_code)}
    return [
        {**place, **key, "Column": column, "Old": _shown(old), "New": _shown(new)}
        for column, (old, new) in row.cells.items()
    ]


def _shown(value: Any) -> str:
    return "blank" if missing(value) else str(value)


def dropping_out(preview: Preview, contract: Contract, viewer: Viewer) -> None:
    """The schools that have rows now and will have none."""
    seen = viewer.schools_seen(contract)
    gone = [s for s in preview.dropping_out if seen is None or s["borough_code"] in seen]
    if not gone:
        return
    number = len({school["urn"] for school in gone})
    verb = "drops" if number == 1 else "drop"
    title = f"{numbered(number, 'school')} {verb} out: they have rows now, not here"
    with st.expander(title, icon=":material/group_remove:"):
        _table(
            [
                {
                    "Quarter": school["quarter"],
                    "Borough": reference.borough_name(school["borough_code"]),
                    "URN": school["urn"],
                    "School": school["school_name"],
                }
                for school in gone
            ]
        )


# --- the indicators ------------------------------------------------------------------------------


def moves(preview: Preview, contract: Contract) -> None:
    """Per indicator: how many schools go from which state to which."""
    for quarter in preview.fresh_quarters:
        st.caption(f"{quarter} is held for the first time: its schools come in with these states.")
    told = moves_in_words(preview.moves)
    if told:
        st.markdown("**Indicators that move**")
        titles = {"quarter": "Quarter", "indicator": "Indicator", "schools": "Schools"}
        _table(
            [{titles[name]: value for name, value in move.items()} for move in told],
            column_config={"Schools": st.column_config.TextColumn(width="large")},
        )
    elif any(contract.name in definition.extracts for definition in of_schools()):
        st.caption("No indicator moves: every school stays met, gap or unknown as it is.")


# --- why -----------------------------------------------------------------------------------------


def ask_why(preview: Preview, key: str) -> tuple[str, bool]:
    """The reason of a revision, and whether it is enough: without one nothing final is revised."""
    if not any(pair.revises for pair in preview.pairs):
        return "", True
    late = preview.late
    if late:
        listed = "; ".join(late_in_words(pair) for pair in late[:_LATE_LISTED])
        more = f"; and {len(late) - _LATE_LISTED} more" if len(late) > _LATE_LISTED else ""
        st.warning(f"Late revision: {listed}{more}. {WHY_IS_KEPT}", icon=":material/history:")
    why = st.text_input(
        "Why is it revised? (needed)" if late else "Why is it revised?",
        key=f"revised_why_{key}",
        placeholder="For instance: the first file lacked the sixth forms",
        help="It is kept with the submission. Name nobody.",
    ).strip()
    return why, bool(why) or not late


# --- afterwards ----------------------------------------------------------------------------------


def what_it_changed(submission: Mapping[str, Any], viewer: Viewer) -> None:
    """What a submission changed when it was published, for the viewer's boroughs."""
    own = viewer.boroughs if viewer.role != "administrator" else None
    contract = contracts()[submission["extract"]]
    _say_carried_over(submission, own)
    found = _revision(submission["submission_id"], dict(submission), viewer, the_store().edition)
    pairs = [pair for pair in found.pairs if own is None or pair.borough_code in own]
    if not pairs:
        return
    st.markdown("**What it changed**")
    _table([_revised_row(pair) for pair in pairs])
    changed_rows(Revision(tuple(pairs), found.changed_rows, found.changed_in_all), contract, viewer)


def what_it_would_change(
    submission: Mapping[str, Any], viewer: Viewer, boroughs: Collection[str]
) -> None:
    """What accepting an offer would change of what stands for these boroughs."""
    contract = contracts()[submission["extract"]]
    found = offer_of(the_store(), submission, boroughs, viewer.rows_seen(contract))
    pairs_table(found.pairs)
    changed_rows(found, contract, viewer)


@st.cache_data(max_entries=100, show_spinner=False)
def _revision(
    submission_id: str, _submission: dict[str, Any], viewer: Viewer, edition: tuple[int, int, int]
) -> Revision:
    seen = viewer.rows_seen(contracts()[_submission["extract"]])
    return revision_of(the_store(), _submission, seen)


def _revised_row(pair: PairChange) -> dict[str, Any]:
    row = _pair_row(pair)
    return {
        "Quarter": row["Quarter"],
        "Borough": row["Borough"],
        "Old": f"{pair.replaces} ({row['Rows before']})",
        "New": row["Rows"],
        **{name: row[name] for name in ("Added", "Changed", "Unchanged", "Gone")},
        "Late": f"final from {row['Final from']}" if pair.late else "",
        "Why": pair.why or "",
    }


def _say_carried_over(submission: Mapping[str, Any], own: Collection[str] | None) -> None:
    """From where an update has the rows of the schools that its file does not name."""
    if submission["mode"] != UPDATE:
        return
    sources = [
        f"{carried['quarter']}, {reference.borough_name(carried['borough_code'])}: "
        f"{numbered(carried['row_count'], 'row')} from {carried['from_submission_id']}"
        for carried in carried_over(the_store(), submission["submission_id"])
        if own is None or carried["borough_code"] in own
    ]
    said = f"carried over: {'; '.join(sources)}" if sources else "no other school had rows"
    st.caption(f"It updated the schools of its file; {said}.")
