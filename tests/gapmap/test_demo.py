"""The demonstration data, read back from its files as an upload would be."""

import csv
import io
import json
from collections import Counter, defaultdict
from pathlib import Path

import pyproj
import pytest
import shapely
from shapely.geometry import shape

from gapmap.demo import DEMONSTRATION_NOTICE, DemoFile, demonstration_files

ROOT = Path(__file__).resolve().parents[2]
REAL_REGISTER = ROOT.parent / "shared" / "data" / "school_register_london_2016.csv"

HACKNEY, BROMLEY, HAVERING, CITY = "E09000012", "E09000006", "E09000016", "E09000001"
STRAY = {"Brent", "Lewisham", "Sutton"}
ENGAGED = {"named contact", "active", "embedded"}
# The first month of the term before the one in which the quarter ends.
PREVIOUS_TERM = {
    "2024-Q4": "2024-04",
    "2025-Q2": "2025-01",
    "2025-Q4": "2025-04",
    "2026-Q1": "2025-09",
    "2026-Q2": "2026-01",
    "2026-Q3": "2026-04",
}
POLICE_QUARTERS = list(PREVIOUS_TERM)
QUARTERS = [
    "2024-Q4",
    "2025-Q1",
    "2025-Q2",
    "2025-Q3",
    "2025-Q4",
    "2026-Q1",
    "2026-Q2",
    "2026-Q3",
]
OUTSIDE_THE_SCOPE = {"Higher education institutions", "Online provider"}
COLLEGES = {
    "Further education",
    "Sixth form centres",
    "Special post 16 institution",
    "Academy 16-19 converter",
    "Academy 16 to 19 sponsor led",
    "Free schools 16 to 19",
}

Row = dict[str, str]


def rows_of(file: DemoFile) -> list[Row]:
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8"), newline="")))


@pytest.fixture(scope="module")
def files() -> list[DemoFile]:
    return list(demonstration_files())


@pytest.fixture(scope="module")
def by_extract(files: list[DemoFile]) -> dict[str, list[tuple[DemoFile, list[Row]]]]:
    read = defaultdict(list)
    for file in files:
        read[file.extract].append((file, rows_of(file)))
    return dict(read)


@pytest.fixture(scope="module")
def registers(by_extract) -> dict[str, dict[str, Row]]:
    """Rows by URN, by the register's date."""
    return {
        file.register_date.isoformat(): {row["URN"]: row for row in rows}
        for file, rows in by_extract["schools"]
    }


@pytest.fixture(scope="module")
def school(registers) -> dict[str, Row]:
    return registers["2024-09-30"] | registers["2026-06-30"]


@pytest.fixture(scope="module")
def in_scope(registers) -> list[Row]:
    return [
        row
        for row in registers["2024-09-30"].values()
        if row["EstablishmentStatus (name)"] != "Closed"
        and row["TypeOfEstablishment (name)"] not in OUTSIDE_THE_SCOPE
    ]


@pytest.fixture(scope="module")
def borough_codes() -> dict[str, str]:
    with (ROOT / "data/reference/boroughs.csv").open(encoding="utf-8", newline="") as lines:
        return {row["borough"]: row["borough_code"] for row in csv.DictReader(lines)}


def share(states: list[bool]) -> float:
    return sum(states) / len(states)


def code_of(row: Row) -> str:
    return row["DistrictAdministrative (code)"]


def police_states(by_extract, school, quarter: str) -> dict[str, dict[str, bool]]:
    """Met (True) or gap by URN, by borough; a named contact without a month is unknown."""
    states: dict[str, dict[str, bool]] = defaultdict(dict)
    for file, rows in by_extract["police_engagement"]:
        for row in rows if file.quarter == quarter else ():
            engaged = row["level"] in ENGAGED
            if engaged and not row["last_contact_month"]:
                continue
            recent = row["last_contact_month"] >= PREVIOUS_TERM[quarter]
            borough = school[row["urn"]]["DistrictAdministrative (code)"]
            states[borough][row["urn"]] = engaged and recent
    return states


