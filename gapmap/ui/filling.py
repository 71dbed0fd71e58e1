"""A box that takes what is left of the window: a large screen is used, and a small one fits."""

from __future__ import annotations

from typing import Any

import streamlit as st


def filling_box(key: str, *, least: int, taken: int) -> Any:
    """A container whose elements may have the height "stretch".

    It is as high as the window less `taken` pixels for what stands above and below it, and at least
    `least` pixels; the page scrolls where the window is lower.
    """
    # Streamlit sets a fixed height on a box that wraps the container with the key.
    st.html(
        f'<style>[data-testid="stLayoutWrapper"]:has(> .st-key-{key}) {{'
        f"height: max({least}px, calc(100vh - {taken}px)) !important; "
        "flex-basis: auto !important;}"
        f".st-key-{key} {{height: 100% !important;}}</style>"
    )
    return st.container(key=key, height=least, border=False)
