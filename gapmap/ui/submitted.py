"""Which boroughs have not submitted, named beside the map."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from gapmap.access import Viewer
from gapmap.contract import contracts
from gapmap.indicator import Definition
from gapmap.reference import reference
from gapmap.reference.windows import NEVER_DUE, windows
from gapmap.ui.loads import load


def boroughs_silent(
    viewer: Viewer, quarter: str, extracts: Sequence[str], *, only: str | None = None
) -> dict[str, list[str]]:
    """Per extract, the names of the boroughs with no answer that still counts in the quarter.

    Where some are asked of boroughs, the others are left out: what is sent as it happens, and what
    an administrator loads for all of London. `only`: one borough's GSS code, when the others do
    not matter.
    """
    silent = {}
    for extract in list(filter(_is_asked_for, extracts)) or extracts:
        found = load(viewer, "gaps/submitted", quarter=quarter, extract=extract)
        without = ~found["still_counts"] & ((only is None) | (found["borough_code"] == only))
        silent[extract] = list(found.loc[without, "borough"])
    return silent


def _is_asked_for(extract: str) -> bool:
    window = windows().get(extract)
    return window is not None and window.rhythm != NEVER_DUE


def _listed(names: list[str]) -> str:
    everywhere = len(names) == len(reference.boroughs())
    return f"all {len(names)} boroughs" if everywhere else ", ".join(names)


def silent_line(silent: dict[str, list[str]], definition: Definition) -> None:
    """Beside the map: who has not submitted what the indicator rests on, and what to do."""
    for extract in definition.extracts:
        names = silent.get(extract, [])
        if names:
            st.markdown(
                f":material/hourglass_empty: **Not submitted** ({contracts()[extract].title}): "
                f"{_listed(names)}. Until the lead sends it they are unknown, never a gap."
            )


def silent_names(silent: dict[str, list[str]]) -> None:
    """The boroughs without an answer that counts, by extract; nothing where all have one."""
    said = [
        f"{contracts()[extract].title}: {_listed(names)}"
        for extract, names in silent.items()
        if names
    ]
    if said:
        st.markdown(
            ":material/hourglass_empty: **Not submitted** – "
            + "; ".join(said)
            + ". Until their leads send it they are unknown, never a gap."
        )
