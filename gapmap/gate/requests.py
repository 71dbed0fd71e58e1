"""What a request says of itself: who it is for, where it comes from, what it brings."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def host_of(scope: Scope) -> str:
    """The Host header in small letters; empty when there is none, or more than one."""
    told = Headers(scope=scope).getlist("host")
    return told[0].lower() if len(told) == 1 else ""


def cookie(scope: Scope, name: str) -> str | None:
    """A cookie by the same rule as Streamlit reads them."""
    return HTTPConnection(scope).cookies.get(name)


def without_cookies(scope: Scope, beginning: str) -> Scope:
    """The request without the cookies whose names begin like that."""
    headers = []
    for name, value in scope["headers"]:
        if name == b"cookie":
            value = b"; ".join(_others(value, beginning.encode()))
        if name != b"cookie" or value:
            headers.append((name, value))
    return {**scope, "headers": headers}


def _others(cookies: bytes, beginning: bytes) -> Iterable[bytes]:
    parts = (part.strip() for part in cookies.split(b";"))
    return (part for part in parts if part and not part.startswith(beginning))


def is_navigation(scope: Scope) -> bool:
    """Whether a browser opens a page with it, rather than fetching something for one."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    headers = Headers(scope=scope)
    mode = headers.get("sec-fetch-mode")
    if mode is not None:
        return mode == "navigate"
    return "text/html" in headers.get("accept", "")


def comes_from(scope: Scope, origins: Iterable[str]) -> bool:
    """Whether a page of the app itself sent it.

    A WebSocket must say so; else only what changes something is asked, and only if it tells an
    origin at all, as browsers do.
    """
    origin = Headers(scope=scope).get("origin")
    if scope["type"] == "http" and (origin is None or scope["method"] in SAFE_METHODS):
        return True
    return origin is not None and origin.lower() in set(origins)


def target(scope: Scope) -> str:
    """The path and query that were asked for, as they came."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    return (path + b"?" + query if query else path).decode("latin-1")


def referring_target(scope: Scope, origin: str) -> str | None:
    """The path and query of the app's page that led here; None when another page did."""
    address = urlsplit(Headers(scope=scope).get("referer", ""))
    if f"{address.scheme}://{address.netloc}".lower() != origin:
        return None
    return f"{address.path}?{address.query}" if address.query else address.path


def peer(scope: Scope) -> str:
    """The address that the request comes from."""
    client = scope.get("client")
    return str(client[0]) if client else ""
