"""Signing in with a browser: the link that was followed, every kind of chart, the way out."""

import os
import re
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from gapmap.reference.roles import matrix
from gapmap.ui.borough.borough_choice import VIEWS as BOROUGH_VIEWS
from gapmap.ui.compare.compare_choices import VIEWS as COMPARE_VIEWS
from gapmap.ui.london.london_choice import VIEWS as LONDON_VIEWS
from gapmap.ui.voice.voice_choice import VIEWS as VOICE_VIEWS
from tests.browser.conftest import CommandLine, Server, Watch, watched_page
from tests.browser.screens import TITLE, box, choose, expect_title, turn_to
from tests.browser.settled import wait_until_settled
from tests.browser.test_school import followed
from tests.gate.rig import COOKIE, Provider, running_provider, signed_in_app

CAMDEN = "E09000007"
VIOLATIONS = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event =>
    window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
SIGN_IN = '.button:text-is("Sign in")'


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running_provider(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest.fixture(scope="module")
def gated(
    command_line: CommandLine, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The app with sign-in, on a copy of the store with the demonstration data."""
    folder = tmp_path_factory.mktemp("gated")
    command_line.run("backup", str(folder / "backup"))
    store = {**os.environ, "GAPMAP_STORE": str(folder / "gapmap.duckdb")}
    CommandLine(store).run("restore", str(folder / "backup"))
    shutil.rmtree(folder / "backup")
    with signed_in_app(folder, provider) as server:
        yield server


@pytest.fixture
def page(browser: Browser, gated: Server, watch: Watch) -> Iterator[Page]:
    with watched_page(browser, gated, watch) as opened:
        opened.add_init_script(VIOLATIONS)
        yield opened


def sign_in(page: Page, person: str) -> None:
    """From the sign-in page, by way of the provider, to where one was going."""
    page.locator(SIGN_IN).click()
    page.get_by_role("button", name=person, exact=True).click()


def expect_no_violation(page: Page) -> None:
    assert page.evaluate("window.violations") == []
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_deep_link_keeps_its_filters(page: Page) -> None:
    page.goto(f"/borough?borough={CAMDEN}&quarter=2026-Q2&phase=Secondary")
    expect(page).to_have_title("Sign in · gapmap")
    assert "/sign-in?next=" in page.url
    sign_in(page, "ada")
    wait_until_settled(page)
    expect_title(page, "Camden")
    expect(box(page, "Phase")).to_have_value("Secondary")
    assert page.url.endswith(f"/borough?borough={CAMDEN}&quarter=2026-Q2&phase=Secondary")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert set(cookies) == {COOKIE, "_streamlit_xsrf"}
    assert cookies[COOKIE]["httpOnly"]
    assert cookies[COOKIE]["sameSite"] == "Lax"


@pytest.mark.parametrize(
    ("path", "views"),
    [
        ("/london", LONDON_VIEWS),
        (f"/borough?borough={CAMDEN}", BOROUGH_VIEWS),
        ("/compare", COMPARE_VIEWS),
        ("/voice", VOICE_VIEWS),
    ],
)
def test_every_view_is_drawn_under_the_policy(
    page: Page, path: str, views: tuple[str, ...]
) -> None:
    page.goto(path)
    sign_in(page, "ada")
    wait_until_settled(page)
    expect(page.locator(TITLE).first).to_be_visible()
    for view in views:
        turn_to(page, view)
        expect_no_violation(page)


DRAWN_BY_VIEW = {"london", "borough", "compare", "voice", "school"}


@pytest.mark.parametrize("person", ["grace", "lea"])
def test_every_further_page_is_drawn_under_the_policy(
    page: Page, person: str, command_line: CommandLine
) -> None:
    """As an administrator, and as a lead, who sees exact figures of Camden."""
    page.goto("/engagement")
    sign_in(page, person)
    for name in sorted(set(matrix().pages) - DRAWN_BY_VIEW):
        page.goto(f"/{name}")
        wait_until_settled(page)
        expect(page.locator(TITLE).first).to_be_visible()
        expect_no_violation(page)
    for path in (f"/borough?borough={CAMDEN}", f"/borough?borough={CAMDEN}&view=Referrals"):
        page.goto(path)
        wait_until_settled(page)
        expect_no_violation(page)
    page.goto(f"/school?urn={followed(command_line)}")
    wait_until_settled(page)
    expect_no_violation(page)


def test_a_page_asks_for_its_server_once(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/london")
    sign_in(page, "ada")
    wait_until_settled(page)
    probes = [urlsplit(url).path for url in asked if "/_stcore/h" in url]
    assert sorted(set(probes)) == ["/_stcore/health", "/_stcore/host-config"]


def test_a_table_is_taken_along_by_what_is_noted(page: Page) -> None:
    page.goto("/submissions")
    sign_in(page, "lea")
    wait_until_settled(page)
    page.get_by_test_id("stDataFrame").first.hover()
    expect(page.get_by_role("button", name="Search").first).to_be_visible()
    expect(page.get_by_role("button", name="Download as CSV")).to_have_count(0)


def test_an_administrator_signs_somebody_out(
    browser: Browser, page: Page, gated: Server, watch: Watch
) -> None:
    page.goto("/london")
    sign_in(page, "lea")
    wait_until_settled(page)
    with watched_page(browser, gated, watch) as office:
        office.goto("/access")
        sign_in(office, "grace")
        wait_until_settled(office)
        choose(office, "Person", "Lea")
        office.get_by_role("button", name="Sign out", exact=True).click()
        expect(page).to_have_url(re.compile(r"/sign-in\?said=revoked$"))
        page.reload()
        expect(page).to_have_title("Sign in · gapmap")


def test_signing_out_ends_every_screen_of_the_session(page: Page) -> None:
    page.goto("/london")
    sign_in(page, "ada")
    wait_until_settled(page)
    other = page.context.new_page()
    other.goto("/voice")
    wait_until_settled(other)
    page.get_by_test_id("stPopover").first.get_by_role("button").click()
    expect(page.get_by_text("Executive member")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    for one in (page, other):
        expect(one).to_have_url(re.compile(r"/sign-in\?said=signed-out$"))
        expect(one.get_by_role("status")).to_have_text("You have signed out.")
    assert COOKIE not in {cookie["name"] for cookie in page.context.cookies()}
    other.goto("/london")
    expect(other).to_have_title("Sign in · gapmap")


def test_somebody_without_a_role_is_told_so_and_sees_nothing_else(page: Page, watch: Watch) -> None:
    page.goto("/london")
    sign_in(page, "nobody")
    expect(page.get_by_text("and have no role yet: ask your administrator")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_count(0)
    assert page.locator("b, a[href^='https']").count() == 0  # a name is text, whatever it holds
    # The browser notes the answer's status.
    (error,) = watch.console_errors
    assert "403" in error
    watch.console_errors.clear()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Sign in · gapmap")


def test_who_is_given_another_role_is_signed_out_at_once(
    browser: Browser, page: Page, gated: Server, provider: Provider, watch: Watch
) -> None:
    page.goto("/london")
    sign_in(page, "ada")
    wait_until_settled(page)
    with watched_page(browser, gated, watch) as office:
        office.goto("/access")
        sign_in(office, "grace")
        wait_until_settled(office)
        office.get_by_label("Key or app role").fill(provider.key_of("ada"))
        office.get_by_label("Name").fill("Ada")
        choose(office, "Role", "Analyst")
        office.get_by_role("button", name="Give the role").click()
        expect(page).to_have_url(re.compile(r"/sign-in\?said=revoked$"))
        expect(page.get_by_role("status")).to_contain_text("Your access has changed")
        sign_in(page, "ada")
        wait_until_settled(page)
        page.get_by_test_id("stPopover").first.get_by_role("button").click()
        expect(page.get_by_text("Analyst.")).to_be_visible()
        office.get_by_role("button", name="End it").click()
        expect(page).to_have_url(re.compile(r"/sign-in\?said=revoked$"))
