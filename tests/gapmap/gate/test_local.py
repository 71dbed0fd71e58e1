"""Local mode serves this machine: by peer, by name, by origin, and by the address that it binds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from gapmap.gate.local import LocalGate, hold_address
from tests import event_loop

MOST = 1_000


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that says how many bytes it was sent."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


Asking = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


def ask(asking: Asking, peer: str = "127.0.0.1", url: str = "http://127.0.0.1:8501") -> int:
    async def asked() -> httpx.Response:
        gate = LocalGate(echo, hashes=(), most_bytes=MOST)
        transport = httpx.ASGITransport(gate, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url=url) as client:
            return await asking(client)

    answer = event_loop.run(asked())
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.status_code


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1"])
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8501", "http://localhost:9", "http://[::1]:8501", "http://LOCALHOST"]
)
def test_this_machine_is_served(peer: str, url: str) -> None:
    assert ask(lambda client: client.get("/london"), peer, url) == 200


@pytest.mark.parametrize("peer", ["192.0.2.1", "10.0.0.1", "::2", "0.0.0.0", ""])
def test_no_other_machine_is(peer: str) -> None:
    assert ask(lambda client: client.get("/"), peer) == 403


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "[::2]", ""],
)
def test_no_other_name_leads_here(host: str) -> None:
    assert ask(lambda client: client.get("/", headers={"Host": host})) == 400


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Forwarded-Proto", "Via"])
def test_nobody_is_served_through_a_proxy(name: str) -> None:
    assert ask(lambda client: client.get("/", headers={name: "127.0.0.1"})) == 403


def test_a_page_of_another_site_changes_nothing() -> None:
    for origin, status in (("https://evil.example", 403), ("http://127.0.0.1:8501", 200)):
        headers = {"Origin": origin}
        assert ask(lambda client, headers=headers: client.put("/", headers=headers)) == status


def test_uploads_are_counted_as_they_arrive() -> None:
    async def chunks(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"x" * 1_000

    path = "/_stcore/upload_file/screen/file"
    assert ask(lambda client: client.put(path, content=chunks(60))) == 200
    assert ask(lambda client: client.put(path, content=chunks(70))) == 413
    assert ask(lambda client: client.put(path, content=b"x" * 70_000)) == 413
    assert ask(lambda client: client.post("/anything", content=chunks(70))) == 413


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "[::1]", "127.0.0.2"])
def test_it_may_listen_on_loopback(address: str) -> None:
    hold_address(address)


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.0.2.1", "gapmap.example.org"])
def test_it_refuses_to_start_on_any_other_address(address: str | None) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        hold_address(address)
