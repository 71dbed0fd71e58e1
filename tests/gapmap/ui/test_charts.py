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


def states_page() -> None:
    import pandas as pd

    from gapmap.ui import charts

    found = pd.DataFrame(
        {
            "school_type": ["maintained", "special"],
            "schools": [10, 4],
            "met": [6, 0],
            "gap": [2, 1],
            "unknown": [2, 3],
            "not_applicable": [0, 0],
        }
    )
    charts.states_by_type(found, key="types")


def test_bars_are_the_four_states_and_the_first_type_is_on_top() -> None:
    bars = chart(states_page)
    assert list(bars) == ["met", "gap", "unknown", "not applicable"]
    assert bars["gap"]["y"] == ["Special", "Maintained"]
    assert [list(bars[state]["text"]) for state in bars] == [
        ["", "6"],
        ["1", "2"],
        ["3", "2"],
        ["", ""],
    ]


def test_unknown_is_hatched_and_no_colour_stands_for_two_states() -> None:
    bars = chart(states_page)
    assert bars["unknown"]["marker"]["pattern"]["shape"] == "/"
    assert "pattern" not in bars["gap"]["marker"]
    assert bars["unknown"]["insidetextfont"]["color"] == palette.TEXT
    assert len({bar["marker"]["color"] for bar in bars.values()}) == 4
