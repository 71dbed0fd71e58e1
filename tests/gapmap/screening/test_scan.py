"""A file that may identify a child: found wherever it stands, told by place, quoted nowhere."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner

from gapmap.cli.main import main
from gapmap.contract import Contract, contracts
from gapmap.demo import demonstration_files
from gapmap.issue import LISTED_AT_MOST, Issue, IssueLog
from gapmap.reading.reading import read_table
from gapmap.reading.refusal import error
from gapmap.reading.text_table import TextTable
from gapmap.reading.workbook import read_workbook
from gapmap.screening import scan as scan_module
from gapmap.screening.scan import FOUND_AT_MOST, scan, scan_refusal, speakable
from gapmap.settings import ROOT
from gapmap.stores.store import Store
from tests.spreadsheets import ods_bytes
from tests.uploads import (
    check,
    course,
    csv_bytes,
    engagement,
    referral,
    school,
    tiny_register,
    upload,
    xlsx_bytes,
)

VECTORS = {
    "B801200005001": "scan_upn",
    "R202999926001": "scan_upn",
    "C20299992600A": "scan_upn",
    "L940999926001": "scan_upn",
    "Q838999926001": "scan_upn",
    "9990000018": "scan_nhs_number",
    "999 000 0026": "scan_nhs_number",
    "AB123456C": "scan_ni_number",
    "SW1A 1AA": "scan_postcode",
    "a@example.org": "scan_email",
    "020 7946 0000": "scan_phone",
}
TRAINING = [list(course()), *[list(course(staff_in_scope=n).values()) for n in (2, 3, 4)]]
LAST = len(TRAINING[0]) - 1
# Row and column of a cell from 0, and its address; row 0 is the heading.
CELLS = {
    "heading, first column": (0, 0, "A1"),
    "heading, last column": (0, LAST, "G1"),
    "first row, first column": (1, 0, "A2"),
    "first row, last column": (1, LAST, "G2"),
    "last row, first column": (3, 0, "A4"),
    "last row, last column": (3, LAST, "G4"),
}


def as_csv(rows: Sequence[Sequence[Any]]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)


KINDS_OF_FILE: dict[str, Callable[[Sequence[Sequence[Any]]], bytes]] = {
    "CSV in UTF-8": lambda rows: as_csv(rows).encode(),
    "CSV in UTF-8 with its mark": lambda rows: as_csv(rows).encode("utf-8-sig"),
    "CSV in UTF-16": lambda rows: as_csv(rows).encode("utf-16"),
    "CSV in UTF-16, the other way round": lambda rows: (
        b"\xfe\xff" + as_csv(rows).encode("utf-16-be")
    ),
    "TSV": lambda rows: "".join("\t".join(map(str, row)) + "\n" for row in rows).encode(),
    "ODS": lambda rows: ods_bytes({"Data": rows}),
    "CSV in Windows-1252": lambda rows: as_csv([*rows, ["£é"] * len(rows[0])]).encode("cp1252"),
    "XLSX": lambda rows: xlsx_bytes({"Data": rows}),
}


def issues_of(content: bytes, name: str = "training.csv", extract: str = "training") -> list[Issue]:
    """What the scan logs. A workbook is parsed here; through its own process it is further down."""
    parsed = read_workbook(content) if content[:2] == b"PK" else read_table(content, name)
    log = IssueLog()
    scan(parsed, name, contracts()[extract], log)
    return list(log)


def found(issues: Sequence[Issue]) -> list[tuple[str, str | None, int | None, str | None]]:
    return [(i.code, i.sheet, i.row, i.cell) for i in issues]


def with_cell(row: int, column: int, text: Any) -> list[list[Any]]:
    rows = [list(cells) for cells in TRAINING]
    rows[row][column] = text
    return rows


# --- each vector in each place of each kind of file -----------------------------------------------


@pytest.mark.parametrize(
    ("kind", "vector", "place"), list(product(KINDS_OF_FILE, VECTORS, CELLS)), ids=str
)
def test_a_vector_is_found_in_every_place(kind: str, vector: str, place: str) -> None:
    row, column, cell = CELLS[place]
    issues = issues_of(KINDS_OF_FILE[kind](with_cell(row, column, vector)))
    sheet = "1" if kind in ("XLSX", "ODS") else None
    assert found(issues) == [(VECTORS[vector], sheet, row + 1, cell)]
    assert_silent(issues, vector)


@pytest.mark.parametrize("vector", VECTORS)
def test_a_vector_in_the_name_of_the_file(vector: str) -> None:
    for name in (f"{vector}.csv", f"training_{vector}_2026-Q3.csv", f"Q3 {vector} (2).csv"):
        issues = issues_of(KINDS_OF_FILE["CSV in UTF-8"](TRAINING), name)
        assert found(issues) == [(VECTORS[vector], None, None, None)]
        assert issues[0].message.startswith("the file's name holds ")
        assert_silent(issues, vector)


@pytest.mark.parametrize("vector", VECTORS)
def test_a_vector_in_the_name_of_a_sheet(vector: str) -> None:
    for sheets, number in (({vector: TRAINING}, 1), ({"A": [], "B": TRAINING, vector: []}, 3)):
        for written, name in ((xlsx_bytes, "training.xlsx"), (ods_bytes, "training.ods")):
            issues = issues_of(written(sheets), name)
            assert found(issues) == [(VECTORS[vector], None, None, None)]
            assert f"the name of sheet {number} holds " in issues[0].message
            assert_silent(issues, vector)


def test_the_sheet_is_told_by_its_position() -> None:
    rows = with_cell(2, 1, "E8 1EA")
    issues = issues_of(xlsx_bytes({"Notes": [], "Jane": rows}), "training.xlsx")
    assert found(issues) == [("scan_postcode", "2", 3, "B3")]
    assert_silent(issues, "Jane")


def test_a_workbook_that_is_parsed_apart_names_its_sheets_too() -> None:
    content = xlsx_bytes({"A": [], "B801200005001": with_cell(3, LAST, "E8 1EA")})
    log = IssueLog()
    scan(read_table(content, "t.xlsx"), "t.xlsx", contracts()["training"], log)
    assert found(list(log)) == [
        ("scan_upn", None, None, None),
        ("scan_postcode", "2", 4, "G4"),
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (9990000018, "scan_nhs_number"),
        (9.990000018e9, "scan_nhs_number"),
        (date(2010, 4, 15), "scan_day"),
        (date(2026, 9, 1), "scan_day"),
    ],
)
def test_typed_cells_of_a_workbook(cell: Any, code: str) -> None:
    issues = issues_of(xlsx_bytes({"S": with_cell(2, 3, cell)}), "t.xlsx")
    assert found(issues) == [(code, "1", 3, "D3")]


def test_titles_above_the_heading_are_looked_at() -> None:
    table = replace(
        read_table(as_csv(TRAINING).encode(), "t.csv"),
        titles=((1, ("As at 30/09/2026", "for B801200005001")),),
    )
    log = IssueLog()
    scan(table, "t.csv", contracts()["training"], log)
    assert found(list(log)) == [("scan_upn", None, 1, "B1")]


@pytest.mark.parametrize(
    ("heading", "code"),
    [("Pupil name", "scan_name_heading"), ("D.O.B.", "scan_birth_heading")],
)
def test_a_column_of_persons(heading: str, code: str) -> None:
    rows = [[*row, ""] for row in TRAINING]
    rows[0][-1] = heading
    issues = issues_of(as_csv(rows).encode())
    assert found(issues) == [(code, None, 1, "H1")]
    assert issues[0].message.startswith("the heading announces ")


# --- what must pass -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "referrals_camden_2026-Q3.csv", "police_engagement_NW_2026-Q3 (2).xlsx", "training.csv",
        "training_2026-09-30.csv", "training 30-09-2026.csv", "training_20260930.csv",
        "training_20260930_1530.csv", "training 30 September 2026.csv",
    ],
)  # fmt: skip
def test_names_of_files_that_are_nothing_of_a_childs(name: str) -> None:
    kind = "XLSX" if name.endswith("xlsx") else "CSV in UTF-8"
    assert issues_of(KINDS_OF_FILE[kind](TRAINING), name) == []


def test_no_demonstration_file_trips() -> None:
    log = IssueLog()
    files = list(demonstration_files())
    assert len(files) > 100
    for file in files:
        scan(read_table(file.content, file.name), file.name, contracts()[file.extract], log)
    assert [(i.code, i.row, i.cell) for i in log] == []


@pytest.mark.parametrize("extract", sorted(contracts()))
def test_no_contract_trips_over_its_own_words(extract: str) -> None:
    contract = contracts()[extract]
    header = [name for f in contract.fields for name in (f.name, *f.aliases)]
    words = [word for f in contract.fields for word in f.enum] or ["x"]
    rows = [header, *[[word] * len(header) for word in words]]
    table = read_table(as_csv(rows).encode(), "x.csv")
    log = IssueLog()
    scan(table, f"{extract}.csv", contract, log)
    assert found(list(log)) == []


# --- days -----------------------------------------------------------------------------------------


def engaged(month: Any) -> list[list[Any]]:
    return [list(engagement()), list(engagement(last_contact_month=month).values())]


def test_a_date_on_the_first_in_a_column_of_months_is_read_as_the_month(store: Store) -> None:
    content = xlsx_bytes({"S": engaged(date(2026, 9, 1))})
    prepared = check(store, upload("police_engagement", content, name="p.xlsx"))
    assert not prepared.refused
    assert prepared.issues.counts("warning") == {"month_read_with_care": 1}
    assert prepared.rows is not None
    assert prepared.rows["last_contact_month"].to_pylist() == ["2026-09"]


@pytest.mark.parametrize("month", ["2026-09-15", "15/09/2026", "2026-09-15T10:00:00"])
def test_a_day_in_figures_in_a_column_of_months_is_the_contracts(store: Store, month: str) -> None:
    content = as_csv(engaged(month)).encode()
    (issue,) = check(store, upload("police_engagement", content)).issues
    assert (issue.code, issue.cell) == ("day_in_month", "H2")
    assert_silent([issue], month)


@pytest.mark.parametrize("month", ["15 September 2026", "2026/09/15", "20260915", "x 15/09/2026"])
def test_any_other_day_there_is_the_scans(store: Store, month: str) -> None:
    content = as_csv(engaged(month)).encode()
    (issue,) = check(store, upload("police_engagement", content)).issues
    assert (issue.code, issue.cell) == ("scan_day", "H2")
    assert_silent([issue], month)


def test_a_column_of_dates_may_hold_days_and_nothing_else() -> None:
    contract = contracts()["school_links"]
    dates = next(f for f in contract.fields if f.type == "date").name
    table = read_table(as_csv([[dates], ["31-08-2026"], ["999 000 0026"]]).encode(), "x.csv")
    log = IssueLog()
    scan(table, "x.csv", replace(contract, undeclared_columns="refuse"), log)
    assert found(list(log)) == [("scan_nhs_number", None, 3, "A3")]


# --- published downloads --------------------------------------------------------------------------


def register(**values: Any) -> bytes:
    rows = [school(100001, "E09000012", "Community school"), *tiny_register()[1:]]
    rows[0] |= values
    return csv_bytes(rows)


def test_columns_that_are_dropped_are_not_looked_at() -> None:
    content = register(HeadLastName="B801200005001", TelephoneNum="020 7946 0000")
    assert issues_of(content, "gias.csv", "schools") == []


def test_a_schools_name_may_hold_anything_but_a_childs_number() -> None:
    free = "St John's, E8 1EA, 020 7946 0000, opened 1 September 2026"
    assert issues_of(register(EstablishmentName=free), "gias.csv", "schools") == []
    pupil = register(EstablishmentName="Jane B801200005001")
    assert found(issues_of(pupil, "gias.csv", "schools")) == [("scan_upn", None, 2, "D2")]


def test_the_register_handed_in_as_another_extract_is_named_by_itself(store: Store) -> None:
    content = register(TelephoneNum="020 7946 0000")
    (issue,) = check(store, upload("training", content)).issues
    assert issue.code == "wrong_extract"
    hidden = register(EstablishmentName="Jane B801200005001")
    (issue,) = check(store, upload("training", hidden)).issues
    assert issue.code == "scan_upn"


def test_a_heading_that_is_dropped_is_not_spoken_where_it_may_identify(empty_store: Store) -> None:
    rows = [{**row, "Jane 999 000 0026": ""} for row in tiny_register()]
    prepared = check(empty_store, upload("schools", rows))
    assert not prepared.refused
    assert prepared.dropped_columns == ("HeadLastName", "TelephoneNum", "column 25")
    assert speakable("HeadLastName", 0) == "HeadLastName"


@pytest.mark.skipif(
    not (ROOT.parent / "shared" / "data").exists(),
    reason="the real register of 2016 is not beside this repository",
)
def test_real_published_files_pass() -> None:
    folder = ROOT.parent / "shared" / "data"
    for name, extract, number in (
        ("school_register_london_2016.csv", "schools", 3_032),
        ("statistical_neighbours.csv", "neighbours", 100),
    ):
        table = read_table((folder / name).read_bytes(), name)
        assert table.row_count >= number
        log = IssueLog()
        scan(table, name, contracts()[extract], log)
        # And not only because little of them is looked at.
        declared = {f.name for f in contracts()[extract].fields}
        kept = [i for i, heading in enumerate(table.header) if heading in declared]
        narrow = replace(
            table,
            header=tuple(table.header[i] for i in kept),
            columns=tuple(table.columns[i] for i in kept),
        )
        strict = replace(contracts()[extract], undeclared_columns="refuse")
        scan(narrow, name, strict, log)
        assert found(list(log)) == []


# --- nothing is quoted, nothing is kept -----------------------------------------------------------

SECRETS = ("B801200005001", "9990000018", "Jane Featherstonehaugh")


def assert_silent(issues: Sequence[Issue], *secrets: str) -> None:
    told = json.dumps([issue.as_dict() for issue in issues])
    assert issues
    assert not [secret for secret in secrets if secret.casefold() in told.casefold()]


def tripping_workbook() -> bytes:
    rows = with_cell(2, 4, SECRETS[0])
    rows[0][1], rows[1][2] = SECRETS[1], SECRETS[2]
    rows = [[*row, "x"] for row in rows]
    rows[0][-1] = f"name {SECRETS[2]}"
    return xlsx_bytes({f"{SECRETS[2]} {SECRETS[1]}"[:31]: rows, SECRETS[0]: []})


TRIPPING: dict[str, bytes] = {
    "a workbook": tripping_workbook(),
    "a CSV file": as_csv(with_cell(1, 2, SECRETS[0])).encode(),
    "a heading that stands twice": f"{SECRETS[1]},{SECRETS[1]}\r\n1,2\r\n".encode(),
    "a cell that is too long": f"name {SECRETS[2]},b\r\n{'x' * 2000},2\r\n".encode(),
    "a value right of the heading": xlsx_bytes({SECRETS[1]: [["a"], ["b", SECRETS[0]]]}),
    "no content": b"",
    "uneven rows": f"a,b\r\n{SECRETS[0]}\r\n".encode(),
}


@pytest.mark.parametrize("what", TRIPPING)
def test_nothing_of_it_is_told_logged_or_kept(
    what: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = TRIPPING[what]
    folder = tmp_path / "store"
    file = tmp_path / f"{SECRETS[2]} {SECRETS[1]}.{'xlsx' if content[:2] == b'PK' else 'csv'}"
    file.write_bytes(content)
    environment = {"GAPMAP_STORE": str(folder / "gapmap.duckdb")}
    words = ["load", str(file), "--extract", "training"]
    with caplog.at_level(logging.DEBUG):
        said = CliRunner().invoke(main, words, env=environment)
        answered = CliRunner().invoke(main, [*words, "--json"], env=environment)
    assert (said.exit_code, answered.exit_code) == (3, 3)
    answer = json.loads(answered.stdout)
    assert answer["issues_total"] >= 1
    assert {issue["code"].partition("_")[0] for issue in answer["issues"]} == {"scan"}
    everything = [said.output, answered.output, caplog.text]
    everything += [str(path) for path in folder.rglob("*")]
    assert not [s for s in SECRETS if any(s.casefold() in text.casefold() for text in everything)]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        held = path.read_bytes()
        assert not [s for s in SECRETS if s.encode() in held or s.encode("utf-16-le") in held]


def test_the_refused_upload_is_without_its_bytes_and_name(store: Store) -> None:
    content = as_csv(with_cell(1, 2, SECRETS[0])).encode()
    prepared = check(store, upload("training", content, name=f"{SECRETS[2]}.csv"))
    assert prepared.refused
    assert (prepared.upload.content, prepared.upload.file_name) == (b"", "")
    assert prepared.issues.stages()["reading"] == "passed"
    assert prepared.issues.stages()["identifiers"] == "failed"
    assert prepared.issues.stages()["extract"] == "not run"
    given = upload("training", content, name=f"{SECRETS[2]}.csv")
    assert not [s for s in SECRETS if s in repr(prepared) + repr(given)]


def test_scan_issues_come_alone(store: Store) -> None:
    rows = with_cell(1, 4, "no such course")
    others = {i.code for i in check(store, upload("training", as_csv(rows).encode())).issues}
    assert "not_allowed" in others
    assert not any(code.startswith("scan_") for code in others)
    rows[2][1], rows[3][5] = "E8 1EA", -3
    prepared = check(store, upload("training", as_csv(rows).encode()))
    assert [i.code for i in prepared.issues] == ["scan_postcode"]


def test_a_file_that_cannot_be_read_keeps_its_own_issues_when_nothing_trips() -> None:
    log = IssueLog()
    own = error("duplicate_heading", "the heading 'Visits' stands twice", "Rename one.", row=1)
    scan_refusal([own], "visits.csv", log)
    assert list(log) == [own]


# --- how much is listed, and how little is looked at ----------------------------------------------


def table_of(*columns: pa.Array) -> TextTable:
    rows = len(columns[0])
    return TextTable(
        None,
        tuple(f"column {n}" for n in range(len(columns))),
        tuple(pa.chunked_array([column]) for column in columns),
        np.arange(2, rows + 2),
        False,
        (),
    )


def training() -> Contract:
    return contracts()["training"]


def test_every_column_and_kind_is_listed_and_all_are_counted() -> None:
    rows = 3_000
    one = pa.array(["E8 1EA"] * rows)
    two = pa.array(["a@example.org"] * (rows - 1) + ["B801200005001"])
    log = IssueLog()
    scan(table_of(one, two), "x.csv", training(), log)
    assert log.counts("error") == {
        "scan_postcode": rows,
        "scan_email": rows - 1,
        "scan_upn": 1,
    }
    listed = [(issue.code, issue.cell) for issue in log]
    assert len(listed) <= LISTED_AT_MOST
    assert {("scan_postcode", "A2"), ("scan_email", "B2"), ("scan_upn", "B3001")} <= set(listed)


def test_a_column_full_of_them_is_not_looked_at_to_its_end() -> None:
    distinct = pa.array([f"{n}@example.org" for n in range(FOUND_AT_MOST + 5)])
    log = IssueLog()
    scan(table_of(distinct), "x.csv", training(), log)
    assert log.counts("error") == {"scan_email": FOUND_AT_MOST, "scan_stopped": 1}
    assert ("scan_stopped", None, 1, "A1") in found(list(log))


def test_a_text_is_looked_at_once_and_a_plain_one_never(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    identifiers = scan_module.identifiers

    def counted(text: str) -> frozenset[str]:
        looked_at.append(text)
        return identifiers(text)

    monkeypatch.setattr(scan_module, "identifiers", counted)
    texts = pa.array(["E09000007", "100224", "2026-Q3", "HSB"] * 50_000)
    log = IssueLog()
    scan(table_of(texts), "x.csv", training(), log)
    assert looked_at == ["x.csv", "E09000007"]
    assert log.total == 0


def test_a_referral_file_with_everything_right_passes(store: Store) -> None:
    prepared = check(store, upload("referrals", [referral(urn=100001, source="2A")]))
    assert not prepared.refused
    assert prepared.issues.stages()["identifiers"] == "passed"
