"""Mapped files: a survey export and a case system's export, mapped once and then unprompted."""

from __future__ import annotations

import io
import json
import logging
from collections import Counter
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.column_types import ANSWERS, Surroundings
from gapmap.contract import Contract, contracts
from gapmap.intake.intake import Prepared
from gapmap.issue import IssueLog
from gapmap.mapping.confirming import Choices, choices_of, confirm, offered_mapping, suggestion
from gapmap.mapping.layout import MAPPED, read_to_map
from gapmap.mapping.mapping import (
    COUNTED_ANSWERS,
    ColumnMapping,
    MappingError,
    Source,
    as_toml,
    check_mapping,
    fingerprint,
    parse_mapping,
)
from gapmap.mapping.mapping_store import Confirmed, newest_mapping
from gapmap.mapping.matching import offer_answers, offer_columns
from gapmap.operations.operations import map_file
from gapmap.publishing.submission import publish
from gapmap.reading.reading import read_table
from gapmap.reference import reference
from gapmap.settings import Settings
from gapmap.stores.store import Store
from tests.gapmap.cli.test_cli import Line
from tests.uploads import (
    TODAY,
    check,
    contents,
    course,
    csv_bytes,
    look,
    tiny_register,
    upload,
    xlsx_bytes,
)

AROUND = Surroundings(reference.borough_spellings(), TODAY)
RETURNS, SURVEY = contracts()["school_safeguarding"], contracts()["perception_survey"]
AT = datetime.fromisoformat("2026-10-15T09:30:00")

# Microsoft Forms begins each export with these, whether or not anybody needs them.
FORM = ("ID", "Start time", "Completion time", "Email", "Name")
QUESTIONS = {
    "urn": "What is your school's URN?",
    "letter_sent": "Did you receive the partnership's letter?",
    "reviewed": "Has your school reviewed how it responds to reports?",
    "offer_of_support_sent": "Have you received the offer of support?",
    "dsl_forum_attended": "Has your DSL attended the DSL forum in the last year?",
    "dsl_forum_role_offered": "Were you offered a role on the DSL forum?",
    "self_evaluation_returned": "Have you returned the self-evaluation (section 175/157 audit)?",
    "hsb_policy": "Do you have a policy on harmful sexual behaviour (HSB)?",
    "alcohol_policy": "Do you have a policy on alcohol?",
    "anonymous_reporting": "Can pupils report concerns anonymously?",
    "visible_information": "Is safeguarding information visible to pupils?",
    "dsl_supervision": "Does your DSL receive supervision?",
    "pshe_delivering": "Do you deliver the PSHE programme?",
    "parent_campaign_sent": "Did you send the parents' campaign to parents?",
    "hsb_reports_two_years": "How many HSB reports did you have over two years?",
}
NOT_ASKED = ("hsb_survey_returned", "relevant_agency_named")
REMARKS = "Anything else you would like to tell us?"
SECRET = "Featherstonehaugh"


def form_row(number: int, urn: int | str, **answers: Any) -> dict[str, Any]:
    """One school's return as the form exports it; `answers` by the contract's column."""
    given = {"urn": urn, "hsb_reports_two_years": number}
    of_columns = dict.fromkeys(QUESTIONS.values(), "Yes")
    of_columns |= {QUESTIONS[name]: value for name, value in {**given, **answers}.items()}
    return {
        "ID": number,
        "Start time": datetime.fromisoformat("2026-09-03T10:02:01"),
        "Completion time": datetime.fromisoformat("2026-09-03T10:12:01"),
        "Email": f"head{number}@school.example",
        "Name": f"Anne {SECRET}",
        **of_columns,
        REMARKS: f"Call Mrs {SECRET} on 020 7946 0000. " + "It was a long year. " * 400,
    }


def form(*rows: dict[str, Any]) -> bytes:
    return xlsx_bytes({"Form1": [list(rows[0]), *(list(row.values()) for row in rows)]})


FIRST = form(
    form_row(1, 100001, reviewed="Yes, definitely", alcohol_policy="No"),
    form_row(2, 100002, reviewed="Don't know", hsb_policy=""),
    form_row(3, 100011, dsl_supervision="No, not yet"),
)
SECOND = form(
    form_row(1, 100001, reviewed="No"),
    form_row(2, 100003, alcohol_policy="yes,  definitely", hsb_policy="DON’T KNOW"),
)


