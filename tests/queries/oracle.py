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

from gapmap.indicator import of_schools
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

    def links(self) -> list[Row]:
        standing = [f for f in self.filed if f.extract == "school_links" and not f.withdrawn]
        return list(standing[-1].rows) if standing else []

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
    if extract == "school_safeguarding":
        return months_between(answered, quarter) <= 12
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
                "low_age": row["StatutoryLowAge"] if row["StatutoryLowAge"] != "" else None,
                "high_age": row["StatutoryHighAge"] if row["StatutoryHighAge"] != "" else None,
                "pupils": None if row["NumberOfPupils"] == "" else row["NumberOfPupils"],
                "register_date": dated,
            }
    return found


# --- which school follows which -------------------------------------------------------------------


def steps(links: Iterable[Row]) -> dict[int, dict[int, list[tuple[bool, date | None]]]]:
    """By school and older school: each link between them, whether it is plain, its date."""
    found: dict[int, dict[int, list[tuple[bool, date | None]]]] = {}
    for row in links:
        one, other, kind = row["URN"], row["LinkURN"], row["LinkType"].strip().lower()
        kept = (kind in ("predecessor", "successor"), _day(row["LinkEstablishedDate"]))
        changes = any(word in kind for word in ("merge", "amalgam", "split"))
        if one == other:
            continue
        if kind.startswith("predecessor") or (changes and not kind.startswith("successor")):
            found.setdefault(one, {}).setdefault(other, []).append(kept)
        if kind.startswith("successor") or (changes and not kind.startswith("predecessor")):
            found.setdefault(other, {}).setdefault(one, []).append(kept)
    return found


def only_predecessor(
    told: dict[int, dict[int, list[tuple[bool, date | None]]]], urn: int
) -> tuple[int, list[date | None]] | None:
    """The one school that a school follows, and that no other follows, with the links' dates."""
    older = told.get(urn, {})
    if len(older) != 1:
        return None
    ((before, kept),) = older.items()
    followers = [newer for newer, its in told.items() if before in its]
    if followers != [urn] or not all(plain for plain, _ in kept):
        return None
    return before, [dated for _, dated in kept]


def predecessors(expected: Expected, urn: int, ends: date) -> list[int]:
    """Whose evidence a school takes over by a day, the nearest first."""
    told = steps(expected.links())
    walked: list[tuple[int, date]] = []
    latest = date.min
    here = urn
    while step := only_predecessor(told, here):
        here, dates = step
        latest = max([latest, *(dated for dated in dates if dated)])
        if here == urn:
            return []
        walked.append((here, latest))
    return [before for before, since in walked if since <= ends]


# --- states ---------------------------------------------------------------------------------------

