"""A table of shares met in the colours of their classes; a cell can be chosen, and is told once.

It is its own twin: a table that keyboards and screen readers read. What is not known is said in the
cell, and is grey; it is never empty and never coloured as a gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.ui import palette
from gapmap.ui.borough.borough_classes import NOT_RANKED, UNKNOWN
from gapmap.ui.classes import SHARE_LABELS, share_class
from gapmap.ui.maps import clicked_once
from gapmap.ui.setting_words import FEW_KNOWN
from gapmap.ui.words import missing, percent

NOT_APPLICABLE = "–"
NOBODY_KNOWN = "?"
# Sixteen items and their heading stand on a projector's 720 pixels.
ROW_HEIGHT = 26
_HEADING_HEIGHT = 38


@dataclass(frozen=True)
class Share:
    """One cell: the share met, the share unknown, and the change on the quarter before.

    `share` None with an `unknown` of None: the item applies to nobody there. `ranked`: whether
    enough is known. `change` is in points, of the schools that answered in both quarters.
    """

    share: float | None
    unknown: float | None
    ranked: bool = True
    change: float | None = None

    @property
    def text(self) -> str:
        if self.share is None:
            return NOT_APPLICABLE if self.unknown is None else NOBODY_KNOWN
        shown = percent(self.share)
        shown = f"({shown})" if self.share_class == NOT_RANKED else shown
        return f"{self.arrow} {shown}".lstrip()

    @property
    def arrow(self) -> str:
        """Up or down by at least half a point; nothing where it did not move or is not known."""
        if self.change is None or abs(self.change) < 0.5:
            return ""
        return "▲" if self.change > 0 else "▼"

    @property
    def share_class(self) -> str | None:
        """The class of the share; None where nobody is asked."""
        if self.share is None:
            return None if self.unknown is None else UNKNOWN
        return share_class(self.share, ranked=self.ranked)


def share_of(row: Mapping[Any, Any]) -> Share:
    """The cell of an answer's row: share_met, share_unknown, ranked, same_n …"""
    change = None
    if row["same_n"]:
        change = 100 * (row["same_met"] - row["same_met_before"]) / row["same_n"]
    return Share(
        None if missing(row["share_met"]) else float(row["share_met"]),
        None if missing(row["share_unknown"]) else float(row["share_unknown"]),
        bool(row["ranked"]),
        change,
    )


def share_matrix(
    cells: Mapping[tuple[str, str], Share],
    rows: Mapping[str, Mapping[str, str]],
    columns: Mapping[str, str],
    *,
    key: str,
    height: int,
    lead_widths: Mapping[str, int],
    column_width: int,
) -> tuple[str, str] | None:
    """Draw the table and return the row and column of the cell just chosen, else None.

    `rows`: for each row's name, what stands before its shares, by heading; the same headings in
    each. `columns`: for each column's name its heading.
    """
    shown = matrix_frame(cells, rows, columns)
    styles = _styles(cells, shown, list(rows), columns)
    config: dict[Any, Any] = {
        heading: st.column_config.TextColumn(width=width) for heading, width in lead_widths.items()
    }
    config |= {
        heading: st.column_config.TextColumn(width=column_width, alignment="right")
        for heading in columns.values()
    }

    def draw(table_key: str) -> str | None:
        event = st.dataframe(
            shown.style.apply(lambda _: styles, axis=None),
            key=table_key,
            height=min(height, ROW_HEIGHT * len(rows) + _HEADING_HEIGHT),
            hide_index=True,
            row_height=ROW_HEIGHT,
            column_config=config,
            on_select="rerun",
            selection_mode="single-cell",
        )
        chosen = event["selection"]["cells"]
        return f"{chosen[0][0]} {chosen[0][1]}" if chosen else None

    clicked = clicked_once(key, draw)
    if clicked is None:
        return None
    place, _, heading = clicked.partition(" ")
    names = {shown_as: name for name, shown_as in columns.items()}
    return (list(rows)[int(place)], names[heading]) if heading in names else None


def matrix_frame(
    cells: Mapping[tuple[str, str], Share],
    rows: Mapping[str, Mapping[str, str]],
    columns: Mapping[str, str],
) -> pd.DataFrame:
    """The table as it is shown and exported: one row a row, its lead first, then its shares."""
    nobody = Share(None, None)
    return pd.DataFrame(
        [
            {
                **lead,
                **{
                    heading: cells.get((row, column), nobody).text
                    for column, heading in columns.items()
                },
            }
            for row, lead in rows.items()
        ]
    )


def _styles(
    cells: Mapping[tuple[str, str], Share],
    shown: pd.DataFrame,
    rows: Sequence[str],
    columns: Mapping[str, str],
) -> pd.DataFrame:
    styles = pd.DataFrame("", index=shown.index, columns=shown.columns)
    for (row, column), cell in cells.items():
        if row in rows and column in columns and cell.share_class is not None:
            styles.loc[rows.index(row), columns[column]] = _style(cell.share_class)
    return styles


def _style(share_class: str) -> str:
    fill, text = cell_colours(share_class)
    return f"background-color: {fill}; color: {text}"


def cell_colours(share_class: str) -> tuple[str, str]:
    """Fill of a class and text on it: 4.5:1 or more (WCAG 2.2, 1.4.3)."""
    if share_class == UNKNOWN:
        return palette.UNKNOWN_FILL, palette.TEXT
    if share_class == NOT_RANKED:
        return palette.BACKGROUND, palette.MUTED_TEXT
    place = SHARE_LABELS.index(share_class)
    return palette.SEQUENTIAL[place], palette.ON_SEQUENTIAL[place]


def legend() -> None:
    """What the colours and signs mean, in one line."""
    swatches = [(label, *cell_colours(label)) for label in SHARE_LABELS]
    squares = "".join(
        f'<span style="background:{fill};color:{text};padding:0 .45rem;border-radius:.15rem;'
        f'margin-right:.3rem;white-space:nowrap">{label}</span>'
        for label, fill, text in swatches
    )
    st.html(
        f'<div style="font-size:.78rem;line-height:1.7">Met of known: {squares} '
        f'<span style="background:{palette.UNKNOWN_FILL};padding:0 .45rem;white-space:nowrap">? '
        f"nothing known</span> (…) {FEW_KNOWN}, not ranked · – applies to nobody · ▲▼ same "
        "schools, half a point or more on the quarter before</div>"
    )
