"""The funnel plot: do boroughs of different size stray from London by more than chance?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from gapmap.funnel import SOURCE, Limits, Place, curve, limits, outside_by_chance, place
from gapmap.indicator import Definition
from gapmap.ui import frame, palette
from gapmap.ui.compare.compare_choices import Chosen
from gapmap.ui.compare.compare_labels import text_positions
from gapmap.ui.compare.compare_words import (
    NOT_OF_SCHOOLS,
    judgement,
    listed,
    no_answer_words,
    unknown_words,
)
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.filling import filling_box
from gapmap.ui.finding import show_finding
from gapmap.ui.loads import load
from gapmap.ui.maps import clicked_once
from gapmap.ui.setting_words import FEW_KNOWN
from gapmap.ui.tables import chosen_row
from gapmap.ui.words import count, interval, known_of, percent

PANEL_HEIGHT = 385
PANEL_TAKEN = 365  # pixels of the window above and below a chart
NOT_JUDGED = f"not judged: {FEW_KNOWN}"
UNKNOWN = "unknown"
OUTSIDE = "outside"
QUESTION = "Which boroughs stray from London by more than chance?"
# The plot within the chart, at 1280 pixels.
PLOT_WIDTH, PLOT_HEIGHT = 630.0, 310.0


@dataclass(frozen=True)
class Target:
    """London's share: `met` of the `n` schools known, the line of the funnel."""

    met: int
    n: int

    @property
    def share(self) -> float:
        return self.met / self.n


def show(chosen: Chosen) -> None:
    """Draw the view; a click on a borough leads to it."""
    definition = chosen.definition
    with chosen.beside:
        frame.definition_of(definition)
    if definition.level != "school":
        st.info(NOT_OF_SCHOOLS, icon=":material/info:")
        return
    asked = {"indicator": definition.name, **chosen.narrowed}
    found = load(chosen.viewer, "compare/by_borough", **asked)
    london = load(chosen.viewer, "compare/side_by_side", areas=(), **chosen.narrowed)
    of_london = london[london["indicator"] == definition.name].iloc[0]
    if not of_london["n"]:
        st.info(no_answer_words(definition.title), icon=":material/filter_alt_off:")
        return
    target = Target(int(of_london["met"]), int(of_london["n"]))
    rows = placed(found, target)
    show_finding(QUESTION, *finding(rows))
    left, right = st.columns([11.4, 11.2], gap="small")
    with left, filling_box("funnel_chart", least=PANEL_HEIGHT, taken=PANEL_TAKEN):
        on_chart = draw(rows, target, definition, key="compare_funnel")
    with right, filling_box("funnel_table", least=PANEL_HEIGHT, taken=PANEL_TAKEN):
        in_table = _table(rows, definition)
    _missing_line(chosen, rows, definition)
    _under(chosen, rows, definition, target)
    if on_chart or in_table:
        chosen.open_borough(str(on_chart or in_table), definition.name)


# --- shape --------------------------------------------------------------------------------------


def placed(found: pd.DataFrame, target: Target) -> pd.DataFrame:
    """Boroughs with `place` among the limits, and the 2 sigma limits of their own size."""
    rows = found.copy()
    held: list[Limits | None] = [limits(target.share, int(n)) if n else None for n in rows["n"]]
    rows["place"] = [_place(row, target) for row in rows.to_dict("records")]
    rows["limit_low"] = [one.low_2 if one else None for one in held]
    rows["limit_high"] = [one.high_2 if one else None for one in held]
    order = ["below 3 sigma", "below 2 sigma", "above 2 sigma", "above 3 sigma", "inside"]
    ranks = {name: number for number, name in enumerate([*order, NOT_JUDGED, UNKNOWN])}
    return rows.sort_values(
        ["place", "borough"],
        key=lambda column: column.map(ranks) if column.name == "place" else column,
        ignore_index=True,
    )


def _place(row: Mapping[Any, Any], target: Target) -> Place | str:
    if not row["n"]:
        return UNKNOWN
    if not row["ranked"]:
        return NOT_JUDGED
    return place(int(row["met"]), int(row["n"]), target.share)


def is_outside(where: str) -> bool:
    return where.endswith("sigma")


def place_words(where: str, polarity: str) -> str:
    """A place as it is read: which limit is passed, and whether that is better or worse."""
    if not is_outside(where):
        return where
    judged = judgement("higher" if where.startswith("above") else "lower", polarity)
    return where + (f" ({judged})" if judged else "")


