"""London: where is the gap? The boroughs on a map by one indicator, ranked beside it."""

import streamlit as st

from gapmap.indicator import definitions, of_schools
from gapmap.ui import filters, frame
from gapmap.ui.headline import headline
from gapmap.ui.loads import load
from gapmap.ui.london_panels import referral_panels, share_panels
from gapmap.ui.navigation import go_into
from gapmap.ui.submitted import boroughs_silent, silent_line, submitted_count
from gapmap.ui.viewing import current_viewer
from gapmap.ui.words import known_of

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title("London")
    frame.nothing_held(viewer)
    st.stop()

# choose
columns = st.columns([1.3, 3, 1.6, 2, 2, 1.5], vertical_alignment="bottom")
columns[0].title("London")
with columns[1]:
    indicator = filters.indicator_filter()
definition = definitions()[indicator]
of_schools_here = definition.level == "school"
with columns[2]:
    quarter = filters.quarter_filter(list(held["quarter"]))
with columns[3]:
    phase = filters.phase_filter(viewer, disabled=not of_schools_here)
with columns[4]:
    school_type = filters.school_type_filter(viewer, disabled=not of_schools_here)
with columns[5]:
    frame.definition_of(definition)

# load
narrowed = {"quarter": quarter, "phase": phase, "school_type": school_type}
previous = filters.quarter_before(held, quarter)
figures = load(viewer, "gaps/headline", previous=previous, borough=None, **narrowed)
extracts = {name for d in of_schools() for name in d.extracts} | set(definition.extracts)
silent = boroughs_silent(viewer, quarter, sorted(extracts))

# show
headline(figures, silent, previous)
if of_schools_here:
    boroughs = load(viewer, "gaps/by_borough", indicator=indicator, **narrowed)
    if not boroughs["schools"].any():
        frame.nothing_matches("London", quarter, held)
    clicked = share_panels(boroughs, definition)
    n = known_of(boroughs["n"].sum(), boroughs["schools"].sum())
else:
    areas = load(viewer, "referrals/by_borough", measure=indicator, quarter=quarter)
    clicked = referral_panels(areas, definition)
    n = submitted_count(areas)
silent_line(silent, definition)
st.caption(frame.source_line(quarter, held, definition.extracts, n))
if clicked:
    go_into(borough=clicked)