def mapping_of_form() -> ColumnMapping:
    """What is offered for the form, as a person confirms it."""
    offered = {"": "no reply", "Don't know": "no reply", "Yes, definitely": "yes"}
    answers = {**offered, "No, not yet": "no"}
    columns = {
        name: Source(heading, answers=answers if RETURNS.field(name).type == "answer" else {})
        for name, heading in QUESTIONS.items()
    }
    return ColumnMapping(
        "school_safeguarding",
        "Autumn return",
        columns | {name: Source(constant="not asked") for name in NOT_ASKED},
    )


def name_of(content: bytes) -> str:
    return "export.xlsx" if content.startswith(b"PK") else "export.csv"


def kept(
    store: Store, content: bytes, mapping: ColumnMapping, contract: Contract = RETURNS
) -> Confirmed:
    log = IssueLog()
    found = confirm(
        store,
        read_to_map(content, name_of(content), contract),
        mapping,
        contract,
        AROUND,
        log,
        by="lead@hackney.example",
        at=AT,
    )
    assert found is not None, list(log)
    return found


def checked(store: Store, content: bytes, extract: str = "school_safeguarding") -> Prepared:
    return check(store, upload(extract, content, name=name_of(content), quarter="2026-Q3"))


def codes(prepared: Prepared) -> list[str]:
    return [issue.code for issue in prepared.issues]


# --- a form, mapped once -------------------------------------------------------------------------


def test_what_is_offered_for_a_form_is_its_mapping(store: Store) -> None:
    table = read_to_map(FIRST, "form.xlsx", RETURNS)
    choices = choices_of(table, RETURNS)
    # Start and completion time, e-mail, name, and the remarks with a telephone number.
    assert [table.header[place] for place in choices.withheld] == [*FORM[1:], REMARKS]
    offered, reasons = offered_mapping(choices, RETURNS, AROUND)
    expected = mapping_of_form()
    assert {name: source.heading for name, source in offered.columns.items()} == {
        name: source.heading for name, source in expected.columns.items()
    }
    assert offered.constants == dict.fromkeys(NOT_ASKED, "not asked")
    assert offered.columns["reviewed"].answers == expected.columns["reviewed"].answers
    assert offered.columns["urn"].answers == {}
    assert set(reasons) == set(offered.columns)
    # Offered, and not applied.
    assert newest_mapping(store, "school_safeguarding", fingerprint(table.header)) is None
    assert checked(store, FIRST).refused


def test_a_form_is_refused_until_somebody_maps_it(store: Store) -> None:
    before = contents(store.exact)
    prepared = checked(store, FIRST)
    assert prepared.refused
    assert prepared.unmapped
    # What may identify somebody comes alone.
    assert {code.partition("_")[0] for code in codes(prepared)} == {"scan"}
    assert all("python -m gapmap map" in issue.fix for issue in prepared.issues)
    said = repr([issue.as_dict() for issue in prepared.issues])
    for word in (SECRET, "Form1", "school.example", *QUESTIONS.values()):
        assert word not in said
    assert prepared.issues.stages()["identifiers"] == "failed"
    assert prepared.issues.stages()["cells"] == "not run"
    assert contents(store.exact) == before


def test_a_form_without_identifiers_is_refused_by_how_it_is_mapped(store: Store) -> None:
    row = form_row(1, 100001)
    harmless = {name: row[name] for name in QUESTIONS.values()}
    prepared = checked(store, form(harmless))
    assert prepared.unmapped
    (issue,) = prepared.issues
    assert (issue.code, issue.row) == ("not_mapped", 1)
    assert "python -m gapmap map FILE --extract school_safeguarding" in issue.fix
    assert "in the browser" in issue.fix
    assert prepared.issues.stages()["identifiers"] == "passed"
    assert prepared.issues.stages()["extract"] == "failed"


def test_a_name_that_identifies_cannot_be_mapped_away(store: Store) -> None:
    named = upload("school_safeguarding", FIRST, name="a@example.org.xlsx", quarter="2026-Q3")
    issues = list(check(store, named).issues)
    found = {issue.code for issue in issues}
    assert "scan_email" in found
    assert "not_mapped" not in found
    assert not any("gapmap map" in issue.fix for issue in issues)


def test_a_mapped_form_loads_without_e_mail_and_names(store: Store) -> None:
    kept(store, FIRST, mapping_of_form())
    prepared = checked(store, FIRST)
    assert not prepared.refused, list(prepared.issues)
    publish(store, prepared, "lead@hackney.example")
    rows = {row["urn"]: row for row in look(store.exact, "from school_safeguarding")}
    assert sorted(rows) == [100001, 100002, 100011]
    assert [rows[urn]["reviewed"] for urn in sorted(rows)] == ["yes", "no reply", "yes"]
    assert [rows[urn]["alcohol_policy"] for urn in sorted(rows)] == ["no", "yes", "yes"]
    assert (rows[100002]["hsb_policy"], rows[100011]["dsl_supervision"]) == ("no reply", "no")
    assert {row["hsb_survey_returned"] for row in rows.values()} == {"not asked"}
    assert {row["self_evaluation_met"] for row in rows.values()} == {None}
    assert [rows[urn]["hsb_reports_two_years"] for urn in sorted(rows)] == [1, 2, 3]
    assert [rows[urn]["row_no"] for urn in sorted(rows)] == [2, 3, 4]
    everything = repr(contents(store.exact)) + archived(store)
    for dropped in (SECRET, "school.example", "long year", "7946"):
        assert dropped not in everything
    assert newest_mapping(store, "school_safeguarding", "another layout") is None


