"""The files as a whole: which there are, in what order, and that they keep to their contracts."""

from collections import Counter

import pytest

from gapmap.contract import contracts
from gapmap.demo import DEMONSTRATION_NOTICE, demonstration_files
from gapmap.demo.safeguarding import OF_PARTNERSHIP
from tests.gapmap.demo.demo_rows import QUARTERS, Row, code_of, every_row, rows_of


def test_the_notice_says_that_schools_and_figures_are_invented():
    assert "every school, trust and figure on these screens is invented" in DEMONSTRATION_NOTICE
    assert DEMONSTRATION_NOTICE.count(".") == 1


def test_the_same_seed_gives_the_same_files_and_another_seed_others(files):
    assert list(demonstration_files()) == files
    other = list(demonstration_files(seed=1))
    assert [file.name for file in other] == [file.name for file in files]
    assert all(one.content != two.content for one, two in zip(other, files, strict=True))


def test_every_extract_is_there_in_a_moderate_number_of_files(files):
    assert Counter(file.extract for file in files) == {
        "schools": 2,
        "school_links": 1,
        "population": 2,
        "neighbours": 1,
        "cin_factors": 1,
        "testimonies": 1,
        "referrals": 131,
        "training": 72,
        "police_engagement": 74,
        "school_safeguarding": 55,
        "perception_survey": 46,
        "partnership_review": 8,
        "message_log": 8,
        "lado": 8,
    }
    assert {file.extract for file in files} == set(contracts())
    assert len({file.name for file in files}) == len(files)
    assert all(file.submitted_by.endswith(".example") for file in files)


def test_files_of_quarters_come_in_order_and_downloads_have_a_date(files):
    of_quarters = [one for one in files if contracts()[one.extract].dated_by == "quarter"]
    quarters = [file.quarter for file in of_quarters]
    assert quarters == sorted(quarters)
    assert sorted(set(quarters)) == QUARTERS
    dated = [(file.extract, str(file.register_date)) for file in files if file.register_date]
    assert dated == [
        ("schools", "2024-09-30"),
        ("neighbours", "2024-09-30"),
        ("schools", "2026-06-30"),
        ("school_links", "2026-06-30"),
    ]
    assert [file.quarter for file in files if file.register_date] == [
        "2024-Q3",
        "2024-Q3",
        "2026-Q2",
        "2026-Q2",
    ]
    assert {one.extract for one in files if one.register_date} == {
        name for name, contract in contracts().items() if contract.dated_by == "date"
    }


def test_invented_series_say_in_their_names_that_they_are_synthetic(files):
    published = {"population", "neighbours", "cin_factors"}
    assert all(one.name.startswith("synthetic_") for one in files if one.extract in published)


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
    for extract, contract in contracts().items():
        for file, rows in by_extract[extract] if contract.dated_by == "quarter" else ():
            found = {
                borough_codes[row["borough"]] if "borough" in row else code_of(school[row["urn"]])
                for row in rows
            }
            assert found == set(file.covers) - set(file.nil_returns), file.name
            assert {row["quarter"] for row in rows} == {file.quarter}


# Keys and vocabulary: what the contracts say, held against the files as they are


LONG = [name for name, contract in contracts().items() if contract.wide is None]
# The register's statuses and the published series' places are looked at with each of them.
OWN_FILES = [name for name in LONG if name not in ("schools", "cin_factors")]


@pytest.mark.parametrize("extract", ["schools", *OWN_FILES])
def test_keys_are_unique_in_each_file(by_extract, extract):
    contract = contracts()[extract]
    headings = {field.column: field.name for field in contract.fields}
    keys = [headings[column] for column in contract.primaryKey if column in headings]
    for file, rows in by_extract[extract]:
        found = [tuple(row.get(heading) for heading in keys) for row in rows]
        assert len(set(found)) == len(found) > 0, file.name


@pytest.mark.parametrize("extract", OWN_FILES)
def test_every_word_of_the_vocabulary_is_used_and_no_other(by_extract, extract):
    fields = {field.name: set(field.enum) for field in contracts()[extract].fields if field.enum}
    used = {name: {row[name] for row in every_row(by_extract, extract)} for name in fields}
    assert used == fields


ANSWERS = [
    (extract, field.name)
    for extract, contract in contracts().items()
    for field in contract.fields
    if field.type == "answer"
]


@pytest.mark.parametrize(("extract", "column"), ANSWERS)
def test_answers_are_yes_no_not_asked_and_no_reply(by_extract, extract, column):
    used = {row[column] for row in every_row(by_extract, extract)}
    assert used <= {"yes", "no", "not asked", "no reply"}
    assert {"yes", "no", "not asked"} <= used


def test_all_four_answers_occur_where_only_the_school_can_say(by_extract):
    assert len(ANSWERS) == 16
    for extract, column in ANSWERS:
        if column not in OF_PARTNERSHIP:
            used = {row[column] for row in every_row(by_extract, extract)}
            assert used == {"yes", "no", "not asked", "no reply"}, column
