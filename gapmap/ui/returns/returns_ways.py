"""Where a click on the matrix of returns leads: to the submission, or to the upload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gapmap.access import Viewer
from gapmap.contract import contracts
from gapmap.reference import reference
from gapmap.ui.navigation import go_into, go_to
from gapmap.ui.returns.returns_panels import show_cell
from gapmap.ui.words import missing


def follow(borough_code: str, cell: Mapping[str, Any] | None, viewer: Viewer) -> None:
    """Follow a click on a borough's row, and on a cell where one was clicked.

    What came leads to its submission and what did not to the upload, with extract, quarter and
    borough chosen; for viewers who may not go there the cell is told in words. The rest of a row
    leads to the borough's reminder.
    """
    if cell is None:
        if st.query_params.get("borough") != borough_code:
            go_into(borough=borough_code)
    elif not missing(cell["submission_id"]):
        own = [reference.borough_name(code) for code in viewer.boroughs]
        if viewer.may_see_submission([cell["borough"]], own):
            go_to("submissions", submission=cell["submission_id"])
        show_cell(cell)
    elif viewer.may_submit(contracts()[cell["extract"]], [borough_code]):
        go_to(
            "upload",
            extract=contracts()[cell["extract"]].title,
            upload_quarter=cell["quarter"],
            borough=borough_code,
        )
    else:
        show_cell(cell)