def archived(store: Store) -> str:
    tables = [parquet.read_table(path) for path in store.archive.rglob("*.parquet")]
    assert tables
    return repr([(table.schema.metadata, table.to_pylist()) for table in tables])


def test_it_is_said_which_mapping_and_how_many_columns_went(store: Store) -> None:
    kept(store, FIRST, mapping_of_form())
    (said,) = list(checked(store, FIRST).issues)
    assert (said.severity, said.code) == ("warning", "mapped_columns")
    assert said.message == (
        "the file was read by the mapping 'Autumn return', confirmed by lead@hackney.example on "
        "15 October 2026: 15 of its 21 columns were kept, 6 dropped unseen; the same in every "
        "row: hsb_survey_returned, relevant_agency_named: 'not asked'"
    )


def test_the_next_quarters_file_loads_unprompted(store: Store) -> None:
    kept(store, FIRST, mapping_of_form())
    prepared = checked(store, SECOND)
    assert prepared.rows is not None
    rows = {row["urn"]: row for row in prepared.rows.to_pylist()}
    assert rows[100001]["reviewed"] == "no"
    assert (rows[100003]["alcohol_policy"], rows[100003]["hsb_policy"]) == ("yes", "no reply")


def test_the_order_of_the_columns_does_not_matter_and_cells_keep_their_place(store: Store) -> None:
    kept(store, FIRST, mapping_of_form())
    row = form_row(1, 100001, reviewed="Perhaps")
    turned = dict(reversed(row.items()))
    prepared = checked(store, form(turned))
    faults = [(i.code, i.sheet, i.row, i.column, i.cell) for i in prepared.issues.listed("error")]
    # Of 21 columns the heading of `reviewed` is the eighth, so the fourteenth from behind.
    assert faults == [("not_allowed", "Form1", 2, "reviewed", "N2")]


def test_changed_headings_ask_again(store: Store) -> None:
    kept(store, FIRST, mapping_of_form())
    row = form_row(1, 100001)
    changed = {name.replace("policy on alcohol", "policy on drink"): v for name, v in row.items()}
    assert checked(store, form(changed)).unmapped
    assert checked(store, form({**row, "One more question?": "x"})).unmapped


def test_an_answer_that_is_not_mapped_is_an_issue_with_its_cell(store: Store) -> None:
    kept(store, FIRST, mapping_of_form())
    prepared = checked(
        store, form(form_row(1, 100001), form_row(2, "204/2319", reviewed="In part"))
    )
    faults = {i.code: i for i in prepared.issues.listed("error")}
    assert {code: issue.cell for code, issue in faults.items()} == {
        "not_allowed": "H3",
        "not_a_urn": "F3",
    }
    assert "Add this answer to the mapping of the file" in faults["not_allowed"].fix
    assert prepared.mappable


def test_kept_columns_are_scanned(store: Store) -> None:
    kept(store, FIRST, mapping_of_form())
    prepared = checked(store, form(form_row(1, 100001, hsb_policy="ask a@example.org")))
    assert [(i.code, i.row, i.cell) for i in prepared.issues.listed("error")] == [
        ("scan_email", 2, "M2")
    ]
    assert "example.org" not in repr(list(prepared.issues))


def test_a_mapping_that_keeps_what_identifies_is_not_taken(store: Store) -> None:
    log = IssueLog()
    given = mapping_of_form()
    wrong = ColumnMapping(
        given.extract, given.name, {**given.columns, "hsb_policy": Source("Email")}
    )
    table = read_to_map(FIRST, "form.xlsx", RETURNS)
    before = contents(store.exact)
    assert confirm(store, table, wrong, RETURNS, AROUND, log, by="x@example.org", at=AT) is None
    assert {issue.code for issue in log} == {"scan_email"}
    assert contents(store.exact) == before


