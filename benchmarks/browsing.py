"""The wait in Chromium: from a key or a click to the last change on the screen, and the bytes.

One server and one browser on this machine, on a store with the demonstration data. The clock is
the page's own. It stops at the last change of the page's main part, drawing on a canvas included,
before half a second of quiet: an upper bound of what a person waits for.
"""

from __future__ import annotations

import os
import re
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.stores import StoreFolder, with_demonstration
from benchmarks.wire import Wire, counted
from gapmap.indicator import of_schools
from tests.browser.conftest import CHROMIUM_ARGUMENTS, chromium_path, running_app
from tests.browser.settled import wait_until_settled

ROUNDS = 5
QUIET_SECONDS = 0.5
GRID_ROW = 29

WATCH_THE_SCREEN = """
window.began = 0; window.changed = 0;
const note = () => { window.changed = performance.now(); };
for (const kind of ['keydown', 'pointerdown'])
    window.addEventListener(kind, () => { window.began = performance.now(); }, true);
for (const [kind, names] of [
    [CanvasRenderingContext2D, ['fill', 'fillRect', 'fillText', 'stroke', 'drawImage']],
    [WebGL2RenderingContext, ['drawArrays', 'drawElements', 'drawArraysInstanced',
                              'drawElementsInstanced']]])
    for (const name of names) {
        const drawn = kind.prototype[name];
        kind.prototype[name] = function (...given) { note(); return drawn.apply(this, given); };
    }
// What lies inside a canvas is for screen readers: a table writes it 200 ms after it has drawn.
const seen = node => !(node.nodeType === 1 ? node : node.parentElement)?.closest('canvas');
new MutationObserver(changes => {
    const main = document.querySelector('[data-testid="stMain"]');
    if (main && changes.some(change => main.contains(change.target) && seen(change.target))) note();
}).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
"""


def measure(folder: Path, demonstration: StoreFolder | None = None) -> dict[str, Any]:
    """Medians over several rounds: milliseconds and bytes of a filter, a click, a first screen."""
    folder.mkdir(parents=True, exist_ok=True)
    base = demonstration or with_demonstration(folder / "demonstration")
    served = base.copy_to(folder / "served")
    environment = {**os.environ, **served.environment}
    with running_app(environment, folder / "server.log") as server, _chromium() as browser:
        first, again = _first_screens(browser, server.url)
        with _screen(browser, server.url) as (page, wire):
            filters = _filter_changes(page, wire)
        with _screen(browser, server.url) as (page, wire):
            clicks = _borough_clicks(page, wire)
    return {"first_screen": first, "second_screen": again, "filter": filters, "borough": clicks}


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


@contextmanager
def _screen(browser: Browser, url: str) -> Iterator[tuple[Page, Wire]]:
    """The London screen in a browser that knows nothing yet."""
    with counted(url) as wire:
        context = browser.new_context(
            base_url=wire.url, viewport={"width": 1280, "height": 720}, locale="en-GB"
        )
        context.add_init_script(WATCH_THE_SCREEN)
        page = context.new_page()
        page.goto("/london")
        _until_quiet(page)
        yield page, wire
        context.close()


def _until_quiet(page: Page) -> None:
    wait_until_settled(page, quiet=QUIET_SECONDS)
    if page.locator('[data-testid="stException"]').count():
        raise RuntimeError(page.locator('[data-testid="stException"]').first.inner_text())


def _first_screens(browser: Browser, url: str) -> tuple[dict[str, float], dict[str, float]]:
    """The first after the server started, and the next one in a browser as new."""
    found = []
    for _ in range(2):
        with _screen(browser, url) as (page, wire):
            shown = float(page.evaluate("window.changed"))
            found.append({"ms": shown, "wire_bytes": wire.bytes})
    return found[0], found[1]


def _timed(page: Page, wire: Wire, act: Callable[[], object]) -> dict[str, float]:
    wire.start_again()
    act()
    page.wait_for_timeout(100)
    _until_quiet(page)
    ms = float(page.evaluate("window.changed - window.began"))
    return {"ms": ms, "wire_bytes": wire.bytes}


def _choose(page: Page, label: str, option: str) -> None:
    """Choose by keyboard: a pointer left over the map would draw a tooltip."""
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.keyboard.type(option)
    page.get_by_role("option", name=option, exact=True).wait_for()
    page.keyboard.press("Enter")


def _filter_changes(page: Page, wire: Wire) -> dict[str, Any]:
    """London's indicator changed: asked for the first time (not cached), then again (cached).

    Each round begins with another phase, for which no answer is cached.
    """
    titles = [definition.title for definition in of_schools()]
    fresh: list[dict[str, float]] = []
    cached: list[dict[str, float]] = []
    for phase in _options(page, "Phase")[1 : 1 + ROUNDS]:
        _choose(page, "Phase", phase)
        _until_quiet(page)
        shown = page.get_by_role("combobox", name=re.compile("Indicator")).get_attribute(
            "aria-label"
        )
        others = [title for title in titles if title not in (shown or "")]
        for samples in (fresh, cached):
            for title in others:
                choose = partial(_choose, page, "Indicator", title)
                samples.append(_timed(page, wire, choose))
    return {"not_cached": _summary(fresh), "cached": _summary(cached)}


def _options(page: Page, label: str) -> list[str]:
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("option").first.wait_for()
    found = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    return found


def _borough_clicks(page: Page, wire: Wire) -> dict[str, Any]:
    """A row of London's table clicked, until the borough's screen stands.

    The first one also fetches the program that draws the map of schools.
    """
    first = _into_and_back(page, wire, ROUNDS + 1)
    fresh: list[dict[str, float]] = []
    cached: list[dict[str, float]] = []
    for row in range(1, 1 + ROUNDS):
        fresh.append(_into_and_back(page, wire, row))
        cached.append(_into_and_back(page, wire, row))
    return {
        "first": _summary([first]),
        "not_cached": _summary(fresh),
        "cached": _summary(cached),
    }


def _into_and_back(page: Page, wire: Wire, row: int) -> dict[str, float]:
    taken = _timed(page, wire, partial(_click_row, page, row))
    page.go_back()
    page.wait_for_url(re.compile(r"/london(?!.*[?&]borough=)"))
    _until_quiet(page)
    return taken


def _click_row(page: Page, row: int) -> None:
    """Tick a row's box, and see to it that its borough comes; rows count from 1."""
    grid = page.locator('[data-testid="stDataFrame"]').first
    grid.click(position={"x": 14, "y": GRID_ROW * (row + 0.5)})
    page.wait_for_url(re.compile("[?&]borough="))


def _summary(samples: Sequence[Mapping[str, float]]) -> dict[str, float]:
    milliseconds = [sample["ms"] for sample in samples]
    return {
        "ms": statistics.median(milliseconds),
        "ms_worst": max(milliseconds),
        "wire_bytes": statistics.median(sample["wire_bytes"] for sample in samples),
        "times": len(samples),
    }
