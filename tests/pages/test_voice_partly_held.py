"""Voice without what it shows: each view says in words what is not known."""

import pytest

from tests.pages.conftest import Screen

pytestmark = pytest.mark.usefixtures("tiny_pages")

VIEWS = ["Ladder", "By borough", "No referral seen", "Said and referred", "Testimonies"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("area", ["All of London", "Brent"])
def test_without_survey_and_testimonies_each_view_says_so(view: str, area: str) -> None:
    screen = Screen("voice", view=view, area=area)
    said = {
        "Ladder": "**No survey of",
        "By borough": "no gap to parents is shown",
        "No referral seen": "not a finding",
        "Said and referred": "**0 boroughs of 33** can be placed",
        "Testimonies": "**No testimonies were copied",
    }
    assert said[view] in screen.words
