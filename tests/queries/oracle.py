"""The figures again, in slow plain Python, from the rows as they were uploaded.

Written from the rules and not from the SQL: dates are months counted by hand, registers and
answers are searched for one school at a time.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from gapmap.settings import REFERENCE

Row = dict[str, Any]
BOROUGHS = {"Hackney": "E09000012", "Bromley": "E09000006", "Brent": "E09000005"}
NAMED = {"named contact", "active", "embedded"}
LAST_MONTH = {"1": 3, "2": 6, "3": 9, "4": 12}
TERM_OF_MONTH = {1: 0, 2: 0, 3: 0, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 2, 10: 2, 11: 2, 12: 2}


@dataclass
class Filed:
    """One upload that stands or not: its rows, and which boroughs and quarters it covers."""

    extract: str
    rows: Sequence[Row]
    submission: str
    as_at: date | None = None
    nil: tuple[str, ...] = ()
    withdrawn: bool = False


@dataclass
class Expected:
    """Everything that was filed, in the order of its publication."""

    filed: list[Filed] = field(default_factory=list)

    def add(self, *args: Any, **more: Any) -> None:
        self.filed.append(Filed(*args, **more))

    def registers(self) -> list[Filed]:
        standing = [f for f in self.filed if f.extract == "schools" and not f.withdrawn]
        return sorted(standing, key=lambda f: f.as_at or date.min)

    def borough_now(self, urn: int) -> str | None:
        """The borough of a school by the latest register that has it."""
        for register in reversed(self.registers()):
            for row in register.rows:
                if row["URN"] == urn:
                    return str(row["DistrictAdministrative (code)"])
        return None

    def borough_of(self, filed: Filed, row: Row) -> str | None:
        if "borough" in row:
            return BOROUGHS[row["borough"]]
        return self.borough_now(int(row["urn"]))

    def covers(self, filed: Filed) -> set[tuple[str, str | None]]:
        quarters = {row["quarter"] for row in filed.rows}
        pairs = {(row["quarter"], self.borough_of(filed, row)) for row in filed.rows}
        return pairs | {(quarter, code) for quarter in quarters for code in filed.nil}

    def standing(self, extract: str, quarter: str, borough: str) -> Filed | None:
        for filed in reversed(self.filed):
            stands = filed.extract == extract and not filed.withdrawn
            if stands and (quarter, borough) in self.covers(filed):
                return filed
        return None

    def quarters(self, extract: str) -> list[str]:
        names = {r["quarter"] for f in self.filed if f.extract == extract for r in f.rows}
        return sorted(names, reverse=True)


# --- time -----------------------------------------------------------------------------------------


def month_of(quarter: str) -> tuple[int, int]:
    """Year and last month of a quarter."""
    return int(quarter[:4]), LAST_MONTH[quarter[-1]]


def end_of(quarter: str) -> date:
    year, month = month_of(quarter)
    return date(year, month, 31 if month in (3, 12) else 30)


def term(year: int, month: int) -> int:
    return year * 3 + TERM_OF_MONTH[month]


def term_of(quarter: str) -> int:
    return term(*month_of(quarter))


def months_between(earlier: str, later: str) -> int:
    (y1, m1), (y2, m2) = month_of(earlier), month_of(later)
    return (y2 - y1) * 12 + m2 - m1


def still_counts(extract: str, answered: str, quarter: str) -> bool:
    if extract == "training":
        return months_between(answered, quarter) <= 24
    # Two terms: the one that the answer is of, and the next.
    return term_of(quarter) - term_of(answered) in (0, 1)


# --- schools in scope -----------------------------------------------------------------------------


@cache
def _mapping(file_name: str, key: str, value: str) -> dict[str, tuple[str, str]]:
    with (REFERENCE / file_name).open(encoding="utf-8", newline="") as file:
        return {
            "".join(c for c in row[key].lower() if c.isalnum()): (
                row[value],
                row.get("in_scope", ""),
            )
            for row in csv.DictReader(file)
        }


def _folded(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _day(text: str) -> date | None:
    if not text:
        return None
    day, month, year = text.split("-")
    return date(int(year), int(month), int(day))


def is_open(row: Row, ends: date) -> bool:
    status, opens, closes = row["EstablishmentStatus (name)"], row["OpenDate"], row["CloseDate"]
    opened, closed = _day(opens), _day(closes)
    has_opened = status != "Proposed to open" if opened is None else opened <= ends
    has_closed = status == "Closed" if closed is None else closed <= ends
    return has_opened and not has_closed


def phase_of(row: Row) -> tuple[str, str]:
    phase, _ = _mapping("phases.csv", "phase_of_education", "phase").get(
        _folded(row["PhaseOfEducation (name)"]), ("", "")
    )
    if phase:
        return phase, "register"
    low, high = (
        int(text) if str(text) else None
        for text in (row["StatutoryLowAge"], row["StatutoryHighAge"])
    )
    derived = None
    if low is not None and high is not None and low > high:
        derived = None
    elif high is not None and high <= 5:
        derived = "nursery"
    elif low is not None and low >= 16:
        derived = "16 plus"
    elif high is not None and high <= 13:
        derived = "primary"
    elif low is not None and high is not None:
        derived = "secondary" if low >= 10 else "all-through"
    return (derived, "derived from ages") if derived else ("unknown", "unknown")


def schools(expected: Expected, quarter: str, borough: str) -> dict[int, Row]:
    """Schools in scope of a borough in a quarter, by URN."""
    ends = end_of(quarter)
    having = [
        (
            register.as_at,
            [r for r in register.rows if r["DistrictAdministrative (code)"] == borough],
        )
        for register in expected.registers()
    ]
    having = [(dated, rows) for dated, rows in having if rows]
    if not having:
        return {}
    up_to = [one for one in having if one[0] and one[0] <= ends]
    dated, rows = up_to[-1] if up_to else having[0]
    found = {}
    for row in rows:
        kinds = _mapping("school_types.csv", "type_of_establishment", "school_type")
        kind, in_scope = kinds.get(
            _folded(row["TypeOfEstablishment (name)"]), ("not mapped", "yes")
        )
        if in_scope == "yes" and is_open(row, ends):
            phase, source = phase_of(row)
            found[row["URN"]] = {
                "quarter": quarter,
                "urn": row["URN"],
                "borough_code": borough,
                "school_type": kind,
                "phase": phase,
                "phase_source": source,
                "pupils": None if row["NumberOfPupils"] == "" else row["NumberOfPupils"],
                "register_date": dated,
            }
    return found


# --- states ---------------------------------------------------------------------------------------

TOPICS = {
    "dsl_in_date": ("training", {"DSL initial", "DSL refresher", "deputy DSL"}),
    "hsb_training": ("training", {"HSB specialist", "multi-agency HSB"}),
    "police_engagement": ("police_engagement", None),
}


def answer(
    expected: Expected, indicator: str, quarter: str, school: Row
) -> tuple[str | None, list[Row]]:
    """The quarter of a school's last answer up to a quarter, and its rows."""
    extract, courses = TOPICS[indicator]
    for earlier in expected.quarters(extract):
        if earlier > quarter:
            continue
        for borough in BOROUGHS.values():
            filed = expected.standing(extract, earlier, borough)
            rows = [
                row
                for row in (filed.rows if filed else ())
                if filed
                and row["quarter"] == earlier
                and row["urn"] == school["urn"]
                and (courses is None or row["course"] in courses)
                and expected.borough_of(filed, row) == borough
            ]
            if rows:
                return earlier, rows
    return None, []


