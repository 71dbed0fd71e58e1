"""The pages, their addresses, and the way from London to a borough to a school.

The levels of one page are told by its query: ?borough= and ?urn= lead down, and each is a step in
the browser's history, with the filters of the level above kept behind it. So /london?borough=… is
the borough reached from London; /borough and /school are the same screens, reached directly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gapmap.access import Viewer
from gapmap.settings import ROOT
from gapmap.ui.viewing import current_viewer

TITLES = {
    "london": "London",
    "compare": "Compare",
    "borough": "Borough",
    "school": "School",
    "engagement": "Engagement",
    "voice": "Voice",
    "agency": "My agency",
    "actions": "Actions",
    "joined_up": "Joined-up",
    "returns": "Who has sent what",
    "upload": "Upload",
    "submissions": "Submissions",
    "releases": "Releases",
    "definitions": "Definitions",
    "audit": "Audit log",
    "access": "Access",
}
FIRST = "london"
# The pages below this name in the navigation; all others stand in its row.
DATA = "Data"
_DATA = ("returns", "upload", "submissions", "releases", "definitions", "audit", "access")
_LEVELS = ("london", "borough", "school")
_HIDDEN = ("school",)
# What a level's parameter takes along when it is left: the list of schools shown in a borough.
_HANGING = {"borough": ("only",), "item": ("of",)}


def page(name: str) -> Any:
    """The page at /<name>, as st.navigation takes it."""
    return st.Page(
        ROOT / "pages" / f"{_screen(name)}.py",
        title=TITLES[name],
        url_path=name,
        visibility="visible" if shown(name, current_viewer()) else "hidden",
    )


def shown(name: str, viewer: Viewer) -> bool:
    """Whether a page stands in the navigation: those that the role opens, but for a school's."""
    return name not in _HIDDEN and viewer.opens(name)


def _screen(name: str) -> str:
    """The screen that a page shows: the deepest level that its query names."""
    if name not in _LEVELS:
        return name
    if "urn" in st.query_params:
        return "school"
    return "borough" if "borough" in st.query_params else name


def go_into(**level: str) -> NoReturn:
    """Go a level down, or to another place of the same level: a step in the browser's history.

    A widget that is bound to one of these parameters follows; it must not be drawn in this run yet.
    """
    for key in level:
        st.session_state.pop(key, None)
    _release(level)
    st.query_params.update(level)
    st.rerun()


def go_to(name: str, **query: str | list[str]) -> NoReturn:
    """Leave for another page, which opens with `query`; the way back finds this page's filters.

    Streamlit 1.67 writes `query` into the address of the page that is left, too: `open_page` knows
    it by that and puts the filters back. A bound widget's value goes into `query` by its label.
    """
    left = st.session_state["open_page"]
    hold_query(left)
    st.session_state.setdefault("handed_queries", {})[left] = query
    st.session_state["open_page"] = None
    for key in query:  # a widget bound to it would keep its value of an earlier visit
        st.session_state.pop(key, None)
    _release(query)
    st.switch_page(page(name), query_params=query)


def open_with(name: str, query: Mapping[str, str | list[str]]) -> NoReturn:
    """Open a page with all of `query` and nothing besides, be it the page that is open now.

    Its widgets must not be drawn in this run: for a dialog.
    """
    if st.session_state["open_page"] != name:
        go_to(name, **query)
    keys = {*st.query_params, *query}
    for key in keys:
        st.session_state.pop(key, None)
    _release(keys)
    st.query_params.from_dict(dict(query))
    st.rerun()


def _release(keys: Iterable[str]) -> None:
    """Let parameters be handed on to which widgets of the page that is left are bound.

    Streamlit 1.67 refuses to set them and has no public way to let go of them before the switch.
    """
    context = get_script_run_ctx()
    if context is None:  # pragma: no cover - outside a run there is nothing to leave
        return
    with context.session_state.query_params() as parameters:
        for key in keys:
            binding = parameters.get_binding_for_param(key)
            if binding is not None:
                parameters.unbind_widget(binding.widget_id)


def go_up_from(level: str, **to: str) -> NoReturn:
    """Leave a level ("borough", "urn", Engagement's "item"), up to what `to` names: a step in the
    history."""
    for key, value in to.items():
        if st.query_params.get(key) != value:
            st.query_params[key] = value
    for key in _HANGING.get(level, ()):
        st.query_params.pop(key, None)
    del st.query_params[level]
    st.rerun()


def reached_from_london() -> bool:
    """Whether the screen is a level of the London page."""
    return bool(st.session_state.get("open_page") == FIRST)


def open_page() -> Any:
    """The page that the address names, from the navigation on top of the screen.

    The root address leads to the first page. A page that is come back to without a query gets the
    one that it was left with.
    """
    start = st.Page(_start, title="Start", url_path="", default=True, visibility="hidden")
    explored = [page(name) for name in TITLES if name not in _DATA]
    sections = {"": [start, *explored], DATA: [page(name) for name in _DATA]}
    opened = st.navigation(sections, position="top")
    name = opened.url_path
    held = st.session_state.setdefault("held_queries", {})
    if st.session_state.get("open_page") != name:
        st.session_state["open_page"] = name
        if _is_come_back_to(name):
            st.query_params.from_dict(held[name])
            st.rerun()
    return opened


def _is_come_back_to(name: str) -> bool:
    """Whether a page that is opened lacks the query that it was left with."""
    now = st.query_params.to_dict()
    if not now:
        return bool(st.session_state["held_queries"].get(name))
    # Streamlit drops what is bound to widgets of the other page, so it may be a part.
    return bool(now.items() <= st.session_state.get("handed_queries", {}).get(name, {}).items())


def hold_query(name: str) -> None:
    """Remember the query with which a page is left, at the end of its run.

    A page that was left by `go_to` has told it already.
    """
    if st.session_state["open_page"] != name:
        return
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    st.session_state["held_queries"][name] = query


def _start() -> None:
    st.switch_page(page(FIRST))