def finding(rows: pd.DataFrame) -> tuple[str, str]:
    """How many boroughs stray from London by more than chance, and how many would anyway."""
    outside = rows[[is_outside(where) for where in rows["place"]]]
    judged = int((~rows["place"].isin([NOT_JUDGED, UNKNOWN])).sum())
    by_chance = outside_by_chance(judged)
    if outside.empty:
        figure, said = "No borough", f"of {judged} lies outside the 2 sigma limits"
    else:
        figure = f"{len(outside)} of {judged} boroughs"
        said = "lie outside the 2 sigma limits"
    more = ": they differ, or record differently." if len(outside) > 3 * by_chance else "."
    return figure, f"{said}; chance would put about {by_chance:.1f} there{more}"


# --- chart --------------------------------------------------------------------------------------


def draw(rows: pd.DataFrame, target: Target, definition: Definition, *, key: str) -> str | None:
    """The funnel; the GSS code of the borough just clicked."""
    figure = chart(rows, target, definition)

    def drawn(chart_key: str) -> str | None:
        event = st.plotly_chart(
            figure,
            key=chart_key,
            theme=None,
            height="stretch",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt=f"Funnel plot of {definition.title} by borough; the table beside holds the same",
        )
        points = [p for p in event["selection"]["points"] if p.get("customdata")]
        return str(points[0]["customdata"][0]) if points else None

    return clicked_once(key, drawn)


def chart(rows: pd.DataFrame, target: Target, definition: Definition) -> go.Figure:
    """Shares by the number of schools known, between the limits about London's share."""
    known = rows[rows["n"] > 0]
    largest = int(known["n"].max() * 1.04) + 1
    bounds = curve(target.share, largest)
    figure = go.Figure()
    for sigmas, dash in ((3, "dash"), (2, "dot")):
        for side in ("low", "high"):
            figure.add_trace(_limit(bounds, f"{side}_{sigmas}", sigmas, dash))
    figure.add_trace(
        go.Scatter(
            x=[0, largest],
            y=[target.share] * 2,
            mode="lines",
            line={"color": palette.TEXT, "width": 1.5},
            name=f"London {percent(target.share)}",
            hoverinfo="skip",
        )
    )
    heights = share_axis(known, target)
    for kind in ("inside", NOT_JUDGED):
        figure.add_trace(_dots(known[known["place"] == kind], kind, definition))
    outside = known[[is_outside(where) for where in known["place"]]]
    places = _text_positions(known, outside, largest, heights)
    figure.add_trace(_dots(outside, OUTSIDE, definition, places))
    figure.update_xaxes(
        title={"text": "Schools known", "standoff": 4},
        range=[0, largest],
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        range=heights,
        tickformat=".0%",
        gridcolor=palette.BACKDROP_FILL,
        zeroline=False,
        automargin=True,
    )
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 4, "b": 72},
        legend={
            "orientation": "h",
            "yref": "container",
            "yanchor": "bottom",
            "y": 0,
            "x": 0,
            "traceorder": "normal",
        },
        font={"color": palette.TEXT, "size": 12, "family": "Source Sans, sans-serif"},
        plot_bgcolor=palette.BACKGROUND,
        hoverlabel={"bgcolor": palette.BACKGROUND, "font": {"color": palette.TEXT}},
        clickmode="event+select",
    )
    return figure


def _limit(bounds: Sequence[Limits], name: str, sigmas: int, dash: str) -> go.Scatter:
    return go.Scatter(
        x=[held.n for held in bounds],
        y=[round(getattr(held, name), 4) for held in bounds],
        mode="lines",
        line={"color": palette.MUTED_TEXT, "width": 1.2, "dash": dash},
        name=f"{sigmas} sigma ({'99.7' if sigmas == 3 else '95.4'}%)",
        showlegend=name.startswith("low"),
        hoverinfo="skip",
    )


def share_axis(known: pd.DataFrame, target: Target) -> list[float]:
    """From under the lowest to above the highest of what matters: the dots, and their limits."""
    smallest = limits(target.share, max(10, int(known["n"].min())))
    low = min(known["share_met"].min(), smallest.low_2)
    high = max(known["share_met"].max(), smallest.high_2)
    return [max(-0.02, low - 0.06), min(1.04, high + 0.06)]


def _text_positions(
    known: pd.DataFrame, outside: pd.DataFrame, largest: int, heights: Sequence[float]
) -> list[str]:
    """Places of names, as they come out on a plot of the size at 1280 pixels."""

    def pixels(rows: pd.DataFrame) -> list[tuple[float, float]]:
        tall = heights[1] - heights[0]
        return [
            (PLOT_WIDTH * x / largest, PLOT_HEIGHT * (heights[1] - y) / tall)
            for x, y in zip(rows["n"], rows["share_met"], strict=True)
        ]

    others = known[~known.index.isin(outside.index)]
    return text_positions(pixels(outside), list(outside["borough"]), pixels(others), PLOT_WIDTH)


