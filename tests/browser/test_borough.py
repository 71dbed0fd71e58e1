"""The borough at a projector: the answer in the first window, two clicks to the school."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.screens import (
    card,
    click_row,
    expect_title,
    open_at,
    rows_of,
    table,
    turn_to,
    view_as,
)
from tests.browser.settled import wait_until_settled

CAMDEN = "E09000007"


def ends_at(found: Locator) -> float:
    """Where something ends, in pixels from the top of the window."""
    box = found.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_the_profile_is_in_the_first_window(page: Page) -> None:
    open_at(page, f"/borough?borough={CAMDEN}")
    rows = page.locator(".profile tbody tr")
    expect(rows).to_have_count(16)
    assert ends_at(rows.last) <= 720
    # The button of a row stands beside it, all the way down.
    for title in ("DSL forum", "Reviewed"):
        row = rows.filter(has_text=f"{title}:")
        button = page.get_by_role("button", name=title, exact=True)
        assert abs(ends_at(button) - ends_at(row)) < 4
    expect(page.locator(".figures tbody tr").first).to_be_visible()


def test_a_gap_leads_to_its_schools_and_to_one_of_them(page: Page) -> None:
    open_at(page, f"/borough?borough={CAMDEN}")
    page.get_by_role("button", name="Police engagement", exact=True).click()
    wait_until_settled(page)
    gaps = card_of_gaps(page)
    schools = rows_of(table(page, "School"))
    assert {row["State"] for row in schools} == {"gap"}
    expect(page.get_by_text(f"n = {gaps} schools known of {gaps}")).to_be_visible()
    click_row(page, table(page, "School"), 0)
    expect_title(page, schools[0]["School"])
    item = page.locator(".items").get_by_role("row").filter(has_text="Police engagement")
    expect(item).to_contain_text("gap")


def card_of_gaps(page: Page) -> int:
    turn_to(page, "Profile")
    gaps = card(page, "No police contact")
    turn_to(page, "Schools")
    return gaps


@pytest.mark.parametrize("by", ["Gap score", "Indicator"])
def test_map_legend_and_every_column_are_in_sight(page: Page, by: str) -> None:
    open_at(page, f"/borough?borough={CAMDEN}&view=Schools")
    turn_to(page, by)
    (first, *_) = rows_of(table(page, "School"))
    assert list(first)[-3:] == ["Type", "Phase", "Pupils"]
    assert ends_at(page.get_by_test_id("stDeckGlJsonChart")) <= 720
    assert ends_at(table(page, "School")) <= 720


def test_the_own_lead_is_told_which_schools_and_nobody_else(page: Page) -> None:
    open_at(page, f"/borough?borough={CAMDEN}")
    turn_to(page, "Referrals & voice")
    expect(page.get_by_text("A reason to talk, not a finding.")).to_be_visible()
    expect(page.get_by_text("Which ones, the borough's own lead sees.")).to_be_visible()
    expect(table(page, "Testimony")).to_have_count(0)
    view_as(page, "Partnership data lead", "Camden")
    schools = rows_of(table(page, "Testimony"))
    assert all(row["School"] for row in schools)
    assert ends_at(table(page, "Testimony")) <= 720


def test_at_twice_the_size_nothing_is_cut_off(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 360})
    for view in ("Profile", "Schools", "Types", "Referrals+%26+voice"):
        open_at(page, f"/borough?borough={CAMDEN}&view={view}")
        page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth")
        expect_title(page, "Camden")
        if view == "Profile":  # wider than the window, it is scrolled, and its rows stay in line
            row = page.locator(".profile tbody tr").filter(has_text="Reviewed:")
            button = page.get_by_role("button", name="Reviewed", exact=True)
            assert abs(ends_at(button) - ends_at(row)) < 4
        if view == "Types":
            row = page.locator(".types tbody tr").last
            button = page.get_by_role("button", name="Reviewed", exact=True)
            assert abs(ends_at(button) - ends_at(row)) < 4