def trained_states(by_extract, school, quarter: str, courses: str) -> dict[str, dict[str, bool]]:
    """The same for training: `HSB`, at least one trained; `DSL`, all in scope in date."""
    counts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for file, rows in by_extract["training"]:
        for row in rows if file.quarter == quarter else ():
            if row["agency"] == "school" and courses in row["course"]:
                counts[row["urn"]].append((int(row["staff_trained"]), int(row["staff_in_scope"])))
    states: dict[str, dict[str, bool]] = defaultdict(dict)
    for urn, pairs in counts.items():
        trained, in_scope = map(sum, zip(*pairs, strict=True))
        met = trained > 0 if courses == "HSB" else trained == in_scope
        states[school[urn]["DistrictAdministrative (code)"]][urn] = met
    return states


def shares(states: dict[str, dict[str, bool]]) -> dict[str, float]:
    return {borough: share(list(its.values())) for borough, its in states.items()}


# The files as a whole


def test_the_notice_says_that_schools_and_figures_are_invented():
    assert "every school, trust and figure on these screens is invented" in DEMONSTRATION_NOTICE
    assert DEMONSTRATION_NOTICE.count(".") == 1


def test_the_same_seed_gives_the_same_files_and_another_seed_others(files):
    assert list(demonstration_files()) == files
    other = list(demonstration_files(seed=1))
    assert [file.name for file in other] == [file.name for file in files]
    assert all(one.content != two.content for one, two in zip(other, files, strict=True))


def test_first_start_has_about_300_files_to_publish(files):
    assert Counter(file.extract for file in files) == {
        "schools": 2,
        "referrals": 131,
        "training": 69,
        "police_engagement": 74,
    }
    assert len({file.name for file in files}) == len(files)
    assert all(file.submitted_by.endswith(".example") for file in files)


def test_files_come_in_order_and_only_registers_have_a_date(files):
    quarters = [file.quarter for file in files if file.extract != "schools"]
    assert quarters == sorted(quarters)
    assert sorted(set(quarters)) == QUARTERS
    dated = [(file.extract, str(file.register_date)) for file in files if file.register_date]
    assert dated == [("schools", "2024-09-30"), ("schools", "2026-06-30")]
    assert [file.quarter for file in files if file.extract == "schools"] == ["2024-Q3", "2026-Q2"]


def test_a_register_comes_before_what_names_its_schools_and_they_are_open_in_it(files):
    held: dict[str, Row] = {}
    for file in files:
        rows = rows_of(file)
        if file.extract == "schools":
            held = {row["URN"]: row for row in rows}
            continue
        named = {row[column] for row in rows for column in ("urn", "urn_attended") if column in row}
        for urn in named - {""}:
            assert held[urn]["EstablishmentStatus (name)"] != "Closed", (file.name, urn)


def test_no_file_names_a_school_after_the_closure_that_its_register_announced(
    by_extract, registers
):
    announced = {
        urn: row["CloseDate"]
        for urn, row in registers["2026-06-30"].items()
        if row["EstablishmentStatus (name)"] == "Open, but proposed to close"
    }
    assert Counter(announced.values()) == {"31-08-2026": 7, "31-08-2027": 2}
    gone = {urn for urn, day in announced.items() if day == "31-08-2026"}
    for file, rows in by_extract["police_engagement"]:
        if file.quarter == "2026-Q3":
            assert gone.isdisjoint(row["urn"] for row in rows)


def test_rows_lie_in_the_boroughs_that_the_file_covers(by_extract, school, borough_codes):
    for extract in ("referrals", "training", "police_engagement"):
        for file, rows in by_extract[extract]:
            found = {
                borough_codes[row["borough"]]
                if "borough" in row
                else school[row["urn"]]["DistrictAdministrative (code)"]
                for row in rows
            }
            assert found == set(file.covers) - set(file.nil_returns), file.name
            assert {row["quarter"] for row in rows} == {file.quarter}


# The registers


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
    assert len(newly) == 12 + 14
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


# Keys and vocabulary