def test_the_newest_mapping_applies_and_none_is_lost(store: Store) -> None:
    first = mapping_of_form()
    kept(store, FIRST, first)
    prepared = checked(store, FIRST)
    publish(store, prepared, "lead@hackney.example")
    other = {**first.columns, "reviewed": Source(constant="not asked")}
    later = ColumnMapping(first.extract, "Corrected", other)
    log = IssueLog()
    table = read_to_map(FIRST, "form.xlsx", RETURNS)
    at = AT.replace(hour=10)
    assert confirm(store, table, later, RETURNS, AROUND, log, by="b@example.org", at=at)
    again = checked(store, FIRST)
    assert again.rows is not None
    assert set(again.rows["reviewed"].to_pylist()) == {"not asked"}
    # The same bytes, and yet not the same rows: that is published.
    assert publish(store, again, "b@example.org").outcome == "published"
    assert publish(store, checked(store, FIRST), "b@example.org").outcome == "unchanged"
    names = [
        row["name"] for row in look(store.exact, "from column_mapping order by confirmed_at desc")
    ]
    assert names == ["Corrected", "Autumn return"]


def test_an_export_with_columns_too_many_is_mapped_to_drop_them(store: Store) -> None:
    """A case system's export that has every column, and two that are nobody's business."""
    row = {
        "quarter": "2026-Q3",
        "borough": "London Borough of Hackney",
        "referral_type": "Harmful Sexual Behaviour",
        "source": "2A",
        "outcome": "No Further Action",
        "referrals": 9,
        "worker": SECRET,
    }
    content = csv_bytes([row])
    contract = contracts()["referrals"]
    assert "unknown_column" in codes(checked(store, content, "referrals"))
    table = read_table(content, "r.csv")
    offered, _ = offered_mapping(choices_of(table, contract), contract, AROUND)
    assert offered.columns["borough"].answers == {"London Borough of Hackney": "Hackney"}
    assert offered.columns["outcome"].answers == {"No Further Action": "NFA"}
    assert offered.columns["referral_type"].answers == {"Harmful Sexual Behaviour": "HSB"}
    kept(store, content, offered, contract)
    prepared = checked(store, content, "referrals")
    assert prepared.rows is not None
    (loaded,) = prepared.rows.to_pylist()
    assert (loaded["borough_code"], loaded["outcome"], loaded["aim_assessments"]) == (
        "E09000012",
        "NFA",
        None,
    )


def test_a_file_that_needs_no_mapping_gets_none(store: Store) -> None:
    fitting = csv_bytes([{"borough": "Hackney", **dict.fromkeys(LADO, 1)}])
    given = ColumnMapping("lado", "x", {"borough": Source("borough")})
    table = read_table(fitting, "lado.csv")
    with pytest.raises(MappingError, match="load it as it is"):
        confirm(
            store, table, given, contracts()["lado"], AROUND, IssueLog(), by="x@example.org", at=AT
        )
    with pytest.raises(MappingError, match="those of the extract 'lado'"):
        confirm(store, table, given, contracts()["training"], AROUND, IssueLog(), by="x", at=AT)


def test_answers_under_the_contracts_own_headings_can_be_mapped(store: Store) -> None:
    rows = csv_bytes([course(agency="Schools"), course(urn=100002, agency="school")])
    refused = check(store, upload("training", rows))
    assert [(i.code, i.cell) for i in refused.issues] == [("not_allowed", "C2")]
    contract, table = contracts()["training"], read_table(rows, "training.csv")
    offered, _ = offered_mapping(choices_of(table, contract), contract, AROUND)
    assert offered.columns["agency"].answers == {"Schools": "school"}
    confirmed = confirm(
        store, table, offered, contract, AROUND, IssueLog(), by="lead@hackney.example", at=AT
    )
    assert confirmed is not None
    prepared = check(store, upload("training", rows))
    assert [issue.code for issue in prepared.issues] == [MAPPED]
    assert prepared.rows is not None
    assert prepared.rows["agency"].to_pylist() == ["school", "school"]


LADO = ("contacts_education", "threshold_met", "concluded", "substantiated")


# --- a survey of persons, counted ----------------------------------------------------------------

ASKED = {
    "harassment happens": "How much does sexual harassment happen in your school?",
    "would report": "Would you report it if it happened to you?",
    "knows how to report": "Do you know how to report it?",
    "school acts": "When somebody reports it, does your school act?",
}
PEOPLE = {
    "borough": "Which borough is your school in?",
    "urn": "School URN",
    "sex": "Are you a girl or a boy?",
}
MEANT = {
    "A lot": "a lot", "All the time": "a lot", "Sometimes": "sometimes", "Never": "other",
    "Not sure": "no answer", "": "no answer",
}  # fmt: skip
SEXES = {"Girl": "girls", "Boy": "boys", "Prefer not to say": "all", "": "all"}
SCHOOLS = {100001: "Hackney", 100002: "hackney ", 100011: "Bromley"}


