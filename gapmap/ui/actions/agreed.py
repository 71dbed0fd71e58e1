"""Who closes which gap, by when, and whether the extracts since then say that it closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.agreements.agreements import Agreement, may_settle
from gapmap.indicator import definitions
from gapmap.ui import frame
from gapmap.ui.actions import forms
from gapmap.ui.actions.choice import Chosen, kept
from gapmap.ui.actions.standing import (
    CLOSED,
    FEWER,
    MEANINGS,
    Schools,
    change_words,
    is_late,
    schools_of,
    standing,
)
from gapmap.ui.cards import Card, show_cards
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load
from gapmap.ui.navigation import go_to, page
from gapmap.ui.tables import HEADING_HEIGHT, ROW_HEIGHT, chosen_row
from gapmap.ui.words import count, numbered, sentence

STATUS_WORDS = {"open": "Open", "done": "Done", "dropped": "Dropped"}
HEIGHT = 330
DEFINITION = (
    "Schools with the gap of those known, in the quarter on whose figures it was agreed and in the "
    "quarter looked at; unknown is never counted as closed. "
    + "; ".join(f"{word}: {meaning}" for word, meaning in MEANINGS.items())
)


@dataclass(frozen=True)
class Followed:
    """An action with the schools of its gap then and now, and where it stands."""

    action: Agreement
    then: Schools
    now: Schools
    stands: str
    late: bool


def followed(chosen: Chosen) -> list[Followed]:
    """The actions that the filters leave, the open ones first, with what the extracts say."""
    found = [one for one in kept(chosen.viewer, "action") if chosen.shows(one)]
    if not found:
        return []
    rows = load(
        chosen.viewer,
        "agreements/where_gaps_stand",
        quarters=tuple(sorted({one.quarter for one in found} | {chosen.quarter})),
        indicators=tuple(sorted({str(one.indicator) for one in found})),
        school_types=tuple(sorted({one.school_type for one in found if one.school_type})),
    ).to_dict("records")
    return sorted(
        (_followed(one, rows, chosen.quarter) for one in found),
        key=lambda one: (one.action.status != "open", not one.late, one.action.due),
    )


def _followed(action: Agreement, rows: list[dict[Any, Any]], quarter: str) -> Followed:
    then = schools_of(rows, action, action.quarter)
    now = schools_of(rows, action, quarter)
    late = is_late(action, now, quarter)
    return Followed(action, then, now, standing(then, now, action.quarter, quarter), late)


def show(chosen: Chosen) -> None:
    """Draw the view."""
    every = followed(chosen)
    _cards(every)
    left, right = st.columns([4, 1.4], vertical_alignment="center")
    left.markdown(f"Who closes which gap, and did the next extracts show it closed? "
                  f"{finding(every)}")  # fmt: skip
    if forms.may_note_some(chosen.viewer, "action"):
        with right:
            st.page_link(
                page("agency"), label="Note who closes a gap", icon=":material/add:",
                help="Choose the gap under My agency.",
            )  # fmt: skip
    if not every:
        return
    table = action_table(every)
    place = chosen_row(
        table,
        key="actions_table",
        height=min(HEIGHT, len(table) * ROW_HEIGHT + HEADING_HEIGHT),
        columns=_columns(),
    )
    _under(chosen, table, every)
    if place is not None:
        st.session_state["action_looked_at"] = every[place].action.agreement_id
    looked_at = st.session_state.get("action_looked_at")
    for one in every:
        if one.action.agreement_id == looked_at:
            _detail(chosen, one)


def finding(every: Sequence[Followed]) -> str:
    """How many are open, how many of them moved, and how many are late."""
    opened = [one for one in every if one.action.status == "open"]
    if not every:
        return "**Nothing was agreed yet**: choose a gap under My agency and note who closes it."
    moved = sum(1 for one in every if one.stands in (CLOSED, FEWER))
    late = sum(1 for one in opened if one.late)
    return (
        f"**{numbered(len(opened), 'action')} open**, {late} of them past the agreed quarter. "
        f"In **{moved} of all {len(every)}** the gap closed or has fewer schools than when it was "
        "agreed."
    )


def _cards(every: Sequence[Followed]) -> None:
    opened = [one for one in every if one.action.status == "open"]
    late = sum(1 for one in opened if one.late)
    pupils = sum(one.now.pupils_gap for one in opened)
    show_cards(
        [
            Card("Open", count(len(opened)), note=f"{count(len(every) - len(opened))} settled"),
            Card(
                "Closed by the extracts",
                count(sum(1 for one in every if one.stands == CLOSED)),
                note="no school has the gap, every answer known",
            ),
            Card(
                "Fewer schools than agreed on",
                count(sum(1 for one in every if one.stands == FEWER)),
                note="and no more unknown",
            ),
            Card(
                "Past the agreed quarter",
                count(late),
                tone="worse" if late else "neutral",
                note=f"{count(pupils)} pupils in schools of all open actions",
                meaning="Open, due by the end of the quarter looked at, and schools have the gap.",
            ),
        ]
    )


def gap_words(action: Agreement) -> str:
    """The gap in words, with the school type where it is one alone."""
    words = sentence(definitions()[str(action.indicator)].gap)
    return f"{words} ({action.school_type})" if action.school_type else words


def action_table(every: Sequence[Followed]) -> pd.DataFrame:
    """One row per action, as it is shown and exported."""
    return pd.DataFrame(
        {
            "Gap": [gap_words(one.action) for one in every],
            "Where": [forms.place_words(one.action.borough_code) for one in every],
            "Agency": [sentence(one.action.owner) for one in every],
            "Who sees to it": [one.action.who for one in every],
            "Agreed on": [one.action.quarter for one in every],
            "By end of": [
                f"{one.action.due}, late" if one.late else one.action.due for one in every
            ],
            "With the gap": [_moved(one.then.gap, one.now.gap) for one in every],
            "Known": [_moved(one.then.known, one.now.known) for one in every],
            "Unknown": [_moved(one.then.unknown, one.now.unknown) for one in every],
            "By the extracts": [one.stands for one in every],
            "Noted": [STATUS_WORDS[one.action.status] for one in every],
            "What is to be done": [one.action.words for one in every],
            "How": [one.action.outcome or "–" for one in every],
        }
    )


def _columns() -> dict[str, Any]:
    column = st.column_config.TextColumn
    help_words = "; ".join(f"{word}: {meaning}" for word, meaning in MEANINGS.items())
    then_now = "Schools in the quarter agreed on, and in the one looked at"
    return {
        "Gap": column(width=196),
        "Where": column(width=106),
        "Agency": column(width=86),
        "Who sees to it": column(width=196),
        "Agreed on": column(width=78, help="The quarter on whose figures it was agreed"),
        "By end of": column(width=96),
        "With the gap": column(width=92, alignment="right", help=then_now),
        "Known": column(width=104, alignment="right", help=then_now),
        "Unknown": column(width=84, alignment="right", help=then_now),
        "By the extracts": column(width=104, help=help_words),
        "Noted": column(width=66, help="What people noted; the extracts speak for themselves"),
    }


def _moved(then: int, now: int) -> str:
    return f"{then:,} → {now:,}"


def _detail(chosen: Chosen, one: Followed) -> None:
    action = one.action
    with st.container(border=True):
        st.subheader(f"{gap_words(action)}: {forms.place_words(action.borough_code)}")
        st.markdown(
            f"{action.words}  \n**{sentence(action.owner)}**, {action.who}, by the end of "
            f"{action.due}. {sentence(change_words(one.then, one.now))}: "
            f"**{one.stands.lower()}**, {MEANINGS[one.stands]}."
            + (f"  \n**How**: {action.outcome}" if action.outcome else "")
        )
        buttons = st.columns([1.8, 1.4, 4])
        if action.borough_code and buttons[0].button(
            "Schools with the gap", icon=":material/arrow_forward:", key="action_schools"
        ):
            _to_schools(chosen, action)
        if may_settle(chosen.viewer, action):
            with buttons[1]:
                settle_button(chosen, action)


def settle_button(chosen: Chosen, agreement: Agreement) -> None:
    """Say what came of it; or take it up again."""
    if agreement.status == "open":
        forms.settle(chosen.viewer, agreement)
    elif st.button("Take up again", icon=":material/undo:", key="open_again"):
        forms.take_up_again(chosen.viewer, agreement)


def _to_schools(chosen: Chosen, action: Agreement) -> None:
    of_type = {"school_type": sentence(action.school_type)} if action.school_type else {}
    go_to(
        "borough",
        borough=str(action.borough_code),
        view="Schools",
        by="Indicator",
        indicator=definitions()[str(action.indicator)].title,
        state="Gap",
        quarter=chosen.quarter,
        **of_type,
    )


def _under(chosen: Chosen, table: pd.DataFrame, every: Sequence[Followed]) -> None:
    names = {str(one.action.indicator) for one in every}
    extracts = sorted({e for name in names for e in definitions()[name].extracts})
    n = f"n = {numbered(len(every), 'action')}"
    line = frame.source_line(chosen.quarter, chosen.held, extracts, n)
    about = provenance(
        "Actions agreed",
        chosen.quarter,
        source=f"what was agreed, and {', '.join(extracts)}",
        definition=DEFINITION,
        filters={
            "Borough": None if chosen.borough is None else forms.place_words(chosen.borough),
            "Agency": chosen.owner,
        },
    )
    under_table(line, lambda: table, about, chosen.quarter, key="actions_source")
