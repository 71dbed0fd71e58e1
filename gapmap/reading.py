"""Bytes to text rows: CSV and XLSX, told apart by what the bytes are, never by the name alone.

One parser reads a file, and what it read is both checked and loaded. Nothing here knows a contract.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from gapmap.contract import folded
from gapmap.issue import Issue, IssueLog

MOST_COLUMNS = 200
LONGEST_FIELD_BYTES = 1024
MOST_UNZIPPED_BYTES = 500 * 1024 * 1024
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
DELIMITERS = {b",": "comma", b";": "semicolon", b"\t": "tab"}


class Unreadable(Exception):
    """The file cannot be read as a table; `issues` say where and why."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("; ".join(issue.message for issue in self.issues))


@dataclass(frozen=True)
class TextTable:
    """A table of text, one array of strings a column.

    `row_numbers[i]` is the row of the file (heading included, from 1) from which element i of
    every column came. `typed_dates`: the file is a spreadsheet whose dates are typed.
    """

    sheet: str | None
    header: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    row_numbers: np.ndarray
    typed_dates: bool
    issues: tuple[Issue, ...]

    @property
    def row_count(self) -> int:
        return len(self.row_numbers)


def _error(code: str, message: str, fix: str, **place: Any) -> Issue:
    return Issue("error", code, message, fix, **place)


def _refused(code: str, message: str, fix: str, **place: Any) -> Unreadable:
    return Unreadable([_error(code, message, fix, **place)])


def check_size(size: int, most: int) -> None:
    """Raises Unreadable when a file of `size` bytes is over the limit of `most` bytes."""
    if size > most:
        raise _refused(
            "too_large",
            f"the file has {size / 1024 / 1024:,.1f} MB, more than the {most // 1024 // 1024} MB "
            "that are taken",
            "Split it by borough or by quarter, or ask the administrator to raise "
            "GAPMAP_MAX_UPLOAD_MB.",
        )


def read_table(content: bytes, file_name: str) -> TextTable:
    """The one table of a CSV or XLSX file as text.

    Raises Unreadable when it is empty, is not what its name says, has rows of unequal length, more
    than one sheet with data, more than MOST_COLUMNS columns or a field over LONGEST_FIELD_BYTES.
    """
    if not content.strip():
        raise _refused("empty_file", "the file is empty", "Export it again and check its size.")
    extension = file_name.rpartition(".")[2].casefold()
    if content.startswith(ZIP_MAGIC):
        table = _read_workbook(content)
    elif extension in ("xlsx", "xlsm"):
        raise _refused(
            "not_a_workbook",
            "the name says .xlsx, the content is not an Excel workbook",
            "Open it in Excel and save it as .xlsx, or rename it to .csv when it is one.",
        )
    elif content.startswith(OLE_MAGIC):
        raise _refused(
            "old_workbook",
            "this is an Excel 97–2003 workbook or is protected by a password",
            "Open it in Excel and save it without password as .xlsx.",
        )
    else:
        table = _read_csv(content)
    _check_shape(table)
    return _without_blank_rows(table)


# --- CSV ---------------------------------------------------------------------------------------