def respondents(number: int, seed: int = 1) -> list[dict[str, Any]]:
    """One row a person, as Microsoft Forms exports a survey of pupils."""
    chance = Random(seed)
    rows = []
    for one in range(1, number + 1):
        urn = chance.choice([*SCHOOLS])
        answers = {heading: chance.choice([*MEANT]) for heading in ASKED.values()}
        rows.append(
            {
                "ID": one,
                "Start time": "2026-09-03 10:02:01",
                "Email": f"pupil{one}@school.example",
                "Name": f"{SECRET} {one}",
                PEOPLE["borough"]: SCHOOLS[urn],
                PEOPLE["urn"]: urn,
                PEOPLE["sex"]: chance.choice([*SEXES]),
                **answers,
                "What happened?": f"It was {SECRET} {one}",
            }
        )
    return rows


def mapping_of_survey() -> ColumnMapping:
    return ColumnMapping(
        "perception_survey",
        "Pupils' survey",
        {
            "borough": Source(PEOPLE["borough"]),
            "urn": Source(PEOPLE["urn"]),
            "respondent": Source(constant="child"),
            "sex": Source(PEOPLE["sex"], answers=SEXES),
        },
        {name: Source(heading, answers=MEANT) for name, heading in ASKED.items()},
    )


def counted_plainly(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """The counts, one person and question after the other: by school, sex and question."""
    valid, a_lot, sometimes = Counter[Any](), Counter[Any](), Counter[Any]()
    for row in rows:
        for sex in {"all", SEXES[row[PEOPLE["sex"]]]}:
            for question, heading in ASKED.items():
                key = (row[PEOPLE["urn"]], sex, question)
                meant = MEANT[row[heading]]
                valid[key] += meant != "no answer"
                a_lot[key] += meant == "a lot"
                sometimes[key] += meant == "sometimes"
    return {key: (valid[key], a_lot[key], sometimes[key]) for key in valid}


def test_a_survey_of_persons_is_counted_as_a_dictionary_counts_it(store: Store) -> None:
    rows = respondents(400)
    kept(store, csv_bytes(rows), mapping_of_survey(), SURVEY)
    prepared = checked(store, csv_bytes(rows), "perception_survey")
    assert prepared.rows is not None, list(prepared.issues)
    found = {
        (r["urn"], r["sex"], r["question"]): (r["valid_answers"], r["a_lot"], r["sometimes"])
        for r in prepared.rows.to_pylist()
    }
    assert found == counted_plainly(rows)
    assert len(found) == prepared.rows.num_rows == 3 * 3 * 4
    assert set(prepared.rows["respondent"].to_pylist()) == {"child"}
    assert "400 respondents were counted and their rows dropped" in repr(list(prepared.issues))


def test_no_respondent_reaches_the_store_the_archive_or_a_log(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rows = respondents(200)
    kept(store, csv_bytes(rows), mapping_of_survey(), SURVEY)
    prepared = checked(store, csv_bytes(rows), "perception_survey")
    publish(store, prepared, "lead@hackney.example")
    held = look(store.exact, "from perception_survey")
    assert len(held) == 36
    # Numbered anew: from which rows of the file they were made is not told.
    assert sorted(row["row_no"] for row in held) == list(range(1, 37))
    assert sum(r["valid_answers"] for r in held if r["sex"] == "all") == sum(
        MEANT[row[heading]] != "no answer" for row in rows for heading in ASKED.values()
    )
    everything = repr(contents(store.exact)) + archived(store) + caplog.text + repr(prepared)
    for word in (SECRET, "pupil1@", "school.example", "What happened?"):
        assert word not in everything


def test_a_fault_of_a_respondent_is_placed_and_never_quoted(store: Store) -> None:
    rows = respondents(20)
    kept(store, csv_bytes(rows), mapping_of_survey(), SURVEY)
    rows[3][ASKED["would report"]] = "only to my aunt"
    rows[5][PEOPLE["borough"]] = "the one by the river"
    prepared = checked(store, csv_bytes(rows), "perception_survey")
    faults = [(i.code, i.row, i.column, i.cell) for i in prepared.issues.listed("error")]
    assert sorted(faults) == [
        ("unknown_borough", 7, "borough", "E7"),
        ("unmapped_answer", 5, "would report", "I5"),
    ]
    assert "aunt" not in repr(list(prepared.issues))
    assert "river" not in repr(list(prepared.issues))


def test_an_unknown_school_of_a_survey_is_found_in_the_file(store: Store) -> None:
    rows = respondents(20)
    kept(store, csv_bytes(rows), mapping_of_survey(), SURVEY)
    rows[7][PEOPLE["urn"]] = 999999
    prepared = checked(store, csv_bytes(rows), "perception_survey")
    found = {(i.code, i.row, i.cell) for i in prepared.issues.listed("error")}
    assert found == {("unknown_urn", 9, "F9")}


def test_respondents_can_be_left_out(store: Store) -> None:
    rows = respondents(50)
    given = mapping_of_survey()
    girls_alone = {**SEXES, "Boy": "leave out"}
    columns = {**given.columns, "sex": Source(PEOPLE["sex"], answers=girls_alone)}
    mapping = ColumnMapping(given.extract, given.name, columns, given.questions)
    kept(store, csv_bytes(rows), mapping, SURVEY)
    prepared = checked(store, csv_bytes(rows), "perception_survey")
    assert prepared.rows is not None
    left = [row for row in rows if row[PEOPLE["sex"]] != "Boy"]
    everybody = prepared.rows.to_pylist()
    assert sum(r["valid_answers"] for r in everybody if r["sex"] == "all") == sum(
        MEANT[row[heading]] != "no answer" for row in left for heading in ASKED.values()
    )
    said = prepared.issues.listed("warning")[0].message
    assert f"{50 - len(left)} respondents left out" in said


def test_what_is_offered_for_a_survey() -> None:
    table = read_table(csv_bytes(respondents(80)), "survey.csv")
    offered, _ = offered_mapping(choices_of(table, SURVEY), SURVEY, AROUND)
    assert {name: source.heading for name, source in offered.questions.items()} == ASKED
    answers = offered.questions["harassment happens"].answers
    assert answers == MEANT
    assert offered.columns["borough"].heading == PEOPLE["borough"]
    assert offered.columns["urn"].heading == PEOPLE["urn"]


def test_a_survey_of_persons_cannot_be_mapped_row_by_row(store: Store) -> None:
    given = mapping_of_survey()
    row_by_row = {
        **given.columns,
        "question": Source(constant="would report"),
        "valid_answers": Source(constant="1"),
        "a_lot": Source(constant="1"),
        "sometimes": Source(constant="0"),
    }
    rows = csv_bytes(respondents(30))
    kept(store, rows, ColumnMapping("perception_survey", "x", row_by_row), SURVEY)
    assert "duplicate_key" in codes(checked(store, rows, "perception_survey"))


# --- the mapping itself --------------------------------------------------------------------------

TOML = as_toml(mapping_of_form())

WRONG = {
    "a misspelt property": (
        'extract = "x"\nname = "y"\ncolums = {}',
        "m.toml: unknown property 'colums'; it may be one of extract, name, columns, questions",
    ),
    "a misspelt property of a column": (
        'extract = "x"\nname = "y"\n[columns.urn]\nheadding = "URN"',
        r"m.toml, columns.urn: unknown property 'headding'",
    ),
    "no name": ('extract = "x"', "m.toml: property 'name' is missing"),
    "a number for a name": ('extract = "x"\nname = 3', "property 'name' must be a text"),
    "neither heading nor constant": (
        'extract = "x"\nname = "y"\n[columns.urn]\n',
        "columns.urn: give either heading or constant",
    ),
    "both": (
        'extract = "x"\nname = "y"\n[columns.urn]\nheading = "a"\nconstant = "b"',
        "columns.urn: give either heading or constant",
    ),
    "answers of a constant": (
        'extract = "x"\nname = "y"\n[columns.urn]\nconstant = "b"\nanswers = {a = "b"}',
        "answers go with heading",
    ),
    "a meaning that is no text": (
        'extract = "x"\nname = "y"\n[columns.urn]\nheading = "b"\nanswers = {a = 1}',
        "the meaning of the answer 'a' must be a text",
    ),
    "a column that is no table": ('extract = "x"\nname = "y"\n[columns]\nurn = "b"', "a table"),
    "no TOML": ("extract: x", "m.toml: it is not TOML"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_mapping_says_which_property(text: str, said: str) -> None:
    with pytest.raises(MappingError, match=said):
        parse_mapping(text, "m.toml")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"revewed": Source("x")}, "unknown column 'revewed'; it may be one of quarter, urn"),
        ({"reviewed": Source(constant="perhaps")}, "columns.reviewed: 'perhaps' is not allowed"),
        ({"reviewed": Source("x", answers={"a": "b"})}, "columns.reviewed: 'b' is not allowed"),
        ({"reviewed": Source("x", answers={"a": ""})}, "columns.reviewed: reviewed is blank"),
        ({"quarter": Source(constant="2026-Q3")}, "give it with each upload"),
        ({"reviewed": None}, "'reviewed' has no source"),
    ],
)
def test_a_mapping_that_does_not_fit_the_contract(
    changes: dict[str, Source | None], said: str
) -> None:
    given = mapping_of_form()
    columns = {n: s for n, s in {**given.columns, **changes}.items() if s is not None}
    with pytest.raises(MappingError, match=said):
        check_mapping(ColumnMapping(given.extract, given.name, columns), RETURNS, AROUND)


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ({"would repot": Source("x")}, "unknown question 'would repot'"),
        ({"would report": Source(constant="a lot")}, "give the heading"),
        ({"would report": Source("x", answers={"y": "yes"})}, "'yes' is not allowed here"),
    ],
)
def test_questions_that_are_not_asked(questions: dict[str, Source], said: str) -> None:
    given = mapping_of_survey()
    mapping = ColumnMapping(given.extract, given.name, given.columns, questions)
    with pytest.raises(MappingError, match=said):
        check_mapping(mapping, SURVEY, AROUND)


