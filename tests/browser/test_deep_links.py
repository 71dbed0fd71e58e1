"""A link opens exactly what it names, and every screen fits the width of the window."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CommandLine
from tests.browser.screens import (
    TITLE,
    box,
    choose,
    expect_title,
    follow,
    map_label,
    on_map,
    open_at,
    rows_of,
    step_back,
    table,
    turn_to,
    view_as,
)
from tests.browser.settled import wait_until_settled

CAMDEN = "E09000007"
IN_VIEW = """() => {
    const area = document.querySelector('path[aria-label*="title: Croydon;"]');
    return area !== null && area.getBoundingClientRect().bottom <= window.innerHeight;
}"""
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture(scope="module")
def secondary_of_camden(command_line: CommandLine) -> str:
    """The URN of the school that the borough screen calls Secondary A."""
    found = command_line.ask(
        "schools/in_borough",
        quarter="2026-Q3",
        borough=CAMDEN,
        indicator="police_engagement",
        phase="secondary",
    )
    return str(next(row["urn"] for row in found if row["place"] == 1))


def test_london_with_filters(page: Page) -> None:
    open_at(page, "/london?indicator=HSB+training&phase=Secondary")
    expect_title(page, "London")
    expect(box(page, "Indicator")).to_have_value("HSB training")
    expect(box(page, "Phase")).to_have_value("Secondary")
    expect(box(page, "School type")).to_have_value("All")
    expect(page.get_by_text("from training · n = ")).to_be_visible()
    assert page.url.endswith("/london?indicator=HSB+training&phase=Secondary")
    # Some 25 of Camden's 90 schools are secondary.
    assert re.search(r"known: \d+ of 2\d schools", map_label(page, "Camden"))


def test_a_borough(page: Page) -> None:
    open_at(page, f"/borough?borough={CAMDEN}")
    expect_title(page, "Camden")
    expect(box(page, "Borough")).to_have_value("Camden")
    assert page.url.endswith(f"/borough?borough={CAMDEN}")
    turn_to(page, "Schools")
    schools = rows_of(table(page, "School"))
    assert re.fullmatch(r"[A-Z0-9][\w -]* [A-Z]+", schools[0]["School"])
    choose(page, "Borough", "Islington")
    expect_title(page, "Islington")
    step_back(page)
    expect_title(page, "Camden")


def test_a_school(page: Page, secondary_of_camden: str) -> None:
    open_at(page, f"/school?urn={secondary_of_camden}&phase=Secondary")
    expect_title(page, "Secondary A")
    assert page.url.endswith(f"/school?urn={secondary_of_camden}&phase=Secondary")
    expect(page.locator(".items")).to_contain_text("Police engagement")
    page.get_by_role("button", name="Camden").click()
    wait_until_settled(page)
    expect_title(page, "Camden")
    expect(box(page, "Phase")).to_have_value("Secondary")


def test_filters_do_not_lengthen_the_history(page: Page) -> None:
    open_at(page, "/london")
    on_map(page, "Camden").click()
    wait_until_settled(page)
    expect_title(page, "Camden")
    choose(page, "Phase", "Primary")
    turn_to(page, "Schools")
    choose(page, "Indicator", "DSL in date")
    assert parse_qs(urlsplit(page.url).query) == {
        "borough": [CAMDEN],
        "view": ["Schools"],
        "phase": ["Primary"],
        "indicator": ["DSL in date"],
    }
    step_back(page)
    expect_title(page, "London")


def expect_it_fits(page: Page) -> None:
    """No screen is wider than the window, at either size; and what is invented says so."""
    expect(page.get_by_role("note")).to_contain_text("Demonstration data")
    for width, height in ((1920, 1080), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(FITS)


def test_every_screen_fits_the_window(page: Page, secondary_of_camden: str) -> None:
    open_at(page, f"/school?urn={secondary_of_camden}")
    expect_title(page, "Secondary A")
    expect_it_fits(page)
    view_as(page, "Administrator")
    for label in ("Borough", "Upload", "Submissions", "London"):
        follow(page, label)
        expect(page.locator(TITLE)).to_be_visible()
        expect_it_fits(page)
    # What the meeting came for is in view without scrolling, at the smaller size too; the map is
    # drawn again for it.
    page.wait_for_function(IN_VIEW)
    choose(page, "Indicator", "HSB referrals")
    expect_it_fits(page)
