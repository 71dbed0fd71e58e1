"""The two maps: London's boroughs in classes, and the schools of one borough.

The choropleth is Vega-Lite, which needs no WebGL; the browser fetches its geometry once, from this
server. The map of schools is deck.gl without any base map, so that no tile is asked of anybody.
Both return what was clicked, once: see `clicked_once`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

import streamlit as st

from gapmap.ui.borough.borough_classes import (
    NOT_RANKED,
    UNKNOWN,
    WITHHELD,
    BoroughRow,
    choropleth_spec,
)
from gapmap.ui.school.school_points import (
    STATE_MARKS,
    Marks,
    SchoolPoint,
    school_deck,
    school_legend,
)

__all__ = [
    "NOT_RANKED",
    "UNKNOWN",
    "WITHHELD",
    "BoroughRow",
    "SchoolPoint",
    "choropleth",
    "clicked_once",
    "school_map",
]

_HEIGHT: Final = 430


def choropleth(
    rows: Sequence[BoroughRow],
    classes: Sequence[str],
    *,
    title: str,
    key: str,
    alt: str,
    selected: str | None = None,
    height: int | Literal["stretch"] = _HEIGHT,
    neutrals: Sequence[str] | None = None,
    marked: bool = False,
) -> str | None:
    """Draw London's boroughs and return the GSS code of the one just clicked, else None.

    `rows` has one row per borough; `classes`, lowest first, at most five, go from light to dark.
    `title` heads the legend; `selected` is the GSS code to outline; `height` is in pixels, or as
    much as its container has. `neutrals`: the greys that the legend names (None: those in use);
    `marked`: what rows have as "mark" is written on their areas.

    Raises ValueError for a borough given twice, an unheard-of class, a class without a
    value, too many classes, or rows whose tooltips differ in their labels.
    """
    spec = choropleth_spec(
        rows,
        classes,
        title=title,
        selected=selected,
        height=height,
        neutrals=neutrals,
        marked=marked,
    )

    def draw(chart_key: str) -> str | None:
        event = st.vega_lite_chart(
            spec,
            height=height,
            key=chart_key,
            on_select="rerun",
            selection_mode="borough",
            alt=alt,
            theme=None,
        )
        return code_of(event["selection"])

    return clicked_once(key, draw)


def school_map(
    schools: Sequence[SchoolPoint],
    marks: Marks = STATE_MARKS,
    *,
    borough: str,
    key: str,
    alt: str,
    selected: str | None = None,
    height: int = _HEIGHT,
) -> str | None:
    """Draw the schools of one borough and return the URN of the one just clicked, else None.

    `marks` says how each school's mark is drawn; `borough` is a GSS code; `selected` is the URN to
    ring; `height` is in pixels. The legend above counts the schools of each mark.

    Raises KeyError for a code that is no London borough's.
    """
    st.html(school_legend(schools, marks))
    deck = school_deck(schools, marks, borough=borough, selected=selected, height=height)

    def draw(chart_key: str) -> str | None:
        event = st.pydeck_chart(deck, key=chart_key, on_select="rerun", height=height, alt=alt)
        return urn_of(event["selection"])

    return clicked_once(key, draw)


def clicked_once(key: str, draw: Callable[[str], str | None]) -> str | None:
    """What `draw` says was clicked, told in the one run that follows the click.

    Streamlit holds a selection until it is undone. A page that goes elsewhere on a selection would
    thus go there again as soon as the viewer steps back to it. So a click ends the chart's key, and
    the next run draws the same chart under a fresh one, with nothing selected.
    """
    count = f"{key}_clicks"
    clicks = st.session_state.setdefault(count, 0)
    code = draw(f"{key}_{clicks}")
    if code is not None:
        st.session_state[count] = clicks + 1
    return code


def code_of(selection: Mapping[str, Any]) -> str | None:
    points = selection.get("borough") or []
    return str(points[0]["code"]) if points else None


def urn_of(selection: Mapping[str, Any]) -> str | None:
    for chosen in selection.get("objects", {}).values():
        for school in chosen:
            if "urn" in school:
                return str(school["urn"])
    return None
