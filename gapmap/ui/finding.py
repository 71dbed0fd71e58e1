"""What a chart asks and what it finds, above the chart: the line that is read in ten seconds."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from gapmap.ui import palette

_STYLE: Final = f"""<style>
.finding {{line-height: 1.3; font-size: 1rem; color: {palette.TEXT};}}
.finding h3 {{display: inline; font-size: 1.05rem; font-weight: 600; padding: 0; margin: 0;}}
.finding .answer {{margin-left: .35rem;}}
.finding .answer b {{font-size: 1.15rem; color: {palette.STATE_TEXT_COLOURS["met"]};
  font-variant-numeric: tabular-nums;}}
.finding .more {{color: {palette.MUTED_TEXT}; font-size: .82rem; margin-left: .35rem;}}
</style>"""


def show_finding(question: str, figure: str, answer: str = "", more: str = "") -> None:
    """The question as the heading, then the finding: `figure` stands out, `answer` is read after
    it, and `more` is small."""
    parts = (
        f"<b>{escape(figure)}</b>" if figure else "",
        escape(answer),
        f'<span class="more">{escape(more)}</span>' if more else "",
    )
    said = " ".join(filter(None, parts))
    st.html(
        f'{_STYLE}<div class="finding"><h3>{escape(question)}</h3> '
        f'<span class="answer">{said}</span></div>'
    )
