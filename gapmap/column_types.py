"""How the text of one cell becomes a value, type by type.

Each parser takes stripped, non-empty text and returns a value, or raises CellFault with what is
wrong and how to mend it. A Reading may carry a caution: the value stands, the person is told.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gapmap.calendar_quarter import FIRST_QUARTER, read_quarter
from gapmap.contract import SYMBOLS, Field

ANSWERS = ("yes", "no", "not asked", "no reply")

_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_WHOLE = re.compile(r"\d+(\.0+)?")
_NEGATIVE = re.compile(r"-\s*\d[\d,.]*|\(\d[\d,.]*\)")
_FRACTION = re.compile(r"\d*[.]\d+")
_EXPONENT = re.compile(r"\d+(\.\d+)?e[+-]?\d+", re.IGNORECASE)
_URN = re.compile(r"\d{5,7}(\.0+)?")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_MONTH_NAME = re.compile(r"([a-z]{3,9})[ -](\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A day in a column of months; what is said about it does not quote it.
DAY_OF_MONTH = re.compile(r"\d{4}-\d\d-\d\d.*|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}.*")
_DATES = (
    re.compile(r"(?P<d>\d{1,2})[-/](?P<m>\d{1,2})[-/](?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
)
# 2021, or the published 202021 for the year that ends in 2021.
_YEAR = re.compile(r"(\d{4})(\d{2})?(?:\.0+)?")
FIRST_YEAR = 2000
_LARGEST_COUNT = 2**31 - 1
# What spreadsheets show for a formula that failed: #REF!, #N/A, #DIV/0!, Err:508.
_SPREADSHEET_ERROR = re.compile(r"#(?:[A-Z]+(?:/[0A])?[!?]?)|Err:\d{3}")


class CellFault(Exception):
    """A cell that cannot be taken."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code, self.message, self.fix = code, message, fix


@dataclass(frozen=True)
class Reading:
    """A value, and what the person should know about how it was read."""

    value: Any
    caution: str | None = None


@dataclass(frozen=True)
class Surroundings:
    """What parsing needs beyond the cell.

    `boroughs` maps every folded spelling (name, GSS code, DfE code) to the GSS code. `today` tells
    a future quarter. `typed_dates`: the file is a spreadsheet, whose dates are always days.
    """

    boroughs: Mapping[str, str]
    today: date
    typed_dates: bool = False


def fold_borough(text: str) -> str:
    """A borough's name as it is compared: case, spacing, "&" and "and" do not matter."""
    return re.sub(r"\W+", " ", text.casefold().replace("&", " and ")).strip()


def _quarter(text: str, field: Field, around: Surroundings) -> Reading:
    try:
        reading = read_quarter(text)
    except ValueError:
        raise CellFault(
            "not_a_quarter",
            f"{text!r} is not a quarter from {FIRST_QUARTER} on",
            "Write it as 2026-Q3, which is July–September 2026.",
        ) from None
    if reading.quarter.starts > around.today:
        raise CellFault(
            "future_quarter",
            f"{reading.quarter} ({reading.quarter.in_words}) has not begun",
            "Correct the quarter; figures for a quarter that has not begun cannot exist.",
        )
    return Reading(str(reading.quarter), reading.caution)


def _borough(text: str, field: Field, around: Surroundings) -> Reading:
    folded = fold_borough(text)
    code = around.boroughs.get(folded)
    if code is None:
        near = difflib.get_close_matches(folded, around.boroughs, n=1)
        hint = f"Did you mean {near[0].title()}? " if near else ""
        raise CellFault(
            "unknown_borough",
            f"{text!r} is not a London borough",
            f"{hint}Give the name, the GSS code (E09000007) or the DfE code (202).",
        )
    return Reading(code)


def _urn(text: str, field: Field, around: Surroundings) -> Reading:
    if not _URN.fullmatch(text):
        raise CellFault(
            "not_a_urn",
            f"{text!r} is not a URN",
            "A URN is the school's six-digit number in the register; not its LAESTAB (204/2319).",
        )
    return Reading(int(text.split(".")[0]))


def _integer(text: str, field: Field, around: Surroundings) -> Reading:
    digits = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    if not _WHOLE.fullmatch(digits):
        raise _not_a_count(text, field)
    number = int(digits.split(".")[0])
    low, high = field.minimum or 0, field.maximum if field.maximum is not None else _LARGEST_COUNT
    if not low <= number <= high:
        raise CellFault(
            "out_of_range",
            f"{text} lies outside {low:,} to {high:,}",
            field.message or "Check the figure against its source.",
        )
    return Reading(number)


def _year(text: str, field: Field, around: Surroundings) -> Reading:
    match = _YEAR.fullmatch(text)
    if not match:
        raise CellFault("not_a_year", f"{text!r} is not a year", "Write it as 2025.")
    year = int(match[1][:2] + match[2]) if match[2] else int(match[1])
    if not FIRST_YEAR <= year <= around.today.year + 1:
        raise CellFault(
            "out_of_range",
            f"{text} lies outside {FIRST_YEAR} to {around.today.year + 1}",
            "Correct the year.",
        )
    return Reading(year)


