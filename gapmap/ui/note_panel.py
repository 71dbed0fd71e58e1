"""A note with the day on which it was true; who may edit it does so beside it."""

from __future__ import annotations

import streamlit as st

from gapmap.access import NotAllowed, Viewer
from gapmap.agreements.edited import LONGEST_NOTE, EditError, edit_note, note_now
from gapmap.agreements.written import UnfitText
from gapmap.opened import the_office
from gapmap.operations.operations import today
from gapmap.reference.dated_notes import DatedNote
from gapmap.ui.noting import note
from gapmap.ui.viewing import who
from gapmap.ui.words import day_words, sentence


def show_note(viewer: Viewer, name: str) -> None:
    """The note as it stands; for administrators the way to edit it."""
    stands = note_now(the_office(), name)
    st.caption(f"As of {day_words(stands.as_of)}: {stands.text}")
    if not viewer.may("edit_notes"):
        return
    times = st.session_state.setdefault("notes_edited", 0)
    with st.popover("Edit the note", icon=":material/edit:", key=f"edit_note_{times}"):
        as_of = st.date_input("True as of", today(), format="DD/MM/YYYY", key=f"note_day_{times}")
        text = st.text_area(
            "Note", stands.text, max_chars=LONGEST_NOTE, height=160, key=f"note_text_{times}"
        )
        st.caption("The note before stays in the office, with who wrote it and when.")
        if st.button("Put it in place", type="primary", key=f"keep_note_{times}"):
            try:
                edit_note(the_office(), viewer, who(), DatedNote(name, as_of, text))
            except (EditError, UnfitText, NotAllowed) as fault:
                st.error(f"{sentence(str(fault))}.", icon=":material/error:")
                return
            note("note edited", name)
            st.session_state["notes_edited"] = times + 1
            st.rerun()
