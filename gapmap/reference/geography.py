"""Where boroughs and schools lie: boundaries, neighbours, and a school's grid reference on the map.

Everything rests on data/reference/borough_boundaries.geojson, the 33 boroughs in EPSG:4326 with
shared edges; data/reference/README.md names its source, licence and attribution.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

from gapmap.settings import REFERENCE

# shapely, pyproj and numpy are imported where they are used: the command line must start fast.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray
    from pyproj import Transformer
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]

_BOUNDARIES = REFERENCE / "borough_boundaries.geojson"

# EPSG:27700 spelt out with the datum shift of EPSG:1314. Named by code alone, PROJ would take
# whichever shift the machine has grids for, and the same school would lie elsewhere on another one.
_BRITISH_NATIONAL_GRID = (
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +type=crs"
)

# Between Havering and Bexley, where it is widest inside London, the river is 656 m wide.
WIDEST_RIVER_M = 700.0
_ON_THE_BANK_M = 1.0

HATCH_SPACING_M = 1_200.0
_HATCH_DECIMALS = 4
# A dash this short is no longer seen as one, and may round to a single point.
_SHORTEST_HATCH_M = 60.0


@cache
def boundaries_geojson() -> bytes:
    """The 33 boroughs' boundaries as the browser gets them: UTF-8 GeoJSON, at most 60,000 bytes.

    Exterior rings are clockwise, which d3-geo (and so Vega-Lite) needs.
    """
    return _BOUNDARIES.read_bytes()


@cache
def boundaries() -> dict[str, Any]:
    """The FeatureCollection of the 33 boroughs in order of their codes, EPSG:4326.

    Each feature's properties are exactly `code` (GSS code) and `name`. One object is shared by all
    callers: do not change it.
    """
    collection: dict[str, Any] = json.loads(boundaries_geojson())
    return collection


@cache
def hatching_geojson() -> bytes:
    """Parallel lines at 45° that fill each borough: UTF-8 GeoJSON for marking "unknown" on a map.

    One MultiLineString per borough, EPSG:4326, with the properties of `boundaries`
    and in its order. Lines lie HATCH_SPACING_M apart, measured in EPSG:27700, on one set of lines
    for all of London, so that they run on from a borough into the next.
    """
    features = [
        {
            "type": "Feature",
            "properties": feature["properties"],
            "geometry": _hatched(_polygons()[feature["properties"]["code"]]),
        }
        for feature in boundaries()["features"]
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, separators=(",", ":")).encode()


def place(eastings: ArrayLike, northings: ArrayLike) -> tuple[Floats, Floats]:
    """Longitudes and latitudes (degrees, EPSG:4326) of grid references (metres, EPSG:27700).

    Both arguments have one value per point, and so have both results. A point with NaN, or one
    that the projection cannot carry, comes back as NaN in both.

    Accuracy: the seven-parameter shift EPSG:1314, stated by its publisher as 2 m. The exact OSTN15
    grid is not used, so that every machine gives the same answer; a few metres do not show on a map
    of a borough, but may tip a school that stands on a boundary.

    Raises ValueError when the two differ in length.
    """
    import numpy as np

    east = np.asarray(eastings, dtype=np.float64)
    north = np.asarray(northings, dtype=np.float64)
    _require_one_length(eastings=east, northings=north)
    lon, lat = _to_degrees().transform(east, north)
    lost = ~(np.isfinite(lon) & np.isfinite(lat))
    return np.where(lost, np.nan, lon), np.where(lost, np.nan, lat)


def lies_within(borough_codes: Sequence[str], lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether each point (degrees, EPSG:4326) lies inside the borough of its row.

    Judged by the simplified boundaries: 95% of the full ones' vertices lie within 42 m of them,
    those of narrow creeks up to 364 m off. A point on the line, or with NaN, is not inside.

    Raises KeyError for a code that is no London borough's, ValueError when the lengths differ.
    """
    import numpy as np
    import shapely

    codes = np.asarray(borough_codes, dtype=object)
    x = np.asarray(lon, dtype=np.float64)
    y = np.asarray(lat, dtype=np.float64)
    _require_one_length(borough_codes=codes, lon=x, lat=y)
    inside = np.zeros(len(codes), dtype=np.bool_)
    for code in set(borough_codes):
        rows = codes == code
        inside[rows] = shapely.contains_xy(_polygons()[code], x[rows], y[rows])
    return inside


