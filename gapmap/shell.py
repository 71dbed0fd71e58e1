"""The script of every run: who looks, which page, and the page."""

import streamlit as st

from gapmap.ui import frame, sharing, viewing
from gapmap.ui.navigation import FIRST, hold_query, open_page

st.set_page_config(page_title="gapmap", layout="wide", initial_sidebar_state="collapsed")

viewing.admit()
sharing.note_opened()
page = open_page()
frame.top(page.url_path or FIRST)
body = st.container(key="body")
frame.footer()  # before the page, which may end the run with st.stop()
viewing.mode_notice()
try:
    with body:
        page.run()
finally:
    hold_query(page.url_path)
