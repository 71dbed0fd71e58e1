"""Joined-up without what it shows: each view says in words what is not known."""

import pytest

from tests.pages.conftest import Screen

pytestmark = pytest.mark.usefixtures("tiny_pages")

VIEWS = [
    "Training",
    "Messages",
    "Health, PSHE, campaign",
    "Review tracker",
    "LADO",
    "Supervision pilots",
    "Published factor",
]


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