def test_persons_are_counted_for_the_survey_alone() -> None:
    given = mapping_of_form()
    mapping = ColumnMapping(given.extract, "x", given.columns, {"would report": Source("x")})
    with pytest.raises(MappingError, match="for 'perception_survey' only"):
        check_mapping(mapping, RETURNS, AROUND)
    with pytest.raises(MappingError, match="of the extract 'school_safeguarding', not of"):
        check_mapping(given, SURVEY, AROUND)


texts = st.text(max_size=12)
sources = st.one_of(
    st.builds(Source, heading=texts, answers=st.dictionaries(texts, texts, max_size=3)),
    st.builds(Source, constant=texts),
)


@given(
    st.builds(
        ColumnMapping,
        st.just("lado"),
        texts.map(str.strip).filter(bool),
        st.dictionaries(texts, sources, max_size=3),
        st.dictionaries(texts, sources, max_size=3),
    )
)
def test_a_mapping_survives_its_toml(mapping: ColumnMapping) -> None:
    assert parse_mapping(as_toml(mapping), "m.toml") == mapping


def test_a_mapping_may_not_name_anybody(store: Store) -> None:
    given = mapping_of_form()
    answers = {"a@example.org": "yes"}
    columns = {**given.columns, "reviewed": Source(QUESTIONS["reviewed"], answers=answers)}
    mapping = ColumnMapping(given.extract, given.name, columns)
    with pytest.raises(MappingError, match="may identify somebody") as fault:
        kept(store, FIRST, mapping)
    assert "example.org" not in str(fault.value)


