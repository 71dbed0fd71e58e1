"""The perception ladder: what children, parents and schools say, and then what was reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.indicator import definitions
from gapmap.ui import frame, palette
from gapmap.ui.area_choice import (
    LookedAt,
    percent_words,
    range_words,
    records,
    release_of,
)
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.interval_dots import Dot, Series, interval_dots, number
from gapmap.ui.loads import load, load_one
from gapmap.ui.tables import ROW_HEIGHT
from gapmap.ui.units import REASON_WORDS
from gapmap.ui.words import (
    REFERRALS_CAUTION,
    WITHHELD_WORDS,
    count,
    figure,
    missing,
    numbered,
    sentence,
    signed,
)

RUNGS: Final = {"child": "Children", "parent": "Parents", "school": "Schools"}
# The same person is of the same colour and shape everywhere on the screen.
SERIES: Final[Mapping[str, Series]] = {
    "Children": Series(palette.CHOSEN[0]),
    "Parents": Series(palette.CHOSEN[3], "diamond"),
    "Schools": Series(palette.CHOSEN[4], "square"),
}
REPORTED: Final = "Reported"
DEFINITION: Final = (
    "Valid answers “a lot” or “sometimes” out of valid answers, with the 95% Wilson interval; the "
    "gap is the children's share less the adults' in the boroughs that asked both, in percentage "
    "points, with its 95% interval (Newcombe)."
)
_CHART_HEIGHT: Final = 300


def show(looked: LookedAt) -> None:
    """Draw the view: the question that is chosen as a ladder, all questions as a table."""
    looked.definition(definitions()["prevalence"])
    found = load(looked.viewer, "voice/ladder", **looked.area)
    reported = load_one(looked.viewer, "voice/reported", **looked.area) or {}
    rows = [row for row in records(found) if row["question"] == looked.question]
    st.markdown(f"How often do they say “{looked.question}”? {finding(rows, looked.name)}")
    left, right = st.columns([1, 1.15], gap="medium")
    with left:
        interval_dots(
            [*(_dot(row) for row in rows), Dot(REPORTED, None, said=reported_words(reported))],
            key="voice_ladder",
            alt=f"Shares of a lot or sometimes to “{looked.question}”; the table holds the same",
            height=_CHART_HEIGHT,
            series=SERIES,
        )
        st.caption(
            f"Dots: a lot or sometimes, with 95% intervals. Reported is a number and not a share: "
            f"{REFERRALS_CAUTION}"
        )
    with right:
        table = ladder_table(found)
        st.dataframe(
            table,
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=len(table) * ROW_HEIGHT + 38,
            column_config=_columns(),
            key="voice_ladder_table",
        )
    _under(looked, found, reported)
    looked.silent("perception_survey", "referrals")


# --- words ----------------------------------------------------------------------------------------


def finding(rows: list[dict[str, Any]], area: str) -> str:
    """How far parents and schools lie from the children on one question, in words."""
    child, *adults = rows
    if child["reason"] == "not_submitted":
        return f"**No survey of {area} stands**: unknown, which is not “never”."
    if missing(child["share"]):
        return f"Of children: **{_share_words(child)}**."
    said = [f"**{percent_words(child['share'])} of children** in {area} do"]
    said += [words for row in adults if (words := _against(row))]
    return "; ".join(said) + "."


def _against(row: Mapping[str, Any]) -> str:
    who = RUNGS[row["respondent"]].lower()
    if not missing(row["gap_marker"]):
        return f"the gap to {who} is withheld (c)"
    if missing(row["gap"]):
        return f"no gap to {who} is known"
    points = round(abs(row["gap"]))
    low, high = row["gap_low"], row["gap_high"]
    than, ends = ("more", (low, high)) if row["gap"] > 0 else ("less", (-high, -low))
    sure = (
        " (chance could make it)" if low <= 0 <= high else f" (95% interval {range_words(*ends)})"
    )
    return f"**{numbered(points, 'point')} {than}** than {who}{sure}"


def reported_words(reported: Mapping[str, Any]) -> str:
    """The last rung: how many HSB referrals were accepted, or why that is not known."""
    if missing(reported.get("value")) and missing(reported.get("marker")):
        return "HSB referrals: not submitted"
    said = figure(reported["value"], reported["marker"])
    of = f"{count(reported['areas_submitted'])} of {count(reported['areas'])} boroughs"
    who = f"; {of} submitted" if reported["areas"] > 1 else ""
    return f"{said} HSB referrals accepted in the quarter{who}"


def _share_words(row: Mapping[str, Any]) -> str:
    if not missing(row["marker"]):
        return str(row["marker"])
    if missing(row["share"]):
        return REASON_WORDS[str(row["reason"])]
    return percent_words(row["share"])


def gap_words(row: Mapping[str, Any]) -> str:
    """The gap in points with its sign, c where it is withheld, a dash where there is none."""
    if not missing(row["gap_marker"]):
        return str(row["gap_marker"])
    return "–" if missing(row["gap"]) else signed(round(row["gap"]))


def _dot(row: Mapping[str, Any]) -> Dot:
    who = RUNGS[row["respondent"]]
    words = f"({range_words(row['low'], row['high'])}) of {count(row['valid_answers'])} answers"
    return Dot(
        who,
        number(row["share"]),
        number(row["low"]),
        number(row["high"]),
        who,
        _share_words(row),
        words,
    )


# --- table ----------------------------------------------------------------------------------------


def ladder_table(found: pd.DataFrame) -> pd.DataFrame:
    """Every question and who was asked: the share, its interval, n, and the children's lead."""
    return pd.DataFrame(
        [
            {
                "Question": sentence(row["question"]) if row["respondent"] == "child" else "",
                "Asked": RUNGS[row["respondent"]],
                "Often": _share_words(row),
                "95%": range_words(row["low"], row["high"]),
                "n": count(row["valid_answers"]),
                "Boroughs": count(row["areas_submitted"]),
                "Children more, points": gap_words(row),
                "95% of points": range_words(row["gap_low"], row["gap_high"]),
            }
            for row in records(found)
        ]
    )


