"""The map of one borough's schools, as a deck.gl deck without a base map: no tile is asked for."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypedDict

import pydeck as pdk

from gapmap.reference import geography
from gapmap.ui import palette
from gapmap.ui.borough.borough_classes import BOUNDARIES_URL
from gapmap.ui.classes import DSL_LABELS, DSL_LATER, DSL_NONE, SCORE_HIDDEN, SCORE_LABELS


class SchoolPoint(TypedDict):
    """One school on the map of its borough; degrees are EPSG:4326."""

    urn: str
    name: str
    lon: float
    lat: float
    mark: str  # one of the map's marks
    tooltip: Mapping[str, str]  # label -> text


@dataclass(frozen=True)
class Mark:
    """How the schools of one kind are drawn: radius and line in pixels, filled or a ring."""

    colour: str
    radius: float
    filled: bool = True
    line: float = 1
    edge: str = palette.BACKGROUND


Marks = Mapping[str, Mark]

# In the order in which they are drawn, the last on top; the legend has them in that of its counts.
# Size and filling differ too, so that nothing rests on a colour.
STATE_MARKS: Final[Marks] = {
    "not applicable": Mark(palette.STATE_COLOURS["not applicable"], 3, line=0),
    "met": Mark(palette.STATE_COLOURS["met"], 5),
    "unknown": Mark(palette.STATE_COLOURS["unknown"], 5.5, filled=False, line=2.5),
    "gap": Mark(palette.STATE_COLOURS["gap"], 8, line=2, edge=palette.TEXT),
}
SCORE_MARKS: Final[Marks] = {
    SCORE_HIDDEN: Mark(palette.STATE_COLOURS["unknown"], 5.5, filled=False, line=2.5),
    **{
        label: Mark(palette.SEQUENTIAL[place], 4.5 + place, edge=palette.BOUNDARY)
        for place, label in enumerate(SCORE_LABELS)
    },
}
DSL_MARKS: Final[Marks] = {
    DSL_NONE: Mark(palette.STATE_COLOURS["unknown"], 4, filled=False, line=2),
    DSL_LATER: Mark(palette.SEQUENTIAL[0], 5, edge=palette.BOUNDARY),
    **{
        label: Mark(palette.SEQUENTIAL[-1 - place], 8.5 - place, edge=palette.BOUNDARY)
        for place, label in reversed(list(enumerate(DSL_LABELS)))
    },
}
# What is assumed of the room on screen when the first view is fitted; pan and zoom do the rest.
_ASSUMED_WIDTH: Final = 400
_MARGIN: Final = 24
_TILE: Final = 512  # deck.gl's world is 512 pixels wide at zoom 0


class CompactDeck(pdk.Deck):  # type: ignore[misc]
    """A deck whose JSON has no indentation: half the bytes of pydeck's own."""

    def to_json(self) -> str:
        return json.dumps(json.loads(super().to_json()), separators=(",", ":"), ensure_ascii=False)


def school_deck(
    schools: Sequence[SchoolPoint],
    marks: Marks = STATE_MARKS,
    *,
    borough: str,
    selected: str | None = None,
    height: int,
) -> CompactDeck:
    """The deck of the map; `gapmap.ui.maps.school_map` says what goes in.

    Raises KeyError for a code that is no London borough's.
    """
    box = _boxes()[borough]
    marked = [school for school in schools if school["urn"] == selected]
    return CompactDeck(
        layers=[
            *_land(borough),
            *(_points(schools, name, mark) for name, mark in marks.items()),
            *([_halo(marked[0])] if marked else []),
        ],
        initial_view_state=_view(box, height),
        # And no map_style at all: pydeck then writes "__MAP_STYLE__", which Streamlit takes for "no
        # base map". With any other style, or None, it would ask Carto for tiles.
        map_provider=None,
        tooltip={
            "html": "<b>{name}</b>{tip}",
            "style": {
                "background": palette.BACKGROUND,
                "color": palette.TEXT,
                "border": f"1px solid {palette.BOUNDARY}",
                "borderRadius": "4px",
                "fontSize": "14px",
                "whiteSpace": "pre-line",
                "maxWidth": "300px",
            },
        },
    )


def school_legend(schools: Sequence[SchoolPoint], marks: Marks = STATE_MARKS) -> str:
    """HTML of the marks in use, the one drawn on top first, with the number of schools of each."""
    counts = dict.fromkeys(reversed(list(marks)), 0)
    for school in schools:
        counts[school["mark"]] += 1
    items = (
        f'<span style="white-space:nowrap">{_symbol(marks[name])} {html.escape(name)} '
        f"({count})</span>"
        for name, count in counts.items()
    )
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:2px 14px;font-size:.82rem">'
        f"{''.join(items)}</div>"
    )


