"""Hand on a view, or save it under a name: its address holds every filter. It carries no right:
whoever opens it sees what the own role may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit

import streamlit as st

from gapmap.access import NotAllowed, Viewer
from gapmap.agreements.saved_views import (
    SavedView,
    ViewError,
    may_remove,
    remove_view,
    save_view,
    saved_views,
)
from gapmap.agreements.written import UnfitText
from gapmap.opened import the_office
from gapmap.ui.navigation import FIRST, TITLES, open_with
from gapmap.ui.noting import note, note_once
from gapmap.ui.viewing import current_viewer, who
from gapmap.ui.words import sentence


def share_button() -> None:
    """The button that shows the address of the view as it is now, and the views that were saved."""
    if st.button("Share", icon=":material/link:", key="share_view"):
        note("link made", _page())
        _show_link()


@st.dialog("Share this view", width="medium")
def _show_link() -> None:
    viewer = current_viewer()
    st.markdown(
        "Whoever opens it sees exactly this view, with these filters, under their own permissions. "
        "It gives nobody a right."
    )
    st.code(address(), language=None, wrap_lines=True)
    if viewer.may("save_view"):
        _save(viewer)
    _saved(viewer)


def _save(viewer: Viewer) -> None:
    """Keep the view under a name, for everybody to open."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    name = left.text_input(
        "Save it under a name",
        key="view_name",
        placeholder="Independent schools without police contact",
        help="Everybody finds it here, and opens it under the own permissions.",
    )
    if right.button("Save", icon=":material/bookmark_add:", width="stretch", key="save_view"):
        try:
            view = save_view(the_office(), viewer, who(), name=name, page=_page(), query=_query())
        except (ViewError, UnfitText, NotAllowed) as fault:
            st.error(f"{sentence(str(fault))}.", icon=":material/error:")
            return
        note("view saved", f"{view.view_id} {view.page}")
        st.success(f"“{view.name}” is saved.", icon=":material/bookmark_added:")


def _saved(viewer: Viewer) -> None:
    """The views that were saved: open one, take its address along, or remove the own."""
    views = {one.view_id: one for one in saved_views(the_office(), viewer)}
    if not views:
        st.caption("No view was saved yet.")
        return
    chosen = st.selectbox(
        "Saved views",
        list(views),
        format_func=lambda one: f"{views[one].name} ({TITLES[views[one].page]})",
        index=None,
        key="saved_view",
        placeholder=f"{len(views)} saved: choose one",
    )
    if chosen is None:
        return
    view = views[chosen]
    st.code(address_of(view.page, view.parameters), language=None, wrap_lines=True)
    left, right = st.columns(2)
    if left.button(
        "Open this view", type="primary", icon=":material/open_in_browser:", width="stretch"
    ):
        note("link opened", f"{view.view_id} {view.page}")
        open_with(view.page, {key: _single(values) for key, values in view.parameters.items()})
    if may_remove(viewer, who(), view) and right.button(
        "Remove it", icon=":material/delete:", width="stretch"
    ):
        _remove(viewer, view)


def _remove(viewer: Viewer, view: SavedView) -> None:
    try:
        remove_view(the_office(), viewer, who(), view.view_id)
    except (ViewError, NotAllowed) as fault:
        st.error(f"{sentence(str(fault))}.", icon=":material/error:")
        return
    note("view removed", f"{view.view_id} {view.page}")
    st.rerun()


def _single(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _query() -> dict[str, list[str]]:
    """The filters of the view, as the address has them."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def address() -> str:
    """The address of the view, with all of its filters."""
    return address_of(_page(), _query())


def address_of(page: str, query: Mapping[str, Sequence[str]]) -> str:
    """The address of a page with filters, below where gapmap is served."""
    base = (st.context.url or "").partition("?")[0].rstrip("/")
    above = base.removesuffix(f"/{_page()}") if base.endswith(f"/{_page()}") else base
    return f"{above}/{page}?{urlencode(query, doseq=True)}" if query else f"{above}/{page}"


def note_opened() -> None:
    """Note, once a session, that it began with an address that somebody had filtered."""
    if "began" not in st.session_state:
        st.session_state["began"] = True
        if st.query_params.to_dict():
            note_once("link opened", _page())


def _page() -> str:
    """The page of the address: its name alone, no filter."""
    return urlsplit(st.context.url or "").path.strip("/").rpartition("/")[2] or FIRST
