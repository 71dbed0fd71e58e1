"""The items of the partnerships' reviews: health alerts, PSHE, the parents' campaign and others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from gapmap.indicator import definitions
from gapmap.ui import frame, palette
from gapmap.ui.area_choice import LookedAt, records
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load
from gapmap.ui.tables import ROW_HEIGHT
from gapmap.ui.words import count, interval, missing, numbered, percent, reasons_words, sentence

HEALTH: Final = ("GPs alerted", "mental health services alerted")
_FIRST: Final = (*HEALTH, "PSHE programme", "parents' campaign", "LADO function extended")
OF_SCHOOLS: Final = ("pshe_delivering", "parent_campaign")
STANDS: Final = "an item stays as it was last reported"
STATUSES: Final[Mapping[str, str]] = {
    "done": "Done",
    "in_progress": "In progress",
    "not_started": "Not started",
    "not_reported": "Not reported",
}
_FILLS: Final[Mapping[str, str]] = {
    "done": palette.SEQUENTIAL[3],
    "in_progress": palette.SEQUENTIAL[1],
    "not_started": palette.BACKGROUND,
    "not_reported": palette.UNKNOWN_FILL,
}
_BARS_HEIGHT: Final = 330
_BY_BOROUGH_HEIGHT: Final = 330


def show_review(looked: LookedAt) -> None:
    """Health alerts first, then the other items; schools' own answers; each borough's status."""
    looked.definitions()
    rows = in_order(records(load(looked.viewer, "joined_up/review", **looked.area)))
    st.markdown(f"Was health alerted, and what else was done? {review_finding(rows, looked)}")
    if rows and looked.borough is None:
        _of_london(looked, rows)
    if rows:
        _by_borough(looked, [row["item"] for row in rows])
    _of_schools(looked)
    looked.never("partnership_review")


def _of_london(looked: LookedAt, rows: list[dict[str, Any]]) -> None:
    left, right = st.columns([1, 1.1], gap="medium")
    with left:
        st.plotly_chart(
            bars(rows),
            key="joined_up_review",
            theme=None,
            config={"displayModeBar": False},
            alt="Boroughs by status of each item of the review; the table holds the same",
        )
    table = review_table(rows)
    with right:
        st.dataframe(
            table,
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=len(table) * ROW_HEIGHT + 38,
            column_config={
                "Item": st.column_config.TextColumn(width=190),
                "Done": st.column_config.NumberColumn(width=52),
                "In progress": st.column_config.NumberColumn(width=82),
                "Not started": st.column_config.NumberColumn(width=82),
                "Not reported": st.column_config.NumberColumn(width=90),
                "Last done": st.column_config.TextColumn(width=76),
            },
            key="joined_up_review_table",
        )
    _under_review(looked, rows, table)


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Health alerts, PSHE, the parents' campaign, LADO; the other items in alphabetical order."""
    place = {item: number for number, item in enumerate(_FIRST)}
    return sorted(rows, key=lambda row: (place.get(row["item"], 9), row["item"]))


def review_finding(rows: list[dict[str, Any]], looked: LookedAt) -> str:
    """How many boroughs alerted GPs and mental health services; of one borough, its statuses."""
    of_health = [row for row in rows if row["item"] in HEALTH]
    if not of_health:
        return "**No borough has reported on it**: unknown, not undone."
    if looked.borough is not None:
        said = [f"{sentence(row['item'])}: **{_status_of(row)}**" for row in of_health]
        return "; ".join(said) + "."
    said = [f"**{sentence(row['item'])} in {row['done']} of {row['areas']}**" for row in of_health]
    unknown = max(row["not_reported"] for row in of_health)
    return f"{', '.join(said)} boroughs; {unknown} not reported."


def _status_of(row: Mapping[str, Any]) -> str:
    return next(words for name, words in STATUSES.items() if row[name]).lower()


def bars(rows: list[dict[str, Any]]) -> go.Figure:
    """Boroughs by status, one bar an item; what is not reported is hatched grey."""
    chart = go.Figure()
    for status, words in STATUSES.items():
        numbers = [int(row[status]) for row in rows]
        chart.add_trace(
            go.Bar(
                x=numbers,
                y=[sentence(row["item"]) for row in rows],
                orientation="h",
                name=words,
                text=[str(n) if n else "" for n in numbers],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                marker={
                    "color": _FILLS[status],
                    "line": {"color": palette.BOUNDARY, "width": 1},
                    "pattern": {
                        "shape": "/" if status == "not_reported" else "",
                        "fgcolor": palette.UNKNOWN_HATCH,
                        "size": 6,
                        "solidity": 0.25,
                    },
                },
                textfont={"color": palette.BACKGROUND if status == "done" else palette.TEXT},
                hovertemplate=f"%{{y}}: %{{x}} {words.lower()}<extra></extra>",
            )
        )
    chart.update_xaxes(visible=False)
    chart.update_yaxes(autorange="reversed", automargin=True)
    chart.update_layout(
        barmode="stack",
        bargap=0.25,
        height=_BARS_HEIGHT,
        margin={"l": 0, "r": 0, "t": 4, "b": 0},
        legend={"orientation": "h", "y": -0.02, "x": 0, "traceorder": "normal"},
        font={"color": palette.TEXT, "size": 12, "family": "Source Sans, sans-serif"},
        plot_bgcolor=palette.BACKGROUND,
    )
    return chart


