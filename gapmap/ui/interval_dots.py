"""Shares as dots with 95% intervals, one row a place; why there is none is written instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from gapmap.ui import palette

_ROW_PIXELS = 14


@dataclass(frozen=True)
class Dot:
    """One dot. `value` None: `said` stands in its row instead (c, not asked, …)."""

    row: str
    value: float | None
    low: float | None = None
    high: float | None = None
    series: str = ""
    said: str = ""
    words: str = ""


@dataclass(frozen=True)
class Series:
    """How the dots of a series look: no meaning rests on the colour alone."""

    colour: str
    symbol: str = "circle"


PLAIN: Mapping[str, Series] = {"": Series(palette.SEQUENTIAL[3])}


def interval_dots(
    dots: Sequence[Dot],
    *,
    key: str,
    alt: str,
    height: int,
    series: Mapping[str, Series] = PLAIN,
    mark: tuple[str, float] | None = None,
    decimals: int = 0,
    selected: str | None = None,
    full: bool = True,
) -> None:
    """Draw the chart: rows from top to bottom in the order in which they first come.

    `mark`: a line through all rows with its words, as London's share. `selected`: the row that is
    looked at, in bold. `full`: from 0 to 100%, else to what there is.
    """
    st.plotly_chart(
        chart(dots, height, series, mark, decimals, selected, full),
        key=key,
        theme=None,
        config={"displayModeBar": False},
        alt=alt,
    )


def chart(
    dots: Sequence[Dot],
    height: int,
    series: Mapping[str, Series],
    mark: tuple[str, float] | None = None,
    decimals: int = 0,
    selected: str | None = None,
    full: bool = True,
) -> go.Figure:
    """The figure that `interval_dots` draws."""
    rows = list(dict.fromkeys(dot.row for dot in dots))
    ends = [x for dot in dots for x in (dot.value, dot.high) if x is not None]
    most = 100.0 if full else max([*ends, 0.0]) * 1.05 or 1.0
    figure = go.Figure([_trace(dots, name, look, decimals) for name, look in series.items()])
    told = {dot.row for dot in dots if dot.value is not None}
    unsaid = {dot.row: dot.said for dot in reversed(dots) if dot.row not in told}
    for row, said in unsaid.items():
        figure.add_annotation(
            x=0, y=row, text=said, showarrow=False, xanchor="left", xshift=4,
            font={"size": 11, "color": palette.MUTED_TEXT},
        )  # fmt: skip
    if mark is not None:
        figure.add_vline(x=mark[1], line={"color": palette.TEXT, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=mark[1], y=1, yref="paper", text=mark[0], showarrow=False, yanchor="bottom",
            font={"size": 11, "color": palette.TEXT},
        )  # fmt: skip
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=rows[::-1],
        range=[-0.6, len(rows) - 0.4],
        tickmode="array",
        tickvals=rows,
        ticktext=[f"<b>{row}</b>" if row == selected else row for row in rows],
        gridcolor=palette.BACKDROP_FILL,
        automargin=True,
    )
    figure.update_xaxes(
        range=[0, most * 1.01],
        ticksuffix="%",
        gridcolor=palette.BACKDROP_FILL,
        zeroline=False,
        automargin=True,
    )
    named = len(series) > 1 and any(dot.row != dot.series for dot in dots if dot.series)
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 6, "t": 16 if mark else 6, "b": 0},
        showlegend=named,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        font={
            "color": palette.TEXT,
            "size": 11 if height < 1.5 * _ROW_PIXELS * len(rows) else 12,
            "family": "Source Sans, sans-serif",
        },
        plot_bgcolor=palette.BACKGROUND,
        hoverlabel={"bgcolor": palette.BACKGROUND, "font": {"color": palette.TEXT}},
    )
    return figure


def _trace(dots: Sequence[Dot], name: str, look: Series, decimals: int) -> Any:
    shown = [dot for dot in dots if dot.series == name and dot.value is not None]
    return go.Scatter(
        x=[round(dot.value or 0.0, 2) for dot in shown],
        y=[dot.row for dot in shown],
        name=name,
        mode="markers",
        marker={
            "color": look.colour,
            "symbol": look.symbol,
            "size": 9,
            "line": {"color": palette.BACKGROUND, "width": 1},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [_reach(dot.value, dot.high) for dot in shown],
            "arrayminus": [_reach(dot.low, dot.value) for dot in shown],
            "color": look.colour,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=[dot.words for dot in shown],
        hovertemplate=f"%{{y}} {name}: %{{x:.{decimals}f}}% %{{customdata}}<extra></extra>",
    )


def _reach(start: float | None, end: float | None) -> float:
    return 0.0 if start is None or end is None else round(max(0.0, end - start), 2)


def number(value: Any) -> float | None:
    """A value of an answer as a number, None where it has none."""
    return None if value is None or value != value else float(value)