KEYS = {
    "schools": ["URN"],
    "referrals": [
        "quarter",
        "borough",
        "urn",
        "urn_attended",
        "referral_type",
        "source",
        "outcome",
    ],
    "training": ["quarter", "borough", "agency", "urn", "course"],
    "police_engagement": ["quarter", "urn"],
}
VOCABULARY = {
    "referrals": {
        "referral_type": {"HSB", "other child-on-child abuse"},
        "source": {
            "1A",
            "1B",
            "1C",
            "1D",
            "2A",
            "2B",
            "3A",
            "3B",
            "3C",
            "3D",
            "3E",
            "3F",
            "4",
            "5A",
            "5B",
            "5C",
            "6",
            "7",
            "8",
            "9",
            "10",
        },
        "outcome": {
            "not yet decided",
            "NFA",
            "early help",
            "assessment",
            "strategy discussion",
            "s47",
        },
    },
    "training": {
        "agency": {
            "school",
            "children's social care",
            "police",
            "health",
            "youth justice",
            "voluntary",
        },
        "course": {
            "DSL initial",
            "DSL refresher",
            "deputy DSL",
            "all-staff annual",
            "governor",
            "HSB specialist",
            "multi-agency HSB",
        },
    },
    "police_engagement": {
        "role": {
            "safer schools officer",
            "designated ward officer CYP",
            "youth engagement officer",
            "other",
        },
        "priority_school": {"yes", "no", "not asked", "no reply"},
        "level": {"none", "contacted", "named contact", "active", "embedded"},
    },
}


@pytest.mark.parametrize("extract", KEYS)
def test_keys_are_unique_in_each_file(by_extract, extract):
    for file, rows in by_extract[extract]:
        keys = [tuple(row[column] for column in KEYS[extract]) for row in rows]
        assert len(set(keys)) == len(keys) > 0, file.name


@pytest.mark.parametrize("extract", VOCABULARY)
def test_every_word_of_the_vocabulary_is_used_and_no_other(by_extract, extract):
    used = defaultdict(set)
    for _, rows in by_extract[extract]:
        for row in rows:
            for column in VOCABULARY[extract]:
                used[column].add(row[column])
    assert used == VOCABULARY[extract]


def test_counts_fit_each_other(by_extract):
    for _, rows in by_extract["training"]:
        for row in rows:
            assert 0 <= int(row["staff_trained"]) <= int(row["staff_in_scope"])
            assert (row["urn"] != "") == (row["agency"] == "school")
    for _, rows in by_extract["referrals"]:
        for row in rows:
            assert int(row["referrals"]) >= 1
            assert 0 <= int(row["aim_assessments"]) <= int(row["referrals"])
            assert 0 <= int(row["criminal_justice"]) <= int(row["referrals"])
            assert not row["urn"] or row["source"] == "2A"


def test_a_school_has_one_lead_row_and_nurseries_no_hsb_course(by_extract, school):
    for _, rows in by_extract["training"]:
        leads = Counter(
            row["urn"] for row in rows if row["course"] in {"DSL initial", "DSL refresher"}
        )
        schools = {row["urn"] for row in rows if row["agency"] == "school"}
        assert leads == dict.fromkeys(schools, 1)
        for row in rows:
            if row["agency"] == "school" and "HSB" in row["course"]:
                assert school[row["urn"]]["PhaseOfEducation (name)"] != "Nursery"


def test_months_are_not_after_the_quarter_and_blank_for_some(by_extract):
    rows = [row for _, rows in by_extract["police_engagement"] for row in rows]
    last = {quarter: f"{quarter[:4]}-{3 * int(quarter[-1]):02d}" for quarter in QUARTERS}
    assert all(row["last_contact_month"] <= last[row["quarter"]] for row in rows)
    assert 0.03 < share([not row["last_contact_month"] for row in rows]) < 0.2
    never = [row for row in rows if row["level"] == "none"]
    assert {row["last_contact_month"] for row in never} == {""}
    assert {row["visits"] for row in never} == {"0"}


# Patterns


