"""Engagement: the items of the letter by type of school, and the schools behind each cell."""

import streamlit as st

from gapmap.indicator import of_schools
from gapmap.ui import engagement_panels as panels
from gapmap.ui import filters, frame, note_panel
from gapmap.ui.loads import load
from gapmap.ui.navigation import TITLES, go_into
from gapmap.ui.setting_words import changed_line
from gapmap.ui.submitted import boroughs_silent, silent_names
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title(TITLES["engagement"])
    frame.nothing_held(viewer)
    st.stop()

# choose
columns = st.columns([2, 1.6, 2.4, 2, 2], vertical_alignment="bottom")
columns[0].title(TITLES["engagement"])
with columns[1]:
    quarter = filters.quarter_filter(list(held["quarter"]))
with columns[2]:
    borough = filters.area_filter()
with columns[3]:
    phase = filters.phase_filter(viewer)
place = {"quarter": quarter, "borough": borough, "phase": phase}

# load
types = load(viewer, "engagement/by_type", **place)
answers = load(viewer, "engagement/letter_answers", **place)
told = load(viewer, "engagement/told_by_type", **place)
extracts = sorted({extract for d in of_schools() for extract in d.extracts})
silent = boroughs_silent(viewer, quarter, extracts, only=borough)

# show
if types.empty:
    frame.nothing_matches(panels.area_name(borough), quarter, held)
    st.stop()
with columns[4]:
    frame.definition_of_all()
cell = panels.asked_cell(types)
if cell is not None:
    boroughs = load(
        viewer,
        "gaps/by_borough",
        quarter=quarter,
        phase=phase,
        indicator=cell["indicator"],
        school_type=cell["school_type"],
    )
    panels.behind(cell, boroughs, held, place)
chosen = panels.matrix(types)
panels.source(types, held, place)
if chosen:
    go_into(item=chosen[0], of=chosen[1])
panels.letter_answers(answers, told, types, held, place)
note_panel.show_note(viewer, "relevant_agencies")
silent_names(silent)
for line in changed_line(borough and [borough], with_scores=False):
    st.caption(line)