@cache
def adjoining() -> dict[str, frozenset[str]]:
    """For each of the 33 borough codes, the codes of the boroughs that share a boundary with it.

    Shared means along a line; boroughs that meet in a single point do not adjoin. Nor do boroughs
    that face each other across the Thames, as the boundaries stop at its banks below Richmond:
    `facing_across_thames` has those. One object is shared by all callers: do not change it.
    """
    from shapely import STRtree

    codes = list(_polygons())
    polygons = list(_polygons().values())
    neighbours: dict[str, set[str]] = {code: set() for code in codes}
    for one, other in STRtree(polygons).query(polygons, predicate="touches").T:
        if polygons[one].intersection(polygons[other]).length > 0:
            neighbours[codes[one]].add(codes[other])
    return {code: frozenset(found) for code, found in neighbours.items()}


@cache
def facing_across_thames() -> dict[str, frozenset[str]]:
    """For each of the 33 borough codes, the codes of those on the opposite bank of the Thames.

    Two boroughs face each other when they do not adjoin on land and the shortest line between them
    is at most WIDEST_RIVER_M long, measured in EPSG:27700, and crosses no borough: it runs over
    water alone, since the boundaries leave out nothing else inside London.
    One object is shared by all callers: do not change it.
    """
    import shapely

    metres = {
        code: shapely.transform(polygon, _reprojected("INVERSE"))
        for code, polygon in _polygons().items()
    }
    land = shapely.union_all(list(metres.values()))
    facing: dict[str, set[str]] = {code: set() for code in metres}
    for one, other in combinations(metres, 2):
        line = shapely.shortest_line(metres[one], metres[other])
        runs_over_water = line.intersection(land).length < _ON_THE_BANK_M
        if other not in adjoining()[one] and line.length <= WIDEST_RIVER_M and runs_over_water:
            facing[one].add(other)
            facing[other].add(one)
    return {code: frozenset(found) for code, found in facing.items()}


@cache
def _polygons() -> dict[str, BaseGeometry]:
    """The boroughs' polygons by code, ready for concurrent point queries."""
    import shapely
    from shapely.geometry import shape

    polygons: dict[str, BaseGeometry] = {}
    for feature in boundaries()["features"]:
        polygon = shape(feature["geometry"])
        shapely.prepare(polygon)
        # GEOS builds the index on the first question, and not safely for two threads that ask at
        # once: ask it here, before anyone else holds the polygon.
        inner = polygon.representative_point()
        shapely.contains_xy(polygon, inner.x, inner.y)
        polygons[feature["properties"]["code"]] = polygon
    return polygons


@cache
def _to_degrees() -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(_BRITISH_NATIONAL_GRID, 4326, always_xy=True)


def _hatched(polygon: BaseGeometry) -> dict[str, Any]:
    """The GeoJSON geometry of the hatch lines inside an EPSG:4326 polygon."""
    import numpy as np
    import shapely

    metres = shapely.transform(polygon, _reprojected("INVERSE"))
    lines = shapely.get_parts(shapely.intersection(_hatch_lines(metres.bounds), metres))
    seen = lines[shapely.length(lines) >= _SHORTEST_HATCH_M]
    degrees = shapely.transform(seen, _reprojected("FORWARD"))
    rounded = [np.round(line.coords, _HATCH_DECIMALS).tolist() for line in degrees]
    return {"type": "MultiLineString", "coordinates": rounded}


def _hatch_lines(bounds: tuple[float, float, float, float]) -> BaseGeometry:
    """Those of London's hatch lines (northing = easting + n steps) that cross a box, in metres."""
    import numpy as np
    from shapely.geometry import MultiLineString

    west, south, east, north = bounds
    # Lines at 45° that lie d apart cross the northing axis d times the square root of 2 apart.
    step = HATCH_SPACING_M * np.sqrt(2)
    offsets = np.arange(np.ceil((south - east) / step), np.floor((north - west) / step) + 1) * step
    return MultiLineString(
        [[(west, west + offset), (east, east + offset)] for offset in offsets.tolist()]
    )


def _reprojected(direction: str) -> Any:
    """A function from points (n, 2) to points (n, 2), metres to degrees or, INVERSE, back."""
    import numpy as np

    def move(points: Floats) -> Floats:
        moved = _to_degrees().transform(points[:, 0], points[:, 1], direction=direction)
        return np.column_stack(moved)

    return move


def _require_one_length(**columns: NDArray[Any]) -> None:
    lengths = {name: column.shape for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"One value per point is needed in each: {lengths}")