def _columns() -> dict[str, Any]:
    column = st.column_config.TextColumn
    return {
        "Question": column(width=130),
        "Asked": column(width=64),
        "Often": column(width=58, alignment="right", help="A lot or sometimes, of valid answers"),
        "95%": column(width=66),
        "n": column(width=56, alignment="right", help="Valid answers, to the nearest 5"),
        "Boroughs": column(width=64, help="Boroughs whose survey asked it"),
        "Children more, points": column(
            "Children more", width=92, help="Children's share less theirs, in percentage points"
        ),
        "95% of points": column(width=92),
    }


def _under(looked: LookedAt, found: pd.DataFrame, reported: Mapping[str, Any]) -> None:
    release = release_of(found)
    asked = int(found["areas_submitted"].max())
    of = f"{count(asked)} of {count(found['areas'].max())} boroughs surveyed"
    said = f"release {release}" if release else "nothing released"
    children = found[
        (found["respondent"] == "child") & (found["question"] == looked.question)
    ].iloc[0]
    line = frame.source_line(
        looked.quarter,
        looked.held,
        ["perception_survey", "referrals"],
        f"n = {count(children['valid_answers'])} answers of children, {of}, {said}; "
        f"{WITHHELD_WORDS}",
    )
    table = ladder_table(found).assign(Question=[sentence(q) for q in found["question"]])
    about = provenance(
        f"Perception ladder of {looked.name}",
        looked.quarter,
        source="perception_survey",
        definition=DEFINITION,
        filters=looked.said(),
        release=release,
        notes=(WITHHELD_WORDS, f"{reported_words(reported)}. {REFERRALS_CAUTION}"),
    )
    under_table(line, lambda: table, about, looked.quarter, key="voice_ladder_source")
