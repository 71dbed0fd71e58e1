"""What is chosen on the Joined-up screen: quarter, area, and the view."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.ui.area_choice import LookedAt, quarter_and_area, view_filter
from gapmap.ui.navigation import TITLES

TRAINING: Final = "Training"
MESSAGES: Final = "Messages"
REVIEW: Final = "Health, PSHE, campaign"
TRACKER: Final = "Review tracker"
LADO: Final = "LADO"
PILOTS: Final = "Supervision pilots"
FACTOR: Final = "Published factor"
VIEWS: Final = (TRAINING, MESSAGES, REVIEW, TRACKER, LADO, PILOTS, FACTOR)


def choose(viewer: Viewer, held: pd.DataFrame) -> LookedAt:
    """The row of filters, and under it the views."""
    columns = st.columns([1.7, 1.5, 2.2, 2.2, 1.6], vertical_alignment="bottom")
    columns[0].title(TITLES["joined_up"])
    quarter, borough = quarter_and_area(columns[1:3], held)
    view = view_filter(VIEWS)
    return LookedAt(viewer, held, quarter, borough, view, columns[4])
