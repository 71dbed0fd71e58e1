"""London: where is the gap, how sure are we, since when, and what closes it?"""

from functools import partial

import streamlit as st

from gapmap.indicator import definitions
from gapmap.ui import filters, frame
from gapmap.ui.london import changed_panels, london_choice, london_play, missing_panels
from gapmap.ui.london.criteria_panels import show_criteria
from gapmap.ui.london.headline import load_headline, show_headline
from gapmap.ui.london.list_panels import show_list_view
from gapmap.ui.london.london_view import show_map
from gapmap.ui.setting_words import changed_line
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title("London")
    frame.nothing_held(viewer)
    st.stop()

# choose
london_play.settle()
changed_panels.settle()
missing_panels.settle()
columns = st.columns([1.2, 3, 1.5, 2, 2, 1.5], vertical_alignment="bottom")
columns[0].title("London")
with columns[1]:
    indicator = filters.indicator_filter()
definition = definitions()[indicator]
with columns[2]:
    quarter = filters.quarter_filter(list(held["quarter"]))
# A figure of boroughs is of no school: on its map there is nothing to narrow.
whole = definition.level == "borough" and london_choice.view_ahead() == london_choice.MAP
with columns[3]:
    phase = filters.phase_filter(viewer, disabled=whole)
with columns[4]:
    school_type = filters.school_type_filter(viewer, disabled=whole)
with columns[5]:
    frame.definition_of(definition)
previous = filters.quarter_before(held, quarter)
of_school = {"phase": phase, "school_type": school_type}

# load and show: the headline on every view, then the view
show_headline(load_headline(viewer, quarter, previous, of_school))
view = london_choice.view_control()
of_schools = definition if definition.level == "school" else definitions()["reviewed"]
source = partial(frame.source_line, quarter, held, n="all boroughs")
if view == london_choice.MAP:
    show_map(viewer, definition, held, quarter, of_school)
elif view == london_choice.LISTS:
    show_list_view(viewer, quarter, previous, of_school, source)
elif view == london_choice.MISSING:
    missing_panels.show_missing(viewer, of_schools, quarter, of_school, source)
elif view == london_choice.CRITERIA:
    places = st.columns([1.6, 2.2, 2.2, 2.2, 1.2], vertical_alignment="bottom")
    criteria = london_choice.criteria_controls(places)
    show_criteria(viewer, criteria, quarter, of_school, source)
elif previous is None:
    changed_panels.no_quarter_before(quarter)
else:
    changed_panels.show_changed(viewer, of_schools, quarter, previous, of_school, source)
for line in changed_line(with_scores=False):
    st.caption(line)
