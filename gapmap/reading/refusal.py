"""How a reader says that it cannot make a table of a file: the limits and the words.

Nothing here needs Arrow: the process that parses workbooks says no before it has imported that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gapmap.issue import Issue, cell_address

MOST_COLUMNS = 200
LONGEST_FIELD_BYTES = 1024


class Unreadable(Exception):
    """The file cannot be read as a table; `issues` say where and why."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("; ".join(issue.message for issue in self.issues))


def error(code: str, message: str, fix: str, **place: Any) -> Issue:
    """An issue that refuses the file."""
    return Issue("error", code, message, fix, **place)


def refused(code: str, message: str, fix: str, **place: Any) -> Unreadable:
    """The exception for a file with one such issue."""
    return Unreadable([error(code, message, fix, **place)])


def empty() -> Unreadable:
    """The exception for a file without content."""
    return refused("empty_file", "the file is empty", "Export it again and check its size.")


def too_many_columns(number: int, row: int = 1, *, or_more: bool = False) -> Unreadable:
    """The exception for a heading of `number` columns `or_more` in a row of the file."""
    columns = f"{number:,} columns or more" if or_more else f"{number:,} columns"
    return refused(
        "too_many_columns",
        f"the heading has {columns}, and {MOST_COLUMNS} at most are taken",
        "Keep the columns of the extract alone.",
        row=row,
    )


def too_many_rows(number: int, most: int) -> Unreadable:
    """The exception for a file of `number` rows where `most` are taken."""
    return refused(
        "too_many_rows",
        f"the file has {number:,} rows, more than the {most:,} that are taken",
        "Delete blank rows, or split it by borough or by quarter; or ask the administrator to "
        "raise GAPMAP_MAX_UPLOAD_MB, from which this number follows.",
    )


def field_too_long(
    sheet: str | None,
    size: int | None,
    row: int,
    column: str | None = None,
    cell: str | None = None,
) -> Issue:
    """A cell of `size` bytes (None: nobody counted them all); its content is not quoted."""
    held = "more bytes than the" if size is None else f"{size:,} bytes, more than the"
    return error(
        "field_too_long",
        f"a cell holds {held} {LONGEST_FIELD_BYTES:,} that are taken",
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
        "a value stands in a column that has no heading",
        "Give the column a heading that the extract has, or clear the cell.",
        sheet=sheet,
        row=row,
        cell=cell_address(position, row),
    )
