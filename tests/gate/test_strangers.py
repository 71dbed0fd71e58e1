"""Somebody who is not signed in gets the sign-in page and its routes, and nothing else."""

import json
from pathlib import Path

import httpx
import pytest
import streamlit
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from websockets.exceptions import InvalidStatus

from gapmap.gate.headers import ALWAYS
from tests.browser.conftest import Server
from tests.gate.rig import COOKIE, client_of
from tests.gate.screen import answer_to_head, handshake

STATIC = Path(streamlit.__file__).parent / "static"
PROGRAM = next(iter(sorted((STATIC / "static" / "js").glob("index.*.js")))).name
PATHS = [
    "/",
    "/london",
    "/borough?borough=E09000007",
    "/no-such-page",
    "/favicon.png",
    "/index.html",
    f"/static/js/{PROGRAM}",
    "/geometry/boroughs.json",
    "/geometry/hatching.json",
    "/media/0123456789abcdef.csv",
    "/component/anything/index.html",
    "/app/static/anything.txt",
    "/_stcore/health",
    "/_stcore/script-health-check",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/bidi-components/anything",
    "/_stcore/upload_file/a-screen/a-file",
    "/_stcore/stream",
    "/london/_stcore/health",
    "/sign-in/",
    "/sign-in/../london",
    "/SIGN-IN",
    "/healthz/",
    "/auth/login/x",
    "/static/../london",
    "//london",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_fetches_nothing(server: Server, method: str, path: str) -> None:
    with client_of(server) as client:
        answer = client.request(method, f"{server.url}{path}")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert len(answer.content) < 100


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_who_opens_a_page_is_led_to_the_sign_in_page(server: Server, path: str) -> None:
    with client_of(server) as client:
        answer = client.get(f"{server.url}{path}", headers={"Sec-Fetch-Mode": "navigate"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")
    assert answer.content == b""


def test_the_sign_in_page_is_plain(server: Server) -> None:
    with client_of(server) as client:
        answer = client.get("/sign-in")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'sha"
    )
    assert ALWAYS.items() <= {name.title(): value for name, value in answer.headers.items()}.items()


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/sign-in", "/auth/login", "/auth/logout", "/oauth2callback"])
def test_the_routes_of_signing_in_take_nothing_else(server: Server, method: str, path: str) -> None:
    with client_of(server) as client:
        assert client.request(method, path).status_code == 405


@pytest.mark.parametrize("cookie", ["", f"{COOKIE}=", f"{COOKIE}=forged", "__Host-gapmap=forged"])
def test_a_stranger_opens_no_websocket(server: Server, cookie: str) -> None:
    with pytest.raises(InvalidStatus) as refused, handshake(server, cookie):
        pass
    assert refused.value.response.status_code == 401


def streamlits_own_cookie(server: Server) -> str:
    """What Streamlit's sign-in alone would have set: signed with the app's own secret."""
    told = {
        "origin": server.url,
        "is_logged_in": True,
        "provider": "default",
        "sub": "grace",
        "roles": ["gapmap.administrator"],
    }
    signed = create_signed_value("s" * 48, "_streamlit_user", json.dumps(told))
    return f"_streamlit_user={signed.decode()}"


def test_streamlits_own_cookie_opens_nothing(server: Server) -> None:
    cookie = streamlits_own_cookie(server)
    with client_of(server) as client:
        assert client.get("/london", headers={"Cookie": cookie}).status_code == 401
    with pytest.raises(InvalidStatus) as refused, handshake(server, cookie):
        pass
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost", "", "a b"])
def test_only_the_apps_own_name_is_answered(server: Server, host: str) -> None:
    with client_of(server) as client:
        answer = client.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "Sign in" not in answer.text


def test_a_strangers_upload_is_refused_before_a_byte_of_it_is_sent(server: Server) -> None:
    said = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": "150000000"}
    received = answer_to_head(server, "PUT /_stcore/upload_file/a-screen/a-file", said)
    assert received.startswith(b"HTTP/1.1 401 ")
    assert b"connection: close" in received


@pytest.mark.parametrize(("path", "says"), [("/healthz", "alive"), ("/readyz", "ready")])
def test_everybody_may_ask_whether_it_is_well(server: Server, path: str, says: str) -> None:
    with client_of(server) as client:
        # Whatever watches it may know the machine's address alone.
        answer = client.get(path, headers={"Host": "192.0.2.1"})
    assert answer.status_code == 200
    assert answer.json()["status"] == says


def test_a_page_of_another_site_changes_nothing(server: Server) -> None:
    with client_of(server) as client:
        answer = client.post("/sign-out", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_beginning_to_sign_in_over_and_over_is_slowed_down(server: Server) -> None:
    # Streamlit's server takes this header from a proxy on this machine only.
    with httpx.Client(base_url=server.url, headers={"X-Forwarded-For": "192.0.2.1"}) as client:
        answers = [client.get("/oauth2callback") for _ in range(700)]
    slowed = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {303, 429}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in slowed)
    with client_of(server) as somebody_else:
        assert somebody_else.get("/auth/login").headers["location"].startswith("http://127.0.0.1")
