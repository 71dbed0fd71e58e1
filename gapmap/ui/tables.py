"""Tables that are maps' twins: a row can be chosen, and is told once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd
import streamlit as st

from gapmap.ui import palette
from gapmap.ui.maps import clicked_once
from gapmap.ui.words import missing, signed

ROW_HEIGHT = 29
HEADING_HEIGHT = 39  # with the border below the last row


def chosen_row(
    shown: pd.DataFrame,
    *,
    key: str,
    height: int | Literal["auto", "stretch"] = "auto",
    columns: Mapping[str, Any] | None = None,
    changes: Mapping[str, bool] | None = None,
) -> int | None:
    """Draw a table and return the position of the row just chosen, else None.

    `changes`: the columns that are changes in points, each written with its sign; where it is True
    more is better, and the colours say so too.
    """
    written = shown if changes is None else _with_signs(shown, changes)

    def draw(table_key: str) -> str | None:
        event = st.dataframe(
            written,
            key=table_key,
            height=height,
            hide_index=True,
            row_height=ROW_HEIGHT,
            placeholder="–",
            column_config=dict(columns or {}),
            on_select="rerun",
            selection_mode="single-row",
        )
        rows = event["selection"]["rows"]
        return str(rows[0]) if rows else None

    chosen = clicked_once(key, draw)
    return None if chosen is None else int(chosen)


def _with_signs(shown: pd.DataFrame, changes: Mapping[str, bool]) -> Any:
    """Changes as the screens write them (±0, −3, +3); they stay numbers, to be sorted by."""
    styled = shown.style.format(dict.fromkeys(changes, _change))
    for column, judged in changes.items():
        if judged:
            styled = styled.map(_colour_of_change, subset=[column])
    return styled


def _change(points: Any) -> str:
    return "–" if missing(points) else signed(round(points))


def _colour_of_change(points: Any) -> str:
    if missing(points) or not round(points):
        return f"color: {palette.MUTED_TEXT}"
    return f"color: {palette.STATE_TEXT_COLOURS['met' if points > 0 else 'gap']}"
