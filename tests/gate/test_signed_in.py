"""Signing in at a real provider, what a session opens, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from gapmap.gate.headers import ALWAYS
from gapmap.gate.middleware import MOST_STREAMS
from tests.browser.conftest import Server, free_port
from tests.gate.rig import (
    COOKIE,
    Provider,
    client_of,
    sign_in,
    signed_in_app,
    to_callback,
)
from tests.gate.screen import SECONDS, Screen, answer_to_head, cookies_of, handshake, open_screen

DEEP = "/borough?borough=E09000007&quarter=2026-Q3"
NAVIGATE = {"Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def ada(server: Server) -> Iterator[httpx.Client]:
    with sign_in(server, "ada") as client:
        yield client


@pytest.fixture
def grace(server: Server) -> Iterator[httpx.Client]:
    with sign_in(server, "grace") as client:
        yield client


@pytest.fixture
def lea(server: Server) -> Iterator[httpx.Client]:
    with sign_in(server, "lea") as client:
        yield client


# --- the way in ----------------------------------------------------------------------------------


def test_the_browser_gets_the_gates_cookie_and_no_other(server: Server) -> None:
    with client_of(server) as client:
        answer = client.get(to_callback(client, "ada", DEEP))
    assert answer.headers["location"] == DEEP
    set_cookies = answer.headers.get_list("set-cookie")
    (own,) = [line for line in set_cookies if line.startswith(f"{COOKIE}=")]
    attributes = {part.strip().lower() for part in own.split(";")[1:]}
    assert attributes == {"httponly", "max-age=28800", "path=/", "samesite=lax"}
    assert not [line for line in set_cookies if line.startswith("_streamlit_user")]
    assert "ada" not in "".join(set_cookies).lower()


def test_the_protocol_is_held(server: Server) -> None:
    with client_of(server) as client:
        leads_to = client.get("/auth/login").headers["location"]
    asked = parse_qs(urlsplit(leads_to).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 20
    assert len(asked["nonce"][0]) >= 20
    assert "openid" in asked["scope"][0].split()


def test_a_word_of_ones_own_for_the_provider_is_not_taken(server: Server) -> None:
    with client_of(server) as client:
        leads_to = client.get("/auth/login", params={"provider": "mine"}).headers["location"]
    assert "/oauth2/authorize?" in leads_to


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/%0d%0aSet-Cookie:x=1\r\nx",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/sign-out",
        "/media/abc",
        "/" + "a" * 3000,
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(server: Server, path: str) -> None:
    with client_of(server) as client:
        answer = client.get(to_callback(client, "ada", path))
        assert answer.headers["location"] == "/"
        # Nor when they are signed in already.
        again = client.get("/sign-in", params={"next": path})
        assert again.headers["location"] == "/"


def test_a_callback_works_once(server: Server) -> None:
    with client_of(server) as client:
        callback = to_callback(client, "ada")
        assert COOKIE in client.get(callback).cookies
        again = client.get(callback)
    assert again.headers["location"].startswith("/sign-in?said=failed")
    assert COOKIE not in again.cookies


def test_a_callback_of_somebody_elses_browser_signs_nobody_in(server: Server) -> None:
    with client_of(server) as client, client_of(server) as other:
        theirs = to_callback(other, "grace")
        to_callback(client, "ada")
        answer = client.get(theirs)
    assert answer.headers["location"].startswith("/sign-in?said=failed")
    assert COOKIE not in client.cookies


@pytest.mark.parametrize("query", ["", "?code=a", "?state=a", "?code=a&state=b", "?error=denied"])
def test_a_made_up_callback_signs_nobody_in(server: Server, query: str) -> None:
    with client_of(server) as client:
        answer = client.get(f"/oauth2callback{query}")
    assert answer.headers["location"].startswith("/sign-in?said=failed")
    assert COOKIE not in answer.cookies


def test_another_tenants_person_is_refused(server: Server) -> None:
    with client_of(server) as client:
        answer = client.get(to_callback(client, "elsewhere"))
    assert answer.headers["location"] == "/sign-in?said=refused"
    assert COOKIE not in answer.cookies


def test_another_issuers_person_is_refused(provider: Provider, tmp_path: Path) -> None:
    with (
        signed_in_app(tmp_path, provider, GAPMAP_ISSUER="https://id.example.org") as server,
        client_of(server) as client,
    ):
        answer = client.get(to_callback(client, "grace"))
        assert answer.headers["location"] == "/sign-in?said=refused"
        assert COOKIE not in answer.cookies


def test_a_provider_that_does_not_answer_is_said(tmp_path: Path) -> None:
    nobody = Provider(f"http://127.0.0.1:{free_port()}")
    with signed_in_app(tmp_path, nobody) as server, client_of(server) as client:
        answer = client.get("/auth/login")
        assert answer.headers["location"] == "/sign-in?said=failed"
        assert "You were not signed in" in client.get(answer.headers["location"]).text


@pytest.mark.parametrize("person", ["nobody", "crowd"])
def test_without_a_role_there_is_one_page(server: Server, person: str) -> None:
    with sign_in(server, person) as client:
        page = client.get(DEEP, headers=NAVIGATE)
        assert page.status_code == 403
        assert "have no role yet" in page.text
        assert 'id="root"' not in page.text
        for path in ("/geometry/boroughs.json", "/_stcore/health", "/media/a", "/_stcore/metrics"):
            assert client.get(path).status_code == 403
        with pytest.raises(InvalidStatus) as refused, handshake(server, cookies_of(client)):
            pass
        assert refused.value.response.status_code == 403


# --- what a session opens ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/london", 200),
        ("/geometry/boroughs.json", 200),
        ("/_stcore/health", 200),
        ("/media/none.csv", 404),
        ("/_stcore/metrics", 403),
        ("/_stcore/agent/openapi.json", 404),
        ("/_stcore/script-health-check", 404),
    ],
)
def test_every_answer_carries_the_headers(
    server: Server, ada: httpx.Client, path: str, status: int
) -> None:
    answer = ada.get(path, headers={"Origin": "https://evil.example"})
    assert answer.status_code == status
    headers = {name.title(): value for name, value in answer.headers.items()}
    assert ALWAYS.items() <= headers.items()
    assert "unsafe-eval" not in headers["Content-Security-Policy"].replace("wasm-unsafe-eval", "")
    assert not [name for name in headers if name.startswith("Access-Control")]
    assert "Server" not in headers
    kept = path.startswith("/geometry/")
    assert headers["Cache-Control"] == ("private, max-age=86400" if kept else "no-store")


@pytest.mark.parametrize("person", ["grace", "first"])
def test_metrics_are_the_administrators(server: Server, person: str) -> None:
    """By an app role, and by the environment for the first of them."""
    with sign_in(server, person) as client:
        assert client.get("/_stcore/metrics").status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1:1"])
def test_a_websocket_is_opened_by_the_apps_own_page_only(
    server: Server, ada: httpx.Client, origin: str
) -> None:
    with pytest.raises(InvalidStatus) as refused, handshake(server, cookies_of(ada), origin):
        pass
    assert refused.value.response.status_code == 403


def test_a_screen_is_gone_on_with_by_its_own_person_only(
    server: Server, ada: httpx.Client, grace: httpx.Client
) -> None:
    with open_screen(server, ada) as first:
        pass
    with open_screen(server, ada, first.id) as again:
        assert again.id == first.id
    with open_screen(server, grace, first.id) as other:
        assert other.id != first.id


def test_a_session_has_no_end_of_screens(server: Server, ada: httpx.Client) -> None:
    with ExitStack() as opened:
        for _ in range(MOST_STREAMS):
            opened.enter_context(handshake(server, cookies_of(ada)))
        with pytest.raises(InvalidStatus) as refused, handshake(server, cookies_of(ada)):
            pass
        assert refused.value.response.status_code == 429
    with open_screen(server, ada) as screen:  # closed ones do not count
        assert screen.id


def test_a_message_that_fills_memory_is_not_read(server: Server, ada: httpx.Client) -> None:
    """It is refused by the length in its head, before a byte of it is sent (RFC 6455, 5.2)."""
    head = bytes([0x82, 0x80 | 127]) + (11_000_000).to_bytes(8, "big") + b"mask"
    with handshake(server, cookies_of(ada)) as socket:
        socket.socket.sendall(head)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=SECONDS)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


# --- uploads -------------------------------------------------------------------------------------


def with_token(client: httpx.Client) -> dict[str, str]:
    """The header with which Streamlit's page sends a file."""
    client.get("/_stcore/health")
    return {"X-Xsrftoken": client.cookies["_streamlit_xsrf"]}