def reason_of(
    expected: Expected, indicator: str, quarter: str, school: Row, answered: str | None
) -> str | None:
    """Why there is no answer that counts; None where there is one."""
    extract, _ = TOPICS[indicator]
    if answered is not None:
        return None if still_counts(extract, answered, quarter) else "out_of_date"
    for earlier in expected.quarters(extract):
        if earlier <= quarter and expected.standing(extract, earlier, school["borough_code"]):
            return "no_row" if still_counts(extract, earlier, quarter) else "not_submitted"
    return "not_submitted"


def _police(quarter: str, row: Row) -> tuple[str, str | None]:
    if row["level"] not in NAMED:
        return "gap", None
    if not row["last_contact_month"]:
        return "unknown", "no_reply"
    year, month = (int(part) for part in row["last_contact_month"].split("-"))
    return ("met" if term_of(quarter) - term(year, month) <= 1 else "gap"), None


def state(expected: Expected, indicator: str, quarter: str, school: Row) -> tuple[str, str | None]:
    """State and reason of one school in one quarter."""
    is_nursery = "nursery" in (school["phase"], school["school_type"])
    if is_nursery and indicator != "dsl_in_date":
        return "not_applicable", None
    answered, rows = answer(expected, indicator, quarter, school)
    reason = reason_of(expected, indicator, quarter, school, answered)
    if reason:
        return "unknown", reason
    if indicator == "police_engagement":
        return _police(quarter, rows[0])
    trained = sum(int(row["staff_trained"]) for row in rows)
    if indicator == "hsb_training":
        return ("met" if trained else "gap"), None
    in_scope = sum(int(row["staff_in_scope"]) for row in rows)
    if in_scope == 0:
        return "not_applicable", None
    return ("met" if trained == in_scope else "gap"), None


def states(
    expected: Expected, quarters: Iterable[str]
) -> dict[tuple[str, str, int], tuple[str, str | None, Row]]:
    """State, reason and school by indicator, quarter and URN."""
    return {
        (indicator, quarter, urn): (*state(expected, indicator, quarter, school), school)
        for quarter in quarters
        for borough in BOROUGHS.values()
        for urn, school in schools(expected, quarter, borough).items()
        for indicator in TOPICS
    }


# --- shares ---------------------------------------------------------------------------------------


def wilson(successes: int, n: int) -> tuple[float | None, float | None]:
    """The two shares at which `successes` would lie 1.96 standard errors off: the score interval.

    Found by halving, from its definition |p̂ - p| = z·√(p(1-p)/n), and not from the closed formula.
    """
    if n == 0:
        return None, None
    share, z = successes / n, 1.959964

    def excess(p: float) -> float:
        return abs(share - p) - z * math.sqrt(p * (1 - p) / n)

    def bound(outer: float) -> float:
        inner = share
        for _ in range(200):
            middle = (inner + outer) / 2
            inner, outer = (middle, outer) if excess(middle) <= 0 else (inner, middle)
        return inner

    return bound(0.0), bound(1.0)
