"""The panels of the borough screen: its schools on the map and in the table, trend, types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.ui import charts
from gapmap.ui.maps import SchoolPoint, school_map
from gapmap.ui.naming import school_label
from gapmap.ui.palette import State
from gapmap.ui.tables import chosen_row
from gapmap.ui.words import (
    REFERRALS_CAUTION,
    WITHHELD_WORDS,
    count,
    figure,
    missing,
    percent,
    sentence,
    state_words,
    text,
)

MAP_HEIGHT = 400


def labelled(schools: pd.DataFrame, *, named: bool) -> pd.DataFrame:
    """The schools with what each is called on this screen and its state in words."""
    rows = schools.to_dict("records")
    return schools.assign(
        label=[school_label(r["school_name"], r["phase"], r["place"], named=named) for r in rows],
        standing=[state_words(r["state"], r["reason"]) for r in rows],
    )


def school_panels(schools: pd.DataFrame, borough_code: str) -> str | None:
    """Map and table of a borough's schools (`labelled`); the URN of the one that was clicked."""
    left, right = st.columns([1, 1], gap="medium")
    with left:
        on_map = school_map(
            [_point(row) for row in schools.to_dict("records") if not missing(row["lon"])],
            borough=borough_code,
            key="borough_map",
            alt="Map of the borough's schools by state; the table beside holds the same",
            height=MAP_HEIGHT,
        )
        unplaced = int(schools["lon"].isna().sum())
        if unplaced:
            st.caption(
                f"{unplaced} schools have no place in the register and are in the table only."
            )
    with right:
        in_table = _table(schools)
    return on_map or in_table


def _point(row: Mapping[Any, Any]) -> SchoolPoint:
    state: State = "not applicable" if row["state"] == "not_applicable" else row["state"]
    return {
        "urn": str(row["urn"]),
        "name": row["label"],
        "lon": row["lon"],
        "lat": row["lat"],
        "state": state,
        "tooltip": {
            "type": f"{sentence(row['school_type'])}, {row['phase']}",
            "state": row["standing"],
            "evidence": _evidence(row),
            "pupils": count(row["pupils"]),
        },
    }


def _evidence(row: Mapping[Any, Any]) -> str:
    if missing(row["evidence"]):
        return "none"
    return f"{row['evidence']} ({row['evidence_quarter']})"


def _table(schools: pd.DataFrame) -> str | None:
    shown = pd.DataFrame(
        {
            "School": schools["label"],
            "State": schools["standing"],
            "Evidence": schools["evidence"].map(text),
            "Quarter": schools["evidence_quarter"].map(text),
            "Type": schools["school_type"],
            "Phase": schools["phase"],
            "Pupils": schools["pupils"],
        }
    )
    place = chosen_row(
        shown,
        key="borough_table",
        height=MAP_HEIGHT,
        columns={
            "School": st.column_config.TextColumn(width=120),
            "State": st.column_config.TextColumn(width=110),
            "Evidence": st.column_config.TextColumn(width=220),
        },
    )
    return None if place is None else str(schools.iloc[place]["urn"])


def trend_panel(found: pd.DataFrame, borough: str) -> None:
    """The share met in every quarter, the borough against London."""
    st.subheader("Is it getting better?")
    charts.trend(found, borough, key="borough_trend")
    with st.expander("As a table"):
        st.dataframe(
            pd.DataFrame(
                {
                    "Quarter": found["quarter"],
                    "Area": found["area"].replace("borough", borough),
                    "Met": [percent(share) for share in found["share_met"]],
                    "n known": found["n"],
                    "Unknown": found["unknown"],
                }
            ),
            hide_index=True,
        )


def types_panel(found: pd.DataFrame) -> None:
    """The states of the borough's schools by school type."""
    st.subheader("Which types of school?")
    charts.states_by_type(found, key="borough_types")
    with st.expander("As a table"):
        st.dataframe(found.rename(columns=lambda name: sentence(name.replace("_", " "))))


def referrals_panel(found: pd.DataFrame, borough: str, viewer: Viewer, borough_code: str) -> None:
    """Referrals of HSB by quarter: released figures, or the own lead's exact ones, marked."""
    exact = viewer.leads(borough_code)
    st.subheader("How many HSB referrals were accepted?")
    if exact:
        st.warning(
            f"Exact figures of {borough}, for its own lead only: not for sharing or showing.",
            icon=":material/lock:",
        )
    wide = found.assign(
        shown=[figure(v, m) for v, m in zip(found["value"], found["marker"], strict=True)],
        area=found["level"].map({"borough": borough, "london": "London"}),
    ).pivot(index="area", columns="quarter", values="shown")
    order = [borough] if exact else [borough, "London"]
    st.dataframe(wide.loc[order].rename_axis("Area"))
    how = "Exact figures" if exact else f"{WITHHELD_WORDS}; other counts to the nearest 5"
    st.caption(f"{REFERRALS_CAUTION} {how}.")
