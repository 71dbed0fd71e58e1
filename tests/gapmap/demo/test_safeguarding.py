"""Schools' safeguarding returns: their rhythm, the four answers, and what improves."""

from collections import Counter, defaultdict

import pytest

from gapmap.demo.boroughs import by_partnership, read_boroughs
from gapmap.demo.safeguarding import COURSES, ITEMS, OF_PARTNERSHIP, OF_SCHOOL
from tests.gapmap.demo.demo_rows import COLLEGES, QUARTERS, code_of, every_row, share

EXTRACT = "school_safeguarding"
INDEPENDENT = "Other independent school"
FIRST_YEAR = {"2024-Q4", "2025-Q1", "2025-Q2"}


def kind_of(row) -> str:
    name = row["TypeOfEstablishment (name)"]
    return "college" if name in COLLEGES else name


def yes_share(rows, item: str) -> float:
    """Yes of yes and no: what schools answered, as the indicators count it."""
    return share([row[item] == "yes" for row in rows if row[item] in {"yes", "no"}])


def test_a_partnership_sends_a_file_for_all_its_boroughs(by_extract, borough_codes):
    partners = {
        frozenset(one.code for one in boroughs)
        for boroughs in by_partnership(read_boroughs()).values()
    }
    assert len(partners) == 30
    sent = Counter(frozenset(file.covers) for file, _ in by_extract[EXTRACT])
    assert set(sent) <= partners
    silent = {code for boroughs in partners - set(sent) for code in boroughs}
    assert silent == {borough_codes["Newham"]}
    once = {code for boroughs, times in sent.items() if times == 1 for code in boroughs}
    assert once == {borough_codes[name] for name in ("Bexley", "Enfield", "Merton")}
    assert max(sent.values()) == 2


def test_returns_are_staggered_and_some_late(by_extract, borough_codes):
    quarters = Counter(file.quarter for file, _ in by_extract[EXTRACT])
    assert set(quarters) == set(QUARTERS) - {"2025-Q3"}
    assert all(quarters[quarter] >= 5 for quarter in quarters if quarter != "2026-Q3")
    late = {
        code for file, _ in by_extract[EXTRACT] if file.quarter == "2026-Q3" for code in file.covers
    }
    assert late == {borough_codes[name] for name in ("Sutton", "City of London", "Hackney")}


def test_answers_of_a_year_ago_go_out_of_date(by_extract, borough_codes):
    sent = [
        file.quarter for file, _ in by_extract[EXTRACT] if borough_codes["Bexley"] in file.covers
    ]
    assert sent == ["2024-Q4"]


@pytest.mark.parametrize("item", ITEMS)
def test_every_item_has_more_yes_in_the_second_year(by_extract, item):
    years = defaultdict(list)
    for file, rows in by_extract[EXTRACT]:
        years[file.quarter in FIRST_YEAR] += rows
    assert yes_share(years[False], item) > yes_share(years[True], item)


def test_what_the_partnership_knows_has_a_reply_but_for_the_schools_own_returns(by_extract):
    counts = {item: Counter(row[item] for row in every_row(by_extract, EXTRACT)) for item in ITEMS}
    for item in OF_PARTNERSHIP:
        returned = item.endswith("_returned")
        assert (counts[item]["no reply"] > 0) == returned, item
    for item in OF_SCHOOL:
        assert 0.05 < counts[item]["no reply"] / counts[item].total() < 0.2, item


def test_independents_answer_and_are_asked_less_often(by_extract, school, in_scope):
    replies = defaultdict(list)
    for row in every_row(by_extract, EXTRACT):
        replies[kind_of(school[row["urn"]])].append(row["reviewed"])
    independent = Counter(replies.pop(INDEPENDENT))
    others = Counter(answer for answers in replies.values() for answer in answers)
    for unknown in ("no reply", "not asked"):
        assert independent[unknown] / independent.total() > 2 * others[unknown] / others.total()
    present = {row["urn"] for row in every_row(by_extract, EXTRACT)}
    asked = [row for row in in_scope if kind_of(row) == INDEPENDENT]
    assert 0.75 < share([row["URN"] in present for row in asked]) < 0.95


def test_nobody_asks_primaries_about_alcohol_or_nurseries_about_anonymous_routes(
    by_extract, school
):
    asked = defaultdict(set)
    for row in every_row(by_extract, EXTRACT):
        phase = school[row["urn"]]["PhaseOfEducation (name)"]
        asked[phase, "alcohol"].add(row["alcohol_policy"])
        asked[phase, "anonymous"].add(row["anonymous_reporting"])
    assert asked["Primary", "alcohol"] == {"not asked"}
    assert asked["Nursery", "anonymous"] == {"not asked"}
    assert asked["Secondary", "alcohol"] == {"yes", "no", "not asked", "no reply"}


def test_criteria_and_reports_stand_only_where_the_school_returned_them(by_extract):
    for row in every_row(by_extract, EXTRACT):
        returned = row["self_evaluation_returned"] == "yes"
        assert bool(row["self_evaluation_met"]) == bool(row["self_evaluation_applicable"])
        assert bool(row["self_evaluation_met"]) == returned
        assert int(row["self_evaluation_met"] or 0) <= int(row["self_evaluation_applicable"] or 0)
        if row["hsb_reports_two_years"]:
            assert any(row[item] == "yes" for item in OF_SCHOOL)


def test_reports_are_small_and_often_none(by_extract):
    counts = [
        int(row["hsb_reports_two_years"])
        for row in every_row(by_extract, EXTRACT)
        if row["hsb_reports_two_years"]
    ]
    assert 0.3 < share([count == 0 for count in counts]) < 0.7
    assert share([1 <= count <= 7 for count in counts]) > 0.1
    assert max(counts) < 120


@pytest.mark.parametrize(("borough", "item"), COURSES)
def test_boroughs_with_a_course_of_their_own_keep_to_it(
    by_extract, school, borough_codes, borough, item
):
    first, second = (
        [row for row in rows if code_of(school[row["urn"]]) == borough_codes[borough]]
        for file, rows in by_extract[EXTRACT]
        if borough_codes[borough] in file.covers
    )
    expected = COURSES[borough, item]
    found = yes_share(first, item), yes_share(second, item)
    # Independent schools, of which some boroughs have many, lean away.
    assert found == pytest.approx(expected, abs=0.16)
