"""Uploads that are refused, each with its place, and those that are taken; checks store nothing."""

from collections.abc import Iterator
from datetime import date
from itertools import islice, product
from typing import Any

import pytest

from gapmap.contract import contracts
from gapmap.intake.intake import Prepared, Upload, UsageError
from gapmap.intake.upload import Pair
from gapmap.stores.store import Store, rows_of
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    check,
    contents,
    course,
    csv_bytes,
    engagement,
    publish_csv,
    referral,
    school,
    tiny_register,
    upload,
    xlsx_bytes,
)

Place = tuple[str, str | None, int | None, str | None, str | None]


def places(prepared: Prepared) -> list[Place]:
    """Code, sheet, row, column and cell of every issue."""
    return [(i.code, i.sheet, i.row, i.column, i.cell) for i in prepared.issues]


def warned(prepared: Prepared) -> list[str]:
    assert not prepared.refused
    return [issue.code for issue in prepared.issues]


def without(row: dict[str, Any], *columns: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}


def renamed(row: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if name == old else name: value for name, value in row.items()}


def sheet_of(*rows: dict[str, Any], above: int = 0) -> list[list[Any]]:
    return [[] for _ in range(above)] + [list(rows[0]), *[list(row.values()) for row in rows]]


@pytest.fixture(scope="module")
def held(lasting_store: Store) -> Store:
    """A store whose figures must not move."""
    publish_csv(lasting_store, "referrals", [referral(), referral(borough="Brent", referrals=3)])
    publish_csv(lasting_store, "training", [course(), course(course="HSB specialist")])
    publish_csv(lasting_store, "police_engagement", [engagement(), engagement(urn=100002)])
    return lasting_store


@pytest.fixture
def unmoved(held: Store) -> Iterator[Store]:
    """The held store, whose every table is compared after the test: figures, states, version."""
    exact, released = contents(held.exact), contents(held.released)
    gaps = {"quarter": "2026-Q3", "indicator": "police_engagement"}
    by_borough = rows_of(held.released.ask("gaps/by_borough", gaps))
    assert sum(row["met"] for row in by_borough) == 2
    yield held
    assert rows_of(held.released.ask("gaps/by_borough", gaps)) == by_borough
    assert contents(held.exact) == exact
    assert contents(held.released) == released
    assert len(list(held.archive.rglob("*"))) == 4 + 4  # a folder and a file an extract


# --- bad input ------------------------------------------------------------------------------------

REFERRAL = csv_bytes([referral()])
SHEETS = {"July": sheet_of(referral()), "August": sheet_of(referral(borough="Brent"))}

