"""The rug as a Vega-Lite specification: boroughs down, indicators across, a class in each cell.

The cells travel as one row of parallel lists of numbers, which is a fifth of what a row of words
for each cell takes; the browser makes rows and words of them. An unknown cell is hatched by a
striped gradient over its grey, which needs no second geometry and keeps its stripes at every width.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from gapmap.ui import palette
from gapmap.ui.borough.borough_classes import NOT_RANKED, UNKNOWN, WITHHELD
from gapmap.ui.classes import SHARE_LABELS
from gapmap.ui.setting_words import FEW_KNOWN

NOT_APPLICABLE: Final = "not applicable"
NAMES_WIDTH: Final = 150
_FONT: Final = '"Source Sans", sans-serif'
_STRIPES: Final = 9
# Cells narrower than this, as at 200% zoom, hold smaller figures and arrows.
_NARROW: Final = 38

FILLS: Final[Mapping[str, str]] = {
    **dict(zip(SHARE_LABELS, palette.SEQUENTIAL, strict=True)),
    NOT_RANKED: palette.NOT_RANKED_FILL,
    WITHHELD: palette.WITHHELD_FILL,
    UNKNOWN: palette.UNKNOWN_FILL,
    NOT_APPLICABLE: palette.BACKGROUND,
}
INKS: Final[Mapping[str, str]] = {
    **dict(zip(SHARE_LABELS, palette.ON_SEQUENTIAL, strict=True)),
    NOT_RANKED: palette.TEXT,
    WITHHELD: "#000000",
    UNKNOWN: palette.TEXT,
    NOT_APPLICABLE: palette.MUTED_TEXT,
}
# Fill and rim of an arrow: hollow for better, full for worse; no meaning rests on colour alone.
ARROWS: Final[Mapping[str, tuple[str, str]]] = {
    "better": (palette.BACKGROUND, palette.STATE_TEXT_COLOURS["met"]),
    "worse": (palette.STATE_COLOURS["gap"], palette.BACKGROUND),
    "neutral": (palette.MUTED_TEXT, palette.BACKGROUND),
}


@dataclass(frozen=True)
class Column:
    """A column of the grid: an indicator. `sign` is 1 where higher is better, -1 where lower is.

    A share of schools is told with its schools unknown, a `returned` one with its denominator.
    """

    name: str
    title: str
    sign: int
    returned: bool


class Cell(TypedDict):
    """A borough on an indicator. Shares, limits and the same schools' shares before and now are
    whole percentages; `of` is the number of schools unknown, or a returned share's denominator."""

    code: str
    borough: str
    column: str
    kind: str  # a key of FILLS
    share: int | None
    low: int | None
    high: int | None
    n: int | None
    of: int | None
    same: int | None
    was: int | None
    now: int | None


_KINDS: Final = tuple(FILLS)
# Of the tooltip: field and heading.
_TOLD: Final = {"title": "title", "said": "share", "known": "known", "change": "change"}
_NUMBERS: Final = ("share", "low", "high", "n", "of", "same", "was", "now")


