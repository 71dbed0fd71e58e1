"""The panels of the engagement screen: items by school type, and the boroughs behind a cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.indicator import definitions
from gapmap.reference import reference
from gapmap.ui import frame
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.navigation import go_to, go_up_from
from gapmap.ui.setting_words import FEW_KNOWN
from gapmap.ui.share_matrix import legend, matrix_frame, share_matrix, share_of
from gapmap.ui.tables import HEADING_HEIGHT, ROW_HEIGHT, chosen_row
from gapmap.ui.words import (
    count,
    interval,
    known_of,
    missing,
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
BEHIND_HEIGHT = 270
_LETTER_ITEMS = {
    "dsl_forum_role_offered": {"Row": "2", "Item": "Role on the DSL forum"},
    "relevant_agency_named": {"Row": "4", "Item": "Named as an agency"},
}
_TOLD = {"Row": "5", "Item": "Told, in boroughs"}


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


def finding(types: pd.DataFrame) -> str:
    """The item and type of school furthest from met, of those with enough known; and the best."""
    ranked = types[types["school_type"].notna() & types["ranked"] & types["share_met"].notna()]
    if ranked.empty:
        return "**Too little is known** to say."
    ordered = ranked.sort_values(["share_met", "indicator", "school_type"])
    return (
        f"Least: **{_named(ordered.iloc[0])}**; most: {_named(ordered.iloc[-1])}. "
        "Choose a cell for its boroughs and schools."
    )


def _named(row: Any) -> str:
    return f"{row['title']}, {_of(row['school_type'])} {percent(row['share_met'])}"


def matrix(types: pd.DataFrame) -> tuple[str, str] | None:
    """Items by school type; the item and type of the cell just chosen."""
    st.markdown(f"Which items do schools of which type not meet? {finding(types)}")
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
    cell: Mapping[str, Any],
    boroughs: pd.DataFrame,
    held: pd.DataFrame,
    place: Mapping[str, str | None],
) -> None:
    """How a cell is made up, and its boroughs; a click leads to a borough's schools with the gap.

    `boroughs` is the answer of gaps/by_borough for the cell; `place`: the filters of the screen.
    """
    borough, phase = place["borough"], place["phase"]
    definition = definitions()[cell["indicator"]]
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.subheader(f"{definition.title}: {_of(cell['school_type'])}")
    if right.button("All items", icon=":material/close:", type="tertiary", key="close_cell"):
        go_up_from("item")
    st.markdown(
        f"{definition.question} **{percent(cell['share_met'])}** of {count(cell['n'])} known "
        f"(95% interval {interval(cell['low'], cell['high'])}): {count(cell['met'])} met, "
        f"**{count(cell['gap'])} {definition.gap}** ({count(cell['pupils_gap'])} pupils). Unknown "
        f"{count(cell['unknown'])}: {reasons_words(cell)}. What closes it: {definition.closes}"
    )
    shown = boroughs[boroughs["schools"] > 0]
    if borough is not None:
        shown = shown[shown["borough_code"] == borough]
    shown = shown.sort_values(["gap", "unknown"], ascending=False, ignore_index=True)
    table = _borough_table(shown)
    row = chosen_row(table, key="behind_table", height=BEHIND_HEIGHT, columns=_borough_columns())
    quarter = str(place["quarter"])
    about = provenance(
        f"{definition.title}, {_of(cell['school_type'])}, by borough",
        quarter,
        source=", ".join(definition.extracts),
        definition=f"{definition.numerator}, of {definition.denominator}",
        filters={
            "Borough": area_name(borough),
            "Phase": phase,
            "School type": cell["school_type"],
        },
    )
    n = known_of(shown["n"].sum(), shown["schools"].sum()) + " · choose a borough for its schools"
    line = frame.source_line(quarter, held, definition.extracts, n)
    under_table(line, lambda: table, about, quarter, key="behind_source")
    if row is not None:
        kind = {"school_type": sentence(cell["school_type"])} if cell["school_type"] else {}
        of_phase = {"phase": sentence(phase)} if phase else {}
        go_to(
            "borough",
            borough=str(shown.iloc[row]["borough_code"]),
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
            "With the gap": boroughs["gap"],
            "Met": boroughs["met"],
            "Share met": [percent(share) for share in boroughs["share_met"]],
            "95%": [interval(a, b) for a, b in zip(boroughs["low"], boroughs["high"], strict=True)],
            "Unknown": boroughs["unknown"],
            "Not asked": boroughs["not_asked"],
            "No reply": boroughs["no_reply"],
            "Not submitted": boroughs["not_submitted"],
            "Not in return": boroughs["no_row"],
            "Out of date": boroughs["out_of_date"],
            "Pupils": boroughs["pupils_gap"],
        }
    )


def _borough_columns() -> dict[str, Any]:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    return {
        "Borough": text(width=170),
        "With the gap": number(width=92),
        "Met": number(width=52),
        "Share met": text(width=80, alignment="right"),
        "95%": text(width=82, alignment="right"),
        "Unknown": number(width=74, help="The five columns after it say why"),
        "Not submitted": number(width=100),
        "Not in return": number(width=92),
        "Pupils": number(width=76, format="localized", help="In schools with the gap"),
    }


# --- followed, never a gap -----------------------------------------------------------------------


def letter_answers(
    answers: pd.DataFrame,
    told: pd.DataFrame,
    types: pd.DataFrame,
    held: pd.DataFrame,
    place: Mapping[str, str | None],
) -> None:
    """What is followed and never a gap of a school, by type, in the columns of the matrix."""
    st.subheader("Which schools were offered a role, are named as agencies, and were told?")
    if answers.empty:
        st.caption("No school return stands in this quarter.")
    columns = _in_order(types)
    shown = followed_table(answers, told, columns)
    widths = {"Row": 44, "Item": 170, **dict.fromkeys(columns.values(), 104)}
    st.dataframe(
        shown,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=len(shown) * ROW_HEIGHT + HEADING_HEIGHT,
        column_config={
            heading: st.column_config.TextColumn(
                width=width, alignment="right" if heading in columns.values() else "left"
            )
            for heading, width in widths.items()
        },
        key="engagement_followed",
    )
    quarter = str(place["quarter"])
    extracts = ["school_safeguarding", "message_log"]
    about = provenance(
        f"Followed and never a gap, {area_name(place['borough'])}",
        quarter,
        source=", ".join(extracts),
        definition=FOLLOWED,
        filters={"Borough": area_name(place["borough"]), "Phase": place["phase"]},
    )
    n = f"n = {count(answers.loc[answers['item'] == next(iter(_LETTER_ITEMS)), 'schools'].sum())}"
    line = frame.source_line(quarter, held, extracts, f"{n} schools in scope")
    under_table(line, lambda: shown, about, quarter, key="engagement_followed_source")
    st.caption(f"{FOLLOWED} Row 7, what children, parents and schools say, is on the page Voice: "
               "it is not released by type of school.")  # fmt: skip


FOLLOWED = (
    "Rows 2 and 4: schools that answered yes, of those that answered yes or no; the others are "
    "unknown. Row 5: boroughs whose log has a message to schools of the type, or to all types, in "
    "this and the three quarters before; none in the log does not prove that none was sent."
)


def followed_table(
    answers: pd.DataFrame, told: pd.DataFrame, columns: Mapping[str, str]
) -> pd.DataFrame:
    """Rows 2, 4 and 5 of the letter by school type, as they are shown and exported."""
    rows: list[dict[str, str]] = []
    for item, lead in _LETTER_ITEMS.items():
        of_item = answers[answers["item"] == item]
        numbers = {
            heading: _numbers(of_item if kind == ALL_TYPES else _of_type(of_item, kind))
            for kind, heading in columns.items()
        }
        yes = {heading: f"{y:,} of {y + n:,}" for heading, (y, n, _) in numbers.items()}
        unknown = {heading: f"{u:,}" for heading, (_, _, u) in numbers.items()}
        rows += [{**lead, **yes}, {"Row": lead["Row"], "Item": "– of it unknown", **unknown}]
    by_type = {
        ALL_TYPES if missing(row["school_type"]) else row["school_type"]: row
        for row in told.to_dict("records")
    }
    cells = {heading: _told(by_type.get(kind)) for kind, heading in columns.items()}
    return pd.DataFrame([*rows, {**_TOLD, **cells}])


def _of_type(answers: pd.DataFrame, kind: str) -> pd.DataFrame:
    return answers[answers["school_type"] == kind]


def _numbers(answers: pd.DataFrame) -> tuple[int, int, int]:
    """Schools that said yes, no, and of which it is unknown."""
    number = answers.groupby("answer")["schools"].sum()
    yes, no = int(number.get("yes", 0)), int(number.get("no", 0))
    return yes, no, int(number.sum()) - yes - no


def _told(row: Mapping[Any, Any] | None) -> str:
    return "–" if row is None else f"{count(row['boroughs_told'])} of {count(row['boroughs'])}"
