"""When a Streamlit page has finished drawing."""

import time

from playwright.sync_api import Error, Page

# Streamlit 1.67 keeps both states on its outermost element.
IDLE = (
    '[data-testid="stApp"][data-test-script-state="notRunning"]'
    '[data-test-connection-state="CONNECTED"]'
)
UNFINISHED = '[data-stale="true"], [data-testid="stSkeleton"], [data-testid="stSpinner"]'


def is_idle(page: Page) -> bool:
    return page.locator(IDLE).count() == 1 and page.locator(UNFINISHED).count() == 0


def wait_until_settled(page: Page, timeout: float = 30.0, quiet: float = 0.4) -> None:
    """Waits until the script has not been running for `quiet` seconds on end.

    A single look is not enough: for a moment after a click the page still says that nothing runs.
    Raises TimeoutError, with the state that the page is in, after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    idle_since: float | None = None
    while True:
        now = time.monotonic()
        idle_since = (idle_since or now) if is_idle(page) else None
        if idle_since is not None and now - idle_since >= quiet:
            return
        if now > deadline:
            raise TimeoutError(f"not settled after {timeout} s: {script_state(page)}")
        page.wait_for_timeout(50)


def script_state(page: Page) -> str:
    try:
        app = page.locator('[data-testid="stApp"]').first
        return str(app.get_attribute("data-test-script-state", timeout=1000))
    except Error:
        return "no Streamlit page"
