"""A file as a table of text, and how a reader says that it cannot make one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from gapmap.issue import Issue, cell_address

MOST_COLUMNS = 200
LONGEST_FIELD_BYTES = 1024
# The largest upload, 100 MB, holds no more rows than this at twenty bytes a row.
MOST_ROWS = 5_000_000


class Unreadable(Exception):
    """The file cannot be read as a table; `issues` say where and why."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("; ".join(issue.message for issue in self.issues))


@dataclass(frozen=True)
class TextTable:
    """A table of text, one array of strings a column.

    `row_numbers[i]` is the row of the file (heading included, from 1) from which element i of
    every column came, `header_row` that of the heading. `typed_dates`: the file is a spreadsheet
    whose dates are typed. `positions`: where each column lies in the file, None for one that the
    file lacks; empty where the table has the file's columns as they stand. `sheets` names all
    sheets of a workbook in their order; `titles` are the rows above the heading, each with its
    row of the file and its cells, held to be searched alone.
    """

    sheet: str | None
    header: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    row_numbers: np.ndarray
    typed_dates: bool
    issues: tuple[Issue, ...]
    header_row: int = 1
    titles: tuple[tuple[int, tuple[str, ...]], ...] = ()
    positions: tuple[int | None, ...] = ()
    sheets: tuple[str, ...] = ()
    _encoded: dict[int, pa.DictionaryArray] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def row_count(self) -> int:
        return len(self.row_numbers)

    def distinct(self, index: int) -> pa.DictionaryArray:
        """The distinct texts of a column, and which of them each row holds; encoded only once."""
        if index not in self._encoded:
            self._encoded[index] = self.columns[index].dictionary_encode().combine_chunks()
        return self._encoded[index]

    def place(self, index: int) -> int | None:
        """Where a column of the table lies in the file, from 0; None for one that it lacks."""
        return self.positions[index] if self.positions else index

    def cell(self, index: int, row: int) -> str | None:
        """The address in the file of a cell of the table."""
        place = self.place(index)
        return None if place is None else cell_address(place, row)


def error(code: str, message: str, fix: str, **place: Any) -> Issue:
    """An issue that refuses the file."""
    return Issue("error", code, message, fix, **place)


def refused(code: str, message: str, fix: str, **place: Any) -> Unreadable:
    """The exception for a file with one such issue."""
    return Unreadable([error(code, message, fix, **place)])


def empty() -> Unreadable:
    """The exception for a file without content."""
    return refused("empty_file", "the file is empty", "Export it again and check its size.")


def too_many_columns(number: int, row: int = 1) -> Unreadable:
    """The exception for a heading of `number` columns in a row of the file."""
    return refused(
        "too_many_columns",
        f"the heading has {number:,} columns, more than the {MOST_COLUMNS} that are taken",
        "Keep the columns of the extract alone.",
        row=row,
    )


def too_many_rows(number: int) -> Unreadable:
    """The exception for a file of `number` rows."""
    return refused(
        "too_many_rows",
        f"the file has {number:,} rows, more than the {MOST_ROWS:,} that are taken",
        "Delete blank rows, or split it by borough or by quarter.",
    )


def field_too_long(
    sheet: str | None, size: int, row: int, column: str | None = None, cell: str | None = None
) -> Issue:
    """A cell of `size` bytes; its content is not quoted."""
    return error(
        "field_too_long",
        f"a cell holds {size:,} bytes, more than {LONGEST_FIELD_BYTES:,}",
        "Shorten it; free text is not taken.",
        sheet=sheet,
        row=row,
        column=column,
        cell=cell,
    )


def cell_without_heading(sheet: str | None, row: int, position: int) -> Issue:
    """A value in a column (from 0) that has no heading."""
    return error(
        "cell_without_heading",
        f"row {row} holds a value in a column that has no heading",
        "Give the column a heading that the extract has, or clear the cell.",
        sheet=sheet,
        row=row,
        cell=cell_address(position, row),
    )
