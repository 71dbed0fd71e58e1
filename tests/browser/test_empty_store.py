"""From nothing: each screen says what to do, and the register goes in by the browser."""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, CommandLine, Server, Watch, running_app, watched_page
from tests.browser.screens import (
    box,
    choose,
    drop_file,
    expect_title,
    follow,
    open_at,
    rows_of,
    sign,
    table,
    tick_warnings,
    view_as,
)
from tests.browser.settled import wait_until_settled

# DfE's register of 2016 is not handed out with this code.
REGISTER = ROOT.parent / "shared" / "data" / "school_register_london_2016.csv"
NOTHING = "Nothing has been published yet. First an administrator uploads the school register"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    store = tmp_path_factory.mktemp("empty") / "gapmap.duckdb"
    return {**os.environ, "GAPMAP_STORE": str(store)}


@pytest.fixture(scope="module")
def empty_server(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with running_app(environment, tmp_path_factory.mktemp("server") / "server.log") as running:
        yield running


@pytest.fixture
def page(browser: Browser, empty_server: Server, watch: Watch) -> Iterator[Page]:
    with watched_page(browser, empty_server, watch) as opened:
        yield opened


@pytest.mark.parametrize("path", ["london", "borough", "school", "submissions"])
def test_each_screen_says_what_to_do(page: Page, path: str) -> None:
    open_at(page, f"/{path}")
    expect_title(page, path.capitalize())
    expect(page.get_by_text(NOTHING)).to_be_visible()
    expect(page.get_by_text("ask the partnership's data lead")).to_be_visible()
    expect(page.get_by_role("note")).to_have_count(0)


def test_the_way_to_the_upload(page: Page) -> None:
    open_at(page, "/upload")
    expect(page.get_by_text("Executive members do not upload.")).to_be_visible()
    view_as(page, "Administrator")
    expect(page.locator("input[type=file]")).to_be_attached()
    follow(page, "London")
    page.get_by_test_id("stMain").get_by_role("link", name="Upload an extract").click()
    wait_until_settled(page)
    expect_title(page, "Upload")


@pytest.mark.skipif(not REGISTER.is_file(), reason="the register of 2016 is not on this machine")
def test_the_register_goes_in_as_it_is(page: Page, environment: dict[str, str]) -> None:
    open_at(page, "/upload")
    view_as(page, "Administrator")
    choose(page, "Extract", "School register")
    sign(page, "Your e-mail", "administrator@london.example")
    drop_file(page, REGISTER.name, REGISTER.read_bytes())
    expect(page.get_by_text("3,032 rows for 33 boroughs can be published.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"1\d\d columns are not declared"))).to_be_visible()
    assert rows_of(table(page, "Replaces"))[0]["Replaces"] == "nothing"
    tick_warnings(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published as schools-00001, version 1.")).to_be_visible(timeout=60_000)
    wait_until_settled(page)
    (submission,) = CommandLine(environment).ask("submissions/all")
    assert submission["row_count"] == 3032
    follow(page, "London")
    found = CommandLine(environment).ask(
        "gaps/by_borough",
        quarter=box(page, "Quarter").input_value(),
        indicator="police_engagement",
    )
    schools = sum(row["schools"] for row in found)
    # Some of the register had closed.
    assert 2900 < schools < 3032
    expect(page.get_by_text(f"n = 0 schools known of {schools:,}")).to_be_visible()
    expect(page.get_by_text("Not submitted").first).to_be_visible()