def grid_spec(
    cells: Sequence[Cell], columns: Sequence[Column], before: str | None, row_height: int
) -> dict[str, Any]:
    """The specification of the grid; `before` is the quarter that is compared with.

    `cells` go from left to right and from the top, with a cell of each of `columns` in every row.
    Raises ValueError where they do not.
    """
    expected = [column.name for column in columns]
    rows = [cells[start : start + len(columns)] for start in range(0, len(cells), len(columns))]
    if any([cell["column"] for cell in row] != expected for row in rows):
        raise ValueError("a row of the grid lacks a cell, or has its cells in another order")
    boroughs = [row[0]["borough"] for row in rows]
    lists: dict[str, Any] = {"kind": [_KINDS.index(cell["kind"]) for cell in cells]}
    lists |= {number: [cell[number] for cell in cells] for number in _NUMBERS}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": row_height * len(rows),
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 0, "top": 0, "right": 0, "bottom": 2},
        "background": palette.BACKGROUND,
        "layer": [
            {
                # Not at the top, where Streamlit would send it as a table.
                "data": {"values": [lists]},
                "transform": _transform(list(lists), rows, columns, before),
                "encoding": {
                    "x": {
                        "field": "column",
                        "type": "nominal",
                        "scale": {"domain": expected, "padding": 0},
                        "axis": None,
                    },
                    "y": {
                        "field": "borough",
                        "type": "nominal",
                        "scale": {"domain": boroughs, "padding": 0},
                        "axis": _names_axis(),
                    },
                },
                "layer": [_areas(), _hatching(), _values(len(columns)), _arrows(len(columns))],
                # The fill of a cell is its class, that of an arrow its tone.
                "resolve": {"scale": {"fill": "independent", "stroke": "independent"}},
            }
        ],
        "config": {"font": _FONT, "view": {"stroke": None}},
    }


def _transform(
    lists: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    columns: Sequence[Column],
    before: str | None,
) -> list[dict[str, Any]]:
    """From the lists to a row for each cell with its words."""

    def looked_up(values: Sequence[Any], place: str) -> str:
        return f"{json.dumps(list(values))}[datum.{place}]"

    across, kind = len(columns), {name: place for place, name in enumerate(_KINDS)}
    ups = "datum.now - datum.was"
    words = {
        "row": f"floor((datum.cell - 1) / {across})",
        "place": f"(datum.cell - 1) % {across}",
        "code": looked_up([row[0]["code"] for row in rows], "row"),
        "borough": looked_up([row[0]["borough"] for row in rows], "row"),
        "column": looked_up([column.name for column in columns], "place"),
        "sign": looked_up([column.sign for column in columns], "place"),
        "class": looked_up(_KINDS, "kind"),
        "text": (
            f"datum.kind == {kind[WITHHELD]} ? 'c' : datum.kind == {kind[NOT_APPLICABLE]} ? 'n/a' "
            f": datum.share === null ? '' : datum.kind == {kind[NOT_RANKED]} "
            "? '(' + datum.share + ')' : '' + datum.share"
        ),
        "arrow": f"datum.now === null || datum.was === null || {ups} == 0 ? '' : "
        f"{ups} > 0 ? 'up' : 'down'",
        "tone": f"datum.sign == 0 ? 'neutral' : ({ups}) * datum.sign > 0 ? 'better' : 'worse'",
        "title": f"datum.borough + ': ' + {looked_up([c.title for c in columns], 'place')}",
        "said": (
            "datum.share === null ? datum.class : datum.share + '%' + (datum.low === null ? '' : "
            "' (95% interval ' + datum.low + '–' + datum.high + '%)') + "
            f"(datum.kind == {kind[NOT_RANKED]} ? ', not ranked: {FEW_KNOWN}' : '')"
        ),
        "known": (
            f"{looked_up([int(column.returned) for column in columns], 'place')} ? "
            "(datum.n === null ? '–' : datum.n + ' of ' + datum.of) : "
            "datum.n + ' schools known, ' + datum.of + ' unknown'"
        ),
        "change": (
            f"datum.was === null ? '–' : (datum.same === null ? '' : 'same ' + datum.same + "
            f"' schools: ') + datum.was + '% in {before}, ' + datum.now + '% now'"
        ),
    }
    return [
        {"flatten": list(lists)},
        {"window": [{"op": "row_number", "as": "cell"}]},
        *({"calculate": expression, "as": name} for name, expression in words.items()),
    ]


def _names_axis() -> dict[str, Any]:
    return {
        "title": None,
        "domain": False,
        "ticks": False,
        "labelFontSize": 12,
        "labelColor": palette.TEXT,
        "labelPadding": 6,
        "labelLimit": NAMES_WIDTH - 6,
        # Fixed, so that the headings above stand over their columns.
        "minExtent": NAMES_WIDTH,
        "maxExtent": NAMES_WIDTH,
    }


