"""XLSX bytes to a text table: the one sheet that holds data."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from gapmap.text_table import TextTable, Unreadable, error, refused

MOST_UNZIPPED_BYTES = 500 * 1024 * 1024


def read_workbook(content: bytes) -> TextTable:
    """The table of an Excel workbook; its first row with content is the heading.

    Raises Unreadable when it is no workbook, unpacks to too much, or not one sheet holds data.
    """
    _check_zip(content)
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in workbook.sheet_names
        }
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError) as fault:
        raise _not_a_workbook() from fault
    filled = {name: rows for name, rows in sheets.items() if _has_content(rows)}
    if not filled:
        raise refused("empty_file", "no sheet holds anything", "Export it again.")
    if len(filled) > 1:
        names = list(filled)
        raise refused(
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
    return refused(
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
        raise refused(
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
        error(
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
    return TextTable(sheet, tuple(header[:width]), columns, numbers, True, (), first + 1)


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
