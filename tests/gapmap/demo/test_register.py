"""The two registers of the demonstration, and the links between them."""

import csv
import json
from collections import Counter, defaultdict

import pyproj
import pytest
import shapely
from shapely.geometry import shape

from tests.gapmap.demo.demo_rows import (
    CITY,
    COLLEGES,
    OUTSIDE_THE_SCOPE,
    ROOT,
    STRAY,
    code_of,
    every_row,
    share,
)

REAL_REGISTER = ROOT.parent / "shared" / "data" / "school_register_london_2016.csv"


def test_the_register_has_the_declared_columns(by_extract):
    expected = [
        "URN",
        "LA (code)",
        "EstablishmentNumber",
        "EstablishmentName",
        "TypeOfEstablishment (name)",
        "EstablishmentTypeGroup (name)",
        "EstablishmentStatus (name)",
        "OpenDate",
        "CloseDate",
        "PhaseOfEducation (name)",
        "StatutoryLowAge",
        "StatutoryHighAge",
        "Gender (name)",
        "ReligiousCharacter (name)",
        "NumberOfPupils",
        "Trusts (code)",
        "Trusts (name)",
        "Federations (code)",
        "Federations (name)",
        "DistrictAdministrative (code)",
        "Easting",
        "Northing",
    ]
    for _, rows in by_extract["schools"]:
        assert list(rows[0]) == expected


def test_london_has_about_as_many_of_each_type_as_it_has(in_scope):
    types = Counter(row["TypeOfEstablishment (name)"] for row in in_scope)
    phases = Counter(row["PhaseOfEducation (name)"] for row in in_scope)
    assert len(in_scope) == pytest.approx(3150, rel=0.03)
    assert phases["Primary"] == pytest.approx(1800, rel=0.06)
    assert phases["Secondary"] + phases["All-through"] == pytest.approx(500, rel=0.06)
    assert types["Other independent school"] == pytest.approx(560, rel=0.08)
    assert sum(types[name] for name in types if "special" in name) == pytest.approx(150, rel=0.15)
    assert types["Local authority nursery school"] == pytest.approx(80, rel=0.1)
    assert sum(types[name] for name in COLLEGES) == pytest.approx(58, rel=0.15)
    alternative = [name for name in types if "alternative" in name or "Pupil referral" in name]
    assert sum(types[name] for name in alternative) == pytest.approx(60, rel=0.15)


@pytest.mark.parametrize(
    ("borough", "about"), [("Barnet", 165), ("Croydon", 150), ("Lambeth", 105), ("Merton", 75)]
)
def test_boroughs_have_about_as_many_schools_as_they_have(in_scope, borough_codes, borough, about):
    counts = Counter(row["DistrictAdministrative (code)"] for row in in_scope)
    assert counts[borough_codes[borough]] == pytest.approx(about, rel=0.06)


def test_every_borough_has_schools_and_the_city_a_handful(in_scope, borough_codes):
    counts = Counter(row["DistrictAdministrative (code)"] for row in in_scope)
    assert set(counts) == set(borough_codes.values())
    assert counts[CITY] == 6
    assert min(count for code, count in counts.items() if code != CITY) >= 60


def test_some_schools_opened_closed_and_converted_between_the_registers(registers):
    first, second = registers["2024-09-30"], registers["2026-06-30"]
    newly = [second[urn] for urn in second.keys() - first.keys()]
    converted = [row for row in newly if row["TypeOfEstablishment (name)"] == "Academy converter"]
    closed_names = {
        row["EstablishmentName"]: row
        for row in second.values()
        if row["EstablishmentStatus (name)"] == "Closed"
    }
    successors = [row for row in converted if row["EstablishmentName"] in closed_names]
    assert len(newly) == 12 + 14 + 1 + 2
    assert len(successors) == 14
    for row in successors:
        before = closed_names[row["EstablishmentName"]]
        assert (before["CloseDate"], row["OpenDate"]) == ("31-08-2025", "01-09-2025")
        assert before["TypeOfEstablishment (name)"] == "Community school"
        assert row["Trusts (code)"]
        assert not before["Trusts (code)"]
    for register in registers.values():
        statuses = Counter(row["EstablishmentStatus (name)"] for row in register.values())
        assert set(statuses) == {"Open", "Closed", "Open, but proposed to close"}
        assert 20 <= statuses["Closed"] <= 70


def test_types_are_those_of_the_reference_data(registers):
    with (ROOT / "data/reference/school_types.csv").open(encoding="utf-8", newline="") as lines:
        scope = {row["type_of_establishment"]: row["in_scope"] for row in csv.DictReader(lines)}
    held = {
        row["TypeOfEstablishment (name)"] for rows in registers.values() for row in rows.values()
    }
    assert held <= set(scope)
    assert {name for name in held if scope[name] == "no"} == OUTSIDE_THE_SCOPE


def test_academies_have_trusts_and_council_schools_none(registers):
    for row in registers["2026-06-30"].values():
        in_a_trust = row["TypeOfEstablishment (name)"].startswith(
            ("Academy", "Free schools", "University technical", "Studio")
        )
        assert bool(row["Trusts (code)"]) == bool(row["Trusts (name)"]) == in_a_trust
    federated = Counter(row["Federations (name)"] for row in registers["2026-06-30"].values())
    del federated[""]
    assert len(federated) >= 15
    assert max(federated.values()) == 2


