"""Bytes to text rows: CSV, XLSX and ODS, told apart by what the bytes are and not by the name.

One parser reads a file, and what it read is both checked and loaded. Nothing here knows a contract
but the headings that it may expect.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gapmap.contract import folded
from gapmap.issue import IssueLog
from gapmap.reading.delimited import DEFAULT_MOST_ROWS, read_delimited
from gapmap.reading.file_kind import ZIP_MAGIC, refuse_what_is_no_table
from gapmap.reading.parsing_process import read_workbook_apart
from gapmap.reading.refusal import (
    LONGEST_FIELD_BYTES,
    MOST_COLUMNS,
    Unreadable,
    cell_without_heading,
    empty,
    error,
    field_too_long,
    refused,
    too_many_columns,
)
from gapmap.reading.text_table import TextTable

# What a spreadsheet's cell may hold (32,767 characters): a survey's remarks, in columns that a
# mapping drops. Of what is kept no field is longer than LONGEST_FIELD_BYTES.
LONGEST_TEXT_BYTES = 4 * 32_767

__all__ = ["TextTable", "Unreadable", "check_fields", "check_size", "read_table"]


def check_size(size: int, most: int) -> None:
    """Raises Unreadable when a file of `size` bytes is over the limit of `most` bytes."""
    if size > most:
        raise refused(
            "too_large",
            f"the file has {size / 1024 / 1024:,.1f} MB, more than the {most // 1024 // 1024} MB "
            "that are taken",
            "Split it by borough or by quarter, or ask the administrator to raise "
            "GAPMAP_MAX_UPLOAD_MB.",
        )


def read_table(
    content: bytes,
    file_name: str,
    expected: frozenset[str] = frozenset(),
    longest: int = LONGEST_FIELD_BYTES,
    most_rows: int = DEFAULT_MOST_ROWS,
) -> TextTable:
    """The one table of a CSV, XLSX or ODS file as text, without blank rows.

    The heading is the first row that matches most of `expected` (see heading.expected_headings),
    or else the first row with content. Raises Unreadable when the file is empty, is no table or not
    what its name says, is hostile, or its table has rows of unequal length, headings that stand
    twice, values without a heading, more than MOST_COLUMNS columns, a field over `longest` bytes
    or, as CSV, more than `most_rows` rows.
    """
    if not content or content.isspace():
        raise empty()
    refuse_what_is_no_table(content, file_name)
    if content.startswith(ZIP_MAGIC):
        table = read_workbook_apart(content, expected)
    else:
        table = read_delimited(content, expected, most_rows)
    table = _without_blank_columns(_without_blank_rows(table))
    _check_shape(table)
    check_fields(table, longest)
    return table


def check_fields(table: TextTable, longest: int = LONGEST_FIELD_BYTES) -> None:
    """Raises Unreadable when a cell of a column holds more than `longest` bytes."""
    log = IssueLog()
    for position, name in enumerate(table.header):
        lengths = pc.binary_length(table.columns[position])
        most = pc.max(lengths).as_py() or 0
        if most > longest:
            row = int(table.row_numbers[pc.index(lengths, most).as_py()])
            log.add(field_too_long(table.sheet, most, row, name, table.cell(position, row)))
    if log.total:
        raise Unreadable(log)


def _check_shape(table: TextTable) -> None:
    if len(table.header) > MOST_COLUMNS:
        raise too_many_columns(len(table.header), table.header_row)
    log = IssueLog()
    _check_headings(table, log)
    for position, name in enumerate(table.header):
        if not name:
            _check_nothing_under(table, position, log)
    if log.total:
        raise Unreadable(log)


def _check_headings(table: TextTable, log: IssueLog) -> None:
    seen: set[str] = set()
    for position, name in enumerate(table.header):
        if folded(name) in seen:
            log.add(
                error(
                    "duplicate_heading",
                    f"the heading {name!r} stands twice",
                    "Remove or rename one of the two columns.",
                    sheet=table.sheet,
                    row=table.header_row,
                    column=name,
                    cell=table.cell(position, table.header_row),
                )
            )
        seen |= {folded(name)} - {""}


def _check_nothing_under(table: TextTable, position: int, log: IssueLog) -> None:
    filled = pc.not_equal(pc.utf8_trim_whitespace(table.columns[position]), "")
    rows = table.row_numbers[filled.to_numpy(zero_copy_only=False)]
    for row in rows[: log.room("error")]:
        log.add(cell_without_heading(table.sheet, int(row), table.place(position) or 0))
    log.count_unlisted("error", "cell_without_heading", len(rows) - min(len(rows), 1000))


def _without_blank_columns(table: TextTable) -> TextTable:
    """The table without the columns that have neither heading nor content."""
    kept = [
        place
        for place, name in enumerate(table.header)
        if name or not _is_blank(table.columns[place])
    ]
    as_they_stand = kept == list(range(len(kept)))
    return replace(
        table,
        header=tuple(table.header[place] for place in kept),
        columns=tuple(table.columns[place] for place in kept),
        positions=() if as_they_stand else tuple(kept),
    )


def _is_blank(column: pa.ChunkedArray) -> bool:
    filled = pc.any(pc.not_equal(pc.utf8_trim_whitespace(column), ""))
    return not filled.as_py()  # null, where there are no rows


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
    return table.filtered(~blank)
