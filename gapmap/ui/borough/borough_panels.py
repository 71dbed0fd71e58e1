"""The borough screen: which panels a view has, and where a click in them leads."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.reference import reference
from gapmap.ui import charts
from gapmap.ui.borough.borough_choice import BY_INDICATOR, CHILDREN, PROFILE, SCHOOLS, TYPES, Chosen
from gapmap.ui.borough.borough_profile import profile_view
from gapmap.ui.borough.borough_referrals import children_view
from gapmap.ui.borough.borough_schools import schools_view
from gapmap.ui.borough.borough_types import types_view
from gapmap.ui.loads import load
from gapmap.ui.tables import HEADING_HEIGHT, ROW_HEIGHT
from gapmap.ui.words import percent

__all__ = ["show_view"]


def show_view(viewer: Viewer, chosen: Chosen) -> str | None:
    """Draw the view that is chosen and none of the others; the URN of the school just clicked."""
    if chosen.view == SCHOOLS:
        clicked = schools_view(viewer, chosen)
        if chosen.by == BY_INDICATOR:
            trend_panel(viewer, chosen)
        return clicked
    if chosen.view == CHILDREN:
        return children_view(viewer, chosen)
    if chosen.view == TYPES:
        types_view(viewer, chosen)
    elif chosen.view == PROFILE:
        profile_view(viewer, chosen)
    return None


def trend_panel(viewer: Viewer, chosen: Chosen) -> None:
    """The share met in every quarter, the borough against London."""
    found = load(
        viewer,
        "borough/trend",
        indicator=chosen.indicator,
        borough=chosen.code,
        **chosen.of_schools,
    )
    st.subheader(f"{chosen.definition.title}: is it getting better?")
    if not found["n"].any():
        st.info(
            "No school is known in any quarter, so nothing can be said of it.",
            icon=":material/hourglass_empty:",
        )
        return
    left, right = st.columns([1.6, 1], gap="medium")
    with left:
        charts.trend(found, chosen.borough, key="borough_trend")
    with right:
        st.dataframe(
            trend_table(found, chosen.code),
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=8 * ROW_HEIGHT + HEADING_HEIGHT,
            column_config={
                "Met": st.column_config.TextColumn(width=60, alignment="right"),
                "n known": st.column_config.NumberColumn(format="localized"),
                "Unknown": st.column_config.NumberColumn(format="localized"),
            },
            key="trend_table",
        )


def trend_table(found: pd.DataFrame, code: str) -> pd.DataFrame:
    """The twin of the chart: a row a quarter and area, the newest first."""
    names = {"borough": reference.borough_name(code), "London": "London"}
    rows = found[::-1]
    return pd.DataFrame(
        {
            "Quarter": rows["quarter"],
            "Area": rows["area"].map(names),
            "Met": [percent(share) for share in rows["share_met"]],
            "n known": rows["n"],
            "Unknown": rows["unknown"],
        }
    )
