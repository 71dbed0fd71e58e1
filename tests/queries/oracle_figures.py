"""Counts, areas, signals and indicators of boroughs again, in slow plain Python, from the rows as
they were uploaded. Written from the rules and not from the SQL."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from gapmap.settings import REFERENCE
from tests.queries import oracle

Row = dict[str, Any]
Cell = tuple[str, str, str, str]  # quarter, borough, breakdown, category
LEVEL_COLUMNS = {
    "borough": "borough_code",
    "partnership": "partnership",
    "command unit": "police_bcu_code",
    "integrated care board": "icb_2022",
    "inner or outer": "inner_outer_dfe",
}
SECONDARY = {"secondary", "middle deemed secondary", "all-through"}


@cache
def reference_rows(file_name: str) -> list[Row]:
    with (REFERENCE / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def code_of(name: str) -> str:
    return next(r["borough_code"] for r in reference_rows("boroughs.csv") if r["borough"] == name)


def areas() -> dict[tuple[str, str], set[str]]:
    """The boroughs of each level and area."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in reference_rows("boroughs.csv"):
        found["london", "London"].add(row["borough_code"])
        for level, column in LEVEL_COLUMNS.items():
            if row[column]:
                found[level, row[column]].add(row["borough_code"])
    return dict(found)


def quarters_back(quarter: str, number: int) -> list[str]:
    """So many quarters up to a quarter."""
    year, place = int(quarter[:4]), int(quarter[-1]) - 1
    every = [year * 4 + place - back for back in range(number)]
    return [f"{n // 4}-Q{n % 4 + 1}" for n in every]


@dataclass
class Told:
    """What was uploaded, in order, upon one register."""

    register: oracle.Expected
    uploads: list[tuple[str, list[Row], tuple[str, ...]]] = field(default_factory=list)
    _schools: dict[tuple[str, str], dict[int, Row]] = field(default_factory=dict)

    def standing(self, extract: str, quarter: str, borough: str) -> list[Row] | None:
        """The rows that stand, none of a nil return, None where nothing was submitted."""
        for kind, rows, nil in reversed(self.uploads):
            if kind != extract:
                continue
            mine = [r for r in rows if r.get("quarter") == quarter and self._borough(r) == borough]
            quarters = {r["quarter"] for r in rows}
            if mine or (borough in nil and quarter in quarters):
                return mine
        return None

    def _borough(self, row: Row) -> str | None:
        if "borough" in row:
            return code_of(row["borough"])
        return self.register.borough_now(int(row["urn"]))

    def quarters_of(self, extract: str, up_to: str) -> list[str]:
        """The quarters that any upload of an extract is of, newest first."""
        every = {r["quarter"] for kind, rows, _ in self.uploads if kind == extract for r in rows}
        return sorted((q for q in every if q <= up_to), reverse=True)

    def schools(self, quarter: str, borough: str) -> dict[int, Row]:
        """Schools in scope by URN. The register is told before all else, so they are looked up
        once."""
        if (quarter, borough) not in self._schools:
            self._schools[quarter, borough] = oracle.schools(self.register, quarter, borough)
        return self._schools[quarter, borough]

    def school(self, quarter: str, urn: int) -> Row | None:
        for borough in boroughs():
            if found := self.schools(quarter, borough).get(urn):
                return found
        return None


@cache
def boroughs() -> tuple[str, ...]:
    return tuple(row["borough_code"] for row in reference_rows("boroughs.csv"))


# --- counts ---------------------------------------------------------------------------------------


def _urn(row: Row) -> int | None:
    return int(row["urn"] or row["urn_attended"] or 0) or None


def _school_words(told: Told, quarter: str, row: Row) -> tuple[str, str]:
    urn = _urn(row)
    school = told.school(quarter, urn) if urn else None
    if school is None:
        return "not known", "not known"
    phase = school["phase"] if school["phase"] != "unknown" else "not known"
    kind = school["school_type"] if school["school_type"] != "not mapped" else "not known"
    return phase, kind


REFERRAL_TOTALS = (
    "hsb_referrals",
    "hsb_referrals_in_schools",
    "referrals",
    "referrals_from_education",
    "referrals_from_education_with_urn",
)


def _of_row(told: Told, quarter: str, borough: str, row: Row) -> Iterator[tuple[str, str, str]]:
    """Measure, breakdown and category of every count that a row of referrals is in."""
    yield "referrals", "total", "all"
    yield "referrals", "referral type", row["referral_type"]
    if row["source"] == "2A":
        yield "referrals_from_education", "total", "all"
        if row["urn"]:
            yield "referrals_from_education_with_urn", "total", "all"
    if row["referral_type"] == "HSB":
        phase, kind = _school_words(told, quarter, row)
        yield "hsb_referrals", "total", "all"
        yield "hsb_referrals", "source", row["source"]
        yield "hsb_referrals", "outcome", row["outcome"]
        yield "hsb_referrals", "phase", phase
        yield "hsb_referrals", "school type", kind
        school = told.schools(quarter, borough).get(_urn(row) or 0)
        if school and school["pupils"]:
            yield "hsb_referrals_in_schools", "total", "all"


