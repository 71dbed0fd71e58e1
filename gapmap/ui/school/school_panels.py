"""The panels of the school screen: what the register says, the gap score, and item by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.indicator import definitions
from gapmap.ui import palette, state_bars
from gapmap.ui.cards import Card, show_cards
from gapmap.ui.words import count, missing, percent, sentence, short_state, state_words, text

ITEMS, HISTORY, STEPS, TRUST = "Items", "History", "Next steps", "Trust"
PARTS: Final = (ITEMS, HISTORY, STEPS, TRUST)
# Quarters in the strip of an item; the history has all of them.
STRIP: Final = 8
_ORDER: Final = ("gap", "unknown", "met", "not_applicable")
_LINE: Final = """<style>
.st-key-score_line {gap: 0;}
.st-key-score_line .card {display: flex; flex-wrap: wrap; gap: 0 .5rem; align-items: baseline;
  flex-grow: 1; flex-basis: auto;}
.st-key-score_line .value {font-size: 1.15rem;}
.st-key-score_line .change {display: none;}
</style>"""
_STYLE: Final = f"""<style>
.items {{overflow-x: auto;}}
.items table {{border-collapse: collapse; width: 100%; min-width: 1150px; font-size: .78rem;
  font-variant-numeric: tabular-nums;}}
.items th {{padding: 0 6px 3px; border: 0; text-align: left; font-size: .72rem;
  color: {palette.MUTED_TEXT}; white-space: nowrap;}}
.items td {{padding: 1px 6px; height: 24px; border: 0; vertical-align: middle; line-height: 1.15;
  border-top: 1px solid {palette.BACKDROP_FILL};}}
.items tbody th {{padding: 1px 6px; height: 24px; color: {palette.TEXT}; font-size: .78rem;
  vertical-align: middle; border-top: 1px solid {palette.BACKDROP_FILL};}}
.items .number {{text-align: right;}}
.items tfoot td, .items tfoot th {{border-top: 1.5px solid {palette.TEXT}; font-weight: 600;
  padding: 3px 6px; font-size: .78rem; color: {palette.TEXT};}}
