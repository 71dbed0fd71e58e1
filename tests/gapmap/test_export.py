"""Exported tables: they say what they are, hold the same figures, and no formula."""

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.export import LICENCE, Provenance, as_csv, as_workbook, file_name

ABOUT = Provenance(
    title="Police engagement by borough",
    period="2026-Q3 (July–September 2026)",
    source="police_engagement",
    definition="Schools with a named contact, of those that answer yes or no",
    filters={"Phase": "Secondary", "School type": "All"},
    release="R00012",
    notes=["c = 1–7, or withheld to protect another figure"],
)
TABLE = pd.DataFrame(
    {
        "Borough": ["Camden", "=HYPERLINK(1)", "Hackney & City"],
        "Met": [12, None, 0],
        "Share": [0.5, float("nan"), 0.0],
        "Register": [date(2026, 8, 31), None, date(2026, 8, 31)],
    }
).astype({"Met": "Int64"})
DANGEROUS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "－1", "\x00=1"]


def csv_lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook}


def test_a_csv_says_what_it_is_above_its_table() -> None:
    lines = csv_lines(as_csv(TABLE, ABOUT))
    gap = lines.index([])
    assert [tuple(line) for line in lines[:gap]] == ABOUT.lines()
    labels = [label for label, _ in ABOUT.lines()]
    assert labels == [
        "Title",
        "Filter: Phase",
        "Filter: School type",
        "Period",
        "Source",
        "Definition",
        "Release",
        "Note",
        "Licence",
    ]
    assert lines[gap - 1] == ["Licence", LICENCE]
    assert lines[gap + 1 :] == [
        ["Borough", "Met", "Share", "Register"],
        ["Camden", "12", "0.5", "2026-08-31"],
        ["'=HYPERLINK(1)", "", "", ""],
        ["Hackney & City", "0", "0.0", "2026-08-31"],
    ]


def test_a_csv_opens_in_excel_as_utf_8() -> None:
    assert as_csv(TABLE, ABOUT).startswith(b"\xef\xbb\xbf")


def test_a_workbook_holds_numbers_as_numbers_and_says_what_it_is() -> None:
    found = sheets(as_workbook(TABLE, ABOUT))
    assert list(found) == ["Table", "About"]
    assert found["About"] == ABOUT.lines()
    head, camden, odd, hackney = found["Table"]
    assert head == ("Borough", "Met", "Share", "Register")
    assert camden[:3] == ("Camden", 12, 0.5)
    assert camden[3].date() == date(2026, 8, 31)
    assert odd == ("=HYPERLINK(1)", None, None, None)
    assert hackney[1] == 0


def test_a_workbook_can_be_sorted_and_keeps_its_heading_in_sight() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(as_workbook(TABLE, ABOUT)))
    assert workbook["Table"].auto_filter.ref == "A1:D4"
    assert workbook["Table"].freeze_panes == "A2"


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula(text: str) -> None:
    table = pd.DataFrame({text: [text]})
    about = Provenance(text, text, text, text, {text: text}, text, [text])
    for line in csv_lines(as_csv(table, about).replace(b"\x00", b"\xe2\x90\x80")):
        assert all(cell.lstrip()[:1] not in tuple("=+-@＝＋－＠") for cell in line if cell)
    if "\x00" in text:  # XML, and so a workbook, cannot hold it
        return
    workbook = openpyxl.load_workbook(io.BytesIO(as_workbook(table, about)))
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert workbook["Table"]["A2"].quotePrefix


def test_an_empty_table_keeps_its_headings() -> None:
    empty = TABLE.iloc[:0]
    assert csv_lines(as_csv(empty, ABOUT))[-1] == ["Borough", "Met", "Share", "Register"]
    assert sheets(as_workbook(empty, ABOUT))["Table"] == [("Borough", "Met", "Share", "Register")]


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@given(st.lists(st.tuples(CELLS, st.none() | st.integers(-(10**9), 10**9)), max_size=6))
def test_what_goes_out_comes_back(rows: list[tuple[str, int | None]]) -> None:
    table = pd.DataFrame(rows, columns=["name", "n"]).astype({"name": object, "n": "Int64"})
    lines = csv_lines(as_csv(table, ABOUT))
    back = lines[lines.index([]) + 2 :]
    for (name, number), (cell, shown) in zip(rows, back, strict=True):
        assert cell in (name, f"'{name}")
        assert shown == ("" if number is None else str(number))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Police engagement", "police-engagement-2026-q3.csv"),
        ("What changed? (Camden)", "what-changed-camden-2026-q3.csv"),
    ],
)
def test_a_file_is_named_by_what_is_in_it(title: str, expected: str) -> None:
    assert file_name(title, "2026-Q3", "csv") == expected
