"""Compare: boroughs and groups of boroughs as a rug, side by side, as a funnel and over time."""

import streamlit as st

from gapmap.ui import filters, frame
from gapmap.ui.compare import (
    compare_choices,
    compare_funnel,
    compare_rug,
    compare_rug_view,
    compare_side,
    compare_trends,
)
from gapmap.ui.setting_words import changed_line
from gapmap.ui.viewing import current_viewer

SHOW = {
    compare_choices.RUG: compare_rug_view.show,
    compare_choices.SIDE: compare_side.show,
    compare_choices.FUNNEL: compare_funnel.show,
    compare_choices.TRENDS: compare_trends.show,
}

viewer = current_viewer()
held = filters.held_quarters(viewer)
if held.empty:
    st.title("Compare")
    frame.nothing_held(viewer)
    st.stop()

# choose
titles = {d.name: d.title for d in compare_rug.columns()}
view, chosen = compare_choices.choose(viewer, held, titles)

# load and show: each view loads what it shows, and nothing else
SHOW[view](chosen)
for line in changed_line(with_scores=False):
    st.caption(line)
