"""What the register holds and no figure counts: universities, online providers and their like."""

from __future__ import annotations

import streamlit as st

from gapmap.access import Viewer
from gapmap.ui.loads import load
from gapmap.ui.words import count


def outside_line(viewer: Viewer, quarter: str, borough: str | None = None) -> None:
    """Say what of a borough's register (None: of all) is open and outside scope, by type."""
    found = load(viewer, "schools/outside_scope", quarter=quarter, borough=borough)
    kinds = zip(found["type_of_establishment"], found["establishments"], strict=True)
    said = ", ".join(f"{kind} {count(number)}" for kind, number in kinds)
    if said:
        st.caption(f"Open in the register and outside the scope of every figure: {said}.")
