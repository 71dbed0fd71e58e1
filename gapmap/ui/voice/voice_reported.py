"""What is said beside what is reported: schools without a referral, and boroughs' referrals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from gapmap.indicator import Definition, definitions
from gapmap.ui import frame, palette
from gapmap.ui.area_choice import LONDON, LookedAt, own_settings, range_words, records
from gapmap.ui.borough.borough_choice import CHILDREN
from gapmap.ui.borough.borough_referrals import NOT_A_FINDING
from gapmap.ui.cards import Card, show_cards
from gapmap.ui.compare.compare_labels import text_positions
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load_one
from gapmap.ui.navigation import go_to
from gapmap.ui.tables import chosen_row
from gapmap.ui.units import REASON_WORDS, shown_value
from gapmap.ui.words import (
    REFERRALS_CAUTION,
    WITHHELD_WORDS,
    count,
    figure,
    missing,
    numbered,
    sentence,
)

NONE_SEEN_HEIGHT: Final = 270
AGAINST_HEIGHT: Final = 370
# The plot within the chart, at 1280 pixels.
_PLOT_WIDTH: Final = 600.0
_PLOT_HEIGHT: Final = 290.0
_WHY: Final[Mapping[str, str]] = {
    "not_submitted": "not known: it or one that adjoins it has not submitted four quarters",
    "not_released": "submitted; waits for the quarter's release",
    "no_denominator": "no school of secondary age is held",
    "few_with_urn": "not known: too few referrals from schools name the school",
}


def release_words(looked: LookedAt) -> str | None:
    """The release that the area's referrals come from, or None where none is held."""
    reported = load_one(looked.viewer, "voice/reported", **looked.area) or {}
    release = reported.get("release_id")
    return None if missing(release) else str(release)


# --- no referral seen -----------------------------------------------------------------------------


def show_none_seen(looked: LookedAt) -> None:
    """Numbers of schools by borough; which ones, the own lead sees on the Borough page."""
    definition = definitions()["no_referral_seen"]
    looked.definition(definition)
    found = looked.of_boroughs(definition.name)
    rows = records(found)
    st.markdown(f"{definition.question} **{NOT_A_FINDING}**")
    show_cards(none_seen_cards(rows, looked))
    boroughs = [row for row in rows if row["level"] == "borough"]
    table = none_seen_table(boroughs, definition)
    place = chosen_row(
        table,
        key="voice_none_seen",
        height=NONE_SEEN_HEIGHT,
        columns={
            "Borough": st.column_config.TextColumn(width=190),
            "No referral seen": st.column_config.TextColumn(width=130),
            "Schools it is known of": st.column_config.TextColumn(width=160),
            "What is known": st.column_config.TextColumn(width=640),
        },
    )
    st.caption(
        "Which schools, the borough's own lead alone sees: choose a borough to open its page. "
        f"{WITHHELD_WORDS}; other numbers to the nearest 5. {REFERRALS_CAUTION}"
    )
    own_settings(looked, "no_referral_urn_share", "no_referral_prevalence_answers")
    _under(looked, definition, table, f"n = {_known(boroughs)} of {len(boroughs)} boroughs known")
    looked.silent("referrals", "perception_survey", every=True)
    if place is not None:
        go_to("borough", borough=str(boroughs[place]["area_code"]), view=CHILDREN)


def none_seen_cards(rows: list[dict[str, Any]], looked: LookedAt) -> list[Card]:
    """The area that is looked at, and in how many boroughs it is known."""
    definition = definitions()["no_referral_seen"]
    own = next(row for row in rows if row["borough"] == looked.name)
    boroughs = [row for row in rows if row["level"] == "borough"]
    withheld = sum(1 for row in boroughs if not missing(row["marker"]))
    of = (
        f"of {count(own['denominator'])} of secondary age of which it is known"
        if own["denominator"] and not missing(own["denominator"])
        else "secondary age, four quarters to this one"
    )
    reasons = pd.Series([row["reason"] for row in boroughs], dtype=object).value_counts()
    why = "; ".join(f"{n} {REASON_WORDS[str(reason)]}" for reason, n in reasons.items())
    return [
        Card(f"Schools without a referral seen, {looked.name}", shown_value(own, definition),
             note=of, meaning=NOT_A_FINDING),
        Card("Boroughs of which it is known", f"{_known(boroughs)} of {len(boroughs)}",
             note=f"of which {withheld} withheld (c: {WITHHELD_WORDS.partition('= ')[2]})"),
        Card("Boroughs of which it is not", str(len(boroughs) - _known(boroughs)),
             note=why or "none"),
    ]  # fmt: skip


