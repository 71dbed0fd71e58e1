"""Streamlit's page, told what it would have to find out: that gapmap lies at the root.

Streamlit 1.67 asks for its server below every part of the address (/borough/_stcore/health first),
and each page but the first begins with two requests that fail and two errors in the console. Told
where the server is, the page asks there alone.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

AT_THE_ROOT = 'window.__streamlit = {BACKEND_BASE_URL: window.location.origin + "/"};'
_FIRST_SCRIPT = "<script"


def page_of(index: Path) -> str:
    """Streamlit's page as it is installed, with the address of its server as its first script.

    Raises ValueError where it has no script, and so is not the page that this was made for.
    """
    text = index.read_text(encoding="utf-8")
    before, found, after = text.partition(_FIRST_SCRIPT)
    if not found:
        raise ValueError(f"{index.name} of the installed Streamlit has no script")
    return f"{before}<script>{AT_THE_ROOT}</script>\n    {found}{after}"


class FrontPage:
    """ASGI middleware that answers with the page at the addresses of screens; all else goes on."""

    def __init__(self, app: ASGIApp, page: str, paths: Collection[str]) -> None:
        self._app = app
        self._page = page
        self._paths = frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if asked and scope["path"] in self._paths:
            await HTMLResponse(self._page)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
