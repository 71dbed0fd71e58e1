"""The view of the rug: choose the boroughs and their order, load, show, and take along."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from gapmap.indicator import Definition, definitions
from gapmap.reference import reference
from gapmap.ui import frame
from gapmap.ui.compare import compare_rug
from gapmap.ui.compare.compare_choices import BY_NAME, LONDON, Chosen
from gapmap.ui.compare.compare_grid import Cell
from gapmap.ui.compare.compare_words import listed, unknown_words
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load
from gapmap.ui.navigation import page
from gapmap.ui.setting_words import FEW_KNOWN

ABOUT = (
    "Share of the schools known (met or gap) that meet each indicator, in classes that are the "
    f"same in every quarter. In brackets: {FEW_KNOWN}, not ranked. The arrow "
    "compares the schools that answered in this and in the held quarter before. Where lower is "
    "better, the class is that of the rest to 100%."
)


def show(chosen: Chosen) -> None:
    """Draw the view; a click on a cell leads to the borough with that indicator."""
    shown = compare_rug.columns()
    titled = {d.name: d for d in shown}
    with chosen.beside:
        if chosen.order == BY_NAME:
            st.page_link(page("definitions"), label="Definitions", icon=":material/info:")
        else:
            frame.definition_of(definitions()[chosen.order])

    figures, london = compare_rug.load_figures(chosen)
    if not any(one.applies for (_, name), one in figures.items() if titled[name].level == "school"):
        frame.nothing_matches("London", chosen.quarter, chosen.held)
    names = {row["borough_code"]: row["borough"] for row in reference.boroughs()}
    codes = compare_rug.in_order(chosen.boroughs(chosen.group), names, figures, chosen.order)
    cells = [
        compare_rug.cell(code, names[code], d, figures.get((code, d.name), compare_rug.NOTHING))
        for code in codes
        for d in shown
    ]
    if chosen.as_table:
        clicked = compare_rug.draw_table(cells, codes, shown)
    else:
        clicked = compare_rug.draw_grid(cells, shown, london, chosen.before)
    _missing_line(chosen, codes, cells)
    _under(chosen, cells, codes, shown)
    if clicked:
        chosen.open_borough(clicked[0], clicked[1] or None)


def _missing_line(chosen: Chosen, codes: Sequence[str], cells: Sequence[Cell]) -> None:
    """What is missing, in words: boroughs without any answer, and why answers are unknown."""
    known = {one["code"] for one in cells if one["kind"] not in ("unknown", "not applicable")}
    without = [reference.borough_name(code) for code in codes if code not in known]
    found = load(
        chosen.viewer,
        "compare/unknown",
        boroughs=tuple(sorted(codes)),
        indicator=None,
        **chosen.narrowed,
    )
    said = [f"No answer at all from {listed(sorted(without))}."] if without else []
    words = unknown_words(found)
    said += [f"{words}."] if words else []
    if chosen.phase or chosen.school_type:
        whole = [d.title for d in compare_rug.columns() if d.level == "borough"]
        said += [f"{', '.join(whole)}: returned for all schools together, so not narrowed."]
    if said:
        st.caption(" ".join(said))


def _under(
    chosen: Chosen,
    cells: Sequence[Cell],
    codes: Sequence[str],
    shown: Sequence[Definition],
) -> None:
    extracts = sorted({name for d in shown for name in d.extracts})
    n = f"{len(codes)} boroughs × {len(shown)} indicators"
    line = frame.source_line(chosen.quarter, chosen.held, extracts, n)
    about = provenance(
        "Boroughs by indicator",
        chosen.quarter,
        source=line,
        definition=ABOUT,
        filters=chosen.filters(
            Boroughs=None if chosen.group == LONDON else chosen.area(chosen.group)
        ),
        notes=tuple(f"{d.title}: {d.numerator}, out of {d.denominator}" for d in shown),
    )
    under_table(line, lambda: taken_along(cells), about, chosen.quarter, key="under_rug")


def taken_along(cells: Sequence[Cell]) -> pd.DataFrame:
    """One row per borough and indicator, with all that the grid tells; shares in percent."""
    shown = {d.name: d for d in compare_rug.columns()}
    of_schools = pd.Series([shown[one["column"]].level == "school" for one in cells], dtype=bool)
    table = pd.DataFrame(cells)
    return pd.DataFrame(
        {
            "Borough": table["borough"],
            "Indicator": [shown[one["column"]].title for one in cells],
            "Share %": table["share"],
            "95% low": table["low"],
            "95% high": table["high"],
            "Class": table["kind"],
            "Known, or numerator": table["n"],
            "Unknown schools": table["of"].where(of_schools),
            "Denominator": table["of"].mask(of_schools),
            "Same schools": table["same"],
            "Before %": table["was"],
            "Now %": table["now"],
        }
    )
