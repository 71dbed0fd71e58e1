"""The ASGI entry: `streamlit run app.py`. The gate, the routes, and the shell as its script."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gapmap import health
from gapmap.access import Viewer
from gapmap.bundles import CompressedBundles
from gapmap.front_page import FrontPage, page_of
from gapmap.gate.admission import Admission, admit_by
from gapmap.gate.headers import script_hashes, unexpected
from gapmap.gate.identity import Identity
from gapmap.gate.local import LocalGate, hold_address
from gapmap.gate.middleware import SignInGate
from gapmap.gate.provider import auth_section, read_provider
from gapmap.gate.server_name import hide_server_name
from gapmap.office import access_table
from gapmap.opened import serving, the_audit_log, the_office, the_store
from gapmap.reference import geography
from gapmap.reference.roles import EVERY_PATH, matrix
from gapmap.settings import read_settings
from gapmap.ui.streamlit_login import StreamlitCookies, bytes_held, lead_to

SHELL = Path(__file__).resolve().parent / "gapmap" / "shell.py"
STATIC = Path(st.__file__).resolve().parent / "static"
PAGE = page_of(STATIC / "index.html")
# The addresses of the screens.
SCREENS = {EVERY_PATH, *(f"/{name}" for name in matrix().pages)}
A_DAY = {"Cache-Control": "public, max-age=86400"}


def viewer_for(identity: Identity) -> Viewer | None:
    """What a person is here, by the access table; None without a role."""
    return access_table.viewer_for(the_office(), identity, read_settings().first_administrator)


def note(**event: Any) -> None:
    """Add to the audit log."""
    the_audit_log().note(**event)


def the_gate() -> tuple[Middleware, dict[str, Any]]:
    """The gate in front of everything, and the secrets that Streamlit's sign-in is to use.

    Raises ValueError when sign-in is set up wrongly, or local mode would serve others.
    """
    settings = read_settings()
    provider = read_provider(auth_section(st.get_option("secrets.files")), settings)
    if st.get_option("server.baseUrlPath"):
        raise ValueError("gapmap is served at the root of its host: take server.baseUrlPath away")
    common: dict[str, Any] = {
        "hashes": script_hashes(PAGE),
        "most_bytes": settings.max_upload_bytes,
    }
    if provider is None:
        hold_address(st.get_option("server.address"))
        admit_by(None)
        return Middleware(LocalGate, **common), {}
    admission = Admission(provider, viewer_for, note)
    admit_by(admission)
    gate = Middleware(
        SignInGate,
        admission=admission,
        streamlit=StreamlitCookies(),
        farewell=lead_to,
        held=bytes_held,
        allowed_hosts=settings.allowed_hosts,
        **common,
    )
    return gate, {"auth": provider.auth}


async def borough_boundaries(_: Request) -> Response:
    """The boroughs' boundaries, as the choropleth draws them."""
    return Response(
        geography.boundaries_geojson(), media_type="application/geo+json", headers=A_DAY
    )


async def borough_hatching(_: Request) -> Response:
    """The hatch lines that mark a borough without an answer."""
    return Response(geography.hatching_geojson(), media_type="application/geo+json", headers=A_DAY)


def answer_of(said: health.Answer) -> Response:
    """200 or 503, and each thing in a word."""
    good, words = said
    return JSONResponse(dict(words), 200 if good else 503)


async def healthz(_: Request) -> Response:
    """Whether the app is alive: everybody may ask."""
    return answer_of(health.alive())


async def readyz(_: Request) -> Response:
    """Whether the app can be used: everybody may ask."""
    said = await run_in_threadpool(lambda: health.ready(the_store(), the_office()))
    return answer_of(said)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    with serving(read_settings()):
        yield


hide_server_name()
try:
    gate, secrets = the_gate()
except ValueError as fault:
    raise SystemExit(f"gapmap does not start: {fault}.") from None

app = st.App(
    SHELL,
    lifespan=lifespan,
    secrets=secrets,
    middleware=[
        gate,
        Middleware(FrontPage, page=PAGE, paths=SCREENS),
        Middleware(CompressedBundles, folder=STATIC / "static"),
    ],
    routes=[
        Route("/geometry/boroughs.json", borough_boundaries),
        Route("/geometry/hatching.json", borough_hatching),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
    ],
    exception_handlers={Exception: unexpected},
)