def _symbol(mark: Mark) -> str:
    fill = mark.colour if mark.filled else palette.BACKGROUND
    return (
        f'<span style="display:inline-block;vertical-align:middle;box-sizing:border-box;'
        f"width:{2 * mark.radius}px;height:{2 * mark.radius}px;border-radius:50%;"
        f'background:{fill};border:{mark.line}px solid {_edge_of(mark)}"></span>'
    )


def _edge_of(mark: Mark) -> str:
    return mark.edge if mark.filled else mark.colour


def _points(schools: Sequence[SchoolPoint], name: str, mark: Mark) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        id=f"schools-{name.replace(' ', '-')}",
        data=[_point(school) for school in schools if school["mark"] == name],
        get_position="position",
        radius_units=pdk.types.String("pixels"),
        line_width_units=pdk.types.String("pixels"),
        get_radius=mark.radius,
        get_line_width=mark.line,
        stroked=mark.line > 0,
        # A ring is filled with the background: an empty middle could not be clicked.
        get_fill_color=palette.rgb(mark.colour if mark.filled else palette.BACKGROUND),
        get_line_color=palette.rgb(_edge_of(mark)),
        pickable=True,
    )


def _point(school: SchoolPoint) -> dict[str, Any]:
    tip = "".join(f"\n{label}: {text}" for label, text in school["tooltip"].items())
    # A ten-thousandth of a degree is some 10 m, less than a mark covers.
    position = [round(school["lon"], 5), round(school["lat"], 5)]
    return {"urn": school["urn"], "name": school["name"], "position": position, "tip": tip}


def _halo(school: SchoolPoint) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        id="selected-school",
        data=[{"position": [school["lon"], school["lat"]]}],
        get_position="position",
        radius_units=pdk.types.String("pixels"),
        line_width_units=pdk.types.String("pixels"),
        get_radius=13,
        get_line_width=3,
        stroked=True,
        filled=False,
        get_line_color=palette.rgb(palette.SELECTED),
        pickable=False,
    )


def _land(borough: str) -> list[pdk.Layer]:
    """The borough's outline above its pale neighbours; neither answers to the pointer."""
    (own,) = [
        feature
        for feature in geography.boundaries()["features"]
        if feature["properties"]["code"] == borough
    ]
    # All of London by its address, which the browser has kept since it drew the first map.
    return [
        _shape("neighbours", BOUNDARIES_URL, palette.BACKDROP_FILL, palette.BACKDROP_BOUNDARY, 1),
        _shape("borough", own, palette.BACKGROUND, palette.BOUNDARY, 2.5),
    ]


def _shape(
    layer: str, data: str | Mapping[str, Any], fill: str, line: str, width: float
) -> pdk.Layer:
    return pdk.Layer(
        "GeoJsonLayer",
        id=layer,
        data=data,
        get_fill_color=palette.rgb(fill),
        get_line_color=palette.rgb(line),
        get_line_width=width,
        line_width_units=pdk.types.String("pixels"),
        pickable=False,
    )


Box = tuple[float, float, float, float]


@cache
def _boxes() -> dict[str, Box]:
    """West, south, east and north of each borough in degrees, by GSS code."""
    from shapely.geometry import shape

    return {
        feature["properties"]["code"]: shape(feature["geometry"]).bounds
        for feature in geography.boundaries()["features"]
    }


@cache
def _view(box: Box, height: int) -> pdk.ViewState:
    """The view that fits a box of degrees into the assumed room, in Web Mercator."""
    west, south, east, north = box
    wide = math.radians(east - west) / (2 * math.pi) * _TILE
    bottom, top = (_mercator(latitude) for latitude in (south, north))
    high = (top - bottom) / (2 * math.pi) * _TILE
    zoom = math.log2(min((_ASSUMED_WIDTH - 2 * _MARGIN) / wide, (height - 2 * _MARGIN) / high))
    middle = math.degrees(2 * math.atan(math.exp((bottom + top) / 2)) - math.pi / 2)
    return pdk.ViewState(
        longitude=round((west + east) / 2, 5),
        latitude=round(middle, 5),
        zoom=round(zoom, 2),
        min_zoom=8,
        max_zoom=16,
    )


def _mercator(latitude: float) -> float:
    """The Web Mercator northing of a latitude in degrees, in radians of the sphere."""
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
