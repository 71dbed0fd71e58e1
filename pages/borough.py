"""Borough: its schools on the map by one indicator, how they moved, and which types they are."""

import streamlit as st

from gapmap import reference
from gapmap.indicator import definitions
from gapmap.ui import borough_panels, filters, frame, navigation
from gapmap.ui.headline import borough_headline
from gapmap.ui.loads import load
from gapmap.ui.naming import schools_are_named
from gapmap.ui.submitted import boroughs_silent, silent_line
from gapmap.ui.viewing import current_viewer
from gapmap.ui.words import known_of

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title("Borough")
    frame.nothing_held(viewer)
    st.stop()

# choose
columns = st.columns([2.2, 2.6, 1.5, 1.8, 1.8, 1.5], vertical_alignment="bottom")
with columns[0]:
    code = filters.borough_filter()
with columns[1]:
    indicator = filters.indicator_filter()
definition = definitions()[indicator]
with columns[2]:
    quarter = filters.quarter_filter(list(held["quarter"]))
with columns[3]:
    phase = filters.phase_filter(viewer)
with columns[4]:
    school_type = filters.school_type_filter(viewer)
with columns[5]:
    frame.definition_of(definition)
borough = reference.borough_name(code)
named = frame.borough_title(borough, lambda: schools_are_named(viewer, code))

# load
of_school = {"phase": phase, "school_type": school_type}
of_indicator = {"borough": code, "indicator": indicator}
previous = filters.quarter_before(held, quarter)
figures = load(
    viewer, "gaps/headline", quarter=quarter, previous=previous, borough=code, **of_school
)
schools = load(viewer, "schools/in_borough", quarter=quarter, **of_indicator, **of_school)
moved = load(viewer, "gaps/trend", **of_indicator, **of_school)
types = load(viewer, "gaps/by_school_type", quarter=quarter, phase=phase, **of_indicator)
measured = load(
    viewer, "referrals/by_quarter", exact_of=code, measure="hsb_referrals", borough=code
)

# show
borough_headline(figures, previous)
silent_line(boroughs_silent(viewer, quarter, definition.extracts, only=code), definition)
clicked = None
if definition.level == "borough":
    frame.counted_by_borough(definition)
elif schools.empty:
    frame.nothing_matches(borough, quarter, held)
else:
    labelled = borough_panels.labelled(schools, named=named)
    clicked = borough_panels.school_panels(labelled, code)
    n = known_of(schools["state"].isin(["met", "gap"]).sum(), len(schools))
    st.caption(frame.source_line(quarter, held, definition.extracts, n))
    left, right = st.columns(2, gap="medium")
    with left:
        borough_panels.trend_panel(moved, borough)
    with right:
        borough_panels.types_panel(types)
borough_panels.referrals_panel(measured, borough, viewer, code)
if clicked:
    navigation.go_into(borough=code, urn=clicked)
