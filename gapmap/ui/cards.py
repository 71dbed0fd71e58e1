"""A row of figures: what is counted, the number, its change, and what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
# The button lies over its whole card, unseen: the card is what is clicked, and it is reached and
# pressed by keyboard and screen reader as a button of its own.
_OPENING_STYLE = f"""<style>
[class*="st-key-opening_"] {{position: relative; gap: 0; height: 100%;}}
[class*="st-key-opening_"] .card {{height: 100%; box-sizing: border-box;}}
/* All cards of a row are as high as the highest. */
[data-testid="stVerticalBlock"]:has(> * > [class*="st-key-opening_"]),
[data-testid="stLayoutWrapper"]:has(> [class*="st-key-opening_"]),
[class*="st-key-opening_"] > div:has(> * > .card), [class*="st-key-opening_"] div:has(> .card) {{
  height: 100%;}}
/* At 200% zoom two stand beside each other. */
@media (max-width: 640px) {{
  [data-testid="stColumn"]:has(> * > * > [class*="st-key-opening_"]) {{
    flex: 1 1 calc(50% - 1rem) !important; min-width: calc(50% - 1rem) !important;}}
}}
[class*="st-key-opening_"] > div:has(.stButton) {{position: absolute; inset: 0; height: auto;}}
[class*="st-key-opening_"] .stButton, [class*="st-key-opening_"] .stButton button {{
  width: 100%; height: 100%; min-height: 0; opacity: 0;}}
[class*="st-key-opening_"]:hover .card {{border-color: {palette.TEXT};}}
[class*="st-key-opening_"]:focus-within .card {{outline: 2px solid {palette.STATE_COLOURS["met"]};}}
[class*="st-key-opening_"] .label::after {{content: " ›"; color: {palette.STATE_COLOURS["met"]};}}
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


@dataclass(frozen=True)
class Opening:
    """What a card opens when it is clicked: in words, and as what the URL then says."""

    words: str
    query: Mapping[str, str]


def show_cards(cards: Sequence[Card]) -> None:
    """Draw the cards in one row; they wrap where the screen is narrow."""
    st.html(_STYLE + '<div class="cards">' + "".join(_card(card) for card in cards) + "</div>")


def show_opening_cards(
    cards: Sequence[tuple[Card, Opening]], *, key: str, widths: Sequence[float] | None = None
) -> Mapping[str, str] | None:
    """Draw cards in one row of the whole width; what the one that was clicked opens, else None."""
    opened = None
    st.html(_STYLE + _OPENING_STYLE)
    columns = st.columns(widths or len(cards), gap="small")
    for place, (column, (card, opening)) in enumerate(zip(columns, cards, strict=True)):
        with column, st.container(key=f"opening_{key}_{place}"):
            st.html(_card(card))
            if st.button(
                f"{card.label}: {opening.words}",
                key=f"open_{key}_{place}",
                help=card.meaning or None,
            ):
                opened = opening.query
    return opened


def _card(card: Card) -> str:
    colour = _TONE_COLOURS[card.tone]
    change = f'<span class="change" style="color:{colour}">{escape(card.change)}</span>'
    return (
        f'<div class="card" title="{escape(card.meaning)}">'
        f'<div class="label">{escape(card.label)}</div>'
        f'<div><span class="value">{escape(card.value)}</span>{change}</div>'
        f'<div class="note">{escape(card.note)}</div></div>'
    )
