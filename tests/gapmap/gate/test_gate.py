"""The gate as it stands behind TLS: its cookie, its headers, and people whose access changes."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from gapmap.access import Viewer
from gapmap.gate.admission import Admission
from gapmap.gate.handouts import with_word
from gapmap.gate.identity import Identity
from gapmap.gate.middleware import SignInGate
from gapmap.gate.provider import read_provider
from gapmap.gate.sessions import Session
from gapmap.gate.uploads import Uploads
from gapmap.reference.roles import Matrix, Role, matrix
from gapmap.settings import Settings
from tests import event_loop

ORIGIN = "https://gapmap.example.org"
ISSUER = "https://id.example.org"
AUTH = {
    "redirect_uri": f"{ORIGIN}/oauth2callback",
    "cookie_secret": "s" * 32,
    "client_id": "gapmap",
    "client_secret": "secret",
    "server_metadata_url": f"{ISSUER}/.well-known/openid-configuration",
}
COOKIE = "__Host-gapmap"
KEY = f"{ISSUER}|ada"


class Behind:
    """What the gate stands in front of, and Streamlit's part of signing in."""

    def __init__(self) -> None:
        self.asked: list[Scope] = []
        self.protection = "nonce=n&code_challenge_method=S256"
        self.media_type = "text/csv"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)
        if scope["path"] == "/oauth2callback":
            answer = RedirectResponse("/", 302)
            answer.set_cookie("_streamlit_user", "the person")
            answer.set_cookie("_streamlit_user_tokens", "the token")
            answer.set_cookie("_streamlit_session", "state")
        elif scope["path"] == "/auth/login":
            state = scope["query_string"].decode().removeprefix("provider=")
            where = f"{ISSUER}/authorize?state={state}&{self.protection}"
            answer = RedirectResponse(where, 302)
        elif scope["path"].startswith("/media/"):
            answer = Response("figures", media_type=self.media_type)
        else:
            answer = PlainTextResponse("figures")
        await answer(scope, receive, send)

    def token(self, provider: str) -> str:
        return f"word-for-{provider}"

    def claims(self, cookies: Mapping[str, str]) -> dict[str, Any] | None:
        if cookies.get("_streamlit_user") != "the person":
            return None
        return {"iss": ISSUER, "aud": "gapmap", "exp": time.time() + 60, "sub": "ada"}


class House:
    """The gate in front of `Behind`.

    `roles`: what the access table says, by key. `held`: bytes of files, by the screen's id.
    """

    def __init__(self) -> None:
        self.held: dict[str, int] = {}
        provider = read_provider(AUTH, Settings(Path("gapmap.duckdb"), 1, "1GB"))
        assert provider is not None
        self.roles: dict[str, Viewer] = {KEY: Viewer("executive")}
        self.admission = Admission(provider, self._viewer_for)
        self.behind = Behind()
        self.gate = SignInGate(
            self.behind,
            admission=self.admission,
            streamlit=self.behind,
            farewell=str.encode,
            hashes=(),
            most_bytes=1_000,
            held=lambda screen: self.held.get(screen, 0),
            allowed_hosts=frozenset({"inside.example.org"}),
        )

    @property
    def session(self) -> Session:
        (one,) = self.admission.sessions.all()
        return one

    def own_media_type(self) -> str:
        return with_word("text/csv", self.admission.word_of(self.session))

    def _viewer_for(self, identity: Identity) -> Viewer | None:
        return self.roles.get(identity.key)


