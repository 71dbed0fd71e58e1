"""CSV bytes to a text table: encodings, separators, row numbers, quotation marks."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.reading.delimited import read_delimited
from gapmap.reading.refusal import Unreadable
from gapmap.reading.text_table import TextTable

CSV = "a,b\n1,é\n3,£4\n"


def cells(table: TextTable) -> list[tuple[str, ...]]:
    columns = [column.to_pylist() for column in table.columns]
    return list(zip(*columns, strict=True))


def faults(content: bytes) -> list[tuple[str, int | None]]:
    with pytest.raises(Unreadable) as raised:
        read_delimited(content)
    return [(issue.code, issue.row) for issue in raised.value.issues]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_unicode_is_read_without_a_word(encoding: str) -> None:
    content = (
        b"\xff\xfe" + CSV.encode("utf-16-le") if encoding.endswith("bom") else CSV.encode(encoding)
    )
    table = read_delimited(content)
    assert table.header == ("a", "b")
    assert cells(table) == [("1", "é"), ("3", "£4")]
    assert table.issues == ()


def test_windows_1252_is_read_and_asked() -> None:
    table = read_delimited(("a,b\n1,2\n" + CSV.partition("\n")[2]).encode("cp1252"))
    assert cells(table)[1] == ("1", "é")
    (asked,) = table.issues
    assert (asked.severity, asked.code, asked.row) == ("warning", "read_as_windows_1252", 3)


def test_bytes_of_no_encoding() -> None:
    assert faults(b"a,b\n1,\x81\xe9\n") == [("bad_encoding", 2)]
    assert faults(b"\xff\xfea") == [("bad_encoding", None)]


def test_nul_bytes_are_no_text() -> None:
    assert faults(b"a,b\n1,2\n3,\x00\n") == [("nul_bytes", 3)]
    assert faults("a,b\n1,\x00\n".encode("utf-16")) == [("nul_bytes", 2)]
    assert faults(CSV.encode("utf-16-le")) == [("nul_bytes", 1)]  # without its byte order mark


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n\n", b"\xef\xbb\xbf\n ,\n"]
)
def test_nothing_in_it(content: bytes) -> None:
    assert faults(content) == [("empty_file", None)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator: str, line_end: str) -> None:
    text = line_end.join(separator.join(row) for row in (("a", "b"), ("1", "x y"), ("", "3")))
    for content in (text, text + line_end, text + 3 * line_end):
        table = read_delimited(content.encode())
        assert cells(table) == [("1", "x y"), ("", "3")]
        assert table.row_numbers.tolist() == [2, 3]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_row_numbers_stay_those_of_the_file(line_end: str) -> None:
    lines = ["", " ", "a,b", "1,2", "", "", "3,4", "  ", "5,6", ""]
    table = read_delimited(line_end.join(lines).encode())
    assert table.header == ("a", "b")
    assert table.header_row == 3
    numbered = dict(zip(table.row_numbers.tolist(), cells(table), strict=True))
    assert {row: cell for row, cell in numbered.items() if any(cell)} == {
        4: ("1", "2"),
        7: ("3", "4"),
        9: ("5", "6"),
    }


def test_every_ragged_row_is_named() -> None:
    content = b"\na,b\n1,2\n\n3\n4,5\n6,7,8\n"
    assert faults(content) == [("ragged_row", 5), ("ragged_row", 7)]


def test_blank_cells_right_of_the_heading_are_left_out() -> None:
    content = b'a,b\n1,2,\n3,4\n\n"5,x","6\n7", ,\t\n8,9\n'
    table = read_delimited(content)
    numbered = dict(zip(table.row_numbers.tolist(), cells(table), strict=True))
    assert {row: cell for row, cell in numbered.items() if any(cell)} == {
        2: ("1", "2"),
        3: ("3", "4"),
        5: ("5,x", "6\n7"),
        6: ("8", "9"),
    }


def test_values_right_of_the_heading_are_ragged_and_blanks_are_not() -> None:
    assert faults(b"a,b\n1,2,\n3,4,,5\n6,7\n") == [("ragged_row", 3)]
    assert faults(b"a,b\n1,2,\n3\n") == [("ragged_row", 3)]


@given(
    rows=st.lists(st.lists(st.text('ab "\n', max_size=4), min_size=2, max_size=2), min_size=1),
    surplus=st.lists(st.integers(0, 3), min_size=1),
)
def test_surplus_blanks_change_nothing(rows: list[list[str]], surplus: list[int]) -> None:
    """Rows with blank cells behind them read as the same rows without."""
    filled = [[f"x{first}", second] for first, second in rows]
    longer = [row + [""] * surplus[i % len(surplus)] for i, row in enumerate(filled)]

    def read(body: list[list[str]]) -> list[tuple[str, ...]]:
        text = io.StringIO(newline="")
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *body])
        return cells(read_delimited(text.getvalue().encode()))

    assert read(longer) == read(filled)


def test_more_ragged_rows_than_are_listed() -> None:
    assert len(faults(b"a,b\n" + b"1\n" * 1_500)) == 1000


def test_quoted_values_hold_separators_and_marks() -> None:
    table = read_delimited(b'"a","b"\n"1,5","say ""no"""\n')
    assert cells(table) == [("1,5", 'say "no"')]


