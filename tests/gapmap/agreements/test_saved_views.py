"""Views that are saved under a name: everybody finds them, and only under the own permissions."""

from collections.abc import Iterator

import pytest

from gapmap.access import NotAllowed, Viewer
from gapmap.agreements.saved_views import (
    SavedView,
    ViewError,
    remove_view,
    save_view,
    saved_views,
)
from gapmap.agreements.written import UnfitText
from gapmap.office.office import Office, open_memory_office

ANALYST = Viewer("analyst")
QUERY = {"indicator": ["Police engagement"], "with": ["E09000012", "E09000006"]}


@pytest.fixture
def office() -> Iterator[Office]:
    opened = open_memory_office()
    yield opened
    opened.close()


def save(office: Office, name: str = "Police", page: str = "compare") -> SavedView:
    return save_view(office, ANALYST, "ann", name=name, page=page, query=QUERY)


def test_a_view_comes_back_with_every_filter(office: Office) -> None:
    saved = save(office)
    assert saved_views(office, Viewer("executive")) == [saved]
    assert saved.parameters == QUERY
    assert saved.page == "compare"


def test_they_stand_by_name(office: Office) -> None:
    names = ["beta", "Alpha", "gamma"]
    for name in names:
        save(office, name)
    assert [one.name for one in saved_views(office, ANALYST)] == ["Alpha", "beta", "gamma"]


def test_a_name_is_given_once(office: Office) -> None:
    save(office, "Police")
    with pytest.raises(ViewError, match="a view of that name"):
        save(office, "police ")
    assert len(saved_views(office, ANALYST)) == 1


def test_a_page_that_does_not_open_is_neither_saved_nor_listed(office: Office) -> None:
    with pytest.raises(NotAllowed):
        save(office, page="audit")
    with pytest.raises(NotAllowed):
        save(office, page="nowhere")
    save_view(office, Viewer("administrator"), "ad", name="Log", page="audit", query={})
    assert saved_views(office, ANALYST) == []


@pytest.mark.parametrize("name", ["", "x" * 81, "for a@example.org"])
def test_a_name_that_cannot_be_kept(office: Office, name: str) -> None:
    with pytest.raises(UnfitText):
        save(office, name)


def test_too_many_filters_are_refused(office: Office) -> None:
    with pytest.raises(ViewError, match="too many filters"):
        save_view(office, ANALYST, "ann", name="Long", page="london", query={"q": ["x" * 4000]})


def test_who_saved_it_removes_it_and_an_administrator(office: Office) -> None:
    first, second = save(office, "first"), save(office, "second")
    with pytest.raises(NotAllowed):
        remove_view(office, Viewer("executive"), "eve", first.view_id)
    remove_view(office, ANALYST, "ann", first.view_id)
    remove_view(office, Viewer("administrator"), "ad", second.view_id)
    assert saved_views(office, ANALYST) == []
    with pytest.raises(ViewError, match="removed already"):
        remove_view(office, ANALYST, "ann", first.view_id)