def drive(test: Callable[[House, httpx.AsyncClient], Awaitable[None]]) -> None:
    async def driven() -> None:
        house = House()
        transport = httpx.ASGITransport(house.gate, client=("192.0.2.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            await test(house, client)

    event_loop.run(driven())


async def sign_in(client: httpx.AsyncClient) -> httpx.Response:
    await client.get("/auth/login", params={"next": "/voice?quarter=2026-Q3"})
    return await client.get("/oauth2callback?code=a&state=word-for-default")


def test_the_cookie_is_for_this_host_over_tls_only() -> None:
    async def test(_: House, client: httpx.AsyncClient) -> None:
        answer = await sign_in(client)
        assert answer.headers["location"] == "/voice?quarter=2026-Q3"
        own, state = sorted(answer.headers.get_list("set-cookie"))
        assert own.startswith(f"{COOKIE}=")
        attributes = {part.strip() for part in own.split(";")[1:]}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax", "Max-Age=28800"} == attributes
        assert state.startswith("_streamlit_session=")
        assert state.endswith("; Secure")
        assert answer.headers["strict-transport-security"]

    drive(test)


def test_what_lies_behind_never_sees_streamlits_cookies() -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        await sign_in(client)
        own = f"{COOKIE}={client.cookies[COOKIE]}"
        client.cookies.clear()
        said = {"Cookie": f"_streamlit_user=forged; {own}; _streamlit_user_1=x; _streamlit_xsrf=y"}
        assert (await client.get("/london", headers=said)).status_code == 200
        (seen,) = [value for name, value in house.behind.asked[-1]["headers"] if name == b"cookie"]
        assert seen.decode() == f"{own}; _streamlit_xsrf=y"

    drive(test)


def test_a_revoked_person_is_out_at_once() -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        await sign_in(client)
        assert (await client.get("/london")).text == "figures"
        assert house.admission.sessions.revoke(KEY) == 1
        assert (await client.get("/london")).status_code == 401

    drive(test)


@pytest.mark.parametrize(
    ("becomes", "status"),
    [(Viewer("executive"), 200), (Viewer("analyst"), 401), (None, 401)],
    ids=["the same", "another", "nobody"],
)
def test_whoever_becomes_another_viewer_is_signed_out(becomes: Viewer | None, status: int) -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        await sign_in(client)
        with house.admission.changing_access():
            house.roles.pop(KEY)
            if becomes is not None:
                house.roles[KEY] = becomes
        assert (await client.get("/london")).status_code == status

    drive(test)


def test_a_role_that_is_taken_away_counts_from_the_next_request() -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        await sign_in(client)
        house.behind.media_type = house.own_media_type()
        assert (await client.get("/media/a.csv")).text == "figures"
        role = house.roles.pop(KEY)
        for path in ("/media/a.csv", "/london", "/geometry/boroughs.json"):
            assert (await client.get(path)).status_code == 403
        house.roles[KEY] = role
        assert (await client.get("/london")).text == "figures"

    drive(test)


def test_nothing_behind_is_asked_for_a_stranger() -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        for path in ("/", "/london", "/media/a", "/static/a.js", "/_stcore/upload_file/a/b"):
            for method in ("GET", "PUT", "DELETE"):
                assert (await client.request(method, path)).status_code == 401
        assert house.behind.asked == []

    drive(test)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("gapmap.example.org", 200),
        ("GAPMAP.example.org", 200),
        ("inside.example.org", 200),
        ("gapmap.example.org:443", 400),
        ("evil.example", 400),
        ("gapmap.example.org.evil.example", 400),
    ],
)
def test_hosts(host: str, status: int) -> None:
    async def test(_: House, client: httpx.AsyncClient) -> None:
        assert (await client.get("/sign-in", headers={"Host": host})).status_code == status

    drive(test)


@pytest.mark.parametrize(
    "protection",
    ["", "nonce=n", "nonce=n&code_challenge_method=plain", "code_challenge_method=S256"],
)
def test_without_pkce_and_nonce_nobody_is_led_to_the_provider(protection: str) -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        house.behind.protection = protection
        answer = await client.get("/auth/login")
        assert answer.headers["location"] == "/sign-in?said=failed"

    drive(test)


# --- files ---------------------------------------------------------------------------------------


def test_a_file_goes_to_the_session_that_made_it() -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        await sign_in(client)
        house.behind.media_type = house.own_media_type()
        answer = await client.get("/media/a.csv")
        assert (answer.status_code, answer.text) == (200, "figures")
        assert answer.headers["content-type"].startswith("text/csv")
        assert "for=" not in answer.headers["content-type"]

    drive(test)


@pytest.mark.parametrize("media_type", ["text/csv", "text/csv; for=", "text/csv; for=" + "0" * 32])
def test_a_file_of_another_session_stays_where_it_is(media_type: str) -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        await sign_in(client)
        house.behind.media_type = media_type
        for method in ("GET", "HEAD"):
            answer = await client.request(method, "/media/a.csv")
            assert answer.status_code == 403
            assert "figures" not in answer.text
            assert "for=" not in str(answer.headers)

    drive(test)


def test_two_sessions_of_one_person_have_words_of_their_own() -> None:
    house = House()
    identity = Identity(ISSUER, "ada", "Ada")
    tokens = [house.admission.sessions.begin(identity) for _ in range(2)]
    sessions = [house.admission.sessions.check(token) for token in tokens]
    words = {house.admission.word_of(session) for session in sessions if session is not None}
    assert len(words) == 2
    elsewhere = House().admission
    assert not words & {elsewhere.word_of(session) for session in sessions if session is not None}