.items .fixed {{white-space: nowrap;}}
.items .soft {{color: {palette.MUTED_TEXT};}}
</style>"""


def choose_part(*, named: bool, in_scope: bool) -> str:
    """The part of the screen, by ?part=. A trust is told only where schools are named."""
    offered = [part for part in PARTS if part != TRUST or named]
    offered = offered if in_scope else [HISTORY]
    if st.session_state.get("part") not in (None, *offered):
        st.session_state["part"] = offered[0]
    chosen = st.segmented_control(
        "Part",
        offered,
        default=offered[0],
        key="part",
        bind="query-params",
        required=True,
        label_visibility="collapsed",
    )
    return str(chosen or offered[0])


def register_line(school: Mapping[str, Any], *, named: bool) -> str:
    """What the register says of a school, in one line; its trust only where schools are named."""
    ages = (
        ""
        if missing(school["low_age"])
        else f", ages {count(school['low_age'])}–{count(school['high_age'])}"
    )
    derived = " (derived from its ages)" if school["phase_source"] == "derived from ages" else ""
    phase = "phase unknown" if school["phase"] == "unknown" else school["phase"]
    parts = [
        f"{sentence(school['school_type'])}, {phase}{derived}{ages}",
        f"{count(school['pupils'])} pupils"
        if not missing(school["pupils"])
        else "pupils not known",
    ]
    if named and not missing(school["trust_name"]):
        parts.append(f"trust: {school['trust_name']}")
    if named and not missing(school["federation_name"]):
        parts.append(f"federation: {school['federation_name']}")
    dated = f"{school['register_date']:%d %B %Y}".lstrip("0")
    return " · ".join([*parts, f"register of {dated}"])


# --- the gap score --------------------------------------------------------------------------------


def score_cards(score: Mapping[str, Any], items: pd.DataFrame) -> None:
    """The gap score with its sum, or why it is hidden; the items by state; who owns the gaps."""
    counts = items["state"].value_counts()
    gaps = items[items["state"] == "gap"]
    owners = gaps["indicator"].map(lambda name: definitions()[name].owner).value_counts()
    owned = ", ".join(f"{sentence(str(owner))} {number}" for owner, number in owners.items())
    cards = (
        Card("Gap score", score_value(score), note=score_words(score)),
        Card(
            "Gaps",
            count(counts.get("gap", 0)),
            note=f"of {count(score['applicable'])} that apply",
        ),
        Card("Unknown", count(counts.get("unknown", 0)), meaning="Unknown is never a gap."),
        Card("Met", count(counts.get("met", 0)), note=_not_applicable(counts)),
        Card("Who closes them", "", note=owned or "there is no gap to close"),
    )
    with st.container(key="score_line"):
        st.html(_LINE)
        show_cards(cards)


def _not_applicable(counts: Any) -> str:
    return f"{count(counts.get('not_applicable', 0))} not applicable"


def score_value(score: Mapping[str, Any]) -> str:
    return "hidden" if score["hidden"] else percent(score["score"])


def score_words(score: Mapping[str, Any]) -> str:
    """The sum behind the score; of a hidden one, why it is hidden."""
    gap, known, applicable = (
        f"{float(score[name]):g}" for name in ("points_gap", "points_known", "points_applicable")
    )
    if not score["hidden"]:
        return f"{gap} of {known} points known; {applicable} apply"
    if not float(score["points_applicable"]):
        return "no point applies"
    return (
        f"{percent(score['share_unknown'])} of the {applicable} points that apply is unknown, more "
        f"than {percent(score['most_unknown'])}"
    )


# --- item by item ---------------------------------------------------------------------------------


def ordered(items: pd.DataFrame) -> list[Mapping[Any, Any]]:
    """The items: gaps first, then unknown, met and not applicable; those of most points first."""
    return sorted(
        items.to_dict("records"),
        key=lambda row: (
            _ORDER.index(row["state"]),
            -float(row["points"] or 0),
            definitions()[row["indicator"]].title,
        ),
    )


def item_table(
    items: pd.DataFrame,
    history: pd.DataFrame,
    quarter: str,
    score: Mapping[str, Any] | None,
    *,
    named: bool,
) -> None:
    """Each item in a row: state, points, evidence and where it is from, owner, what closes it, and
    the state of the quarters before."""
    quarters = quarters_of(history, quarter)[-STRIP:]
    cells = by_item(history)
    heads = ("Item", "State", "Points", "Evidence", "For", "Source", "Owner", "What closes it")
    first, last = (quarters[0], quarters[-1]) if quarters else ("", "")
    strip_head = (
        f'<th class="fixed" title="{first} to {last}">{escape(first)} → {escape(last)}</th>'
    )
    lines = "".join(
        _line(row, cells.get(row["indicator"], {}), quarters, named) for row in ordered(items)
    )
    head = "".join(f"<th>{name}</th>" for name in heads) + strip_head
    st.html(
        f'{state_bars.STYLE}{_STYLE}<div class="items"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{lines}</tbody>{_sum_line(score) if score else ''}</table></div>"
        f'<div class="key">{state_bars.legend()}'
        "<span>· not in scope</span><span><u>underlined</u> under an earlier URN</span></div>"
    )


Cell = Mapping[Any, Any]


def by_item(history: pd.DataFrame) -> dict[str, dict[str, Cell]]:
    """The history by indicator and quarter."""
    found: dict[str, dict[str, Cell]] = {}
    for row in history.to_dict("records"):
        found.setdefault(str(row["indicator"]), {})[str(row["quarter"])] = row
    return found


def quarters_of(history: pd.DataFrame, upto: str | None = None) -> list[str]:
    """The quarters of a history in order, up to one of them."""
    held = sorted({str(quarter) for quarter in history["quarter"]})
    return [quarter for quarter in held if upto is None or quarter <= upto]


def _line(
    row: Mapping[Any, Any], cells: Mapping[str, Cell], quarters: Sequence[str], named: bool
) -> str:
    state: palette.State = row["state"].replace("_", " ")
    strip = state_bars.state_strip([cells.get(quarter) for quarter in quarters], quarters)
    return (
        f'<tr><th scope="row" class="fixed">'
        f"{escape(definitions()[row['indicator']].title)}</th>"
        f'<td class="fixed" title="{escape(state_words(row["state"], row["reason"]))}" '
        f'style="color:{palette.STATE_TEXT_COLOURS[state]};font-weight:600">'
        f"{escape(_short_words(row))}</td>"
        f'<td class="number fixed">{points_words(row)}</td>'
        f"<td>{escape(evidence_words(row, named=named))}</td>"
        f'<td class="fixed">{escape(text(row["evidence_quarter"]))}</td>'
        f'<td class="soft fixed" title="{escape(text(row["file_name"]))}">'
        f"{escape(text(row['submission_id']))}</td>"
        f"<td>{escape(sentence(definitions()[row['indicator']].owner))}</td>"
        f"<td>{escape(closes_words(row))}</td>"
        f'<td class="fixed">{strip}</td></tr>'
    )


def _short_words(row: Mapping[Any, Any]) -> str:
    """A state for its column: unknown, and in short why."""
    said = short_state(row["state"], row["reason"])
    return f"unknown: {said}" if row["state"] == "unknown" else said


def _sum_line(score: Mapping[str, Any]) -> str:
    """The row under the items: what their points come to."""
    shown = f"{float(score['points_gap']):g} of {float(score['points_known']):g}"
    return (
        '<tfoot><tr><th scope="row" class="fixed">Gap score</th>'
        f'<td class="fixed">{escape(score_value(score))}</td>'
        f'<td class="number fixed">{shown}</td>'
        f'<td colspan="6">{escape(sum_words(score))}</td></tr></tfoot>'
    )


def sum_words(score: Mapping[str, Any]) -> str:
    """How the score comes from the points above it."""
    known, applicable = float(score["points_known"]), float(score["points_applicable"])
    unknown = f"{applicable - known:g} of {applicable:g} points that apply are unknown"
    if score["hidden"]:
        return f"hidden: {unknown}" if applicable else "no point applies"
    return f"points of gaps over points known; {unknown} and left out"


def points_words(row: Mapping[Any, Any]) -> str:
    """The points that an item adds; of what is unknown, what it would weigh."""
    weight = f"{float(row['points'] or 0):g}"
    if row["state"] == "gap":
        return f"{weight} of {weight}"
    if row["state"] == "met":
        return f"0 of {weight}"
    return f"? of {weight}" if row["state"] == "unknown" else "–"


def evidence_words(row: Mapping[Any, Any], *, named: bool = False) -> str:
    """The evidence, and where a predecessor gave it, that it did; which one where it is named."""
    said = text(row["evidence"])
    if missing(row["evidence_urn"]):
        return said
    said = said if "predecessor" in said else f"{said}, from predecessor".removeprefix(", ")
    if not named:
        return said
    name = "" if missing(row["evidence_school"]) else f"{row['evidence_school']}, "
    return f"{said} ({name}URN {int(row['evidence_urn'])})"


def closes_words(row: Mapping[Any, Any]) -> str:
    """What closes a gap; for what is unknown, how it becomes known."""
    if row["state"] == "gap":
        return definitions()[row["indicator"]].closes
    return _ASKS.get(str(row["reason"]), "") if row["state"] == "unknown" else ""


_ASKS: Final[Mapping[str, str]] = {
    "not_asked": "Ask.",
    "no_reply": "Send a reminder.",
    "not_submitted": "The borough's lead uploads the return.",
    "no_row": "The borough's lead adds the school to the return.",
    "out_of_date": "Ask for a newer answer.",
}


def items_for_file(items: pd.DataFrame) -> pd.DataFrame:
    """The items as they are taken along."""
    return pd.DataFrame(
        [
            {
                "Item": definitions()[row["indicator"]].title,
                "State": state_words(row["state"], row["reason"]),
                "Points": float(row["points"] or 0),
                "Evidence": evidence_words(row),
                "Evidence for": text(row["evidence_quarter"]),
                "Submission": text(row["submission_id"]),
                "Source file": text(row["file_name"]),
                "Owner": sentence(definitions()[row["indicator"]].owner),
                "What closes it": closes_words(row),
            }
            for row in ordered(items)
        ]
    )
