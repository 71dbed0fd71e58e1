"""The app answers, keeps to this machine, and runs the shell before any page."""

import os
import re
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Watch, stays_local
from tests.browser.settled import wait_until_settled

# The shell draws the links to the pages and marks the one it runs.
CURRENT_PAGE = 'a[aria-current="page"]'
TITLE = '[data-testid="stMain"] h1'
WEBGL_RENDERER = """() => {
    const gl = document.createElement('canvas').getContext('webgl2');
    return gl ? gl.getParameter(gl.VERSION) : 'none';
}"""


def test_health(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5) as answer:
        assert answer.read() == b"ok"


@pytest.mark.skipif(
    "PYTEST_XDIST_WORKER" not in os.environ, reason="run without workers: nothing to share"
)
def test_browser_tests_share_one_worker(request: pytest.FixtureRequest) -> None:
    # pytest-xdist puts a test's group at the end of its id, and sends a group to one worker.
    assert request.node.nodeid.endswith("@browser")


def test_first_page_asks_nothing_of_other_machines(page: Page, watch: Watch) -> None:
    page.goto("/")
    wait_until_settled(page)
    expect(page.locator(TITLE).first).to_be_visible()
    assert watch.requests_elsewhere == []


@pytest.mark.parametrize("path", ["/london", "/borough", "/engagement"])
def test_deep_link_runs_the_shell_first(page: Page, path: str) -> None:
    page.goto(path)
    wait_until_settled(page)
    expect(page.locator(CURRENT_PAGE)).to_have_text(re.compile(path[1:], re.IGNORECASE))
    expect(page.locator(TITLE).first).to_be_visible()
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)


def test_deep_link_into_a_section_runs_the_shell_first(page: Page) -> None:
    page.goto("/upload")
    wait_until_settled(page)
    expect(page.get_by_role("navigation").get_by_role("button", name="Data")).to_be_visible()
    expect(page.locator(TITLE).first).to_have_text("Upload")


def test_webgl_is_there_for_the_maps(page: Page) -> None:
    page.goto("/")
    assert str(page.evaluate(WEBGL_RENDERER)).startswith("WebGL 2.0")


def test_a_request_elsewhere_is_noticed(page: Page, watch: Watch) -> None:
    # On a page without the app's policy, under which the browser would not even send it.
    page.goto("about:blank")
    page.evaluate("fetch('https://tiles.example.org/1.png').catch(() => null)")
    assert watch.requests_elsewhere == ["https://tiles.example.org/1.png"]
    assert any("tiles.example.org" in error for error in watch.console_errors)
    watch.requests_elsewhere.clear()
    watch.console_errors.clear()


def test_the_policy_blocks_a_request_elsewhere(page: Page, watch: Watch) -> None:
    page.goto("/")
    wait_until_settled(page)
    page.evaluate("fetch('https://tiles.example.org/1.png').catch(() => null)")
    assert watch.requests_elsewhere == []
    assert len(watch.console_errors) > 0
    assert all("Content Security Policy" in error for error in watch.console_errors)
    watch.console_errors.clear()


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8501/london", True),
        ("ws://localhost:8501/_stcore/stream", True),
        ("data:image/png;base64,AAAA", True),
        ("blob:http://127.0.0.1:8501/1", True),
        ("https://fonts.example.org/a.woff2", False),
        ("http://127.0.0.1.example.org/", False),
        ("wss://example.org/localhost", False),
    ],
)
def test_local_addresses(url: str, local: bool) -> None:
    assert stays_local(url) is local