def review_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """One row per item: boroughs by status, and the last month in which one was done."""
    return pd.DataFrame(
        {
            "Item": [sentence(row["item"]) for row in rows],
            **{words: [int(row[name]) for row in rows] for name, words in STATUSES.items()},
            "Last done": [
                "–" if missing(row["last_done_month"]) else row["last_done_month"] for row in rows
            ],
        }
    )


def _of_schools(looked: LookedAt) -> None:
    """What schools themselves say of PSHE and the campaign."""
    types = load(
        looked.viewer,
        "engagement/by_type",
        quarter=looked.quarter,
        borough=looked.borough,
        phase=None,
    )
    of_all = types[types["school_type"].isna() & types["indicator"].isin(OF_SCHOOLS)]
    said = [
        f"- {definitions()[row['indicator']].question} **{percent(row['share_met'])}** of "
        f"{count(row['n'])} known (95% interval {interval(row['low'], row['high'])}); unknown "
        f"{count(row['unknown'])}: {reasons_words(row)}"
        for row in records(of_all)
    ]
    if said:
        st.markdown("**Schools themselves say**\n" + "\n".join(said))


def _by_borough(looked: LookedAt, items: list[str]) -> None:
    """Which status stands where: boroughs by items, or the items of the one that is chosen."""
    found = load(looked.viewer, "joined_up/review_by_borough", quarter=looked.quarter)
    if looked.borough is None:
        st.subheader("Which borough has done what?")
        table = status_table(records(found), items)
        boroughs = len(table)
    else:
        own = found[found["borough_code"] == looked.borough]
        table, boroughs = item_table(records(own), items), 1
    st.dataframe(
        table,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=min(_BY_BOROUGH_HEIGHT, len(table) * ROW_HEIGHT + 38),
        column_config={"Borough": st.column_config.TextColumn(width=170, pinned=True)},
        key="joined_up_by_borough",
    )
    about = provenance(
        "Review items by borough",
        looked.quarter,
        source="partnership_review",
        definition=f"The status that stands: {STANDS}",
        filters=looked.said(),
    )
    line = frame.source_line(
        looked.quarter, looked.held, ["partnership_review"], f"n = {numbered(boroughs, 'borough')}"
    )
    under_table(line, lambda: table, about, looked.quarter, key="joined_up_by_borough_source")


def item_table(rows: list[dict[str, Any]], items: list[str]) -> pd.DataFrame:
    """Of one borough a row per item: the status that stands, since when, and when reported."""
    by_item = {row["item"]: row for row in rows}
    shown = [by_item[item] for item in items]
    return pd.DataFrame(
        {
            "Item": [sentence(row["item"]) for row in shown],
            "Status": [
                "Not reported" if missing(row["status"]) else sentence(row["status"])
                for row in shown
            ],
            "Month": ["–" if missing(row["month"]) else row["month"] for row in shown],
            "Reported in": [
                "–" if missing(row["answer_quarter"]) else row["answer_quarter"] for row in shown
            ],
        }
    )


def status_table(rows: list[dict[str, Any]], items: list[str]) -> pd.DataFrame:
    """One row per borough: the status of each item with its month, or that none was reported."""
    table: dict[str, dict[str, str]] = {}
    for row in rows:
        line = table.setdefault(row["borough"], {"Borough": row["borough"]})
        status = "not reported" if missing(row["status"]) else row["status"]
        line[row["item"]] = status if missing(row["month"]) else f"{status} {row['month']}"
    shown = [
        {"Borough": line["Borough"], **{sentence(item): line[item] for item in items}}
        for line in table.values()
    ]
    return pd.DataFrame(shown)


def _under_review(looked: LookedAt, rows: list[dict[str, Any]], table: pd.DataFrame) -> None:
    line = frame.source_line(
        looked.quarter,
        looked.held,
        ["partnership_review"],
        f"n = {numbered(int(rows[0]['areas']), 'borough')}; {STANDS}",
    )
    about = provenance(
        f"Review items, {looked.name}",
        looked.quarter,
        source="partnership_review",
        definition="Boroughs by the status that stands; not reported is unknown, not undone",
        filters=looked.said(),
    )
    under_table(line, lambda: table, about, looked.quarter, key="joined_up_review_source")