def _dots(
    rows: pd.DataFrame, kind: str, definition: Definition, places: Sequence[str] = ()
) -> go.Scatter:
    colours = [_colour(where, definition.polarity) for where in rows["place"]]
    return go.Scatter(
        x=rows["n"],
        y=rows["share_met"],
        mode="markers+text" if kind == OUTSIDE else "markers",
        text=rows["borough"],
        textposition=list(places) or None,
        textfont={"size": 12, "color": palette.TEXT},
        name=FEW_KNOWN if kind == NOT_JUDGED else kind,
        showlegend=kind == NOT_JUDGED and not rows.empty,
        marker={
            "size": 10 if kind == OUTSIDE else 8,
            "color": palette.BACKGROUND if kind == NOT_JUDGED else colours,
            "line": {
                "color": palette.MUTED_TEXT if kind == NOT_JUDGED else palette.BACKGROUND,
                "width": 1.5 if kind == NOT_JUDGED else 1,
            },
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        cliponaxis=False,
        customdata=[
            [
                row["borough_code"],
                f"<b>{row['borough']}</b><br>{percent(row['share_met'])} "
                f"(95% interval {interval(row['low'], row['high'])}) of {count(row['n'])} known, "
                f"{count(row['unknown'])} unknown<br>2 sigma limits {percent(row['limit_low'])} to "
                f"{percent(row['limit_high'])}: {place_words(row['place'], definition.polarity)}",
            ]
            for row in rows.to_dict("records")
        ],
        hovertemplate="%{customdata[1]}<extra></extra>",
    )


def _colour(where: str, polarity: str) -> str:
    if not is_outside(where):
        return palette.MUTED_TEXT
    judged = judgement("higher" if where.startswith("above") else "lower", polarity)
    return {
        "better": palette.STATE_COLOURS["met"],
        "worse": palette.STATE_COLOURS["gap"],
    }.get(judged or "", palette.TEXT)


# --- words --------------------------------------------------------------------------------------


def words_table(rows: pd.DataFrame, polarity: str) -> pd.DataFrame:
    """One row per borough: which limits it passes, its share, and the limits of its size."""
    between = zip(rows["limit_low"], rows["limit_high"], strict=True)
    return pd.DataFrame(
        {
            "Borough": rows["borough"],
            "Limits passed": [place_words(where, polarity) for where in rows["place"]],
            "Met": 100 * rows["share_met"],
            "2 sigma": [interval(low, high) for low, high in between],
            "Known": rows["n"],
            "Unknown": rows["unknown"],
        }
    )


def _table(rows: pd.DataFrame, definition: Definition) -> str | None:
    position = chosen_row(
        words_table(rows, definition.polarity),
        key="compare_funnel_table",
        height="stretch",
        columns={
            "Borough": st.column_config.TextColumn(width=166),
            "Limits passed": st.column_config.TextColumn(width=142),
            "Met": st.column_config.NumberColumn(format="%.0f%%", width=46),
            "2 sigma": st.column_config.TextColumn(
                width=80,
                alignment="right",
                help="Where a borough of this size lies by chance, 95.4 times in 100.",
            ),
            "Known": st.column_config.NumberColumn(width=56, help="Schools met or gap: n."),
            "Unknown": st.column_config.NumberColumn(width=66),
        },
    )
    return None if position is None else str(rows.iloc[position]["borough_code"])


def _missing_line(chosen: Chosen, rows: pd.DataFrame, definition: Definition) -> None:
    without = rows[rows["place"] == UNKNOWN]
    said = [f"No school known in {listed(without['borough'])}."] if len(without) else []
    found = load(
        chosen.viewer,
        "compare/unknown",
        boroughs=tuple(sorted(rows["borough_code"])),
        indicator=definition.name,
        **chosen.narrowed,
    )
    words = unknown_words(found, "schools")
    said += [f"{words}."] if words else []
    st.caption(" ".join([*said, f"Limits: {SOURCE}."]))


def _under(chosen: Chosen, rows: pd.DataFrame, definition: Definition, target: Target) -> None:
    n = known_of(target.n, target.n + int(rows["unknown"].sum()))
    line = frame.source_line(chosen.quarter, chosen.held, definition.extracts, n)
    about = provenance(
        f"Funnel of {definition.title}",
        chosen.quarter,
        source=line,
        definition=(
            f"{definition.numerator}, out of {definition.denominator}; limits about London's share "
            f"of {percent(target.share)}, 2 sigma (95.4%) and 3 sigma (99.7%): {SOURCE}"
        ),
        filters=chosen.filters(Indicator=definition.title),
    )
    table = words_table(rows, definition.polarity)
    under_table(line, lambda: table, about, chosen.quarter, key="under_funnel")
