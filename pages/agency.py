"""My agency: every gap that one agency owns, where it is, and what to decide today."""

import streamlit as st

from gapmap.ui import agency_panels as panels
from gapmap.ui import filters, frame
from gapmap.ui.actions import beside_gap
from gapmap.ui.loads import load
from gapmap.ui.navigation import TITLES
from gapmap.ui.setting_words import changed_line
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title(TITLES["agency"])
    frame.nothing_held(viewer)
    st.stop()

# choose
columns = st.columns([1.7, 1.6, 1.4, 2.2, 1.8, 1.8], vertical_alignment="bottom")
columns[0].title(TITLES["agency"])
with columns[1]:
    owner = panels.choose_owner()
with columns[2]:
    quarter = filters.quarter_filter(list(held["quarter"]))
with columns[3]:
    borough = filters.area_filter()
with columns[4]:
    phase = filters.phase_filter(viewer)
with columns[5]:
    school_type = filters.school_type_filter(viewer)
place = {"quarter": quarter, "borough": borough, "phase": phase, "school_type": school_type}

# load
gaps = load(viewer, "agency/gaps", owner=owner, **place)
items = load(viewer, "agency/review_items", owner=owner, quarter=quarter, borough=borough)

# show
panels.headline(owner, gaps, items)
chosen = panels.choose_gap(gaps)
if chosen is not None:
    boroughs = load(viewer, "agency/by_part", indicator=chosen, part="borough", **place)
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        panels.gap_table(gaps, owner, chosen)
        beside_gap.show(viewer, chosen, place)
    with right:
        panels.decision(gaps, chosen, boroughs)
        part = panels.choose_part()
        parts = load(viewer, "agency/by_part", indicator=chosen, part=part, **place)
        panels.where_it_is(parts, part, chosen, place)
    panels.source(gaps, owner, held, place)
    for line in changed_line(borough and [borough], with_scores=False):
        st.caption(line)
panels.review_items(items, owner, place)
