"""The map of London by one indicator with its ranking, for shares of schools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from gapmap.ui.finding import show_finding
from gapmap.ui.maps import BoroughRow, choropleth
from gapmap.ui.setting_words import FEW_KNOWN
from gapmap.ui.tables import chosen_row
from gapmap.ui.words import count, interval, missing, percent, signed

# The map and its table take what is left of the window below the headline, and at least this.
LEAST_HEIGHT: Final = 285
_TAKEN: Final = 430
MARKED: Final = 5  # places that stand on the map, beside the ranking
# On a large screen the table needs no more than half of it, and the map takes the rest.
_WIDE: Final = """<style>
@media (min-width: 1600px) {
  [data-testid="stColumn"]:has(> * > * > .st-key-london_map) {flex: 1 1 calc(47% - 1rem);}
  [data-testid="stColumn"]:has(> * > * > .st-key-london_table) {flex: 1 1 calc(53% - 1rem);}
}
</style>"""
MAP_ALT: Final = "Map of London's boroughs by the chosen indicator; the table beside holds the same"


def map_and_table(above: int = 0) -> tuple[Any, Any]:
    """Two containers side by side that fill the window, for a map and for its table.

    `above`: pixels that a view puts above them beside what stands above every view.
    """
    least, taken = LEAST_HEIGHT - above // 2, _TAKEN + above
    st.html(_WIDE)
    left, right = st.columns([7.4, 11.6], gap="small")
    with left:
        on_map = filling_box("london_map", least=least, taken=taken)
    with right:
        in_table = filling_box("london_table", least=least, taken=taken)
    return on_map, in_table


def share_panels(boroughs: pd.DataFrame, definition: Definition) -> str | None:
    """Map and ranking of an indicator of schools (london/ranking); the borough just clicked."""
    ranked = definition.polarity != "none"
    show_finding(definition.question, *london_words(boroughs))
    left, right = map_and_table()
    with left:
        on_map = choropleth(
            [share_row(row, marked=ranked) for row in boroughs.to_dict("records")],
            SHARE_LABELS,
            title=SHARE_TITLE,
            key="london_map",
            alt=MAP_ALT,
            height="stretch",
            neutrals=SHARE_NEUTRALS,
            marked=True,
        )
    with right:
        in_table = _ranking(boroughs, definition)
    return on_map or in_table


def london_words(boroughs: pd.DataFrame) -> tuple[str, str, str]:
    """What the boroughs come to in London: the share met, of how many, and where it went."""
    known, unknown = int(boroughs["n"].sum()), int(boroughs["unknown"].sum())
    if not known:
        return "", "No answer of any school is known.", ""
    said = f"of {count(known)} schools known; {count(unknown)} unknown."
    return percent(boroughs["met"].sum() / known), said, _same_words(boroughs)


def _same_words(boroughs: pd.DataFrame) -> str:
    """The change in London since the quarter before, of the schools known in both."""
    both = boroughs["same_n"].sum()
    if not both:
        return ""
    moved = (boroughs["same_points"] * boroughs["same_n"]).sum() / both
    return f"The same {count(both)} schools as a quarter before: {signed(round(moved))} points."


def share_row(row: Mapping[Any, Any], *, marked: bool = False) -> BoroughRow:
    """A borough of london/ranking on the map. `marked`: the lowest carry their place there."""
    share = None if missing(row["share_met"]) else float(row["share_met"])
    return {
        "code": row["borough_code"],
        "name": row["borough"],
        "value": share,
        "class": share_class(share, ranked=bool(row["ranked"])),
        "mark": mark_of(row["place"]) if marked else "",
        "tooltip": {
            "met": f"{percent(share)} (95% interval {interval(row['low'], row['high'])})",
            "known": f"{count(row['n'])} of {count(row['schools'])} schools",
            "gap": f"{count(row['gap'])} schools",
            "unknown": f"{count(row['unknown'])} schools ({percent(row['share_unknown'])})",
            "change": change_words(row),
        },
    }


def mark_of(place: Any) -> str:
    """What stands on the map for a place in the ranking: the first few, as numbers."""
    return "" if missing(place) or place > MARKED else str(int(place))


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
    shown = table_of(boroughs, ranked=ranked)
    place = chosen_row(
        shown,
        key="london_table",
        height="stretch",
        changes={"Change": ranked, "Same schools": ranked},
        columns={
            "#": st.column_config.NumberColumn(
                width=32, help=f"1 is the lowest share met; without one: {FEW_KNOWN}."
            ),
            "Borough": st.column_config.TextColumn(width=156),
            "Met": st.column_config.ProgressColumn(
                format="%.0f%%", min_value=0, max_value=100, width=84, help="Met of known."
            ),
            "95%": st.column_config.TextColumn(
                width=82, alignment="right", help="Wilson 95% interval of the share."
            ),
            "Change": points_column("Since the quarter before, all schools, in points."),
            "Same schools": points_column(
                "Since the quarter before, in points: only schools that were known in both.", "Same"
            ),
            "Trend": trend_column(
                "Share met in the last eight quarters in which any is known; one scale for all "
                "boroughs.",
                shown["Trend"],
            ),
            "Gap": st.column_config.NumberColumn(width=42, help="Schools with the gap."),
            "Known": st.column_config.NumberColumn(width=54, help="Schools met or gap: n."),
            "Unknown": st.column_config.NumberColumn(width=64, help="Schools without an answer."),
        },
    )
    return None if place is None else str(rows.iloc[place]["borough_code"])


def points_column(meaning: str, label: str | None = None) -> Any:
    """A change in percentage points, with its sign."""
    return st.column_config.NumberColumn(label, width=58, help=meaning)


def trend_column(meaning: str, trends: Iterable[Sequence[float]]) -> Any:
    """A line of the last quarters; the lowest and the highest value of all rows are its scale, so
    that rows can be compared."""
    values = [value for trend in trends for value in trend] or [0.0]
    least, most = min(values), max(values)
    return st.column_config.LineChartColumn(
        width=66,
        y_min=least,
        y_max=most if most > least else least + 1,  # one value has no scale of its own
        help=meaning,
    )
