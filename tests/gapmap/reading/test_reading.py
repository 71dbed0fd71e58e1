"""Which reader gets a file, and the shapes that are refused whatever it is."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from gapmap.contract import contracts
from gapmap.reading.heading import expected_headings
from gapmap.reading.reading import check_size, read_table
from gapmap.reading.refusal import Unreadable
from gapmap.stores.store import Store
from tests.spreadsheets import ods_bytes
from tests.uploads import check, csv_bytes, referral, upload, xlsx_bytes


def faults(content: bytes, name: str = "x.csv") -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(Unreadable) as raised:
        read_table(content, name)
    return [(issue.code, issue.row, issue.cell) for issue in raised.value.issues]


def test_the_bytes_decide_and_not_the_name() -> None:
    sheet = xlsx_bytes({"S": [["a"], [1]]})
    assert read_table(sheet, "x.csv").sheet == "S"
    assert read_table(b"a\n1\n", "x.txt").sheet is None


@pytest.mark.parametrize("name", ["x.xlsx", "X.XLSX", "x.y.xlsm"])
def test_a_workbook_by_name_alone(name: str) -> None:
    assert faults(b"a,b\n1,2\n", name) == [("not_a_workbook", None, None)]


def test_an_old_workbook() -> None:
    assert faults(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "x.xls") == [
        ("old_workbook", None, None)
    ]


@pytest.mark.parametrize("content", [b"", b"  \r\n ", b"\xef\xbb\xbf"])
def test_an_empty_file(content: bytes) -> None:
    assert faults(content) == [("empty_file", None, None)]


def test_headings_that_stand_twice() -> None:
    assert faults(b"urn,level,URN\n1,2,3\n") == [("duplicate_heading", 1, "C1")]
    assert faults(b"last_month,x,Last Month\n1,2,3\n") == [("duplicate_heading", 1, "C1")]
    assert faults(xlsx_bytes({"S": [[], ["a", "b", "A"], [1, 2, 3]]})) == [
        ("duplicate_heading", 2, "C2")
    ]


def test_a_long_cell_is_placed_and_not_quoted() -> None:
    content = b"a,b\n\n1,2\n1," + b"z" * 1025 + b"\n1,3\n"
    with pytest.raises(Unreadable) as raised:
        read_table(content, "x.csv")
    (issue,) = raised.value.issues
    assert (issue.code, issue.row, issue.column, issue.cell) == ("field_too_long", 4, "b", "B4")
    assert "zz" not in issue.message
    assert read_table(content.replace(b"z" * 1025, b"z" * 1024), "x.csv").row_count == 3


def test_rows_without_content_are_left_out() -> None:
    table = read_table(b"a,b\n1,2\n,\n , \n3,4\n,\n", "x.csv")
    assert table.row_numbers.tolist() == [2, 5]
    assert table.columns[1].to_pylist() == ["2", "4"]


# --- blank edges ---------------------------------------------------------------------------------

SPACED = [
    ["", "Borough", "", "Referrals", "", ""],
    ["", "Hackney", "", 9, "", ""],
    ["", "", " ", "", "", ""],
    ["", "Brent", "", 4, "", ""],
    ["", "", "", "", "", ""],
]


def as_csv(sheets: dict[str, list[list[Any]]]) -> bytes:
    (rows,) = sheets.values()
    return "\n".join(",".join(map(str, row)) for row in rows).encode()


@pytest.mark.parametrize("write", [as_csv, xlsx_bytes, ods_bytes])
def test_blank_columns_are_left_out_and_addresses_stay(write: Callable[..., bytes]) -> None:
    table = read_table(write({"S": SPACED}), "x")
    assert table.header == ("Borough", "Referrals")
    assert [column.to_pylist() for column in table.columns] == [["Hackney", "Brent"], ["9", "4"]]
    assert table.row_numbers.tolist() == [2, 4]
    assert table.cell(1, 4) == "D4"


def test_columns_as_they_stand_need_no_positions() -> None:
    assert read_table(b"a,b,,\n1,2,,\n", "x.csv").positions == ()


@pytest.mark.parametrize("write", [as_csv, xlsx_bytes, ods_bytes])
def test_a_value_without_a_heading(write: Callable[..., bytes]) -> None:
    spoiled = [*SPACED[:3], ["x", "Brent", "", 4, "", "y"]]
    assert sorted(faults(write({"S": spoiled}), "x"))[0][:2] == ("cell_without_heading", 4)
    assert faults(b"a,,b\n1,,2\n3,x,4\n") == [("cell_without_heading", 3, "B3")]


# --- from the file to the value ------------------------------------------------------------------


def test_numbers_as_spreadsheets_write_them(store: Store) -> None:
    figure = " 27,480 "
    row = referral(referrals=figure)
    titled = [["Referrals"], [], list(row), list(row.values())]
    quoted = io.StringIO()
    csv.writer(quoted, delimiter=";").writerows(titled)
    files = {
        "x.csv": csv_bytes([row]),
        "titled.csv": quoted.getvalue().encode("utf-16"),
        "x.xlsx": xlsx_bytes({"S": titled}),
        "x.ods": ods_bytes({"S": titled}),
    }
    for name, content in files.items():
        prepared = check(store, upload("referrals", content, name=name))
        assert not prepared.refused, [issue.message for issue in prepared.issues]
        assert prepared.rows is not None
        assert prepared.rows["referrals"].to_pylist() == [27_480]
        skipped = {} if name == "x.csv" else {"title_rows_skipped": 1}
        assert prepared.issues.counts("warning") == skipped


def test_error_cells_are_found_with_all_other_faults(store: Store) -> None:
    rows = [referral(), referral(referrals="#REF!", outcome="strange"), referral(source="#N/A")]
    prepared = check(store, upload("referrals", rows))
    assert prepared.refused
    assert [(i.code, i.row, i.cell) for i in prepared.issues] == [
        ("not_allowed", 3, "G3"),
        ("error_value", 3, "H3"),
        ("error_value", 4, "F4"),
    ]


def test_too_many_columns_in_a_workbook() -> None:
    wide = xlsx_bytes({"S": [[f"c{n}" for n in range(201)], [1]]})
    assert faults(wide) == [("too_many_columns", 1, None)]


def test_the_limit_on_size() -> None:
    most = 2 * 1024 * 1024
    check_size(most, most)
    with pytest.raises(Unreadable) as raised:
        check_size(most + 52_429, most)
    (issue,) = raised.value.issues
    assert issue.code == "too_large"
    assert issue.message == "the file has 2.1 MB, more than the 2 MB that are taken"
    assert "GAPMAP_MAX_UPLOAD_MB" in issue.fix


def test_the_headings_that_a_contract_lets_expect() -> None:
    assert {"quarter", "borough", "referral type"} <= expected_headings(contracts()["referrals"])
    assert {"old la code", "sn 1", "sn 10p"} <= expected_headings(contracts()["neighbours"])
