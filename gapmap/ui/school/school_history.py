"""How a school stood before, under an earlier URN too; and the schools of its trust."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import definitions, of_schools
from gapmap.ui import palette, state_bars
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.frame import source_line
from gapmap.ui.loads import load
from gapmap.ui.naming import school_label
from gapmap.ui.school.school_panels import HISTORY, by_item, items_for_file, quarters_of
from gapmap.ui.tables import ROW_HEIGHT, chosen_row
from gapmap.ui.words import missing, numbered, percent, sentence, short_state, state_words

_STYLE: Final = f"""<style>
.history {{overflow-x: auto;}}
.history table {{border-collapse: collapse; font-size: .78rem;
  font-variant-numeric: tabular-nums;}}
.history th, .history td {{padding: 1px 9px; height: 23px; border: 0; white-space: nowrap;
  text-align: left;}}
.history td {{border-top: 1px solid {palette.BACKDROP_FILL};}}
.history tr.urn th {{color: {palette.MUTED_TEXT}; font-weight: 400; font-size: .72rem;}}
.history .earlier {{background: {palette.BACKDROP_FILL};}}
</style>"""


def history_table(history: pd.DataFrame, *, named: bool) -> None:
    """The state on every item in every quarter; above, which URN answered for it."""
    quarters = quarters_of(history)
    owners = {str(row["quarter"]): row for row in history.to_dict("records")}
    cells = by_item(history)
    heads = "".join(f"<th>{quarter}</th>" for quarter in quarters)
    urns = "".join(
        f"<th{_class(owners[q])}>{_owner(owners[q], named=named)}</th>" for q in quarters
    )
    lines = "".join(
        f'<tr><th scope="row">{escape(definitions()[name].title)}</th>'
        + "".join(_cell(cells[name].get(quarter)) for quarter in quarters)
        + "</tr>"
        for name in sorted(cells, key=lambda name: definitions()[name].title)
    )
    # Who answered is told where it was not always this school.
    followed = bool((history["generation"] > 0).any())
    under = f'<tr class="urn"><th></th>{urns}</tr>' if followed else ""
    st.html(
        f'{state_bars.STYLE}{_STYLE}<div class="history"><table><thead><tr><th>Item</th>'
        f"{heads}</tr>{under}</thead><tbody>{lines}</tbody>"
        "</table></div>"
    )


def _class(row: Mapping[Any, Any]) -> str:
    return ' class="earlier"' if row["generation"] else ""


def _owner(row: Mapping[Any, Any], *, named: bool) -> str:
    """Which school answered: this one, or its predecessor by URN and name where they are told."""
    if not row["generation"]:
        return ""
    if not named:
        return "predecessor"
    return f'<span title="{escape(str(row["school_name"]))}">predecessor {int(row["urn"])}</span>'


def _cell(row: Mapping[Any, Any] | None) -> str:
    if row is None:
        return f'<td style="color:{palette.MUTED_TEXT}">not in scope</td>'
    said = state_words(row["state"], row["reason"])
    short = short_state(row["state"], row["reason"])
    state: palette.State = row["state"].replace("_", " ")
    colour = palette.STATE_TEXT_COLOURS[state]
    carried = "" if missing(row["evidence_urn"]) else ", from predecessor"
    more = "" if missing(row["evidence"]) else f": {row['evidence']}"
    return (
        f'<td{_class(row)} title="{escape(said + more + carried)}">'
        f"{state_bars.state_sign(row['state'], said)} "
        f'<span style="color:{colour}">{escape(short)}{"*" if carried else ""}</span></td>'
    )


def predecessor_lines(history: pd.DataFrame, *, named: bool) -> list[str]:
    """What is said of the earlier URNs: which ones, until when, and how they are marked."""
    earlier = history[history["generation"] > 0]
    lines = []
    for urn, rows in earlier.groupby("urn", sort=False):
        who = f"{rows['school_name'].iloc[-1]} (URN {urn})" if named else "its predecessor"
        lines.append(
            f"Until {rows['quarter'].max()} the school was {who}; a quarter is shaded where that "
            "URN answered."
        )
    if history["evidence_urn"].notna().any():
        lines.append("* Evidence from predecessor: it stands until it would be out of date.")
    return lines


def history_for_file(history: pd.DataFrame, *, named: bool) -> pd.DataFrame:
    """The history as it is taken along: a row an item and quarter."""
    return pd.DataFrame(
        {
            "Item": [definitions()[name].title for name in history["indicator"]],
            "Quarter": history["quarter"],
            "State": [state_words(r["state"], r["reason"]) for r in history.to_dict("records")],
            "Evidence": history["evidence"],
            "Evidence for": history["evidence_quarter"],
            "Under": [
                "this URN" if not g else f"predecessor {urn}" if named else "predecessor"
                for g, urn in zip(history["generation"], history["urn"], strict=True)
            ],
        }
    )


def under_school(
    part: str,
    items: pd.DataFrame,
    history: pd.DataFrame,
    label: str,
    borough: str,
    quarter: str,
    held: pd.DataFrame,
    *,
    named: bool,
) -> None:
    """Under the screen: its source, and the table of the part to take along."""
    extracts = sorted({name for one in of_schools() for name in one.extracts})
    line = source_line(quarter, held, extracts, "one school")
    under_table(
        line,
        lambda: (
            history_for_file(history, named=named) if part == HISTORY else items_for_file(items)
        ),
        provenance(
            f"{label}, {borough}",
            quarter,
            source=line,
            definition="Each item as its indicator's definition says; points are the weights of "
            "the borough's partnership.",
            notes=() if named else ("The school is unnamed: by phase and letter.",),
        ),
        quarter,
        key="school_export",
    )


# --- its trust ------------------------------------------------------------------------------------


def trust_part(viewer: Viewer, of_school: Mapping[str, Any], borough: str) -> str | None:
    """The trust of a school: `trust_panels`, or that the register gives it none."""
    schools = load(viewer, "schools/trust", **of_school)
    if schools.empty:
        st.info("The register gives this school no trust.", icon=":material/info:")
        return None
    return trust_panels(schools, load(viewer, "schools/trust_items", **of_school), borough=borough)


def trust_panels(schools: pd.DataFrame, items: pd.DataFrame, *, borough: str) -> str | None:
    """The schools of the trust in the borough with their states, and whether a gap is one of the
    trust; the URN of the school that was clicked. Only where schools are named."""
    name = schools["trust_name"].iloc[0]
    left, right = st.columns([1, 1.1], gap="medium")
    with left:
        st.subheader("Which schools does the trust have here?")
        st.caption(f"{name}: {numbered(len(schools), 'school')} in {borough}, this one among them.")
        place = chosen_row(
            trust_table(schools),
            key="trust_table",
            height=min(12, len(schools)) * ROW_HEIGHT + 38,
            columns={
                "School": st.column_config.TextColumn(width=210),
                "Gap score": st.column_config.NumberColumn(width=80, format="percent"),
            },
        )
    with right:
        st.subheader("Is it one trust?")
        st.dataframe(
            trust_items_table(items),
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=16 * ROW_HEIGHT + 38,
            key="trust_items",
        )
    return None if place is None else str(schools.iloc[place]["urn"])


def trust_table(schools: pd.DataFrame) -> pd.DataFrame:
    """The trust's schools in the borough with the number of items in each state."""
    return pd.DataFrame(
        {
            "School": [
                school_label(row["school_name"], row["phase"], row["place"], named=True)
                + (" (this one)" if row["is_self"] else "")
                for row in schools.to_dict("records")
            ],
            "Gap": schools["gap"],
            "Unknown": schools["unknown"],
            "Met": schools["met"],
            "Gap score": [None if missing(s) else round(float(s), 2) for s in schools["score"]],
            "Phase": schools["phase"].map(sentence),
        }
    )


def trust_items_table(items: pd.DataFrame) -> pd.DataFrame:
    """Each item in the trust's schools beside the borough's others, most gaps first."""
    rows = items.to_dict("records")
    return pd.DataFrame(
        {
            "Item": [definitions()[row["indicator"]].title for row in rows],
            "Gap": [f"{row['gap']} of {row['met'] + row['gap']} known" for row in rows],
            "Unknown": items["unknown"],
            "Others: gap": [
                percent(row["others_gap"] / known) if (known := _others(row)) else "–"
                for row in rows
            ],
            "Others known": [_others(row) for row in rows],
        }
    )


def _others(row: Mapping[Any, Any]) -> int:
    return int(row["others_met"] + row["others_gap"])