@given(st.lists(st.text(max_size=5), max_size=5))
def test_a_fingerprint_is_of_the_headings_and_not_of_their_order(header: list[str]) -> None:
    assert fingerprint(header) == fingerprint(sorted(header))
    assert fingerprint([*header, "one more"]) != fingerprint(header)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Yes, definitely", "yes"), ("Y", "yes"), ("TRUE", "yes"), ("1", "yes"), ("No.", "no"),
        ("No - not yet", "no"), ("n", "no"), ("N/A", "not asked"), ("Don’t know", "no reply"),
        ("  ", "no reply"), ("not askd", "not asked"), ("Yes, partly", None), ("Purple", None),
    ],
)  # fmt: skip
def test_answers_that_are_offered(text: str, offered: str | None) -> None:
    assert offer_answers([text], ANSWERS) == {text: offered}


def test_headings_are_offered_by_name_then_alias_then_likeness() -> None:
    headings = ["NAME OF COURSE", "urn", "staff in_scope", "Staff trained (in date)", "colour"]
    offers = offer_columns(headings, contracts()["training"], counted=False)
    found = {name: offer.source.heading for name, offer in offers.items()}
    assert found == {
        "urn": "urn",
        "course": "NAME OF COURSE",
        "staff_in_scope": "staff in_scope",
        "staff_trained": "Staff trained (in date)",
    }
    assert offers["urn"].reason == "the same heading"
    assert offers["staff_in_scope"].reason == "the same heading"
    assert offers["staff_trained"].reason.startswith("alike (")


# --- the command line ----------------------------------------------------------------------------


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """The command line on a store with the tiny register."""
    line = Line(tmp_path)
    register = line.file(csv_bytes(tiny_register()), "register.csv")
    assert line("load", register, "--extract", "schools", "--date", "2024-06-30").code == 0
    return line


RETURN = ("--extract", "school_safeguarding")


