"""Make borough_boundaries.geojson: London's boroughs, light enough for a browser to draw.

    python data/reference/make_boundaries.py SOURCE data/reference/borough_boundaries.geojson

SOURCE is the GeoJSON (EPSG:4326) of the object `lnd` of R's spData package; README.md beside this
file names its origin and licence.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import geopandas as gpd
import numpy as np
import shapely

MAX_BYTES = 60_000
# About 7 m east-west and 11 m north-south in London; three decimals make polygons cross themselves.
DECIMALS = 4
# Rounding vertices that lie closer together than the grid makes rings touch themselves, so that
# they are thinned to about one grid step first.
GRID_STEP_M = 10.0
# The finest that fits MAX_BYTES.
TOLERANCE_M = 99.1
# The source holds a stray part of Newham of 2 m²; the smallest real exclave has 239,000 m².
SCRAP_M2 = 1_000.0

Coverage = np.ndarray[Any, np.dtype[np.object_]]


def read_source(path: Path) -> tuple[list[str], list[str], Coverage]:
    """Codes, names and EPSG:4326 polygons of the source's features, in the order of the codes."""
    boroughs = gpd.read_file(path).sort_values("GSS_CODE")
    return list(boroughs["GSS_CODE"]), list(boroughs["NAME"]), boroughs.geometry.to_numpy()


def reproject(coverage: Coverage, source: int, target: int) -> Coverage:
    """The coverage moved from one EPSG code to another."""
    moved: Coverage = gpd.GeoSeries(coverage, crs=source).to_crs(target).to_numpy()
    return moved


def hand_over_scraps(coverage: Coverage) -> Coverage:
    """Give each part under SCRAP_M2 to the neighbour it shares most boundary with.

    Dropped, it would leave a hole between boroughs; kept, rounding would collapse it.
    """
    result = coverage.copy()
    for index, polygon in enumerate(coverage):
        parts = shapely.get_parts(polygon)
        for scrap in parts[shapely.area(parts) < SCRAP_M2]:
            shared = shapely.length(shapely.intersection(scrap, result))
            shared[index] = 0
            neighbour = int(np.argmax(shared))
            result[neighbour] = shapely.union(result[neighbour], scrap)
            result[index] = shapely.difference(result[index], scrap)
    return result


def on_grid(metres: Coverage) -> Coverage:
    """The EPSG:27700 coverage in EPSG:4326, every vertex at DECIMALS decimals."""
    degrees = reproject(metres, 27700, 4326)
    rounded = shapely.transform(degrees, lambda points: np.round(points, DECIMALS))
    return shapely.remove_repeated_points(rounded)


def simplify(degrees: Coverage, tolerance: float) -> Coverage:
    """The coverage with fewer vertices, shared edges still shared, exterior rings clockwise.

    The vertices are put on the grid before the simplification, which then chooses among them and
    keeps the coverage valid; rounding its result instead makes boroughs overlap. d3-geo, which
    Vega-Lite draws with, takes an anticlockwise exterior ring for the whole globe but the borough.
    """
    metres = hand_over_scraps(reproject(degrees, 4326, 27700))
    gridded = reproject(on_grid(shapely.coverage_simplify(metres, GRID_STEP_M)), 4326, 27700)
    simplified = on_grid(shapely.coverage_simplify(gridded, tolerance))
    return shapely.orient_polygons(simplified, exterior_cw=True)


def encode(codes: list[str], names: list[str], coverage: Coverage) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name},
            "geometry": json.loads(shapely.to_geojson(polygon)),
        }
        for code, name, polygon in zip(codes, names, coverage, strict=True)
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, separators=(",", ":")).encode("ascii")


def check(coverage: Coverage, encoded: bytes) -> None:
    """Raise click.ClickException for a result that must not be committed."""
    if not (shapely.is_valid(coverage).all() and shapely.coverage_is_valid(coverage)):
        raise click.ClickException("The simplified boroughs overlap or are not valid polygons.")
    if len(encoded) > MAX_BYTES:
        raise click.ClickException(
            f"{len(encoded):,} bytes, over {MAX_BYTES:,}: raise --tolerance."
        )


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--tolerance",
    default=TOLERANCE_M,
    show_default=True,
    help="Metres: a vertex goes when the triangle it makes is smaller than this, squared.",
)
def main(source: Path, target: Path, tolerance: float) -> None:
    """Simplify the boroughs of SOURCE into TARGET, shared edges kept shared."""
    codes, names, degrees = read_source(source)
    coverage = simplify(degrees, tolerance)
    encoded = encode(codes, names, coverage)
    check(coverage, encoded)
    target.write_bytes(encoded)
    vertices = int(shapely.get_num_coordinates(coverage).sum())
    click.echo(f"{len(codes)} boroughs, {vertices:,} vertices, {len(encoded):,} bytes")


if __name__ == "__main__":
    main()
