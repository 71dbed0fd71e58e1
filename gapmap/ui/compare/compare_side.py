"""Side by side: two to five areas on every indicator, each share with its interval and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from gapmap.indicator import of_schools
from gapmap.ui import frame, palette
from gapmap.ui.compare.compare_choices import FIRST_AREAS, LONDON, Chosen
from gapmap.ui.compare.compare_words import INTERVALS_NOTE, judgement, members_words, unknown_words
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load
from gapmap.ui.setting_words import FEW_KNOWN
from gapmap.ui.tables import ROW_HEIGHT
from gapmap.ui.words import count, interval, missing, percent

ROW = 21  # pixels of an indicator's row
_SPREAD = 0.7  # of a row, which the areas share


def show(chosen: Chosen) -> None:
    """Draw the view."""
    offered = set(chosen.areas["area_id"])
    areas = chosen.area_ids or tuple(area for area in FIRST_AREAS if area in offered)
    found = load(chosen.viewer, "compare/side_by_side", areas=areas, **chosen.narrowed)
    left, right = st.columns([10, 11], gap="medium")
    with left:
        st.subheader("Where do they stand on each indicator?")
        draw(found, areas, key="compare_side")
    table = words_table(found, areas)
    with right:
        st.subheader("Where do they differ from London?")
        st.markdown("  \n".join(finding(found[found["area_id"] == area]) for area in areas))
        _draw_table(table)
    st.caption(INTERVALS_NOTE)
    _unknown_line(chosen, areas)
    _under(chosen, found, areas, table)


def _draw_table(table: pd.DataFrame) -> None:
    st.dataframe(
        table,
        key="compare_side_table",
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=ROW * 13,
        placeholder="–",
        column_config={
            "Indicator": st.column_config.TextColumn(width=116),
            "Area": st.column_config.TextColumn(width=112),
            "Met": st.column_config.NumberColumn(format="%.0f%%", width=44),
            "Against London": st.column_config.TextColumn(width=104),
            "95%": st.column_config.TextColumn(
                width=78, alignment="right", help="Wilson 95% interval."
            ),
            "Known": st.column_config.NumberColumn(width=54, help="Schools met or gap: n."),
            "Unknown": st.column_config.NumberColumn(
                format="%.0f%%", width=68, help="Of the schools that it applies to."
            ),
            "London": st.column_config.NumberColumn(format="%.0f%%", width=54),
        },
    )


def finding(rows: pd.DataFrame) -> str:
    """One line: on which indicators an area differs from London, and on how many it does not."""
    first = rows.iloc[0]
    parts = []
    for differs in ("higher", "lower"):
        titles = rows.loc[rows["differs"] == differs, "title"]
        for judged in ("better", "worse", None):
            polarities = rows.loc[titles.index, "polarity"]
            ours = [
                title
                for title, polarity in zip(titles, polarities, strict=True)
                if judgement(differs, polarity) == judged
            ]
            if ours:
                word = f" ({judged})" if judged else ""
                parts.append(f"**{differs}{word}** on {len(ours)}: {', '.join(ours)}")
    judged_at_all = rows["ranked"] & rows["london_ranked"]
    same = int((judged_at_all & rows["differs"].isna()).sum())
    parts.append(f"no clear difference on {same}")
    if not judged_at_all.all():
        parts.append(f"{FEW_KNOWN}, here or in London, on {int((~judged_at_all).sum())}")
    return f"**{first['area']}** {'; '.join(parts)}.{_left_out(rows)}"


def _left_out(rows: pd.DataFrame) -> str:
    """What a group's shares rest on: its boroughs with an answer to anything."""
    first = rows.iloc[0]
    if first["level"] == "borough":
        return ""
    # A borough is named where it is left out of every indicator; the table has the rest.
    left_out = [set(str(names).split(", ")) for names in rows["missing"].fillna("")]
    always = sorted(set.intersection(*left_out) - {""}) if left_out else []
    said = members_words(
        int(first["members"]),
        int(first["members"]) - len(always),
        ", ".join(always) or None,
        int(first["members_elsewhere"]),
    )
    return f" :gray[{said}.]"


