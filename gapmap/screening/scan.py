"""The scan of a table for what may identify a child, before any message quotes its content.

Every heading, cell, sheet name and the file's name is looked at; what is found is told by its kind
and its place, never by its value. The rules themselves are in gapmap.screening.identifier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gapmap.column_types import DAY_OF_MONTH
from gapmap.contract import Contract, Field, folded
from gapmap.issue import Issue, IssueLog, cell_address
from gapmap.reading.text_table import TextTable
from gapmap.screening.identifier import KINDS, heading_kinds, identifiers

# A published download holds no day, postcode or telephone number of a child in the columns that
# are kept of it, and its schools are named as they like. These kinds would still be a child's.
IN_PUBLISHED_FILES = frozenset(
    ("scan_upn", "scan_nhs_number", "scan_ten_digits", "scan_ni_number", "scan_email")
)
# A file's own date, in its name or in a title above the table, is not a child's.
IN_NAMES_AND_TITLES = frozenset(KINDS) - {"scan_day"}
# A column with so many distinct values that trip is not looked at further: the file is refused.
FOUND_AT_MOST = 10_000

_REMOVE_IT = "Remove it, or its whole column, and upload again; nothing of this file was kept."
_MAP_IT = (
    "Map the columns of this file once, in the browser on Upload or with `python -m gapmap map`: "
    "those that are left out are dropped unseen. Or remove the whole column. Nothing was kept."
)

# What a text must hold for gapmap.screening.identifier to find anything in it; it may hold that and
# be innocent. Texts that are not ASCII are always looked at.
_NO_LETTER_OR_DIGIT = "[^0-9A-Za-z]"
_MONTH = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_PLAUSIBLE = "|".join(
    (
        "@",
        r"\d(?:[^0-9]*\d){7}",
        r"\d[eE]\+?\d",
        rf"\d{_NO_LETTER_OR_DIGIT}+\d{{1,2}}{_NO_LETTER_OR_DIGIT}+\d",
        rf"\d[^0-9]*{_MONTH}",
        rf"{_MONTH}[^0-9]*\d{{1,2}}[^0-9]",
        "(?i:gir)",
        rf"[A-Za-z]\d[0-9A-Za-z]?{_NO_LETTER_OR_DIGIT}*\d[A-Za-z]{{2}}",
        rf"[A-Za-z]{_NO_LETTER_OR_DIGIT}*(?:\d\d{_NO_LETTER_OR_DIGIT}*){{3}}[A-Da-d]",
    )
)


@dataclass(frozen=True)
class _Found:
    """The rows of one column, by their place in the table, that hold one kind."""

    code: str
    column: int
    rows: np.ndarray


def scan(
    table: TextTable,
    file_name: str,
    contract: Contract,
    log: IssueLog,
    *,
    unmapped: bool = False,
) -> None:
    """Log an error for everything in a file that may identify a child.

    Columns that the contract drops are not looked at. Where it refuses undeclared columns, all are:
    declared headings are themselves no fault, a column of dates may hold days, and in a column of
    months the contract has its own word about a day in figures. `unmapped`: nobody has said what
    the columns are, and a mapping would drop those that trip.
    """
    names = (
        *_name_issues("the file's name", file_name, IN_NAMES_AND_TITLES),
        *_sheet_issues(_sheets(table)),
    )
    log.extend(names)
    log.extend(_title_issues(table))
    found = []
    for column, declared in _columns_to_scan(table, contract):
        if declared is None:
            log.extend(_heading_issues(table, column, unmapped))
        wanted = _wanted(declared, contract)
        found += _found_in_column(table, column, declared, wanted, log)
    _log_cells(table, found, unmapped, log)


def scan_refusal(issues: Iterable[Issue], file_name: str, log: IssueLog) -> None:
    """Log the issues of a file that cannot be read, unless they or its name may identify a child.

    Issues may name a sheet or a column. Where anything trips, what trips is logged alone, by place.
    """
    issues = tuple(issues)
    tripping = list(_name_issues("the file's name", file_name, IN_NAMES_AND_TITLES))
    for issue in issues:
        quoted = f"{issue.message} {issue.sheet or ''}"
        codes = identifiers(quoted) | heading_kinds(issue.column or "")
        place: dict[str, Any] = {"row": issue.row, "cell": issue.cell}
        tripping += [
            _issue(code, "the heading or the sheet's name", **place) for code in sorted(codes)
        ]
    log.extend(tripping or issues)


def speakable(heading: str, column: int) -> str:
    """A heading that was not scanned, or its position where it may identify a child."""
    return f"column {column + 1}" if identifiers(heading) else heading


# --- names, titles and headings ------------------------------------------------------------------


def _name_issues(what: str, name: str, wanted: frozenset[str]) -> Iterator[Issue]:
    for code in sorted(identifiers(name) & wanted):
        yield Issue(
            "error",
            code,
            f"{what} holds {KINDS[code]}",
            "Rename it and upload again; nothing of this file was kept, its name included.",
        )


def _sheet_issues(sheets: tuple[str, ...]) -> Iterator[Issue]:
    for number, name in enumerate(sheets, start=1):
        yield from _name_issues(f"the name of sheet {number}", name, frozenset(KINDS))


def _title_issues(table: TextTable) -> Iterator[Issue]:
    for row, cells in table.titles:
        for position, text in enumerate(cells):
            for code in sorted(identifiers(text) & IN_NAMES_AND_TITLES):
                place: dict[str, Any] = {"row": row, "cell": cell_address(position, row)}
                yield _issue(code, "the cell above the heading", _sheet_number(table), **place)


def _heading_issues(table: TextTable, column: int, unmapped: bool) -> Iterator[Issue]:
    row = table.header_row
    fix = _MAP_IT if unmapped else _REMOVE_IT
    for code in sorted(heading_kinds(table.header[column])):
        place: dict[str, Any] = {"row": row, "cell": table.cell(column, row)}
        yield _issue(code, "the heading", _sheet_number(table), fix=fix, **place)


def _issue(
    code: str, what: str, sheet: str | None = None, fix: str = _REMOVE_IT, **place: Any
) -> Issue:
    return Issue(
        "error",
        code,
        f"{what} {'announces' if code.endswith('_heading') else 'holds'} {KINDS[code]}",
        fix,
        sheet=sheet,
        **place,
    )


def _sheet_number(table: TextTable) -> str | None:
    """The position of the table's sheet, for its name may be a child's."""
    return str(_sheets(table).index(table.sheet) + 1) if table.sheet else None


def _sheets(table: TextTable) -> tuple[str, ...]:
    return table.sheets or ((table.sheet,) if table.sheet else ())


# --- cells ---------------------------------------------------------------------------------------


def _columns_to_scan(table: TextTable, contract: Contract) -> Iterator[tuple[int, Field | None]]:
    """The columns to look at, each with its field where the contract declares one."""
    by_name = {folded(name): f for f in contract.fields for name in (f.name, *f.aliases)}
    for column, heading in enumerate(table.header):
        declared = by_name.get(folded(heading))
        if declared is not None or contract.undeclared_columns == "refuse":
            yield column, declared


def _wanted(declared: Field | None, contract: Contract) -> frozenset[str]:
    if contract.undeclared_columns == "drop":
        return IN_PUBLISHED_FILES
    of_days = declared is not None and declared.type == "date"
    return frozenset(KINDS) - ({"scan_day"} if of_days else set())


def _found_in_column(
    table: TextTable, column: int, declared: Field | None, wanted: frozenset[str], log: IssueLog
) -> list[_Found]:
    encoded = table.distinct(column)
    of_months = declared is not None and declared.type == "month"
    by_code: dict[str, list[int]] = {}
    tripping = 0
    for index in _plausible(encoded.dictionary):
        text = encoded.dictionary[int(index)].as_py()
        codes = identifiers(text) & wanted
        if "scan_day" in codes and of_months and DAY_OF_MONTH.fullmatch(text.strip()):
            codes -= {"scan_day"}
        for code in codes:
            by_code.setdefault(code, []).append(int(index))
        tripping += bool(codes)
        if tripping == FOUND_AT_MOST:
            log.add(_stopped(table, column))
            break
    if not by_code:
        return []
    held = encoded.indices.to_numpy(zero_copy_only=False)
    return [
        _Found(code, column, np.flatnonzero(np.isin(held, np.array(by_code[code]))))
        for code in sorted(by_code)
    ]


def _stopped(table: TextTable, column: int) -> Issue:
    return Issue(
        "error",
        "scan_stopped",
        f"{FOUND_AT_MOST:,} different values of this column were found; the others were not "
        "looked at and are not counted",
        "Remove the whole column and upload again; nothing of this file was kept.",
        sheet=_sheet_number(table),
        row=table.header_row,
        cell=table.cell(column, table.header_row),
    )


def _plausible(distinct: pa.StringArray) -> np.ndarray:
    """The places of the texts that are worth a closer look."""
    ascii_alone = pc.equal(pc.binary_length(distinct), pc.utf8_length(distinct))
    looked_at = pc.or_(pc.invert(ascii_alone), pc.match_substring_regex(distinct, _PLAUSIBLE))
    return np.flatnonzero(looked_at.to_numpy(zero_copy_only=False))


def _log_cells(table: TextTable, found: list[_Found], unmapped: bool, log: IssueLog) -> None:
    """List the first rows of every column and kind, and count the others."""
    sheet, fix = _sheet_number(table), _MAP_IT if unmapped else _REMOVE_IT
    for number, each in enumerate(found):
        share = log.room("error") // (len(found) - number)
        for place in each.rows[:share]:
            row = int(table.row_numbers[place])
            cell = table.cell(each.column, row)
            log.add(_issue(each.code, "the cell", sheet, fix=fix, row=row, cell=cell))
        log.count_unlisted("error", each.code, len(each.rows[share:]))
