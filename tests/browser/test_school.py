"""The school: its score and items in the first window, and its history through a change of URN."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import CommandLine
from tests.browser.screens import expect_title, open_at, turn_to

CAMDEN = "E09000007"


def followed(command_line: CommandLine) -> str:
    """A school of Camden or Hackney that follows another one."""
    found = command_line.ask("store/school_predecessor")
    return str(found[0]["urn"])


def test_items_and_quarters_stand_in_one_line_each(page: Page, command_line: CommandLine) -> None:
    open_at(page, f"/school?urn={followed(command_line)}")
    rows = page.locator(".items tbody tr")
    expect(rows).to_have_count(16)
    for place in range(16):
        strip = rows.nth(place).locator("td").last
        box = strip.bounding_box()
        assert box is not None
        # One line of signs of 17 pixels, and all of it inside the window.
        assert strip.locator("span > span.sign").last.is_visible()
        tops = strip.locator(".sign").evaluate_all("signs => signs.map(one => one.offsetTop)")
        assert len(set(tops)) == 1
        assert box["x"] + box["width"] <= 1280
    first = rows.first.bounding_box()
    assert first is not None
    assert first["y"] < 480


def test_history_goes_through_the_change_of_urn(page: Page, command_line: CommandLine) -> None:
    open_at(page, f"/school?urn={followed(command_line)}")
    turn_to(page, "History")
    heads = page.locator(".history thead tr").first.locator("th")
    expect(heads).to_have_count(9)
    tops = heads.evaluate_all("heads => heads.map(one => one.offsetHeight)")
    assert max(tops) < 40  # no quarter wraps
    expect(page.get_by_text("the school was its predecessor")).to_be_visible()
    expect(page.locator(".history .urn").get_by_text("predecessor").first).to_be_visible()


def test_the_letter_names_no_school_until_it_is_named(
    page: Page, command_line: CommandLine
) -> None:
    open_at(page, f"/school?urn={followed(command_line)}")
    title = page.locator('[data-testid="stMain"] h1').inner_text()
    turn_to(page, "Next steps")
    expect(page.get_by_test_id("stCode")).to_contain_text(f"About: {title}")
    page.get_by_text("Name the schools").click()
    expect(page.locator('[data-testid="stMain"] h1')).not_to_have_text(title)
    named = page.locator('[data-testid="stMain"] h1').inner_text()
    expect(page.get_by_test_id("stCode")).to_contain_text(f"About: {named}")
    expect_title(page, named)