def _known(boroughs: list[dict[str, Any]]) -> int:
    return sum(1 for row in boroughs if missing(row["reason"]))


def none_seen_table(boroughs: list[dict[str, Any]], definition: Definition) -> pd.DataFrame:
    """One row per borough, alphabetical: the number of schools, or why it is not known."""
    return pd.DataFrame(
        {
            "Borough": [row["borough"] for row in boroughs],
            "No referral seen": [
                shown_value(row, definition) if missing(row["reason"]) else "?" for row in boroughs
            ],
            "Schools it is known of": [
                figure(row["denominator"], row["marker"] if missing(row["denominator"]) else None)
                if missing(row["reason"])
                else "–"
                for row in boroughs
            ],
            "What is known": [_state_words(row) for row in boroughs],
        }
    )


def _state_words(row: Mapping[str, Any]) -> str:
    if not missing(row["reason"]):
        return sentence(_WHY[str(row["reason"])])
    return "Withheld: 1 to 7 schools, or to protect another" if row["marker"] == "c" else "Known"


# --- prevalence against referrals -----------------------------------------------------------------


def show_against(looked: LookedAt) -> None:
    """Boroughs by what their children say and by what was referred: no ranking, one colour."""
    said, referred = definitions()["prevalence"], definitions()["hsb_referral_rate"]
    looked.definition(referred)
    rows = paired(looked.of_boroughs(said.name), looked.of_boroughs(referred.name))
    boroughs = [row for row in rows if row["borough"] != LONDON]
    drawn = [r for r in boroughs if not missing(r["said"]) and not missing(r["rate"])]
    st.markdown(
        "Where children speak of it more, is more referred? "
        f"**{numbered(len(drawn), 'borough')} of {len(boroughs)}** can be placed. "
        f"{REFERRALS_CAUTION}"
    )
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        st.plotly_chart(
            against_chart(drawn, looked.name),
            key="voice_against",
            theme=None,
            config={"displayModeBar": False},
            alt="Boroughs by children who say harassment happens and by HSB referrals per 10,000 "
            "children; the table beside holds the same",
        )
    table = against_table(boroughs)
    with right:
        st.dataframe(
            table,
            hide_index=True,
            height=AGAINST_HEIGHT,
            row_height=29,
            column_config={
                "Borough": st.column_config.TextColumn(width=176),
                "Children": st.column_config.TextColumn(
                    width=96, help="Say harassment happens, a lot or sometimes"
                ),
                "95%": st.column_config.TextColumn(width=70),
                "Per 10,000": st.column_config.TextColumn(
                    width=84, help="HSB referrals in the quarter per 10,000 residents aged 0–17"
                ),
                "Referrals": st.column_config.TextColumn(width=80),
            },
            key="voice_against_table",
        )
    left_out = [row["borough"] for row in boroughs if row not in drawn]
    if left_out:
        st.caption(f"Not placed, withheld or not known: {', '.join(left_out)}.")
    _under(looked, referred, table, f"n = {len(drawn)} boroughs placed", said)
    looked.silent("perception_survey", "referrals", every=True)


def paired(said: pd.DataFrame, referred: pd.DataFrame) -> list[dict[str, Any]]:
    """Boroughs and London, alphabetical: what children say, and the rate of referrals."""
    rates = {row["area_code"]: row for row in records(referred)}
    rows = []
    for row in records(said):
        rate = rates[row["area_code"]]
        rows.append(
            {
                "borough": row["borough"],
                "said": row["value"],
                "low": row["low"],
                "high": row["high"],
                "answers": row["denominator"],
                "said_words": shown_value(row, definitions()["prevalence"]),
                "rate": rate["value"],
                "rate_words": shown_value(rate, definitions()["hsb_referral_rate"]),
                "referrals_words": figure(rate["numerator"], rate["marker"]),
            }
        )
    return rows


