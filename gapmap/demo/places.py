"""Points of the British National Grid inside a borough, and a few just outside on purpose."""

import json
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from gapmap.settings import REFERENCE

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Point = tuple[int, int]

# Far enough from the line that rounding and simplified boundaries cannot move a point across it.
_MARGIN_METRES = 60
_STRAY_METRES = 200


class Places:
    """Draws points (easting, northing in whole metres) for the boroughs of the boundary file."""

    def __init__(self) -> None:
        import numpy as np
        from pyproj import Transformer
        from shapely import transform
        from shapely.geometry import shape

        to_grid = Transformer.from_crs(4326, 27700, always_xy=True).transform
        text = (REFERENCE / "borough_boundaries.geojson").read_text(encoding="utf-8")
        self._polygons = {
            feature["properties"]["code"]: transform(
                shape(feature["geometry"]), lambda points: np.column_stack(to_grid(*points.T))
            )
            for feature in json.loads(text)["features"]
        }

    def inside(self, borough_code: str, rng: Random) -> Callable[[], Point]:
        """Return a function that draws the next point well inside the borough."""
        return _drawing(self._polygons[borough_code].buffer(-_MARGIN_METRES), rng)

    def just_outside(self, borough_code: str, rng: Random) -> Point:
        """Return a point up to 200 m outside the borough."""
        polygon = self._polygons[borough_code]
        ring = polygon.buffer(_STRAY_METRES).difference(polygon.buffer(_MARGIN_METRES))
        return _drawing(ring, rng)()


def _drawing(area: "BaseGeometry", rng: Random) -> Callable[[], Point]:
    from shapely import bounds, contains_xy, prepare

    prepare(area)
    west, south, east, north = bounds(area)

    def draw() -> Point:
        while True:
            x, y = round(rng.uniform(west, east)), round(rng.uniform(south, north))
            if contains_xy(area, x, y):
                return x, y

    return draw
