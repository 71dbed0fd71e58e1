"""Joined-up: what the agencies did together, and what is known beside it."""

import streamlit as st

from gapmap.ui import filters, frame
from gapmap.ui.joined_up import (
    joined_up_choice,
    joined_up_figures,
    joined_up_pilots,
    joined_up_review,
    joined_up_told,
    joined_up_tracker,
)
from gapmap.ui.navigation import TITLES
from gapmap.ui.viewing import current_viewer

SHOW = {
    joined_up_choice.TRAINING: joined_up_told.show_training,
    joined_up_choice.MESSAGES: joined_up_told.show_messages,
    joined_up_choice.REVIEW: joined_up_review.show_review,
    joined_up_choice.TRACKER: joined_up_tracker.show_tracker,
    joined_up_choice.LADO: joined_up_figures.show_lado,
    joined_up_choice.PILOTS: joined_up_pilots.show_pilots,
    joined_up_choice.FACTOR: joined_up_figures.show_factor,
}

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title(TITLES["joined_up"])
    frame.nothing_held(viewer)
    st.stop()

# choose
looked_at = joined_up_choice.choose(viewer, held)

# load and show: each view loads what it shows, and nothing else
SHOW[looked_at.view](looked_at)
