"""The panels of "My agency": the gaps that it owns, where they are, and what to decide today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.indicator import OWNERS, definitions
from gapmap.reference import reference
from gapmap.ui import frame
from gapmap.ui.cards import Card, Tone, show_cards
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.navigation import go_to
from gapmap.ui.tables import ROW_HEIGHT, chosen_row
from gapmap.ui.words import count, numbered, percent, quarter_words, reasons_words, sentence, signed

PARTS = {"borough": "By borough", "school type": "By type", "phase": "By phase (age)"}
TABLE_HEIGHT = 330
PART_HEIGHT = 242
HEADING_HEIGHT = 38
# So many boroughs come first in what is to be decided.
FIRST_BOROUGHS = 3


def choose_owner() -> str:
    """Whose gaps to look at."""
    chosen = st.selectbox("Agency", OWNERS, format_func=sentence, key="owner", bind="query-params")
    return chosen or OWNERS[0]


def choose_gap(gaps: pd.DataFrame) -> str | None:
    """The gap looked at: the one that the URL names (?gap=), else the one of most schools."""
    names = list(gaps["indicator"])
    asked = st.query_params.get("gap")
    if asked in names:
        return asked
    return names[0] if names else None


def choose_part() -> str:
    """Whether to see a gap by borough, school type or phase."""
    chosen = st.segmented_control(
        "Where it is",
        list(PARTS),
        format_func=PARTS.__getitem__,
        default="borough",
        required=True,
        key="part",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or "borough"


# --- how many ------------------------------------------------------------------------------------


def headline(owner: str, gaps: pd.DataFrame, items: pd.DataFrame) -> None:
    """How many gaps the agency owns, how they moved, and what is unknown of them."""
    opened, closed = int(gaps["opened"].sum()), int(gaps["closed"].sum())
    known = int(gaps["gap"].sum() + gaps["met"].sum())
    tone: Tone = "neutral"
    if opened != closed:
        tone = "worse" if opened > closed else "better"
    show_cards(
        [
            Card(
                "Gaps to close",
                count(gaps["gap"].sum()),
                f"{signed(opened - closed)} in the same schools",
                tone,
                f"of {count(known)} answers known, on {numbered(len(gaps), 'item')} of schools",
                "A gap is one school that does not meet one item; one school may have several.",
            ),
            Card(
                "Closed since last quarter",
                count(closed),
                note=f"opened: {count(opened)}; schools that answered in both quarters",
            ),
            Card(
                "Answers unknown",
                count(gaps["unknown"].sum()),
                note=reasons_words({r: gaps[r].sum() for r in _REASONS}),
                meaning="Not asked, no reply, not submitted, not in the return or out of date: "
                "never counted as a gap.",
            ),
            _items_card(items),
        ]
    )


_REASONS = ("not_asked", "no_reply", "not_submitted", "no_row", "out_of_date")


def _items_card(items: pd.DataFrame) -> Card:
    if items.empty:
        return Card("Review items", "–", note="No item of the partnerships' reviews is this one's.")
    of_all = int(items["boroughs"].sum())
    reported = of_all - int(items["not_reported"].sum())
    return Card(
        "Review items not done",
        count(items["in_progress"].sum() + items["not_started"].sum()),
        note=f"of {count(reported)} reported; {count(items['not_reported'].sum())} not reported",
        meaning="Items of the partnerships' reviews that this agency owns, one per borough.",
    )


# --- which ---------------------------------------------------------------------------------------


def gap_table(gaps: pd.DataFrame, owner: str, chosen: str) -> None:
    """Every gap of the agency; choosing one shows where it is."""
    st.subheader(f"Which gaps are the {owner}'s?")
    place = chosen_row(
        gap_frame(gaps).drop(columns="What closes it"),
        key="agency_gaps",
        height=min(TABLE_HEIGHT, ROW_HEIGHT * len(gaps) + HEADING_HEIGHT),
        columns={
            "Gap": st.column_config.TextColumn(width=190),
            "Schools": st.column_config.NumberColumn(width=66, format="localized"),
            "Change": st.column_config.TextColumn(width=62, help="In schools known both times"),
            "Pupils": st.column_config.NumberColumn(
                width=76, format="localized", help="In schools with the gap"
            ),
            "Of known": st.column_config.TextColumn(width=76),
            "Unknown": st.column_config.NumberColumn(width=74, format="localized"),
        },
    )
    if place is not None and gaps.iloc[place]["indicator"] != chosen:
        st.query_params["gap"] = gaps.iloc[place]["indicator"]
        st.rerun()


def gap_frame(gaps: pd.DataFrame) -> pd.DataFrame:
    """The gaps as they are shown and exported."""
    rows = gaps.to_dict("records")
    return pd.DataFrame(
        {
            "Gap": [sentence(row["gap_words"]) for row in rows],
            "Schools": [row["gap"] for row in rows],
            "Change": [_moved(row) for row in rows],
            "Pupils": [row["pupils_gap"] for row in rows],
            "Of known": [_share(row) for row in rows],
            "Unknown": [row["unknown"] for row in rows],
            "What closes it": [row["closes"] for row in rows],
        }
    )


def _moved(row: Mapping[Any, Any]) -> str:
    return signed(int(row["opened"] - row["closed"])) if row["same_n"] else "–"


def _share(row: Mapping[Any, Any]) -> str:
    known = row["gap"] + row["met"]
    return percent(row["gap"] / known if known else None)


def decision(gaps: pd.DataFrame, chosen: str, boroughs: pd.DataFrame) -> None:
    """What closes the chosen gap, and what would be decided today."""
    row = gaps[gaps["indicator"] == chosen].iloc[0].to_dict()
    st.subheader(sentence(str(row["gap_words"])))
    st.markdown(f"**What closes it.** {row['closes']}  \n**To decide today.** "
                f"{decision_words(row, boroughs)}")  # fmt: skip


def decision_words(row: Mapping[Any, Any], boroughs: pd.DataFrame) -> str:
    """Where to begin: the boroughs with most schools, and what must be asked first.

    `boroughs` is the answer of agency/by_part for the gap, most schools first.
    """
    if not row["gap"] and not row["unknown"]:
        return "Nothing: no school here has this gap, and every answer is known."
    said = []
    first = boroughs[boroughs["gap"] > 0].head(FIRST_BOROUGHS)
    if row["gap"]:
        names = [f"{r['part']} ({count(r['gap'])})" for r in first.to_dict("records")]
        share = percent(first["gap"].sum() / row["gap"])
        begin = f" Begin with {', '.join(names)}: {share} of them." if len(boroughs) > 1 else ""
        said.append(
            f"Who closes it in {numbered(row['gap'], 'school')} with "
            f"{count(row['pupils_gap'])} pupils, and by when?{begin}"
        )
    if row["unknown"]:
        said.append(
            f"Who asks the {numbered(row['unknown'], 'school')} of which nothing is known "
            f"({reasons_words(row)})?"
        )
    return " ".join(said)


# --- where ---------------------------------------------------------------------------------------


def where_it_is(
    parts: pd.DataFrame, part: str, chosen: str, place: Mapping[str, str | None]
) -> None:
    """The schools with the gap by borough, type or phase; a borough leads to its schools."""
    row = chosen_row(
        part_frame(parts, part),
        key=f"agency_{part.replace(' ', '_')}",
        height=min(PART_HEIGHT, ROW_HEIGHT * len(parts) + HEADING_HEIGHT),
        columns={"Pupils": st.column_config.NumberColumn(format="localized")},
    )
    if row is not None and part == "borough":
        narrowed = {
            key: sentence(value)
            for key in ("phase", "school_type")
            if (value := place[key]) is not None
        }
        go_to(
            "borough",
            borough=str(parts.iloc[row]["borough_code"]),
            view="Schools",
            by="Indicator",
            indicator=definitions()[chosen].title,
            state="Gap",
            quarter=str(place["quarter"]),
            **narrowed,
        )
    definition = definitions()[chosen]
    about = provenance(
        f"{sentence(definition.gap)}, by {part}",
        str(place["quarter"]),
        source=", ".join(definition.extracts),
        definition=f"Schools with the gap ({definition.gap}), out of those known; not met: "
        f"{definition.numerator}",
        filters={
            "Borough": None
            if place["borough"] is None
            else reference.borough_name(place["borough"]),
            "Phase": place["phase"],
            "School type": place["school_type"],
        },
    )
    line = "Choose a borough for its schools with the gap." if part == "borough" else ""
    table = part_frame(parts, part)
    under_table(line, lambda: table, about, str(place["quarter"]), key="agency_part_source")


def part_frame(parts: pd.DataFrame, part: str) -> pd.DataFrame:
    """The parts as they are shown."""
    rows = parts.to_dict("records")
    heading = sentence(part)
    return pd.DataFrame(
        {
            heading: [sentence(str(row["part"])) for row in rows],
            "Schools": [row["gap"] for row in rows],
            "Pupils": [row["pupils_gap"] for row in rows],
            "Of known": [_share(row) for row in rows],
            "Unknown": [row["unknown"] for row in rows],
            "Closed": [row["closed"] for row in rows],
            "Opened": [row["opened"] for row in rows],
        }
    )


def source(
    gaps: pd.DataFrame, owner: str, held: pd.DataFrame, place: Mapping[str, str | None]
) -> None:
    """What stands under the tables, with the downloads."""
    quarter = str(place["quarter"])
    borough = place["borough"]
    area = "London" if borough is None else reference.borough_name(borough)
    extracts = sorted({e for name in gaps["indicator"] for e in definitions()[name].extracts})
    known = int((gaps["gap"] + gaps["met"]).sum())
    line = frame.source_line(quarter, held, extracts, f"n = {count(known)} answers known")
    about = provenance(
        f"Gaps that the {owner} owns, {area}",
        quarter,
        source=", ".join(extracts),
        definition="Schools that do not meet an item whose gap this agency owns; change: schools "
        "that were met and now have the gap, less those that closed it, of those known both times",
        filters={"Borough": area, "Phase": place["phase"], "School type": place["school_type"]},
    )
    under_table(line, lambda: gap_frame(gaps), about, quarter, key="agency_source")


def review_items(items: pd.DataFrame, owner: str, place: Mapping[str, str | None]) -> None:
    """The review items that the agency owns, and where they are not done."""
    if items.empty:
        return
    st.subheader(f"Which items of the reviews are the {owner}'s, and where are they not done?")
    rows = items.to_dict("records")
    table = pd.DataFrame(
        {
            "Item": [sentence(row["item"]) for row in rows],
            "Done": [f"{row['done']} of {row['boroughs']}" for row in rows],
            "In progress": [row["in_progress"] for row in rows],
            "Not started": [row["not_started"] for row in rows],
            "Not done in": [row["open_in"] or "–" for row in rows],
            "Not reported": [_not_reported(row) for row in rows],
            "What closes it": [row["closes"] for row in rows],
        }
    )
    st.table(table, hide_index=True)
    quarter = str(place["quarter"])
    about = provenance(
        f"Items of the reviews that the {owner} owns",
        quarter,
        source="partnership_review",
        definition="Boroughs by the status that stands; not reported is unknown, not undone",
        filters={
            "Borough": None
            if place["borough"] is None
            else reference.borough_name(place["borough"])
        },
    )
    line = f"{quarter_words(quarter)} · from partnership review · n = {numbered(len(rows), 'item')}"
    under_table(line, lambda: table, about, quarter, key="agency_items_source")


def _not_reported(row: Mapping[Any, Any]) -> str:
    if not row["not_reported"]:
        return "–"
    return "everywhere" if row["not_reported"] == row["boroughs"] else row["not_reported_in"]
