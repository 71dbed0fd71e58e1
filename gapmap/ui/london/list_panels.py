"""The lists behind the headline: boroughs with their numbers, never a list of schools of London."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import Definition, definitions
from gapmap.reference.letters import Kind
from gapmap.ui.borough.listed_schools import open_borough
from gapmap.ui.classes import DSL_SOON
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.filling import filling_box
from gapmap.ui.frame import Source
from gapmap.ui.letter_panel import letter_of, show_letters
from gapmap.ui.loads import load
from gapmap.ui.london.headline import school_extracts
from gapmap.ui.london.london_choice import (
    DSL_TRAINING,
    NO_POLICE,
    NOT_REVIEWED,
    NOT_SUBMITTED,
    list_control,
)
from gapmap.ui.london.missing_panels import ANSWERS
from gapmap.ui.navigation import go_into
from gapmap.ui.returns.reminders import show_reminder
from gapmap.ui.returns.returns_panels import load_states
from gapmap.ui.tables import chosen_row
from gapmap.ui.words import count

_LEAST: Final = 270
_TAKEN: Final = 450


@dataclass(frozen=True)
class ListOf:
    """A list behind a figure of the headline: its indicator, what it opens in a borough, letters.

    `only`: the list of schools that a borough of it opens (gapmap.ui.borough.listed_schools).
    """

    question: str
    indicator: str
    only: str
    letters: tuple[Kind, ...]


LISTS: Final[Mapping[str, ListOf]] = {
    NOT_REVIEWED: ListOf(
        "In which boroughs are schools not reviewed?",
        "reviewed",
        "not_reviewed",
        ("not_reviewed", "not_asked", "no_reply"),
    ),
    DSL_TRAINING: ListOf(
        "In which boroughs is DSL training out of date, or about to run out?",
        "dsl_in_date",
        "dsl_training",
        ("dsl_runs_out", "dsl_not_in_date"),
    ),
    NO_POLICE: ListOf(
        "In which boroughs have schools no police contact?",
        "police_engagement",
        "no_police_contact",
        ("no_police_contact", "said_no"),
    ),
    NOT_SUBMITTED: ListOf("Which boroughs have not submitted?", "reviewed", "", ("not_submitted",)),
}


def _definition_of(name: str) -> Definition:
    return definitions()[LISTS[name].indicator]


def load_list(
    viewer: Viewer,
    name: str,
    quarter: str,
    previous: str | None,
    of_school: Mapping[str, str | None],
) -> pd.DataFrame:
    """The boroughs of a list with something on it, those with most first."""
    given = {"quarter": quarter, "indicator": LISTS[name].indicator, **of_school}
    if name == NOT_SUBMITTED:
        found = load(
            viewer,
            "london/not_submitted",
            quarter=quarter,
            previous=previous,
            extracts=school_extracts(),
            **of_school,
        )
        return found[found["is_missing"]].reset_index(drop=True)
    found = load(viewer, "london/missing_by_borough", **given)
    if name == DSL_TRAINING:
        soon = load(viewer, "london/runs_out", ahead=DSL_SOON, **given)
        found = found.merge(soon.drop(columns=["borough", "met"]), on="borough_code")
        found = found.sort_values(
            ["runs_out", "gap", "borough"], ascending=[False, False, True], ignore_index=True
        )
        return found[(found["gap"] > 0) | (found["runs_out"] > 0)].reset_index(drop=True)
    counted = ["gap", "unknown"] if name == NOT_REVIEWED else ["gap"]
    found = found.assign(listed=found[counted].sum(axis=1))
    found = found.sort_values(["listed", "borough"], ascending=[False, True], ignore_index=True)
    return found[found["listed"] > 0].reset_index(drop=True)


def table_of(found: pd.DataFrame, name: str) -> pd.DataFrame:
    """A list as it is shown and taken along."""
    if name == NOT_SUBMITTED:
        return pd.DataFrame(
            {
                "Borough": found["borough"],
                "Return": found["title"],
                "Last one": found["last_quarter"].fillna("never"),
                "Schools": found["schools"],
                "Pupils": found["pupils"],
            }
        )
    columns: dict[str, Any] = {"Borough": found["borough"]}
    if name == DSL_TRAINING:
        columns |= {
            "Runs out": found["runs_out"],
            "This quarter": found["runs_out_next"],
            "Pupils in those": found["pupils_runs_out"],
            "Out of date": found["gap"],
            "Pupils": found["pupils_gap"],
        }
    elif name == NOT_REVIEWED:
        columns |= {
            "Unreviewed": found["listed"],
            "Said no": found["gap"],
            "Not asked": found["not_asked"],
            "No reply": found["no_reply"],
            "Not sent": found["not_submitted"],
            "No row": found["no_row"],
            "Expired": found["out_of_date"],
            "Pupils": found["pupils_gap"] + found["pupils_unknown"],
        }
    else:
        columns |= {"No contact": found["gap"], "Pupils": found["pupils_gap"]}
    columns["Schools"] = found["schools"]
    return pd.DataFrame(columns)


def show_list(viewer: Viewer, name: str, found: pd.DataFrame, quarter: str) -> None:
    """A list and its letters; a borough that is chosen opens the schools behind its number."""
    left, right = st.columns([12.8, 7.4], gap="small")
    with left:
        st.subheader(LISTS[name].question)
        if found.empty:
            st.success("None: there is nothing on this list.", icon=":material/task_alt:")
        else:
            with filling_box("london_list", least=_LEAST, taken=_TAKEN):
                _open_chosen(name, found)
    with right:
        if name == NOT_SUBMITTED and not found.empty:
            _reminder(viewer, found, quarter)
        else:
            _letters(viewer, name, found, quarter)


def _open_chosen(name: str, found: pd.DataFrame) -> None:
    place = chosen_row(
        table_of(found, name),
        key="london_list_table",
        height="stretch",
        columns={
            "Borough": st.column_config.TextColumn(width=154),
            "Unreviewed": st.column_config.NumberColumn(
                width=84, help="Those that said no, and those of which it is not known."
            ),
            "Said no": st.column_config.NumberColumn(width=62),
            "Not asked": st.column_config.NumberColumn(width=68, help=ANSWERS["not_asked"][1]),
            "No reply": st.column_config.NumberColumn(width=64, help=ANSWERS["no_reply"][1]),
            "Schools": st.column_config.NumberColumn(width=62, help="All, met or not."),
            "Return": st.column_config.TextColumn(width=220),
            "Runs out": st.column_config.NumberColumn(
                help="In date now; this quarter or one of the next two is the last it counts in."
            ),
            "Not sent": st.column_config.NumberColumn(width=62, help=ANSWERS["not_submitted"][1]),
            "No row": st.column_config.NumberColumn(width=56, help=ANSWERS["no_row"][1]),
            "Expired": st.column_config.NumberColumn(width=58, help=ANSWERS["out_of_date"][1]),
            "Pupils": st.column_config.NumberColumn(
                format="localized", width=66, help="Of schools whose number of pupils is known."
            ),
            "Pupils in those": st.column_config.NumberColumn(format="localized"),
        },
    )
    if place is None:
        return
    code = str(found.iloc[place]["borough_code"])
    if name == NOT_SUBMITTED:
        go_into(borough=code)
    open_borough(code, LISTS[name].only)


def _reminder(viewer: Viewer, found: pd.DataFrame, quarter: str) -> None:
    """What a borough is to send; for its lead and administrators the reminder to its own lead."""
    names = dict(zip(found["borough_code"], found["borough"], strict=True))
    code = st.selectbox("Reminder to", list(names), format_func=names.__getitem__, key="remind")
    if code is None:
        return
    show_reminder(load_states(viewer, quarter, None, None, None), code, viewer)
    if not viewer.may_remind(code):
        letter = letter_of(
            viewer, "not_submitted", [definitions()["reviewed"]], quarter, borough=code
        )
        show_letters([letter], key="letters_not_submitted", height=160)


def _letters(viewer: Viewer, name: str, found: pd.DataFrame, quarter: str) -> None:
    one = LISTS[name]
    definition = definitions()[one.indicator]
    own = [code for code in found["borough_code"] if viewer.leads(code)]
    borough = own[0] if own else None
    st.caption(
        f"{count(found['borough_code'].nunique())} boroughs on the list. Choose one to see the "
        "schools behind its number, within that borough. "
        + ("" if borough else "The letter is a pattern for all; opened in a borough it is its own.")
    )
    show_letters(
        [letter_of(viewer, kind, [definition], quarter, borough=borough) for kind in one.letters],
        key=f"letters_{one.only or 'not_submitted'}",
    )


def show_list_view(
    viewer: Viewer,
    quarter: str,
    previous: str | None,
    of_school: Mapping[str, str | None],
    source_of: Source,
) -> None:
    """The list that is chosen, its letters, and the table to take along."""
    name = list_control()
    listed = school_extracts() if name == NOT_SUBMITTED else _definition_of(name).extracts
    source = source_of(listed)
    found = load_list(viewer, name, quarter, previous, of_school)
    show_list(viewer, name, found, quarter)
    under_table(
        source,
        lambda: table_of(found, name),
        provenance(
            name,
            quarter,
            source=source,
            definition=_definition_of(name).question,
            filters={
                "Phase": of_school.get("phase"),
                "School type": of_school.get("school_type"),
            },
        ),
        quarter,
        key="london_list_export",
    )
