"""What pages load: answers under the viewer's scope, cached by the store's edition."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.answering import answer, answer_to_own_lead
from gapmap.opened import the_store
from gapmap.question import question

CACHED_ANSWERS = 2000


def load(
    viewer: Viewer, name: str, *, exact_of: str | None = None, **given: Hashable
) -> pd.DataFrame:
    """The answer of queries/<name>.sql as this viewer is answered.

    `exact_of`: the borough whose own lead asks for exact rows about it, which comes from the exact
    store; everything else comes from the released one.
    Raises QuestionError on an unknown question or wrong parameters, NotAllowed where the viewer
    has no right to the answer.
    """
    edition = the_store().edition
    return _answer(viewer, name, exact_of, tuple(sorted(given.items())), edition)


@st.cache_data(max_entries=CACHED_ANSWERS, show_spinner=False)
def _answer(
    viewer: Viewer,
    name: str,
    exact_of: str | None,
    given: tuple[tuple[str, Any], ...],
    edition: tuple[int, int, int],
) -> pd.DataFrame:
    asked, values = question(name), dict(given)
    if exact_of is None:
        found = answer(the_store(), viewer, asked, values)
    else:
        found = answer_to_own_lead(the_store(), viewer, exact_of, asked, values)
    frame: pd.DataFrame = found.to_pandas()
    return frame


def load_area_values(
    viewer: Viewer,
    indicators: Sequence[str],
    quarters: Sequence[str],
    *,
    exact_of: str | None = None,
    borough: str | None = None,
) -> pd.DataFrame:
    """What indicators of areas say in some quarters, as `load`: one row per indicator and area.

    `borough`: that borough and London alone.
    """
    return load(
        viewer,
        "areas/values",
        exact_of=exact_of,
        indicators=tuple(indicators),
        quarters=tuple(quarters),
        borough=borough,
    )


def load_one(
    viewer: Viewer, name: str, *, exact_of: str | None = None, **given: Hashable
) -> dict[str, Any] | None:
    """The first row of an answer, or None when there is none."""
    found = load(viewer, name, exact_of=exact_of, **given)
    return None if found.empty else {str(k): v for k, v in found.iloc[0].items()}
