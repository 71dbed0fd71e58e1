"""LADO contacts that met the threshold, and DfE's published factor beside local reporting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.indicator import definitions
from gapmap.reference.thresholds import thresholds
from gapmap.ui import frame
from gapmap.ui.area_choice import (
    LONDON,
    LookedAt,
    own_settings,
    percent_words,
    range_words,
    records,
    release_of,
)
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.interval_dots import Dot, interval_dots, number
from gapmap.ui.loads import load
from gapmap.ui.tables import ROW_HEIGHT
from gapmap.ui.units import MARKER_WORDS, shown_value
from gapmap.ui.words import REFERRALS_CAUTION, WITHHELD_WORDS, count, figure, missing

HEIGHT: Final = 440
LADO_SETTING: Final = "lado_contacts_shown_from"


# --- LADO -----------------------------------------------------------------------------------------


def show_lado(looked: LookedAt) -> None:
    """The share of contacts about staff in education that met the threshold; no ranking."""
    definition = definitions()["lado_threshold_share"]
    looked.definition(definition)
    every = records(looked.of_boroughs(definition.name))
    rows = [row for row in every if row["borough"] != LONDON]
    own = next(row for row in every if row["borough"] == looked.name)
    st.markdown(f"{definition.question} {lado_finding(own, looked.name)}")
    st.caption(definition.note or "")
    london = next(row for row in every if row["borough"] == LONDON)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        interval_dots(
            [_lado_dot(row) for row in rows],
            key="joined_up_lado",
            alt="Share of LADO contacts that met the threshold by borough; the table holds the "
            "same",
            height=HEIGHT,
            mark=_mark(london["value"]),
            selected=looked.name,
        )
    table = lado_table(rows)
    least = thresholds().defaults[LADO_SETTING].value
    with right:
        st.dataframe(
            table,
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=HEIGHT,
            column_config={
                "Borough": st.column_config.TextColumn(width=170),
                "Met the threshold": st.column_config.TextColumn(width=140),
                "95%": st.column_config.TextColumn(width=80),
                "Contacts": st.column_config.TextColumn(width=90),
            },
            key="joined_up_lado_table",
        )
    st.caption(f"Not shown under {least:g} contacts. {WITHHELD_WORDS}; others to the nearest 5.")
    own_settings(looked, LADO_SETTING)
    shown = sum(1 for row in rows if not missing(row["value"]))
    line = frame.source_line(
        looked.quarter,
        looked.held,
        definition.extracts,
        f"n = {shown} of {len(rows)} boroughs shown; released figures",
    )
    about = provenance(
        definition.title,
        looked.quarter,
        source=", ".join(definition.extracts),
        definition=f"{definition.numerator}, of {definition.denominator}",
        release=_release(looked),
        notes=(definition.note or "", WITHHELD_WORDS),
    )
    under_table(line, lambda: table, about, looked.quarter, key="joined_up_lado_source")
    looked.silent(*definition.extracts, every=True)


def lado_finding(own: Mapping[str, Any], name: str) -> str:
    """What is known of the area that is looked at, in words."""
    said = shown_value(own, definitions()["lado_threshold_share"])
    if missing(own["value"]):
        return f"{name}: **{said}**."
    of = f"{own['areas_submitted']} of {own['areas']} boroughs submitted"
    who = f"; {of}" if own["areas"] > 1 else ""
    return (
        f"{name}: **{said}** of {count(own['denominator'])} contacts (95% interval "
        f"{range_words(own['low'], own['high'])}){who}."
    )


def _lado_dot(row: Mapping[str, Any]) -> Dot:
    return Dot(
        row["borough"],
        number(row["value"]),
        number(row["low"]),
        number(row["high"]),
        said=shown_value(row, definitions()["lado_threshold_share"]),
        words=f"({range_words(row['low'], row['high'])}) of {count(row['denominator'])} contacts",
    )


def lado_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """One row per borough, alphabetical: the share, or why it is not shown."""
    return pd.DataFrame(
        {
            "Borough": [row["borough"] for row in rows],
            "Met the threshold": [
                shown_value(row, definitions()["lado_threshold_share"]) for row in rows
            ],
            "95%": [range_words(row["low"], row["high"]) for row in rows],
            "Contacts": [
                figure(row["denominator"], row["marker"])
                if row["reason"] != "too_few"
                else "too few"
                for row in rows
            ],
        }
    )


def _mark(value: Any) -> tuple[str, float] | None:
    return None if missing(value) else (f"London {percent_words(value)}", float(value))


def _release(looked: LookedAt) -> str | None:
    """The release of the borough's referrals in the quarter: figures are released together."""
    return release_of(load(looked.viewer, "voice/reported", **looked.area))


# --- published factor -----------------------------------------------------------------------------


