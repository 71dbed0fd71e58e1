"""One question of the perception survey in every borough, in alphabetical order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.indicator import definitions
from gapmap.ui import frame
from gapmap.ui.area_choice import LookedAt, range_words, records, release_of
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.interval_dots import Dot, interval_dots, number
from gapmap.ui.loads import load
from gapmap.ui.navigation import go_into
from gapmap.ui.tables import chosen_row
from gapmap.ui.units import REASON_WORDS
from gapmap.ui.voice.voice_choice import LADDER
from gapmap.ui.voice.voice_ladder import DEFINITION, RUNGS, SERIES, gap_words
from gapmap.ui.words import WITHHELD_WORDS, count, missing

HEIGHT: Final = 470


def show(looked: LookedAt) -> None:
    """Draw the view; a borough of the table leads to its ladder."""
    looked.definition(definitions()["prevalence"])
    found = load(looked.viewer, "voice/by_borough", quarter=looked.quarter, said=looked.question)
    rows = records(found)
    st.markdown(f"Where do children and adults see it differently? {finding(rows)}")
    left, right = st.columns([1, 2.25], gap="small")
    with left:
        interval_dots(
            [_dot(row) for row in rows],
            key="voice_boroughs",
            alt=f"Shares of a lot or sometimes to “{looked.question}” by borough; the table holds "
            "the same",
            height=HEIGHT,
            series=SERIES,
            selected=None if looked.borough is None else looked.name,
        )
    table = borough_table(rows)
    with right:
        place = chosen_row(table, key="voice_boroughs_table", height=HEIGHT, columns=_columns())
    _under(looked, found, table)
    looked.silent("perception_survey", every=True)
    if place is not None:
        go_into(area=str(table.iloc[place]["Borough"]), view=LADDER)


def finding(rows: list[dict[str, Any]]) -> str:
    """In how many boroughs children say it more, and less, often than their parents, clearly."""
    parents = [r for r in rows if r["respondent"] == "parent" and not missing(r["gap"])]
    asked = len({r["borough_code"] for r in rows if r["reason"] is None or missing(r["reason"])})
    if not parents:
        return f"**{asked} boroughs asked it**; no gap to parents is shown."
    more = sum(1 for row in parents if row["gap_low"] > 0)
    less = sum(1 for row in parents if row["gap_high"] < 0)
    return (
        f"Children say it **more often than parents in {more}** and less often in {less} of "
        f"{len(parents)} boroughs that can be compared; in the others chance could make the gap."
    )


def _dot(row: Mapping[str, Any]) -> Dot:
    who = RUNGS[row["respondent"]]
    return Dot(
        row["borough"],
        number(row["share"]),
        number(row["low"]),
        number(row["high"]),
        who,
        share_words(row),
        f"({range_words(row['low'], row['high'])}) of {count(row['valid_answers'])} answers",
    )


def share_words(row: Mapping[str, Any]) -> str:
    """The share, c where it is withheld, or why there is none."""
    if not missing(row["marker"]):
        return str(row["marker"])
    if missing(row["share"]):
        return REASON_WORDS[str(row["reason"])]
    return f"{row['share']:.0f}%"


def borough_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """One row per borough: each share with its interval, and the children's lead in points."""
    table: dict[str, dict[str, Any]] = {}
    for row in rows:
        line = table.setdefault(row["borough"], {"Borough": row["borough"]})
        who = RUNGS[row["respondent"]]
        # Said once: a borough that sent no survey asked nobody.
        unsent = row["reason"] == "not_submitted" and row["respondent"] != "child"
        line[who] = "–" if unsent else share_words(row)
        if row["respondent"] == "child":
            line["95%"] = range_words(row["low"], row["high"])
            line["n"] = count(row["valid_answers"])
        else:
            line[f"Over {who.lower()}"] = gap_words(row)
            line[f"95% ({who.lower()})"] = range_words(row["gap_low"], row["gap_high"])
    return pd.DataFrame(list(table.values()))


def _columns() -> dict[str, Any]:
    column = st.column_config.TextColumn
    points = "Children's share less theirs, in percentage points"
    return {
        "Borough": column(width=148),
        "Children": column(width=98, help="A lot or sometimes, of valid answers"),
        "95%": column(width=64),
        "n": column(
            width=52, alignment="right", help="Valid answers of children, to the nearest 5"
        ),
        "Parents": column(width=62, alignment="right"),
        "Over parents": column("vs parents", width=78, alignment="right", help=points),
        "95% (parents)": column("95%", width=76),
        "Schools": column(width=64, alignment="right"),
        "Over schools": column("vs schools", width=78, alignment="right", help=points),
        "95% (schools)": column("95%", width=76),
    }


def _under(looked: LookedAt, found: pd.DataFrame, table: pd.DataFrame) -> None:
    release = release_of(found)
    said = f"release {release}" if release else "nothing released"
    asked = found.loc[found["valid_answers"].notna(), "borough_code"].nunique()
    line = frame.source_line(
        looked.quarter,
        looked.held,
        ["perception_survey"],
        f"n = {asked} of {found['borough_code'].nunique()} boroughs asked it, {said}; "
        f"{WITHHELD_WORDS}",
    )
    about = provenance(
        "Perception survey by borough",
        looked.quarter,
        source="perception_survey",
        definition=DEFINITION,
        filters={"Question": looked.question},
        release=release,
        notes=(WITHHELD_WORDS,),
    )
    under_table(line, lambda: table, about, looked.quarter, key="voice_boroughs_source")
