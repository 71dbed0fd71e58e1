"""Calendar quarters: how they are written, read and counted. `2026-Q3` is July to September."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_CANONICAL = re.compile(r"(\d{4})\s*-?\s*Q([1-4])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_SPAN = re.compile(r"([a-z]+)\s*(?:-|–|—|to)\s*([a-z]+)\s+(\d{4})")
_FINANCIAL = re.compile(r"Q([1-4])\s*(\d{4})\s*[/-]\s*(\d{2}|\d{4})")
_AMBIGUOUS = re.compile(r"Q([1-4])\s*,?\s*(\d{4})")
_NAMES = ("January–March", "April–June", "July–September", "October–December")


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter; `number` is 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def starts(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends(self) -> date:
        following = self.plus(1)
        return following.starts - timedelta(days=1)

    @property
    def term_no(self) -> int:
        """School terms counted to the quarter's last day.

        Three a year: spring January to March, summer April to August, autumn September to December.
        """
        return self.year * 3 + min(self.number, 3) - 1

    @property
    def in_words(self) -> str:
        return f"{_NAMES[self.number - 1]} {self.year}"

    def plus(self, quarters: int) -> Quarter:
        year, number = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, number + 1)


@dataclass(frozen=True)
class QuarterReading:
    """A quarter as it was read; `caution` says what else the text could mean."""

    quarter: Quarter
    caution: str | None = None


# The first quarter that the stores have a calendar for.
FIRST_QUARTER = Quarter(2010, 1)


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def parse_quarter(text: str) -> Quarter:
    """A quarter in its canonical spelling, FIRST_QUARTER or later.

    Raises ValueError for any other text.
    """
    match = _CANONICAL.fullmatch(text.strip().upper())
    if not match:
        raise ValueError(f"{text!r} is not a quarter; write it as 2026-Q3 (July–September 2026)")
    return _not_too_early(Quarter(int(match[1]), int(match[2])))


def _not_too_early(quarter: Quarter) -> Quarter:
    """A year that is mistyped must not pass as a quarter that nothing is ever asked of."""
    if quarter < FIRST_QUARTER:
        raise ValueError(f"{quarter} is before {FIRST_QUARTER}, the first that is held")
    return quarter


def read_quarter(text: str) -> QuarterReading:
    """A quarter as leads write it: 2026-Q3, 2026Q3, Jul-Sep 2026, Q3 2026/27, Q3 2026.

    `Q3 2026/27` is the financial year's third quarter, October to December 2026. `Q3 2026` could
    be either: it is read as July to September and the reading carries the caution.
    Raises ValueError when the text is no quarter.
    """
    stripped = text.strip()
    if financial := _FINANCIAL.fullmatch(stripped.upper()):
        number, year, following = (int(part) for part in financial.groups())
        if following % 100 != (year + 1) % 100:
            raise ValueError(f"{stripped!r} names no financial year")
        return QuarterReading(_not_too_early(Quarter(year, 1).plus(number)))
    if ambiguous := _AMBIGUOUS.fullmatch(stripped.upper()):
        quarter = _not_too_early(Quarter(int(ambiguous[2]), int(ambiguous[1])))
        other = quarter.plus(1)
        return QuarterReading(
            quarter,
            f"read as {quarter.in_words}; financial-year Q{quarter.number} is {other.in_words}",
        )
    if span := _MONTH_SPAN.fullmatch(stripped.casefold()):
        return QuarterReading(_quarter_of_months(span[1], span[2], int(span[3])))
    return QuarterReading(parse_quarter(stripped))


def _quarter_of_months(first: str, last: str, year: int) -> Quarter:
    """The quarter from its first to its last month. Raises ValueError when they are not one."""
    if len(first) < 3 or len(last) < 3 or first[:3] not in _MONTHS or last[:3] not in _MONTHS:
        raise ValueError(f"{first}-{last} {year} is not a quarter")
    start, end = _MONTHS.index(first[:3]), _MONTHS.index(last[:3])
    if start % 3 or end != start + 2:
        raise ValueError(f"{first}-{last} {year} is not a calendar quarter")
    return _not_too_early(Quarter(year, start // 3 + 1))
