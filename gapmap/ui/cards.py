"""A row of figures: what is counted, the number, its change, and what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from gapmap.ui import palette

Tone = Literal["better", "worse", "neutral"]

_TONE_COLOURS: dict[Tone, str] = {
    "better": palette.STATE_TEXT_COLOURS["met"],
    "worse": palette.STATE_TEXT_COLOURS["gap"],
    "neutral": palette.MUTED_TEXT,
}
_STYLE = f"""<style>
.cards {{display: flex; gap: .6rem; flex-wrap: wrap;}}
.card {{flex: 1 1 11rem; border: 1px solid {palette.BACKDROP_BOUNDARY}; border-radius: .4rem;
  padding: .35rem .7rem .4rem; min-width: 0; font-size: .8rem; line-height: 1.25;}}
.card .label {{color: {palette.TEXT}; font-weight: 600;}}
.card .value {{font-size: 1.4rem; font-weight: 600; font-variant-numeric: tabular-nums;}}
.card .change {{font-weight: 600; margin-left: .45rem; white-space: nowrap;}}
.card .note {{color: {palette.MUTED_TEXT};}}
</style>"""


@dataclass(frozen=True)
class Card:
    """One figure. `meaning` is read out and shown on hover."""

    label: str
    value: str
    change: str = ""
    tone: Tone = "neutral"
    note: str = ""
    meaning: str = ""


def show_cards(cards: Sequence[Card]) -> None:
    """Draw the cards in one row; they wrap where the screen is narrow."""
    st.html(_STYLE + '<div class="cards">' + "".join(_card(card) for card in cards) + "</div>")


def _card(card: Card) -> str:
    colour = _TONE_COLOURS[card.tone]
    change = f'<span class="change" style="color:{colour}">{escape(card.change)}</span>'
    return (
        f'<div class="card" title="{escape(card.meaning)}">'
        f'<div class="label">{escape(card.label)}</div>'
        f'<div><span class="value">{escape(card.value)}</span>{change}</div>'
        f'<div class="note">{escape(card.note)}</div></div>'
    )