def show_factor(looked: LookedAt) -> None:
    """What DfE published, by borough, and what the borough itself reported."""
    definition = definitions()["published_factor_share"]
    looked.definition(definition)
    found = load(looked.viewer, "joined_up/published_factor", quarter=looked.quarter)
    rows = records(found)
    every = records(looked.of_boroughs(definition.name))
    london = next(row for row in every if row["borough"] == LONDON)
    st.markdown(f"{definition.question} {factor_finding(rows, london)}")
    st.caption(definition.note or "")
    left, right = st.columns([1, 1.2], gap="medium")
    with left:
        interval_dots(
            [_factor_dot(row) for row in rows],
            key="joined_up_factor",
            alt="Published share of assessments with the factor by borough; the table holds the "
            "same",
            height=HEIGHT,
            mark=None
            if missing(london["value"])
            else (f"London {london['value']:.1f}%", float(london["value"])),
            decimals=1,
            selected=looked.name,
            full=False,
        )
    table = factor_table(rows)
    with right:
        st.dataframe(
            table,
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=HEIGHT,
            column_config={
                "Borough": st.column_config.TextColumn(width=166),
                "Year to 31 March": st.column_config.TextColumn("Year to", width=64),
                "With the factor": st.column_config.TextColumn(width=104),
                "Assessments": st.column_config.TextColumn(width=92),
                "Share": st.column_config.TextColumn(width=56),
                "95%": st.column_config.TextColumn(width=84),
                "HSB referrals, four quarters": st.column_config.TextColumn(
                    "Referrals",
                    width=72,
                    help="HSB referrals accepted in the four quarters to this one, as released",
                ),
            },
            key="joined_up_factor_table",
        )  # fmt: skip
    release = release_of(found)
    with_numbers = sum(1 for row in rows if not missing(row["share"]))
    line = frame.source_line(
        looked.quarter,
        looked.held,
        ["cin_factors", "referrals"],
        f"n = {with_numbers} of {len(rows)} boroughs with published numbers, "
        + (f"release {release}" if release else "no referrals released"),
    )
    about = provenance(
        definition.title,
        looked.quarter,
        source="cin_factors (DfE), referrals",
        definition=f"{definition.numerator}, of {definition.denominator}; {definition.period}",
        release=release,
        notes=(definition.note or "", REFERRALS_CAUTION, WITHHELD_WORDS),
    )
    st.caption(f"Referrals: {REFERRALS_CAUTION} {WITHHELD_WORDS}.")
    under_table(line, lambda: table, about, looked.quarter, key="joined_up_factor_source")


def factor_finding(rows: list[dict[str, Any]], london: Mapping[str, Any]) -> str:
    """London's share, and in how many boroughs the series has a symbol or 0."""
    held = [row for row in rows if not missing(row["year"])]
    if not held:
        return "**The published series is not held** for this quarter."
    zeros = sum(1 for row in held if row["child_on_child"] == 0)
    symbols = sum(1 for row in held if missing(row["child_on_child"]))
    share = "" if missing(london["value"]) else f"London: **{london['value']:.1f}%**; "
    return (
        f"{share}{zeros} of {len(held)} boroughs have a published 0, which can be recording "
        f"practice, and {symbols} a symbol."
    )


def number_or_symbol(value: Any, symbol: Any) -> str:
    """A published number, or the symbol that stands in its place, in words."""
    if not missing(symbol):
        return "c (confidential)" if symbol == "c" else MARKER_WORDS.get(str(symbol), str(symbol))
    return count(value)


def _factor_dot(row: Mapping[str, Any]) -> Dot:
    said = (
        "not held"
        if missing(row["year"])
        else number_or_symbol(row["child_on_child"], row["child_on_child_symbol"])
    )
    if not missing(row["assessments_symbol"]):
        said = number_or_symbol(None, row["assessments_symbol"])
    return Dot(
        row["borough"],
        number(row["share"]),
        number(row["low"]),
        number(row["high"]),
        said=said,
        words=f"({_fine(row)}) of {count(row['assessments'])} assessments",
    )


def _fine(row: Mapping[str, Any]) -> str:
    return "–" if missing(row["low"]) else f"{max(0.0, row['low']):.1f} to {row['high']:.1f}"


def factor_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """One row per borough, alphabetical: the series as published, then what was referred."""
    return pd.DataFrame(
        {
            "Borough": [row["borough"] for row in rows],
            "Year to 31 March": [
                "not held" if missing(row["year"]) else str(int(row["year"])) for row in rows
            ],
            "With the factor": [
                number_or_symbol(row["child_on_child"], row["child_on_child_symbol"])
                for row in rows
            ],
            "Assessments": [
                number_or_symbol(row["assessments"], row["assessments_symbol"]) for row in rows
            ],
            "Share": ["–" if missing(row["share"]) else f"{row['share']:.1f}%" for row in rows],
            "95%": [_fine(row) for row in rows],
            "HSB referrals, four quarters": [
                figure(row["referrals"], row["referrals_marker"]) for row in rows
            ],
        }
    )
