"""Audit log: who did what, on what, and what came of it."""

import streamlit as st

from gapmap.ui import frame
from gapmap.ui.administration import audit_panels
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
st.title("Audit log")
if not (viewer.opens("audit") and viewer.may("see_audit")):
    frame.for_administrators("The audit log", "audit")
    st.stop()
audit_panels.note_reading(viewer)
audit_panels.show_whether_whole()
search = audit_panels.choose()
if search is not None:
    audit_panels.found_table(search)
