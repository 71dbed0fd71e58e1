"""How fresh each extract is: what came last, and for how many boroughs it still counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.contract import contracts
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.tables import HEADING_HEIGHT, ROW_HEIGHT
from gapmap.ui.words import count, missing

_STANDS = (
    "The last answer stands for as long as its contract says; after that it is out of date. "
    "Boroughs: those with an answer that counts."
)


_WIDTHS = {
    "Extract": 280,
    "Held by": 330,
    "An answer stands for": 150,
    "Newest": 84,
    "Published": 130,
    "Boroughs": 84,
    "Demonstration": 110,
}


def nothing_held() -> None:
    st.info("Nothing has been published yet, so nothing is fresh or old.", icon=":material/inbox:")


def freshness(found: pd.DataFrame, quarter: str) -> None:
    """`found` is the answer of returns/freshness for the quarter."""
    shown = pd.DataFrame([_row(row) for row in found.to_dict("records")])
    st.dataframe(
        shown,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=len(shown) * ROW_HEIGHT + HEADING_HEIGHT,
        column_config={
            heading: st.column_config.TextColumn(width=width) for heading, width in _WIDTHS.items()
        },
        key="freshness_table",
    )
    about = provenance(
        "Freshness of the extracts",
        quarter,
        source="the submissions that stand",
        definition=_STANDS,
    )
    under_table(_STANDS, lambda: shown, about, quarter, key="freshness")


def _row(row: Mapping[Any, Any]) -> dict[str, str]:
    contract = contracts()[row["extract"]]
    nothing = missing(row["last_quarter"])
    ever = contract.valid_for == "as dated"
    counting = row["boroughs_ever"] if ever else row["boroughs_counting"]
    return {
        "Extract": contract.title,
        "Held by": contract.held_by,
        "An answer stands for": contract.valid_for,
        "Newest": "nothing yet" if nothing else str(row["last_quarter"]),
        "Published": "" if nothing else f"{row['last_published_at']:%d %B %Y}".lstrip("0"),
        "Boroughs": f"{count(counting)} of {count(row['boroughs'])}",
        "Demonstration": "yes" if row["demonstration"] else "",
    }
