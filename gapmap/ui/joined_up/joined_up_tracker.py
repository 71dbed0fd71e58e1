"""The review tracker: which borough completed its review by its half-term, and sent its offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import NotAllowed
from gapmap.agreements.edited import EditError, deadlines, set_deadline
from gapmap.indicator import definitions
from gapmap.opened import the_office
from gapmap.operations.operations import today
from gapmap.reference import reference
from gapmap.ui import frame
from gapmap.ui.area_choice import LookedAt, records
from gapmap.ui.cards import Card, show_cards
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load
from gapmap.ui.noting import note
from gapmap.ui.tables import ROW_HEIGHT
from gapmap.ui.viewing import who
from gapmap.ui.words import count, day_words, missing, numbered, percent, sentence

REVIEW: Final = "review completed"
OFFER: Final = "offer published"
# Schools' own answers beside the partnership's.
REVIEWED, OFFERED = "reviewed", "offer_of_support"
HEIGHT: Final = 380
DONE, LATE, DUE, UNKNOWN_LATE, UNKNOWN = (
    "Done",
    "Past its day",
    "Not due yet",
    "Not reported, past its day",
    "Not reported yet",
)


def show_tracker(looked: LookedAt) -> None:
    """Draw the view: a line for each borough, with the day on which its review is due."""
    looked.definition(definitions()[REVIEWED])
    rows = tracked(looked)
    st.markdown(
        f"Which boroughs completed the review by their half-term, and sent the offer? "
        f"{finding(rows)}"
    )
    _cards(rows)
    table = tracker_table(rows)
    st.dataframe(
        table,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=min(HEIGHT, len(table) * ROW_HEIGHT + 38),
        column_config=_columns(),
        key="joined_up_tracker",
    )
    about = provenance(
        "Review tracker",
        looked.quarter,
        source="partnership_review, school_safeguarding, and the days that leads set",
        definition="The status that stands of the review and the offer, against the borough's "
        "day; schools reviewed and sent the offer, of those known",
        filters=looked.said(),
    )
    line = frame.source_line(
        looked.quarter,
        looked.held,
        ["partnership_review", "school_safeguarding"],
        f"n = {numbered(len(rows), 'borough')}; days as of {day_words(today())}",
    )
    under_table(line, lambda: table, about, looked.quarter, key="joined_up_tracker_source")
    _set_day(looked)
    looked.never("partnership_review")


def tracked(looked: LookedAt) -> list[dict[str, Any]]:
    """One row per borough, those that need somebody first."""
    demonstration = load(looked.viewer, "reference/demonstration")["demonstration"].item()
    due = deadlines(the_office(), demonstration=bool(demonstration))
    items = records(load(looked.viewer, "joined_up/review_by_borough", quarter=looked.quarter))
    told = {(row["borough_code"], row["item"]): row for row in items}
    schools = {name: _schools(looked, name) for name in (REVIEWED, OFFERED)}
    rows = []
    for borough in reference.boroughs():
        code = borough["borough_code"]
        if looked.borough not in (None, code):
            continue
        review = told.get((code, REVIEW), {})
        rows.append(
            {
                "borough": borough["borough"],
                "due": due[code],
                "review": review,
                "offer": told.get((code, OFFER), {}),
                "stands": stands(review.get("status"), due[code], today()),
                **{name: schools[name].get(code) for name in schools},
            }
        )
    order = (LATE, UNKNOWN_LATE, DUE, UNKNOWN, DONE)
    return sorted(rows, key=lambda row: (order.index(row["stands"]), row["due"], row["borough"]))


def _schools(looked: LookedAt, indicator: str) -> dict[str, dict[str, Any]]:
    found = load(
        looked.viewer,
        "gaps/by_borough",
        quarter=looked.quarter,
        indicator=indicator,
        phase=None,
        school_type=None,
    )
    return {row["borough_code"]: row for row in records(found)}


def stands(status: Any, due: date, day: date) -> str:
    """Where a review stands on a day; not reported is unknown, and not undone."""
    if missing(status):
        return UNKNOWN_LATE if day > due else UNKNOWN
    if status == "done":
        return DONE
    return LATE if day > due else DUE


def finding(rows: list[dict[str, Any]]) -> str:
    """How many are done, how many are past their day, and of how many nothing is known."""
    done, late, unknown = (
        [row for row in rows if row["stands"] in states]
        for states in ((DONE,), (LATE,), (UNKNOWN, UNKNOWN_LATE))
    )
    said = [f"**{len(done)} of {numbered(len(rows), 'borough')} completed it**"]
    if late:
        said.append(f"past its day in {', '.join(row['borough'] for row in late)}")
    if unknown:
        said.append(f"not reported by {', '.join(row['borough'] for row in unknown)}")
    return "; ".join(said) + "."


def _cards(rows: list[dict[str, Any]]) -> None:
    def of(*states: str) -> str:
        return count(sum(1 for row in rows if row["stands"] in states))

    offered = sum(1 for row in rows if row["offer"].get("status") == "done")
    show_cards(
        [
            Card("Review completed", of(DONE), note=f"of {numbered(len(rows), 'borough')}"),
            Card("Past its day", of(LATE), note="reported, and not done"),
            Card(
                "Not reported",
                of(UNKNOWN, UNKNOWN_LATE),
                note="unknown, which is not undone",
            ),
            Card("Offer published", count(offered), note=f"of {numbered(len(rows), 'borough')}"),
        ]
    )


def tracker_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """One row per borough, as it is shown and exported."""
    return pd.DataFrame(
        {
            "Borough": [row["borough"] for row in rows],
            "Due": [day_words(row["due"]) for row in rows],
            "Standing": [row["stands"] for row in rows],
            "Review": [_status(row["review"]) for row in rows],
            "Offer published": [_status(row["offer"]) for row in rows],
            "Schools reviewed": [_share(row[REVIEWED]) for row in rows],
            "Schools sent the offer": [_share(row[OFFERED]) for row in rows],
        }
    )


def _status(item: Mapping[str, Any]) -> str:
    if missing(item.get("status")):
        return "Not reported"
    month = "" if missing(item["month"]) else f" {item['month']}"
    return f"{sentence(item['status'])}{month}"


def _share(row: Mapping[str, Any] | None) -> str:
    """`81% of 62 known`, or that nothing is known."""
    if row is None or not row["n"]:
        return "? nothing known"
    return f"{percent(row['share_met'])} of {count(row['n'])} known"


def _columns() -> dict[str, Any]:
    column = st.column_config.TextColumn
    return {
        "Borough": column(width=170, pinned=True),
        "Due": column(width=100, help="Half-terms differ: each borough's lead sets its day"),
        "Standing": column(width=180),
        "Review": column(width=150),
        "Offer published": column(width=150),
        "Schools reviewed": column(width=150, help="The schools' own answers"),
        "Schools sent the offer": column(width=160, help="The schools' own answers"),
    }


def _set_day(looked: LookedAt) -> None:
    """For those who may: the day on which a borough's review is due."""
    codes = [row["borough_code"] for row in reference.boroughs()]
    own = [code for code in codes if looked.viewer.may("set_deadline", code)]
    if not own:
        return
    times = st.session_state.setdefault("days_set", 0)
    with st.popover("Set a borough's day", icon=":material/event:", key=f"set_day_{times}"):
        first = own.index(looked.borough) if looked.borough in own else 0
        borough = st.selectbox(
            "Borough",
            own,
            index=first,
            format_func=reference.borough_name,
            key=f"day_of_{times}",
        )
        due = st.date_input(
            "Its review is due on", today(), format="DD/MM/YYYY", key=f"day_{times}"
        )
        if st.button("Set it", type="primary", key=f"set_the_day_{times}"):
            try:
                set_deadline(the_office(), looked.viewer, who(), borough, due)
            except (EditError, NotAllowed) as fault:
                st.error(f"{sentence(str(fault))}.", icon=":material/error:")
                return
            note("deadline set", borough)
            st.session_state["days_set"] = times + 1
            st.rerun()