UPLOAD = "/_stcore/upload_file/a-screen/a-file"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("executive", 403),
        ("analyst", 403),
        ("lead", 200),
        ("contributor", 200),
        ("administrator", 200),
    ],
)
def test_who_may_not_upload_sends_no_file(role: Role, status: int) -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        house.roles[KEY] = Viewer(role)
        await sign_in(client)
        house.admission.sessions.claim_screen(house.session, "a-screen")
        before = len(house.behind.asked)
        assert (await client.put(UPLOAD, content=b"x")).status_code == status
        assert len(house.behind.asked) == before + (status == 200)

    drive(test)


@pytest.mark.parametrize(("held", "status"), [(0, 200), (1_999, 200), (2_000, 429)])
def test_a_session_holds_no_more_than_two_of_the_largest_files(held: int, status: int) -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        house.roles[KEY] = Viewer("administrator")
        await sign_in(client)
        for screen in ("a-screen", "another"):
            house.admission.sessions.claim_screen(house.session, screen)
        house.held = {"a-screen": 1_000, "another": held - 1_000, "somebody's": 10_000}
        assert (await client.put(UPLOAD, content=b"x")).status_code == status
        assert (await client.delete(UPLOAD)).status_code == 200  # the way out of it

    drive(test)


def test_two_files_come_at_a_time() -> None:
    uploads = Uploads(lambda _: 0, 1_000)
    with uploads.under_way("a"):
        assert not uploads.too_many("a", [])
        with uploads.under_way("a"):
            assert uploads.too_many("a", [])
            assert not uploads.too_many("b", [])
    assert not uploads.too_many("a", [])


# --- the routes of roles.toml --------------------------------------------------------------------


def without_reach(role: str, route: str) -> Matrix:
    """The matrix with one cell turned to no."""
    routes = {name: dict(row) for name, row in matrix().routes.items()}
    routes[route][role] = "no"
    return replace(matrix(), routes=routes)


@pytest.mark.parametrize("route", ["/", "/geometry/", "/media/", "/_stcore/health"])
def test_the_gate_goes_by_the_file(route: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        await sign_in(client)
        house.behind.media_type = house.own_media_type()
        path = f"{route}a" if route.endswith("/") else route
        assert (await client.get(path)).status_code == 200
        changed = without_reach("executive", route)
        monkeypatch.setattr("gapmap.reference.roles.matrix", lambda: changed)
        monkeypatch.setattr("gapmap.access.matrix", lambda: changed)
        assert (await client.get(path)).status_code == 403

    drive(test)


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/agent/openapi.json",
        "/_stcore/what-comes-next",
        "/_stcore/bidi-components/a/b.js",
        "/component/a/index.html",
        "/app/static/a.txt",
    ],
)
def test_what_nothing_here_uses_is_closed(path: str) -> None:
    async def test(house: House, client: httpx.AsyncClient) -> None:
        house.roles[KEY] = Viewer("administrator")
        await sign_in(client)
        before = len(house.behind.asked)
        assert (await client.get(path)).status_code == 404
        assert len(house.behind.asked) == before

    drive(test)


def test_a_session_that_sends_too_much_is_slowed_down() -> None:
    async def test(_: House, client: httpx.AsyncClient) -> None:
        await sign_in(client)
        codes = [(await client.get("/geometry/boroughs.json")).status_code for _ in range(1_000)]
        assert set(codes) == {200, 429}

    drive(test)


def test_the_way_back_after_an_end_is_the_page_that_was_open() -> None:
    async def test(_: House, client: httpx.AsyncClient) -> None:
        came_from = {"Referer": f"{ORIGIN}/borough?borough=E09000007"}
        page = (await client.get("/sign-in?said=expired", headers=came_from)).text
        assert 'href="/auth/login?next=/borough%3Fborough%3DE09000007"' in page
        elsewhere = {"Referer": "https://evil.example/borough?borough=E09000007"}
        page = (await client.get("/sign-in?said=expired", headers=elsewhere)).text
        assert 'href="/auth/login?next=/"' in page

    drive(test)


def test_what_is_said_is_never_taken_from_the_address() -> None:
    async def test(_: House, client: httpx.AsyncClient) -> None:
        page = (await client.get("/sign-in?said=<script>&next=%22><script>alert(1)")).text
        assert "script" not in page

    drive(test)
