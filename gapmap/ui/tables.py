"""Tables that are maps' twins: a row can be chosen, and is told once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd
import streamlit as st

from gapmap.ui.maps import clicked_once

ROW_HEIGHT = 29


def chosen_row(
    shown: pd.DataFrame,
    *,
    key: str,
    height: int | Literal["auto", "stretch"] = "auto",
    columns: Mapping[str, Any] | None = None,
) -> int | None:
    """Draw a table and return the position of the row just chosen, else None."""

    def draw(table_key: str) -> str | None:
        event = st.dataframe(
            shown,
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
