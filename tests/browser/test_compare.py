"""Compare in the browser: a cell or a dot leads to its borough, a view is its address."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.screens import box, choose, expect_title, open_at, rows_of, step_back, table
from tests.browser.settled import wait_until_settled

CAMDEN = "E09000007"
HATCHED = 'path[fill^="url("]'


def cell(page: Page, borough: str, indicator: str) -> Locator:
    """A cell of the rug; its label holds what its tooltip says."""
    return page.locator(f'path[aria-label*="title: {borough}: {indicator};"]')


def show(page: Page, view: str) -> None:
    page.get_by_role("radio", name=view, exact=True).click()
    wait_until_settled(page)


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def back_to_compare(page: Page) -> None:
    """Step back; where the page that was opened wrote its filters as a step of its own, twice."""
    step_back(page)
    if "/compare" not in page.url:
        step_back(page)


def test_a_cell_of_the_rug_leads_to_its_borough_and_back(page: Page) -> None:
    open_at(page, "/compare?sort=Police+engagement&phase=Secondary")
    expect_title(page, "Compare")
    first = cell(page, "Camden", "HSB training")
    assert re.search(r"share: \d+%", first.get_attribute("aria-label") or "")
    first.click()
    wait_until_settled(page)
    expect_title(page, "Camden")
    assert query(page)["borough"] == [CAMDEN]
    assert query(page)["indicator"] == ["HSB training"]
    assert query(page)["phase"] == ["Secondary"]
    back_to_compare(page)
    expect_title(page, "Compare")
    expect(box(page, "Sort by")).to_have_value("Police engagement")


def test_unknown_cells_are_hatched_and_headings_stay(page: Page) -> None:
    open_at(page, "/compare")
    expect(page.locator(HATCHED).first).to_be_visible()
    heading = page.locator(".rug-head")
    before = heading.bounding_box()
    page.locator(".st-key-rug_grid").evaluate("grid => { grid.scrollTop = grid.scrollHeight; }")
    expect(cell(page, "Westminster", "Reviewed")).to_be_in_viewport()
    assert heading.bounding_box() == before
    # Each heading stands over its column.
    over = page.locator(".rug-head > div").nth(1).bounding_box()
    column = cell(page, "Westminster", "DSL forum").bounding_box()
    assert over is not None
    assert column is not None
    assert abs(over["x"] - column["x"]) < 4
    assert abs(over["width"] - column["width"]) < 4


def test_the_views_stand_in_the_address(page: Page) -> None:
    open_at(page, "/compare?area=Camden&area=Hackney")
    show(page, "Side by side")
    assert query(page)["view"] == ["Side by side"]
    expect(page.get_by_text("Where do they differ from London?")).to_be_visible()
    assert {row["Area"] for row in rows_of(table(page, "Against London"))} == {"Camden", "Hackney"}
    show(page, "Trends")
    expect(page.locator(".annotation-text", has_text="Camden")).to_be_visible()
    choose(page, "Indicator", "DSL in date")
    assert query(page)["indicator"] == ["DSL in date"]
    assert query(page)["area"] == ["Camden", "Hackney"]


def test_a_dot_of_the_funnel_leads_to_its_borough(page: Page) -> None:
    open_at(page, "/compare?view=Funnel")
    rows = rows_of(table(page, "Limits passed"))
    outside = rows[0]["Borough"]
    assert "sigma" in rows[0]["Limits passed"]
    expect(page.locator(".textpoint", has_text=outside)).to_be_visible()
    # Plotly takes clicks on a layer of its own above the dots.
    dots = page.locator(".scatterlayer .trace", has=page.locator(".textpoint")).locator(".point")
    middle = dots.first.bounding_box()
    assert middle is not None
    page.mouse.click(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    wait_until_settled(page)
    expect_title(page, outside)
