"""Practice exchange: who closed this gap since the quarter before, and how, as they noted it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.agreements.agreements import Agreement
from gapmap.indicator import Definition, definitions, of_schools
from gapmap.ui import filters, frame
from gapmap.ui.actions import forms
from gapmap.ui.actions.choice import Chosen, kept
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load
from gapmap.ui.london.changed_panels import LEAST_SAME
from gapmap.ui.navigation import go_to
from gapmap.ui.tables import ROW_HEIGHT, chosen_row
from gapmap.ui.words import missing, numbered, sentence, signed

SHARED: Final = "good practice shared"
HEIGHT: Final = 270
MOST_NAMED: Final = 3


def show(chosen: Chosen) -> None:
    """Draw the view; a borough of the table leads to what closed the gap there."""
    with chosen.beside:
        definition = definitions()[_indicator()]
    previous = filters.quarter_before(chosen.held, chosen.quarter)
    told = _told(chosen, definition)
    if previous is None:
        st.info(
            f"The quarter before {chosen.quarter} is not held, so nobody can be said to have "
            "closed a gap. Choose a later quarter.",
            icon=":material/history:",
        )
    else:
        _boroughs(chosen, definition, previous, told)
    _how(told, definition)


def _indicator() -> str:
    titles = {one.name: one.title for one in of_schools()}
    chosen = st.selectbox(
        "Gap closed",
        list(titles),
        format_func=titles.__getitem__,
        index=list(titles).index(filters.FIRST_INDICATOR),
        key="worked_on",
        bind="query-params",
    )
    return chosen or filters.FIRST_INDICATOR


def _told(chosen: Chosen, definition: Definition) -> list[Agreement]:
    """The actions on this gap that were noted as done, with how."""
    found = kept(chosen.viewer, "action")
    return [one for one in found if one.indicator == definition.name and one.status == "done"]


def _boroughs(
    chosen: Chosen, definition: Definition, previous: str, told: Sequence[Agreement]
) -> None:
    movers = load(
        chosen.viewer,
        "london/movers",
        quarter=chosen.quarter,
        previous=previous,
        indicator=definition.name,
        least=LEAST_SAME,
        phase=None,
        school_type=None,
    )
    items = load(chosen.viewer, "joined_up/review_by_borough", quarter=chosen.quarter)
    shared = {r["borough_code"]: r for r in items.to_dict("records") if r["item"] == SHARED}
    closed = movers[movers["closed"] > 0]
    if chosen.borough is not None:
        closed = closed[closed["borough_code"] == chosen.borough]
    rows = closed.to_dict("records")
    st.markdown(f"Who closed “{definition.gap}” since {previous}, and how? {finding(rows)}")
    if rows:
        table = closed_table(rows, shared, told)
        place = chosen_row(
            table,
            key="worked_table",
            height=min(HEIGHT, len(table) * ROW_HEIGHT + 38),
            columns=_columns(),
        )
        _under(chosen, definition, table)
        if place is not None:
            go_to(
                "london",
                london_view="What changed",
                indicator=definition.title,
                moved=str(rows[place]["borough_code"]),
                quarter=chosen.quarter,
            )


def finding(rows: Sequence[Mapping[Any, Any]]) -> str:
    """The boroughs that improved by more than chance could make, the most improved first."""
    improved = [row for row in rows if is_clear(row)][:MOST_NAMED]
    if not rows:
        return "**No school closed it.**"
    closed = sum(int(row["closed"]) for row in rows)
    said = f"**{numbered(closed, 'school')} in {numbered(len(rows), 'borough')}**"
    if not improved:
        return f"{said}; no borough improved by more than chance could make."
    names = ", ".join(f"{row['borough']} {signed(round(row['points']))}" for row in improved)
    return f"{said}. Improved most, in points: **{names}**."


def is_clear(row: Mapping[Any, Any]) -> bool:
    """Whether a borough improved by more than chance could make."""
    return row["standing"] == "improved" and not missing(row["low"]) and row["low"] > 0


def _standing(row: Mapping[Any, Any]) -> str:
    if row["standing"] != "improved" or is_clear(row):
        return sentence(row["standing"])
    return "Improved, perhaps by chance"


def closed_table(
    rows: Sequence[Mapping[Any, Any]],
    shared: Mapping[str, Mapping[Any, Any]],
    told: Sequence[Agreement],
) -> pd.DataFrame:
    """One row per borough where a school closed the gap, as it is shown and exported."""
    how = {one.borough_code: one.outcome for one in reversed(told)}
    return pd.DataFrame(
        {
            "Borough": [row["borough"] for row in rows],
            "Closed": [int(row["closed"]) for row in rows],
            "Opened": [int(row["opened"]) for row in rows],
            "Change, points": [
                "–" if missing(row["points"]) else signed(round(row["points"])) for row in rows
            ],
            "Standing": [_standing(row) for row in rows],
            "Good practice shared": [_shared(shared.get(row["borough_code"])) for row in rows],
            "How, as noted": [how.get(row["borough_code"], "–") for row in rows],
        }
    )


def _shared(item: Mapping[Any, Any] | None) -> str:
    if item is None or missing(item["status"]):
        return "Not reported"
    month = "" if missing(item["month"]) else f" {item['month']}"
    return f"{sentence(item['status'])}{month}"


def _columns() -> dict[str, Any]:
    return {
        "Borough": st.column_config.TextColumn(width=170),
        "Closed": st.column_config.NumberColumn(width=66, help="Schools, from gap to met"),
        "Opened": st.column_config.NumberColumn(width=70, help="Schools, from met to gap"),
        "Change, points": st.column_config.TextColumn(
            width=110, alignment="right", help="Of the share met, same schools only"
        ),
        "Standing": st.column_config.TextColumn(
            width=180,
            help="Perhaps by chance: its 95% interval holds no change; revised: a return was "
            "replaced, and the change may be the correction's",
        ),
        "Good practice shared": st.column_config.TextColumn(
            width=150, help="Item of the partnership's review"
        ),
        "How, as noted": st.column_config.TextColumn(width=330),
    }


def _how(told: Sequence[Agreement], definition: Definition) -> None:
    st.subheader("How was it closed?")
    st.markdown(f"**By its definition**: {definition.closes}")
    for one in told:
        st.markdown(
            f"**{forms.place_words(one.borough_code)}** ({sentence(one.owner)}, {one.who}): "
            f"{one.outcome}"
        )
    if not told:
        st.caption(
            "Nobody has noted yet how they closed it. Whoever marks an action as done under “Who "
            "closes what” says how, and it stands here for others."
        )


def _under(chosen: Chosen, definition: Definition, table: pd.DataFrame) -> None:
    n = f"n = {numbered(len(table), 'borough')} where a school closed it"
    line = frame.source_line(chosen.quarter, chosen.held, list(definition.extracts), n)
    about = provenance(
        f"Who closed {definition.title}",
        chosen.quarter,
        source=f"{', '.join(definition.extracts)}, partnership_review, actions noted as done",
        definition="Closed: schools from gap to met since the quarter before, of those known in "
        "both. What was noted is not proven to have closed it.",
        filters={"Gap closed": definition.title},
    )
    under_table(line, lambda: table, about, chosen.quarter, key="worked_source")
