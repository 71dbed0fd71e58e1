"""The script of every run: which page, who looks, and the page."""

import streamlit as st

from gapmap.ui import frame
from gapmap.ui.navigation import hold_query, open_page

st.set_page_config(page_title="gapmap", layout="wide", initial_sidebar_state="collapsed")

page = open_page()
frame.top()
body = st.container()
frame.footer()  # before the page, which may end the run with st.stop()
try:
    with body:
        page.run()
finally:
    hold_query(page.url_path)
