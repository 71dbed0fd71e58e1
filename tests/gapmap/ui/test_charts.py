"""The charts hold the figures that they were given, and each colour means one thing."""

import json
from base64 import b64decode
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from gapmap.ui import palette


def chart(page: Any) -> dict[str, dict[str, Any]]:
    """The traces of the one chart of a page, by name."""
    app = AppTest.from_function(page).run()
    assert not app.exception
    (drawn,) = app.get("plotly_chart")
    return {trace["name"]: trace for trace in json.loads(drawn.proto.spec)["data"]}


def numbers(values: Any) -> list[float]:
    """The numbers of a trace; plotly sends some as bytes."""
    if isinstance(values, list):
        return values
    return list(np.frombuffer(b64decode(values["bdata"]), dtype=values["dtype"]))


def trend_page() -> None:
    import pandas as pd

    from gapmap.ui import charts

    rows = [
        ("2026-Q2", "London", 50, 100, 0.5, 0.4, 0.6),
        ("2026-Q2", "borough", 7, 0, None, None, None),
        ("2026-Q3", "London", 40, 120, 0.75, 0.66, 0.82),
        ("2026-Q3", "borough", 1, 4, 0.25, 0.05, 0.7),
    ]
    columns = ["quarter", "area", "unknown", "n", "share_met", "low", "high"]
    charts.trend(pd.DataFrame(rows, columns=columns), "Camden", key="trend")


@pytest.fixture(scope="module")
def trend() -> dict[str, dict[str, Any]]:
    return chart(trend_page)


def test_the_trend_has_the_borough_london_and_the_interval(trend: dict[str, Any]) -> None:
    assert set(trend) == {"95% interval", "London", "Camden"}
    assert trend["London"]["x"] == ["2026-Q2", "2026-Q3"]
    assert numbers(trend["London"]["y"]) == [0.5, 0.75]
    assert trend["Camden"]["line"]["color"] == palette.STATE_COLOURS["met"]


def test_a_quarter_without_answers_is_a_break_and_never_zero(trend: dict[str, Any]) -> None:
    camden = dict(zip(trend["Camden"]["x"], numbers(trend["Camden"]["y"]), strict=True))
    assert camden["2026-Q3"] == 0.25
    assert pd.isna(camden.get("2026-Q2"))


def test_a_point_says_its_n(trend: dict[str, Any]) -> None:
    assert trend["Camden"]["customdata"][-1] == "25% of 4 known, 1 unknown"
    assert trend["London"]["customdata"][0] == "50% of 100 known, 50 unknown"


def counts_page() -> None:
    import pandas as pd

    from gapmap.ui import charts

    rows = [
        ("2026-Q1", 25, None, False),
        ("2026-Q2", None, "c", False),
        ("2026-Q3", None, None, False),
        ("2026-Q4", 0, None, False),
        ("2027-Q1", None, None, True),
    ]
    found = pd.DataFrame(rows, columns=["quarter", "value", "marker", "awaits_release"])
    charts.counts_by_quarter(found, key="counts")


def test_withheld_not_submitted_and_none_are_written_where_the_bar_would_stand() -> None:
    app = AppTest.from_function(counts_page).run()
    assert not app.exception
    (drawn,) = app.get("plotly_chart")
    (bars,) = json.loads(drawn.proto.spec)["data"]
    assert numbers(bars["y"]) == [25, 0, 0, 0, 0]
    assert bars["text"] == ["25", "c", "not<br>sent", "0", "not yet<br>released"]
    assert bars["customdata"] == ["25", "c", "not submitted", "0", "not released yet"]


def test_counts_about_children_are_in_no_colour_that_judges() -> None:
    app = AppTest.from_function(counts_page).run()
    (drawn,) = app.get("plotly_chart")
    (bars,) = json.loads(drawn.proto.spec)["data"]
    assert bars["marker"]["color"] in palette.SEQUENTIAL
    assert bars["marker"]["color"] not in palette.STATE_COLOURS.values()