@pytest.mark.parametrize(
    ("body", "row"),
    [
        ('1,2\n3,"4\n5,6\n', 3),
        ('1,2\n3,4\n5,"6', 4),
        ('1,"x"\n3,"4\n5,"6"\n7,8\n', 3),
        ('1,2\n3,5" nail\n5,6\n', 3),
        ('1,"two\nlines"\n3,4\n5,5" nail\n7,8\n', 4),
    ],
)
def test_an_open_quotation_mark_is_found(body: str, row: int) -> None:
    assert faults(b"a,b\n" + body.encode()) == [("unbalanced_quote", row)]


def test_too_many_columns() -> None:
    assert faults(b",".join(b"c" for _ in range(201)) + b"\n") == [("too_many_columns", 1)]


# --- titles above the heading --------------------------------------------------------------------

EXPECTED = frozenset({"quarter", "borough", "referrals"})
TITLED = [
    ["Referrals, by £ and é"],
    [],
    ["Exported", "yes"],
    ["Borough", "Referrals", "a note"],
    ["Hackney", "9", "x"],
    ["Brent", "4", "z"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_titles_in_every_encoding_and_separator(
    encoding: str, separator: str, line_end: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=line_end).writerows(TITLED)
    table = read_delimited(text.getvalue().encode(encoding), EXPECTED)
    assert (table.header, table.header_row) == (("Borough", "Referrals", "a note"), 4)
    assert cells(table) == [("Hackney", "9", "x"), ("Brent", "4", "z")]
    assert table.row_numbers.tolist() == [5, 6]
    assert table.titles == ((1, ("Referrals, by £ and é",)), (3, ("Exported", "yes")))
    said = [issue for issue in table.issues if issue.code == "title_rows_skipped"]
    assert [(issue.severity, issue.row) for issue in said] == [("warning", 4)]
    confirmed = ["read_as_windows_1252"] if encoding == "cp1252" else []
    assert [issue.code for issue in table.issues if issue not in said] == confirmed


def test_the_first_of_the_best_rows_is_the_heading() -> None:
    table = read_delimited(b"Borough,x\nBorough,Referrals\nBorough,Referrals\n", EXPECTED)
    assert table.header_row == 2
    assert cells(table) == [("Borough", "Referrals")]
    assert [issue.message for issue in table.issues] == [
        "1 row with text above the heading in row 2 was not read"
    ]
    assert read_delimited(b"x,y\nBorough,Referrals\n").header == ("x", "y")


def test_a_heading_too_far_down_is_not_looked_for() -> None:
    table = read_delimited(b"x\n" * 60 + b"Borough\n", EXPECTED)
    assert (table.header, table.row_count) == (("x",), 60)


def test_headings_and_titles_of_several_lines() -> None:
    table = read_delimited(b'"Two\nlines"\n"Borough","Refer-\nrals"\nBrent,4\n', EXPECTED)
    assert table.header == ("Borough", "Refer-\nrals")
    assert (table.header_row, table.row_numbers.tolist()) == (2, [3])


def test_the_separator_is_that_of_the_headings() -> None:
    table = read_delimited(b"One, two, three, four; five\nBorough;Referrals\nBrent;4\n", EXPECTED)
    assert table.header == ("Borough", "Referrals")


def test_faults_below_titles_are_placed_in_the_file() -> None:
    def below_titles(body: bytes) -> list[tuple[str, int | None]]:
        with pytest.raises(Unreadable) as raised:
            read_delimited(b"Title\n\nBorough,Referrals\n" + body, EXPECTED)
        return [(issue.code, issue.row) for issue in raised.value.issues]

    assert below_titles(b"Brent,4\nHackney\n") == [("ragged_row", 5)]
    assert below_titles(b'Brent,4\nHackney,"5\n') == [("unbalanced_quote", 5)]
    assert below_titles(b"Brent,4\nHackney," + b"z" * 10_000_000 + b"\n1,2\n") == [
        ("field_too_long", 5)
    ]


# --- what goes in comes out ----------------------------------------------------------------------


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6),
            min_size=2,
            max_size=2,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_the_standard_library_writes_is_read_back(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])
    table = read_delimited(text.getvalue().encode())
    assert cells(table) == [tuple(row) for row in rows]
