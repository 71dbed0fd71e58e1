"""The script of every run: which page, who looks, and the page."""

import streamlit as st

from gapmap.ui import frame
from gapmap.ui.navigation import hold_query, open_page

st.set_page_config(page_title="gapmap", layout="wide", initial_sidebar_state="collapsed")

page = open_page()
frame.top()
page.run()
frame.footer()
hold_query(page.url_path)
