"""The map of London's boroughs in classes, as a Vega-Lite specification.

Only the figures are in it; the browser fetches the geometry once, from this server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NotRequired, TypedDict

from gapmap.ui import palette

# Routes of the app that serve geography.boundaries_geojson() and geography.hatching_geojson().
BOUNDARIES_URL: Final = "/geometry/boroughs.json"
HATCHING_URL: Final = "/geometry/hatching.json"

UNKNOWN: Final = "unknown"
NOT_RANKED: Final = "not ranked"
WITHHELD: Final = "withheld"
_NEUTRAL_FILLS: Final = {
    UNKNOWN: palette.UNKNOWN_FILL,
    NOT_RANKED: palette.NOT_RANKED_FILL,
    WITHHELD: palette.WITHHELD_FILL,
}

_FONT: Final = '"Source Sans", sans-serif'
# A square with three strokes at 45°: the legend's picture of a hatched area.
_HATCHED_SQUARE: Final = "M-1,-1H1V1H-1Z M-1,0L0,-1 M-1,1L1,-1 M0,1L1,0"

BoroughRow = TypedDict(
    "BoroughRow",
    {
        "code": str,  # GSS code
        "name": str,
        "value": float | None,
        "class": str,  # one of the map's classes, or UNKNOWN, NOT_RANKED, WITHHELD
        "tooltip": Mapping[str, str],  # label -> text, the same labels in every row
        "mark": NotRequired[str],  # written on the area: its place among the first
    },
)


def choropleth_spec(
    rows: Sequence[BoroughRow],
    classes: Sequence[str],
    *,
    title: str,
    selected: str | None = None,
    height: int | Literal["stretch"],
    neutrals: Sequence[str] | None = None,
    marked: bool = False,
) -> dict[str, Any]:
    """The Vega-Lite specification of the map; `gapmap.ui.maps.choropleth` says what goes in.

    Figures are a dataset of their own, and with `neutrals` given nothing else depends on them: the
    browser then swaps the figures and draws again, without compiling the map anew.

    Raises ValueError for a borough given twice, an unheard-of class, a class without a
    value, too many classes, or rows whose tooltips differ in their labels.
    """
    labels = _checked_labels(rows, classes)
    greys = _neutrals_of(rows) if neutrals is None else neutrals
    layers = [_areas(classes, labels, title, greys), _hatching()]
    if marked:
        layers += [_marks("halo"), _marks("marks")]
    if selected is not None:
        layers.append(_outline(selected))
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": "container" if height == "stretch" else height,
        "autosize": {"type": "fit", "contains": "padding"},
        # Streamlit writes into the padding, which therefore cannot be a plain number.
        "padding": {"left": 4, "top": 4, "right": 4, "bottom": 4},
        "background": palette.BACKGROUND,
        "datasets": {"figures": [_datum(row, labels) for row in rows]},
        "projection": {"type": "mercator"},
        "layer": layers,
        # The colour of an area and the stroke of the hatching are two legends, one below the other.
        "resolve": {"scale": {"color": "independent", "stroke": "independent"}},
        "config": _config(),
    }


def _checked_labels(rows: Sequence[BoroughRow], classes: Sequence[str]) -> tuple[str, ...]:
    """The tooltip labels that all rows share."""
    if len(classes) > len(palette.SEQUENTIAL):
        raise ValueError(f"At most {len(palette.SEQUENTIAL)} classes can be told apart: {classes}")
    codes = [row["code"] for row in rows]
    if len(set(codes)) < len(codes):
        raise ValueError("A borough is given more than once.")
    foreign = {row["class"] for row in rows} - set(classes) - set(_NEUTRAL_FILLS)
    if foreign:
        raise ValueError(f"Not among the classes of the map: {sorted(foreign)}")
    blank = sorted(
        row["name"] for row in rows if row["value"] is None and row["class"] in set(classes)
    )
    if blank:
        raise ValueError(f"In a class, but without a value: {blank}")
    label_sets = {tuple(row["tooltip"]) for row in rows}
    if len(label_sets) > 1:
        raise ValueError(f"Tooltips differ in their labels: {sorted(label_sets)}")
    return label_sets.pop() if label_sets else ()


def _neutrals_of(rows: Sequence[BoroughRow]) -> list[str]:
    """The greys that the colour legend names: those in use, but UNKNOWN has a legend of its own."""
    used = {row["class"] for row in rows}
    return [neutral for neutral in (NOT_RANKED, WITHHELD) if neutral in used]


def _datum(row: BoroughRow, labels: Sequence[str]) -> dict[str, Any]:
    # Labels are words with spaces and dots, which Vega reads as paths: send them as t0, t1, ...
    texts = {f"t{place}": row["tooltip"][label] for place, label in enumerate(labels)}
    own = {"code": row["code"], "name": row["name"], "class": row["class"]}
    return {**own, "mark": row.get("mark", ""), **texts}


def _geometry(url: str) -> dict[str, Any]:
    return {"url": url, "format": {"type": "json", "property": "features"}}


def _code() -> dict[str, str]:
    # A field without a dot: the selection then comes back under the plain name "code".
    return {"calculate": "datum.properties.code", "as": "code"}


def _figures(fields: Sequence[str]) -> dict[str, Any]:
    return {
        "lookup": "code",
        "from": {"data": {"name": "figures"}, "key": "code", "fields": list(fields)},
    }


def _areas(
    classes: Sequence[str], labels: Sequence[str], title: str, neutrals: Sequence[str]
) -> dict[str, Any]:
    texts = [f"t{place}" for place in range(len(labels))]
    named = [*classes, *neutrals]
    fills = [*_shades(len(classes)), *(_NEUTRAL_FILLS[neutral] for neutral in neutrals)]
    return {
        "name": "areas",
        "data": _geometry(BOUNDARIES_URL),
        # A borough without a row is unknown too: never left out, never white.
        "transform": [
            _code(),
            _figures(["name", "class", *texts]),
            {"calculate": f"datum['class'] || '{UNKNOWN}'", "as": "class"},
            {"calculate": "datum['name'] || datum.properties.name", "as": "title"},
        ],
        "params": [
            {"name": "borough", "select": {"type": "point", "fields": ["code"], "toggle": False}},
            {
                "name": "hover",
                "select": {
                    "type": "point",
                    "on": "pointerover",
                    "clear": "pointerout",
                    "fields": ["code"],
                },
            },
        ],
        "mark": {"type": "geoshape", "cursor": "pointer", "strokeJoin": "round"},
        "encoding": {
            "fill": {
                "field": "class",
                "type": "nominal",
                "scale": {
                    "domain": [*named, UNKNOWN],
                    "range": [*fills, palette.UNKNOWN_FILL],
                },
                "legend": {"title": title, "values": named},
            },
            "stroke": {
                "condition": {"param": "hover", "empty": False, "value": palette.HOVERED},
                "value": palette.BOUNDARY,
            },
            "strokeWidth": {
                "condition": {"param": "hover", "empty": False, "value": 2.5},
                "value": 0.8,
            },
            "tooltip": [
                # vega-tooltip draws a field of this name as the heading.
                {"field": "title", "type": "nominal", "title": "title"},
                *(
                    {"field": text, "type": "nominal", "title": label}
                    for text, label in zip(texts, labels, strict=True)
                ),
            ],
        },
    }


def _shades(count: int) -> list[str]:
    """So many colours from light to dark, spread over the whole range."""
    if count == 1:
        return [palette.SEQUENTIAL[2]]
    last = len(palette.SEQUENTIAL) - 1
    return [palette.SEQUENTIAL[round(place * last / (count - 1))] for place in range(count)]


def _hatching() -> dict[str, Any]:
    return {
        "name": "hatching",
        "data": _geometry(HATCHING_URL),
        "transform": [
            _code(),
            _figures(["class"]),
            {"calculate": f"datum['class'] || '{UNKNOWN}'", "as": "class"},
            {"filter": {"field": "class", "equal": UNKNOWN}},
        ],
        # The pointer must reach the area beneath.
        "mark": {"type": "geoshape", "filled": False, "strokeWidth": 1, "interactive": False},
        "encoding": {
            "stroke": {
                "field": "class",
                "type": "nominal",
                "scale": {"domain": [UNKNOWN], "range": [palette.UNKNOWN_HATCH]},
                "legend": {
                    "title": None,
                    "symbolType": _HATCHED_SQUARE,
                    "symbolFillColor": palette.UNKNOWN_FILL,
                    "symbolStrokeWidth": 1,
                },
            },
        },
    }


def _marks(name: str) -> dict[str, Any]:
    """The marks of areas at their middles; the halo keeps them apart from every colour below."""
    halo = {"stroke": palette.BACKGROUND, "strokeWidth": 4, "strokeJoin": "round"}
    return {
        "name": name,
        "data": _geometry(BOUNDARIES_URL),
        "transform": [
            _code(),
            _figures(["mark"]),
            {"filter": "datum['mark']"},
            {"calculate": "geoCentroid(null, datum)", "as": "middle"},
        ],
        "mark": {
            "type": "text",
            "interactive": False,
            "font": _FONT,
            "fontSize": 14,
            "fontWeight": 700,
            "color": palette.TEXT,
            **(halo if name == "halo" else {}),
        },
        "encoding": {
            "longitude": {"field": "middle[0]", "type": "quantitative"},
            "latitude": {"field": "middle[1]", "type": "quantitative"},
            "text": {"field": "mark", "type": "nominal"},
        },
    }


def _outline(code: str) -> dict[str, Any]:
    return {
        "name": "selected",
        "data": _geometry(BOUNDARIES_URL),
        "transform": [_code(), {"filter": {"field": "code", "equal": code}}],
        "mark": {
            "type": "geoshape",
            "filled": False,
            "stroke": palette.SELECTED,
            "strokeWidth": 3.5,
            "strokeJoin": "round",
            "interactive": False,
        },
    }


def _config() -> dict[str, Any]:
    return {
        "font": _FONT,
        "view": {"stroke": None},
        "legend": {
            "orient": "right",
            "labelFontSize": 14,
            "labelColor": palette.TEXT,
            "labelLimit": 170,
            "titleFontSize": 14,
            "titleColor": palette.TEXT,
            "titleLimit": 170,
            "symbolType": "square",
            "symbolSize": 260,
            "symbolStrokeWidth": 0.8,
            "symbolStrokeColor": palette.BOUNDARY,
            "rowPadding": 5,
        },
    }