def test_what_gias_leaves_blank_is_blank_for_some(in_scope):
    independents = [
        row for row in in_scope if row["TypeOfEstablishment (name)"] == "Other independent school"
    ]
    assert {row["PhaseOfEducation (name)"] for row in independents} == {"Not applicable"}
    assert 0.15 < share([not row["StatutoryLowAge"] for row in independents]) < 0.35
    assert 0.2 < share([not row["NumberOfPupils"] for row in independents]) < 0.4
    assert all(
        bool(row["StatutoryLowAge"]) == bool(row["StatutoryHighAge"])
        and int(row["StatutoryLowAge"] or 0) < int(row["StatutoryHighAge"] or 1)
        for row in in_scope
    )
    primaries = [row for row in in_scope if row["PhaseOfEducation (name)"] == "Primary"]
    assert all(row["NumberOfPupils"] and row["StatutoryLowAge"] for row in primaries)


def test_urns_are_synthetic_and_numbers_unique_among_open_schools(registers):
    for register in registers.values():
        assert all(900_001 <= int(urn) <= 909_999 for urn in register)
        numbers = Counter(
            (row["LA (code)"], row["EstablishmentNumber"])
            for row in register.values()
            if row["EstablishmentStatus (name)"] != "Closed"
        )
        assert max(numbers.values()) == 1


def test_points_lie_in_their_borough_but_for_three(registers):
    """Judged in degrees, as the register's points are placed on loading."""
    features = json.loads((ROOT / "data/reference/borough_boundaries.geojson").read_text("utf-8"))
    polygons = {one["properties"]["code"]: one for one in features["features"]}
    to_degrees = pyproj.Transformer.from_crs(27700, 4326, always_xy=True)
    outside = []
    for row in registers["2026-06-30"].values():
        feature = polygons[row["DistrictAdministrative (code)"]]
        x, y = to_degrees.transform(int(row["Easting"]), int(row["Northing"]))
        polygon = shape(feature["geometry"])
        if not shapely.contains_xy(polygon, x, y):
            outside.append(feature["properties"]["name"])
            assert polygon.distance(shapely.Point(x, y)) < 0.005
    assert sorted(outside) == sorted(STRAY)


def test_open_schools_have_names_of_their_own(registers):
    for register in registers.values():
        names = [
            row["EstablishmentName"].casefold()
            for row in register.values()
            if row["EstablishmentStatus (name)"] != "Closed"
        ]
        assert len(set(names)) == len(names)


def test_no_name_is_that_of_a_real_london_school(registers):
    if not REAL_REGISTER.exists():
        pytest.skip("the real register of 2016 is not here to compare names with")
    with REAL_REGISTER.open(encoding="cp1252", newline="") as lines:
        real = {row["EstablishmentName"].casefold() for row in csv.DictReader(lines)}
    assert len(real) > 2500
    invented = {
        row["EstablishmentName"].casefold() for rows in registers.values() for row in rows.values()
    }
    assert invented & real == set()
    stems = {name.split()[0] for name in invented}
    assert stems & {word.strip(".,'’()") for name in real for word in name.split()} == set()


# Links


def linked(by_extract) -> dict[str, dict[str, set[str]]]:
    """By type of link and URN: the URNs that it is linked to."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in every_row(by_extract, "school_links"):
        found[row["LinkType"]][row["URN"]].add(row["LinkURN"])
    return found


def test_every_link_stands_in_both_directions(by_extract):
    links = {
        (row["URN"], row["LinkURN"], row["LinkType"], row["LinkEstablishedDate"])
        for row in every_row(by_extract, "school_links")
    }
    assert links == {(other, urn, _opposite(kind), day) for urn, other, kind, day in links}
    assert {day for *_, day in links} == {"01-09-2025"}


def _opposite(kind: str) -> str:
    there, back = "Predecessor", "Successor"
    return kind.replace(there, back) if there in kind else kind.replace(back, there)


def test_conversions_are_one_to_one_and_a_merger_and_a_split_are_not(by_extract, registers):
    found = linked(by_extract)
    now = registers["2026-06-30"]
    assert len(found["Predecessor"]) == 14
    for urn, before in found["Predecessor"].items():
        (old,) = before
        assert found["Successor"][old] == {urn}
        assert now[urn]["TypeOfEstablishment (name)"] == "Academy converter"
        assert now[old]["EstablishmentStatus (name)"] == "Closed"
        assert now[old]["EstablishmentName"] == now[urn]["EstablishmentName"]
    ((merged, before),) = found["Predecessor - merged"].items()
    assert {len(before), len(found["Successor - merged"])} == {2}
    ages = {
        (now[urn]["StatutoryLowAge"], now[urn]["StatutoryHighAge"]) for urn in (merged, *before)
    }
    assert ages == {("3", "7"), ("7", "11"), ("3", "11")}
    ((split, after),) = found["Successor - Split School"].items()
    assert now[split]["PhaseOfEducation (name)"] == "All-through"
    assert {now[urn]["PhaseOfEducation (name)"] for urn in after} == {"Primary", "Secondary"}
    assert len(found["Predecessor - Split School"]) == 2


def test_linked_schools_are_in_the_register_and_in_one_borough(by_extract, registers):
    now = registers["2026-06-30"]
    ((file, rows),) = by_extract["school_links"]
    boroughs = set()
    for row in rows:
        one, other = now[row["URN"]], now[row["LinkURN"]]
        assert code_of(one) == code_of(other)
        assert row["LinkName"] == other["EstablishmentName"]
        boroughs.add(code_of(one))
    assert boroughs == set(file.covers) - set(file.nil_returns)
    assert len(file.covers) == 33
