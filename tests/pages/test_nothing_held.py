"""Before anything was published: each page says in words what to do."""

import pytest

from tests.pages.conftest import Screen
from tests.uploads import HACKNEY

pytestmark = pytest.mark.usefixtures("empty_pages")

FIRST_THE_REGISTER = "Nothing has been published yet. First an administrator uploads the school"


@pytest.mark.parametrize("path", ["london", "borough", "school", "submissions"])
def test_an_executive_is_told_whom_to_ask(path: str) -> None:
    screen = Screen(path)
    assert screen.title == path.capitalize()
    assert FIRST_THE_REGISTER in screen.words
    assert "ask the partnership's data lead" in screen.words


@pytest.mark.parametrize(("path", "title"), [("voice", "Voice"), ("joined_up", "Joined-up")])
def test_nothing_is_said_before_anything_is_held(path: str, title: str) -> None:
    screen = Screen(path)
    assert screen.title == title
    assert FIRST_THE_REGISTER in screen.words
    assert not screen.app.dataframe


def test_nobody_has_sent_anything() -> None:
    screen = Screen("returns")
    assert screen.title == "Who has sent what"
    assert FIRST_THE_REGISTER in screen.words
    assert not screen.app.dataframe


@pytest.mark.parametrize("path", ["london", "borough", "school"])
def test_an_administrator_is_led_to_the_upload(path: str) -> None:
    screen = Screen(path).view_as("administrator")
    assert FIRST_THE_REGISTER in screen.words
    assert [link.label for link in screen.app.page_link] == ["Upload an extract"]


def test_no_submission_yet() -> None:
    screen = Screen("submissions").view_as("administrator")
    assert "Nothing has been submitted for them yet." in screen.words
    assert "Upload an extract" in screen.words
    screen = Screen("submissions").view_as("lead")
    assert "Choose your boroughs at the top right." in screen.words


@pytest.mark.parametrize(
    "query", [{"borough": HACKNEY}, {"urn": "100001"}, {"borough": "?", "urn": "?"}]
)
def test_a_deep_link_says_the_same(query: dict[str, str]) -> None:
    assert FIRST_THE_REGISTER in Screen("london", **query).words
