"""Bytes to text rows: CSV and XLSX, told apart by what the bytes are, never by the name alone.

One parser reads a file, and what it read is both checked and loaded. Nothing here knows a contract.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gapmap.contract import folded
from gapmap.delimited import read_delimited
from gapmap.issue import IssueLog, cell_address
from gapmap.text_table import (
    MOST_COLUMNS,
    TextTable,
    Unreadable,
    empty,
    error,
    refused,
    too_many_columns,
)
from gapmap.workbook import read_workbook

LONGEST_FIELD_BYTES = 1024
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"

__all__ = ["TextTable", "Unreadable", "check_size", "read_table"]


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


def read_table(content: bytes, file_name: str) -> TextTable:
    """The one table of a CSV or XLSX file as text.

    Raises Unreadable when it is empty, is not what its name says, has rows of unequal length, more
    than one sheet with data, more than MOST_COLUMNS columns or a field over LONGEST_FIELD_BYTES.
    """
    if not content or content.isspace():
        raise empty()
    extension = file_name.rpartition(".")[2].casefold()
    if content.startswith(ZIP_MAGIC):
        table = read_workbook(content)
    elif extension in ("xlsx", "xlsm"):
        raise refused(
            "not_a_workbook",
            "the name says .xlsx, the content is not an Excel workbook",
            "Open it in Excel and save it as .xlsx, or rename it to .csv when it is one.",
        )
    elif content.startswith(OLE_MAGIC):
        raise refused(
            "old_workbook",
            "this is an Excel 97–2003 workbook or is protected by a password",
            "Open it in Excel and save it without password as .xlsx.",
        )
    else:
        table = read_delimited(content)
    _check_shape(table)
    return _without_blank_rows(table)


def _check_shape(table: TextTable) -> None:
    if len(table.header) > MOST_COLUMNS:
        raise too_many_columns(len(table.header))
    log = IssueLog()
    seen: dict[str, str] = {}
    for position, name in enumerate(table.header):
        if folded(name) in seen and folded(name):
            log.add(
                error(
                    "duplicate_heading",
                    f"the heading {name!r} stands twice",
                    "Remove or rename one of the two columns.",
                    sheet=table.sheet,
                    row=table.header_row,
                    column=name,
                    cell=cell_address(position, table.header_row),
                )
            )
        seen[folded(name)] = name
    for position, name in enumerate(table.header):
        lengths = pc.binary_length(table.columns[position])
        longest = pc.max(lengths).as_py() or 0
        if longest > LONGEST_FIELD_BYTES:
            row = int(table.row_numbers[pc.index(lengths, longest).as_py()])
            log.add(
                error(
                    "field_too_long",
                    f"a cell holds {longest:,} bytes, more than {LONGEST_FIELD_BYTES:,}",
                    "Shorten it; free text is not taken.",
                    sheet=table.sheet,
                    row=row,
                    column=name,
                    cell=cell_address(position, row),
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
    return replace(
        table,
        columns=tuple(column.filter(keep) for column in table.columns),
        row_numbers=table.row_numbers[~blank],
    )
