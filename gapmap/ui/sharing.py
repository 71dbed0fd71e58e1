"""Hand on a view: its address, which holds every filter. It carries no right: whoever opens it sees
what the own role may see."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st

from gapmap.ui.noting import note, note_once


def share_button() -> None:
    """The button that shows the address of the view as it is now."""
    if st.button("Share", icon=":material/link:", key="share_view"):
        _show_link()


@st.dialog("Share this view")
def _show_link() -> None:
    note("link made", _page())
    st.markdown(
        "Whoever opens it sees exactly this view, with these filters, under their own permissions. "
        "It gives nobody a right."
    )
    st.code(address(), language=None, wrap_lines=True)


def address() -> str:
    """The address of the view, with all of its filters."""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    base = (st.context.url or "").partition("?")[0]
    return f"{base}?{urlencode(query, doseq=True)}" if query else base


def note_opened() -> None:
    """Note, once a session, that it began with an address that somebody had filtered."""
    if "began" not in st.session_state:
        st.session_state["began"] = True
        if st.query_params.to_dict():
            note_once("link opened", _page())


def _page() -> str:
    """The page of the address: its name alone, no filter."""
    return urlsplit(st.context.url or "").path.strip("/") or "london"
