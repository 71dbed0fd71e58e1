"""XLSX and ODS bytes to a text table: the one sheet that holds data.

Hostile files may exhaust whatever reads them: parsing_process runs this apart, within limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any

import numpy as np
import pyarrow as pa
import python_calamine as calamine

from gapmap.issue import Issue, IssueLog, cell_address
from gapmap.reading.formula_cells import FormulaCells, Place
from gapmap.reading.heading import ROWS_LOOKED_AT, find_heading, title_rows_skipped, titles_above
from gapmap.reading.refusal import (
    MOST_COLUMNS,
    Unreadable,
    cell_without_heading,
    refused,
    too_many_columns,
)
from gapmap.reading.sheets import OpenedWorkbook, Sheets, open_workbook
from gapmap.reading.text_table import TextTable
from gapmap.reading.workbook_safety import inspect
from gapmap.reading.zip_safety import not_a_workbook

_CELLS_AT_ONCE = 1 << 15  # small enough to stay in the processor's cache
_EXACT = 2**53  # whole floats below it are exact
_Row = Sequence[Any]


@dataclass(frozen=True)
class _Sheet:
    """One sheet of the parser's, with the errors that the parser leaves blank.

    `left`: columns left of the first one with content, which the parser leaves out.
    """

    name: str
    sheet: calamine.CalamineSheet
    formulas: FormulaCells

    @property
    def left(self) -> int:
        return self.sheet.start[1] if self.sheet.start else 0

    @property
    def width(self) -> int:
        return self.sheet.end[1] + 1 if self.sheet.end else 0

    def rows(self) -> Iterator[list[Any]]:
        """Every row from the first of the file on, each of `width` cells."""
        if not self.left and not self.formulas.errors:
            return self.sheet.iter_rows()
        return self._amended_rows()

    def _amended_rows(self) -> Iterator[list[Any]]:
        spoiled = _by_row(self.formulas.errors)
        padding = [""] * self.left
        for number, row in enumerate(self.sheet.iter_rows()):
            cells = padding + row if padding else row
            for column, word in spoiled.get(number, ()):
                if column < len(cells):
                    cells[column] = word
            yield cells


def read_workbook(
    content: bytes,
    expected: frozenset[str] = frozenset(),
    opened: OpenedWorkbook | None = None,
) -> TextTable:
    """The table of a workbook; its heading is the first row that matches most of `expected`.

    `opened`: where parsing it has begun already. Raises Unreadable when it is no workbook, holds
    what workbook_safety forbids, a hidden sheet or formulas without values, or when not one sheet
    holds data.
    """
    opened = opened or open_workbook(content)
    inspected = inspect(content, opened.archive)
    sheets = opened.sheets()
    _check_visible(sheets)
    try:
        table = _table(_sheet_with_data(sheets, inspected.formulas), expected)
    except calamine.CalamineError as fault:
        raise not_a_workbook() from fault
    return replace(table, sheets=sheets.names)


def _check_visible(sheets: Sheets) -> None:
    if sheets.hidden:
        raise refused(
            "hidden_sheets",
            f"the workbook holds hidden sheets ({_listed(sheets.hidden)})",
            "Unhide them (right-click a sheet's tab, Unhide) and delete what is not the extract.",
        )


def _listed(positions: Sequence[int]) -> str:
    """Sheets by position: their names may hold anything."""
    more = ", …" if len(positions) > 20 else ""
    word = "sheet" if len(positions) == 1 else "sheets"
    return f"{word} {', '.join(map(str, positions[:20]))}{more}"


def _sheet_with_data(sheets: Sheets, formulas: Mapping[int, FormulaCells]) -> _Sheet:
    found: _Sheet | None = None
    filled: list[int] = []
    for position, parsed in sheets.parsed.items():
        sheet = _Sheet(sheets.names[position], parsed, formulas.get(position, FormulaCells()))
        if any(_has_content(row) for row in sheet.rows()):
            found = found or sheet
            filled.append(position + 1)
    if found is None:
        raise _nothing_in_it()
    if len(filled) > 1:
        raise refused(
            "several_sheets",
            f"{len(filled)} sheets hold data ({_listed(filled)}); one is expected",
            "Keep the sheet with the extract and delete the others.",
        )
    return found


def _nothing_in_it() -> Unreadable:
    return refused("empty_file", "no sheet holds anything", "Export it again.")


def _has_content(row: _Row) -> bool:
    return any(cell != "" and _cell_text(cell).strip() for cell in row)


def _by_row(errors: Mapping[Place, str]) -> dict[int, list[tuple[int, str]]]:
    rows: dict[int, list[tuple[int, str]]] = {}
    for (row, column), word in errors.items():
        rows.setdefault(row, []).append((column, word))
    return rows


# --- formulas ------------------------------------------------------------------------------------


def _check_formulas(sheet: _Sheet) -> tuple[Issue, ...]:
    """The warning that formulas were read by the value they were saved with.

    Raises Unreadable where that value is missing, or an error stands in a cell without an address.
    """
    formulas = sheet.formulas
    _check_errors(sheet)
    if formulas.uncalculated:
        raise refused(
            "formula_without_value",
            f"{formulas.uncalculated:,} formulas were saved without their value",
            "Open it in Excel or LibreOffice, which calculates them, and save it again.",
            **_placed(sheet.name, formulas.first_uncalculated),
        )
    if not formulas.count:
        return ()
    what = "1 cell holds a formula" if formulas.count == 1 else f"{formulas.count:,} cells"
    what += "" if formulas.count == 1 else " hold a formula"
    return (
        Issue(
            "warning",
            "formula_cells",
            f"{what}; what was read is the value that it had when the file was saved",
            "Check the figures in the preview; or paste the values alone, and save it again.",
            **_placed(sheet.name, formulas.first),
        ),
    )


def _check_errors(sheet: _Sheet) -> None:
    """Errors in cells of the table are its cells' fault; those that lie nowhere in it end here."""
    end = sheet.sheet.end or (-1, -1)
    outside = [place for place in sheet.formulas.errors if place[0] > end[0] or place[1] > end[1]]
    number = len(outside) + sheet.formulas.unplaced_errors
    if number:
        raise refused(
            "error_value",
            f"{number:,} cells outside the table hold a spreadsheet error such as #REF!",
            "Correct the formulas, or clear the cells.",
            **_placed(sheet.name, min(outside, default=None)),
        )


