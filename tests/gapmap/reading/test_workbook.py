"""XLSX and ODS to a text table: typed cells, the one sheet with data, titles and formulas."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapmap.reading import workbook
from gapmap.reading.refusal import Unreadable
from gapmap.reading.workbook import read_workbook
from tests.spreadsheets import (
    SHEET,
    SHEET_XML,
    ods_bytes,
    ods_cell,
    ods_with,
    unzipped,
    xlsx_of,
    xlsx_of_text,
    xlsx_with,
    zipped,
)
from tests.uploads import xlsx_bytes


def faults(content: bytes) -> list[tuple[str, str | None, int | None]]:
    with pytest.raises(Unreadable) as raised:
        read_workbook(content)
    return [(issue.code, issue.sheet, issue.row) for issue in raised.value.issues]


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
        zipped({"word/document.xml": b"<w/>"}),
        zipped({"xl/workbook.xml": b"this is not XML <"}),
        zipped({"xl/workbook.xml": b""}),
    ],
    ids=["no archive", "a document", "no XML", "nothing"],
)
def test_archives_that_are_no_workbook(content: bytes) -> None:
    assert faults(content) == [("not_a_workbook", None, None)]


# --- titles, blank edges, formulas ---------------------------------------------------------------

TITLED = [
    ["", "Referrals to children's social care"],
    [],
    ["", "Quarter", "2026-Q3"],
    ["", "Borough", "URN", "Referrals"],
    ["", "Hackney", 100001, 9],
    ["", "Brent", 100002, 4],
]
EXPECTED = frozenset({"quarter", "borough", "urn", "referrals"})


@pytest.mark.parametrize("write", [xlsx_bytes, ods_bytes])
def test_titles_above_the_heading_are_skipped_and_said(write: Callable[..., bytes]) -> None:
    table = read_workbook(write({"July": TITLED}), EXPECTED)
    assert table.header == ("", "Borough", "URN", "Referrals")
    assert table.header_row == 4
    assert table.row_numbers.tolist() == [5, 6]
    assert table.columns[3].to_pylist() == ["9", "4"]
    assert [(row, "".join(cells)) for row, cells in table.titles] == [
        (1, "Referrals to children's social care"),
        (3, "Quarter2026-Q3"),
    ]
    (said,) = table.issues
    assert (said.severity, said.code, said.sheet, said.row) == (
        "warning",
        "title_rows_skipped",
        "July",
        4,
    )
    assert said.message == "2 rows with text above the heading in row 4 were not read"
    assert table.sheets == ("July",)


def test_without_a_heading_that_is_expected_the_first_row_is_it() -> None:
    table = read_workbook(xlsx_bytes({"S": [[" "], ["Other"], ["x"]]}), EXPECTED)
    assert (table.header, table.header_row, table.issues) == (("Other",), 2, ())


def test_a_heading_below_many_blank_rows() -> None:
    table = read_workbook(xlsx_bytes({"S": [[] for _ in range(80)] + TITLED}), EXPECTED)
    assert (table.header_row, table.titles[0][0]) == (84, 81)


def test_more_rows_than_are_converted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_CELLS_AT_ONCE", 1)
    rows = [[n, n % 3 == 0, "x" if n % 2 else None, n / 2] for n in range(100)]
    table = read_workbook(xlsx_bytes({"S": [["a", "b", "c", "d"], *rows]}))
    assert table.columns[0].to_pylist() == [str(n) for n in range(100)]
    assert table.columns[1].to_pylist() == ["no" if n % 3 else "yes" for n in range(100)]
    assert table.columns[2].to_pylist() == ["x" if n % 2 else "" for n in range(100)]
    assert table.columns[3].to_pylist()[:4] == ["0", "0.5", "1", "1.5"]
    assert table.row_numbers[-1] == 101


def test_equal_cells_of_several_types_keep_their_text() -> None:
    rows = [[1], [1.0], [True], [date(2026, 9, 1)], [0], [False], [-0.0], [1e20]]
    table = read_workbook(xlsx_bytes({"S": [["a"], *rows]}))
    texts = ["1", "1", "yes", "2026-09-01", "0", "no", "0", "1e+20"]
    assert table.columns[0].to_pylist() == texts


def test_large_whole_numbers_are_written_alike_in_any_column() -> None:
    alone = read_workbook(xlsx_bytes({"S": [["a"], [9.990000018e9], [2.0**60]]}))
    mixed = read_workbook(xlsx_bytes({"S": [["a"], [9.990000018e9], [2.0**60], ["x"]]}))
    assert alone.columns[0].to_pylist() == ["9990000018", str(2.0**60)]
    assert mixed.columns[0].to_pylist()[:2] == alone.columns[0].to_pylist()


def cell(address: str, formula: str, value: str, kind: str = "") -> str:
    return f'<c r="{address}"{kind}><f>{formula}</f>{value}</c>'


HEADING = '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>'


def test_formulas_are_read_by_their_value_and_said() -> None:
    empty_text = cell("B3", 'IF(1,"","")', "<v></v>", ' t="str"')
    content = xlsx_of(
        f'{HEADING}<row r="2"><c r="A2"><v>1</v></c>{cell("B2", "A2+1", "<v>2</v>")}</row>'
        f'<row r="3"><c r="A3"><f t="shared" si="0"/><v>3</v></c>{empty_text}</row>'
    )
    table = read_workbook(content)
    assert [column.to_pylist() for column in table.columns] == [["1", "3"], ["2", ""]]
    (said,) = table.issues
    assert (said.severity, said.code, said.sheet, said.row, said.cell) == (
        "warning",
        "formula_cells",
        "S",
        2,
        "B2",
    )
    assert said.message.startswith("3 cells hold a formula; what was read is the value")
    assert read_workbook(xlsx_bytes({"S": [["a"], ["f>2"], ["=x"[1:]]]})).issues == ()


def test_formulas_that_were_never_calculated() -> None:
    with pytest.raises(Unreadable) as raised:
        read_workbook(xlsx_bytes({"S": [["a", "b"], [1, "=A2+1"], [2, "=A3+1"]]}))
    (issue,) = raised.value.issues
    assert (issue.code, issue.sheet, issue.cell) == ("formula_without_value", "S", "B2")
    assert issue.message == "2 formulas were saved without their value"


@pytest.mark.parametrize("quote", ['"', "'"])
def test_error_cells_are_not_blank(quote: str) -> None:
    error = ' t="e"'.replace('"', quote)
    content = xlsx_of(
        f'{HEADING}<row r="2"><c r="A2"><v>1</v></c>{cell("B2", "1/0", "<v>#DIV/0!</v>", error)}'
        f'</row><row r="3"><c r="A3"{error}><v>#REF!</v></c><c r="B3"><v>1</v></c></row>'
    )
    table = read_workbook(content)
    assert [column.to_pylist() for column in table.columns] == [["1", "#REF!"], ["#DIV/0!", "1"]]


def test_error_cells_that_have_no_place_in_the_table() -> None:
    row = '<row r="2"><c r="A2"><v>1</v></c></row>'
    assert faults(xlsx_of(f'{HEADING}{row}<row><c t="e"><v>#N/A</v></c></row>')) == [
        ("error_value", "S", None)
    ]


def test_formulas_of_a_workbook_with_prefixes() -> None:
    xml = SHEET_XML.format(
        rows=f'{HEADING}<row r="2">{cell("A2", "1+1", "<v>2</v>")}'
        '<c r="B2" t="e"><v>#N/A</v></c></row>'
    )
    xml = re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")
    table = read_workbook(xlsx_with({SHEET: xml}))
    assert table.columns[1].to_pylist() == ["#N/A"]
    assert [issue.code for issue in table.issues] == ["formula_cells"]


def test_formulas_of_an_opendocument_sheet() -> None:
    formula = '<table:table-cell table:formula="of:=1+1" {}><text:p>{}</text:p></table:table-cell>'
    good = formula.format('office:value-type="float" office:value="2"', "2")
    bad = formula.format('office:value-type="string" calcext:value-type="error"', "#REF!")
    blank = formula.format(
        'office:value-type="string" office:string-value="" calcext:value-type="error" '
        'table:number-columns-repeated="2"',
        "#DIV/0!",
    )
    head = "<table:table-row>" + "".join(map(ods_cell, "abcd")) + "</table:table-row>"
    rows = (
        f"{head}<table:table-row>{good}{ods_cell(5)}{ods_cell(6)}{ods_cell(7)}</table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f"<table:table-row>{bad}{blank}{ods_cell(8)}</table:table-row>"
    )
    table = read_workbook(ods_with({"S": rows}))
    assert [column.to_pylist()[-1] for column in table.columns] == [
        "#REF!",
        "#DIV/0!",
        "#DIV/0!",
        "8",
    ]
    assert table.row_numbers.tolist() == [2, 3, 4, 5]
    (said,) = table.issues
    assert (said.code, said.cell) == ("formula_cells", "A2")


def test_formulas_of_the_sheet_that_holds_data() -> None:
    parts = unzipped(xlsx_bytes({"None": [], "July": [["a", "b"], [1, 2]]}))
    second = "xl/worksheets/sheet2.xml"
    rows = f'{HEADING}<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#N/A</v></c></row>'
    parts[second] = SHEET_XML.format(rows=rows).encode()
    table = read_workbook(zipped(parts))
    assert (table.sheet, table.sheets) == ("July", ("None", "July"))
    assert table.columns[1].to_pylist() == ["#N/A"]


# --- what goes in comes out ----------------------------------------------------------------------

CELL_TEXT = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="_\ufffe\uffff"
    ),
    max_size=6,
)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(CELL_TEXT, min_size=width, max_size=width), min_size=1, max_size=6
    )
)


def read_back(content: bytes, width: int) -> list[list[str]]:
    columns = [column.to_pylist() for column in read_workbook(content).columns]
    return [list(row) for row in zip(*columns[:width], strict=True)]


def with_heading(rows: list[list[str]]) -> list[list[str]]:
    return [[*(f"h{n}" for n in range(len(rows[0]))), "end"], *([*row, "."] for row in rows)]


@given(TABLES)
@settings(max_examples=60, deadline=None)
def test_text_of_an_excel_workbook_is_read_as_it_is(rows: list[list[str]]) -> None:
    assert read_back(xlsx_of_text(with_heading(rows)), len(rows[0])) == rows


@given(TABLES)
@settings(max_examples=60, deadline=None)
def test_text_of_an_opendocument_sheet_is_read_as_it_is(rows: list[list[str]]) -> None:
    assert read_back(ods_bytes({"S": with_heading(rows)}), len(rows[0])) == rows
