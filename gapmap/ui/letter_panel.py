"""A letter beside a list: its text to copy, and to take along as a file."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import Definition
from gapmap.operations.operations import today
from gapmap.reference import letters, reference
from gapmap.reference.letters import Kind, Written
from gapmap.reference.thresholds import partnership_of_borough
from gapmap.ui.exporting import download


def letter_of(
    viewer: Viewer,
    kind: Kind,
    about: Sequence[Definition],
    quarter: str,
    *,
    borough: str | None = None,
    schools: Sequence[str] = (),
) -> Written:
    """The letter of a list, written today.

    `borough`: a GSS code, or None where it is a pattern for all. The names of `schools` go to the
    borough's own lead alone.
    """
    own = borough is not None and viewer.leads(borough)
    return letters.write(
        kind,
        about,
        quarter,
        today(),
        borough=None if borough is None else reference.borough_name(borough),
        partnership=None if borough is None else partnership_of_borough()[borough],
        schools=schools if own else (),
    )


def show_letters(written: Sequence[Written], *, key: str, height: int = 250) -> None:
    """The letters of a list, the chosen one ready to copy and to download."""
    titles = [one.title for one in written]
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}_head"):
        chosen = _choose(titles, key)
        letter = written[titles.index(chosen)]
        download(
            "Text",
            letter.text.encode,
            letter.file_name,
            "text/plain",
            f"letter {key}",
            key=f"{key}_text",
            type="tertiary",
            help="The letter as a text file.",
        )
    st.code(letter.text, language=None, wrap_lines=True, height=height)


def _choose(titles: Sequence[str], key: str) -> str:
    """The title of the letter that is chosen; where there is one there is no choice."""
    if len(titles) == 1:
        st.caption(titles[0], width="stretch")
        return titles[0]
    chosen = st.selectbox("Letter", titles, key=f"{key}_kind", label_visibility="collapsed")
    return chosen or titles[0]
