"""What is chosen on the borough screen: the borough, a view of it, and the filters of that view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import Definition, definitions
from gapmap.reference import reference
from gapmap.ui import filters, frame
from gapmap.ui.naming import schools_are_named
from gapmap.ui.navigation import reached_from_london
from gapmap.ui.words import STATE_WORDS, sentence

PROFILE, SCHOOLS, TYPES, CHILDREN = "Profile", "Schools", "Types", "Referrals & voice"
VIEWS: Final = (PROFILE, SCHOOLS, TYPES, CHILDREN)
BY_SCORE, BY_INDICATOR, BY_DSL = "Gap score", "Indicator", "DSL runs out"
BYS: Final = (BY_SCORE, BY_INDICATOR, BY_DSL)
BREAKDOWNS: Final = ("source", "outcome", "phase", "school type")
# What can be told of the schools alone: their indicator is not one of boroughs.
_FIRST_INDICATOR: Final = filters.FIRST_INDICATOR


@dataclass(frozen=True)
class Chosen:
    """What the borough screen looks at. `named`: its schools are shown by their names."""

    code: str
    quarter: str
    view: str
    by: str
    indicator: str
    phase: str | None
    school_type: str | None
    state: str | None
    breakdown: str
    named: bool
    held: pd.DataFrame

    @property
    def borough(self) -> str:
        return reference.borough_name(self.code)

    @property
    def definition(self) -> Definition:
        return definitions()[self.indicator]

    @property
    def of_schools(self) -> dict[str, str | None]:
        """The filters that narrow the schools, as questions take them."""
        return {"phase": self.phase, "school_type": self.school_type}

    def said(self, *names: str) -> dict[str, str | None]:
        """The filters of these names by their labels, for a table that is taken along."""
        labels = {
            "phase": ("Phase", self.phase),
            "school_type": ("School type", self.school_type),
            "indicator": ("Indicator", self.definition.title),
            "state": ("State", STATE_WORDS[self.state] if self.state else None),
        }
        found = {labels[name][0]: labels[name][1] for name in names}
        said = {label: sentence(value) if value else None for label, value in found.items()}
        return {"Borough": self.borough, **said}


# Which filters a view has. All of them are drawn on every view, on a school's screen too, and each
# in the same place, which the London screen has as well: a widget that is drawn elsewhere than in
# the run before loses its hold on the URL (Streamlit 1.67). Those that a view does not have are
# hidden by a style.
_SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    PROFILE: ("borough", "quarter", "phase", "school_type"),
    SCHOOLS: ("borough", "indicator", "quarter", "phase", "school_type", "state"),
    TYPES: ("borough", "quarter", "phase"),
    CHILDREN: ("borough", "quarter", "breakdown"),
}
_FILTERS: Final = (
    "borough",
    "indicator",
    "quarter",
    "phase",
    "school_type",
    "definition",
    "state",
    "breakdown",
)
_OF_SCHOOLS: Final = ("indicator", "phase", "school_type", "state")
_HIDEABLE: Final = (*_OF_SCHOOLS, "breakdown")
_WIDTHS: Final = (2.1, 2.3, 1.4, 1.7, 1.7, 1.5, 1.5, 1.7)
_SPACING: Final = """
[data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"]:has(> * > .st-key-choice) {
  gap: .5rem;}
