"""School: each item with its state, its evidence, where that comes from, and what closes it."""

import streamlit as st

from gapmap.ui import filters, frame, school_panels
from gapmap.ui.loads import load, load_one
from gapmap.ui.naming import school_label, schools_are_named
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title("School")
    frame.nothing_held(viewer)
    st.stop()

# choose
urn = filters.asked_urn()
left, right = st.columns([5, 1.6], vertical_alignment="bottom")
with right:
    quarter = filters.quarter_filter(list(held["quarter"]))
filters.keep_filters(viewer)

# load
school = load_one(viewer, "schools/one", urn=urn, quarter=quarter) if urn else None
if school is None:
    left.title("School")
    frame.no_such_school(urn)
    st.stop()
items = load(viewer, "schools/items", urn=urn, quarter=quarter)
history = load(viewer, "schools/history", urn=urn)

# show
with left:
    frame.way_up(school["borough"], "urn", borough=school["borough_code"])
    named = schools_are_named(viewer, school["borough_code"])
    st.title(school_label(school["school_name"], school["phase"], school["place"], named=named))
st.caption(school_panels.register_line(school, named=named))
if school["in_scope"]:
    school_panels.items(items)
else:
    frame.out_of_scope(quarter, school["quarter"])
school_panels.history(history)
st.caption(frame.source_line(quarter, held, ["the files named above"], "one school"))