BAD: dict[str, tuple[str, bytes | list[dict[str, Any]], dict[str, Any], list[Place]]] = {
    "wrong extract": (
        "referrals",
        [course()],
        {},
        [("wrong_extract", None, 1, None, None)],
    ),
    "wrong extract, the register": (
        "training",
        tiny_register(),
        {},
        [("wrong_extract", None, 1, None, None)],
    ),
    "empty file": ("referrals", b"", {}, [("empty_file", None, None, None, None)]),
    "empty file in UTF-16": (
        "referrals",
        b"\xff\xfe\r\x00\n\x00",
        {},
        [("empty_file", None, None, None, None)],
    ),
    "header only": (
        "referrals",
        REFERRAL.splitlines()[0] + b"\r\n\r\n",
        {},
        [("no_rows", None, None, None, None)],
    ),
    "header only, in a workbook": (
        "referrals",
        xlsx_bytes({"S": [list(referral())]}),
        {},
        [("no_rows", "S", None, None, None)],
    ),
    "unknown column": (
        "referrals",
        [referral(child="A")],
        {},
        [("unknown_column", None, 1, None, "K1")],
    ),
    "unknown column under two blank rows of a sheet": (
        "referrals",
        xlsx_bytes({"S": sheet_of(referral(child="A"), above=2)}),
        {},
        [("unknown_column", "S", 3, None, "K3")],
    ),
    "missing column": (
        "referrals",
        [without(referral(), "outcome", "source")],
        {},
        [
            ("missing_column", None, 1, "outcome", None),
            ("missing_column", None, 1, "source", None),
        ],
    ),
    "misspelt column": (
        "referrals",
        [renamed(referral(), "outcome", "outcomes")],
        {},
        [
            ("unknown_column", None, 1, None, "G1"),
            ("missing_column", None, 1, "outcome", None),
        ],
    ),
    "duplicate headings by case": (
        "referrals",
        csv_bytes([referral(URN=1)]),
        {},
        [("duplicate_heading", None, 1, "URN", "K1")],
    ),
    "unknown URN": (
        "referrals",
        [referral(), referral(source="2A", urn=999999), referral(urn_attended=999998)],
        {},
        [
            ("unknown_urn", None, 3, "urn", "C3"),
            ("unknown_urn_attended", None, 4, "urn_attended", "D4"),
        ],
    ),
    "unknown URN in training": (
        "training",
        [course(urn=999999)],
        {},
        [("unknown_urn", None, 2, "urn", "D2")],
    ),
    "unknown URN of the police": (
        "police_engagement",
        xlsx_bytes({"Visits": sheet_of(engagement(), engagement(urn=999999))}),
        {},
        [("unknown_urn", "Visits", 3, "urn", "B3")],
    ),
    "unknown borough": (
        "referrals",
        [referral(), referral(borough="Hackny")],
        {},
        [("unknown_borough", None, 3, "borough", "B3")],
    ),
    "a borough that is not declared": (
        "referrals",
        [referral(), referral(borough="Brent"), referral(borough="Bromley")],
        {"covers": [HACKNEY]},
        [("borough_not_covered", None, 3, "borough", "B3")],
    ),
    "a school's borough that is not declared": (
        "police_engagement",
        [engagement(), engagement(urn=100021)],
        {"covers": [HACKNEY]},
        [("borough_not_covered", None, 3, "urn", "B3")],
    ),
    "negative, fractional and exponent counts": (
        "referrals",
        [
            referral(referrals=-3),
            referral(referrals="3.5", borough="Brent"),
            referral(referrals="1e3", borough="Bromley"),
            referral(referrals="(3)", source="2B"),
            referral(referrals="", source="7"),
            referral(referrals="some", source="8"),
        ],
        {},
        [
            ("negative_count", None, 2, "referrals", "H2"),
            ("fractional_count", None, 3, "referrals", "H3"),
            ("exponent_count", None, 4, "referrals", "H4"),
            ("negative_count", None, 5, "referrals", "H5"),
            ("missing_value", None, 6, "referrals", "H6"),
            ("not_a_number", None, 7, "referrals", "H7"),
        ],
    ),
    "fractional and exponent counts of a workbook": (
        "referrals",
        xlsx_bytes({"S": sheet_of(referral(referrals=3.5), referral(referrals=1e20, source="8"))}),
        {},
        [
            ("fractional_count", "S", 2, "referrals", "H2"),
            ("exponent_count", "S", 3, "referrals", "H3"),
        ],
    ),
    "duplicate keys": (
        "referrals",
        [referral(), referral(borough="Brent"), referral(borough="hackney", referrals=2)],
        {},
        [
            (
                "duplicate_key",
                None,
                4,
                "quarter, borough, urn, urn_attended, referral_type, source, outcome",
                None,
            )
        ],
    ),
    "a quarter to come": (
        "referrals",
        [referral(quarter="2026-Q4", borough="Brent"), referral(quarter="2027-Q1")],
        {},
        [("future_quarter", None, 3, "quarter", "A3")],
    ),
    "a chosen quarter to come": (
        "referrals",
        [without(referral(), "quarter")],
        {"quarter": "2027-Q1"},
        [("future_quarter", None, None, None, None)],
    ),
    "no quarter at all": (
        "referrals",
        [without(referral(), "quarter")],
        {},
        [("missing_quarter", None, 1, "quarter", None)],
    ),
    "a quarter that is mistyped": (
        "referrals",
        [referral(quarter="1926-Q3"), referral(quarter="0000-Q1"), referral(quarter="")],
        {},
        [
            ("not_a_quarter", None, 2, "quarter", "A2"),
            ("not_a_quarter", None, 3, "quarter", "A3"),
            ("missing_value", None, 4, "quarter", "A4"),
        ],
    ),
    "a chosen quarter that the column contradicts": (
        "referrals",
        [referral(), referral(quarter="2026-Q2"), referral(quarter="2026-Q1")],
        {"quarter": "2026-Q3"},
        [("quarter_disagrees", None, 3, "quarter", "A3")],
    ),
    "the same in a workbook": (
        "referrals",
        xlsx_bytes({"S": sheet_of(referral(quarter="Apr-Jun 2026"))}),
        {"quarter": "2026-Q3"},
        [("quarter_disagrees", "S", 2, "quarter", "A2")],
    ),
    "a workbook that is none": (
        "referrals",
        REFERRAL,
        {"name": "referrals.xlsx"},
        [("not_a_workbook", None, None, None, None)],
    ),
    "an archive that is no workbook": (
        "referrals",
        b"PK\x03\x04" + REFERRAL,
        {"name": "referrals.xlsx"},
        [("not_a_workbook", None, None, None, None)],
    ),
    "two sheets with data": (
        "referrals",
        xlsx_bytes(SHEETS),
        {},
        [("several_sheets", None, None, None, None)],
    ),
    "ragged rows": (
        "referrals",
        REFERRAL + b"\n2026-Q3,Brent\n" + REFERRAL.splitlines()[1] + b",x\n",
        {},
        [("ragged_row", None, 4, None, None), ("ragged_row", None, 5, None, None)],
    ),
    "a fault below blank lines": (
        "referrals",
        REFERRAL + b"\n\n\n" + REFERRAL.splitlines()[1].replace(b"NFA", b"none"),
        {},
        [("not_allowed", None, 6, "outcome", "G6")],
    ),
    "a fault below blank rows of a sheet": (
        "referrals",
        xlsx_bytes({"S": [*sheet_of(referral()), [], [], list(referral(source="2a!").values())]}),
        {},
        [("not_allowed", "S", 5, "source", "F5")],
    ),
    "an open quotation mark": (
        "referrals",
        REFERRAL.replace(b",NFA", b',"NFA') + REFERRAL.splitlines()[1],
        {},
        [("unbalanced_quote", None, 2, None, None)],
    ),
    "NUL": (
        "referrals",
        REFERRAL.replace(b"NFA", b"N\x00A"),
        {},
        [("nul_bytes", None, 2, None, None)],
    ),
    "NUL in UTF-16": (
        "referrals",
        REFERRAL.replace(b"NFA", b"N\x00A").decode().encode("utf-16"),
        {},
        [("nul_bytes", None, 2, None, None)],
    ),
    "bytes of no encoding": (
        "referrals",
        REFERRAL.replace(b"NFA", b"\x81"),
        {},
        [("bad_encoding", None, 2, None, None)],
    ),
    "a part above the whole": (
        "referrals",
        [referral(aim_assessments=9, criminal_justice=10)],
        {},
        [("part_above_referrals", None, 2, "criminal_justice", "J2")],
    ),
    "a URN with another source": (
        "referrals",
        [referral(urn=100001, source="2A"), referral(urn=100001, source="6")],
        {},
        [("urn_without_school_source", None, 3, "urn", "C3")],
    ),
    "training of a school without its URN, and of an agency with one": (
        "training",
        [course(urn=""), course(agency="police"), course(agency="health", urn="")],
        {},
        [("urn_of_agency", None, 3, "urn", "D3"), ("school_without_urn", None, 2, "urn", "D2")],
    ),
    "more trained than in scope": (
        "training",
        [course(staff_in_scope=1)],
        {},
        [("trained_above_scope", None, 2, "staff_trained", "G2")],
    ),
    "a contact after the quarter, and one with its day": (
        "police_engagement",
        [engagement(last_contact_month="2026-10")],
        {},
        [("contact_after_quarter", None, 2, "last_contact_month", "H2")],
    ),
    "a contact with its day": (
        "police_engagement",
        [engagement(last_contact_month="2026-09-03")],
        {},
        [("day_in_month", None, 2, "last_contact_month", "H2")],
    ),
    "a register to come": (
        "schools",
        tiny_register(),
        {"as_at": date(2026, 10, 16)},
        [("future_date", None, None, None, None)],
    ),
    "a register of elsewhere": (
        "schools",
        [school(200001, "E07000223", "Community school"), school(200002, "", "Community school")],
        {},
        [("no_rows_in_london", None, None, None, None)],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_placed_and_nothing_is_stored(unmoved: Store, case: str) -> None:
    extract, content, declared, expected = BAD[case]
    prepared = check(unmoved, upload(extract, content, **declared))
    assert prepared.refused
    assert prepared.rows is None
    assert sorted(places(prepared), key=repr) == sorted(expected, key=repr)
    assert prepared.issues.total == len(expected)
    for issue in prepared.issues:
        assert issue.severity == "error"
        assert len(issue.message) > 10
        assert issue.fix.endswith((".", "?"))


def test_a_file_over_the_limit(unmoved: Store) -> None:
    content = REFERRAL + b"\n" * (1024 * 1024)
    prepared = check(unmoved, upload("referrals", content), most_bytes=1024 * 1024)
    assert places(prepared) == [("too_large", None, None, None, None)]
    (issue,) = prepared.issues
    assert issue.message == "the file has 1.0 MB, more than the 1 MB that are taken"
    assert not check(unmoved, upload("referrals", content)).refused


def test_a_wrong_extract_is_named_with_what_to_choose(unmoved: Store) -> None:
    (issue,) = check(unmoved, upload("referrals", [course()])).issues
    assert "'training' (Training coverage)" in issue.message
    assert issue.fix.startswith("Choose the extract 'training'")


def test_all_faults_of_a_file_come_back_in_one_go(unmoved: Store) -> None:
    faulty = {
        "quarter": ("2027-Q1", "third", ""),
        "borough": ("Hackny", "Kent", ""),
        "urn": ("12", "x"),
        "urn_attended": ("204/2319",),
        "referral_type": ("HBS", ""),
        "source": ("2C", "school"),
        "outcome": ("none", "", "s48"),
        "referrals": ("-1", "1.5", "1e2", "n/a", ""),
        "aim_assessments": ("-1", "x"),
        "criminal_justice": ("2.5",),
    }
    rows = [referral(**{name: text}) for name, texts in faulty.items() for text in texts]
    prepared = check(unmoved, upload("referrals", [referral(source="10"), *rows]))
    columns = list(faulty)
    expected = [
        (row, name, f"{chr(ord('A') + columns.index(name))}{row}")
        for row, name in enumerate((name for name, texts in faulty.items() for _ in texts), start=3)
    ]
    assert [(i.row, i.column, i.cell) for i in prepared.issues] == expected
    assert prepared.issues.total == len(expected) == 24


def test_more_than_a_thousand_issues_are_counted_and_a_thousand_listed(unmoved: Store) -> None:
    rows = [referral(referrals=-1, borough="Nowhere") for _ in range(800)]
    prepared = check(unmoved, upload("referrals", rows))
    assert prepared.issues.total == 1_600
    assert len(list(prepared.issues)) == 1_000
    assert prepared.issues.counts("error") == {"unknown_borough": 800, "negative_count": 800}


def test_warnings_do_not_hide_the_error_that_refuses(unmoved: Store) -> None:
    allowed = {f.name: f.enum for f in contracts()["referrals"].fields}
    kinds = product(allowed["source"], allowed["outcome"], [row["URN"] for row in tiny_register()])
    rows = [
        referral(quarter="Q3 2026", source=source, outcome=outcome, urn_attended=urn)
        for source, outcome, urn in islice(kinds, 1_200)
    ]
    prepared = check(unmoved, upload("referrals", [*rows, referral(outcome="none")]))
    assert prepared.refused
    first = next(iter(prepared.issues))
    assert (first.severity, first.code, first.cell) == ("error", "not_allowed", "G1202")
    assert prepared.issues.total == 1_201
    assert len(list(prepared.issues)) == 1_000


# --- input that is taken --------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_gives_the_same_rows(unmoved: Store, encoding: str) -> None:
    plain = check(unmoved, upload("referrals", REFERRAL))
    other = check(unmoved, upload("referrals", REFERRAL.decode().encode(encoding)))
    assert warned(other) == []
    assert plain.rows is not None
    assert other.rows is not None
    assert other.rows.equals(plain.rows)


def test_windows_1252_is_taken_with_a_warning(unmoved: Store) -> None:
    rows = [school(100001, HACKNEY, "Community school", "Primary", EstablishmentName="Café Zoë")]
    prepared = check(unmoved, upload("schools", csv_bytes(rows).decode().encode("cp1252")))
    assert warned(prepared) == ["read_as_windows_1252"]
    assert prepared.rows is not None
    assert prepared.rows["school_name"].to_pylist() == ["Café Zoë"]


@pytest.mark.parametrize(
    "text", ["2026-Q3", "2026Q3", "Jul-Sep 2026", "July to September 2026", "Q2 2026/27"]
)
def test_quarters_in_every_spelling(unmoved: Store, text: str) -> None:
    prepared = check(unmoved, upload("referrals", [referral(quarter=text)]))
    assert warned(prepared) == []
    assert prepared.pairs == (Pair("2026-Q3", HACKNEY, False, 1),)


def test_an_ambiguous_quarter_is_asked_in_each_row(unmoved: Store) -> None:
    prepared = check(
        unmoved, upload("referrals", [referral(quarter="Q3 2026"), referral(borough="Brent")])
    )
    assert warned(prepared) == ["quarter_read_with_care"]
    (issue,) = prepared.issues
    assert (issue.row, issue.column, issue.cell) == (2, "quarter", "A2")
    assert "October–December 2026" in issue.message


def test_blank_lines_are_skipped_and_rows_keep_their_numbers(unmoved: Store) -> None:
    lines = csv_bytes([referral(), referral(borough="Brent")]).splitlines()
    content = b"\r\n".join([b"", lines[0], b"", lines[1], b"  ", b",,,,,,,,,", lines[2], b"", b""])
    prepared = check(unmoved, upload("referrals", content))
    assert warned(prepared) == []
    assert prepared.rows is not None
    assert prepared.rows["row_no"].to_pylist() == [4, 7]


def test_a_chosen_quarter_fills_a_file_without_the_column(unmoved: Store) -> None:
    rows = [without(referral(), "quarter")]
    prepared = check(unmoved, upload("referrals", rows, quarter="2025-Q4"))
    assert prepared.pairs == (Pair("2025-Q4", HACKNEY, False, 1),)
    assert prepared.rows is not None
    assert prepared.rows["quarter"].to_pylist() == ["2025-Q4"]


def test_columns_that_may_be_absent(unmoved: Store) -> None:
    absent = ("urn", "urn_attended", "aim_assessments", "criminal_justice")
    prepared = check(unmoved, upload("referrals", [without(referral(), *absent)]))
    assert warned(prepared) == []
    assert prepared.rows is not None
    assert prepared.rows["urn"].null_count == 1


def test_a_workbook_gives_the_same_rows_as_a_csv_file(unmoved: Store) -> None:
    rows = [engagement(), engagement(urn=100002, visits=7.0, last_contact_month=date(2026, 7, 1))]
    sheet = check(unmoved, upload("police_engagement", xlsx_bytes({"S": sheet_of(*rows)})))
    rows[1]["last_contact_month"] = "2026-07"
    rows[1]["visits"] = 7
    text = check(unmoved, upload("police_engagement", rows))
    assert warned(sheet) == ["month_read_with_care"]
    assert sheet.rows is not None
    assert text.rows is not None
    assert sheet.rows.to_pylist() == text.rows.to_pylist()


# --- coverage -------------------------------------------------------------------------------------


def test_headings_may_be_aliases(unmoved: Store) -> None:
    row = renamed(renamed(course(), "borough", "Local authority"), "urn", "School URN")
    assert warned(check(unmoved, upload("training", [row]))) == []


def test_two_headings_of_one_column(unmoved: Store) -> None:
    row = renamed(course(), "borough", "LA name") | {"LA code": 204}
    prepared = check(unmoved, upload("training", [row]))
    assert places(prepared) == [("column_twice", None, 1, "LA code", "H1")]
    assert prepared.mappable


def test_a_code_is_held_against_its_pattern(unmoved: Store) -> None:
    row = {"dfe_la_code": 204, "rank": 1, "neighbour_dfe_la_code": "Jo", "closeness": ""}
    prepared = check(unmoved, upload("neighbours", [row], as_at=date(2026, 9, 30)))
    (issue,) = prepared.issues
    assert (issue.code, issue.cell) == ("not_as_written", "C2")
    assert issue.fix == "Write the DfE code of the authority: three digits, as 203."


HEADING = csv_bytes([referral()]).splitlines(keepends=True)[0]


def test_a_heading_alone_is_a_nil_return_of_what_is_declared(unmoved: Store) -> None:
    nothing = upload("referrals", HEADING, quarter="2026-Q3", covers=(HACKNEY, BRENT))
    prepared = check(unmoved, nothing)
    assert not prepared.issues.total
    assert prepared.rows is not None
    assert prepared.rows.num_rows == 0
    assert [(p.quarter, p.borough_code, p.nil_return) for p in prepared.pairs] == [
        ("2026-Q3", BRENT, True),
        ("2026-Q3", HACKNEY, True),
    ]


def test_a_heading_alone_is_refused_where_nothing_or_no_quarter_is_declared(unmoved: Store) -> None:
    for given, code in (
        (upload("referrals", HEADING, quarter="2026-Q3"), "no_rows"),
        (upload("referrals", HEADING, covers=(HACKNEY,)), "missing_quarter"),
        (upload("referrals", HEADING, covers=(HACKNEY,), mode="update"), "no_rows"),
    ):
        prepared = check(unmoved, given)
        assert prepared.refused
        assert [issue.code for issue in prepared.issues] == [code]


def test_boroughs_without_rows_are_nil_returns_where_they_are_declared(unmoved: Store) -> None:
    rows = [referral(), referral(quarter="2026-Q2", borough="Brent")]
    nothing = check(unmoved, upload("referrals", rows))
    assert {(p.quarter, p.borough_code) for p in nothing.pairs} == {
        ("2026-Q3", HACKNEY),
        ("2026-Q2", BRENT),
    }
    declared = check(unmoved, upload("referrals", rows, covers=[BROMLEY]))
    assert [p for p in declared.pairs if p.nil_return] == [
        Pair("2026-Q2", BROMLEY, True, 0),
        Pair("2026-Q3", BROMLEY, True, 0),
    ]
    everything = check(unmoved, upload("referrals", rows, covers=[BROMLEY, HACKNEY, BRENT]))
    assert everything.pairs == declared.pairs


def test_a_school_counts_for_the_borough_of_the_register(unmoved: Store) -> None:
    prepared = check(unmoved, upload("police_engagement", [engagement(urn=100021)]))
    assert prepared.pairs == (Pair("2026-Q3", BRENT, False, 1),)


# --- warnings -------------------------------------------------------------------------------------


def test_closed_urn_and_urn_of_another_borough(unmoved: Store) -> None:
    rows = [
        course(urn=100012, borough="Bromley"),
        course(urn=100021),
        course(urn=100024, borough=BRENT),
    ]
    prepared = check(unmoved, upload("training", rows))
    assert [(i.code, i.row, i.cell) for i in prepared.issues] == [
        ("closed_urn", 2, "D2"),
        ("urn_of_another_borough", 3, "D3"),
        ("closed_urn", 4, "D4"),
    ]
    assert not prepared.refused


def test_a_school_that_closes_in_the_quarter_is_not_closed_before_it(unmoved: Store) -> None:
    rows = [course(urn=100012, borough="Bromley", quarter="2026-Q1")]
    assert warned(check(unmoved, upload("training", rows))) == []


def test_a_point_outside_its_borough_is_a_warning_with_its_cell(unmoved: Store) -> None:
    rows = tiny_register()
    rows[3] |= {"Easting": 541500, "Northing": 168000}
    rows[4] |= {"Easting": "", "Northing": ""}
    prepared = check(unmoved, upload("schools", rows))
    assert places(prepared) == [("point_outside_borough", None, 5, "Easting", "U5")]
    assert prepared.rows is not None
    points = prepared.rows["lon"].to_pylist()
    assert points[4] is None
    assert points[3] == pytest.approx(0.03, abs=0.02)
    assert points[0] == pytest.approx(-0.06, abs=0.02)


def test_types_and_phases_that_are_not_known(unmoved: Store) -> None:
    rows = [
        school(100001, HACKNEY, "Space academy", "Primary"),
        school(100002, HACKNEY, "Community School", "Upper", (18, 3)),
    ]
    assert sorted(warned(check(unmoved, upload("schools", rows)))) == [
        "ages_reversed",
        "phase_not_known",
        "type_not_mapped",
    ]


# --- the register ---------------------------------------------------------------------------------


def test_personal_columns_are_dropped_on_reading(unmoved: Store) -> None:
    prepared = check(unmoved, upload("schools", tiny_register()))
    assert prepared.dropped_columns == ("HeadLastName", "TelephoneNum")
    assert prepared.rows is not None
    assert "Featherstonehaugh" not in repr(prepared.rows.to_pylist())
    assert "Featherstonehaugh" not in repr(prepared)


def test_rows_of_elsewhere_are_left_out_with_their_faults(unmoved: Store) -> None:
    elsewhere = school(200001, "E07000223", "Community school", pupils="about 300")
    rows = [*tiny_register(), elsewhere, elsewhere]
    prepared = check(unmoved, upload("schools", rows))
    assert warned(prepared) == []
    assert prepared.left_out == 2
    assert prepared.rows is not None
    assert prepared.rows.num_rows == 18
    assert {p.borough_code: p.row_count for p in prepared.pairs} == {
        HACKNEY: 7,
        BROMLEY: 6,
        BRENT: 5,
    }


def test_a_row_in_london_keeps_its_number_below_rows_of_elsewhere(unmoved: Store) -> None:
    elsewhere = school(200001, "E07000223", "Community school")
    rows = [elsewhere, elsewhere, school(100001, HACKNEY, "Community school", pupils="many")]
    prepared = check(unmoved, upload("schools", rows))
    assert places(prepared) == [("not_a_number", None, 4, "NumberOfPupils", "O4")]


# --- what is declared wrongly ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Upload(REFERRAL, "r.csv", "referals"), "there is no extract 'referals'"),
        (Upload(REFERRAL, "r.csv", "schools"), "needs the date of the download"),
        (upload("referrals", REFERRAL, as_at=date(2026, 1, 1)), "takes a quarter, not a date"),
        (upload("schools", REFERRAL, quarter="2026-Q3"), "takes a date, not a quarter"),
        (upload("referrals", REFERRAL, covers=["E07000223"]), "'E07000223' is no borough's GSS"),
    ],
    ids=range(5),
)
def test_wrong_declarations(unmoved: Store, given: Upload, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check(unmoved, given)


def test_a_hash_is_of_the_bytes() -> None:
    one, other = upload("referrals", REFERRAL), upload("referrals", REFERRAL + b"\n")
    assert one.sha256 == upload("training", REFERRAL, name="other").sha256
    assert one.sha256 != other.sha256
    assert "HSB" not in repr(one)
