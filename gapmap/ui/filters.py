"""The filters, each kept in the URL under its own name."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.calendar_quarter import parse_quarter
from gapmap.indicator import definitions
from gapmap.reference import reference
from gapmap.ui.loads import load
from gapmap.ui.navigation import go_into
from gapmap.ui.viewing import current_viewer
from gapmap.ui.words import sentence

EVERY = "all"
FIRST_INDICATOR = "police_engagement"
LONGEST_URN = 7
_NARROWING = ("phase", "school_type", "state")


def held_quarters(viewer: Viewer) -> pd.DataFrame:
    """The quarters that the store answers for, newest first, with their registers."""
    return load(viewer, "reference/held_quarters")


def quarter_filter(quarters: list[str]) -> str:
    """The quarter looked at; the newest from the start. `quarters` is newest first, not empty."""
    return _chosen(
        st.selectbox("Quarter", quarters, key="quarter", bind="query-params"), quarters[0]
    )


def indicator_filter() -> str:
    """The indicator looked at, by its name."""
    offered = {d.name: d.title for d in definitions().values()}
    first = FIRST_INDICATOR if FIRST_INDICATOR in offered else next(iter(offered))
    names = [first, *(name for name in offered if name != first)]
    return _chosen(
        st.selectbox(
            "Indicator",
            names,
            format_func=offered.__getitem__,
            key="indicator",
            bind="query-params",
        ),
        first,
    )


def phase_filter(viewer: Viewer, *, disabled: bool = False) -> str | None:
    """One phase alone, or None for all."""
    return _narrowed("Phase", "phase", _found(viewer, "phase"), disabled)


def school_type_filter(viewer: Viewer, *, disabled: bool = False) -> str | None:
    """One school type alone, or None for all."""
    return _narrowed("School type", "school_type", _found(viewer, "school_type"), disabled)


def borough_filter() -> str:
    """The borough looked at, by its GSS code; choosing another is a step in the history.

    It stands in the URL as ?borough=E09000007; an unknown code there is left for the first one.
    """
    codes = [row["borough_code"] for row in reference.boroughs()]
    now = asked_borough()
    chosen = st.selectbox(
        "Borough",
        codes,
        index=codes.index(now),
        format_func=reference.borough_name,
        key=f"borough_choice_{now}",
    )
    if chosen is not None and chosen != now:
        go_into(borough=chosen)
    return now


def area_filter() -> str | None:
    """One borough alone by its GSS code, or None for all of London; it stands in ?area=."""
    names = {row["borough_code"]: row["borough"] for row in reference.boroughs()}
    chosen = st.selectbox(
        "Borough",
        [EVERY, *names],
        format_func=lambda code: names.get(code, "All of London"),
        key="area",
        bind="query-params",
    )
    return None if chosen in (None, EVERY) else chosen


def asked_borough() -> str:
    """The borough that the URL names (?borough=); where it names none there is, the first of the
    viewer's own, or of all."""
    codes = [row["borough_code"] for row in reference.boroughs()]
    own = [code for code in codes if code in current_viewer().boroughs]
    asked = st.query_params.get("borough")
    return asked if asked in codes else (own or codes)[0]


def _found(viewer: Viewer, column: str) -> list[str]:
    return sorted(load(viewer, "reference/filters")[column].unique())


def _narrowed(label: str, key: str, options: list[str], disabled: bool) -> str | None:
    chosen = st.selectbox(
        label,
        [EVERY, *options],
        format_func=sentence,
        key=key,
        bind="query-params",
        disabled=disabled,
    )
    return None if disabled or chosen in (None, EVERY) else chosen


def _chosen(value: str | None, otherwise: str) -> str:
    return otherwise if value is None else value


def forget_foreign(key: str, options: Sequence[str]) -> None:
    """Before a control is drawn: drop what another screen's control of the same name was left at.

    Streamlit 1.67 would show the first option and leave the other screen's in the address.
    """
    if st.session_state.get(key) not in (None, *options):
        del st.session_state[key]
    if st.query_params.get(key) not in (None, *options):
        del st.query_params[key]


def widen() -> None:
    """Undo what narrows the schools: a callback of buttons."""
    for key in _NARROWING:
        if st.session_state.get(key) not in (None, EVERY):
            st.session_state[key] = EVERY


def is_narrowed() -> bool:
    """Whether a filter leaves out schools."""
    return any(st.session_state.get(key) not in (None, EVERY) for key in _NARROWING)


def quarter_before(held: pd.DataFrame, quarter: str) -> str | None:
    """The calendar quarter before, where it is held."""
    before = str(parse_quarter(quarter).plus(-1))
    return before if before in set(held["quarter"]) else None


def asked_urn() -> int | None:
    """The school that the URL names (?urn=), or None where it names none that could be one."""
    asked = st.query_params.get("urn", "")
    return int(asked) if asked.isdecimal() and len(asked) <= LONGEST_URN else None
