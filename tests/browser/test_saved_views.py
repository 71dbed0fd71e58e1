"""A view is saved under a name, found from another page, and opened with every filter."""

from playwright.sync_api import Page, expect

from tests.browser.screens import box, choose, expect_title, open_at, view_as
from tests.browser.settled import wait_until_settled


def share(page: Page) -> None:
    page.get_by_role("button", name="Share", exact=True).click()
    wait_until_settled(page)


def press(page: Page, label: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()
    wait_until_settled(page)


def test_an_analyst_saves_a_view_and_an_executive_opens_it(page: Page) -> None:
    open_at(page, "/agency?owner=Police&school_type=Independent")
    view_as(page, "Analyst")
    share(page)
    page.get_by_role("textbox", name="Save it under a name").fill(
        "Independent schools and the police"
    )
    press(page, "Save")
    expect(page.get_by_role("dialog")).to_contain_text("is saved")
    open_at(page, "/voice")
    share(page)
    choose(page, "Saved views", "Independent schools and the police (My agency)")
    expect(page.get_by_role("dialog")).to_contain_text("/agency?owner=Police&school_type=Independ")
    press(page, "Open this view")
    expect_title(page, "My agency")
    expect(box(page, "Agency")).to_have_value("Police")
    expect(box(page, "School type")).to_have_value("Independent")


def test_a_saved_view_of_the_same_page_turns_its_filters(page: Page) -> None:
    open_at(page, "/agency?owner=Health")
    share(page)
    page.get_by_role("textbox", name="Save it under a name").fill("What health owns")
    press(page, "Save")
    open_at(page, "/agency?owner=School")
    share(page)
    choose(page, "Saved views", "What health owns (My agency)")
    press(page, "Open this view")
    expect(box(page, "Agency")).to_have_value("Health")
    share(page)
    choose(page, "Saved views", "What health owns (My agency)")
    press(page, "Remove it")
    share(page)
    expect(page.get_by_role("dialog")).not_to_contain_text("What health owns")