@pytest.mark.parametrize("quarter", POLICE_QUARTERS)
def test_independents_are_clearly_less_engaged_and_colleges_between(by_extract, school, quarter):
    states = {
        urn: met
        for its in police_states(by_extract, school, quarter).values()
        for urn, met in its.items()
    }
    kinds = defaultdict(list)
    for urn, met in states.items():
        name = school[urn]["TypeOfEstablishment (name)"]
        kind = "college" if name in COLLEGES else name
        kinds[kind if kind in {"college", "Other independent school"} else "other"].append(met)
    assert (
        share(kinds["Other independent school"]) < share(kinds["college"]) < share(kinds["other"])
    )
    assert share(kinds["other"]) - share(kinds["Other independent school"]) > 0.3


@pytest.mark.parametrize("courses", ["HSB", "DSL"])
def test_independents_are_less_trained(by_extract, school, courses):
    kinds = defaultdict(list)
    for its in trained_states(by_extract, school, "2025-Q4", courses).values():
        for urn, met in its.items():
            independent = school[urn]["TypeOfEstablishment (name)"] == "Other independent school"
            kinds[independent].append(met)
    assert share(kinds[False]) - share(kinds[True]) > 0.25


def test_boroughs_spread_from_a_third_to_nine_tenths(by_extract, school):
    for found in (
        shares(police_states(by_extract, school, "2026-Q3")),
        shares(trained_states(by_extract, school, "2025-Q4", "HSB")),
    ):
        assert 0.3 < min(found.values()) < 0.45
        assert 0.8 < max(found.values()) < 0.93


def test_hackney_improved_and_bromley_slipped(by_extract, school):
    police = [shares(police_states(by_extract, school, quarter)) for quarter in POLICE_QUARTERS]
    hackney = [found[HACKNEY] for found in police]
    bromley = [found[BROMLEY] for found in police]
    assert hackney == sorted(hackney)
    assert hackney[-1] - hackney[0] > 0.4
    assert bromley == sorted(bromley, reverse=True)
    assert bromley[0] - bromley[-1] > 0.3
    first, last = (
        shares(trained_states(by_extract, school, quarter, "HSB"))
        for quarter in ("2024-Q4", "2026-Q2")
    )
    assert last[HACKNEY] - first[HACKNEY] > 0.3
    assert first[BROMLEY] - last[BROMLEY] > 0.2


def test_no_other_borough_moved_as_far(by_extract, school):
    first, last = (
        shares(police_states(by_extract, school, quarter)) for quarter in ("2024-Q4", "2026-Q3")
    )
    moved = {code: last[code] - first[code] for code in last if code in first}
    assert {code for code, points in moved.items() if abs(points) > 0.2} == {HACKNEY, BROMLEY}


def test_havering_never_sent_training_and_no_police_file_covers_it(by_extract):
    for extract in ("training", "police_engagement"):
        assert all(HAVERING not in file.covers for file, _ in by_extract[extract])
    east = [file for file, _ in by_extract["police_engagement"] if "_EA_" in file.name]
    assert {file.covers for file in east} == {("E09000002", "E09000026")}
    assert any(HAVERING in file.covers for file, _ in by_extract["referrals"])


def test_north_areas_file_bears_its_code(by_extract):
    names = [file.name for file, _ in by_extract["police_engagement"] if "_NA_" in file.name]
    assert names == [f"police_engagement_NA_{quarter}.csv" for quarter in POLICE_QUARTERS]


def test_the_city_police_stopped_sending(by_extract):
    sent = [file.quarter for file, _ in by_extract["police_engagement"] if CITY in file.covers]
    assert sent == ["2024-Q4", "2025-Q2"]


def test_merton_has_not_sent_its_last_referrals(by_extract, borough_codes):
    sent: dict[str, set[str]] = defaultdict(set)
    for file, _ in by_extract["referrals"]:
        sent[file.quarter].update(file.covers)
    everywhere = set(borough_codes.values())
    assert {quarter: everywhere - covered for quarter, covered in sent.items()} == {
        quarter: {borough_codes["Merton"]} if quarter == "2026-Q3" else set()
        for quarter in QUARTERS
    }