def put(
    client: httpx.Client, screen: Screen, content: object, file: str = "a-file"
) -> httpx.Response:
    headers = {**with_token(client), "Content-Type": "multipart/form-data; boundary=edge"}
    path = f"/_stcore/upload_file/{screen.id}/{file}"
    return client.put(path, headers=headers, content=content)  # type: ignore[arg-type]


def multipart(size: int) -> bytes:
    head = b'--edge\r\nContent-Disposition: form-data; name="a"; filename="a.csv"\r\n\r\n'
    return head + b"x" * size + b"\r\n--edge--\r\n"


def test_a_file_within_the_limit_is_taken(server: Server, lea: httpx.Client) -> None:
    with open_screen(server, lea) as screen:
        assert put(lea, screen, multipart(1024 * 1024)).status_code == 204


def test_a_session_fills_no_memory_with_files(server: Server, lea: httpx.Client) -> None:
    with open_screen(server, lea) as screen:
        codes = [
            put(lea, screen, multipart(900_000), f"file-{number}").status_code
            for number in range(5)
        ]
        assert codes == [204, 204, 204, 429, 429]
        path = f"/_stcore/upload_file/{screen.id}/file-0"
        assert lea.delete(path, headers=with_token(lea)).status_code == 204
        assert put(lea, screen, multipart(10)).status_code == 204


