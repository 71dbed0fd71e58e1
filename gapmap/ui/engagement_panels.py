"""The panels of the engagement screen: items by school type, and the boroughs behind a cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.indicator import definitions
from gapmap.reference import reference
from gapmap.reference.dated_notes import dated_notes
from gapmap.ui import frame
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.navigation import go_to
from gapmap.ui.setting_words import FEW_KNOWN
from gapmap.ui.share_matrix import legend, matrix_frame, share_matrix, share_of
from gapmap.ui.tables import chosen_row
from gapmap.ui.words import (
    ANSWER_WORDS,
    count,
    day_words,
    interval,
    known_of,
    percent,
    reasons_words,
    sentence,
)

ALL_TYPES = "all"
# The order in which people name them; types that a register brings besides stand at the end.
TYPE_ORDER = (
    "maintained",
    "academy",
    "free school",
    "independent",
    "special",
    "alternative provision",
    "college",
    "nursery",
)
_SHORT = {"alternative provision": "Alternative"}
MATRIX_HEIGHT = 560
BEHIND_HEIGHT = 330
_LETTER_ITEMS = {
    "dsl_forum_role_offered": "2 · A role on the DSL forum was offered",
    "relevant_agency_named": "4 · The school is named as a relevant agency",
}


def area_name(borough: str | None) -> str:
    """What the figures are of: London, or a borough by its name."""
    return "London" if borough is None else reference.borough_name(borough)


# --- the matrix ----------------------------------------------------------------------------------


def _in_order(types: pd.DataFrame) -> dict[str, str]:
    """The columns: school types as they are named, by their heading; all types last."""
    found = set(types["school_type"].dropna())
    known = [kind for kind in TYPE_ORDER if kind in found]
    ordered = [*known, *sorted(found - set(known))]
    headings = {kind: _SHORT.get(kind, sentence(kind)) for kind in ordered}
    return {**headings, ALL_TYPES: "All"}


def _items(types: pd.DataFrame) -> dict[str, dict[str, str]]:
    """The rows: items in the order of the letter, with its row and the item's title."""
    rows = types.drop_duplicates("indicator").to_dict("records")
    return {row["indicator"]: {"Row": row["letter"], "Item": row["title"]} for row in rows}


def _cells(types: pd.DataFrame) -> dict[tuple[str, str], Any]:
    rows = types.to_dict("records")
    return {
        (row["indicator"], ALL_TYPES if pd.isna(row["school_type"]) else row["school_type"]):
            share_of(row)
        for row in rows
    }  # fmt: skip


def matrix(types: pd.DataFrame) -> tuple[str, str] | None:
    """Items by school type; the item and type of the cell just chosen."""
    legend()
    return share_matrix(
        _cells(types),
        _items(types),
        _in_order(types),
        key="engagement_matrix",
        height=MATRIX_HEIGHT,
        lead_widths={"Row": 44, "Item": 170},
        column_width=104,
    )


def source(types: pd.DataFrame, held: pd.DataFrame, place: Mapping[str, str | None]) -> None:
    """What stands under the matrix, with its downloads."""
    quarter = str(place["quarter"])
    of_all = types[types["school_type"].isna()]
    most = of_all["schools"].max()
    extracts = sorted({e for name in of_all["indicator"] for e in definitions()[name].extracts})
    line = frame.source_line(quarter, held, extracts, f"n = {count(most)} schools in scope")
    about = provenance(
        f"Items of the letter by school type, {area_name(place['borough'])}",
        quarter,
        source=", ".join(extracts),
        definition="Share of schools that meet an item, of those that answer yes or no; ? nothing "
        f"known, (…) {FEW_KNOWN}, – applies to nobody",
        filters={"Borough": area_name(place["borough"]), "Phase": place["phase"]},
    )
    frame_of_all = matrix_frame(_cells(types), _items(types), _in_order(types))
    under_table(line, lambda: frame_of_all, about, quarter, key="engagement_source")


# --- behind a cell -------------------------------------------------------------------------------


