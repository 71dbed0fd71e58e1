"""CSV bytes to a text table: decoded strictly, parsed once, every uneven row named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from gapmap.issue import Issue, IssueLog
from gapmap.reading.heading import ROWS_LOOKED_AT, find_heading, title_rows_skipped, titles_above
from gapmap.reading.refusal import (
    LONGEST_FIELD_BYTES,
    MOST_COLUMNS,
    Unreadable,
    empty,
    error,
    field_too_long,
    refused,
    too_many_columns,
    too_many_rows,
)
from gapmap.reading.text_table import TextTable
from gapmap.settings import DEFAULT_MAX_UPLOAD_MB, rows_within

# By the setting's default; whoever knows the setting says `most_rows`.
DEFAULT_MOST_ROWS = rows_within(DEFAULT_MAX_UPLOAD_MB * 1024 * 1024)
DELIMITERS = (b",", b";", b"\t")

_SOMETHING = re.compile(rb"[^ \t,;\r\n]")
# The heading is looked for in no more than this.
_TOP_BYTES = 1024 * 1024
_TOP_LINES = 500
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
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
            "NUL bytes stand here: the file is not text in UTF-8 or is damaged",
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
            "bytes stand here that are neither UTF-8 nor Windows-1252",
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


def read_delimited(
    content: bytes,
    expected: frozenset[str] = frozenset(),
    most_rows: int = DEFAULT_MOST_ROWS,
) -> TextTable:
    """The table of a CSV file, separated by comma, semicolon or tab.

    The heading is the first row that matches most of `expected` (folded headings), or else the
    first line with content; lines end as on any system. Raises Unreadable when there is none, on
    bytes that are no text, an open quotation mark, rows of unequal length or a limit passed, among
    them `most_rows`.
    """
    body, issues = _decoded(content)
    if b"\n" not in body:
        body = body.replace(b"\r", b"\n")
    body = body.rstrip(b"\r\n")
    if not _SOMETHING.search(body):
        raise empty()
    lines = body.count(b"\n") + 1
    if lines > most_rows:
        raise too_many_rows(lines, most_rows)
    top = _top(body, expected)
    if top.titles:
        issues = (*issues, title_rows_skipped(len(top.titles), top.above + 1, None))
    body = body[top.begins :]
    if body.count(b'"') % 2:
        raise Unreadable([_unbalanced_quote(body, top.delimiter, top.above)])
    if top.width > MOST_COLUMNS:
        cut_off = b"\n" not in body[:_TOP_BYTES]
        raise too_many_columns(top.width, top.above + 1, or_more=cut_off)
    table, row_numbers = _parsed(body, top.delimiter, top.width, top.above)
    return TextTable(
        None,
        tuple(_text(column[0].as_py()) for column in table.columns),
        tuple(column.slice(1) for column in table.columns),
        row_numbers[1:],
        False,
        issues,
        top.above + 1,
        top.titles,
    )


# --- the heading ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Top:
    """Where the heading begins (a byte) and how many rows stand above it.

    `width`: its cells by the separator `delimiter`.
    """

    delimiter: bytes
    begins: int
    above: int
    width: int
    matches: int
    titles: tuple[tuple[int, tuple[str, ...]], ...]


def _top(body: bytes, expected: frozenset[str]) -> _Top:
    """The heading by the separator that shows most expected headings, then most cells."""
    blank = _LEADING_BLANK_LINES.match(body)
    begins = blank.end() if blank else 0
    above = body.count(b"\n", 0, begins)
    tops = [_top_by(body, begins, above, delimiter, expected) for delimiter in DELIMITERS]
    return max(tops, key=lambda top: (top.matches, top.width))


def _top_by(
    body: bytes, begins: int, above: int, delimiter: bytes, expected: frozenset[str]
) -> _Top:
    records, ends = _first_records(body, begins, delimiter.decode())
    heading = find_heading(records, expected)
    if heading is None:
        return _Top(delimiter, begins, above, 1, 0, ())
    return _Top(
        delimiter,
        ends[heading.index - 1] if heading.index else begins,
        above + heading.index,
        len(records[heading.index]),
        heading.matches,
        titles_above(records, heading, above + 1),
    )


def _first_records(body: bytes, begins: int, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first records from a byte on, and the byte after each; fewer where one is too long."""
    lines = list(islice(_LINE.finditer(body, begins, begins + _TOP_BYTES), _TOP_LINES))
    reader = csv.reader((line[0].decode(errors="ignore") for line in lines), delimiter=delimiter)
    records: list[list[str]] = []
    ends: list[int] = []
    try:
        for record in islice(reader, ROWS_LOOKED_AT):
            records.append(record)
            ends.append(lines[reader.line_num - 1].end())
    except csv.Error:  # a field beyond the limit of the standard library
        return records, ends
    return records, ends


