"""Schools that a testimony names, beside how the police engages with them: numbers of schools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from gapmap.indicator import definitions
from gapmap.ui import frame, palette
from gapmap.ui.area_choice import LookedAt, own_settings, records, release_of
from gapmap.ui.borough.borough_figures import exact_notice
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load
from gapmap.ui.naming import note_exact
from gapmap.ui.tables import ROW_HEIGHT
from gapmap.ui.words import WITHHELD_WORDS, count, figure, missing, state_words

MEASURE: Final = "schools_with_testimony"
GUARD: Final = (
    "Testimonies on Everyone's Invited are unverified, of any year, and may be older than the "
    "school's current staff. They are no finding about a school; a school without one is not safer."
)
_STATES: Final[Mapping[str, str]] = {
    "met": "Police engaged (met)",
    "gap": "Not engaged (gap)",
    "unknown": "Unknown",
    "not_applicable": "Not applicable",
}
_FILLS: Final[Mapping[str, str]] = {
    "met": palette.SEQUENTIAL[2],
    "gap": palette.SEQUENTIAL[2],
    "unknown": palette.UNKNOWN_FILL,
    "not_applicable": palette.BACKDROP_BOUNDARY,
}
DEFINITION: Final = (
    "Schools in scope that at least one testimony copied by the quarter's end names, by the state "
    "of their police engagement; all schools are those of the same boroughs."
)


def show(looked: LookedAt) -> None:
    """Draw the view; to the borough's own lead, by name, whether one names the school."""
    looked.definition(definitions()["police_engagement"])
    found = load(looked.viewer, "voice/testimonies_by_engagement", **looked.area)
    st.markdown("How does the police engage with schools that a testimony names?")
    st.caption(GUARD)
    if found.empty:
        st.markdown(_nothing(looked))
        _names(looked)
        return
    rows = records(found)
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        st.plotly_chart(
            chart(rows),
            key="voice_testimonies",
            theme=None,
            config={"displayModeBar": False},
            alt="Schools that a testimony names by police engagement; the table holds the same",
        )
    table = testimony_table(rows)
    with right:
        st.dataframe(
            table,
            hide_index=True,
            row_height=ROW_HEIGHT,
            column_config={
                "Police engagement": st.column_config.TextColumn(width=150),
                "Named by a testimony": st.column_config.TextColumn(width=150),
                "All schools": st.column_config.TextColumn(width=90),
            },
            key="voice_testimonies_table",
        )
        st.caption(f"{WITHHELD_WORDS}; other numbers to the nearest 5, each on its own.")
    _under(looked, found, table)
    _names(looked)
    own_settings(looked, "police_contact_terms")
    looked.never("testimonies")
    looked.silent("police_engagement")


def chart(rows: list[dict[str, Any]]) -> go.Figure:
    """Numbers of schools by state, in one colour that judges nothing; withheld stands as c."""
    drawn = [row for row in rows if row["state"] != "all"]
    figure_of = go.Figure(
        go.Bar(
            x=[0 if missing(r["schools_with_testimony"]) else r["schools_with_testimony"]
               for r in drawn],
            y=[_STATES[row["state"]] for row in drawn],
            orientation="h",
            text=[_beside(row) for row in drawn],
            textposition="outside",
            cliponaxis=False,
            marker={
                "color": [_FILLS[row["state"]] for row in drawn],
                "pattern": {
                    "shape": ["/" if row["state"] == "unknown" else "" for row in drawn],
                    "fgcolor": palette.UNKNOWN_HATCH,
                    "size": 6,
                    "solidity": 0.25,
                },
                "line": {"color": palette.BOUNDARY, "width": 1},
            },
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )  # fmt: skip
    most = max([1.0, *(float(r["schools_with_testimony"]) for r in drawn
                       if not missing(r["schools_with_testimony"]))])  # fmt: skip
    figure_of.update_xaxes(visible=False, range=[0, 1.35 * most])
    figure_of.update_yaxes(autorange="reversed", automargin=True)
    figure_of.update_layout(
        height=230,
        margin={"l": 0, "r": 0, "t": 4, "b": 0},
        font={"color": palette.TEXT, "size": 13, "family": "Source Sans, sans-serif"},
        plot_bgcolor=palette.BACKGROUND,
    )
    return figure_of


def _beside(row: Mapping[str, Any]) -> str:
    named = figure(row["schools_with_testimony"], row["marker"])
    return f"{named} of {count(row['schools'])} schools"


def testimony_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """One row per state of police engagement, and the total."""
    return pd.DataFrame(
        {
            "Police engagement": [_STATES.get(row["state"], "All") for row in rows],
            "Named by a testimony": [
                figure(row["schools_with_testimony"], row["marker"]) for row in rows
            ],
            "All schools": [count(row["schools"]) for row in rows],
        }
    )


def _nothing(looked: LookedAt) -> str:
    waiting = load(looked.viewer, "release/awaits", measure=MEASURE, **looked.area)
    if waiting["awaits"].item():
        return f"**What testimonies say of {looked.name}** waits for the quarter's release."
    return (
        f"**No testimonies were copied for {looked.name}** by this quarter: nothing is known, "
        "which is not none."
    )


def _names(looked: LookedAt) -> None:
    """Which schools are named: to the borough's own lead alone, and never how often."""
    if looked.borough is None or not looked.viewer.leads(looked.borough):
        return
    exact_notice(looked.name)
    note_exact(looked.borough, "schools that a testimony names")
    found = load(
        looked.viewer,
        "voice/named_schools",
        exact_of=looked.borough,
        quarter=looked.quarter,
        borough=looked.borough,
    )
    if found.empty:
        st.caption("No school of the borough is named.")
        return
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "School": row["school_name"],
                    "Type": row["school_type"],
                    "Phase": row["phase"],
                    "Police engagement": _state(row),
                }
                for row in records(found)
            ]
        ),
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=min(7, len(found)) * ROW_HEIGHT + 38,
        key="voice_named",
    )


def _state(row: Mapping[str, Any]) -> str:
    if missing(row["police_engagement"]):
        return "–"
    return state_words(row["police_engagement"], row["police_reason"])


def _under(looked: LookedAt, found: pd.DataFrame, table: pd.DataFrame) -> None:
    release = release_of(found)
    first = found.iloc[0]
    said = f"release {release}" if release else "nothing released"
    line = frame.source_line(
        looked.quarter,
        looked.held,
        ["testimonies", "police_engagement"],
        f"n = {count(first['schools'])} schools of {count(first['areas_submitted'])} of "
        f"{count(first['areas'])} boroughs, {said}",
    )
    about = provenance(
        f"Testimonies against police engagement, {looked.name}",
        looked.quarter,
        source="testimonies, police_engagement",
        definition=DEFINITION,
        filters=looked.said(),
        release=release,
        notes=(GUARD, WITHHELD_WORDS),
    )
    under_table(line, lambda: table, about, looked.quarter, key="voice_testimonies_source")
