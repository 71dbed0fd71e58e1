"""The real app, served from a store with the demonstration data, and a real Chromium to drive it.

All browser tests run on one pytest-xdist worker and so share one server and one browser.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60
BASE_PATH_PROBE = r"(/[\w-]+)+/_stcore/(health|host-config)"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # as root, in a container
    "--disable-dev-shm-usage",  # where a container's shared memory is small
    # WebGL in software, for the pydeck maps.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    # The browser's own errands are not the page's requests.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # What leaves localhost is reported by `watch`; this sees to it that it does not get there.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


# First, because pytest-xdist reads the group in this same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True)
class Server:
    """A running app. `url` has no slash at its end."""

    url: str
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def wait_until_healthy(server: Server) -> None:
    """Raises RuntimeError, with the server's log, when it ends or does not answer in time."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not is_healthy(server.url):
        if server.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the app did not start; its log:\n{server.log}")
        time.sleep(0.1)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def running_app(environment: dict[str, str], log_file: Path) -> Iterator[Server]:
    """`streamlit run app.py` on a free loopback port, ready to answer; ended on leaving."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", process, log_file)
    try:
        wait_until_healthy(server)
        yield server
    finally:
        end(process)


@pytest.fixture(scope="session")
def store_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the store that the server owns."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="session")
def store_environment(store_dir: Path) -> dict[str, str]:
    """The environment of every process that works on this store."""
    return {**os.environ, "GAPMAP_STORE": str(store_dir / "gapmap.duckdb")}


@pytest.fixture(scope="session")
def filled_store(store_environment: dict[str, str]) -> dict[str, str]:
    """The same environment, after the demonstration data went in."""
    command = [sys.executable, "-m", "gapmap", "demo", "--if-empty"]
    loaded = subprocess.run(
        command,
        cwd=ROOT,
        env=store_environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if loaded.returncode != 0:
        raise RuntimeError(f"no demonstration data: {loaded.stdout}{loaded.stderr}")
    return store_environment


@pytest.fixture(scope="session")
def server(
    filled_store: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with running_app(filled_store, tmp_path_factory.mktemp("server") / "server.log") as running:
        yield running


def chromium_path() -> str:
    """By the same rule as the test command. Raises RuntimeError that says what to install."""
    rule = ["sh", str(ROOT / "scripts" / "find-browser")]
    found = subprocess.run(rule, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise RuntimeError(found.stderr.strip())
    return found.stdout.strip()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Missing, it is an error and never a skip."""
    path = chromium_path()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield launched
        launched.close()


def stays_local(url: str) -> bool:
    address = urlsplit(url)
    return address.scheme in {"data", "blob", "about"} or address.hostname in {
        "127.0.0.1",
        "localhost",
    }


def is_base_path_probe(message: ConsoleMessage) -> bool:
    """On /borough, Streamlit's script first asks /borough/_stcore/... where the app is mounted.

    The answer is a 404, then it asks the root: that is how each of Streamlit's deep links works.
    """
    path = urlsplit(str(message.location.get("url", ""))).path
    return "404" in message.text and re.fullmatch(BASE_PATH_PROBE, path) is not None


@dataclass
class Watch:
    """What a page did that no page may do. A test that provokes it takes it out again."""

    requests_elsewhere: list[str] = field(default_factory=list)
    console_errors: list[str] = field(default_factory=list)

    def note_request(self, url: str) -> None:
        if not stays_local(url):
            self.requests_elsewhere.append(url)

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not is_base_path_probe(message):
            self.console_errors.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture
def watch() -> Watch:
    return Watch()


@contextmanager
def watched_page(browser: Browser, server: Server, watch: Watch) -> Iterator[Page]:
    """A page of its own, 1280 x 720. `page.goto("/london")` is relative to the server.

    Fails the test on a request that leaves localhost, and on an error in the console.
    """
    context = browser.new_context(
        base_url=server.url, viewport={"width": 1280, "height": 720}, locale="en-GB"
    )
    # On the context, so that workers and further tabs are watched as well.
    context.on("request", lambda request: watch.note_request(request.url))
    context.on("console", watch.note_console)
    context.on("weberror", lambda error: watch.console_errors.append(str(error.error)))
    opened = context.new_page()
    opened.on("websocket", lambda socket: watch.note_request(socket.url))
    yield opened
    context.close()
    assert watch.requests_elsewhere == []
    assert watch.console_errors == []


@pytest.fixture
def page(browser: Browser, server: Server, watch: Watch) -> Iterator[Page]:
    """A `watched_page` of the server with the demonstration data."""
    with watched_page(browser, server, watch) as opened:
        yield opened


@dataclass(frozen=True)
class CommandLine:
    """`python -m gapmap` on the store of a server that runs."""

    environment: dict[str, str]

    def run(self, *arguments: str) -> str:
        """What a command says. Raises RuntimeError, with its words, when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "gapmap", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"gapmap {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def ask(
        self, question: str, *, role: str | None = None, **parameters: str
    ) -> list[dict[str, Any]]:
        """The rows that answer a question: as a role is answered, else of the exact store."""
        given = [f"--param={name}={value}" for name, value in parameters.items()]
        given += [] if role is None else ["--role", role]
        rows: list[dict[str, Any]] = json.loads(self.run("ask", question, *given, "--format=json"))
        return rows


@pytest.fixture(scope="session")
def command_line(server: Server, store_environment: dict[str, str]) -> CommandLine:
    """The command line while the server has the store open."""
    return CommandLine(store_environment)
