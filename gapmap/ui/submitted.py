"""Which boroughs have not submitted, named beside the map."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.contract import contracts
from gapmap.indicator import Definition
from gapmap.ui.loads import load
from gapmap.ui.words import count, figure, missing


def boroughs_silent(
    viewer: Viewer, quarter: str, extracts: Sequence[str], *, only: str | None = None
) -> dict[str, list[str]]:
    """Per extract, the names of the boroughs with no answer that still counts in the quarter.

    `only`: one borough's GSS code, when the others do not matter.
    """
    silent = {}
    for extract in extracts:
        found = load(viewer, "gaps/submitted", quarter=quarter, extract=extract)
        without = ~found["still_counts"] & ((only is None) | (found["borough_code"] == only))
        silent[extract] = list(found.loc[without, "borough"])
    return silent


def silent_line(silent: dict[str, list[str]], definition: Definition) -> None:
    """Beside the map: who has not submitted what the indicator rests on, and what to do."""
    for extract in definition.extracts:
        names = silent.get(extract, [])
        if names:
            st.markdown(
                f":material/hourglass_empty: **Not submitted** ({contracts()[extract].title}): "
                f"{', '.join(names)}. Until the lead sends it they are unknown, never a gap."
            )


def silent_names(silent: dict[str, list[str]]) -> None:
    """The boroughs without an answer that counts, by extract; nothing where all have one."""
    said = [
        f"{contracts()[extract].title}: {', '.join(names)}"
        for extract, names in silent.items()
        if names
    ]
    if said:
        st.markdown(
            ":material/hourglass_empty: **Not submitted** – "
            + "; ".join(said)
            + ". Until their leads send it they are unknown, never a gap."
        )


def submitted_count(areas: pd.DataFrame) -> str:
    """How many boroughs a figure of London rests on, with London's own figure."""
    london = areas[areas["level"] == "london"].iloc[0]
    of_all = int((areas["level"] == "borough").sum())
    if missing(london["areas_submitted"]):
        return f"none of {of_all} boroughs submitted"
    shown = figure(london["value"], london["marker"])
    return (
        f"London {shown}; {count(london['areas_submitted'])} of {of_all} boroughs submitted; "
        f"release {london['release_id']}"
    )
