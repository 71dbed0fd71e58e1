"""The address of a view is handed on; that it was made, and that it was opened, is noted."""

from gapmap.access import Viewer
from gapmap.agreements.saved_views import save_view
from gapmap.opened import the_office
from gapmap.stores.store import Store
from tests.pages.conftest import Screen, noted
from tests.uploads import HACKNEY


def test_a_link_is_shown_and_noted(tiny_copy: Store) -> None:
    screen = Screen("borough", borough=HACKNEY)
    assert noted("link opened") == [("executive", "london")]
    screen.press("Share").run()
    assert noted("link made") == [("executive", "london")]
    screen.run()
    assert len(noted("link made")) == 1
    assert len(noted("link opened")) == 1


def test_a_view_without_filters_was_not_opened_by_a_link(tiny_copy: Store) -> None:
    Screen("london")
    assert noted("link opened") == []


def test_the_views_that_were_saved_are_offered(tiny_copy: Store) -> None:
    save_view(
        the_office(),
        Viewer("analyst"),
        "ann",
        name="Police in Hackney",
        page="agency",
        query={"owner": ["Police"], "area": ["Hackney"]},
    )
    screen = Screen("london").view_as("analyst").press("Share")
    (saved,) = [one for one in screen.app.selectbox if one.label == "Saved views"]
    assert saved.options == ["Police in Hackney (My agency)"]