def test_a_larger_file_is_refused_by_its_declared_length(server: Server, lea: httpx.Client) -> None:
    with open_screen(server, lea) as screen:
        path = f"/_stcore/upload_file/{screen.id}/a-file"
        said = {**with_token(lea), "Cookie": cookies_of(lea), "Content-Length": "2000000"}
        assert answer_to_head(server, f"PUT {path}", said).startswith(b"HTTP/1.1 413 ")


def test_a_larger_file_is_refused_as_its_bytes_arrive(server: Server, lea: httpx.Client) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield multipart(0).removesuffix(b"\r\n--edge--\r\n")
        while True:
            sent += 65_536
            yield b"x" * 65_536

    # The server closes the connection, so that its answer may be lost while more is sent.
    with open_screen(server, lea) as screen, suppress(httpx.TransportError):
        assert put(lea, screen, endless()).status_code == 413
    # What waits between the two machines is more than the limit, and far less than endless.
    assert sent < 64 * 1024 * 1024


def test_nobody_puts_a_file_on_somebody_elses_screen(
    server: Server, lea: httpx.Client, grace: httpx.Client
) -> None:
    with open_screen(server, lea) as screen:
        assert put(grace, screen, multipart(10)).status_code == 403


# --- the end -------------------------------------------------------------------------------------


def test_a_cookie_is_worth_nothing_after_signing_out(server: Server, ada: httpx.Client) -> None:
    kept = cookies_of(ada)
    answer = ada.post("/sign-out", headers={"Origin": server.url})
    assert answer.headers["location"] == "/sign-in?said=signed-out"
    assert COOKIE not in ada.cookies
    with client_of(server) as replaying:
        assert replaying.get("/london", headers={"Cookie": kept}).status_code == 401
        assert replaying.get("/london", headers={"Cookie": kept} | NAVIGATE).status_code == 303
    with pytest.raises(InvalidStatus) as refused, handshake(server, kept):
        pass
    assert refused.value.response.status_code == 401


def test_opening_the_sign_out_page_alone_ends_nothing(ada: httpx.Client) -> None:
    assert "<form" in ada.get("/sign-out").text
    assert ada.get("/auth/logout").headers["location"] == "/sign-out"
    assert ada.get("/geometry/boroughs.json").status_code == 200


def test_signing_in_again_ends_the_session_before(server: Server, ada: httpx.Client) -> None:
    before = cookies_of(ada)
    ada.get(to_callback(ada, "ada"))
    assert ada.get("/geometry/boroughs.json").status_code == 200
    with client_of(server) as replaying:
        assert replaying.get("/london", headers={"Cookie": before}).status_code == 401


def test_an_open_screen_closes_when_its_session_ends(server: Server, ada: httpx.Client) -> None:
    with open_screen(server, ada) as screen:
        ada.post("/sign-out", headers={"Origin": server.url})
        assert screen.until("auth_redirect").auth_redirect.url == "/sign-in?said=signed-out"
        with pytest.raises(ConnectionClosed) as closed:
            screen.next()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008


def test_the_log_holds_no_token(server: Server, ada: httpx.Client) -> None:
    with client_of(server) as client:
        callback = to_callback(client, "grace", DEEP)
        client.get(callback)
    code = parse_qs(urlsplit(callback).query)["code"][0]
    for secret in (ada.cookies[COOKIE], client.cookies[COOKIE], code, "s" * 48):
        assert secret not in server.log


def noted(server: Server) -> list[dict[str, str]]:
    """The audit log's lines, as a log collector reads them."""
    lines = (line for line in server.log.splitlines() if line.startswith('{"log": "audit"'))
    return [json.loads(line) for line in lines]


def test_coming_and_going_is_in_the_audit_log(server: Server, provider: Provider) -> None:
    before = len(noted(server))
    with sign_in(server, "grace") as client, open_screen(server, client) as screen:
        with sign_in(server, "ada") as other:
            put(other, screen, multipart(1))
            other.get("/_stcore/metrics?format=secret")
        client.post("/sign-out", headers={"Origin": server.url})
    with sign_in(server, "nobody"), client_of(server) as client:
        client.get(to_callback(client, "elsewhere"))
    events = noted(server)[before:]
    told = [[event[key] for key in ("what", "role", "on_what", "outcome")] for event in events]
    assert told == [
        ["sign-in", "administrator", "", "done"],
        ["sign-in", "executive", "", "done"],
        ["refusal", "executive", "_stcore/upload_file", "refused"],
        ["refusal", "executive", "/_stcore/metrics", "refused"],
        ["sign-out", None, "", "done"],
        ["sign-in", None, "", "no role"],
        ["refusal", None, "sign-in", "another tenant"],
    ]
    people = ["grace", "ada", "ada", "ada", "grace", "nobody"]
    assert [event["who"] for event in events] == [*map(provider.key_of, people), "unknown"]
