"""Every page as every role opens it, against data/reference/roles.toml: no cell differs."""

import pytest

from gapmap.access import Viewer
from gapmap.reference.roles import ROLES, Role, matrix
from gapmap.settings import ROOT
from gapmap.stores.store import Store
from gapmap.ui.navigation import TITLES, shown
from tests.pages.conftest import Screen, noted
from tests.uploads import HACKNEY

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
QUERIES = {"school": {"urn": "100001"}, "borough": {"borough": HACKNEY}}


def test_every_page_has_a_row_and_an_address() -> None:
    assert set(matrix().pages) == set(PAGES), "give each page a row in roles.toml"
    assert set(TITLES) == set(PAGES), "give each page its title in the navigation"


def is_refused(screen: Screen) -> bool:
    """Whether the page says that it is for others, and shows nothing else."""
    locked = [one for one in screen.app.info if one.icon == ":material/lock:"]
    content = [*screen.frames, *screen.tables, *screen.app.button, *screen.app.text_input]
    return bool(locked) and not content


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_to_the_roles_that_the_file_names(
    tiny_pages: Store, page: str, role: Role
) -> None:
    held = (HACKNEY,) if "boroughs" in matrix().held_for[role] else ()
    screen = Screen(page, **QUERIES.get(page, {})).view_as(role, *held)
    is_closed = matrix().pages[page][role] == "no"
    assert is_refused(screen) is is_closed
    assert ((role, page) in noted("refusal")) is is_closed


@pytest.mark.parametrize("role", ROLES)
def test_the_navigation_shows_what_opens(role: Role) -> None:
    visible = {name for name in TITLES if shown(name, Viewer(role))}
    # A school is reached from its borough alone.
    assert visible == {name for name, row in matrix().pages.items() if row[role] == "yes"} - {
        "school"
    }
