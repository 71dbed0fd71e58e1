"""CSV bytes to a text table: decoded strictly, parsed once, every uneven row named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from gapmap.issue import Issue, IssueLog
from gapmap.text_table import (
    MOST_COLUMNS,
    TextTable,
    Unreadable,
    empty,
    error,
    refused,
    too_many_columns,
)

DELIMITERS = (b",", b";", b"\t")

_SOMETHING = re.compile(rb"[^ \t,;\r\n]")
_LEADING_BLANK_LINES = re.compile(rb"(?:[ \t,;]*\r?\n)*")


def _decoded(content: bytes) -> tuple[bytes, tuple[Issue, ...]]:
    """The content as UTF-8 without a byte order mark, and what must be confirmed about it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            body = content.decode("utf-16").encode()
        except UnicodeDecodeError:
            raise refused(
                "bad_encoding",
                "the file begins as UTF-16 and is not UTF-16 throughout",
                "Save it again as CSV UTF-8.",
            ) from None
    else:
        body = content.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in body:
        raise refused(
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
        raise refused(
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
    heading = _first_line(body)
    return max(DELIMITERS, key=heading.count)


def read_delimited(content: bytes) -> TextTable:
    """The table of a CSV file, separated by comma, semicolon or tab.

    The first line with content is the heading; lines end as on any system. Raises Unreadable when
    there is none, on bytes that are no text, an open quotation mark or rows of unequal length.
    """
    body, issues = _decoded(content)
    if b"\n" not in body:
        body = body.replace(b"\r", b"\n")
    body = body.rstrip(b"\r\n")
    body, above = _without_leading_lines(body)
    if not _SOMETHING.search(body):
        raise empty()
    delimiter = _delimiter(body)
    if body.count(b'"') % 2:
        raise Unreadable([_unbalanced_quote(body, delimiter, above)])
    heading = _first_line(body).decode().rstrip("\r")
    header = next(csv.reader(io.StringIO(heading), delimiter=delimiter.decode()))
    if len(header) > MOST_COLUMNS:
        raise too_many_columns(len(header))
    table, row_numbers = _parsed(body, delimiter, len(header), above)
    columns = tuple(column.slice(1) for column in table.columns)
    return TextTable(
        None,
        tuple(_text(column[0].as_py()) for column in table.columns),
        columns,
        row_numbers[1:],
        False,
        issues,
        above + 1,
    )


def _without_leading_lines(body: bytes) -> tuple[bytes, int]:
    """The content from its heading on, and how many blank lines stand above that."""
    blank = _LEADING_BLANK_LINES.match(body)
    end = blank.end() if blank else 0
    return body[end:], body[:end].count(b"\n")


def _first_line(body: bytes) -> bytes:
    end = body.find(b"\n")
    return body if end < 0 else body[:end]


def _parsed(body: bytes, delimiter: bytes, width: int, above: int) -> tuple[pa.Table, np.ndarray]:
    """All records as strings, the heading first, and the row of the file that each came from.

    `above` lines of the file stand above `body`.

    The threaded parse fails on the first uneven row; only then a slower one notes all of them.
    """
    try:
        table = _parse(body, delimiter, width, None)
    except pa.ArrowInvalid:
        return _parsed_noting_uneven(body, delimiter, width, above)
    return table, np.arange(1, table.num_rows + 1) + above


def _parsed_noting_uneven(
    body: bytes, delimiter: bytes, width: int, above: int
) -> tuple[pa.Table, np.ndarray]:
    """As `_parsed`; blank lines are skipped. Raises Unreadable naming every ragged row."""
    uneven: list[pacsv.InvalidRow] = []

    def note(row: pacsv.InvalidRow) -> str:
        uneven.append(row)
        return "skip"

    table = _parse(body, delimiter, width, note)
    ragged = [row for row in uneven if row.text.strip()]
    if ragged:
        raise Unreadable(_ragged_issues(ragged, width, above))
    skipped = np.array([row.number for row in uneven], dtype=np.int64)
    everything = np.arange(1, table.num_rows + len(skipped) + 1)
    return table, np.setdiff1d(everything, skipped, assume_unique=True) + above


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


def _ragged_issues(ragged: list[pacsv.InvalidRow], width: int, above: int) -> Iterable[Issue]:
    log = IssueLog()
    for row in ragged:
        number = row.number + above
        log.add(
            error(
                "ragged_row",
                f"row {number} has {row.actual_columns} cells, the heading has {width}",
                "Add or remove the cells; quote values that hold the separator.",
                row=number,
            )
        )
    return log


def _unbalanced_quote(body: bytes, delimiter: bytes, above: int) -> Issue:
    """Where a quotation mark is opened and not closed, found by a strict and slower reading."""
    row = _row_of_stray_quote(body.decode(), delimiter.decode()) + above
    return error(
        "unbalanced_quote",
        f"row {row} opens a quotation mark that is not closed",
        'Close it, or write a quotation mark inside a value twice ("").',
        row=row,
    )


def _row_of_stray_quote(text: str, delimiter: str) -> int:
    """The record that cannot be read; or, where all can, the first with an odd number of marks."""
    lines = io.StringIO(text, newline="").readlines()
    records = csv.reader(lines, delimiter=delimiter, strict=True)
    row = lines_before = first_odd = 0
    try:
        for row, _ in enumerate(records, start=1):
            quotes = "".join(lines[lines_before : records.line_num]).count('"')
            lines_before = records.line_num
            if quotes % 2 and not first_odd:
                first_odd = row
    except csv.Error:
        return row + 1
    return first_odd


def _text(value: str | None) -> str:
    return (value or "").strip()