def _placed(sheet: str, place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"sheet": sheet}
    return {"sheet": sheet, "row": place[0] + 1, "cell": cell_address(place[1], place[0] + 1)}


# --- from cells to columns of text ---------------------------------------------------------------


def _table(sheet: _Sheet, expected: frozenset[str]) -> TextTable:
    issues = _check_formulas(sheet)
    rows = sheet.rows()
    above, first = next((n, row) for n, row in enumerate(rows) if _has_content(row))
    top = [first, *islice(rows, ROWS_LOOKED_AT - 1)]
    texts = [[_cell_text(cell) for cell in row] for row in top]
    heading = find_heading(texts, expected)
    if heading is None:
        raise _nothing_in_it()
    titles = titles_above(texts, heading, above + 1)
    header = [name.strip() for name in texts[heading.index]]
    width = max(i for i, name in enumerate(header) if name) + 1
    header_row = above + heading.index + 1
    if width > MOST_COLUMNS:
        raise too_many_columns(width, header_row)
    if titles:
        issues = (title_rows_skipped(len(titles), header_row, sheet.name), *issues)
    body = chain(top[heading.index + 1 :], rows)
    columns, count = _columns(sheet, body, width, header_row + 1)
    numbers = np.arange(header_row + 1, header_row + 1 + count)
    return TextTable(
        sheet.name, tuple(header[:width]), columns, numbers, True, issues, header_row, titles
    )


def _columns(
    sheet: _Sheet, rows: Iterator[_Row], width: int, first_row: int
) -> tuple[tuple[pa.ChunkedArray, ...], int]:
    """The columns under the heading as text, some thousand rows at a time, and how many rows.

    Raises Unreadable where a cell right of the heading holds anything.
    """
    chunks: list[list[pa.Array]] = [[] for _ in range(width)]
    beyond = IssueLog()
    count = 0
    at_once = max(16, _CELLS_AT_ONCE // max(sheet.width, 1))
    while taken := list(islice(rows, at_once)):
        columns = list(zip(*taken, strict=True))
        for place in range(width):
            chunks[place].append(_texts(columns[place]))
        for place in range(width, len(columns)):
            _note_content(beyond, sheet.name, columns[place], place, first_row + count)
        count += len(taken)
    if beyond.total:
        raise Unreadable(beyond)
    return tuple(pa.chunked_array(chunk, pa.string()) for chunk in chunks), count


def _note_content(log: IssueLog, sheet: str, cells: _Row, place: int, first_row: int) -> None:
    if set(cells) == {""}:
        return
    for row, cell in enumerate(cells, start=first_row):
        if _cell_text(cell).strip():
            log.add(cell_without_heading(sheet, row, place))


def _texts(cells: _Row) -> pa.Array:
    kinds = set(map(type, cells))
    if kinds == {str}:
        return pa.array(cells, pa.string())
    if kinds == {float} and (whole := _whole_numbers(cells)) is not None:
        return whole
    if len(kinds - {str}) > 1:  # 1, 1.0 and True are equal and are not the same text
        return pa.array([_cell_text(cell) for cell in cells], pa.string())
    text_of = {cell: _cell_text(cell) for cell in set(cells)}
    return pa.array([text_of[cell] for cell in cells], pa.string())


def _whole_numbers(cells: _Row) -> pa.Array | None:
    """The text of floats that are all whole, as _cell_text gives it; None when one is not."""
    if not -_EXACT < min(cells) <= max(cells) < _EXACT:
        return None
    try:
        return pa.array(cells, pa.float64()).cast(pa.int64()).cast(pa.string())
    except pa.ArrowInvalid:
        return None


def _cell_text(cell: Any) -> str:
    """A typed cell as text: whole floats without a fraction, dates as ISO days."""
    match cell:
        case str():
            return cell
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < _EXACT:
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