def _decoded(content: bytes) -> tuple[bytes, tuple[Issue, ...]]:
    """The content as UTF-8 without a byte order mark, and what must be confirmed about it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16").encode(), ()
        except UnicodeDecodeError:
            raise _refused(
                "bad_encoding",
                "the file begins as UTF-16 and is not UTF-16 throughout",
                "Save it again as CSV UTF-8.",
            ) from None
    body = content.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in body:
        raise _refused(
            "nul_bytes",
            f"row {body[: body.index(0)].count(10) + 1} holds NUL bytes; "
            "the file is not text in UTF-8 or is damaged",
            "Save it again as CSV UTF-8.",
            row=body[: body.index(0)].count(10) + 1,
        )
    if body.isascii():
        return body, ()
    try:
        body.decode()
        return body, ()
    except UnicodeDecodeError as fault:
        return _decoded_windows(body, body[: fault.start].count(b"\n") + 1)


def _decoded_windows(body: bytes, first_row: int) -> tuple[bytes, tuple[Issue, ...]]:
    try:
        text = body.decode("cp1252")
    except UnicodeDecodeError as fault:
        row = body[: fault.start].count(b"\n") + 1
        raise _refused(
            "bad_encoding",
            f"row {row} holds bytes that are neither UTF-8 nor Windows-1252",
            "Save it again as CSV UTF-8.",
            row=row,
        ) from None
    confirm = Issue(
        "warning",
        "read_as_windows_1252",
        f"the file is not UTF-8; it was read as Windows-1252 (row {first_row} is the first that "
        "tells them apart)",
        "Check that accents and pound signs are right in the preview; or save it as CSV UTF-8.",
        row=first_row,
    )
    return text.encode(), (confirm,)


def _delimiter(body: bytes) -> bytes:
    heading = body.split(b"\n", 1)[0]
    return max(DELIMITERS, key=heading.count)


def _read_csv(content: bytes) -> TextTable:
    body, issues = _decoded(content)
    body = body.rstrip(b"\r\n")
    delimiter = _delimiter(body)
    if body.count(b'"') % 2:
        raise Unreadable([_unbalanced_quote(body, delimiter)])
    header = next(csv.reader(io.StringIO(_first_line(body)), delimiter=delimiter.decode()))
    if len(header) > MOST_COLUMNS:
        raise _too_many_columns(len(header))
    table, row_numbers = _parsed(body, delimiter, len(header))
    columns = tuple(column.slice(1) for column in table.columns)
    return TextTable(
        None,
        tuple(_text(column[0].as_py()) for column in table.columns),
        columns,
        row_numbers[1:],
        False,
        issues,
    )


def _first_line(body: bytes) -> str:
    return body.split(b"\n", 1)[0].decode().rstrip("\r")


def _parsed(body: bytes, delimiter: bytes, width: int) -> tuple[pa.Table, np.ndarray]:
    """All records as strings, the heading first, and the row of the file that each came from.

    The threaded parse fails on the first uneven row; only then a slower one notes all of them.
    """
    try:
        table = _parse(body, delimiter, width, None)
    except pa.ArrowInvalid:
        return _parsed_noting_uneven(body, delimiter, width)
    return table, np.arange(1, table.num_rows + 1)


def _parsed_noting_uneven(body: bytes, delimiter: bytes, width: int) -> tuple[pa.Table, np.ndarray]:
    """As `_parsed`; blank lines are skipped. Raises Unreadable naming every ragged row."""
    uneven: list[pacsv.InvalidRow] = []

    def note(row: pacsv.InvalidRow) -> str:
        uneven.append(row)
        return "skip"

    table = _parse(body, delimiter, width, note)
    ragged = [row for row in uneven if row.text.strip()]
    if ragged:
        raise Unreadable(_ragged_issues(ragged, width))
    skipped = np.array([row.number for row in uneven], dtype=np.int64)
    everything = np.arange(1, table.num_rows + len(skipped) + 1)
    return table, np.setdiff1d(everything, skipped, assume_unique=True)


def _parse(
    body: bytes,
    delimiter: bytes,
    width: int,
    on_uneven: Callable[[pacsv.InvalidRow], str] | None,
) -> pa.Table:
    names = [f"c{number}" for number in range(width)]
    return pacsv.read_csv(
        pa.BufferReader(body),
        read_options=pacsv.ReadOptions(
            use_threads=on_uneven is None,
            column_names=names,
            block_size=1 << 22,
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter.decode(),
            ignore_empty_lines=False,
            newlines_in_values=b'"' in body,
            invalid_row_handler=on_uneven,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )


def _ragged_issues(ragged: list[pacsv.InvalidRow], width: int) -> Iterable[Issue]:
    log = IssueLog()
    for row in ragged:
        log.add(
            _error(
                "ragged_row",
                f"row {row.number} has {row.actual_columns} cells, the heading has {width}",
                "Add or remove the cells; quote values that hold the separator.",
                row=row.number,
            )
        )
    return log


def _unbalanced_quote(body: bytes, delimiter: bytes) -> Issue:
    """Where a quotation mark is opened and not closed, found by a strict and slower reading."""
    records = csv.reader(
        io.StringIO(body.decode(), newline=""), delimiter=delimiter.decode(), strict=True
    )
    last_good = 0
    try:
        for _ in records:
            last_good = records.line_num
    except csv.Error:
        pass
    row = min(last_good + 1, body.count(b"\n") + 1)
    return _error(
        "unbalanced_quote",
        f"row {row} opens a quotation mark that is not closed",
        'Close it, or write a quotation mark inside a value twice ("").',
        row=row,
    )


# --- XLSX --------------------------------------------------------------------------------------


def _read_workbook(content: bytes) -> TextTable:
    _check_zip(content)
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in workbook.sheet_names
        }
    except (calamine.CalamineError, calamine.XlsxError, calamine.ZipError) as fault:
        raise _not_a_workbook() from fault
    filled = {name: rows for name, rows in sheets.items() if _has_content(rows)}
    if not filled:
        raise _refused("empty_file", "no sheet holds anything", "Export it again.")
    if len(filled) > 1:
        names = list(filled)
        raise _refused(
            "several_sheets",
            f"{len(names)} sheets hold data (sheets {_positions(sheets, names)}); one is expected",
            "Keep the sheet with the extract and delete the others.",
        )
    (sheet, rows), *_ = filled.items()
    return _sheet_table(sheet, rows)


def _positions(sheets: dict[str, Any], names: list[str]) -> str:
    places = [str(number) for number, name in enumerate(sheets, start=1) if name in names]
    return ", ".join(places)


def _not_a_workbook() -> Unreadable:
    return _refused(
        "not_a_workbook",
        "the file is a zip archive and not an Excel workbook that can be read",
        "Open it in Excel and save it as .xlsx.",
    )


def _check_zip(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unzipped = sum(member.file_size for member in archive.infolist())
            names = archive.namelist()
    except zipfile.BadZipFile as fault:
        raise _not_a_workbook() from fault
    if "xl/workbook.xml" not in names:
        raise _not_a_workbook()
    if unzipped > MOST_UNZIPPED_BYTES:
        raise _refused(
            "too_large",
            f"the workbook unpacks to {unzipped / 1024 / 1024:,.0f} MB",
            "Keep the sheet with the extract alone, and save it again.",
        )


def _has_content(rows: list[list[Any]]) -> bool:
    return any(_cell_text(cell).strip() for row in rows for cell in row)


def _sheet_table(sheet: str, rows: list[list[Any]]) -> TextTable:
    last = max(i for i, row in enumerate(rows) if any(_cell_text(c).strip() for c in row))
    first = next(i for i, row in enumerate(rows) if any(_cell_text(c).strip() for c in row))
    header = [_cell_text(cell).strip() for cell in rows[first]]
    width = max((i for i, name in enumerate(header) if name), default=-1) + 1
    body = rows[first + 1 : last + 1]
    beyond = [
        _error(
            "cell_without_heading",
            f"row {number} holds a value right of the last heading",
            "Give the column a heading that the extract has, or clear the cell.",
            sheet=sheet,
            row=number,
        )
        for number, row in enumerate(body, start=first + 2)
        if any(_cell_text(cell).strip() for cell in row[width:])
    ]
    if beyond:
        raise Unreadable(beyond)
    columns = tuple(
        pa.chunked_array([pa.array((_cell_text(row[i]) for row in body), pa.string())])
        for i in range(width)
    )
    numbers = np.arange(first + 2, last + 2)
    return TextTable(sheet, tuple(header[:width]), columns, numbers, True, ())


def _cell_text(cell: Any) -> str:
    """A typed cell as text: whole floats without a fraction, dates as ISO days."""
    match cell:
        case str():
            return cell
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case None:
            return ""
        case _:
            return str(cell)


# --- any table ---------------------------------------------------------------------------------


def _text(value: str | None) -> str:
    return (value or "").strip()


def _too_many_columns(number: int) -> Unreadable:
    return _refused(
        "too_many_columns",
        f"the heading has {number:,} columns, more than the {MOST_COLUMNS} that are taken",
        "Keep the columns of the extract alone.",
        row=1,
    )


def _check_shape(table: TextTable) -> None:
    if len(table.header) > MOST_COLUMNS:
        raise _too_many_columns(len(table.header))
    log = IssueLog()
    seen: dict[str, str] = {}
    for name in table.header:
        if folded(name) in seen and folded(name):
            log.add(
                _error(
                    "duplicate_heading",
                    f"the heading {name!r} stands twice",
                    "Remove or rename one of the two columns.",
                    sheet=table.sheet,
                    row=1,
                    column=name,
                )
            )
        seen[folded(name)] = name
    for name, column in zip(table.header, table.columns, strict=True):
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > LONGEST_FIELD_BYTES:
            log.add(
                _error(
                    "field_too_long",
                    f"a cell holds {longest:,} bytes, more than {LONGEST_FIELD_BYTES:,}",
                    "Shorten it; free text is not taken.",
                    sheet=table.sheet,
                    column=name,
                )
            )
    if log.total:
        raise Unreadable(log)


def _without_blank_rows(table: TextTable) -> TextTable:
    """The table without rows whose every cell is blank; row numbers stay those of the file."""
    blank = np.ones(table.row_count, dtype=bool)
    for column in table.columns:
        if not blank.any():
            return table
        stripped = pc.utf8_trim_whitespace(column)
        blank &= pc.equal(stripped, "").to_numpy(zero_copy_only=False)
    if not blank.any():
        return table
    keep = pa.array(~blank)
    return TextTable(
        table.sheet,
        table.header,
        tuple(column.filter(keep) for column in table.columns),
        table.row_numbers[~blank],
        table.typed_dates,
        table.issues,
    )