YES_NO = {
    "anonymous_reporting": "anonymous_reporting",
    "visible_information": "visible_information",
    "dsl_forum": "dsl_forum_attended",
    "self_evaluation": "self_evaluation_returned",
    "hsb_survey": "hsb_survey_returned",
    "hsb_policy": "hsb_policy",
    "alcohol_policy": "alcohol_policy",
    "dsl_supervision": "dsl_supervision",
    "letter_sent": "letter_sent",
    "reviewed": "reviewed",
    "offer_of_support": "offer_of_support_sent",
    "pshe_delivering": "pshe_delivering",
    "parent_campaign": "parent_campaign_sent",
}
# An indicator that was added since and asks about a column of the same return: its header says it.
FURTHER = {
    d.name: d
    for d in of_schools()
    if d.extracts == ("school_safeguarding",) and d.name not in YES_NO
}
YES_NO |= {name: str(d.topic) for name, d in FURTHER.items()}
LIKE = {
    "all schools": "reviewed",
    "all schools but nurseries": "hsb_policy",
    "all schools but nurseries; colleges too": "hsb_policy",
    "schools with pupils aged 7+": "anonymous_reporting",
    "schools with pupils aged 11+": "alcohol_policy",
}
Part = tuple[str, frozenset[str] | None]
WHOLE: Part = ("school_safeguarding", None)
TOPICS: dict[str, Part] = {
    "dsl_in_date": ("training", frozenset({"DSL initial", "DSL refresher", "deputy DSL"})),
    "hsb_training": ("training", frozenset({"HSB specialist", "multi-agency HSB"})),
    "police_engagement": ("police_engagement", None),
    **dict.fromkeys(YES_NO, WHOLE),
}
ALL_BUT_NURSERIES = {
    "hsb_training", "police_engagement", "hsb_survey", "hsb_policy", "pshe_delivering",
    "parent_campaign",
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What a school, or the one that it follows, said last."""

    urn: int
    quarter: str
    rows: list[Row]


def last_said(expected: Expected, part: Part, quarter: str, urn: int, school: Row) -> Answer | None:
    """The last answer up to a quarter of one URN: its own borough's part of the file first."""
    extract, courses = part
    others = sorted(BOROUGHS.items())
    own_first = [code for _, code in others if code == school["borough_code"]]
    own_first += [code for _, code in others if code != school["borough_code"]]
    for earlier in expected.quarters(extract):
        if earlier > quarter:
            continue
        for borough in own_first:
            filed = expected.standing(extract, earlier, borough)
            rows = [
                row
                for row in (filed.rows if filed else ())
                if filed
                and row["quarter"] == earlier
                and row["urn"] == urn
                and (courses is None or row["course"] in courses)
                and expected.borough_of(filed, row) == borough
            ]
            if rows:
                return Answer(urn, earlier, rows)
    return None


def answer(expected: Expected, part: Part, quarter: str, school: Row) -> Answer | None:
    """The school's own answer where it still counts, else the nearest predecessor's that does."""
    line = [school["urn"], *predecessors(expected, school["urn"], end_of(quarter))]
    found = [last_said(expected, part, quarter, urn, school) for urn in line]
    given = [said for said in found if said]
    for said in given:
        if still_counts(part[0], said.quarter, quarter):
            return said
    return given[0] if given else None


def reason_of(
    expected: Expected, part: Part, quarter: str, school: Row, said: Answer | None
) -> str | None:
    """Why there is no answer that counts; None where there is one."""
    extract, _ = part
    if said is not None:
        return None if still_counts(extract, said.quarter, quarter) else "out_of_date"
    for earlier in expected.quarters(extract):
        if earlier <= quarter and expected.standing(extract, earlier, school["borough_code"]):
            return "no_row" if still_counts(extract, earlier, quarter) else "not_submitted"
    return "not_submitted"


def applies(indicator: str, school: Row) -> bool:
    """Whether a school is asked at all."""
    if indicator in FURTHER:
        indicator = LIKE[FURTHER[indicator].applies_to.partition(" (")[0]]
    low, high = school["low_age"], school["high_age"]
    oldest = None if low is not None and high is not None and low > high else high
    is_nursery = "nursery" in (school["phase"], school["school_type"])
    if indicator in ("anonymous_reporting", "visible_information"):
        return oldest >= 7 if oldest is not None else not is_nursery
    if indicator == "alcohol_policy":
        if oldest is None:
            return not is_nursery and school["phase"] != "primary"
        return oldest >= 12 or (oldest == 11 and school["phase"] != "primary")
    return not (is_nursery and indicator in ALL_BUT_NURSERIES)


def _police(quarter: str, row: Row) -> tuple[str, str | None]:
    if row["level"] not in NAMED:
        return "gap", None
    if not row["last_contact_month"]:
        return "unknown", "no_reply"
    year, month = (int(part) for part in row["last_contact_month"].split("-"))
    return ("met" if term_of(quarter) - term(year, month) <= 1 else "gap"), None


def state(
    indicator: str, quarter: str, school: Row, said: Answer | None, reason: str | None
) -> tuple[str, str | None]:
    """State and reason of one school in one quarter."""
    if not applies(indicator, school):
        return "not_applicable", None
    if reason or said is None:
        return "unknown", reason
    if indicator in YES_NO:
        word = said.rows[0][YES_NO[indicator]]
        if word in ("not asked", "no reply"):
            return "unknown", word.replace(" ", "_")
        return {"yes": "met", "no": "gap"}[word], None
    if indicator == "police_engagement":
        return _police(quarter, said.rows[0])
    trained = sum(int(row["staff_trained"]) for row in said.rows)
    if indicator == "hsb_training":
        return ("met" if trained else "gap"), None
    in_scope = sum(int(row["staff_in_scope"]) for row in said.rows)
    if in_scope == 0:
        return "not_applicable", None
    return ("met" if trained == in_scope else "gap"), None


def told(
    expected: Expected, quarters: Iterable[str]
) -> dict[tuple[str, str, int], tuple[str, str | None, Row, Answer | None]]:
    """State, reason, school and its answer by indicator, quarter and URN."""
    found = {}
    for quarter in quarters:
        for borough in BOROUGHS.values():
            for urn, school in schools(expected, quarter, borough).items():
                answers = {
                    part: answer(expected, part, quarter, school) for part in set(TOPICS.values())
                }
                reasons = {
                    part: reason_of(expected, part, quarter, school, said)
                    for part, said in answers.items()
                }
                for indicator, part in TOPICS.items():
                    said = answers[part]
                    stands = state(indicator, quarter, school, said, reasons[part])
                    found[indicator, quarter, urn] = (*stands, school, said)
    return found


def states(
    expected: Expected, quarters: Iterable[str]
) -> dict[tuple[str, str, int], tuple[str, str | None, Row]]:
    """State, reason and school by indicator, quarter and URN."""
    return {key: value[:3] for key, value in told(expected, quarters).items()}


def evidence_of(indicator: str, school: Row, said: Answer) -> str:
    """The evidence of a yes or no answer, in words."""
    row = said.rows[0]
    text = f"{row[YES_NO[indicator]]} in {said.quarter}"
    if said.urn != school["urn"]:
        text += ", from predecessor"
    met, of = row.get("self_evaluation_met", ""), row.get("self_evaluation_applicable", "")
    if indicator == "self_evaluation" and met != "" and of != "":
        text += f", criteria met {met} of {of}"
    return text


# --- gap score ------------------------------------------------------------------------------------


def gap_score(
    found: dict[str, str], weights: dict[str, float], most_unknown: float
) -> tuple[float | None, bool]:
    """Score and whether it is hidden, from one school's state by indicator."""
    applicable = {name: state for name, state in found.items() if state != "not_applicable"}
    known = {name: state for name, state in applicable.items() if state != "unknown"}
    of_all = sum(weights[name] for name in applicable)
    of_known = sum(weights[name] for name in known)
    of_gaps = sum(weights[name] for name, state in known.items() if state == "gap")
    if of_known == 0 or (of_all - of_known) / of_all > most_unknown:
        return None, True
    return of_gaps / of_known, False


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
