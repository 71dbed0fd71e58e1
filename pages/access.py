"""Access: who was given which role, for which boroughs and extracts, and who is signed in now."""

import streamlit as st

from gapmap.ui import frame
from gapmap.ui.administration import access_panels, session_panels
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
left, right = st.columns([3, 1], vertical_alignment="bottom")
left.title("Access")
if not (viewer.opens("access") and viewer.may("edit_access")):
    frame.for_administrators("The access table", "access")
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
session_panels.signed_in_panel(viewer)
