"""What every answer carries: a policy of what its page may load, and nothing about the server."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Send

A_YEAR = 31_536_000
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?")
# Data-free and the same for everybody: a browser may keep these.
_KEPT = ("/geometry/",)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), "
        "display-capture=(), accelerometer=(), gyroscope=(), magnetometer=(), midi=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


def hash_source(text: str) -> str:
    """The source expression of an inline script or style (CSP Level 3, 2.3.1)."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{b64encode(digest).decode()}'"


def script_hashes(page: str) -> tuple[str, ...]:
    """The inline scripts of Streamlit's page, as source expressions."""
    return tuple(hash_source(script) for script in _INLINE_SCRIPT.findall(page))


def page_policy(hashes: Iterable[str], hosts: Iterable[str]) -> str:
    """What Streamlit's page may do: its own files, compiled WebAssembly for maps, no eval.

    Styles are set by its scripts all the time, so they may be inline; workers and pictures are made
    in the page (blob:, data:). `hosts` are the app's own, for the WebSocket.
    """
    sockets = [f"{scheme}://{host}" for host in hosts for scheme in ("ws", "wss")]
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self' 'wasm-unsafe-eval'", *hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' data: blob:",
            " ".join(("connect-src 'self' data: blob:", *sockets)),
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def is_host(text: str) -> bool:
    """Whether a Host header is a name or an address, perhaps with a port, and nothing else."""
    return _HOST.fullmatch(text) is not None


def with_headers(send: Send, path: str, policy: str, secure: bool) -> Send:
    """`send`, with the headers on every answer. One that has a policy of its own keeps it."""

    async def sending(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            _complete(MutableHeaders(raw=message["headers"]), path, policy, secure)
        await send(message)

    return sending


def _complete(headers: MutableHeaders, path: str, policy: str, secure: bool) -> None:
    for name in {name for name in headers if name.lower().startswith("access-control-")}:
        del headers[name]
    headers.update(ALWAYS)
    headers.setdefault("Content-Security-Policy", policy)
    if secure:
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    headers["Cache-Control"] = _cache_control(path, headers.get("cache-control", ""))
    if secure:
        _secure_cookies(headers)


def _cache_control(path: str, told: str) -> str:
    """Programs and boundaries are kept, in the browser alone; what may hold figures never is."""
    if "immutable" in told or path.startswith(_KEPT):
        return told.replace("public", "private") or "no-store"
    return "no-store"


def _secure_cookies(headers: MutableHeaders) -> None:
    cookies = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for cookie in cookies:
        marked = "; secure" in cookie.lower()
        headers.append("set-cookie", cookie if marked else f"{cookie}; Secure")


def plain(text: str, status: int, **headers: str) -> Response:
    """An answer of one sentence."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return PlainTextResponse(text, status, headers=named)


async def unexpected(_: Request, __: Exception) -> Response:
    """The answer to a request that failed: no details; the log has them.

    Starlette sends it from outside all middleware, so it brings its headers along.
    """
    answer = plain("Something went wrong. It has been logged.", 500)
    answer.headers.update({**ALWAYS, "Content-Security-Policy": NOTHING})
    answer.headers["Cache-Control"] = "no-store"
    return answer
