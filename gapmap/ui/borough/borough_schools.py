"""The borough's schools: on the map and in a list, by gap score, by an indicator, or by how long
their DSL training still counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import of_schools
from gapmap.ui import frame
from gapmap.ui.borough.borough_choice import BY_DSL, BY_INDICATOR, Chosen
from gapmap.ui.classes import DSL_SOON, dsl_class, score_class
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.finding import show_finding
from gapmap.ui.loads import load
from gapmap.ui.maps import SchoolPoint, school_map
from gapmap.ui.naming import school_label
from gapmap.ui.outside_scope import outside_line
from gapmap.ui.school.school_points import DSL_MARKS, SCORE_MARKS, STATE_MARKS, Marks
from gapmap.ui.setting_words import changed_line
from gapmap.ui.submitted import boroughs_silent, silent_line
from gapmap.ui.tables import HEADING_HEIGHT, ROW_HEIGHT, chosen_row
from gapmap.ui.words import (
    count,
    known_of,
    missing,
    numbered,
    percent,
    sentence,
    short_state,
    text,
)

HEIGHT: Final = 404
# A gap score from which on most that counts for it is open: the two darkest classes of the map.
MUCH_OPEN: Final = 0.4
SCORE_WORDS: Final = (
    "Gap score: the points of a school's gaps over the points that apply and are known; hidden "
    "when too much is unknown."
)


def schools_view(viewer: Viewer, chosen: Chosen) -> str | None:
    """Map and list of the schools; the URN of the one that was clicked."""
    if chosen.by == BY_DSL:
        return _by_dsl(viewer, chosen)
    found = load(
        viewer,
        "schools/in_borough",
        quarter=chosen.quarter,
        borough=chosen.code,
        indicator=chosen.indicator,
        state=chosen.state,
        **chosen.of_schools,
    )
    definition = chosen.definition
    if chosen.by == BY_INDICATOR:
        silent = boroughs_silent(viewer, chosen.quarter, definition.extracts, only=chosen.code)
        silent_line(silent, definition)
    if found.empty:
        frame.nothing_matches(chosen.borough, chosen.quarter, chosen.held)
        return None
    schools = labelled(found, named=chosen.named)
    if chosen.by == BY_INDICATOR:
        clicked = _by_indicator(schools, chosen)
    else:
        clicked = _by_score(schools.sort_values("score_place"), chosen)
    outside_line(viewer, chosen.quarter, chosen.code)
    return clicked


def labelled(schools: pd.DataFrame, *, named: bool) -> pd.DataFrame:
    """The schools with what each is called on this screen and its state in words."""
    rows = schools.to_dict("records")
    return schools.assign(
        label=[school_label(r["school_name"], r["phase"], r["place"], named=named) for r in rows],
        standing=[short_state(r["state"], r["reason"]) for r in rows],
    )


# --- by gap score ---------------------------------------------------------------------------------


def _by_score(schools: pd.DataFrame, chosen: Chosen) -> str | None:
    hidden = int(schools["hidden"].sum())
    most = int((schools["score"] >= MUCH_OPEN).sum())
    show_finding(
        "Which schools have most points open?",
        numbered(most, "school"),
        f"with {percent(MUCH_OPEN)} or more of their known points open, of {count(len(schools))}; "
        f"{count(hidden)} hidden.",
    )
    marked = schools.assign(mark=[score_class(score) for score in schools["score"]])
    clicked = _panels(marked, SCORE_MARKS, score_table(schools, chosen.definition.title), chosen)
    said = f"{SCORE_WORDS} Hidden for {count(hidden)} of {numbered(len(schools), 'school')}."
    for line in [said, *changed_line([chosen.code])]:
        st.caption(line)
    _under(
        chosen,
        score_table(schools, chosen.definition.title),
        "Gap scores of schools",
        SCORE_WORDS,
        sorted({name for one in of_schools() for name in one.extracts}),
        f"{numbered(len(schools), 'school')}, {count(len(schools) - hidden)} with a score",
    )
    return clicked


def score_table(schools: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """The list by gap score: whole per cent, and how it is made up."""
    return pd.DataFrame(
        {
            "School": schools["label"],
            "Gap score": [None if missing(s) else round(float(s), 2) for s in schools["score"]],
            "Gaps": schools["gaps"],
            "Unknown": schools["unknown"],
            "Points": [
                f"{gap:g} of {known:g}"
                for gap, known in zip(schools["points_gap"], schools["points_known"], strict=True)
            ],
            indicator: schools["standing"],
            "Type": schools["school_type"].map(sentence),
            "Phase": schools["phase"].map(sentence),
            "Pupils": schools["pupils"],
        }
    )


# --- by an indicator ------------------------------------------------------------------------------


def _by_indicator(schools: pd.DataFrame, chosen: Chosen) -> str | None:
    counts = schools["state"].value_counts()
    show_finding(
        chosen.definition.question,
        count(counts.get("gap", 0)),
        f"with the gap ({chosen.definition.gap}) of {count(len(schools))} schools; "
        f"{count(counts.get('met', 0))} met, {count(counts.get('unknown', 0))} unknown.",
    )
    marked = schools.assign(mark=[state.replace("_", " ") for state in schools["state"]])
    clicked = _panels(marked, STATE_MARKS, indicator_table(schools), chosen)
    known = int(schools["state"].isin(["met", "gap"]).sum())
    _under(
        chosen,
        indicator_table(schools),
        f"{chosen.definition.title} by school",
        f"{chosen.definition.numerator} / {chosen.definition.denominator}",
        list(chosen.definition.extracts),
        known_of(known, len(schools)),
    )
    return clicked


def indicator_table(schools: pd.DataFrame) -> pd.DataFrame:
    """The list by an indicator: gaps first."""
    return pd.DataFrame(
        {
            "School": schools["label"],
            "State": schools["standing"],
            "Evidence": schools["evidence"].map(text),
            "Quarter": schools["evidence_quarter"].map(text),
            "Gap score": [None if missing(s) else round(float(s), 2) for s in schools["score"]],
            "Type": schools["school_type"].map(sentence),
            "Phase": schools["phase"].map(sentence),
            "Pupils": schools["pupils"],
        }
    )


# --- by how long DSL training counts --------------------------------------------------------------


def _by_dsl(viewer: Viewer, chosen: Chosen) -> str | None:
    found = load(
        viewer,
        "borough/dsl_runs_out",
        quarter=chosen.quarter,
        borough=chosen.code,
        **chosen.of_schools,
    )
    if found.empty:
        frame.nothing_matches(chosen.borough, chosen.quarter, chosen.held)
        return None
    schools = labelled(found, named=chosen.named)
    marked = schools.assign(mark=[dsl_class(left) for left in schools["quarters_left"]])
    soon = marked[marked["quarters_left"] <= DSL_SOON]
    table = dsl_table(soon)
    show_finding(
        "Whose DSL training runs out?",
        numbered(len(soon), "school"),
        f"in date now, for {DSL_SOON} more quarters at most: each DSL and deputy renews it before.",
    )
    clicked = _panels(marked, DSL_MARKS, table, chosen, listed=soon)
    _under(
        chosen,
        table,
        "DSL training that runs out soon",
        "Schools whose DSL training is in date and whose answer ends within two quarters.",
        ["training"],
        f"{numbered(len(soon), 'school')} of {count(len(schools))}",
    )
    return clicked


def dsl_table(soon: pd.DataFrame) -> pd.DataFrame:
    """The list of schools whose DSL training runs out: the first to do so come first."""
    return pd.DataFrame(
        {
            "School": soon["label"],
            "Counts until": soon["last_quarter"].map(text),
            "Answered for": soon["evidence_quarter"].map(text),
            "Submission": soon["submission_id"].map(text),
            "Type": soon["school_type"].map(sentence),
            "Phase": soon["phase"].map(sentence),
            "Pupils": soon["pupils"],
        }
    )


# --- map and list ---------------------------------------------------------------------------------

_COLUMNS: Final[Mapping[str, Any]] = {
    "Gap score": st.column_config.NumberColumn(width=74, format="percent"),
    "Gaps": st.column_config.NumberColumn(width=50),
    "Unknown": st.column_config.NumberColumn(width=64),
    "Points": st.column_config.TextColumn(
        width=70, alignment="right", help="Of gaps, of those known."
    ),
    "State": st.column_config.TextColumn(width=94),
    "Evidence": st.column_config.TextColumn(width=208),
    "Quarter": st.column_config.TextColumn(width=70),
    "Counts until": st.column_config.TextColumn(width=92),
    "Answered for": st.column_config.TextColumn(width=96),
    "Type": st.column_config.TextColumn(width=84),
    "Phase": st.column_config.TextColumn(width=78),
    "Pupils": st.column_config.NumberColumn(width=58, format="localized"),
}


def _panels(
    schools: pd.DataFrame,
    marks: Marks,
    table: pd.DataFrame,
    chosen: Chosen,
    *,
    listed: pd.DataFrame | None = None,
) -> str | None:
    """Map of the schools (with their `mark`), and the list beside it: of them, or of `listed`."""
    rows = schools if listed is None else listed
    left, right = st.columns([1, 1.9], gap="small")
    with left:
        placed = [row for row in schools.to_dict("records") if not missing(row["lon"])]
        on_map = school_map(
            [point(row) for row in placed],
            marks,
            borough=chosen.code,
            key="borough_map",
            alt=f"Map of the schools of {chosen.borough} by {chosen.by.lower()}; the table beside "
            "holds the same",
            height=HEIGHT - 48,
        )
        unplaced = len(schools) - len(placed)
        if unplaced:
            st.caption(f"{numbered(unplaced, 'school')} without a place: in the table only.")
    with right:
        if table.empty:
            st.info(
                f"No DSL training that is in date runs out within {DSL_SOON} quarters.",
                icon=":material/task_alt:",
            )
            return on_map
        wide = {"School": st.column_config.TextColumn(width=176 if chosen.named else 100)}
        height = min(HEIGHT, HEADING_HEIGHT + ROW_HEIGHT * len(table))
        place = chosen_row(table, key="borough_table", height=height, columns={**_COLUMNS, **wide})
    return on_map or (None if place is None else str(rows.iloc[place]["urn"]))


def point(row: Mapping[Any, Any]) -> SchoolPoint:
    """A school on the map, with what its tooltip says."""
    tip = {
        "type": f"{sentence(row['school_type'])}, {row['phase']}",
        "pupils": count(row["pupils"]),
    }
    if "last_quarter" in row:
        tip["DSL training counts until"] = text(row["last_quarter"]) or "not in date, or not known"
    else:
        tip["gap score"] = "hidden" if missing(row["score"]) else percent(row["score"])
        tip["state"] = row["standing"]
    return {
        "urn": str(row["urn"]),
        "name": row["label"],
        "lon": row["lon"],
        "lat": row["lat"],
        "mark": row["mark"],
        "tooltip": tip,
    }


def _under(
    chosen: Chosen,
    table: pd.DataFrame,
    title: str,
    definition: str,
    extracts: list[str],
    n: str,
) -> None:
    line = frame.source_line(chosen.quarter, chosen.held, extracts, n)
    names = ["phase", "school_type"] + ([] if chosen.by == BY_DSL else ["indicator", "state"])
    unnamed = () if chosen.named else ("Schools are unnamed: by phase and letter.",)
    under_table(
        line,
        lambda: table,
        provenance(
            f"{title}, {chosen.borough}",
            chosen.quarter,
            source=line,
            definition=definition,
            filters=chosen.said(*names),
            notes=unnamed,
        ),
        chosen.quarter,
        key="schools_export",
    )