def words_table(found: pd.DataFrame, areas: Sequence[str]) -> pd.DataFrame:
    """One row per indicator and area, beside London's share."""
    london = found[found["area_id"] == LONDON].set_index("indicator")["share"]
    places = {area: place for place, area in enumerate(areas)}
    titles = {title: place for place, title in enumerate(dict.fromkeys(found["title"]))}
    rows = found[found["area_id"].isin(areas)]
    order = rows.assign(row=rows["title"].map(titles), place=rows["area_id"].map(places))
    rows = rows.loc[order.sort_values(["row", "place"]).index]
    return pd.DataFrame(
        {
            "Indicator": rows["title"],
            "Area": rows["area"],
            "Met": 100 * rows["share"],
            "Against London": [_against(row) for row in rows.to_dict("records")],
            "95%": [interval(a, b) for a, b in zip(rows["low"], rows["high"], strict=True)],
            "Known": rows["n"],
            "Unknown": 100 * rows["share_unknown"],
            "London": 100 * rows["indicator"].map(london),
        }
    ).reset_index(drop=True)


def _against(row: Mapping[Any, Any]) -> str:
    if missing(row["share"]):
        return "unknown"
    if not row["ranked"]:
        return FEW_KNOWN
    if not row["london_ranked"]:
        return f"London {FEW_KNOWN}"
    judged = judgement(row["differs"], row["polarity"])
    differs = "not clear" if missing(row["differs"]) else str(row["differs"])
    return f"{differs} ({judged})" if judged else differs


# --- chart --------------------------------------------------------------------------------------


def draw(found: pd.DataFrame, areas: Sequence[str], *, key: str) -> None:
    """Dots with their intervals, a row for each indicator; a bar marks London's share."""
    titles = list(dict.fromkeys(found["title"]))
    figure = chart(found, areas, titles)
    st.plotly_chart(
        figure,
        key=key,
        theme=None,
        config={"displayModeBar": False},
        alt="Share of schools that meet each indicator by area, with 95% intervals",
    )


