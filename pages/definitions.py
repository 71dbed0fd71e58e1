"""Definitions: extracts, indicators, vocabularies, settings, sources, and how fresh it all is."""

import streamlit as st

from gapmap.ui import filters
from gapmap.ui.definitions import definition_panels, freshness_panel
from gapmap.ui.loads import load
from gapmap.ui.outside_scope import outside_line
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()

# choose
left, right = st.columns([1, 3], vertical_alignment="bottom")
left.title("Definitions")
with right:
    subject = definition_panels.choose_subject()

# load and show
if subject == definition_panels.EXTRACTS:
    definition_panels.describe(definition_panels.choose_contract())
elif subject == definition_panels.INDICATORS:
    definition_panels.indicators(definition_panels.choose_indicator())
elif subject == definition_panels.VOCABULARIES:
    definition_panels.vocabulary(definition_panels.choose_vocabulary())
elif subject == definition_panels.SETTINGS:
    definition_panels.settings()
elif subject == definition_panels.SOURCES:
    definition_panels.sources_and_licences()
else:
    held = filters.held_quarters(viewer)
    if held.empty:
        freshness_panel.nothing_held()
    else:
        with st.container(width=200):
            quarter = filters.quarter_filter(list(held["quarter"]))
        freshness_panel.freshness(load(viewer, "returns/freshness", quarter=quarter), quarter)
        outside_line(viewer, quarter)
