"""The ASGI entry: `streamlit run app.py`. It opens the store and names the shell as its script."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gapmap import geography
from gapmap.bundles import CompressedBundles
from gapmap.opened import serving
from gapmap.settings import read_settings

SHELL = Path(__file__).resolve().parent / "gapmap" / "shell.py"
BUNDLES = Path(st.__file__).resolve().parent / "static" / "static"
A_DAY = {"Cache-Control": "public, max-age=86400"}


async def borough_boundaries(_: Request) -> Response:
    """The boroughs' boundaries, as the choropleth draws them."""
    return Response(
        geography.boundaries_geojson(), media_type="application/geo+json", headers=A_DAY
    )


async def borough_hatching(_: Request) -> Response:
    """The hatch lines that mark a borough without an answer."""
    return Response(geography.hatching_geojson(), media_type="application/geo+json", headers=A_DAY)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    with serving(read_settings()):
        yield


app = st.App(
    SHELL,
    lifespan=lifespan,
    middleware=[Middleware(CompressedBundles, folder=BUNDLES)],
    routes=[
        Route("/geometry/boroughs.json", borough_boundaries),
        Route("/geometry/hatching.json", borough_hatching),
    ],
)