def referral_counts(told: Told, quarter: str) -> dict[str, dict[Cell, int]]:
    found: dict[str, dict[Cell, int]] = defaultdict(lambda: defaultdict(int))
    for borough in boroughs():
        rows = told.standing("referrals", quarter, borough)
        for measure in REFERRAL_TOTALS if rows is not None else ():
            found[measure][quarter, borough, "total", "all"] += 0
        for row in rows or ():
            for measure, breakdown, category in _of_row(told, quarter, borough, row):
                found[measure][quarter, borough, breakdown, category] += int(row["referrals"])
    return {
        measure: {cell: n for cell, n in cells.items() if n or cell[2] == "total"}
        for measure, cells in found.items()
    }


def four_quarters(told: Told, quarter: str, of: str = "hsb_referrals") -> dict[Cell, int]:
    found = {}
    for borough in boroughs():
        each = [
            referral_counts(told, earlier).get(of, {}).get((earlier, borough, "total", "all"))
            for earlier in quarters_back(quarter, 4)
        ]
        if None not in each:
            found[quarter, borough, "total", "all"] = sum(n or 0 for n in each)
    return found


def lado_counts(told: Told, quarter: str) -> dict[str, dict[Cell, int]]:
    found: dict[str, dict[Cell, int]] = {"lado_contacts": {}, "lado_threshold_met": {}}
    for borough in boroughs():
        rows = told.standing("lado", quarter, borough)
        if rows is not None:
            cell = (quarter, borough, "total", "all")
            found["lado_contacts"][cell] = sum(int(r["contacts_education"]) for r in rows)
            found["lado_threshold_met"][cell] = sum(int(r["threshold_met"]) for r in rows)
    return found