def test_a_form_goes_in_by_the_command_line(line: Line) -> None:
    first, second = line.file(FIRST, "first.xlsx"), line.file(SECOND, "second.xlsx")
    refused = line("load", first, *RETURN, "--quarter", "2026-Q2", "--json")
    assert refused.code == 3
    assert "python -m gapmap map" in refused.json["issues"][0]["fix"]
    suggested = line("map", first, *RETURN, "--suggest")
    assert suggested.code == 0
    assert SECRET not in suggested.out
    mapping = line.file(suggested.out.encode(), "mapping.toml")
    mapped = line("map", first, *RETURN, "--mapping", mapping, "--by", "a@example.org")
    assert (mapped.code, mapped.err) == (0, "")
    assert "15 columns are kept, 6 dropped unseen" in mapped.out
    done = line("load", first, *RETURN, "--quarter", "2026-Q2", "--json")
    assert (done.code, done.json["outcome"], done.json["rows"]) == (0, "published", 3)
    assert [issue["code"] for issue in done.json["issues"]] == ["mapped_columns"]
    assert done.json["dropped_columns"] == []
    # A person confirmed the mapping already, so that a strict load takes it too.
    later = line("load", second, *RETURN, "--quarter", "2026-Q3", "--strict", "--json")
    assert (later.code, later.json["outcome"], later.json["rows"]) == (0, "published", 2)


def test_a_misspelt_property_on_the_command_line(line: Line) -> None:
    first = line.file(FIRST, "first.xlsx")
    wrong = line.file(TOML.replace("heading", "haeding", 1).encode(), "mapping.toml")
    ran = line("map", first, *RETURN, "--mapping", wrong)
    assert ran.code == 2
    assert "unknown property 'haeding'; it may be one of heading, constant, answers" in ran.err


def test_either_a_mapping_or_a_suggestion(line: Line) -> None:
    first = line.file(FIRST, "first.xlsx")
    assert line("map", first, *RETURN).code == 2
    assert line("map", first, "--extract", "nonsense", "--suggest").code == 2
    not_text = line.file(b"\xff\xfe\xff", "m.toml")
    assert line("map", first, *RETURN, "--mapping", not_text).code == 2
    empty = line.file(b"", "empty.csv")
    ran = line("map", empty, *RETURN, "--suggest", "--json")
    assert (ran.code, ran.json["outcome"]) == (3, "refused")
    assert [issue["code"] for issue in ran.json["issues"]] == ["empty_file"]


def test_a_suggestion_is_a_mapping_with_what_is_missing_as_remarks() -> None:
    row = {"Borough": "Hackney", "Course name": "Basket weaving", "Colour": "red"}
    contract = contracts()["training"]
    choices = choices_of(read_table(csv_bytes([row]), "t.csv"), contract)
    text = suggestion(choices, contract, AROUND)
    assert parse_mapping(text, "m.toml").columns["borough"] == Source("Borough")
    assert "nothing is like the answers 'Basket weaving'" in text
    assert "# missing: the column 'staff_trained': " in text
    assert "# a heading that is not used: 'Colour'" in text
    assert "# columns that may identify somebody, always dropped: 0" in text


def test_the_operation_answers_in_plain_json(store: Store, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.duckdb", 100, "512MB")
    arguments = {"file_name": "f.xlsx", "extract": "school_safeguarding", "mapping": TOML}
    answer = json.loads(json.dumps(map_file(store, settings, arguments, FIRST)))
    assert (answer["outcome"], answer["kept_columns"], answer["dropped_columns"]) == (
        "mapped",
        15,
        6,
    )
    wrong = {**arguments, "mapping": TOML.replace(QUESTIONS["hsb_policy"], "Email")}
    refused = map_file(store, settings, wrong, FIRST)
    assert refused["outcome"] == "refused"
    assert {issue["code"] for issue in refused["issues"]} == {"scan_email"}


def test_columns_with_many_texts_are_none_of_answers() -> None:
    rows = [{"n": number, "a": number % 3} for number in range(100)]
    choices = choices_of(read_table(csv_bytes(rows), "t.csv"), RETURNS)
    assert choices == Choices(("n", "a"), {"a": ("0", "1", "2")}, ())


def test_every_counted_answer_has_a_place() -> None:
    assert COUNTED_ANSWERS == ("a lot", "sometimes", "other", "no answer")


def test_a_form_as_openpyxl_reads_it_has_the_columns_that_are_mapped() -> None:
    """The fixture is what it says: a second implementation sees the same headings."""
    sheet = openpyxl.load_workbook(io.BytesIO(FIRST), read_only=True)["Form1"]
    header = [cell.value for cell in next(sheet.iter_rows())]
    assert header == [*FORM, *QUESTIONS.values(), REMARKS]
