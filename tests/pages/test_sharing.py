"""The address of a view is handed on; that it was made, and that it was opened, is noted."""

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
