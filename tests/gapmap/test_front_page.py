"""The page of every screen is Streamlit's, told where its server is."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gapmap.front_page import AT_THE_ROOT, FrontPage, page_of
from tests import event_loop

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"


def test_the_page_is_streamlits_with_one_script_before_all_others() -> None:
    page, own = page_of(INDEX), f"<script>{AT_THE_ROOT}</script>"
    assert page.index(own) == page.index("<script")
    assert page.replace(f"{own}\n    ", "") == INDEX.read_text(encoding="utf-8")


def test_another_page_is_not_taken_for_it(tmp_path: Path) -> None:
    other = tmp_path / "index.html"
    other.write_text("<p>none</p>", encoding="utf-8")
    with pytest.raises(ValueError, match="has no script"):
        page_of(other)


def ask(method: str, path: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        other = [
            Route("/{rest:path}", lambda _: PlainTextResponse("behind"), methods=["GET", "POST"])
        ]
        shown = Middleware(FrontPage, page="<p>page</p>", paths=["/", "/london"])
        transport = httpx.ASGITransport(Starlette(routes=other, middleware=[shown]))
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
            return await client.request(method, path)

    return event_loop.run(asked())


@pytest.mark.parametrize("path", ["/", "/london", "/london?quarter=2026-Q3"])
def test_screens_have_it(path: str) -> None:
    answer = ask("GET", path)
    assert answer.text == "<p>page</p>"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert ask("HEAD", path).headers["content-length"] == "11"


@pytest.mark.parametrize(("method", "path"), [("GET", "/static/a.js"), ("POST", "/london")])
def test_all_else_goes_on(method: str, path: str) -> None:
    assert ask(method, path).text == "behind"
