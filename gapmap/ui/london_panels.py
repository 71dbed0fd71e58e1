"""The panels of the London screen: the map and its twin table, for shares and for referrals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.indicator import Definition
from gapmap.ui.classes import (
    REFERRAL_LABELS,
    SHARE_LABELS,
    is_ranked,
    referral_class,
    share_class,
)
from gapmap.ui.maps import BoroughRow, choropleth
from gapmap.ui.tables import chosen_row
from gapmap.ui.words import REFERRALS_CAUTION, WITHHELD_WORDS, count, figure, interval, percent

PANEL_HEIGHT = 390


def ranked(boroughs: pd.DataFrame) -> pd.DataFrame:
    """Boroughs with the lowest share first; those that are not ranked last, by name.

    Equal shares share a rank.
    """
    table = boroughs.copy()
    known = pd.Series(
        [
            is_ranked(met, unknown)
            for met, unknown in zip(table["share_met"], table["share_unknown"], strict=True)
        ],
        dtype=bool,
    )
    table["rank"] = table["share_met"].where(known).rank(method="min").astype("Int64")
    return table.sort_values(["rank", "borough"], na_position="last", ignore_index=True)


def share_panels(boroughs: pd.DataFrame, definition: Definition) -> str | None:
    """Map and ranking of an indicator of school grain; the borough that was clicked."""
    left, right = st.columns([11, 10], gap="medium")
    with left:
        on_map = choropleth(
            [_share_row(row) for row in boroughs.to_dict("records")],
            SHARE_LABELS,
            title="Schools that meet it",
            key="london_map",
            alt=f"Map of London's boroughs by {definition.title}; the table beside holds the same",
            height=PANEL_HEIGHT,
        )
    with right:
        in_table = _ranking(ranked(boroughs))
    return on_map or in_table


def _share_row(row: Mapping[Any, Any]) -> BoroughRow:
    share = None if pd.isna(row["share_met"]) else float(row["share_met"])
    return {
        "code": row["borough_code"],
        "name": row["borough"],
        "value": share,
        "class": share_class(row["share_met"], row["share_unknown"]),
        "tooltip": {
            "met": f"{percent(share)} (95% interval {interval(row['low'], row['high'])})",
            "known": f"{count(row['n'])} of {count(row['schools'])} schools",
            "gap": f"{count(row['gap'])} schools",
            "unknown": f"{count(row['unknown'])} schools ({percent(row['share_unknown'])})",
        },
    }


def _ranking(table: pd.DataFrame) -> str | None:
    shown = pd.DataFrame(
        {
            "#": table["rank"],
            "Borough": table["borough"],
            "Met": table["share_met"] * 100,
            "95%": [interval(a, b) for a, b in zip(table["low"], table["high"], strict=True)],
            "Gap": table["gap"],
            "Known": table["n"],
            "Unknown": table["unknown"],
        }
    )
    place = chosen_row(
        shown,
        key="london_table",
        height=PANEL_HEIGHT,
        columns={
            "#": st.column_config.NumberColumn(width=34, help="1 is the lowest share met."),
            "Borough": st.column_config.TextColumn(width=150),
            "Met": st.column_config.ProgressColumn(
                format="%.0f%%", min_value=0, max_value=100, width=100, help="Met of known."
            ),
            "95%": st.column_config.TextColumn(width=82, help="Wilson 95% interval of the share."),
            "Gap": st.column_config.NumberColumn(width=46, help="Schools with the gap."),
            "Known": st.column_config.NumberColumn(width=58, help="Schools met or gap: n."),
            "Unknown": st.column_config.NumberColumn(width=70, help="Schools without an answer."),
        },
    )
    return None if place is None else str(table.iloc[place]["borough_code"])


def referral_panels(areas: pd.DataFrame, definition: Definition) -> str | None:
    """Map and alphabetical table of released referrals; the borough that was clicked."""
    boroughs = areas[areas["level"] == "borough"].reset_index(drop=True)
    left, right = st.columns([11, 10], gap="medium")
    with left:
        on_map = choropleth(
            [_referral_row(row) for row in boroughs.to_dict("records")],
            REFERRAL_LABELS,
            title="Referrals in the quarter",
            key="london_referrals_map",
            alt=f"Map of London's boroughs by {definition.title}; the table beside holds the same",
            height=PANEL_HEIGHT,
        )
    with right:
        st.caption(f"{REFERRALS_CAUTION} {WITHHELD_WORDS}; other counts to the nearest 5.")
        in_table = _referral_table(boroughs)
    return on_map or in_table


def _referral_row(row: Mapping[Any, Any]) -> BoroughRow:
    return {
        "code": row["area_code"],
        "name": row["area"],
        "value": None if pd.isna(row["value"]) else float(row["value"]),
        "class": referral_class(row["value"], row["marker"]),
        "tooltip": {"referrals": figure(row["value"], row["marker"])},
    }


def _referral_table(boroughs: pd.DataFrame) -> str | None:
    shown = pd.DataFrame(
        {
            "Borough": boroughs["area"],
            "Referrals": [
                figure(v, m) for v, m in zip(boroughs["value"], boroughs["marker"], strict=True)
            ],
            "Release": boroughs["release_id"],
        }
    )
    place = chosen_row(shown, key="london_referrals_table", height=PANEL_HEIGHT - 45)
    return None if place is None else str(boroughs.iloc[place]["area_code"])