def _published(text: str, field: Field, around: Surroundings) -> Reading:
    """A published figure: (number, None), or (None, its symbol)."""
    if text.casefold() in field.symbols:
        return Reading((None, text.casefold()))
    return Reading((_integer(text, field, around).value, None))


def _not_a_count(text: str, field: Field) -> CellFault:
    # A cell that must be filled cannot be left blank to mend it.
    or_blank = "" if field.required else ", or leave the cell blank when it is not known"
    if text.casefold() in SYMBOLS:
        taken = f"numbers and {', '.join(field.symbols)}" if field.symbols else "numbers alone"
        return CellFault(
            "symbol_not_allowed",
            f"{text!r} is a symbol of published figures; this column takes {taken}",
            f"Give the number{or_blank}.",
        )
    kinds = (
        (_NEGATIVE, "negative_count", "is negative", "A count cannot be below 0."),
        (_FRACTION, "fractional_count", "is not a whole number", "Give a whole number."),
        (_EXPONENT, "exponent_count", "is written with an exponent", "Write all of its digits."),
    )
    for pattern, code, what, fix in kinds:
        if pattern.fullmatch(text):
            return CellFault(code, f"{text!r} {what}", fix)
    return CellFault("not_a_number", f"{text!r} is not a number", f"Give a whole number{or_blank}.")


def _string(text: str, field: Field, around: Surroundings) -> Reading:
    if field.enum:
        return Reading(_one_of(text, field.enum, field.message))
    if field.max_length is not None and len(text) > field.max_length:
        raise CellFault(
            "too_long",
            f"the text has {len(text):,} characters, more than {field.max_length}",
            "Shorten it; free text is not taken.",
        )
    if field.pattern is not None and not re.fullmatch(field.pattern, text):
        raise CellFault("not_as_written", f"{text!r} is not allowed here", field.message or "")
    return Reading(text)


def _answer(text: str, field: Field, around: Surroundings) -> Reading:
    return Reading(_one_of(text, ANSWERS, field.message))


def _one_of(text: str, allowed: tuple[str, ...], message: str | None) -> str:
    """The canonical spelling of one of `allowed`; case, spacing and apostrophes do not matter."""
    by_fold = {_fold_word(word): word for word in allowed}
    found = by_fold.get(_fold_word(text))
    if found is not None:
        return found
    near = difflib.get_close_matches(_fold_word(text), by_fold, n=1)
    hint = f"Did you mean {by_fold[near[0]]!r}? " if near else ""
    advice = message or f"It must be one of: {', '.join(allowed)}."
    raise CellFault("not_allowed", f"{text!r} is not allowed here", hint + advice)


def _fold_word(text: str) -> str:
    return re.sub(r"[\s_]+", " ", text.replace("’", "'").strip()).casefold()


def _month(text: str, field: Field, around: Surroundings) -> Reading:
    if match := _MONTH.fullmatch(text):
        return Reading(text)
    if (match := _MONTH_NAME.fullmatch(text.casefold())) and match[1][:3] in _MONTHS:
        return Reading(f"{match[2]}-{_MONTHS.index(match[1][:3]) + 1:02}")
    if around.typed_dates and re.fullmatch(r"\d{4}-\d\d-01", text):
        return Reading(text[:7], f"the date is read as the month {text[:7]}")
    if DAY_OF_MONTH.fullmatch(text):
        raise CellFault(
            "day_in_month",
            "the cell holds a day, and dates finer than a month are not taken",
            "Write the month alone, as 2026-09.",
        )
    raise CellFault("not_a_month", f"{text!r} is not a month", "Write it as 2026-09.")


def _date(text: str, field: Field, around: Surroundings) -> Reading:
    for pattern in _DATES:
        if match := pattern.fullmatch(text):
            try:
                return Reading(date(int(match["y"]), int(match["m"]), int(match["d"])))
            except ValueError:
                break
    raise CellFault("not_a_date", f"{text!r} is not a date", "Write it as 31-08-2026.")


PARSERS: dict[str, Callable[[str, Field, Surroundings], Reading]] = {
    "quarter": _quarter,
    "borough": _borough,
    "urn": _urn,
    "integer": _integer,
    "string": _string,
    "answer": _answer,
    "month": _month,
    "date": _date,
    "year": _year,
    "published": _published,
}


def parse_cell(text: str, field: Field, around: Surroundings) -> Reading:
    """The value of one cell; blank is None.

    Raises CellFault when a required cell is blank or the text does not fit the field's type.
    """
    stripped = text.replace("\u00a0", " ").strip()
    if not stripped:
        if field.required and not field.leave_out_others:
            raise CellFault(
                "missing_value",
                f"{field.name} is blank",
                field.message or f"Fill it in. {field.description}",
            )
        return Reading(None)
    if _SPREADSHEET_ERROR.fullmatch(stripped):
        raise CellFault(
            "error_value",
            f"the cell holds the spreadsheet error {stripped}",
            "Correct the formula, or clear the cell.",
        )
    return PARSERS[field.type](stripped, field, around)
