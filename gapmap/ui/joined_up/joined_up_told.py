"""Training across agencies, and which agency told which schools what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.ui import frame, palette
from gapmap.ui.area_choice import LookedAt, key_of, percent_words, range_words, records
from gapmap.ui.engagement_panels import TYPE_ORDER
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.interval_dots import Dot, interval_dots, number
from gapmap.ui.loads import load
from gapmap.ui.tables import ROW_HEIGHT
from gapmap.ui.words import count, missing, numbered, sentence

HEIGHT: Final = 425
# Whoever is shown first: courses that every agency takes.
_SHARED_COURSES: Final = ("multi-agency HSB", "HSB specialist")
EVERY_TYPE: Final = "all"


# --- training -------------------------------------------------------------------------------------


def show_training(looked: LookedAt) -> None:
    """Which share of each agency's staff holds each course in date."""
    looked.definitions()
    found = load(looked.viewer, "joined_up/training", **looked.area)
    rows = in_order(records(found))
    st.markdown(f"Which agencies are trained together? {training_finding(rows, looked.name)}")
    if rows:
        left, right = st.columns([1, 1.6], gap="small")
        with left:
            interval_dots(
                [_training_dot(row) for row in rows],
                key="joined_up_training",
                alt="Share of staff trained in date by agency and course; the table holds the same",
                height=HEIGHT,
            )
        table = training_table(rows)
        with right:
            st.dataframe(
                table,
                hide_index=True,
                row_height=ROW_HEIGHT,
                height=min(HEIGHT, len(table) * ROW_HEIGHT + 38),
                column_config=_training_columns(),
                key="joined_up_training_table",
            )
        _under_training(looked, rows, table)
    looked.silent("training")


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The courses that all agencies take first, then those of schools."""
    place = {course: number for number, course in enumerate(_SHARED_COURSES)}
    return sorted(rows, key=lambda r: (place.get(r["course"], 9), r["course"], r["agency"]))


def training_finding(rows: list[dict[str, Any]], area: str) -> str:
    """The agencies with the most and the least staff trained together, or that none answered."""
    shared = [r for r in rows if r["course"] == _SHARED_COURSES[0] and not missing(r["share"])]
    if not shared:
        return f"**No agency of {area} has said who took the multi-agency course**: unknown."
    most, least = (pick(shared, key=lambda r: r["share"]) for pick in (max, min))
    said = f"Multi-agency HSB course: **{sentence(most['agency'])} {percent_words(most['share'])}**"
    if most is least:
        return f"{said} of staff in date; no other agency has answered."
    lowest = f"**{least['agency']} {percent_words(least['share'])}**"
    return f"{said} of staff in date, the most; {lowest}, the least."


def _training_dot(row: Mapping[str, Any]) -> Dot:
    words = f"({range_words(row['low'], row['high'])}): {count(row['staff_trained'])} of "
    return Dot(
        sentence(f"{row['course']}: {row['agency']}"),
        number(row["share"]),
        number(row["low"]),
        number(row["high"]),
        said="nobody in scope",
        words=f"{words}{count(row['staff_in_scope'])}",
    )


def training_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """One row per course and agency."""
    return pd.DataFrame(
        {
            "Course": [sentence(row["course"]) for row in rows],
            "Agency": [sentence(row["agency"]) for row in rows],
            "Trained": [percent_words(row["share"]) for row in rows],
            "95%": [range_words(row["low"], row["high"]) for row in rows],
            "In date": [count(row["staff_trained"]) for row in rows],
            "In scope": [count(row["staff_in_scope"]) for row in rows],
            "Boroughs": [f"{row['areas_submitted']} of {row['areas']}" for row in rows],
            "Answers from": [_since(row) for row in rows],
        }
    )


def _since(row: Mapping[str, Any]) -> str:
    oldest, newest = row["oldest_answer"], row["newest_answer"]
    return oldest if oldest == newest else f"{oldest} to {newest}"


def _training_columns() -> dict[str, Any]:
    column = st.column_config.TextColumn
    return {
        "Course": column(width=118),
        "Agency": column(width=142),
        "Trained": column(width=62, alignment="right"),
        "95%": column(width=66, alignment="right"),
        "In date": column(width=62, alignment="right", help="Staff trained, the course in date"),
        "In scope": column(width=66, alignment="right", help="Staff in scope of the course"),
        "Boroughs": column(width=72),
        "Answers from": column(width=150),
    }


def _under_training(looked: LookedAt, rows: list[dict[str, Any]], table: pd.DataFrame) -> None:
    most = max(row["staff_in_scope"] for row in rows)
    line = frame.source_line(
        looked.quarter,
        looked.held,
        ["training"],
        f"n = up to {count(most)} staff in scope; staff of schools only where 5 schools of a "
        "borough answered",
    )
    about = provenance(
        f"Training by agency, {looked.name}",
        looked.quarter,
        source="training",
        definition="Staff whose course is in date, out of staff in scope, of the boroughs that "
        "answered, with the 95% Wilson interval",
        filters=looked.said(),
    )
    under_table(line, lambda: table, about, looked.quarter, key="joined_up_training_source")


# --- messages -------------------------------------------------------------------------------------


def show_messages(looked: LookedAt) -> None:
    """Agency and message against the type of school, as a matrix that is its own twin."""
    looked.definitions()
    rows = records(load(looked.viewer, "joined_up/messages", **looked.area))
    st.markdown(f"Who told which schools what, and when? {messages_finding(rows, looked.name)}")
    if rows:
        shown, shades = message_matrix(rows, of_one=looked.borough is not None)
        lead = {"Agency": 150, "Message": 150}
        config: dict[str, Any] = {
            heading: st.column_config.TextColumn(width=lead.get(heading, 104))
            for heading in shown.columns
        }
        st.dataframe(
            shown.style.apply(lambda _: shades, axis=None),
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=min(HEIGHT, len(shown) * ROW_HEIGHT + 38),
            column_config=config,
            key="joined_up_messages",
        )
        st.caption(
            ("Month of the last message" if looked.borough else "Boroughs, and the last month")
            + ", in this and the three quarters before; – none is in the log, which does not prove "
            "that none was sent. “All types” was sent to every school."
        )
        _under_messages(looked, rows)
    looked.silent("message_log")


def messages_finding(rows: list[dict[str, Any]], area: str) -> str:
    """How many messages there were, and which types of school none was for."""
    if not rows:
        return f"**No message is in the log of {area}** for this and the three quarters before."
    told = {row["school_type"] for row in rows}
    messages = sum(row["messages"] for row in rows)
    agencies = len({row["agency"] for row in rows})
    own = [kind for kind in TYPE_ORDER if kind not in told]
    none = f" None was for these alone: {', '.join(own)}." if own else ""
    who = "1 agency" if agencies == 1 else f"{agencies} agencies"
    return (
        f"**{numbered(messages, 'message')} of {who}** in this and the three quarters before.{none}"
    )


def message_matrix(
    rows: list[dict[str, Any]], *, of_one: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The matrix as it is shown, and the shade of each cell.

    `of_one`: a borough alone, so a cell says when; of more it says how many boroughs, and when.
    """
    kinds = {row["school_type"] for row in rows}
    first = [kind for kind in (EVERY_TYPE, *TYPE_ORDER) if kind in {EVERY_TYPE, *kinds}]
    ordered = [*first, *sorted(kinds - set(first))]
    headings = {kind: "All types" if kind == EVERY_TYPE else sentence(kind) for kind in ordered}
    cells = {key_of(row, "agency", "message", "school_type"): row for row in rows}
    lines = sorted({key_of(row, "agency", "message") for row in rows})
    shown, shades = [], []
    for agency, message in lines:
        line = {"Agency": sentence(agency), "Message": sentence(message)}
        shade = {"Agency": "", "Message": ""}
        for kind, heading in headings.items():
            cell = cells.get((agency, message, kind))
            line[heading] = _cell_words(cell, of_one)
            shade[heading] = _shade(cell)
        shown.append(line)
        shades.append(shade)
    return pd.DataFrame(shown), pd.DataFrame(shades)


