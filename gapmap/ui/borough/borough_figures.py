"""The borough's indicators that are counted by borough: released, or exact for its own lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import Definition, definitions, of_boroughs
from gapmap.ui import palette
from gapmap.ui.borough.borough_choice import CHILDREN, Chosen, show_view
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load, load_area_values
from gapmap.ui.naming import note_exact
from gapmap.ui.units import REASON_WORDS
from gapmap.ui.words import WITHHELD_WORDS, missing, quarter_words

_STYLE: Final = f"""<style>
.figures table {{border-collapse: collapse; width: 100%; font-size: .78rem;
  font-variant-numeric: tabular-nums;}}
.figures th, .figures td {{padding: 1px 4px; height: 25px; border: 0; text-align: right;
  line-height: 1.1;}}
.figures th {{color: {palette.MUTED_TEXT}; font-size: .7rem; vertical-align: bottom;}}
.figures tbody tr {{border-top: 1px solid {palette.BACKDROP_FILL};}}
.figures .left {{text-align: left; font-weight: 400; color: {palette.TEXT}; font-size: .78rem;}}
.figures td {{white-space: nowrap;}}
.figures thead .left {{font-weight: 600; font-size: .8rem;}}
.figures td.left {{white-space: normal;}}
.figures .soft {{color: {palette.MUTED_TEXT};}}
</style>"""


def exact_notice(borough: str) -> None:
    """What marks every exact figure on the screen."""
    st.markdown(
        f":material/lock: :orange-background[Exact figures of {borough}, for its own lead only: "
        "not for sharing or showing.]"
    )


def released_figures(
    viewer: Viewer, chosen: Chosen, measures: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    """The borough's released figures of some measures in the quarter, by measure."""
    found = load(
        viewer,
        "borough/counts",
        measures=tuple(measures),
        quarter=chosen.quarter,
        borough=chosen.code,
    )
    own = found[found["level"] == "borough"]
    return {row["measure"]: {str(k): v for k, v in row.items()} for row in own.to_dict("records")}


def figures_panel(viewer: Viewer, chosen: Chosen) -> None:
    """Every indicator of borough grain: the borough's value beside London's released one."""
    exact = viewer.leads(chosen.code)
    if exact:
        exact_notice(chosen.borough)
        note_exact(chosen.code, "figures of the borough")
    rows = _rows(viewer, chosen)
    lines = "".join(figure_line(row) for row in rows)
    head = (
        f'<tr><th class="left">{"Exact" if exact else "Released"} figures</th>'
        f"<th>{escape(chosen.borough)}</th><th>London</th></tr>"
    )
    st.html(
        f'{_STYLE}<div class="figures"><table><thead>{head}</thead><tbody>{lines}</tbody></table>'
        "</div>"
    )
    st.button(
        "Referrals and voice of the borough",
        key="profile_children",
        type="tertiary",
        icon=":material/arrow_forward:",
        on_click=show_view,
        args=(CHILDREN,),
    )
    how = "Exact here, released for London" if exact else f"{WITHHELD_WORDS}; others to nearest 5"
    under_table(
        f"{quarter_words(chosen.quarter)} · {how}",
        lambda: pd.DataFrame([_for_file(row) for row in rows]),
        provenance(
            f"Figures of {chosen.borough}",
            chosen.quarter,
            source="; ".join(sorted({name for one in of_boroughs() for name in one.extracts})),
            definition="; ".join(f"{one.title}: {one.numerator}" for one in of_boroughs()),
            filters={"Borough": chosen.borough},
            release=None if exact else "as published",
            notes=("Exact figures, for the borough's own lead only.",) if exact else (),
        ),
        chosen.quarter,
        key="figures_export",
    )


def own_values(
    viewer: Viewer, chosen: Chosen, indicators: Sequence[str], *, exact: bool
) -> dict[str, Mapping[str, Any]]:
    """What indicators of areas say of the borough in the quarter, by indicator.

    `exact`: the viewer is its own lead and sees exact figures.
    """
    found = load_area_values(
        viewer,
        indicators,
        [chosen.quarter],
        exact_of=chosen.code if exact else None,
        borough=chosen.code,
    )
    return _by_indicator(found, "borough")


def _by_indicator(found: pd.DataFrame, level: str) -> dict[str, Mapping[str, Any]]:
    rows = found[found["level"] == level].to_dict("records")
    return {row["indicator"]: {str(k): v for k, v in row.items()} for row in rows}


def _rows(viewer: Viewer, chosen: Chosen) -> list[dict[str, Any]]:
    """Each indicator with what it says of the borough and of London. London's are released."""
    names = [definition.name for definition in of_boroughs()]
    released = load_area_values(viewer, names, [chosen.quarter], borough=chosen.code)
    london = _by_indicator(released, "london")
    own = own_values(viewer, chosen, names, exact=viewer.leads(chosen.code))
    return [{"indicator": name, "own": own.get(name), "london": london.get(name)} for name in names]


def figure_line(row: Mapping[str, Any]) -> str:
    """One indicator as a row of HTML."""
    definition = definitions()[row["indicator"]]
    said = f"{definition.question} {definition.unit}; {definition.period}."
    said += f" {definition.note}" if definition.note else ""
    return (
        f'<tr title="{escape(said)}"><td class="left">{escape(definition.title)}</td>'
        f"<td>{_cell(row['own'], definition)}</td>"
        f'<td class="soft">{_cell(row["london"], definition)}</td></tr>'
    )


def _cell(area: Mapping[str, Any] | None, definition: Definition) -> str:
    words = area_words(area, definition.unit)
    number = area is not None and not missing(area["value"])
    return f"<b>{escape(words)}</b>" if number else f'<span class="soft">{escape(words)}</span>'


def area_words(area: Mapping[str, Any] | None, unit: str) -> str:
    """The value of an indicator of borough grain with its unit, `c`, or why there is none."""
    if area is None:
        return "not held"
    if not missing(area["marker"]):
        return str(area["marker"])
    if missing(area["value"]):
        return REASON_WORDS.get(str(area["reason"]), "not known")
    value = float(area["value"])
    if unit == "%":
        return f"{value:.0f}%"
    if unit == "percentage points":
        return f"{value:+.0f} pts".replace("-", "−")
    return f"{value:,.1f}" if unit.startswith("per ") else f"{value:,.0f}"


def _for_file(row: Mapping[str, Any]) -> dict[str, Any]:
    definition = definitions()[row["indicator"]]
    return {
        "Indicator": definition.title,
        "Unit": definition.unit,
        "Period": definition.period,
        "Borough": area_words(row["own"], definition.unit),
        "London": area_words(row["london"], definition.unit),
        "Note": definition.note or "",
    }
