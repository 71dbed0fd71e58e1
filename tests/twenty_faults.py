"""A lead's spreadsheet of referrals with twenty different faults, and the same one mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.uploads import referral, xlsx_bytes

SHEET = "Referrals 2026"
TITLES: tuple[tuple[Any, ...], ...] = (
    ("Referrals of harmful sexual behaviour and other child-on-child abuse",),
    ("Hackney, July to September 2026", None, "for the partnership"),
    (),
)
HEADING_ROW = len(TITLES) + 1
COLUMNS = tuple(referral())


@dataclass(frozen=True)
class Fault:
    """A cell that is wrong, the code that it is told by, and what mends it."""

    column: str
    wrong: Any
    code: str
    mended: Any
    more: tuple[tuple[str, Any], ...] = ()


FAULTS = (
    Fault("quarter", "autumn term", "not_a_quarter", "2026-Q3"),
    Fault("quarter", "2098-Q1", "future_quarter", "2026-Q3"),
    Fault("quarter", None, "missing_value", "2026-Q3"),
    Fault("borough", "Hackny", "unknown_borough", "Hackney"),
    Fault("borough", None, "missing_value", "Hackney"),
    Fault("urn", "204/2319", "not_a_urn", 100001, (("source", "2A"),)),
    Fault("urn", 100999, "unknown_urn", 100002, (("source", "2A"),)),
    Fault("urn", 100003, "urn_without_school_source", None),
    Fault("urn_attended", 12, "not_a_urn", 100004),
    Fault("referral_type", "HBS", "not_allowed", "HSB"),
    Fault("source", "2A schools", "not_allowed", "2A"),
    Fault("outcome", "no action", "not_allowed", "NFA"),
    Fault("referrals", -4, "negative_count", 4),
    Fault("referrals", 2.5, "fractional_count", 2),
    Fault("referrals", "1e3", "exponent_count", 1000),
    Fault("referrals", "c", "symbol_not_allowed", 3),
    Fault("referrals", "a few", "not_a_number", 3),
    Fault("referrals", "#REF!", "error_value", 3),
    Fault("referrals", None, "missing_value", 0),
    Fault("aim_assessments", 11, "part_above_referrals", 1),
)
# Each row is of another kind, so that no two have the same key.
_SOURCES = ("1A", "1B", "1C", "3A", "3B", "3C", "3D", "4", "5A", "6")
_OUTCOMES = ("early help", "assessment")


def _rows(*, mended: bool) -> list[dict[str, Any]]:
    kinds = [(source, outcome) for outcome in _OUTCOMES for source in _SOURCES]
    rows = []
    for (source, outcome), fault in zip(kinds, FAULTS, strict=True):
        row = referral(source=source, outcome=outcome) | dict(fault.more)
        rows.append(row | {fault.column: fault.mended if mended else fault.wrong})
    return rows


def workbook(*, mended: bool = False) -> bytes:
    """The spreadsheet as .xlsx, by openpyxl: title rows, heading, a row for each fault."""
    cells = [[row[column] or None for column in COLUMNS] for row in _rows(mended=mended)]
    for line, row in zip(cells, _rows(mended=mended), strict=True):
        line[COLUMNS.index("referrals")] = row["referrals"]
    return xlsx_bytes({SHEET: [*TITLES, COLUMNS, *cells]})


def expected() -> list[tuple[str, str, str]]:
    """Cell, column and code of every fault, in the order of the sheet."""
    letters = dict(zip(COLUMNS, "ABCDEFGHIJ", strict=True))
    first = HEADING_ROW + 1
    return [
        (f"{letters[fault.column]}{row}", fault.column, fault.code)
        for row, fault in enumerate(FAULTS, first)
    ]
