"""The map of London by an indicator that is counted by borough: released figures, in its unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import Definition
from gapmap.reference import reference
from gapmap.ui.classes import scale_of
from gapmap.ui.finding import show_finding
from gapmap.ui.loads import load, load_area_values
from gapmap.ui.london.london_panels import MAP_ALT, map_and_table, mark_of, trend_column
from gapmap.ui.maps import UNKNOWN, BoroughRow, choropleth
from gapmap.ui.tables import chosen_row
from gapmap.ui.units import PERCENT, shown_value
from gapmap.ui.words import WITHHELD_WORDS, count, missing, sentence

QUARTERS_OF_A_TREND: Final = 8
# DfE's symbols that say that there is no number, and the one that is a number too low to show.
_NO_NUMBER: Final = frozenset({"x", "z", "u"})
_LOW: Final = "low"


def load_figures(
    viewer: Viewer, definition: Definition, quarters: Sequence[str], quarter: str
) -> pd.DataFrame:
    """The released figures of a quarter: a row per area, boroughs by name, then the others.

    `quarters` are those held. `before`: the row of the quarter before in words; `trend`: the values
    of the last eight quarters held, the oldest first, without those in which nothing is shown.
    """
    recent = [one for one in sorted(quarters) if one <= quarter][-QUARTERS_OF_A_TREND:]
    found = load_area_values(viewer, [definition.name], recent)
    found = found.assign(
        borough=found["area_code"].map(
            {row["borough_code"]: row["borough"] for row in reference.boroughs()}
        ),
        shown=[shown_value(row, definition) for row in found.to_dict("records")],
    )
    now = found[found["quarter"] == quarter].sort_values(
        ["borough", "level", "area_code"], ignore_index=True
    )
    by_area = {str(key): rows for key, rows in found.groupby(found["level"] + found["area_code"])}
    earlier = recent[-2] if len(recent) > 1 else None
    keys = [str(key) for key in now["level"] + now["area_code"]]
    return now.assign(
        before=[_words_of(by_area[key], earlier) for key in keys],
        trend=pd.Series([_values_of(by_area[key], recent) for key in keys], dtype=object),
    )


def _words_of(rows: pd.DataFrame, quarter: str | None) -> str:
    found = rows.loc[rows["quarter"] == quarter, "shown"]
    return "–" if found.empty else str(found.iloc[0])


def _values_of(rows: pd.DataFrame, quarters: Sequence[str]) -> list[float]:
    values = dict(zip(rows["quarter"], rows["value"], strict=True))
    return [round(float(values[one]), 2) for one in quarters if not missing(values.get(one))]


def boroughs_of(figures: pd.DataFrame, definition: Definition) -> pd.DataFrame:
    """The boroughs alone: ranked where the indicator has a polarity, else by name.

    `place` 1 is the one with most to do; equal values share a place.
    """
    rows = figures[figures["level"] == "borough"].reset_index(drop=True)
    if definition.polarity == "none":
        return rows
    lowest_first = definition.polarity == "higher is better"
    place = rows["value"].rank(method="min", ascending=lowest_first).astype("Int64")
    return rows.assign(place=place).sort_values(
        ["place", "borough"], na_position="last", ignore_index=True
    )


def figure_panels(figures: pd.DataFrame, definition: Definition) -> str | None:
    """Map and table of released figures (`load_figures`); the borough that was clicked."""
    boroughs = boroughs_of(figures, definition)
    scale = scale_of(definition)
    show_finding(definition.question, *london_words(figures, definition))
    left, right = map_and_table()
    with left:
        on_map = choropleth(
            [_figure_row(row, definition) for row in boroughs.to_dict("records")],
            scale.labels,
            title=scale.title,
            key="london_figures_map",
            alt=MAP_ALT,
            height="stretch",
            neutrals=scale.neutrals,
            marked=True,
        )
    with right:
        in_table = _table(boroughs, definition)
    return on_map or in_table


def caution(definition: Definition) -> str:
    """What stands beside the figures of an indicator of boroughs wherever they stand."""
    said = [definition.note or ""]
    if definition.polarity == "none":
        said.append("Not ranked: boroughs stand by name.")
    if definition.is_released:
        said.append(f"{WITHHELD_WORDS}; other counts to the nearest 5.")
    return " ".join(filter(None, said))


def figure_class(row: Mapping[Any, Any], definition: Definition) -> str:
    """The class of a borough's figure on the map."""
    scale = scale_of(definition)
    marker = None if missing(row["marker"]) else str(row["marker"])
    if marker in _NO_NUMBER:
        return UNKNOWN
    return scale.class_of(0) if marker == _LOW else scale.class_of(row["value"], marker)


