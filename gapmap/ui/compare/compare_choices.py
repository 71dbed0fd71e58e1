"""What can be chosen on the Compare screen, each kept in the URL: view, boroughs, order, areas.

Every choice is drawn in every view, at the same place of the page, and those that a view has no use
for are hidden: Streamlit 1.67 drops a bound parameter whose widget is not drawn, and no longer
writes it into the URL once its widget was drawn elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import Definition, definitions
from gapmap.ui import filters
from gapmap.ui.loads import load
from gapmap.ui.navigation import go_to
from gapmap.ui.words import sentence

RUG, SIDE, FUNNEL, TRENDS = VIEWS = ("Rug", "Side by side", "Funnel", "Trends")
BY_NAME = "name"
MOST_AREAS = 5
LONDON = "london:London"
_ROW = "compare_choices"
# In the order in which they stand in the row.
_CHOICES = ("indicator", "group", "order", "areas", "table", "beside")
_USED = {
    RUG: {"group", "order", "table", "beside"},
    SIDE: {"areas"},
    FUNNEL: {"indicator", "beside"},
    TRENDS: {"indicator", "beside", "areas"},
}
# Side by side, while nothing is chosen.
FIRST_AREAS = ("inner or outer:Inner", "inner or outer:Outer")


@dataclass(frozen=True)
class Chosen:
    """What every view of the screen is about. `areas` is the answer of compare/areas.

    `group`: the `area_id` of the boroughs of the rug; `order`: an indicator's name or BY_NAME;
    `area_ids`: what is compared; `definition`: the indicator of funnel and trends. `beside` is the
    place for the definition, in the row of choices.
    """

    viewer: Viewer
    held: pd.DataFrame
    areas: pd.DataFrame
    quarter: str
    phase: str | None
    school_type: str | None
    group: str
    order: str
    area_ids: tuple[str, ...]
    definition: Definition
    as_table: bool
    beside: Any

    @property
    def narrowed(self) -> dict[str, str | None]:
        """The parameters that every question of the screen takes, but those over quarters."""
        return {"quarter": self.quarter, "phase": self.phase, "school_type": self.school_type}

    @property
    def before(self) -> str | None:
        """The held quarter before, with which the same schools are compared."""
        earlier = [quarter for quarter in self.held["quarter"] if quarter < self.quarter]
        return max(earlier, default=None)

    def area(self, area_id: str) -> str:
        """An area's name. Raises KeyError for an id that is none."""
        return str(self.areas.set_index("area_id").at[area_id, "area"])

    def boroughs(self, area_id: str) -> list[str]:
        """GSS codes of an area's boroughs; with its neighbours comes the borough itself."""
        row = self.areas[self.areas["area_id"] == area_id].iloc[0]
        own = [row["area_code"]] if row["level"] == "neighbours" else []
        return [*own, *row["boroughs"]]

    def filters(self, **more: str | None) -> dict[str, str | None]:
        """What was chosen, by its label on the screen, for a downloaded table."""
        return {"Phase": self.phase, "School type": self.school_type, **more}

    def open_borough(self, code: str, indicator: str | None) -> None:
        """Leave for a borough with an indicator, under the same filters."""
        query = {"borough": code}
        if indicator is not None:
            query["indicator"] = definitions()[indicator].title
        if self.quarter != self.held["quarter"].iloc[0]:
            query["quarter"] = self.quarter
        for key, value in (("phase", self.phase), ("school_type", self.school_type)):
            if value is not None:
                query[key] = sentence(value)
        go_to("borough", **query)


def choose(viewer: Viewer, held: pd.DataFrame, columns: Mapping[str, str]) -> tuple[str, Chosen]:
    """The title, the view and everything else that can be chosen; `columns`: titles of the rug."""
    row = st.columns([1.5, 3.4, 1.5, 2, 2], vertical_alignment="bottom")
    row[0].title("Compare")
    with row[1]:
        view = _view_filter()
    with row[2]:
        quarter = filters.quarter_filter(list(held["quarter"]))
    with row[3]:
        phase = filters.phase_filter(viewer)
    with row[4]:
        school_type = filters.school_type_filter(viewer)
    areas = load(viewer, "compare/areas")
    st.html(_arranged(view))
    with st.container(key=_ROW):
        row = st.columns([3, 3, 3, 5, 1.5, 1.5], vertical_alignment="bottom")
    with row[0]:
        indicator = filters.indicator_filter()
    with row[1]:
        group = _group_filter(areas)
    with row[2]:
        order = _order_filter(columns)
    with row[3]:
        area_ids = _areas_filter(areas)
    with row[4]:
        as_table = st.toggle("As a table", key="table", bind="query-params")
    return view, Chosen(
        viewer=viewer,
        held=held,
        areas=areas,
        quarter=quarter,
        phase=phase,
        school_type=school_type,
        group=group,
        order=order,
        area_ids=tuple(area_ids),
        definition=definitions()[indicator],
        as_table=as_table,
        beside=row[5],
    )


def _arranged(view: str) -> str:
    """The style that hides what the view has no use for, and lets the areas take what is left."""
    hidden = ", ".join(_column(choice) for choice in _CHOICES if choice not in _USED[view])
    grown = "flex: 1 1 18rem !important; width: auto !important; max-width: none !important;"
    return (
        f"<style>{hidden} {{display: none;}} {_column('areas')} {{{grown}}} "
        f"{_column('beside')} {{min-width: 8.5rem;}}</style>"
    )


def _column(choice: str) -> str:
    return f'.st-key-{_ROW} [data-testid="stColumn"]:nth-child({1 + _CHOICES.index(choice)})'


def _view_filter() -> str:
    """Which of the four views; the rug at first."""
    filters.forget_foreign("view", VIEWS)
    chosen = st.segmented_control(
        "View",
        VIEWS,
        default=RUG,
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or RUG


def _group_filter(areas: pd.DataFrame) -> str:
    """The boroughs to show: London, a half, or a group; all of London at first."""
    groups = areas[areas["level"] != "borough"]
    names = dict(zip(groups["area_id"], groups["area"], strict=True))
    chosen = st.selectbox(
        "Boroughs",
        list(names),
        format_func=names.__getitem__,
        key="group",
        bind="query-params",
    )
    return LONDON if chosen is None else chosen


def _order_filter(columns: Mapping[str, str]) -> str:
    """What the boroughs are sorted by: an indicator's name, the least good first, or BY_NAME."""
    chosen = st.selectbox(
        "Sort by",
        [BY_NAME, *columns],
        format_func=lambda name: columns.get(name, "Borough, A to Z"),
        key="sort",
        bind="query-params",
    )
    return BY_NAME if chosen is None else chosen


def _areas_filter(areas: pd.DataFrame) -> list[str]:
    """Up to five areas, by `area_id`; London is always compared with."""
    offered = areas[areas["area_id"] != LONDON]
    names = dict(zip(offered["area_id"], offered["area"], strict=True))
    chosen: list[str] = st.multiselect(
        f"Compare with London, up to {MOST_AREAS}",
        list(names),
        format_func=names.__getitem__,
        max_selections=MOST_AREAS,
        key="area",
        bind="query-params",
        placeholder="Boroughs, halves of London, command units, neighbours …",
    )
    return chosen