def _areas() -> dict[str, Any]:
    select = {"type": "point", "fields": ["code", "column"], "toggle": False}
    hover = {"type": "point", "on": "pointerover", "clear": "pointerout"}
    return {
        "params": [
            {"name": "cell", "select": select},
            {"name": "hover", "select": {**hover, "fields": ["code", "column"]}},
        ],
        "mark": {"type": "rect", "cursor": "pointer"},
        "encoding": {
            "fill": {
                "field": "class",
                "type": "nominal",
                "scale": {"domain": list(FILLS), "range": list(FILLS.values())},
                "legend": None,
            },
            "stroke": {
                "condition": {"param": "hover", "empty": False, "value": palette.HOVERED},
                "value": palette.BACKGROUND,
            },
            "strokeWidth": {
                "condition": {"param": "hover", "empty": False, "value": 2.5},
                "value": 1,
            },
            "tooltip": [
                # vega-tooltip draws a field of this name as the heading.
                {"field": field, "type": "nominal", "title": heading}
                for field, heading in _TOLD.items()
            ],
        },
    }


def _hatching() -> dict[str, Any]:
    stops = []
    for stripe in range(_STRIPES):
        # A hard edge is two stops at one place.
        start, middle, end = (stripe + part for part in (0.0, 0.75, 1.0))
        stops += [
            {"offset": start / _STRIPES, "color": palette.UNKNOWN_FILL},
            {"offset": middle / _STRIPES, "color": palette.UNKNOWN_FILL},
            {"offset": middle / _STRIPES, "color": palette.UNKNOWN_HATCH},
            {"offset": end / _STRIPES, "color": palette.UNKNOWN_HATCH},
        ]
    stripes = {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 1, "stops": stops}
    return {
        "transform": [{"filter": {"field": "class", "equal": UNKNOWN}}],
        # The pointer must reach the cell beneath.
        "mark": {
            "type": "rect",
            "fill": stripes,
            "stroke": palette.BACKGROUND,
            "interactive": False,
        },
    }


def _values(columns: int) -> dict[str, Any]:
    by_class = [
        {"test": f"datum['class'] === '{label}'", "value": ink} for label, ink in INKS.items()
    ]
    return {
        "transform": [{"filter": "datum.text"}],
        "mark": {
            "type": "text",
            "fontSize": _by_width(columns, 10, 12),
            "align": "right",
            "dx": _by_width(columns, 2, 6),
            "interactive": False,
        },
        "encoding": {
            "text": {"field": "text", "type": "nominal"},
            "color": {"condition": by_class, "value": palette.TEXT},
        },
    }


def _arrows(columns: int) -> dict[str, Any]:
    return {
        "transform": [{"filter": "datum.arrow"}],
        "mark": {
            "type": "point",
            "filled": True,
            "size": _by_width(columns, 24, 62),
            "opacity": 1,
            "xOffset": _by_width(columns, 7, 13),
            "strokeWidth": 1.2,
            "interactive": False,
        },
        "encoding": {
            "shape": {
                "field": "arrow",
                "type": "nominal",
                "scale": {"domain": ["up", "down"], "range": ["triangle-up", "triangle-down"]},
                "legend": None,
            },
            "fill": _toned([fill for fill, _ in ARROWS.values()]),
            "stroke": _toned([rim for _, rim in ARROWS.values()]),
        },
    }


def _by_width(columns: int, narrow: float, wide: float) -> dict[str, str]:
    return {"expr": f"width / {columns} < {_NARROW} ? {narrow} : {wide}"}


def _toned(colours: Sequence[str]) -> dict[str, Any]:
    return {
        "field": "tone",
        "type": "nominal",
        "scale": {"domain": list(ARROWS), "range": list(colours)},
        "legend": None,
    }
