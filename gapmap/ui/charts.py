"""The charts: plain, in the colours of the palette, with nothing that carries nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from gapmap.ui import palette
from gapmap.ui.words import STATE_WORDS, count, percent, sentence

_STATES = ("met", "gap", "unknown", "not_applicable")
_HEIGHT = 290


def trend(found: pd.DataFrame, borough: str, *, key: str) -> None:
    """The share met over the quarters: the borough with its interval, and London behind it."""
    own = found[found["area"] == "borough"]
    london = found[found["area"] == "London"]
    figure = go.Figure()
    figure.add_trace(_band(own))
    figure.add_trace(_line(london, "London", palette.MUTED_TEXT, 2))
    figure.add_trace(_line(own, borough, palette.STATE_COLOURS["met"], 3))
    figure.update_yaxes(
        range=[0, 1.02], tickformat=".0%", gridcolor=palette.BACKDROP_BOUNDARY, zeroline=False
    )
    figure.update_xaxes(type="category", showgrid=False)
    _draw(figure, key)


def _band(own: pd.DataFrame) -> Any:
    quarters = list(own["quarter"])
    return go.Scatter(
        x=[*quarters, *reversed(quarters)],
        y=[*own["high"], *reversed(list(own["low"]))],
        mode="lines",
        fill="toself",
        fillcolor="rgba(0,114,178,0.14)",
        line={"width": 0},
        hoverinfo="skip",
        name="95% interval",
    )


def _line(rows: pd.DataFrame, name: str, colour: str, width: int) -> Any:
    return go.Scatter(
        x=rows["quarter"],
        y=rows["share_met"],
        mode="lines+markers",
        name=name,
        line={"color": colour, "width": width},
        customdata=[
            f"{percent(row['share_met'])} of {count(row['n'])} known, "
            f"{count(row['unknown'])} unknown"
            for row in rows.to_dict("records")
        ],
        hovertemplate=f"{name} %{{x}}: %{{customdata}}<extra></extra>",
    )


def states_by_type(found: pd.DataFrame, *, key: str) -> None:
    """How many schools of each type are in each state; unknown is hatched."""
    rows = found.iloc[::-1]
    figure = go.Figure()
    for state in _STATES:
        figure.add_trace(
            go.Bar(
                y=[sentence(kind) for kind in rows["school_type"]],
                x=rows[state],
                orientation="h",
                name=STATE_WORDS[state],
                marker=_fill(state),
                text=[count(n) if n else "" for n in rows[state]],
                textposition="inside",
                insidetextanchor="middle",
                # Chosen by plotly itself, it is too pale on hatching.
                insidetextfont={"color": palette.TEXT} if state == "unknown" else None,
                textangle=0,
                hovertemplate=f"%{{y}}, {STATE_WORDS[state]}: %{{x}}<extra></extra>",
            )
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(showgrid=False, showticklabels=False, zeroline=False)
    _draw(figure, key)


def _fill(state: str) -> dict[str, Any]:
    if state == "unknown":
        hatch = {"shape": "/", "fgcolor": palette.UNKNOWN_HATCH, "size": 6, "solidity": 0.25}
        return {"color": palette.UNKNOWN_FILL, "pattern": hatch}
    if state == "not_applicable":
        return {"color": palette.STATE_COLOURS["not applicable"]}
    return {"color": palette.STATE_COLOURS["met" if state == "met" else "gap"]}


def _draw(figure: Any, key: str) -> None:
    figure.update_layout(
        height=_HEIGHT,
        margin={"l": 0, "r": 0, "t": 4, "b": 0},
        legend={"orientation": "h", "y": -0.18, "x": 0, "traceorder": "normal"},
        font={"color": palette.TEXT, "size": 13, "family": "Source Sans, sans-serif"},
        plot_bgcolor=palette.BACKGROUND,
        hoverlabel={"bgcolor": palette.BACKGROUND, "font": {"color": palette.TEXT}},
    )
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)
    st.plotly_chart(figure, key=key, theme=None, config={"displayModeBar": False})
