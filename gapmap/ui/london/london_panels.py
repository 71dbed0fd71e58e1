"""The map of London by one indicator with its ranking, for shares of schools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.indicator import Definition
from gapmap.ui.classes import (
    SHARE_LABELS,
    SHARE_NEUTRALS,
    SHARE_TITLE,
    share_class,
)
from gapmap.ui.filling import filling_box
from gapmap.ui.maps import BoroughRow, choropleth
from gapmap.ui.setting_words import FEW_KNOWN
from gapmap.ui.tables import chosen_row
from gapmap.ui.words import count, interval, missing, percent, signed

# The map and its table take what is left of the window below the headline, and at least this.
LEAST_HEIGHT: Final = 272
_TAKEN: Final = 448
MAP_ALT: Final = "Map of London's boroughs by the chosen indicator; the table beside holds the same"


def map_and_table(above: int = 0) -> tuple[Any, Any]:
    """Two containers side by side that fill the window, for a map and for its table.

    `above`: pixels that a view puts above them beside what stands above every view.
    """
    least, taken = LEAST_HEIGHT - above // 2, _TAKEN + above
    left, right = st.columns([8, 11], gap="small")
    with left:
        on_map = filling_box("london_map", least=least, taken=taken)
    with right:
        in_table = filling_box("london_table", least=least, taken=taken)
    return on_map, in_table


def share_panels(boroughs: pd.DataFrame, definition: Definition) -> str | None:
    """Map and ranking of an indicator of schools (london/ranking); the borough just clicked."""
    left, right = map_and_table()
    with left:
        on_map = choropleth(
            [_share_row(row) for row in boroughs.to_dict("records")],
            SHARE_LABELS,
            title=SHARE_TITLE,
            key="london_map",
            alt=MAP_ALT,
            height="stretch",
            neutrals=SHARE_NEUTRALS,
        )
    with right:
        in_table = _ranking(boroughs, definition)
    return on_map or in_table


def _share_row(row: Mapping[Any, Any]) -> BoroughRow:
    share = None if missing(row["share_met"]) else float(row["share_met"])
    return {
        "code": row["borough_code"],
        "name": row["borough"],
        "value": share,
        "class": share_class(share, ranked=bool(row["ranked"])),
        "tooltip": {
            "met": f"{percent(share)} (95% interval {interval(row['low'], row['high'])})",
            "known": f"{count(row['n'])} of {count(row['schools'])} schools",
            "gap": f"{count(row['gap'])} schools",
            "unknown": f"{count(row['unknown'])} schools ({percent(row['share_unknown'])})",
            "change": change_words(row),
        },
    }


def change_words(row: Mapping[Any, Any]) -> str:
    """The change on the quarter before, for all schools and for the same ones."""
    if missing(row["points"]):
        return "no earlier figure"
    said = f"{signed(round(row['points']))} points"
    if missing(row["same_points"]):
        return f"{said}; no school was known in both quarters"
    same = signed(round(row["same_points"]))
    return f"{said}; same {count(row['same_n'])} schools {same}"


def table_of(boroughs: pd.DataFrame, *, ranked: bool = True) -> pd.DataFrame:
    """The ranking as it is shown and taken along. `ranked` False: by name, without ranks."""
    rows = boroughs if ranked else boroughs.sort_values("borough", ignore_index=True)
    shown = pd.DataFrame(
        {
            "#": rows["place"].astype("Int64"),
            "Borough": rows["borough"],
            "Met": rows["share_met"] * 100,
            "95%": [interval(a, b) for a, b in zip(rows["low"], rows["high"], strict=True)],
            "Change": rows["points"],
            "Same schools": rows["same_points"],
            "Trend": [_percentages(trend) for trend in rows["trend"]],
            "Gap": rows["gap"],
            "Known": rows["n"],
            "Unknown": rows["unknown"],
        }
    )
    return shown if ranked else shown.drop(columns="#")


def _percentages(trend: Any) -> list[float]:
    # A line cannot be drawn through nothing: quarters without a share are left out.
    return [round(100 * float(share), 1) for share in trend if not missing(share)]


def _ranking(boroughs: pd.DataFrame, definition: Definition) -> str | None:
    ranked = definition.polarity != "none"
    rows = boroughs if ranked else boroughs.sort_values("borough", ignore_index=True)
    place = chosen_row(
        table_of(boroughs, ranked=ranked),
        key="london_table",
        height="stretch",
        columns={
            "#": st.column_config.NumberColumn(
                width=32, help=f"1 is the lowest share met; without one: {FEW_KNOWN}."
            ),
            "Borough": st.column_config.TextColumn(width=132),
            "Met": st.column_config.ProgressColumn(
                format="%.0f%%", min_value=0, max_value=100, width=80, help="Met of known."
            ),
            "95%": st.column_config.TextColumn(width=78, help="Wilson 95% interval of the share."),
            "Change": points_column("On the quarter before, all schools, in points."),
            "Same schools": points_column(
                "Schools that were known in both quarters only, in points.", "Same"
            ),
            "Trend": trend_column(
                "Share met in the last eight quarters in which any is known.", 100
            ),
            "Gap": st.column_config.NumberColumn(width=42, help="Schools with the gap."),
            "Known": st.column_config.NumberColumn(width=54, help="Schools met or gap: n."),
            "Unknown": st.column_config.NumberColumn(width=64, help="Schools without an answer."),
        },
    )
    return None if place is None else str(rows.iloc[place]["borough_code"])


def points_column(meaning: str, label: str | None = None) -> Any:
    """A change in percentage points, with its sign."""
    return st.column_config.NumberColumn(label, format="%+.0f", width=56, help=meaning)


def trend_column(meaning: str, most: float | None = None) -> Any:
    """A line of the last quarters."""
    least = None if most is None else 0
    return st.column_config.LineChartColumn(width=66, y_min=least, y_max=most, help=meaning)
