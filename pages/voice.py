"""Voice: what children, parents and schools say, beside what was reported."""

import streamlit as st

from gapmap.ui import filters, frame
from gapmap.ui.navigation import TITLES
from gapmap.ui.viewing import current_viewer
from gapmap.ui.voice import (
    voice_boroughs,
    voice_choice,
    voice_ladder,
    voice_reported,
    voice_testimonies,
)

SHOW = {
    voice_choice.LADDER: voice_ladder.show,
    voice_choice.BOROUGHS: voice_boroughs.show,
    voice_choice.NONE_SEEN: voice_reported.show_none_seen,
    voice_choice.AGAINST: voice_reported.show_against,
    voice_choice.NAMED: voice_testimonies.show,
}

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title(TITLES["voice"])
    frame.nothing_held(viewer)
    st.stop()

# choose
looked_at = voice_choice.choose(viewer, held)

# load and show: each view loads what it shows, and nothing else
SHOW[looked_at.view](looked_at)
