"""Boroughs in the DSL supervision pilot beside the rest, on what their schools answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.indicator import definitions
from gapmap.ui import frame
from gapmap.ui.area_choice import LookedAt, percent_words, range_words, records
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.interval_dots import Dot, interval_dots, number
from gapmap.ui.loads import load
from gapmap.ui.tables import ROW_HEIGHT
from gapmap.ui.words import count, missing

PILOT: Final = "DSL supervision pilot"
PILOT_INDICATORS: Final = ("dsl_supervision", "dsl_in_date")


def show_pilots(looked: LookedAt) -> None:
    """Boroughs in the supervision pilot beside those that are not, on what schools answer."""
    looked.definition(definitions()[PILOT_INDICATORS[0]])
    found = {
        name: records(
            load(
                looked.viewer,
                "joined_up/pilots",
                quarter=looked.quarter,
                item=PILOT,
                indicator=name,
            )
        )
        for name in PILOT_INDICATORS
    }
    st.markdown(
        "Do schools of boroughs in the supervision pilot stand elsewhere than the rest? "
        f"{pilot_finding(found[PILOT_INDICATORS[0]])}"
    )
    left, right = st.columns([1, 1.25], gap="medium")
    with left:
        interval_dots(
            [_pilot_dot(name, row) for name, rows in found.items() for row in rows],
            key="joined_up_pilots",
            alt="Share of schools that meet each item by part in the pilot; the table holds the "
            "same",
            height=280,
        )
    table = pilot_table(found)
    with right:
        st.dataframe(
            table,
            hide_index=True,
            row_height=ROW_HEIGHT,
            column_config={
                "Indicator": st.column_config.TextColumn(width=120),
                "Boroughs": st.column_config.TextColumn(width=150),
                "Met": st.column_config.TextColumn(width=52),
                "95%": st.column_config.TextColumn(width=70),
                "n": st.column_config.TextColumn("Known", width=60),
                "Unknown": st.column_config.TextColumn(width=70),
            },
            key="joined_up_pilots_table",
        )
    for row in found[PILOT_INDICATORS[0]]:
        if row["boroughs"]:
            st.caption(f"{_group(row)}: {', '.join(row['borough_names'])}.")
    _under_pilots(looked, found, table)
    looked.silent("school_safeguarding", "training", every=True)


def pilot_finding(rows: list[dict[str, Any]]) -> str:
    """Whether the pilots differ from the rest by more than the intervals leave open."""
    pilots, rest, _ = rows
    if missing(pilots["share"]) or missing(rest["share"]):
        return "**It cannot be told**: not both groups have a school with a known answer."
    clear = pilots["low"] > rest["high"] or pilots["high"] < rest["low"]
    ends = (
        "the 95% intervals do not overlap. That the pilot did it is not proven: boroughs that "
        "take part may differ in other ways."
        if clear
        else "the 95% intervals overlap, so chance could make the difference."
    )
    return (
        f"DSLs are supervised in **{percent_words(pilots['share'])}** of schools in the pilot and "
        f"in **{percent_words(rest['share'])}** of the rest; {ends}"
    )


def _group(row: Mapping[str, Any]) -> str:
    return {
        "taking part": "In the pilot",
        "not taking part": "Not in it",
        "not reported": "Not reported",
    }[row["taking_part"]]


def _pilot_dot(name: str, row: Mapping[str, Any]) -> Dot:
    known = int(row["met"] + row["gap"])
    return Dot(
        f"{definitions()[name].title}: {_group(row).lower()}",
        number(row["share"]),
        number(row["low"]),
        number(row["high"]),
        said="no school known",
        words=f"({range_words(row['low'], row['high'])}) of {count(known)} known",
    )


def pilot_table(found: Mapping[str, list[dict[str, Any]]]) -> pd.DataFrame:
    """One row per indicator and group of boroughs."""
    rows = [(definitions()[name].title, row) for name, of in found.items() for row in of]
    return pd.DataFrame(
        {
            "Indicator": [title for title, _ in rows],
            "Boroughs": [f"{_group(row)} ({row['boroughs']})" for _, row in rows],
            "Met": [percent_words(row["share"]) for _, row in rows],
            "95%": [range_words(row["low"], row["high"]) for _, row in rows],
            "n": [count(row["met"] + row["gap"]) for _, row in rows],
            "Unknown": [count(row["unknown"]) for _, row in rows],
        }
    )


def _under_pilots(
    looked: LookedAt, found: Mapping[str, list[dict[str, Any]]], table: pd.DataFrame
) -> None:
    rows = found[PILOT_INDICATORS[0]]
    known = sum(int(row["met"] + row["gap"]) for row in rows)
    unknown = sum(int(row["unknown"]) for row in rows)
    line = frame.source_line(
        looked.quarter,
        looked.held,
        ["partnership_review", "school_safeguarding", "training"],
        f"n = {count(known)} schools of London known of {count(known + unknown)} (DSL supervision)",
    )
    about = provenance(
        "Supervision pilots against the rest",
        looked.quarter,
        source="partnership_review, school_safeguarding, training",
        definition=f"In the pilot: the borough's item “{PILOT}” is in progress or done. Share of "
        "schools that meet the indicator, of those that answer, with the 95% Wilson interval",
        notes=("That the pilot made a difference is not proven by it.",),
    )
    under_table(line, lambda: table, about, looked.quarter, key="joined_up_pilots_source")