def chart(found: pd.DataFrame, areas: Sequence[str], titles: Sequence[str]) -> go.Figure:
    """The figure; `titles` from the top."""
    figure = go.Figure()
    place = {title: number for number, title in enumerate(titles)}
    london = found[found["area_id"] == LONDON]
    figure.add_trace(
        go.Scatter(
            x=london["share"],
            y=[place[title] for title in london["title"]],
            mode="markers",
            name="London",
            marker={"symbol": "line-ns-open", "size": 17, "color": palette.TEXT, "line_width": 2},
            customdata=[percent(share) for share in london["share"]],
            hovertemplate="London: %{customdata}<extra></extra>",
        )
    )
    for number, area in enumerate(areas):
        offset = _SPREAD * ((number + 0.5) / len(areas) - 0.5)
        rows = found[found["area_id"] == area]
        _add_area(figure, rows, place, offset, palette.CHOSEN[number])
    figure.update_yaxes(
        tickvals=list(place.values()),
        ticktext=list(place),
        range=[len(titles) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        automargin=True,
    )
    figure.update_xaxes(
        range=[-0.02, 1.02],
        tickformat=".0%",
        gridcolor=palette.BACKDROP_BOUNDARY,
        zeroline=False,
        side="top",
    )
    for between in range(1, len(titles)):
        figure.add_hline(y=between - 0.5, line={"color": palette.BACKDROP_FILL, "width": 1})
    figure.update_layout(
        height=ROW * len(titles) + 50,
        margin={"l": 0, "r": 16, "t": 46, "b": 0},
        legend={"orientation": "h", "y": 1.07, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        font={"color": palette.TEXT, "size": 12, "family": "Source Sans, sans-serif"},
        plot_bgcolor=palette.BACKGROUND,
        hoverlabel={"bgcolor": palette.BACKGROUND, "font": {"color": palette.TEXT}},
        barmode="overlay",
    )
    return figure


def _add_area(
    figure: go.Figure, rows: pd.DataFrame, place: Mapping[str, int], offset: float, colour: str
) -> None:
    known = rows[rows["share"].notna()]
    figure.add_trace(
        go.Scatter(
            x=known["share"],
            y=[place[title] + offset for title in known["title"]],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": known["high"] - known["share"],
                "arrayminus": known["share"] - known["low"],
                "color": colour,
                "thickness": 2,
                "width": 0,
            },
            mode="markers",
            name=rows["area"].iloc[0],
            marker={
                "color": [
                    palette.BACKGROUND if missing(differs) else colour
                    for differs in known["differs"]
                ],
                "line": {"color": colour, "width": 2},
                "size": 8,
                "symbol": ["circle" if ranked else "diamond" for ranked in known["ranked"]],
            },
            customdata=[
                f"{row['area']}: {percent(row['share'])} "
                f"(95% interval {interval(row['low'], row['high'])}) of {count(row['n'])} known, "
                f"{count(row['unknown'])} unknown<br>{_against(row)}"
                for row in known.to_dict("records")
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    _add_unknown(figure, rows[rows["share"].isna() & (rows["unknown"] > 0)], place, offset)


def _add_unknown(
    figure: go.Figure, rows: pd.DataFrame, place: Mapping[str, int], offset: float
) -> None:
    """Where nothing is known: a hatched band instead of a dot."""
    if rows.empty:
        return
    hatch = {"shape": "/", "fgcolor": palette.UNKNOWN_HATCH, "size": 6, "solidity": 0.25}
    figure.add_trace(
        go.Bar(
            x=[1] * len(rows),
            y=[place[title] + offset for title in rows["title"]],
            width=0.12,
            orientation="h",
            marker={"color": palette.UNKNOWN_FILL, "pattern": hatch},
            showlegend=False,
            customdata=rows["area"],
            hovertemplate="%{customdata}: unknown<extra></extra>",
        )
    )


# --- words --------------------------------------------------------------------------------------


def _unknown_line(chosen: Chosen, areas: Sequence[str]) -> None:
    boroughs = sorted({code for area in areas for code in _members(chosen, area)})
    found = load(
        chosen.viewer,
        "compare/unknown",
        boroughs=tuple(boroughs),
        indicator=None,
        **chosen.narrowed,
    )
    words = unknown_words(found, "answers of these areas")
    if words:
        st.caption(f"{words}.")


def _members(chosen: Chosen, area: str) -> list[str]:
    row = chosen.areas[chosen.areas["area_id"] == area].iloc[0]
    return list(row["boroughs"])


def _under(chosen: Chosen, found: pd.DataFrame, areas: Sequence[str], table: pd.DataFrame) -> None:
    extracts = sorted({name for d in of_schools() for name in d.extracts})
    n = f"{len(areas)} areas × {found['indicator'].nunique()} indicators"
    line = frame.source_line(chosen.quarter, chosen.held, extracts, n)
    notes = tuple(
        f"{row['area']}, {row['title']}: "
        + members_words(
            int(row["members"]),
            int(row["members_with_data"]),
            row["missing"],
            int(row["members_elsewhere"]),
        )
        for row in found.to_dict("records")
        if row["level"] not in ("borough", "london") and not missing(row["missing"])
    )
    about = provenance(
        "Areas side by side",
        chosen.quarter,
        source=line,
        definition=f"Met out of met and gap, pooled over an area's schools. {INTERVALS_NOTE}",
        filters=chosen.filters(Areas=", ".join(chosen.area(area) for area in areas)),
        notes=notes,
    )
    under_table(line, lambda: table, about, chosen.quarter, key="under_side")
