"""Streamlit's programs for the browser, compressed once and kept: a third of the bytes.

Streamlit 1.67 sends its own bundles as they are, since compressing them at every request would cost
more than it saves, and leaves it to a proxy. Most of a first screen's bytes are these bundles, and
gapmap is often served without one; their names carry a hash of their content, so that one
compressed copy stands as long as the server does.
"""

from __future__ import annotations

import gzip
import mimetypes
from functools import cached_property
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/static/"
COMPRESSED = frozenset({".js", ".css", ".svg", ".json"})
# Level 6 takes 0.2 s for the largest bundle; 9 saves another hundredth of the bytes.
LEVEL = 6
SMALLEST = 1_024
_HEADERS = {
    "Content-Encoding": "gzip",
    "Vary": "Accept-Encoding",
    "Cache-Control": "public, immutable, max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}


class CompressedBundles:
    """ASGI middleware that answers for the bundles below `folder`; all else goes to `app`."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._kept: dict[str, bytes] = {}

    @cached_property
    def _bundles(self) -> dict[str, Path]:
        """What may be sent, by its address: files that are there, never a path from outside."""
        found = (path for path in self._folder.rglob("*") if path.suffix in COMPRESSED)
        return {
            PREFIX + path.relative_to(self._folder).as_posix(): path
            for path in found
            if path.is_file() and path.stat().st_size >= SMALLEST
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        bundle = self._asked_for(scope)
        if bundle is None:
            await self._app(scope, receive, send)
            return
        content = await run_in_threadpool(self._compressed, scope["path"], bundle)
        media_type = mimetypes.guess_type(bundle.name)[0]
        await Response(content, media_type=media_type, headers=_HEADERS)(scope, receive, send)

    def _asked_for(self, scope: Scope) -> Path | None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        if not scope["path"].startswith(PREFIX) or not _takes_gzip(Headers(scope=scope)):
            return None
        return self._bundles.get(scope["path"])

    def _compressed(self, address: str, bundle: Path) -> bytes:
        # Two requests at once may both compress it; either result is the same.
        if address not in self._kept:
            self._kept[address] = gzip.compress(bundle.read_bytes(), LEVEL, mtime=0)
        return self._kept[address]


def _takes_gzip(headers: Headers) -> bool:
    """Whether the browser takes gzip: named in Accept-Encoding, and not with a weight of 0."""
    for part in headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