def _answers(told: Told, quarter: str, borough: str) -> dict[tuple[str, str, str], list[Row]]:
    """The rows that stand of each school or none, respondent and question."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for earlier in told.quarters_of("perception_survey", quarter):
        if oracle.months_between(earlier, quarter) > 12:
            continue
        fresh: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in told.standing("perception_survey", earlier, borough) or []:
            fresh[str(row["urn"]), row["respondent"], row["question"]].append(row)
        for key, rows in fresh.items():
            found.setdefault(key, rows)
    return found


def _summed(rows: Iterable[Row]) -> tuple[int, int]:
    """Valid answers, and those of a lot or sometimes; of all, else of girls and boys."""
    taken = [r for r in rows if r["sex"] == "all"] or list(rows)
    return (
        sum(int(r["valid_answers"]) for r in taken),
        sum(int(r["a_lot"]) + int(r["sometimes"]) for r in taken),
    )


def survey_counts(told: Told, quarter: str) -> dict[str, dict[Cell, int]]:
    valid: dict[Cell, int] = defaultdict(int)
    often: dict[Cell, int] = defaultdict(int)
    for borough in boroughs():
        for (_, respondent, question), rows in _answers(told, quarter, borough).items():
            n, k = _summed(rows)
            valid[quarter, borough, respondent, question] += n
            often[quarter, borough, respondent, question] += k
    return {"survey_valid_answers": dict(valid), "survey_a_lot_or_sometimes": dict(often)}


# --- what a lead is told of a school --------------------------------------------------------------


def adjoining(borough: str) -> set[str]:
    rows = reference_rows("adjoining.csv")
    return {r["adjoining_borough_code"] for r in rows if r["borough_code"] == borough}


def is_secondary_age(school: Row, row: Row) -> bool:
    if school["phase"] in SECONDARY:
        return True
    if school["phase_source"] != "derived from ages":
        return False
    low, high = row["StatutoryLowAge"], row["StatutoryHighAge"]
    return low != "" and high != "" and int(high) > 11 and int(low) < 16


def _register_row(told: Told, urn: int, quarter: str) -> Row:
    for register in reversed(told.register.registers()):
        for row in register.rows:
            if row["URN"] == urn:
                return row
    raise LookupError(f"{urn} in {quarter}")


def _borough_reason(told: Told, quarter: str, borough: str) -> str | None:
    year = quarters_back(quarter, 4)
    for around in {borough} | adjoining(borough):
        if any(told.standing("referrals", q, around) is None for q in year):
            return "not_submitted"
    made = with_urn = 0
    for earlier in year:
        for row in told.standing("referrals", earlier, borough) or []:
            if row["source"] == "2A":
                made += int(row["referrals"])
                with_urn += int(row["referrals"]) if row["urn"] else 0
    return None if made and with_urn / made >= 0.8 else "few_with_urn"


def _seen(told: Told, quarter: str) -> set[int]:
    return {
        int(row[column])
        for earlier in quarters_back(quarter, 4)
        for borough in boroughs()
        for row in told.standing("referrals", earlier, borough) or []
        for column in ("urn", "urn_attended")
        if row[column] and int(row["referrals"]) > 0
    }


def _prevalence(told: Told, quarter: str) -> dict[int, tuple[int, float]]:
    """Valid answers of children, and the share who say that harassment happens, by school."""
    found = {}
    for borough in boroughs():
        for (urn, respondent, question), rows in _answers(told, quarter, borough).items():
            if urn and respondent == "child" and question == "harassment happens":
                n, k = _summed(rows)
                if n and told.school(quarter, int(urn)):
                    found[int(urn)] = (n, k / n)
    return found


def _third_quartile(values: list[float]) -> float:
    """The value three quarters of the way up, between two neighbours in proportion."""
    ordered = sorted(values)
    place = 0.75 * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _testified(told: Told, quarter: str, borough: str, urn: int) -> bool | None:
    asked = False
    for earlier in told.quarters_of("testimonies", quarter):
        rows = told.standing("testimonies", earlier, borough)
        if rows is None:
            continue
        asked = True
        for row in rows:
            if int(row["urn"]) == urn:
                return int(row["testimonies"]) > 0
    return False if asked else None


def signals(told: Told, quarter: str) -> dict[int, tuple[str, str, str | None, bool | None]]:
    """Borough, state, reason and testimonies of each school in scope."""
    seen, prevalence = _seen(told, quarter), _prevalence(told, quarter)
    enough = [share for n, share in prevalence.values() if n >= 30]
    top = _third_quartile(enough) if len(enough) >= 4 else math.inf
    found: dict[int, tuple[str, str, str | None, bool | None]] = {}
    for borough in boroughs():
        schools = told.schools(quarter, borough)
        why = _borough_reason(told, quarter, borough) if schools else None
        for urn, school in schools.items():
            n, share = prevalence.get(urn, (0, 0.0))
            testimonies = _testified(told, quarter, borough, urn)
            speaks = (n >= 30 and share > 0 and share >= top - 1e-12) or bool(testimonies)
            reason = None
            if not is_secondary_age(school, _register_row(told, urn, quarter)):
                state = "not_applicable"
            elif why:
                state, reason = "unknown", why
            else:
                state = "no_referral_seen" if speaks and urn not in seen else "not_flagged"
            found[urn] = (borough, state, reason, testimonies)
    return found


def signal_counts(
    told: Told, quarter: str, police: Mapping[int, str]
) -> dict[str, dict[Cell, int]]:
    """Numbers of schools; `police` is each school's state of police engagement."""
    found: dict[str, dict[Cell, int]] = defaultdict(lambda: defaultdict(int))
    for urn, (borough, state, _, testimonies) in signals(told, quarter).items():
        total = (quarter, borough, "total", "all")
        known = state in ("no_referral_seen", "not_flagged")
        found["no_referral_seen_known"][total] += known
        found["no_referral_seen_unknown"][total] += state == "unknown"
        if known:
            found["no_referral_seen"][total] += state == "no_referral_seen"
        if testimonies is not None:
            found["schools_with_testimony"][total] += testimonies
        if testimonies:
            found["schools_with_testimony"][quarter, borough, "police engagement", police[urn]] += 1
    return {measure: dict(cells) for measure, cells in found.items()}


# --- areas ----------------------------------------------------------------------------------------


def of_areas(cells: Mapping[Cell, int]) -> dict[tuple[str, ...], tuple[int, int, int]]:
    """Value, boroughs submitted and boroughs by quarter, level, area, breakdown and category."""
    found: dict[tuple[str, ...], tuple[int, int, int]] = {}
    has_total = any(cell[2] == "total" for cell in cells)
    kinds = {(quarter, *rest) for quarter, _, *rest in cells}
    for quarter, breakdown, category in kinds:
        for (level, area), members in areas().items():
            having = [b for b in members if (quarter, b, breakdown, category) in cells]
            if not having:
                continue
            counted = (
                [b for b in members if (quarter, b, "total", "all") in cells]
                if has_total
                else having
            )
            value = sum(cells[quarter, b, breakdown, category] for b in having)
            key = (quarter, level, area, breakdown, category)
            found[key] = (value, len(counted), len(members))
    return found


def shown(value: int) -> tuple[int | None, str | None]:
    """As it leaves the exact store: the multiples of 5 tried one by one."""
    if 0 < value < 8:
        return None, "c"
    return min(range(0, value + 6, 5), key=lambda five: abs(five - value)), None
