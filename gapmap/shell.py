"""The script of every run: which page, who looks, and the page."""

import streamlit as st

from gapmap.ui import frame
from gapmap.ui.navigation import hold_query, open_page

st.set_page_config(page_title="gapmap", layout="wide", initial_sidebar_state="collapsed")

page = open_page()
frame.top()
try:
    page.run()
finally:  # a page may end with st.stop()
    frame.footer()
    hold_query(page.url_path)
