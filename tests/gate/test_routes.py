"""Every route as every role, and a stranger, is answered there: no cell of roles.toml differs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from unittest.mock import MagicMock

import httpx
import pytest
from starlette.routing import BaseRoute
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes
from streamlit.web.server.starlette.starlette_routes import (
    create_app_static_serving_routes,
    create_script_health_routes,
)
from websockets.exceptions import InvalidStatus

from gapmap.gate.login import PATHS
from gapmap.gate.middleware import HEALTH
from gapmap.reference.roles import EVERY_PATH, ROLES, STRANGER, matrix, route_of
from tests.browser.conftest import ROOT, Server
from tests.gate.rig import COOKIE, WITH_ROLE, client_of, sign_in
from tests.gate.screen import cookies_of, handshake, open_screen

UPLOAD = "/_stcore/upload_file/"
STREAM = "/_stcore/stream"
# What is asked at a route that is no path by itself.
BELOW = {
    "/": "london",
    "/static/": "js/no-such-program.js",
    "/geometry/": "boroughs.json",
    "/media/": "no-such-file.csv",
    "/_stcore/": "agent/openapi.json",
    "/component/": "anything/index.html",
    "/app/static/": "anything.txt",
}
REFUSED = {
    401: "You are not signed in",
    403: "This is not for you.",
    404: "Not here.",
}


@pytest.fixture(scope="module")
def people(server: Server) -> Iterator[dict[str, httpx.Client]]:
    """By role: somebody who has it. A stranger has no cookie."""
    with ExitStack() as signed_in:
        found = {
            role: signed_in.enter_context(sign_in(server, person))
            for role, person in WITH_ROLE.items()
        }
        yield {STRANGER: signed_in.enter_context(client_of(server)), **found}


def is_refused(answer: httpx.Response) -> bool:
    """Whether it is the gate that answered, and not what lies behind it."""
    said = REFUSED.get(answer.status_code)
    return said is not None and answer.text.startswith(said)


def is_let_in(server: Server, client: httpx.Client, route: str) -> bool:
    if route == STREAM:
        return is_stream_opened(server, client)
    if route == UPLOAD:
        return is_upload_taken(server, client)
    answer = client.get(f"{route}{BELOW.get(route, '')}")
    assert answer.status_code < 500
    return not is_refused(answer)


def is_stream_opened(server: Server, client: httpx.Client) -> bool:
    try:
        with handshake(server, cookies_of(client)):
            return True
    except InvalidStatus as refused:
        if refused.response.status_code not in REFUSED:
            raise
        return False


def is_upload_taken(server: Server, client: httpx.Client) -> bool:
    if COOKIE not in client.cookies:
        return not is_refused(client.put(f"{UPLOAD}a-screen/a-file", content=b"x"))
    with open_screen(server, client) as screen:
        answer = client.put(f"{UPLOAD}{screen.id}/a-file", content=b"x")
    # Streamlit's own word: it wants the token with which its page sends a file.
    assert is_refused(answer) or "XSRF" in answer.text
    return not is_refused(answer)


@pytest.mark.parametrize("role", [STRANGER, *ROLES])
@pytest.mark.parametrize("route", matrix().routes)
def test_a_route_answers_whom_the_file_names(
    server: Server, people: dict[str, httpx.Client], route: str, role: str
) -> None:
    assert is_let_in(server, people[role], route) is (matrix().routes[route][role] == "yes")


def test_a_stranger_reaches_what_the_gate_serves_itself_and_the_health_answers() -> None:
    """The sign-in page, its routes, and the two words for whatever watches the app."""
    open_to_all = {route for route, row in matrix().routes.items() if row[STRANGER] == "yes"}
    assert open_to_all == PATHS | HEALTH


def routes_of_streamlit() -> set[str]:
    """The beginnings of what the installed Streamlit answers at, whatever is switched on."""
    runtime = MagicMock()
    made = [
        *create_streamlit_routes(runtime),
        *create_app_static_serving_routes("app.py", ""),
        *create_script_health_routes(runtime, ""),
    ]
    return {route.path.partition("{")[0] or "/" for route in made if isinstance(route, BaseRoute)}


def routes_of_gapmap() -> set[str]:
    text = (ROOT / "app.py").read_text(encoding="utf-8")
    return set(re.findall(r'Route\("([^"]+)"', text))


def test_every_route_of_the_app_has_a_row_of_its_own() -> None:
    """So that a route that comes with another version is closed until the file opens it."""
    found = routes_of_streamlit() | routes_of_gapmap()
    assert {STREAM, UPLOAD, "/media/", "/healthz", "/geometry/boroughs.json"} <= found
    without = {path for path in found if route_of(path) == EVERY_PATH}
    assert without == {"/"}  # Streamlit's page, for every address of a screen
