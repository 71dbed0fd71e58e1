"""Police engagement and training: who answers, who is engaged, and how that moves."""

from collections import Counter, defaultdict

import pytest

from tests.gapmap.demo.demo_rows import (
    BROMLEY,
    CITY,
    COLLEGES,
    HACKNEY,
    HAVERING,
    POLICE_QUARTERS,
    QUARTERS,
    code_of,
    every_row,
    police_states,
    share,
    shares,
    trained_states,
)


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


def test_no_more_staff_are_trained_than_are_in_scope(by_extract):
    for row in every_row(by_extract, "training"):
        assert 0 <= int(row["staff_trained"]) <= int(row["staff_in_scope"])
        assert (row["urn"] != "") == (row["agency"] == "school")


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
