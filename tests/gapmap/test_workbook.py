"""XLSX bytes to a text table: typed cells, the one sheet with data, what is no workbook."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from gapmap import workbook
from gapmap.text_table import Unreadable
from gapmap.workbook import read_workbook
from tests.uploads import xlsx_bytes


def faults(content: bytes) -> list[tuple[str, str | None, int | None]]:
    with pytest.raises(Unreadable) as raised:
        read_workbook(content)
    return [(issue.code, issue.sheet, issue.row) for issue in raised.value.issues]


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), body)
    return content.getvalue()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (7, "7"),
        (7.0, "7"),
        (7.5, "7.5"),
        (-3, "-3"),
        (1e20, "1e+20"),
        ("007", "007"),
        (True, "yes"),
        (False, "no"),
        (date(2026, 9, 1), "2026-09-01"),
        (datetime(2026, 9, 1, 10, 30), "2026-09-01T10:30:00"),  # noqa: DTZ001 - a sheet has no zone
        (None, ""),
    ],
)
def test_typed_cells_as_text(cell: Any, text: str) -> None:
    table = read_workbook(xlsx_bytes({"S": [["a", "b"], [cell, "x"]]}))
    assert table.columns[0].to_pylist() == [text]
    assert table.typed_dates


def test_the_one_sheet_with_data_and_its_row_numbers() -> None:
    rows = [[], [], ["a", "b"], [1, 2], [], [3, 4]]
    table = read_workbook(xlsx_bytes({"Notes": [], "July": rows, "Empty": [[""]]}))
    assert table.sheet == "July"
    assert table.header == ("a", "b")
    assert table.header_row == 3
    assert table.row_numbers.tolist() == [4, 5, 6]
    assert table.columns[1].to_pylist() == ["2", "", "4"]


def test_two_sheets_with_data_are_named_by_position() -> None:
    with pytest.raises(Unreadable) as raised:
        read_workbook(xlsx_bytes({"July": [["a"], [1]], "None": [], "August": [["a"], [2]]}))
    (issue,) = raised.value.issues
    assert issue.code == "several_sheets"
    assert "2 sheets hold data (sheets 1, 3)" in issue.message
    assert "July" not in issue.message


def test_a_workbook_without_content() -> None:
    assert faults(xlsx_bytes({"S": [], "T": [[" "]]})) == [("empty_file", None, None)]


def test_values_right_of_the_headings() -> None:
    content = xlsx_bytes({"S": [["a"], [1], [2, "x"], [3, None, "y"]]})
    assert faults(content) == [
        ("cell_without_heading", "S", 3),
        ("cell_without_heading", "S", 4),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and then no archive",
        zipped(word__document_xml=b"<w/>"),
        zipped(xl__workbook_xml=b"this is not XML <"),
        zipped(xl__workbook_xml=b""),
    ],
)
def test_archives_that_are_no_workbook(content: bytes) -> None:
    assert faults(content) == [("not_a_workbook", None, None)]


def test_a_workbook_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_UNZIPPED_BYTES", 1024 * 1024)
    bomb = zipped(xl__workbook_xml=b"0" * (2 * 1024 * 1024))
    assert len(bomb) < 10_000
    assert faults(bomb) == [("too_large", None, None)]
