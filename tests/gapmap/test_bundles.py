"""Bundles are sent compressed to browsers that take it, and every other request passes through."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from gapmap.bundles import SMALLEST, CompressedBundles
from tests import event_loop

SCRIPT = b"console.log('gapmap');" * 200


async def passed_through(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"app"})


@pytest.fixture
def bundles(tmp_path: Path) -> CompressedBundles:
    folder = tmp_path / "static"
    (folder / "js").mkdir(parents=True)
    (folder / "js" / "index.a1b2.js").write_bytes(SCRIPT)
    (folder / "js" / "small.js").write_bytes(b"x" * (SMALLEST - 1))
    (folder / "font.woff2").write_bytes(SCRIPT)
    (tmp_path / "secret.js").write_bytes(SCRIPT)
    return CompressedBundles(passed_through, folder)


def answer(
    bundles: CompressedBundles, path: str, *, accept: str = "gzip, br", method: str = "GET"
) -> tuple[int, dict[str, str], bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    headers = [(b"accept-encoding", accept.encode())]
    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    event_loop.run(bundles(scope, receive, send))
    shown = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], shown, b"".join(part.get("body", b"") for part in sent[1:])


def test_a_bundle_is_sent_compressed_and_kept(bundles: CompressedBundles) -> None:
    for _ in range(2):
        status, headers, body = answer(bundles, "/static/js/index.a1b2.js")
        assert status == 200
        assert gzip.decompress(body) == SCRIPT
        assert len(body) == int(headers["content-length"]) < len(SCRIPT) / 10
        assert headers["content-encoding"] == "gzip"
        assert headers["content-type"].startswith("text/javascript")
        assert "immutable" in headers["cache-control"]
        assert headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accept", ["", "br", "identity", "gzip;q=0", "gzip; q=0.0"])
def test_who_takes_no_gzip_gets_what_streamlit_sends(
    bundles: CompressedBundles, accept: str
) -> None:
    assert answer(bundles, "/static/js/index.a1b2.js", accept=accept)[0] == 418


@pytest.mark.parametrize("accept", ["gzip", "GZIP", "br, gzip;q=0.5", "deflate,gzip"])
def test_gzip_is_known_however_it_is_asked_for(bundles: CompressedBundles, accept: str) -> None:
    assert answer(bundles, "/static/js/index.a1b2.js", accept=accept)[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/static/font.woff2",
        "/static/js/small.js",
        "/static/js/missing.js",
        "/static/../secret.js",
        "/static/js/../../secret.js",
        "/geometry/boroughs.json",
    ],
)
def test_everything_else_passes_through(bundles: CompressedBundles, path: str) -> None:
    assert answer(bundles, path)[0] == 418


def test_only_getting_is_answered(bundles: CompressedBundles) -> None:
    assert answer(bundles, "/static/js/index.a1b2.js", method="POST")[0] == 418