def against_chart(drawn: list[dict[str, Any]], looked_at: str) -> go.Figure:
    """Every borough one dot of one colour, with its name; the one that is looked at stands out."""
    chart = go.Figure()
    places = _name_places(drawn)
    for own in (False, True):
        rows = [row for row in drawn if (row["borough"] == looked_at) is own]
        chart.add_trace(
            go.Scatter(
                x=[round(row["said"], 1) for row in rows],
                y=[round(row["rate"], 2) for row in rows],
                mode="markers+text",
                text=[row["borough"] for row in rows],
                textposition=[places[row["borough"]] for row in rows],
                textfont={"size": 12 if own else 10, "color": palette.TEXT},
                marker={
                    "size": 13 if own else 10,
                    "color": palette.SELECTED if own else palette.SEQUENTIAL[2],
                    "line": {"color": palette.BACKGROUND, "width": 1},
                },
                customdata=[
                    [row["borough"], row["said_words"], row["rate_words"], count(row["answers"])]
                    for row in rows
                ],
                hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]} of %{customdata[3]} "
                "answers of children<br>%{customdata[2]} referrals per 10,000<extra></extra>",
                showlegend=False,
                cliponaxis=False,
            )
        )
    chart.update_xaxes(
        title={"text": "Children who say harassment happens, a lot or sometimes", "standoff": 10},
        ticksuffix="%",
        gridcolor=palette.BACKDROP_FILL,
        zeroline=False,
        automargin=True,
    )
    chart.update_yaxes(
        title={"text": "HSB referrals per 10,000 children", "standoff": 10},
        rangemode="tozero",
        gridcolor=palette.BACKDROP_FILL,
        zeroline=False,
        automargin=True,
    )
    chart.update_layout(
        height=AGAINST_HEIGHT,
        margin={"l": 0, "r": 8, "t": 14, "b": 0},
        font={"color": palette.TEXT, "size": 12, "family": "Source Sans, sans-serif"},
        plot_bgcolor=palette.BACKGROUND,
        hoverlabel={"bgcolor": palette.BACKGROUND, "font": {"color": palette.TEXT}},
    )
    return chart


def _name_places(drawn: list[dict[str, Any]]) -> dict[str, str]:
    """On which side of its dot each name stands, at 1280 pixels."""
    if not drawn:
        return {}
    least, most = (pick(row["said"] for row in drawn) for pick in (min, max))
    wide, high = (most - least) or 1.0, max(row["rate"] for row in drawn) or 1.0
    dots = [
        (
            _PLOT_WIDTH * (row["said"] - least) / wide,
            _PLOT_HEIGHT * (1 - row["rate"] / high),
        )
        for row in drawn
    ]
    names = [row["borough"] for row in drawn]
    return dict(zip(names, text_positions(dots, names, [], _PLOT_WIDTH), strict=True))


def against_table(boroughs: list[dict[str, Any]]) -> pd.DataFrame:
    """One row per borough, alphabetical."""
    return pd.DataFrame(
        {
            "Borough": [row["borough"] for row in boroughs],
            "Children": [row["said_words"] for row in boroughs],
            "95%": [range_words(row["low"], row["high"]) for row in boroughs],
            "Per 10,000": [row["rate_words"] for row in boroughs],
            "Referrals": [row["referrals_words"] for row in boroughs],
        }
    )


# --- under both -----------------------------------------------------------------------------------


def _under(
    looked: LookedAt, definition: Definition, table: pd.DataFrame, n: str, *more: Definition
) -> None:
    release = release_words(looked)
    every = (definition, *more)
    extracts = list(dict.fromkeys(name for one in every for name in one.extracts))
    said = f"release {release}" if release else "nothing released"
    line = frame.source_line(looked.quarter, looked.held, extracts, f"{n}, {said}")
    notes = [one.note for one in every if one.note]
    about = provenance(
        " against ".join(one.title for one in (*more, definition)),
        looked.quarter,
        source=", ".join(extracts),
        definition="; ".join(f"{one.numerator}, of {one.denominator}" for one in every),
        release=release,
        notes=(WITHHELD_WORDS, REFERRALS_CAUTION, *notes),
    )
    under_table(line, lambda: table, about, looked.quarter, key=f"voice_{definition.name}_source")