"""


def choose(viewer: Viewer, held: pd.DataFrame) -> Chosen:
    """The filters of the view that is chosen; below them the title, the view, and what it is by."""
    code = filters.asked_borough()
    places = _filter_row()
    with places["borough"]:
        filters.borough_filter()
    quarter, indicator, phase, school_type, state, breakdown = _draw_filters(viewer, held, places)
    with st.container(key="choice", horizontal=True, vertical_alignment="center"):
        back, title, *controls = (st.container(width="content") for _ in range(5))
        if reached_from_london():
            with back:
                frame.way_up("London", "borough")
        title.title(reference.borough_name(code), width="content")
        view, by = _draw_controls(controls)
        with controls[2]:
            named = schools_are_named(viewer, code)
        shown = _SHOWN[PROFILE if view == SCHOOLS and by == BY_DSL else view]
        _hide([name for name in _HIDEABLE if name not in shown], by=view != SCHOOLS)
    with places["definition"]:
        _definition(view, "dsl_in_date" if by == BY_DSL else indicator)
    if definitions()[indicator].level == "borough":  # none that schools have a state of
        by, state = (BY_SCORE if by == BY_INDICATOR else by), None
        indicator = _FIRST_INDICATOR
    return Chosen(
        code, quarter, view, by, indicator, phase, school_type, state, breakdown, named, held
    )


def choose_of_school(viewer: Viewer, held: pd.DataFrame) -> tuple[str, Any, Any]:
    """The quarter that a school's screen looks at, with the places of its title and of its part.

    What the screen does not show is held, hidden, so that the way up finds it.
    """
    places = _filter_row(lead=6)
    quarter, *_ = _draw_filters(viewer, held, places)
    with st.container(key="choice", horizontal=True, vertical_alignment="center"):
        _, _, *controls = (st.container(width="content") for _ in range(5))
        _draw_controls(controls)
        _hide([*_OF_SCHOOLS, "breakdown"], view=True, by=True)
    return quarter, places["borough"], controls[2]


def _filter_row(lead: float = _WIDTHS[0]) -> dict[str, Any]:
    columns = st.columns([lead, *_WIDTHS[1:]], vertical_alignment="bottom")
    return dict(zip(_FILTERS, columns, strict=True))


def _draw_filters(
    viewer: Viewer, held: pd.DataFrame, places: Mapping[str, Any]
) -> tuple[str, str, str | None, str | None, str | None, str]:
    with places["indicator"]:
        indicator = filters.indicator_filter()
    with places["quarter"]:
        quarter = filters.quarter_filter(list(held["quarter"]))
    with places["phase"]:
        phase = filters.phase_filter(viewer)
    with places["school_type"]:
        school_type = filters.school_type_filter(viewer)
    with places["state"]:
        state = state_filter()
    with places["breakdown"]:
        breakdown = breakdown_filter()
    return quarter, indicator, phase, school_type, state, breakdown


def _draw_controls(places: Sequence[Any]) -> tuple[str, str]:
    with places[0]:
        view = view_control()
    with places[1]:
        by = by_control()
    return view, by


def _hide(names: Sequence[str], *, view: bool = False, by: bool) -> None:
    """Hide filters by their names, and the controls of the view and of what it is by."""
    columns = [f'[data-testid="stColumn"]:has(.st-key-{name})' for name in names]
    controls = [
        f'.st-key-choice > [data-testid="stLayoutWrapper"]:has(.st-key-{key})'
        for key, hidden in (("view", view), ("by", by))
        if hidden
    ]
    rule = ", ".join([*columns, *controls])
    st.html(f"<style>{rule} {{display: none;}}{_SPACING}</style>")


def _definition(view: str, indicator: str) -> None:
    if view in (PROFILE, TYPES):
        frame.definition_of_all()
    else:
        name = indicator if view == SCHOOLS else "hsb_referrals"
        frame.definition_of(definitions()[name])


def view_control() -> str:
    """The view, by ?view=."""
    filters.forget_foreign("view", VIEWS)
    return str(
        st.segmented_control(
            "View",
            VIEWS,
            default=PROFILE,
            key="view",
            bind="query-params",
            required=True,
            label_visibility="collapsed",
        )
        or PROFILE
    )


def by_control() -> str:
    """What the map and the list of schools show, by ?by=."""
    return str(
        st.segmented_control(
            "Map and list by",
            BYS,
            default=BY_SCORE,
            key="by",
            bind="query-params",
            required=True,
            label_visibility="collapsed",
        )
        or BY_SCORE
    )


def state_filter() -> str | None:
    """One state of the indicator alone, by ?state=, or None for all."""
    chosen = st.selectbox(
        "State",
        [filters.EVERY, "gap", "unknown", "met", "not_applicable"],
        format_func=lambda state: sentence(STATE_WORDS.get(str(state), str(state))),
        key="state",
        bind="query-params",
    )
    return None if chosen in (None, filters.EVERY) else str(chosen)


def breakdown_filter() -> str:
    """What referrals are broken down by, by ?breakdown=."""
    chosen = st.selectbox(
        "Broken down by", BREAKDOWNS, format_func=sentence, key="breakdown", bind="query-params"
    )
    return str(chosen or BREAKDOWNS[0])


def show_schools(indicator: str | None = None, state: str | None = "gap", by: str = "") -> None:
    """Turn to the schools: those with a gap on an indicator, or by another measure.

    A callback of buttons: the widgets that hold these values follow, and the address with them.
    """
    st.session_state["view"] = SCHOOLS
    st.session_state["by"] = by or BY_INDICATOR
    if indicator is not None:
        st.session_state["indicator"] = indicator
        st.session_state["state"] = state or filters.EVERY


def show_view(view: str) -> None:
    """Turn to a view: a callback of buttons."""
    st.session_state["view"] = view
