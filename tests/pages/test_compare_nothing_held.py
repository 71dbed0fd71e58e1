"""Compare before anything was published: it says what to do, and draws nothing."""

import pytest

from tests.pages.conftest import Screen

pytestmark = pytest.mark.usefixtures("empty_pages")


@pytest.mark.parametrize("view", ["Rug", "Side by side", "Funnel", "Trends"])
def test_nothing_is_held_yet(view: str) -> None:
    screen = Screen("compare", view=view)
    assert screen.title == "Compare"
    assert "Nothing has been published yet." in screen.words
    assert not screen.app.get("vega_lite_chart")
    assert not screen.app.dataframe
