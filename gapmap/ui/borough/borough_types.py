"""Which types of school? Every indicator by school type, in a borough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import definitions, of_schools
from gapmap.ui import frame, palette, state_bars
from gapmap.ui.borough.borough_choice import Chosen
from gapmap.ui.borough.profile_rows import HEAD, title_column
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load
from gapmap.ui.words import count, percent, sentence

_STYLE: Final = f"""<style>
.types {{overflow-x: auto;}}
.types table {{border-collapse: collapse; width: 100%; min-width: 1040px; table-layout: fixed;
  font-size: .78rem; font-variant-numeric: tabular-nums;}}
.types th {{height: {HEAD}px; padding: 0 8px; border: 0; text-align: left; font-size: .74rem;
  line-height: 1.1; vertical-align: bottom; color: {palette.TEXT};}}
.types td {{padding: 0 8px; border: 0; border-top: 1px solid {palette.BACKDROP_FILL};
  white-space: nowrap;}}
.types .cell {{display: flex; gap: 6px; align-items: center;}}
.types .said {{flex: 0 0 3.6em; text-align: right;}}
.types .soft {{color: {palette.MUTED_TEXT};}}
</style>"""
_ROW: Final = 24


def types_view(viewer: Viewer, chosen: Chosen) -> None:
    """A row an indicator, a column a school type; each cell split by state, with met of known."""
    found = load(
        viewer,
        "borough/by_type",
        quarter=chosen.quarter,
        borough=chosen.code,
        phase=chosen.phase,
    )
    if found.empty:
        frame.nothing_matches(chosen.borough, chosen.quarter, chosen.held)
        return
    st.subheader("Which types of school have the gap?")
    cells, sizes = cells_of(found)
    names = list(dict.fromkeys(found["indicator"]))
    st.html(_STYLE + state_bars.STYLE)
    with st.container(horizontal=True, wrap=False, gap="small", key="types"):
        title_column(names, key="types_titles", row=_ROW)
        st.html(f'<div class="types">{types_table(cells, names, sizes)}</div>')
    st.html(
        f'<div class="key">{state_bars.legend()}<span>Figures: met of known. A share is written '
        "from five known schools on.</span></div>"
    )
    extracts = sorted({name for one in of_schools() for name in one.extracts})
    n = f"{count(sum(sizes.values()))} schools of {len(sizes)} types"
    line = frame.source_line(chosen.quarter, chosen.held, extracts, n)
    under_table(
        line,
        lambda: _for_file(found),
        provenance(
            f"School types of {chosen.borough}",
            chosen.quarter,
            source=line,
            definition="Schools by state of each indicator and type; share met = met / "
            "(met + gap).",
            filters=chosen.said("phase"),
        ),
        chosen.quarter,
        key="types_export",
    )


Cells = Mapping[tuple[str, str], Mapping[Any, Any]]


def cells_of(found: pd.DataFrame) -> tuple[Cells, dict[str, int]]:
    """The rows of borough/by_type by indicator and type, and the number of schools of each type,
    the most common first."""
    cells = {(str(r["indicator"]), str(r["school_type"])): r for r in found.to_dict("records")}
    sizes = (
        found.groupby("school_type")["schools"].max().sort_values(ascending=False, kind="stable")
    )
    return cells, {str(kind): int(number) for kind, number in sizes.items()}


def types_table(cells: Cells, names: Sequence[str], sizes: Mapping[str, int]) -> str:
    """The matrix as HTML, without the titles of its rows: they are the buttons beside it."""
    heads = "".join(
        f'<th scope="col">{escape(sentence(kind))} <span class="soft">{number}</span></th>'
        for kind, number in sizes.items()
    )
    rows = "".join(
        "<tr>"
        + "".join(_cell(cells.get((name, kind)), definitions()[name].title) for kind in sizes)
        + "</tr>"
        for name in names
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


# Under this number of known schools a share says less than the numbers themselves.
_LEAST_FOR_SHARE: Final = 5
_BAR: Final = 64  # pixels of a bar, where eight types stand beside each other


def _cell(row: Mapping[Any, Any] | None, title: str) -> str:
    if row is None:
        return f'<td style="height:{_ROW}px" class="soft">no such school</td>'
    said = f"{title}: {state_bars.split_words(row)}"
    if row["n"] >= _LEAST_FOR_SHARE:
        words = f"<b>{percent(row['share_met'])}</b>"
    elif row["n"]:
        words = f"{int(row['met'])} of {int(row['n'])}"
    else:
        words = '<span class="soft">?</span>' if row["unknown"] else '<span class="soft">–</span>'
    return (
        f'<td style="height:{_ROW}px" title="{escape(said)}"><div class="cell">'
        f'<span class="said">{words}</span>{state_bars.split_bar(row, _BAR)}</div></td>'
    )


def _for_file(found: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Indicator": found["title"],
            "School type": found["school_type"].map(sentence),
            "Schools": found["schools"],
            "Met": found["met"],
            "Gap": found["gap"],
            "Unknown": found["unknown"],
            "Not applicable": found["not_applicable"],
            "Met %": (100 * found["share_met"]).round(),
        }
    )
