"""Missing answers: who was not asked, has not replied or said no, by question and by borough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import Definition, definitions
from gapmap.reference.letters import Kind
from gapmap.ui.borough.listed_schools import of_answers, open_borough
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.filling import filling_box
from gapmap.ui.frame import Source
from gapmap.ui.letter_panel import letter_of, show_letters
from gapmap.ui.loads import load
from gapmap.ui.london.headline import QUESTIONS, school_extracts
from gapmap.ui.tables import chosen_row
from gapmap.ui.words import sentence

# The columns of both tables: the answer, its heading, and what it means.
ANSWERS: Final[Mapping[str, tuple[str, str]]] = {
    "not_asked": ("Not asked", "The school was not asked yet: the letter asks."),
    "no_reply": ("No reply", "Asked, and no answer came: the letter reminds."),
    "gap": ("Said no", "An answer, and not a missing one: the letter offers support."),
    "not_submitted": ("Not sent", "Its borough has no return that still counts."),
    "no_row": ("No row", "Its borough sent a return that the school is not in."),
    "out_of_date": ("Expired", "Answered once; the answer no longer counts."),
}
LETTERS: Final[tuple[Kind, ...]] = ("not_asked", "no_reply", "said_no")
_WIDTHS: Final = {"No row": 52, "Not sent": 60, "Gap, or no": 72, "Not asked": 68, "No reply": 64}
_FIRST: Final = 130  # at 1280 pixels the table then ends with a column
_LEAST: Final = 250
_TAKEN: Final = 470


def shown_answers(found: pd.DataFrame, first: str, *, gap: str = "Said no") -> pd.DataFrame:
    """A table of answers as it is shown and taken along; `first` names the rows."""
    column = "title" if "title" in found else "borough"
    shown: dict[str, Any] = {first: found[column]}
    for answer, (heading, _) in ANSWERS.items():
        shown[gap if answer == "gap" else heading] = found[answer]
    shown["Unknown"] = found["unknown"]
    shown["Pupils"] = found["pupils_unknown"]
    return pd.DataFrame(shown)


def show_missing(
    viewer: Viewer,
    definition: Definition,
    quarter: str,
    of_school: Mapping[str, str | None],
    source_of: Source,
) -> None:
    """The questions at the left, the boroughs of the chosen one beside, and its letters below."""
    everything = load(viewer, "london/missing_by_indicator", quarter=quarter, **of_school)
    of_one = load(
        viewer, "london/missing_by_borough", quarter=quarter, indicator=definition.name, **of_school
    )
    source = source_of(school_extracts())
    left, right = st.columns(2, gap="small")
    with left:
        st.subheader("On which questions are answers missing?")
        with filling_box("missing_indicators", least=_LEAST, taken=_TAKEN):
            chosen = _questions(everything)
        _export(everything, "Missing answers by question", quarter, of_school, source, None)
    with right:
        st.subheader(f"{definition.title}: where are they missing?")
        with filling_box("missing_boroughs", least=_LEAST, taken=_TAKEN):
            code = _boroughs(of_one, definition)
        _export(
            of_one,
            f"Missing answers on {definition.title}",
            quarter,
            of_school,
            source_of(definition.extracts),
            definition,
        )
    with st.expander(
        f"Letters ready to send: {definition.title}", icon=":material/mail:", expanded=False
    ):
        own = [one for one in of_one["borough_code"] if viewer.leads(one)]
        show_letters(
            [
                letter_of(viewer, kind, [definition], quarter, borough=own[0] if own else None)
                for kind in LETTERS
            ],
            key="missing_letters",
        )
    st.caption(source)
    if chosen and chosen != definition.name:
        st.session_state["indicator_asked"] = chosen
        st.rerun()
    if code:
        open_borough(code, of_answers("unknown", definition.name))


def settle() -> None:
    """Turn the indicator's filter to the question that was chosen; before the filter is drawn."""
    asked = st.session_state.pop("indicator_asked", None)
    if asked is not None:
        st.session_state["indicator"] = asked


def _questions(everything: pd.DataFrame) -> str | None:
    place = chosen_row(
        shown_answers(everything, "Question", gap="Gap, or no"),
        key="missing_questions",
        height="stretch",
        columns={"Question": st.column_config.TextColumn(width=_FIRST), **_numbers()},
    )
    return None if place is None else str(everything.iloc[place]["indicator"])


def _boroughs(of_one: pd.DataFrame, definition: Definition) -> str | None:
    rows = of_one.sort_values(["unknown", "borough"], ascending=[False, True], ignore_index=True)
    place = chosen_row(
        shown_answers(rows, "Borough", gap=gap_heading(definition)),
        key="missing_by_borough",
        height="stretch",
        columns={
            "Borough": st.column_config.TextColumn(width=_FIRST + 20),
            **_numbers(),
            gap_heading(definition): st.column_config.NumberColumn(
                "Said no" if definition.extracts == (QUESTIONS,) else "Gap",
                width=_WIDTHS["Gap, or no"] - 20,
                help=f"An answer, and not a missing one: {definition.gap}.",
            ),
        },
    )
    return None if place is None else str(rows.iloc[place]["borough_code"])


def gap_heading(definition: Definition) -> str:
    """What a gap is called: a no where the schools were asked, else what is missing."""
    return "Said no" if definition.extracts == (QUESTIONS,) else sentence(definition.gap)


def _numbers() -> dict[str, Any]:
    headings = dict(ANSWERS.values())
    headings |= {"Gap, or no": "A no to a question, or a gap by the return."}
    columns: dict[str, Any] = {
        heading: st.column_config.NumberColumn(width=_WIDTHS.get(heading, 58), help=meaning)
        for heading, meaning in headings.items()
    }
    columns["Unknown"] = st.column_config.NumberColumn(
        width=64, help="All that is missing; never a gap, never met."
    )
    columns["Pupils"] = st.column_config.NumberColumn(
        width=66,
        format="localized",
        help="Pupils of the schools whose answer is unknown, where their number is known.",
    )
    return columns


def _export(
    found: pd.DataFrame,
    title: str,
    quarter: str,
    of_school: Mapping[str, str | None],
    source: str,
    definition: Definition | None,
) -> None:
    one_each = [definition] if definition else list(definitions().values())
    under_table(
        "By borough" if definition else "By question",
        lambda: shown_answers(found, "Borough" if definition else "Question"),
        provenance(
            title,
            quarter,
            source=source,
            definition="; ".join(f"{d.title}: {d.question}" for d in one_each),
            filters={
                "Phase": of_school.get("phase"),
                "School type": of_school.get("school_type"),
            },
        ),
        quarter,
        key=f"missing_export_{'borough' if definition else 'question'}",
    )