# --- the rows ------------------------------------------------------------------------------------


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
    body: bytes, delimiter: bytes, width: int, above: int, *, as_cut: bool = False
) -> tuple[pa.Table, np.ndarray]:
    """As `_parsed`; blank lines are skipped, and blank cells right of the heading are left out.

    `as_cut`: they were left out already. Raises Unreadable naming every ragged row.
    """
    uneven: list[pacsv.InvalidRow] = []

    def note(row: pacsv.InvalidRow) -> str:
        uneven.append(row)
        return "skip"

    try:
        table = _parse(body, delimiter, width, note)
    except pa.ArrowInvalid as fault:
        raise _unparsable(body, delimiter, above) from fault
    ragged = [row for row in uneven if row.text.strip()]
    faulty = [row for row in ragged if as_cut or not _is_blank_beyond(row, delimiter, width)]
    if faulty:
        raise Unreadable(_ragged_issues(faulty, width, above))
    if ragged:
        even = _cut_to(body, delimiter, width, {row.number for row in ragged})
        return _parsed_noting_uneven(even, delimiter, width, above, as_cut=True)
    skipped = np.array([row.number for row in uneven], dtype=np.int64)
    everything = np.arange(1, table.num_rows + len(skipped) + 1)
    return table, np.setdiff1d(everything, skipped, assume_unique=True) + above


def _is_blank_beyond(row: pacsv.InvalidRow, delimiter: bytes, width: int) -> bool:
    """Whether all that a row has beyond the heading's columns are blank cells."""
    if row.actual_columns <= width:
        return False
    cells = next(csv.reader(io.StringIO(row.text, newline=""), delimiter=delimiter.decode()), [])
    return len(cells) == row.actual_columns and not any(map(str.strip, cells[width:]))


def _cut_to(body: bytes, delimiter: bytes, width: int, numbers: Collection[int]) -> bytes:
    """The body, where these records (from 1) keep their first `width` cells alone."""
    separator = delimiter.decode()
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator, lineterminator="\n")
    lines = _RecordLines(body.decode())
    for number, cells in enumerate(csv.reader(lines, delimiter=separator), start=1):
        taken = lines.take()
        if number in numbers and not any(map(str.strip, cells[width:])):
            writer.writerow(cells[:width])
        else:
            written.write(taken)
    return written.getvalue().encode()


class _RecordLines:
    """The lines of a text; `take` gives those that were read since it was last asked."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._taken.append(line)
            yield line

    def take(self) -> str:
        taken = "".join(self._taken)
        self._taken.clear()
        return taken


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
                f"the row has {row.actual_columns} cells, the heading has {width}",
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
        "a quotation mark is opened here and not closed",
        'Close it, or write a quotation mark inside a value twice ("").',
        row=row,
    )


def _row_of_stray_quote(text: str, delimiter: str) -> int:
    """The record that cannot be read; or, where all can, the first with an odd number of marks."""
    marks: list[int] = []
    records = csv.reader(_counting_marks(text, marks), delimiter=delimiter, strict=True)
    row = lines_before = first_odd = 0
    try:
        for row, _ in enumerate(records, start=1):
            odd = sum(marks[lines_before : records.line_num]) % 2
            lines_before = records.line_num
            if odd and not first_odd:
                first_odd = row
    except csv.Error:
        return row + 1
    return first_odd


def _counting_marks(text: str, marks: list[int]) -> Iterator[str]:
    """The lines of a text; the number of quotation marks in each goes to `marks`."""
    for line in io.StringIO(text, newline=""):
        marks.append(line.count('"'))
        yield line


def _unparsable(body: bytes, delimiter: bytes, above: int) -> Unreadable:
    """Why the parser gave up: a field, or what quotation marks made one, beyond every measure."""
    records = csv.reader(io.StringIO(body.decode(), newline=""), delimiter=delimiter.decode())
    row = 0
    try:
        for row, record in enumerate(records, start=1):
            longest = max((len(cell) for cell in record), default=0)
            if longest > LONGEST_FIELD_BYTES:
                return Unreadable([field_too_long(None, longest, row + above)])
    except csv.Error:
        return Unreadable([field_too_long(None, None, row + 1 + above)])
    return refused(
        "unreadable_rows",
        "the rows cannot be told apart; quotation marks stand where none belong",
        'Save it again as CSV UTF-8; inside a value a quotation mark is written twice ("").',
    )


def _text(value: str | None) -> str:
    return (value or "").strip()