def test_the_city_ticks_a_nil_return_in_six_of_eight_quarters(by_extract):
    nil = [
        (file.quarter, file.nil_returns) for file, _ in by_extract["referrals"] if file.nil_returns
    ]
    assert sorted(nil) == [
        (quarter, (CITY,)) for quarter in QUARTERS if quarter not in {"2025-Q1", "2026-Q2"}
    ]


def test_schools_are_absent_from_files_and_some_answers_are_old(
    by_extract, school, in_scope, registers
):
    named: dict[str, set[str]] = defaultdict(set)
    for file, rows in by_extract["police_engagement"]:
        named[file.quarter].update(row["urn"] for row in rows)
    asked = [row for row in in_scope if row["PhaseOfEducation (name)"] != "Nursery"]
    present = [row["URN"] in named["2024-Q4"] for row in asked]
    independent = [
        row["URN"] in named["2024-Q4"]
        for row in asked
        if row["TypeOfEstablishment (name)"] == "Other independent school"
    ]
    assert 0.8 < share(present) < 0.95
    assert 0.6 < share(independent) < 0.8
    later = set().union(*(named[quarter] for quarter in POLICE_QUARTERS[2:]))
    still_open = {row["URN"] for row in in_scope} & registers["2026-06-30"].keys()
    boroughs_still_sent = {urn for urn in still_open if code_of(school[urn]) != CITY}
    assert len((named["2025-Q2"] - later) & boroughs_still_sent) > 80


def test_officers_roles_changed_in_may_2025(by_extract):
    roles: dict[str, Counter[str]] = defaultdict(Counter)
    for file, rows in by_extract["police_engagement"]:
        roles[file.quarter].update(row["role"] for row in rows)
    assert set(roles["2024-Q4"]) == {"safer schools officer"}
    for quarter in POLICE_QUARTERS[1:]:
        assert roles[quarter]["designated ward officer CYP"] / roles[quarter].total() > 0.6
    assert "safer schools officer" not in roles["2026-Q3"]


def test_referrals_are_few_in_a_borough_and_fewer_in_the_summer(by_extract, borough_codes):
    counts: Counter[tuple[str, str]] = Counter()
    for _, rows in by_extract["referrals"]:
        for row in rows:
            if row["referral_type"] == "HSB":
                counts[row["quarter"], row["borough"]] += int(row["referrals"])
    assert all(5 <= count <= 40 for (_, name), count in counts.items() if name != "City of London")
    assert {key: count for key, count in counts.items() if key[1] == "City of London"} == {
        ("2025-Q1", "City of London"): 1,
        ("2026-Q2", "City of London"): 2,
    }
    london = {q: sum(counts[q, name] for name in borough_codes) for q in QUARTERS}
    assert london["2025-Q3"] < 0.75 * min(london["2025-Q2"], london["2025-Q4"])
    assert london["2026-Q3"] < 0.75 * london["2026-Q2"]


def test_most_school_referrals_carry_a_urn_and_boroughs_differ(by_extract):
    carried: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for _, rows in by_extract["referrals"]:
        for row in rows:
            if row["source"] == "2A":
                made[row["borough"]] += int(row["referrals"])
                carried[row["borough"]] += int(row["referrals"]) if row["urn"] else 0
    assert carried.total() / made.total() == pytest.approx(0.85, abs=0.04)
    boroughs = {name: carried[name] / made[name] for name in made if made[name] > 20}
    assert sum(carries < 0.8 for carries in boroughs.values()) >= 3
    assert sum(carries >= 0.8 for carries in boroughs.values()) >= 15


def test_outcomes_of_the_last_two_quarters_are_still_open(by_extract):
    open_: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for file, rows in by_extract["referrals"]:
        for row in rows:
            every[file.quarter] += int(row["referrals"])
            open_[file.quarter] += int(row["referrals"]) * (row["outcome"] == "not yet decided")
    undecided = {quarter: open_[quarter] / every[quarter] for quarter in QUARTERS}
    assert undecided["2026-Q3"] > 0.28 > 0.22 > undecided["2026-Q2"] > 0.1
    assert all(undecided[quarter] < 0.05 for quarter in QUARTERS[:-2])