def _cell_words(cell: Mapping[str, Any] | None, of_one: bool) -> str:
    if cell is None:
        return "–"
    return str(cell["last_month"]) if of_one else f"{cell['boroughs']} · {cell['last_month']}"


def _shade(cell: Mapping[str, Any] | None) -> str:
    """Darker the more of the boroughs an agency told so; one in five a step."""
    if cell is None:
        return f"color: {palette.MUTED_TEXT}"
    step = min(4, int(5 * cell["boroughs"] / cell["areas"])) if cell["areas"] > 1 else 0
    return f"background-color: {palette.SEQUENTIAL[step]}; color: {palette.ON_SEQUENTIAL[step]}"


def messages_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """One row per agency, message and type of school, as it is taken along."""
    return pd.DataFrame(
        {
            "Agency": [sentence(row["agency"]) for row in rows],
            "Message": [sentence(row["message"]) for row in rows],
            "School type": [sentence(row["school_type"]) for row in rows],
            "Messages": [row["messages"] for row in rows],
            "Boroughs": [row["boroughs"] for row in rows],
            "Schools reached (twice told, twice counted)": [row["schools_reached"] for row in rows],
            "First": [row["first_month"] for row in rows],
            "Last": [row["last_month"] for row in rows],
        }
    )


def _under_messages(looked: LookedAt, rows: list[dict[str, Any]]) -> None:
    messages = sum(row["messages"] for row in rows)
    reached = sum(row["schools_reached"] for row in rows)
    line = frame.source_line(
        looked.quarter,
        looked.held,
        ["message_log"],
        f"n = {count(messages)} messages in four quarters, {count(reached)} schools reached (a "
        "school told twice is in it twice)",
    )
    table = messages_table(rows)
    about = provenance(
        f"Messages to schools, {looked.name}",
        looked.quarter,
        source="message_log",
        definition="Messages in the log of this and the three quarters before",
        filters=looked.said(),
    )
    under_table(line, lambda: table, about, looked.quarter, key="joined_up_messages_source")
