"""Templates: made from the contract, and taken by intake once they are filled."""

import io
from datetime import date

import openpyxl
import pytest

from gapmap.column_types import Surroundings
from gapmap.contract import Contract, contracts
from gapmap.issue import IssueLog
from gapmap.reading.reading import read_table
from gapmap.screening.validation import hold
from gapmap.template import ROWS_READY, csv_template, workbook_template

EVERY = list(contracts().values())
AROUND = Surroundings({"camden": "E09000007", "e09000007": "E09000007"}, date(2026, 11, 1))
FILLING = {
    "quarter": "2026-Q3",
    "borough": "Camden",
    "urn": 100001,
    "integer": 3,
    "answer": "no reply",
    "month": "2026-09",
    "date": "31-08-2026",
    "year": 2025,
    "published": 12,
}


@pytest.mark.parametrize("contract", EVERY, ids=lambda c: c.name)
def test_the_csv_template_holds_the_headings_in_order(contract: Contract) -> None:
    heading = csv_template(contract).decode("utf-8-sig").strip().split(",")
    assert heading == [field.name for field in contract.fields]


@pytest.mark.parametrize("contract", EVERY, ids=lambda c: c.name)
def test_a_filled_template_is_taken(contract: Contract) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(workbook_template(contract)))
    (sheet,) = workbook.worksheets
    sheet.append([_value(field) for field in contract.fields])
    filled = io.BytesIO()
    workbook.save(filled)
    log = IssueLog()
    table = read_table(filled.getvalue(), f"{contract.name}.xlsx")
    validated = hold(table, contract, AROUND, log)
    assert [issue.message for issue in log if issue.severity == "error"] == []
    assert validated is not None
    assert validated.rows.num_rows == 1


def _value(field) -> object:  # type: ignore[no-untyped-def]
    if field.enum:
        return field.enum[0]
    if field.name == "rank":
        return 1
    return FILLING.get(field.type, "202")


def test_cells_offer_the_answers_that_are_allowed() -> None:
    workbook = openpyxl.load_workbook(
        io.BytesIO(workbook_template(contracts()["school_safeguarding"]))
    )
    offered = {str(v.sqref): v.formula1 for v in workbook.active.data_validations.dataValidation}
    assert offered[f"C2:C{ROWS_READY + 1}"] == '"yes,no,not asked,no reply"'
