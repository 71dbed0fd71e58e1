"""Joined-up without what it shows: each view says in words what is not known."""

from datetime import date

import pytest

from gapmap.stores.store import Store
from tests.pages.conftest import Screen, noted
from tests.uploads import HACKNEY

VIEWS = [
    "Training",
    "Messages",
    "Health, PSHE, campaign",
    "Review tracker",
    "LADO",
    "Supervision pilots",
    "Published factor",
]


def test_a_lead_sets_the_day_of_the_own_borough(tiny_copy: Store) -> None:
    screen = Screen("joined_up", view="Review tracker", area="Hackney")
    assert screen.frames[0]["Due"].tolist() == ["23 Oct 2026"]
    assert "Set it" not in [one.label for one in screen.app.button]
    screen.view_as("lead", HACKNEY)
    assert screen.app.selectbox(key="day_of_0").options == ["Hackney"]
    screen.app.date_input(key="day_0").set_value(date(2026, 10, 16))
    screen.press("Set it")
    assert screen.frames[0]["Due"].tolist() == ["16 Oct 2026"]
    assert noted("deadline set") == [("lead", HACKNEY)]


# The last, since its store stays open to the end of the module.
@pytest.mark.usefixtures("tiny_pages")
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("area", ["All of London", "Brent"])
def test_what_is_not_held_is_said(view: str, area: str) -> None:
    boroughs = "1 borough" if area == "Brent" else "33 boroughs"
    said = {
        "Training": "has said who took the multi-agency course**: unknown",
        "Messages": "**No message is in the log of",
        "Health, PSHE, campaign": "**No borough has reported on it**",
        "Review tracker": f"**0 of {boroughs} completed it**",
        "LADO": "**not submitted**",
        "Supervision pilots": "**It cannot be told**",
        "Published factor": "**The published series is not held**",
    }
    assert said[view] in Screen("joined_up", view=view, area=area).words
