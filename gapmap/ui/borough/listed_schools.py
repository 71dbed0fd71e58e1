"""The schools of one borough that a list of London counted: ?only= names the list.

The borough's page shows them with one call, `show_listed`, when `asked_list` finds a list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import Definition, definitions, of_schools
from gapmap.reference import reference
from gapmap.reference.letters import Kind
from gapmap.ui.classes import DSL_SOON
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.letter_panel import letter_of, show_letters
from gapmap.ui.loads import load
from gapmap.ui.london import london_choice
from gapmap.ui.naming import school_label
from gapmap.ui.navigation import go_into
from gapmap.ui.tables import chosen_row
from gapmap.ui.words import (
    count,
    extract_names,
    missing,
    numbered,
    quarter_words,
    state_words,
    text,
)

PARAMETER: Final = "only"
_BETWEEN: Final = "."
FAILS: Final = "fails"
_TABLE_HEIGHT: Final = 330

Filters = Mapping[str, str | None]


@dataclass(frozen=True)
class Listed:
    """A list of schools: who is on it, by indicator and answer, and the letter that goes to them.

    `answers`: states, and reasons of unknown. `soon`: those too whose answer runs out soon.
    """

    title: str
    indicators: tuple[str, ...]
    answers: tuple[str, ...] = ("gap",)
    letters: tuple[Kind, ...] = ("said_no",)
    soon: bool = False


_UNKNOWN: Final = ("not_asked", "no_reply", "not_submitted", "no_row", "out_of_date")
_FIXED: Final[Mapping[str, Listed]] = {
    "not_reviewed": Listed(
        "Schools that are not reviewed",
        ("reviewed",),
        ("gap", *_UNKNOWN),
        ("not_reviewed", "not_asked", "no_reply"),
    ),
    "dsl_training": Listed(
        "DSL training that is out of date, or runs out within two quarters",
        ("dsl_in_date",),
        ("gap",),
        ("dsl_runs_out", "dsl_not_in_date"),
        soon=True,
    ),
    "no_police_contact": Listed(
        "Schools without a police contact", ("police_engagement",), ("gap",), ("no_police_contact",)
    ),
}
# A kind of answer and the letter that follows from it; `only` is the kind and the indicator.
_KINDS: Final[Mapping[str, tuple[str, tuple[str, ...], Kind]]] = {
    "not_asked": ("not asked", ("not_asked",), "not_asked"),
    "no_reply": ("no reply", ("no_reply",), "no_reply"),
    "said_no": ("gap", ("gap",), "said_no"),
    "not_sent": ("not submitted, or not in the return", ("not_submitted", "no_row"), "no_reply"),
    "out_of_date": ("out of date", ("out_of_date",), "no_reply"),
    "unknown": ("unknown", _UNKNOWN, "no_reply"),
}


def of_answers(kind: str, indicator: str) -> str:
    """The list of the schools with one kind of answer to an indicator."""
    return f"{kind}{_BETWEEN}{indicator}"


def of_criteria(indicators: Sequence[str]) -> str:
    """The list of the schools that have the gap of every one of these indicators."""
    return _BETWEEN.join([FAILS, *indicators])


def open_borough(code: str, only: str) -> NoReturn:
    """Go into a borough, to the schools of a list: one step in the history."""
    go_into(borough=code, **{PARAMETER: only})


def asked_list() -> Listed | None:
    """The list that the URL names, or None where it names none that there is."""
    return parse_list(st.query_params.get(PARAMETER, ""))


def parse_list(only: str) -> Listed | None:
    """A list by its name in the URL."""
    if only in _FIXED:
        return _FIXED[only]
    kind, *indicators = only.split(_BETWEEN)
    known = {d.name for d in of_schools()}
    if not indicators or not known.issuperset(indicators) or len(set(indicators)) < len(indicators):
        return None
    titles = [definitions()[name].title for name in indicators]
    if kind == FAILS and len(indicators) <= london_choice.MOST_CRITERIA:
        gaps = "the gap" if len(titles) == 1 else "every gap"
        return Listed(f"Schools with {gaps}: {', '.join(titles)}", tuple(indicators))
    if kind in _KINDS and len(indicators) == 1:
        words, answers, letter = _KINDS[kind]
        return Listed(f"{titles[0]}: {words}", tuple(indicators), answers, (letter,))
    return None


def show_listed(
    viewer: Viewer, code: str, quarter: str, of_school: Filters, *, named: bool
) -> str | None:
    """The schools of the list that the URL names, in one borough, with its letter and the way out;
    the URN of the school that was clicked.

    `code`: the borough's GSS code; `of_school`: phase and school type, or None for all; `named`:
    whether the screen names schools. Nothing where the URL names no list.
    """
    listed, clicked = asked_list(), None
    if listed is None:
        return None
    found = _load(viewer, listed, code, quarter, of_school)
    labels = _labels(found, named)
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _heading(listed.title, found, code)
        if found.empty:
            st.success("No school of this borough is on the list.", icon=":material/task_alt:")
        else:
            clicked = _show_table(listed, found.assign(label=labels), code, quarter, of_school)
    with right:
        written = [
            letter_of(
                viewer,
                kind,
                [definitions()[name] for name in listed.indicators],
                quarter,
                borough=code,
                schools=_addressed(found, labels, kind),
            )
            for kind in listed.letters
        ]
        show_letters(written, key="listed_letters")
        if viewer.leads(code):
            st.caption("Below the letter stand the schools that it goes to: for you alone.")
    return clicked


def _load(
    viewer: Viewer, listed: Listed, code: str, quarter: str, of_school: Filters
) -> pd.DataFrame:
    given = {"quarter": quarter, "borough": code, **of_school}
    if len(listed.indicators) > 1:
        return load(viewer, "london/failing_schools", indicators=listed.indicators, **given)
    one = {**given, "indicator": listed.indicators[0]}
    found = load(viewer, "london/listed_schools", answers=listed.answers, ahead=None, **one)
    if not listed.soon:
        return found
    soon = load(viewer, "london/listed_schools", answers=("met",), ahead=DSL_SOON, **one)
    return found if soon.empty else pd.concat([soon, found], ignore_index=True)


def _labels(found: pd.DataFrame, named: bool) -> list[str]:
    return [
        school_label(row["school_name"], row["phase"], row["place"], named=named)
        for row in found.to_dict("records")
    ]


def _addressed(found: pd.DataFrame, labels: Sequence[str], kind: Kind) -> list[str]:
    """Of the schools on a list, those that a kind of letter goes to."""
    if found.empty or "state" not in found:
        return list(labels)
    goes: dict[Kind, Callable[[Mapping[Any, Any]], bool]] = {
        "dsl_runs_out": lambda row: row["state"] == "met",
        "dsl_not_in_date": lambda row: row["state"] == "gap",
        "not_asked": lambda row: row["reason"] == "not_asked",
        "said_no": lambda row: row["state"] == "gap",
    }
    is_meant = goes.get(kind)
    rows = zip(found.to_dict("records"), labels, strict=True)
    return [label for row, label in rows if is_meant is None or is_meant(row)]


def _heading(title: str, found: pd.DataFrame, code: str) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xxsmall", key="listed_heading"
    ):
        st.subheader(f"{title}: {numbered(len(found), 'school')}", width="stretch")
        st.button(
            f"All of {reference.borough_name(code)}",
            icon=":material/close:",
            type="tertiary",
            key="leave_list",
            on_click=_leave,
        )


def _leave() -> None:
    st.query_params.pop(PARAMETER, None)


def _show_table(
    listed: Listed, found: pd.DataFrame, code: str, quarter: str, of_school: Filters
) -> str | None:
    shown = listed_table(found, [definitions()[name] for name in listed.indicators])
    place = chosen_row(
        shown,
        key="listed_table",
        height=min(_TABLE_HEIGHT, 40 + 29 * len(shown)),
        columns={"School": st.column_config.TextColumn(width=112)},
    )
    extracts = sorted({x for n in listed.indicators for x in definitions()[n].extracts})
    names = extract_names(extracts)
    line = f"{quarter_words(quarter)} · from {names} · n = {count(len(shown))} schools"
    under_table(
        line,
        lambda: shown,
        provenance(
            f"{listed.title}, {reference.borough_name(code)}",
            quarter,
            source=", ".join(extracts),
            definition="; ".join(
                f"{definitions()[n].title}: {definitions()[n].numerator}" for n in listed.indicators
            ),
            filters={
                "Borough": reference.borough_name(code),
                "Phase": of_school.get("phase"),
                "School type": of_school.get("school_type"),
            },
        ),
        quarter,
        key="listed_export",
    )
    return None if place is None else str(found.iloc[place]["urn"])


def listed_table(found: pd.DataFrame, of: Sequence[Definition]) -> pd.DataFrame:
    """The schools of a list as they are shown: what each stands on, and until when it counts."""
    rows = found.to_dict("records")
    columns: dict[str, Any] = {"School": found["label"]}
    if len(of) > 1:
        for place, definition in enumerate(of):
            columns[definition.title] = [text(row["evidence"][place]) for row in rows]
    else:
        columns["Stands"] = [_stands(row, of[0]) for row in rows]
        columns["Evidence"] = [_evidence(row) for row in rows]
    columns |= {
        "Pupils": found["pupils"],
        "Type": found["school_type"],
        "Phase": found["phase"],
    }
    return pd.DataFrame(columns)


def _evidence(row: Mapping[Any, Any]) -> str:
    if missing(row["evidence"]):
        return ""
    return f"{row['evidence']} ({row['evidence_quarter']})"


def _stands(row: Mapping[Any, Any], definition: Definition) -> str:
    if row["state"] == "gap":
        return definition.gap
    if row["state"] != "met":
        return state_words(row["state"], row["reason"])
    left = None if missing(row["quarters_left"]) else int(row["quarters_left"])
    if left is None:
        return "met"
    return "runs out this quarter" if left == 0 else f"runs out in {numbered(left, 'quarter')}"