def asked_cell(types: pd.DataFrame) -> dict[str, Any] | None:
    """The cell that the URL names (?item=…&of=…), or None where it names none that there is."""
    item, kind = st.query_params.get("item"), st.query_params.get("of", ALL_TYPES)
    school_type = types["school_type"].fillna(ALL_TYPES)
    found = types[(types["indicator"] == item) & (school_type == kind)]
    if found.empty:
        return None
    cell = {str(key): value for key, value in found.iloc[0].items()}
    return cell | {"school_type": None if kind == ALL_TYPES else kind}


def behind(
    cell: Mapping[str, Any], boroughs: pd.DataFrame, borough: str | None, phase: str | None
) -> None:
    """How a cell is made up, and its boroughs; a click leads to a borough's schools with the gap.

    `boroughs` is the answer of gaps/by_borough for the cell; `borough` leaves one alone.
    """
    definition = definitions()[cell["indicator"]]
    st.subheader(f"{definition.title}: {_of(cell['school_type'])}")
    st.markdown(
        f"{definition.question} **{percent(cell['share_met'])}** of {count(cell['n'])} known "
        f"(95% interval {interval(cell['low'], cell['high'])}): {count(cell['met'])} met, "
        f"**{count(cell['gap'])} said no** ({count(cell['pupils_gap'])} pupils). Unknown "
        f"{count(cell['unknown'])}: {reasons_words(cell)}. What closes it: {definition.closes}"
    )
    shown = boroughs[boroughs["schools"] > 0]
    if borough is not None:
        shown = shown[shown["borough_code"] == borough]
    shown = shown.sort_values(["gap", "unknown"], ascending=False, ignore_index=True)
    place = chosen_row(_borough_table(shown), key="behind_table", height=BEHIND_HEIGHT)
    st.caption(known_of(shown["n"].sum(), shown["schools"].sum()) + " · choose a borough for its "
               "schools")  # fmt: skip
    if place is not None:
        kind = {"school_type": sentence(cell["school_type"])} if cell["school_type"] else {}
        of_phase = {"phase": sentence(phase)} if phase else {}
        go_to(
            "borough",
            borough=str(shown.iloc[place]["borough_code"]),
            view="Schools",
            by="Indicator",
            indicator=definition.title,
            state="Gap",
            **kind,
            **of_phase,
        )


def _of(school_type: str | None) -> str:
    return "all types of school" if school_type is None else f"{school_type} schools"


def _borough_table(boroughs: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Borough": boroughs["borough"],
            "Said no": boroughs["gap"],
            "Met": boroughs["met"],
            "Share met": [percent(share) for share in boroughs["share_met"]],
            "95%": [interval(a, b) for a, b in zip(boroughs["low"], boroughs["high"], strict=True)],
            "Unknown": boroughs["unknown"],
            "Not asked": boroughs["not_asked"],
            "No reply": boroughs["no_reply"],
            "Pupils with the gap": [count(pupils) for pupils in boroughs["pupils_gap"]],
        }
    )


# --- followed, never a gap -----------------------------------------------------------------------


def letter_answers(answers: pd.DataFrame) -> None:
    """What is followed and never a gap of a school, by type; with the legal position's date."""
    st.subheader("Which schools were offered a role, and which are named as relevant agencies?")
    if answers.empty:
        st.caption("No school return stands in this quarter.")
        return
    wide = answers.assign(
        Item=answers["item"].map(_LETTER_ITEMS),
        Type=[sentence(kind) for kind in answers["school_type"]],
        said=[ANSWER_WORDS[answer] for answer in answers["answer"]],
    ).pivot_table(index=["Item", "Type"], columns="said", values="schools", aggfunc="sum")
    said = [word for word in ANSWER_WORDS.values() if word in wide.columns]
    st.dataframe(wide[said].fillna(0).astype(int).reset_index(), hide_index=True)
    note = dated_notes()["relevant_agencies"]
    st.caption(f"As of {day_words(note.as_of)}: {note.text}")
