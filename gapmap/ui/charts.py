"""The charts: plain, in the colours of the palette, with nothing that carries nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from gapmap.ui import palette
from gapmap.ui.units import REASON_WORDS
from gapmap.ui.words import count, missing, percent
from gapmap.ui.words import figure as figure_words

_HEIGHT = 290


def trend(found: pd.DataFrame, borough: str, *, key: str) -> None:
    """The share met over the quarters: the borough with its interval, and London behind it."""
    own = found[found["area"] == "borough"]
    london = found[found["area"] == "London"]
    figure = go.Figure()
    figure.add_trace(_band(own))
    figure.add_trace(_line(london, "London", palette.TEXT, 2, dash="dash"))
    figure.add_trace(_line(own, borough, palette.STATE_COLOURS["met"], 3))
    figure.update_yaxes(
        range=[0, 1.04],
        dtick=0.25,
        tickformat=".0%",
        gridcolor=palette.BACKDROP_FILL,
        zeroline=False,
    )
    figure.update_xaxes(type="category", showgrid=False)
    _draw(figure, key, alt=f"Share met in {borough} and in London by quarter; the table has both")


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


def _line(rows: pd.DataFrame, name: str, colour: str, width: int, dash: str = "solid") -> Any:
    return go.Scatter(
        x=rows["quarter"],
        y=rows["share_met"],
        mode="lines" if dash == "dash" else "lines+markers",
        name=name,
        line={"color": colour, "width": width, "dash": dash},
        customdata=[
            f"{percent(row['share_met'])} of {count(row['n'])} known, "
            f"{count(row['unknown'])} unknown"
            for row in rows.to_dict("records")
        ],
        hovertemplate=f"{name} %{{x}}: %{{customdata}}<extra></extra>",
    )


def counts_by_quarter(found: pd.DataFrame, *, key: str) -> None:
    """A count about children in every quarter, in one colour that judges nothing. What is withheld
    or was not submitted is written where its bar would stand."""
    rows = found.to_dict("records")
    figure = go.Figure(
        go.Bar(
            x=[row["quarter"] for row in rows],
            y=[0 if missing(row["value"]) else int(row["value"]) for row in rows],
            text=[_said(row) for row in rows],
            textposition="outside",
            textangle=0,
            cliponaxis=False,
            marker={
                "color": palette.SEQUENTIAL[1],
                "line": {"color": palette.BOUNDARY, "width": 1},
            },
            customdata=[_hovered(row) for row in rows],
            hovertemplate="%{x}: %{customdata}<extra></extra>",
        )
    )
    figure.update_xaxes(type="category", showgrid=False)
    figure.update_yaxes(visible=False, rangemode="tozero")
    _draw(
        figure,
        key,
        alt="Number of referrals by quarter, as shown to you; the table has the same",
        height=170,
    )


def _hovered(row: Mapping[Any, Any]) -> str:
    if row["awaits_release"]:
        return REASON_WORDS["not_released"]
    return figure_words(row["value"], row["marker"])


def _said(row: Mapping[Any, Any]) -> str:
    if missing(row["value"]) and missing(row["marker"]):
        return "not yet<br>released" if row["awaits_release"] else "not<br>sent"
    return figure_words(row["value"], row["marker"])


def _draw(figure: Any, key: str, *, alt: str, height: int = _HEIGHT) -> None:
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": 18 if height < _HEIGHT else 4, "b": 0},
        legend={"orientation": "h", "y": -0.18, "x": 0, "traceorder": "normal"},
        font={"color": palette.TEXT, "size": 13, "family": "Source Sans, sans-serif"},
        plot_bgcolor=palette.BACKGROUND,
        hoverlabel={"bgcolor": palette.BACKGROUND, "font": {"color": palette.TEXT}},
    )
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)
    st.plotly_chart(figure, key=key, theme=None, config={"displayModeBar": False}, alt=alt)
