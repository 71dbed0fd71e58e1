"""A table as it leaves the screen: CSV or Excel, with all that is needed to read it beside it.

Above the table stand its title, filters, period, source, definition, release and licence, so that a
file that is sent on says what it is. Text that a spreadsheet would take for a formula is made text
for good, as OWASP describes under "CSV injection".
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

LICENCE = (
    "For members of London's safeguarding partnerships under their information sharing agreement; "
    "not for parents or press. The school register contains public sector information licensed "
    "under the Open Government Licence v3.0."
)
# What spreadsheets read as the start of a formula, in ASCII and in full width.
_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@＝＋－＠]")
_WIDEST = 60
_MOST_ROWS_MEASURED = 200

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Provenance:
    """What stands above an exported table.

    `filters`: what was chosen, by its label on the screen. `definition`: numerator, denominator and
    whatever else its reader must know. `release`: of the figures about children in it, if any.
    """

    title: str
    period: str
    source: str
    definition: str
    filters: Mapping[str, str] = field(default_factory=dict)
    release: str | None = None
    notes: Sequence[str] = ()

    def lines(self) -> list[tuple[str, str]]:
        """Label and text of each line, in the order in which they stand."""
        lines = [("Title", self.title)]
        lines += [(f"Filter: {label}", chosen) for label, chosen in self.filters.items()]
        lines += [
            ("Period", self.period),
            ("Source", self.source),
            ("Definition", self.definition),
        ]
        if self.release is not None:
            lines.append(("Release", self.release))
        lines += [("Note", note) for note in self.notes]
        return [*lines, ("Licence", LICENCE)]


def file_name(title: str, quarter: str, suffix: str) -> str:
    """A name that says what is in the file: `police-engagement-2026-q3.csv`."""
    words = re.sub(r"[^a-z0-9]+", "-", f"{title} {quarter}".lower()).strip("-")
    return f"{words}.{suffix}"


def as_csv(table: pd.DataFrame, about: Provenance) -> bytes:
    """UTF-8 with the mark that Excel wants: what it is, an empty line, then the table."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for line in about.lines():
        writer.writerow([_harmless(part) for part in line])
    writer.writerow([])
    writer.writerow([_harmless(str(column)) for column in table.columns])
    for row in _rows(table):
        writer.writerow([_harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def as_workbook(table: pd.DataFrame, about: Provenance) -> bytes:
    """A workbook of two sheets: the table, ready to sort and filter, and what it is.

    Numbers stay numbers; text is written as text, never as a formula or a link.
    """
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        workbook.set_properties({"title": about.title, "comments": about.definition})
        _write_table(workbook, table)
        _write_about(workbook, about)
    return content.getvalue()


def _write_table(workbook: Any, table: pd.DataFrame) -> None:
    heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {
        "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
        # Shown as text even when somebody edits the cell.
        "guarded": workbook.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"}),
        "date": workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
    }
    sheet = workbook.add_worksheet("Table")
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, str(name), heading)
        sheet.set_column(column, column, _width(table, column))
    height = 0
    for height, row in enumerate(_rows(table), start=1):
        for column, cell in enumerate(row):
            _write_cell(sheet, height, column, cell, formats)
    if height and len(table.columns):
        sheet.autofilter(0, 0, height, len(table.columns) - 1)


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, formats: Mapping[str, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        kind = "guarded" if _FORMULA.match(cell) else "text"
        sheet.write_string(row, column, cell, formats[kind])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats["date"])
    else:
        sheet.write_number(row, column, cell)


def _write_about(workbook: Any, about: Provenance) -> None:
    label = workbook.add_format({"bold": True, "valign": "top"})
    text = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet("About")
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    for row, (name, said) in enumerate(about.lines()):
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, said, text)


def _width(table: pd.DataFrame, column: int) -> int:
    shown = (str(value) for value in table.iloc[:_MOST_ROWS_MEASURED, column])
    longest = max([len(str(table.columns[column])), *(len(text) for text in shown)])
    return min(longest + 2, _WIDEST)


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with a leading apostrophe where it would."""
    return f"'{text}" if _FORMULA.match(text) else text


def _rows(table: pd.DataFrame) -> Iterator[list[Cell]]:
    for row in table.itertuples(index=False, name=None):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> Cell:
    """A value as a file takes it; what is missing becomes an empty cell."""
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, list, tuple, dict)):
        return str(value)
    if hasattr(value, "item"):  # a number of numpy's
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else f"{value:%Y-%m-%d %H:%M}"
    return value if isinstance(value, (str, int, float, date)) else str(value)
