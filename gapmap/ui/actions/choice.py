"""What is chosen on the Actions screen: quarter, area, agency, and the view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.agreements.agreements import (
    DEMONSTRATED_BY,
    OWNERS,
    Agreement,
    Kind,
    agreements,
)
from gapmap.opened import the_office
from gapmap.ui import filters
from gapmap.ui.area_choice import view_filter
from gapmap.ui.loads import load
from gapmap.ui.navigation import TITLES
from gapmap.ui.words import sentence

AGREED: Final = "Who closes what"
ASKS: Final = "Asks to the Executive"
WORKED: Final = "What worked"
VIEWS: Final = (AGREED, ASKS, WORKED)


@dataclass(frozen=True)
class Chosen:
    """The choices of the screen. `borough` None: all of London; `owner` None: every agency."""

    viewer: Viewer
    held: pd.DataFrame
    quarter: str
    borough: str | None
    owner: str | None
    view: str
    beside: Any

    def shows(self, agreement: Agreement) -> bool:
        """Whether the filters leave an agreement; one of all London concerns every borough."""
        return self.owner in (None, agreement.owner) and (
            self.borough is None or agreement.borough_code in (None, self.borough)
        )


def kept(viewer: Viewer, kind: Kind) -> list[Agreement]:
    """Every agreement of a kind, the newest first; the demonstration's beside its data alone."""
    found = agreements(the_office(), kind)
    if load(viewer, "reference/demonstration")["demonstration"].item():
        return found
    return [one for one in found if one.agreed_by != DEMONSTRATED_BY]


def choose(viewer: Viewer, held: pd.DataFrame) -> Chosen:
    """The row of filters, and under it the views."""
    columns = st.columns([1.5, 1.5, 2.2, 1.8, 2.4], vertical_alignment="bottom")
    columns[0].title(TITLES["actions"])
    with columns[1]:
        quarter = filters.quarter_filter(list(held["quarter"]))
    with columns[2]:
        borough = filters.area_filter()
    with columns[3]:
        owner = _owner_filter()
    view = view_filter(VIEWS)
    return Chosen(viewer, held, quarter, borough, owner, view, columns[4])


def _owner_filter() -> str | None:
    chosen = st.selectbox(
        "Agency",
        [filters.EVERY, *OWNERS],
        format_func=sentence,
        key="with_agency",
        bind="query-params",
    )
    return None if chosen in (None, filters.EVERY) else chosen
