"""What a viewer does on the screens, and what can be read off them."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.settled import wait_until_settled

# Pages that the navigation on top has in its menu.
IN_THE_MENU = ("Who has sent what", "Upload", "Submissions", "Definitions")
TITLE = '[data-testid="stMain"] h1'
# Of a table with rows of 29 pixels; Streamlit draws the heading higher.
HEADING_HEIGHT = 36
ROW_HEIGHT = 29
TO_THE_ROWS_BOX = 18


def open_at(page: Page, address: str) -> None:
    """Open an address and wait until it is drawn. A role that was chosen before is lost."""
    page.goto(address)
    wait_until_settled(page)
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)


def follow(page: Page, label: str) -> None:
    """Follow a link of the navigation on top, or of its menu of data: the role is kept."""
    if label in IN_THE_MENU:
        page.get_by_test_id("stTopNavSection").click()
        page.get_by_role("menuitem", name=label, exact=True).click()
    else:
        page.get_by_role("link", name=label, exact=True).first.click()
    wait_until_settled(page)


def step_back(page: Page) -> None:
    page.go_back()
    wait_until_settled(page)


def step_forward(page: Page) -> None:
    page.go_forward()
    wait_until_settled(page)


def expect_title(page: Page, title: str) -> None:
    expect(page.locator(TITLE)).to_have_text(title)


def box(page: Page, label: str) -> Locator:
    """The field of a filter; what is chosen is its value."""
    return page.get_by_role("combobox", name=label, exact=True)


def choose(page: Page, label: str, option: str) -> None:
    """Choose one option of a filter."""
    box(page, label).click()
    # Only options near the top of the list are drawn, so it is narrowed first.
    box(page, label).fill(option)
    page.get_by_role("option", name=option, exact=True).click()
    wait_until_settled(page)


def turn_to(page: Page, part: str) -> None:
    """Choose a view, or a part of a screen, from the few words that stand beside its title."""
    page.get_by_role("radio", name=part, exact=True).click()
    wait_until_settled(page)


def view_as(page: Page, role: str, borough: str | None = None) -> None:
    """Use the switch at the top right."""
    _open_switch(page)
    choose(page, "View as", role)
    if borough is not None:
        _open_switch(page)
        choose(page, "For which boroughs", borough)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(box(page, "View as")).to_be_hidden()


def _open_switch(page: Page) -> None:
    if not box(page, "View as").is_visible():
        page.get_by_test_id("stPopover").first.get_by_role("button").click()
    expect(box(page, "View as")).to_be_visible()


def card(page: Page, label: str) -> int:
    """The count on a card of the headline."""
    found = page.locator(".card").filter(has=page.locator(".label", has_text=label))
    return int(found.locator(".value").inner_text().replace(",", ""))


def on_map(page: Page, borough: str) -> Locator:
    """A borough's area on the map of London; its label holds what its tooltip says."""
    return page.locator(f'path[aria-label*="title: {borough};"]')


def map_label(page: Page, borough: str) -> str:
    """What the map says of a borough."""
    return on_map(page, borough).get_attribute("aria-label") or ""


def table(page: Page, heading: str) -> Locator:
    """The table with a column of that heading; it is drawn on a canvas above a hidden grid."""
    column = page.get_by_role("columnheader", name=heading, exact=True, include_hidden=True)
    return page.get_by_test_id("stDataFrame").filter(has=column)


def rows_of(found: Locator) -> list[dict[str, str]]:
    """The rows in view of a table, each by heading; only columns in view."""
    expect(found.locator("[role=gridcell]").first).to_be_attached()
    heads = found.locator("[role=columnheader]").all_text_contents()
    lines = found.locator("tbody [role=row]").evaluate_all(
        "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
    )
    return [dict(zip(heads, cells, strict=True)) for cells in lines]


def click_row(page: Page, found: Locator, place: int) -> None:
    """Choose a row in view, as the pointer does: on the box at its left."""
    found.scroll_into_view_if_needed()
    middle = HEADING_HEIGHT + ROW_HEIGHT * place + ROW_HEIGHT // 2
    found.click(position={"x": TO_THE_ROWS_BOX, "y": middle})
    wait_until_settled(page)


def drop_file(page: Page, name: str, content: bytes) -> None:
    """Drop a file on the upload screen and wait until it is checked."""
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    expect(page.get_by_role("button", name=f"Remove {name}", exact=True)).to_be_visible()
    wait_until_settled(page)


def tick_warnings(page: Page) -> None:
    """Accept each warning of the file; until the last one it cannot be published."""
    publish = page.get_by_role("button", name="Publish")
    for warning in page.get_by_test_id("stCheckbox").all():
        expect(publish).to_be_disabled()
        warning.locator("label").click()
        wait_until_settled(page)
    expect(publish).to_be_enabled()


def sign(page: Page, label: str, by: str) -> None:
    """Give an e-mail."""
    field = page.get_by_label(label, exact=True)
    field.fill(by)
    field.press("Tab")
    wait_until_settled(page)
