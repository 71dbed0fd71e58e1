"""Local mode: no sign-in is set up, so the app serves this machine and nobody else."""

from __future__ import annotations

from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from gapmap.access import Viewer
from gapmap.gate.bodies import bounded, most_of
from gapmap.gate.headers import NOTHING, is_host, page_policy, plain, with_headers
from gapmap.gate.provider import LOOPBACK
from gapmap.gate.requests import comes_from, host_of, peer

# A proxy leaves these: then the peer is the proxy, and says nothing about who asks.
_OF_PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via")
# Who reaches the app here is its administrator.
ADMINISTRATOR = Viewer("administrator")
ONLY_HERE = "gapmap runs in local mode and serves this machine only."


def hold_address(address: str | None) -> None:
    """Raises ValueError when the server would listen on more than this machine."""
    if not address or not _is_loopback(address):
        raise ValueError(
            f"without sign-in gapmap serves this machine only, and server.address is "
            f"{address or 'every address'}: set it to 127.0.0.1, or set sign-in up in "
            ".streamlit/secrets.toml (see secrets.toml.example)"
        )


def _is_loopback(address: str) -> bool:
    if address in LOOPBACK:
        return True
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def _name_of(host: str) -> str:
    """The Host header without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


class LocalGate:
    """ASGI middleware: only this machine, only by its own name, only from the app's own pages.

    The name is checked since a page of another site can have its own name lead to 127.0.0.1 (DNS
    rebinding), and would then read what the app shows.
    """

    def __init__(self, app: ASGIApp, hashes: tuple[str, ...], most_bytes: int) -> None:
        self._app = app
        self._hashes = hashes
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host = host_of(scope)
        known = is_host(host) and _name_of(host) in LOOPBACK
        policy = page_policy(self._hashes, [host]) if known else NOTHING
        send = with_headers(send, scope["path"], policy, secure=False)
        if not known:
            await plain(ONLY_HERE, 400, Connection="close")(scope, receive, send)
        elif not _is_loopback(peer(scope)) or _is_forwarded(scope):
            await plain(ONLY_HERE, 403, Connection="close")(scope, receive, send)
        elif not comes_from(scope, (f"http://{host}", f"https://{host}")):
            await plain("Another site asked for this.", 403)(scope, receive, send)
        elif not ADMINISTRATOR.fetches(scope["path"]):
            await plain("Not here.", 404, Connection="close")(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            most = most_of(scope["path"], self._most_bytes)
            await bounded(self._app, scope, receive, send, most)


def _is_forwarded(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return any(name in headers for name in _OF_PROXIES)
