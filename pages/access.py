"""Access: who was given which role, for which boroughs and extracts; give one, and end one."""

import streamlit as st

from gapmap.ui.administration import access_panels
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
left, right = st.columns([3, 1], vertical_alignment="bottom")
left.title("Access")
if not (viewer.opens("access") and viewer.may("edit_access")):
    st.info("The access table is for administrators.", icon=":material/lock:")
    st.stop()
with right:
    ended = st.toggle("Show what was ended", key="grants_ended")
found = access_panels.held(ended=ended)
if found:
    access_panels.grants_table(found)
else:
    st.info("Nobody was given a role here yet.", icon=":material/inbox:")
access_panels.add_panel(viewer)
access_panels.end_panel(viewer, access_panels.held(ended=False))
