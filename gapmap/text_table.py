"""A file as a table of text, and how a reader says that it cannot make one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from gapmap.issue import Issue

MOST_COLUMNS = 200


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
    whose dates are typed.
    """

    sheet: str | None
    header: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    row_numbers: np.ndarray
    typed_dates: bool
    issues: tuple[Issue, ...]
    header_row: int = 1

    @property
    def row_count(self) -> int:
        return len(self.row_numbers)


def error(code: str, message: str, fix: str, **place: Any) -> Issue:
    """An issue that refuses the file."""
    return Issue("error", code, message, fix, **place)


def refused(code: str, message: str, fix: str, **place: Any) -> Unreadable:
    """The exception for a file with one such issue."""
    return Unreadable([error(code, message, fix, **place)])


def empty() -> Unreadable:
    """The exception for a file without content."""
    return refused("empty_file", "the file is empty", "Export it again and check its size.")


def too_many_columns(number: int) -> Unreadable:
    """The exception for a heading of `number` columns."""
    return refused(
        "too_many_columns",
        f"the heading has {number:,} columns, more than the {MOST_COLUMNS} that are taken",
        "Keep the columns of the extract alone.",
        row=1,
    )
