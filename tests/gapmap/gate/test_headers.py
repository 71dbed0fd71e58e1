"""What every answer carries, and the policy for the page that Streamlit has installed."""

import hashlib
import re
from base64 import b64encode
from pathlib import Path

import httpx
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from gapmap.front_page import AT_THE_ROOT, page_of
from gapmap.gate.headers import (
    ALWAYS,
    hash_source,
    is_host,
    page_policy,
    script_hashes,
    unexpected,
    with_headers,
)
from tests import event_loop

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"


async def answer(
    path: str, headers: dict[str, str], secure: bool = False
) -> list[tuple[bytes, bytes]]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    start = {"type": "http.response.start", "status": 200, "headers": raw}
    await with_headers(send, path, "default-src 'none'", secure)(start)
    found: list[tuple[bytes, bytes]] = sent[0]["headers"]
    return found


def run(path: str, headers: dict[str, str], secure: bool = False) -> dict[str, str]:
    coroutine = answer(path, headers, secure)
    try:
        coroutine.send(None)  # it never waits
    except StopIteration as done:
        return {name.decode(): value.decode() for name, value in done.value}
    raise AssertionError("it waited")


def test_a_script_is_told_by_its_hash() -> None:
    digest = b64encode(hashlib.sha256(b"go()").digest()).decode()
    assert hash_source("go()") == f"'sha256-{digest}'"


def test_the_inline_scripts_of_a_page() -> None:
    page = (
        '<script>\n a()\n</script><script type="module" crossorigin src="x.js"></script>'
        '<script type="module">b()</script>'
    )
    assert script_hashes(page) == (hash_source("\n a()\n"), hash_source("b()"))


def test_streamlits_page_has_inline_scripts_and_the_policy_holds_them() -> None:
    page = page_of(INDEX)
    hashes = script_hashes(page)
    assert hashes[0] == hash_source(AT_THE_ROOT)
    inline = re.findall(r"<script>", page)
    assert len(hashes) == len(inline) > 0
    policy = page_policy(hashes, ["gapmap.example.org"])
    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    assert parts["script-src"].split() == ["'self'", "'wasm-unsafe-eval'", *hashes]
    assert parts["default-src"] == parts["object-src"] == parts["frame-ancestors"] == "'none'"
    assert "wss://gapmap.example.org" in parts["connect-src"]
    assert "https:" not in policy
    assert "*" not in policy


def test_hsts_and_secure_cookies_behind_tls_only() -> None:
    cookie = {"set-cookie": "a=b; Path=/"}
    plain = run("/london", cookie)
    assert "strict-transport-security" not in plain
    assert plain["set-cookie"] == "a=b; Path=/"
    secure = run("/london", cookie, secure=True)
    assert secure["strict-transport-security"] == "max-age=31536000"
    assert secure["set-cookie"] == "a=b; Path=/; Secure"
    assert run("/", {"set-cookie": "a=b; Secure"}, secure=True)["set-cookie"] == "a=b; Secure"


@pytest.mark.parametrize(
    ("path", "told", "kept"),
    [
        ("/", "no-cache", "no-store"),
        ("/media/a.csv", "", "no-store"),
        ("/media/a.csv", "public, max-age=60", "no-store"),
        ("/static/a.js", "public, immutable, max-age=9", "private, immutable, max-age=9"),
        ("/geometry/boroughs.json", "public, max-age=9", "private, max-age=9"),
        ("/geometry/none", "", "no-store"),
    ],
)
def test_only_what_holds_no_figures_is_kept(path: str, told: str, kept: str) -> None:
    assert run(path, {"cache-control": told} if told else {})["cache-control"] == kept


def test_no_other_site_may_read_an_answer() -> None:
    found = run("/", {"access-control-allow-origin": "*", "access-control-allow-methods": "PUT"})
    assert not [name for name in found if name.startswith("access-control")]


def test_a_policy_of_ones_own_is_kept() -> None:
    assert run("/", {"content-security-policy": "x"})["content-security-policy"] == "x"


@pytest.mark.parametrize(
    ("host", "good"),
    [
        ("gapmap.example.org", True),
        ("127.0.0.1:8501", True),
        ("[::1]:8501", True),
        ("", False),
        ("a b", False),
        ("a;script-src *", False),
        ("user@host", False),
        ("host/path", False),
    ],
)
def test_hosts(host: str, good: bool) -> None:
    assert is_host(host) is good


def test_a_request_that_fails_tells_no_details() -> None:
    async def failing(_: Request) -> Response:
        raise RuntimeError("a figure, a path, a name")

    async def asked() -> httpx.Response:
        app = Starlette(routes=[Route("/", failing)], exception_handlers={Exception: unexpected})
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/")

    answer = event_loop.run(asked())
    assert answer.status_code == 500
    assert answer.text == "Something went wrong. It has been logged."
    headers = {name.title(): value for name, value in answer.headers.items()}
    assert ALWAYS.items() <= headers.items()
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
