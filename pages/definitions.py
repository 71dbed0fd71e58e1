"""Definitions: what each extract holds, column by column with its template; each indicator."""

import streamlit as st

from gapmap.ui import definition_panels

EXTRACTS, INDICATORS = "Extracts", "Indicators"

left, right = st.columns([3, 2], vertical_alignment="bottom")
left.title("Definitions")
with right:
    subject = st.segmented_control(
        "Subject",
        [EXTRACTS, INDICATORS],
        default=EXTRACTS,
        required=True,
        key="subject",
        bind="query-params",
    )
if subject == INDICATORS:
    definition_panels.indicators()
else:
    definition_panels.describe(definition_panels.choose_contract())
