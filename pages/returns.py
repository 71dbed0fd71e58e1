"""Who has sent what: boroughs by extracts or quarters, what is missing first, and reminders."""

import streamlit as st

from gapmap.ui import filters, frame
from gapmap.ui.navigation import TITLES
from gapmap.ui.returns import returns_panels
from gapmap.ui.returns.reminders import choose_borough, show_reminder
from gapmap.ui.returns.returns_ways import follow
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title(TITLES["returns"])
    frame.nothing_held(viewer)
    st.stop()

# choose
columns = st.columns([2.6, 1.3, 2.6, 2, 2.4], vertical_alignment="bottom")
columns[0].title(TITLES["returns"])
with columns[1]:
    quarter = returns_panels.choose_quarter(held["quarter"])
with columns[2]:
    extract = returns_panels.choose_extract()
with columns[3]:
    police_unit = returns_panels.choose_police_unit(viewer)
with columns[4]:
    partnership = returns_panels.choose_partnership(viewer)

# load
states = returns_panels.load_states(viewer, quarter, extract, police_unit, partnership)
if states.empty:
    returns_panels.no_borough()
    st.stop()
matrix = returns_panels.matrix_of(states, quarter, extract)
# A reminder is of all extracts, whichever one is looked at.
every = returns_panels.load_states(viewer, quarter, None, police_unit, partnership)

# show
returns_panels.show_summary(states, quarter, viewer)
returns_panels.show_legend()
told = st.container()
clicked = returns_panels.show_matrix(matrix, viewer)
if clicked:
    with told:
        follow(*clicked, viewer)
left, right = st.columns([1.2, 4], gap="medium")
with left:
    st.subheader("Reminder")
    borough = choose_borough(matrix.boroughs, viewer)
with right:
    show_reminder(every, borough, viewer)
