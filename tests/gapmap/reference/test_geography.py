"""Boundaries, hatching, placing and adjoining, at places whose position is public knowledge."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from gapmap.reference import geography

CITY, CAMDEN, HACKNEY, ISLINGTON = "E09000001", "E09000007", "E09000012", "E09000019"
KINGSTON, RICHMOND, SOUTHWARK = "E09000021", "E09000027", "E09000028"
TOWER_HAMLETS, WESTMINSTER = "E09000030", "E09000033"

# King's Cross station, in Camden.
KINGS_CROSS = (-0.1233, 51.5308)
# Trafalgar Square, in Westminster.
TRAFALGAR_SQUARE = (-0.1281, 51.5080)


def _hatching_by_code() -> dict[str, Any]:
    features = json.loads(geography.hatching_geojson())["features"]
    return {feature["properties"]["code"]: feature["geometry"] for feature in features}


def test_boundaries_are_the_33_boroughs() -> None:
    collection = geography.boundaries()
    assert collection["type"] == "FeatureCollection"
    properties = [feature["properties"] for feature in collection["features"]]
    assert [p["code"] for p in properties] == [f"E090000{n:02}" for n in range(1, 34)]
    assert properties[6] == {"code": CAMDEN, "name": "Camden"}


def test_the_browser_gets_the_same_boundaries() -> None:
    assert json.loads(geography.boundaries_geojson()) == geography.boundaries()


def test_importing_the_module_loads_no_geometry_library() -> None:
    program = (
        "import sys, gapmap.reference.geography; "
        "print({'shapely', 'pyproj', 'numpy'} & set(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "set()"


def test_hatching_covers_every_borough_with_its_properties() -> None:
    hatching = json.loads(geography.hatching_geojson())
    assert [f["properties"] for f in hatching["features"]] == [
        f["properties"] for f in geography.boundaries()["features"]
    ]
    assert {f["geometry"]["type"] for f in hatching["features"]} == {"MultiLineString"}
    assert min(len(f["geometry"]["coordinates"]) for f in hatching["features"]) >= 2
    assert len(geography.hatching_geojson()) < 60_000


def test_hatching_stays_inside_its_borough() -> None:
    hatching = _hatching_by_code()
    for feature in geography.boundaries()["features"]:
        # 0.0002 degrees: the ends of the lines are rounded to 0.0001.
        borough = shape(feature["geometry"]).buffer(0.0002)
        assert borough.covers(shape(hatching[feature["properties"]["code"]]))


def _in_metres(borough: str) -> list[Any]:
    """Hatch lines in kilometres east and north of a point in London, near enough to measure."""
    east_km, north_km = 111.3 * np.cos(np.radians(51.5)), 111.2
    return [
        np.array(line) * (east_km, north_km) for line in _hatching_by_code()[borough]["coordinates"]
    ]


@pytest.mark.parametrize("borough", ["E09000006", "E09000016", "E09000017"])
def test_hatch_lines_rise_at_45_degrees(borough: str) -> None:
    for line in _in_metres(borough):
        east, north = line[-1] - line[0]
        if np.hypot(east, north) > 0.5:
            # Grid north leans from true north by under 2 degrees in London.
            assert np.degrees(np.arctan2(north, east)) == pytest.approx(45, abs=3)


def test_hatch_lines_lie_1200_metres_apart() -> None:
    lines = _in_metres("E09000006")
    angle = np.median([np.arctan2(*(line[-1] - line[0])[::-1]) for line in lines])
    across = np.array([-np.sin(angle), np.cos(angle)])
    positions = np.sort([line.mean(axis=0) @ across for line in lines])
    gaps = np.diff(positions)
    assert np.median(gaps[gaps > 0.3]) == pytest.approx(1.2, abs=0.05)


def test_hatching_runs_on_across_a_shared_boundary() -> None:
    camden, westminster = (_hatching_by_code()[code] for code in (CAMDEN, WESTMINSTER))
    ends = {tuple(end) for line in camden["coordinates"] for end in (line[0], line[-1])}
    continued = [line for line in westminster["coordinates"] if tuple(line[-1]) in ends]
    assert continued


def test_place_knows_the_ordnance_survey_worked_example() -> None:
    """Caister water tower, from "A guide to coordinate systems in Great Britain".

    It gives 651409.792, 313177.448 as 52°39'28.8282"N 1°42'57.8663"E in ETRS89, by OSTN02.
    """
    lon, lat = geography.place([651409.792], [313177.448])
    metres_per_degree = 111_200
    assert (lat[0] - 52.65800783) * metres_per_degree == pytest.approx(0, abs=5)
    assert (lon[0] - 1.71607397) * metres_per_degree * 0.607 == pytest.approx(0, abs=5)


def test_place_puts_schools_on_the_ground_in_london() -> None:
    # Trafalgar Square is TQ 300 804.
    lon, lat = geography.place([530_000], [180_400])
    assert (lon[0], lat[0]) == pytest.approx(TRAFALGAR_SQUARE, abs=0.001)


def test_place_keeps_unknown_points_unknown() -> None:
    lon, lat = geography.place([530_000, np.nan, 530_000, 1e12], [180_400, 180_400, np.nan, 1e12])
    assert np.isnan(lon).tolist() == [False, True, True, True]
    assert np.isnan(lat).tolist() == [False, True, True, True]


def test_place_of_nothing_is_nothing() -> None:
    lon, lat = geography.place([], [])
    assert (lon.shape, lat.shape) == ((0,), (0,))


def test_place_refuses_columns_of_unequal_length() -> None:
    with pytest.raises(ValueError, match="eastings"):
        geography.place([530_000, 530_001], [180_400])


def test_lies_within_judges_each_point_by_the_borough_of_its_row() -> None:
    lon, lat = zip(KINGS_CROSS, KINGS_CROSS, TRAFALGAR_SQUARE, TRAFALGAR_SQUARE, strict=True)
    inside = geography.lies_within([CAMDEN, WESTMINSTER, WESTMINSTER, CAMDEN], lon, lat)
    assert inside.dtype == np.bool_
    assert inside.tolist() == [True, False, True, False]


def test_lies_within_says_no_to_a_point_that_is_not_known() -> None:
    lon, lat = [np.nan, KINGS_CROSS[0], np.nan], [KINGS_CROSS[1], np.nan, np.nan]
    assert geography.lies_within([CAMDEN] * 3, lon, lat).tolist() == [False] * 3


def test_lies_within_refuses_an_authority_outside_london() -> None:
    with pytest.raises(KeyError, match="E07000207"):
        geography.lies_within([CAMDEN, "E07000207"], [-0.1233, -0.3], [51.5308, 51.4])


def test_lies_within_refuses_columns_of_unequal_length() -> None:
    with pytest.raises(ValueError, match="borough_codes"):
        geography.lies_within([CAMDEN], [-0.1, -0.1], [51.5, 51.5])


def test_adjoining_names_the_neighbours_on_land() -> None:
    adjoining = geography.adjoining()
    assert adjoining[CITY] == {CAMDEN, HACKNEY, ISLINGTON, TOWER_HAMLETS, WESTMINSTER}
    assert KINGSTON in adjoining[RICHMOND]
    assert SOUTHWARK not in adjoining[CITY]


FACING = [
    ("Tower Hamlets", "Southwark"), ("Tower Hamlets", "Greenwich"), ("Tower Hamlets", "Lewisham"),
    ("Greenwich", "Newham"), ("Greenwich", "Barking and Dagenham"),
    ("Bexley", "Barking and Dagenham"), ("Bexley", "Havering"), ("City of London", "Southwark"),
    ("City of London", "Lambeth"), ("Westminster", "Lambeth"), ("Westminster", "Southwark"),
    ("Westminster", "Wandsworth"), ("Kensington and Chelsea", "Wandsworth"),
    ("Hammersmith and Fulham", "Wandsworth"), ("Hammersmith and Fulham", "Richmond upon Thames"),
]  # fmt: skip


def test_who_faces_whom_across_the_thames() -> None:
    names = {
        f["properties"]["name"]: f["properties"]["code"] for f in geography.boundaries()["features"]
    }
    found = {
        frozenset((one, other))
        for one, others in geography.facing_across_thames().items()
        for other in others
    }
    assert found == {frozenset((names[one], names[other])) for one, other in FACING}


def test_nobody_both_adjoins_and_faces() -> None:
    for borough, others in geography.facing_across_thames().items():
        assert not others & geography.adjoining()[borough]
        assert all(borough in geography.facing_across_thames()[other] for other in others)
    # Richmond lies on both banks: it touches Hounslow on land.
    assert "E09000018" in geography.adjoining()[RICHMOND]


def test_adjoining_is_mutual_and_leaves_nobody_alone() -> None:
    adjoining = geography.adjoining()
    assert len(adjoining) == 33
    for borough, neighbours in adjoining.items():
        assert neighbours
        assert borough not in neighbours
        assert all(borough in adjoining[neighbour] for neighbour in neighbours)


def test_results_are_made_once() -> None:
    assert geography.boundaries() is geography.boundaries()
    assert geography.hatching_geojson() is geography.hatching_geojson()
    assert geography.adjoining() is geography.adjoining()


def test_a_point_on_the_line_is_in_neither_borough() -> None:
    polygons = {
        f["properties"]["code"]: shape(f["geometry"]) for f in geography.boundaries()["features"]
    }
    shared = shapely.line_merge(polygons[RICHMOND].intersection(polygons[KINGSTON]))
    x, y = shapely.get_coordinates(shared)[0]
    assert geography.lies_within([RICHMOND, KINGSTON], [x, x], [y, y]).tolist() == [False, False]
