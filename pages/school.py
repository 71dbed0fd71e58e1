"""School: each item with its state, its evidence, where that comes from, and what closes it."""

import streamlit as st

from gapmap.ui import filters, frame, navigation
from gapmap.ui.borough import borough_choice
from gapmap.ui.loads import load, load_one
from gapmap.ui.london import london_choice
from gapmap.ui.naming import school_label, schools_are_named
from gapmap.ui.school import school_history, school_panels
from gapmap.ui.school.school_signals import signals_panel
from gapmap.ui.school.school_steps import steps_panel
from gapmap.ui.setting_words import changed_line
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title("School")
    frame.nothing_held(viewer)
    st.stop()

# choose
urn = filters.asked_urn()
quarter, title, controls = borough_choice.choose_of_school(viewer, held)
london_choice.keep()

# load
school = load_one(viewer, "schools/one", urn=urn, quarter=quarter) if urn else None
if school is None:
    title.title("School")
    frame.no_such_school(urn)
    st.stop()
code, borough = school["borough_code"], school["borough"]
of_school = {"urn": urn, "quarter": quarter, "borough": code}
items = load(viewer, "schools/items", urn=urn, quarter=quarter)
history = load(viewer, "schools/history", urn=urn)
score = load_one(viewer, "schools/score", **of_school)

# show
with controls:
    parts = st.container(horizontal=True, vertical_alignment="center", width="content")
with parts:
    place = st.container(width="content")
    named = schools_are_named(viewer, code)
    st.caption(school_panels.register_line(school, named=named), width="content")
label = school_label(school["school_name"], school["phase"], school["place"], named=named)
with title, st.container(horizontal=True, vertical_alignment="center"):
    frame.way_up(borough, "urn", borough=code)
    st.title(label, width="content")
with place:
    part = school_panels.choose_part(named=named, in_scope=score is not None)
if score is None:
    frame.out_of_scope(quarter, school["quarter"])
else:
    signals_panel(viewer, code, urn, quarter)
    school_panels.score_cards(score, items)
clicked = None
if part == school_panels.ITEMS:
    school_panels.item_table(items, history, quarter, score, named=named)
elif part == school_panels.HISTORY:
    school_history.history_table(history, named=named)
elif part == school_panels.STEPS:
    steps_panel(items, school=label, borough=borough, quarter=quarter)
else:
    clicked = school_history.trust_part(viewer, of_school, borough)
for line in [*school_history.predecessor_lines(history, named=named), *changed_line([code])]:
    st.caption(line)
school_history.under_school(part, items, history, label, borough, quarter, held, named=named)
if clicked:
    navigation.go_into(urn=clicked)
