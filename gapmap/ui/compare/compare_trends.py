"""Trends: every borough in grey, the chosen areas in colour, London dashed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from gapmap.indicator import Definition
from gapmap.ui import frame, palette
from gapmap.ui.compare.compare_choices import LONDON, Chosen
from gapmap.ui.compare.compare_words import NOT_OF_SCHOOLS, no_answer_words
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.filling import filling_box
from gapmap.ui.loads import load
from gapmap.ui.setting_words import FEW_KNOWN
from gapmap.ui.tables import ROW_HEIGHT
from gapmap.ui.words import count, interval, known_of, missing, percent

PANEL_HEIGHT = 375
PANEL_TAKEN = 375  # pixels of the window above and below the chart
LEAST_APART = 0.052  # of the axis: the height of a label


def show(chosen: Chosen) -> None:
    """Draw the view."""
    definition, areas = chosen.definition, chosen.area_ids
    with chosen.beside:
        frame.definition_of(definition)
    if definition.level != "school":
        st.info(NOT_OF_SCHOOLS, icon=":material/info:")
        return
    found = load(
        chosen.viewer,
        "compare/trend",
        indicator=definition.name,
        areas=areas,
        phase=chosen.phase,
        school_type=chosen.school_type,
    )
    if not found["n"].any():
        st.info(no_answer_words(definition.title), icon=":material/filter_alt_off:")
        return
    left, right = st.columns([13, 8], gap="medium")
    with left:
        st.subheader(f"{definition.title}: which way did it go?")
        with filling_box("compare_trends", least=PANEL_HEIGHT, taken=PANEL_TAKEN):
            draw(found, areas, key="trends_chart")
    with right:
        st.subheader("The same in figures")
        table = words_table(found, [*areas, LONDON])
        st.dataframe(
            table,
            key="compare_trends_table",
            hide_index=True,
            row_height=ROW_HEIGHT,
        )
    st.caption(breaks(found, areas))
    _under(chosen, found, areas, definition)


# --- chart --------------------------------------------------------------------------------------


def draw(found: pd.DataFrame, areas: Sequence[str], *, key: str) -> None:
    """The lines; a line breaks where nothing is known."""
    st.plotly_chart(
        chart(found, areas),
        key=key,
        theme=None,
        height="stretch",
        config={"displayModeBar": False},
        alt="Share of schools that meet the indicator by quarter; the table beside has the figures",
    )


def chart(found: pd.DataFrame, areas: Sequence[str]) -> go.Figure:
    """The figure, with the name of each coloured line at its end."""
    figure = go.Figure()
    figure.add_trace(_others(found[found["level"] == "borough"]))
    figure.add_trace(_line(found[found["area_id"] == LONDON], palette.TEXT, dash="dash"))
    for area, colour in zip(areas, palette.CHOSEN, strict=False):
        figure.add_trace(_line(found[found["area_id"] == area], colour))
    labels = {LONDON: palette.TEXT, **dict(zip(areas, palette.CHOSEN, strict=False))}
    for label in ends(found, labels):
        figure.add_annotation(**label)
    quarters = sorted(found["quarter"].unique())
    figure.update_xaxes(
        type="category",
        categoryarray=quarters,
        range=[-0.3, len(quarters) - 0.8],
        showgrid=False,
        automargin=True,
    )
    figure.update_yaxes(
        range=[-0.01, 1.04],
        tickformat=".0%",
        gridcolor=palette.BACKDROP_FILL,
        zeroline=False,
        automargin=True,
    )
    figure.update_layout(
        margin={"l": 0, "r": 175, "t": 6, "b": 0},
        showlegend=False,
        font={"color": palette.TEXT, "size": 12, "family": "Source Sans, sans-serif"},
        plot_bgcolor=palette.BACKGROUND,
        hoverlabel={"bgcolor": palette.BACKGROUND, "font": {"color": palette.TEXT}},
    )
    return figure


def _others(rows: pd.DataFrame) -> go.Scatter:
    """All boroughs as one trace, each parted from the next by a gap."""
    quarters: list[str | None] = []
    shares: list[float | None] = []
    said: list[str] = []
    for name, own in rows.groupby("area", sort=True):
        quarters += [*own["quarter"], None]
        shares += [*(None if missing(s) else round(s, 4) for s in own["share_met"]), None]
        said += [*(f"{name}: {percent(share)}" for share in own["share_met"]), ""]
    return go.Scatter(
        x=quarters,
        y=shares,
        mode="lines",
        line={"color": palette.OTHERS, "width": 1.2},
        text=said,
        hovertemplate="%{text} in %{x}<extra></extra>",
        connectgaps=False,
    )


def _line(rows: pd.DataFrame, colour: str, dash: str = "solid") -> go.Scatter:
    interval_bars = {
        "type": "data",
        "symmetric": False,
        "array": rows["high"] - rows["share_met"],
        "arrayminus": rows["share_met"] - rows["low"],
        "color": colour,
        "thickness": 1,
        "width": 3,
    }
    return go.Scatter(
        x=rows["quarter"],
        y=rows["share_met"],
        error_y=None if dash == "dash" else interval_bars,
        mode="lines" if dash == "dash" else "lines+markers",
        line={"color": colour, "width": 2.4, "dash": dash},
        marker={
            "size": 8,
            # Hollow where too little is known: shown, not to be ranked.
            "color": [colour if ranked else palette.BACKGROUND for ranked in rows["ranked"]],
            "line": {"color": colour, "width": 2},
        },
        customdata=[_said(row) for row in rows.to_dict("records")],
        hovertemplate="%{customdata}<extra></extra>",
        connectgaps=False,
    )


def _said(row: Mapping[Any, Any]) -> str:
    if missing(row["share_met"]):
        return f"{row['area']}, {row['quarter']}: unknown"
    return (
        f"{row['area']}, {row['quarter']}: {percent(row['share_met'])} "
        f"(95% interval {interval(row['low'], row['high'])}) of {count(row['n'])} known, "
        f"{count(row['unknown'])} unknown"
    )


def ends(found: pd.DataFrame, colours: Mapping[str, str]) -> list[dict[str, Any]]:
    """The name of each line at its last known figure, moved apart where two would meet."""
    last = []
    for area_id, colour in colours.items():
        known = found[(found["area_id"] == area_id) & found["share_met"].notna()]
        if not known.empty:
            row = known.sort_values("quarter").iloc[-1]
            last.append((float(row["share_met"]), str(row["area"]), colour))
    last.sort()
    heights = spread([share for share, _, _ in last])
    return [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "y": height,
            "text": f"{name} {percent(share)}",
            "showarrow": False,
            "font": {"color": colour, "size": 13},
            "align": "left",
        }
        for (share, name, colour), height in zip(last, heights, strict=True)
    ]


def spread(heights: Sequence[float]) -> list[float]:
    """Ascending heights, moved up until each is a label's height above the one before; then all
    down again by what the topmost came to lie above the axis."""
    apart: list[float] = []
    for height in heights:
        apart.append(max(height, apart[-1] + LEAST_APART) if apart else height)
    for place in range(len(apart) - 1, -1, -1):
        ceiling = apart[place + 1] - LEAST_APART if place + 1 < len(apart) else 1.0
        apart[place] = min(apart[place], ceiling)
    return apart


# --- words --------------------------------------------------------------------------------------


def words_table(found: pd.DataFrame, areas: Sequence[str]) -> pd.DataFrame:
    """One row per quarter, the newest first, a column per area: its share, interval and n."""
    rows = found[found["area_id"].isin(areas)]
    table = {"Quarter": sorted(rows["quarter"].unique(), reverse=True)}
    for area in areas:
        own = rows[rows["area_id"] == area].set_index("quarter")
        if not own.empty:
            table[own["area"].iloc[0]] = [_cell(own.loc[quarter]) for quarter in table["Quarter"]]
    return pd.DataFrame(table)


def _cell(row: Any) -> str:
    if missing(row["share_met"]):
        return "unknown"
    shown = percent(row["share_met"]) if row["ranked"] else f"({percent(row['share_met'])})"
    return f"{shown} [{interval(row['low'], row['high'])}] n={count(row['n'])}"


def breaks(found: pd.DataFrame, areas: Sequence[str]) -> str:
    """What the lines leave out, in words."""
    said = [f"In brackets and hollow: {FEW_KNOWN}. Bars: 95% intervals."]
    for area in areas:
        own = found[found["area_id"] == area]
        unknown = [row["quarter"] for row in own.to_dict("records") if missing(row["share_met"])]
        if unknown:
            said.append(f"{own['area'].iloc[0]} is unknown in {', '.join(unknown)}.")
    boroughs = found[found["level"] == "borough"]
    known = boroughs.groupby("area")["n"].sum()
    without = sorted(known[known == 0].index)
    if without:
        said.append(f"No line for {', '.join(without)}: no school known in any quarter.")
    return " ".join(said)


def taken_along(found: pd.DataFrame) -> pd.DataFrame:
    """One row per area and quarter."""
    return pd.DataFrame(
        {
            "Area": found["area"],
            "Quarter": found["quarter"],
            "Met %": (100 * found["share_met"]).round(1),
            "95% low": (100 * found["low"]).round(1),
            "95% high": (100 * found["high"]).round(1),
            "Known": found["n"],
            "Unknown": found["unknown"],
        }
    )


def _under(
    chosen: Chosen, found: pd.DataFrame, areas: Sequence[str], definition: Definition
) -> None:
    now = found[(found["area_id"] == LONDON) & (found["quarter"] == chosen.quarter)].iloc[0]
    n = f"London {known_of(now['n'], now['n'] + now['unknown'])}"
    line = frame.source_line(chosen.quarter, chosen.held, definition.extracts, n)
    about = provenance(
        f"Trend of {definition.title}",
        chosen.quarter,
        source=line,
        definition=f"{definition.numerator}, out of {definition.denominator}",
        filters=chosen.filters(Indicator=definition.title),
        notes=("All held quarters, every borough and the chosen areas.",),
    )
    under_table(line, lambda: taken_along(found), about, chosen.quarter, key="under_trends")
