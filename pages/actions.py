"""Actions: who closes which gap and did it close, asks to the Executive, and what worked."""

import streamlit as st

from gapmap.ui import filters, frame
from gapmap.ui.actions import agreed, asks, choice, worked
from gapmap.ui.navigation import TITLES
from gapmap.ui.viewing import current_viewer

SHOW = {
    choice.AGREED: agreed.show,
    choice.ASKS: asks.show,
    choice.WORKED: worked.show,
}

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title(TITLES["actions"])
    frame.nothing_held(viewer)
    st.stop()

# choose
chosen = choice.choose(viewer, held)

# load and show: each view loads what it shows, and nothing else
SHOW[chosen.view](chosen)
