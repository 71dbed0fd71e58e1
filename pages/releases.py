"""Releases: which figures about children are shown, which wait, who confirms and releases them."""

import streamlit as st

from gapmap.ui.administration import release_panels
from gapmap.ui.navigation import go_into
from gapmap.ui.viewing import current_viewer

viewer = current_viewer()
st.title("Releases")
st.caption(
    "Counts about children are shown to others than a borough's own lead only as a release: 1–7 "
    "is c, every other count to the nearest 5, each release audited and never changed."
)
release_panels.waiting_panel(viewer)
chosen = release_panels.released_table()
asked = st.query_params.get("release")
if asked:
    release_panels.about_release(asked, viewer)
elif chosen is None:
    st.caption("Choose a release to see how it was made.")
if chosen and chosen != asked:
    go_into(release=chosen)
