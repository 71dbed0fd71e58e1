"""What is chosen on the Voice screen: quarter, area, question of the survey, and the view."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.ui.area_choice import LookedAt, quarter_and_area, view_filter
from gapmap.ui.navigation import TITLES
from gapmap.ui.words import sentence

LADDER: Final = "Ladder"
BOROUGHS: Final = "By borough"
NONE_SEEN: Final = "No referral seen"
AGAINST: Final = "Said and referred"
NAMED: Final = "Testimonies"
VIEWS: Final = (LADDER, BOROUGHS, NONE_SEEN, AGAINST, NAMED)
QUESTIONS: Final = ("harassment happens", "would report", "knows how to report", "school acts")
_ASKS: Final = (LADDER, BOROUGHS)


def choose(viewer: Viewer, held: pd.DataFrame) -> LookedAt:
    """The row of filters, and under it the views."""
    columns = st.columns([1.5, 1.5, 2.2, 2.2, 2], vertical_alignment="bottom")
    columns[0].title(TITLES["voice"])
    quarter, borough = quarter_and_area(columns[1:3], held)
    asked = columns[3].container()
    view = view_filter(VIEWS)
    # Drawn on every view, so that it stays in the URL.
    question = asked.selectbox(
        "Question",
        QUESTIONS,
        format_func=sentence,
        key="question",
        bind="query-params",
        disabled=view not in _ASKS,
    )
    return LookedAt(viewer, held, quarter, borough, view, columns[4], question or QUESTIONS[0])