def _figure_row(row: Mapping[Any, Any], definition: Definition) -> BoroughRow:
    kind = figure_class(row, definition)
    low = 0.0 if row["marker"] == _LOW else None
    return {
        "code": row["area_code"],
        "name": row["borough"],
        "value": low if missing(row["value"]) else float(row["value"]),
        "class": kind,
        "mark": mark_of(row.get("place")),
        "tooltip": {
            "figure": f"{row['shown']} ({definition.unit})",
            "out of": count(row["denominator"]) if "denominator" in row else "–",
            "quarter before": row["before"],
        },
    }


def figure_table(boroughs: pd.DataFrame, definition: Definition) -> pd.DataFrame:
    """The figures as they are shown and taken along."""
    shown = pd.DataFrame(
        {
            "Borough": boroughs["borough"],
            definition.title: boroughs["shown"],
            "Out of": [
                "–" if missing(value) and missing(marker) else count(of)
                for value, marker, of in zip(
                    boroughs["value"], boroughs["marker"], boroughs["denominator"], strict=True
                )
            ],
            "Quarter before": boroughs["before"],
            "Trend": list(boroughs["trend"]),
        }
    )
    if "place" in boroughs:
        shown.insert(0, "#", boroughs["place"])
    return shown


def _table(boroughs: pd.DataFrame, definition: Definition) -> str | None:
    place = chosen_row(
        figure_table(boroughs, definition),
        key="london_figures_table",
        height="stretch",
        columns={
            "#": st.column_config.NumberColumn(width=34, help="1 has most to do."),
            "Borough": st.column_config.TextColumn(width=150),
            definition.title: st.column_config.TextColumn(
                _unit_heading(definition),
                width=204,
                alignment="right",
                help=f"{definition.title}: {definition.numerator}.",
            ),
            "Out of": st.column_config.TextColumn(
                width=80, alignment="right", help=f"{definition.denominator}."
            ),
            "Quarter before": st.column_config.TextColumn(width=156, alignment="right"),
            "Trend": trend_column(
                "Values of the last eight quarters in which one is shown; one scale for all "
                "boroughs.",
                boroughs["trend"],
            ),
        },
    )
    return None if place is None else str(boroughs.iloc[place]["area_code"])


def _unit_heading(definition: Definition) -> str:
    return "Share" if definition.unit == PERCENT else sentence(definition.unit)


def london_words(figures: pd.DataFrame, definition: Definition) -> tuple[str, str, str]:
    """London's figure, out of what and of how many boroughs; with the caution that goes with it."""
    row = dict(figures[figures["level"] == "london"].iloc[0])
    submitted = 0 if missing(row["areas_submitted"]) else int(row["areas_submitted"])
    said = f"{submitted} of {count(row['areas'])} boroughs submitted."
    if not submitted:
        return "", said, caution(definition)
    unit = "" if definition.unit == PERCENT else f"{definition.unit} "
    return str(row["shown"]), f"{unit}in London; {said}", caution(definition)


def london_line(figures: pd.DataFrame, definition: Definition) -> str:
    """London's own figure, and how many boroughs it rests on."""
    row = dict(figures[figures["level"] == "london"].iloc[0])
    submitted = 0 if missing(row["areas_submitted"]) else int(row["areas_submitted"])
    if not submitted:
        return f"none of {count(row['areas'])} boroughs submitted"
    return f"London {row['shown']}; {submitted} of {count(row['areas'])} boroughs submitted"


def release_of(viewer: Viewer, definition: Definition, quarter: str) -> str | None:
    """The newest release that a quarter's figures about children come from; None for others."""
    if not definition.is_released:
        return None
    found = load(viewer, "london/releases", quarter=quarter)
    return None if found.empty else str(found.iloc[0]["release_id"])
