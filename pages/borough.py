"""Borough: where it stands on every indicator, its schools, by type, and what children say."""

import streamlit as st

from gapmap.ui import filters, frame, navigation
from gapmap.ui.borough import borough_choice, borough_panels, listed_schools
from gapmap.ui.london import london_choice
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title("Borough")
    frame.nothing_held(viewer)
    st.stop()

# choose
chosen = borough_choice.choose(viewer, held)
london_choice.keep()

# load and show: each view loads what it shows, and nothing else
if listed_schools.asked_list():
    clicked = listed_schools.show_listed(
        viewer, chosen.code, chosen.quarter, chosen.of_schools, named=chosen.named
    )
else:
    clicked = borough_panels.show_view(viewer, chosen)
if clicked:
    navigation.go_into(borough=chosen.code, urn=clicked)
