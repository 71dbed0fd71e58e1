"""Which reader gets a file, and the shapes that are refused whatever it is."""

import pytest

from gapmap.reading import check_size, read_table
from gapmap.text_table import Unreadable
from tests.uploads import xlsx_bytes


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
