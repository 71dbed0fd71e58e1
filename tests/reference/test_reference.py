"""The committed reference data: what it must hold, and that the boundaries can be remade."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from gapmap.reference import geography

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "data" / "reference"
SHARED = ROOT.parent / "shared"
FULL_BOUNDARIES = SHARED / "reference" / "london_boroughs_source.geojson"
REGISTER_2016 = SHARED / "data" / "school_register_london_2016.csv"
GIAS_TYPES = SHARED / "data" / "gias_establishment_types.csv"

SCHOOL_TYPES = {
    "maintained",
    "academy",
    "free school",
    "independent",
    "special",
    "alternative provision",
    "nursery",
    "college",
}
PHASES = {
    "nursery",
    "primary",
    "middle deemed primary",
    "secondary",
    "middle deemed secondary",
    "all-through",
    "16 plus",
}

# Schools of the 2016 register that the simplification leaves just across a boundary.
MISPLACED_URNS = {"100461", "100463", "100531", "136022", "136746"}


def needs(*paths: Path) -> pytest.MarkDecorator:
    missing = [path.name for path in paths if not path.exists()]
    reason = f"needs {', '.join(missing)} in ../shared, which is not part of the repository"
    return pytest.mark.skipif(bool(missing), reason=reason)


def _read(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def _key(value: str) -> str:
    """The key that data/reference/README.md names: case and punctuation do not count."""
    return re.sub(r"[^a-z0-9]", "", value.lower())


@cache
def _boundaries() -> dict[str, Any]:
    features = json.loads((REFERENCE / "borough_boundaries.geojson").read_bytes())["features"]
    return {feature["properties"]["code"]: shape(feature["geometry"]) for feature in features}


@cache
def _full_boundaries() -> dict[str, Any]:
    features = json.loads(FULL_BOUNDARIES.read_bytes())["features"]
    return {feature["properties"]["GSS_CODE"]: shape(feature["geometry"]) for feature in features}


# Boroughs


def test_boroughs_are_33_with_their_partnerships_and_command_units() -> None:
    boroughs = _read(REFERENCE / "boroughs.csv")
    assert [b["borough_code"] for b in boroughs] == [f"E090000{n:02}" for n in range(1, 34)]
    assert len({b["dfe_la_code"] for b in boroughs}) == 33
    assert len({b["partnership"] for b in boroughs}) == 30
    assert len({b["police_bcu_code"] for b in boroughs} - {""}) == 12
    assert {b["inner_outer_dfe"] for b in boroughs} == {"Inner", "Outer"}


def test_north_area_keeps_its_code_na_and_the_city_has_none() -> None:
    codes = {b["borough"]: b["police_bcu_code"] for b in _read(REFERENCE / "boroughs.csv")}
    assert {name for name, code in codes.items() if code == "NA"} == {"Enfield", "Haringey"}
    assert [name for name, code in codes.items() if code == ""] == ["City of London"]


def test_boundaries_and_boroughs_agree_on_codes_and_names() -> None:
    features = json.loads((REFERENCE / "borough_boundaries.geojson").read_bytes())["features"]
    assert [f["properties"] for f in features] == [
        {"code": b["borough_code"], "name": b["borough"]} for b in _read(REFERENCE / "boroughs.csv")
    ]


# Boundaries


def test_boundaries_are_a_valid_coverage_without_gaps() -> None:
    polygons = np.array(list(_boundaries().values()))
    assert len(polygons) == 33
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    london = shapely.coverage_union_all(polygons)
    assert isinstance(london, shapely.Polygon)
    assert len(london.interiors) == 0


def test_boundaries_are_light_and_compact() -> None:
    encoded = (REFERENCE / "borough_boundaries.geojson").read_bytes()
    assert len(encoded) <= 60_000
    assert not re.search(rb"\s\W|\d\.\d{5}", encoded)


def test_rings_turn_the_way_d3_draws_them() -> None:
    for polygon in _boundaries().values():
        for part in shapely.get_parts(polygon):
            assert not part.exterior.is_ccw
            assert all(hole.is_ccw for hole in part.interiors)


def test_greater_london_has_its_known_area() -> None:
    # 1,569 km² of land by the Office for National Statistics' Standard Area Measurements.
    square_degrees = sum(polygon.area for polygon in _boundaries().values())
    square_km = square_degrees * 111.25 * 111.32 * np.cos(np.radians(51.5))
    assert square_km == pytest.approx(1_569, rel=0.005)


@needs(FULL_BOUNDARIES)
def test_no_borough_is_bent_out_of_shape() -> None:
    for code, full in _full_boundaries().items():
        assert full.symmetric_difference(_boundaries()[code]).area / full.area < 0.03, code


@needs(FULL_BOUNDARIES)
def test_the_same_boroughs_adjoin_as_in_the_full_boundaries() -> None:
    full = _full_boundaries()
    touching = {
        one: {
            other
            for other in full
            if other != one and full[one].intersection(full[other]).length > 0
        }
        for one in full
    }
    assert geography.adjoining() == touching


@needs(FULL_BOUNDARIES)
def test_the_committed_boundaries_are_what_the_script_makes(tmp_path: Path) -> None:
    script, target = REFERENCE / "make_boundaries.py", tmp_path / "boundaries.geojson"
    subprocess.run(
        [sys.executable, "-W", "error", str(script), str(FULL_BOUNDARIES), str(target)],
        check=True,
        capture_output=True,
    )
    committed = (REFERENCE / "borough_boundaries.geojson").read_bytes()
    assert target.read_bytes() == committed


def test_the_committed_adjoining_boroughs_are_what_the_script_makes(tmp_path: Path) -> None:
    script, target = REFERENCE / "make_adjoining.py", tmp_path / "adjoining.csv"
    subprocess.run(
        [sys.executable, "-W", "error", str(script), str(target)], check=True, capture_output=True
    )
    assert target.read_bytes() == (REFERENCE / "adjoining.csv").read_bytes()


@needs(FULL_BOUNDARIES)
def test_the_script_refuses_boundaries_too_heavy_for_the_browser(tmp_path: Path) -> None:
    script, target = REFERENCE / "make_boundaries.py", tmp_path / "boundaries.geojson"
    run = subprocess.run(
        [sys.executable, str(script), str(FULL_BOUNDARIES), str(target), "--tolerance", "90"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "raise --tolerance" in run.stderr
    assert not target.exists()


@needs(FULL_BOUNDARIES, REGISTER_2016)
def test_schools_stay_in_their_boroughs() -> None:
    schools = _read(REGISTER_2016, encoding="cp1252")
    codes = [school["DistrictAdministrative (code)"] for school in schools]
    lon, lat = geography.place(
        [float(school["Easting"]) for school in schools],
        [float(school["Northing"]) for school in schools],
    )
    full = _full_boundaries()
    in_full = np.array(
        [
            full[code].contains(shapely.Point(x, y))
            for code, x, y in zip(codes, lon, lat, strict=True)
        ]
    )
    moved = in_full & ~geography.lies_within(codes, lon, lat)
    assert in_full.sum() == 3_031
    assert {schools[row]["URN"] for row in np.flatnonzero(moved)} == MISPLACED_URNS


# School types


@cache
def _school_types() -> dict[str, dict[str, str]]:
    return {
        _key(row["type_of_establishment"]): row for row in _read(REFERENCE / "school_types.csv")
    }


def test_each_type_of_establishment_stands_once() -> None:
    assert len(_school_types()) == len(_read(REFERENCE / "school_types.csv"))


def test_a_type_in_scope_has_a_school_type_and_one_out_of_scope_a_reason() -> None:
    for row in _school_types().values():
        if row["in_scope"] == "yes":
            assert row["school_type"] in SCHOOL_TYPES, row
        else:
            assert (row["in_scope"], row["school_type"]) == ("no", ""), row
            assert row["note"], row
    assert {row["school_type"] for row in _school_types().values()} == SCHOOL_TYPES | {""}


@pytest.mark.parametrize(
    ("establishment", "school_type"),
    [
        ("Voluntary Aided School", "maintained"),
        ("Academy converter", "academy"),
        ("City technology college", "academy"),
        ("Studio schools", "free school"),
        ("University Technical College", "free school"),
        ("Other Independent School", "independent"),
        ("Other independent special school", "special"),
        ("Academy special converter", "special"),
        ("Free Schools - Alternative Provision", "alternative provision"),
        ("Pupil referral unit", "alternative provision"),
        ("Local authority nursery school", "nursery"),
        ("Free schools 16 to 19", "college"),
        ("Special post 16 institution", "college"),
        ("Higher education institutions", ""),
        ("Online provider", ""),
        ("Service Childrens Education", ""),
        ("Welsh establishment", ""),
    ],
)
def test_types_map_as_the_field_groups_them(establishment: str, school_type: str) -> None:
    assert _school_types()[_key(establishment)]["school_type"] == school_type


@needs(GIAS_TYPES)
def test_every_type_of_the_current_register_maps() -> None:
    names = {row["type-of-establishment-name"] for row in _read(GIAS_TYPES)}
    assert len(names) == 39
    assert {name for name in names if _key(name) not in _school_types()} == set()


@needs(REGISTER_2016)
def test_every_type_of_the_2016_register_maps() -> None:
    rows = _read(REGISTER_2016, encoding="cp1252")
    names = {row["TypeOfEstablishment (name)"] for row in rows}
    assert len(names) == 21
    assert {name for name in names if _key(name) not in _school_types()} == set()


# Phases and referral sources


def test_phases_of_one_key_agree() -> None:
    phases: dict[str, set[str]] = {}
    for row in _read(REFERENCE / "phases.csv"):
        phases.setdefault(_key(row["phase_of_education"]), set()).add(row["phase"])
    assert phases == {_key(phase): {phase} for phase in PHASES} | {"notapplicable": {""}}


def test_phases_hold_the_spellings_of_all_vintages_once() -> None:
    spellings = [row["phase_of_education"] for row in _read(REFERENCE / "phases.csv")]
    assert len(spellings) == len(set(spellings))
    assert {"All Through", "All-through", "16 plus", "Middle Deemed Primary"} <= set(spellings)


@needs(REGISTER_2016)
def test_every_phase_of_the_2016_register_is_listed_as_spelt() -> None:
    rows = _read(REGISTER_2016, encoding="cp1252")
    spellings = {row["phase_of_education"] for row in _read(REFERENCE / "phases.csv")}
    found = {row["PhaseOfEducation (name)"] for row in rows}
    assert "All Through" in found
    assert found <= spellings


def test_referral_sources_are_those_of_the_children_in_need_census() -> None:
    labels = {row["code"]: row["label"] for row in _read(REFERENCE / "referral_sources.csv")}
    expected = "1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 6 7 8 9 10"
    assert list(labels) == expected.split()
    assert (labels["2A"], labels["2B"]) == ("Schools", "Education services")
    assert (labels["6"], labels["9"], labels["10"]) == ("Police", "Anonymous", "Unknown")
    assert all(labels.values())
