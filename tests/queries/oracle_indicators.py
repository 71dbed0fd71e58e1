"""Indicators of areas again, in slow plain Python, from the figures of a store and from the rows.

`Figures` are those of the store that is asked, so that a rate of the released store is held to
released values alone; they have an oracle of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.queries import oracle, oracle_figures
from tests.queries.oracle_figures import Told, areas, quarters_back
from tests.queries.telling import QUESTIONS

Figures = dict[tuple[str, ...], tuple[int | None, str | None, int]]

AREAS = areas()


@dataclass(frozen=True)
class Answer:
    """What an indicator says of an area in a quarter."""

    numerator: int | None = None
    denominator: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    marker: str | None = None
    reason: str | None = None
    areas_submitted: int = 0


@dataclass(frozen=True)
class Asked:
    """An area in a quarter, and what is known of it. `base` is what counts are rounded to."""

    told: Told
    figures: Figures
    base: int
    population: list[dict[str, Any]]
    factors: list[dict[str, Any]]
    quarter: str
    level: str
    area: str

    @property
    def members(self) -> set[str]:
        return AREAS[self.level, self.area]

    def figure(
        self, measure: str, breakdown: str = "total", category: str = "all"
    ) -> tuple[int | None, str | None, int] | None:
        return self.figures.get((measure, self.quarter, self.level, self.area, breakdown, category))

    def of_borough(self, borough: str) -> Asked:
        return Asked(
            self.told, self.figures, self.base, self.population, self.factors,
            self.quarter, "borough", borough,
        )  # fmt: skip

    def boroughs_with(self, measure: str) -> list[str]:
        return [b for b in self.members if self.of_borough(b).figure(measure)]


def _percent(k: int, n: int) -> dict[str, Any]:
    low, high = oracle.wilson(k, n)
    return {
        "numerator": k,
        "denominator": n,
        "value": 100 * k / n if n else None,
        "low": None if low is None else 100 * low,
        "high": None if high is None else 100 * high,
        "reason": None if n else "no_denominator",
    }


# --- referrals ------------------------------------------------------------------------------------


def count_of(measure: str) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        figure = asked.figure(measure)
        if figure is None:
            return Answer(reason="not_submitted")
        value, marker, submitted = figure
        return Answer(value, None, value, marker=marker, areas_submitted=submitted)

    return answer


def _residents(asked: Asked, borough: str) -> int | None:
    held = {
        row["year"]: row["residents"]
        for row in asked.population
        if oracle_figures.code_of(row["borough"]) == borough
    }
    year, month = oracle.month_of(asked.quarter)
    ended = [y for y in held if (y, 6) <= (year, month)]
    if not held:
        return None
    return int(held[max(ended)] if ended else held[min(held)])


def _pupils(asked: Asked, borough: str) -> int | None:
    schools = asked.told.schools(asked.quarter, borough).values()
    return sum(school["pupils"] or 0 for school in schools) or None


def rate_of(
    measure: str, per: int, denominator: Callable[[Asked, str], int | None]
) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        figure = asked.figure(measure)
        if figure is None:
            return Answer(reason="not_submitted")
        value, marker, submitted = figure
        each = [denominator(asked, b) for b in asked.boroughs_with(measure)]
        if None in each:
            return Answer(value, reason="no_denominator", areas_submitted=submitted)
        over = sum(n or 0 for n in each)
        rate = None if value is None else per * value / over
        return Answer(value, over, rate, marker=marker, areas_submitted=submitted)

    return answer


def _share(parts: Iterable[Any], whole: Any, submitted: int) -> Answer:
    """Of figures; a part that is not there is 0, parts that are rounded stop at the whole."""
    found = [part or (0, None, 0) for part in parts]
    if whole[1] or any(part[1] for part in found):
        return Answer(None, whole[0], marker="c", areas_submitted=submitted)
    part = min(sum(part[0] for part in found), whole[0])
    return Answer(**_percent(part, whole[0]), areas_submitted=submitted)


def education_share(asked: Asked) -> Answer:
    whole = asked.figure("hsb_referrals")
    if whole is None:
        return Answer(reason="not_submitted")
    parts = [asked.figure("hsb_referrals", "source", source) for source in ("2A", "2B")]
    return _share(parts, whole, whole[2])


def no_further_action_share(asked: Asked) -> Answer:
    whole = asked.figure("hsb_referrals")
    if whole is None:
        return Answer(reason="not_submitted")
    undecided = asked.figure("hsb_referrals", "outcome", "not yet decided") or (0, None, 0)
    nfa = asked.figure("hsb_referrals", "outcome", "NFA")
    if whole[1] or undecided[1]:
        return Answer(marker="c", areas_submitted=whole[2])
    decided = max((whole[0] or 0) - (undecided[0] or 0), 0)
    hidden = (nfa or (0, None, 0))[1] or (asked.base and undecided[0] and decided <= asked.base)
    if hidden:
        return Answer(marker="c", areas_submitted=whole[2])
    return _share([nfa], (decided, None, 0), whole[2])


def urn_share(asked: Asked) -> Answer:
    whole = asked.figure("referrals_from_education")
    if whole is None:
        return Answer(reason="not_submitted")
    return _share([asked.figure("referrals_from_education_with_urn")], whole, whole[2])


def lado_threshold_share(asked: Asked) -> Answer:
    whole, met = asked.figure("lado_contacts"), asked.figure("lado_threshold_met")
    if whole is None or met is None:
        return Answer(reason="not_submitted")
    least = (whole[0] or 0) - asked.base // 2
    if whole[1] or (whole[0] and least < 20):
        return Answer(None, whole[0], reason="too_few", areas_submitted=whole[2])
    return _share([met], whole, whole[2])


# --- the survey -----------------------------------------------------------------------------------


def _survey(asked: Asked, respondent: str) -> tuple[Any, Any]:
    cell = (respondent, "harassment happens")
    return (
        asked.figure("survey_valid_answers", *cell),
        asked.figure("survey_a_lot_or_sometimes", *cell),
    )


def _was_surveyed(asked: Asked) -> bool:
    return any(
        asked.figure("survey_valid_answers", respondent, question)
        for respondent in ("child", "parent", "school")
        for question in QUESTIONS
    )


def prevalence(asked: Asked) -> Answer:
    whole, part = _survey(asked, "child")
    if whole is None:
        return Answer(reason="not_asked" if _was_surveyed(asked) else "not_submitted")
    return _share([part], whole, whole[2])


def perception_gap(adult: str) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        each = [asked.of_borough(b) for b in asked.members]
        child = {a.area for a in each if _survey(a, "child")[0]}
        grown = {a.area for a in each if _survey(a, adult)[0]}
        if not child & grown:
            return Answer(reason="not_asked" if _was_surveyed(asked) else "not_submitted")
        compared = [asked] if child == grown else [asked.of_borough(b) for b in child & grown]
        cells = [figure for a in compared for who in ("child", adult) for figure in _survey(a, who)]
        submitted = len(child & grown)
        if any(marker for _, marker, _ in cells):
            return Answer(marker="c", areas_submitted=submitted)
        n1, k1, n2, k2 = (sum(cell[0] for cell in cells[place::4]) for place in range(4))
        return difference(n1, k1, n2, k2, submitted)

    return answer


def difference(n1: int, k1: int, n2: int, k2: int, submitted: int) -> Answer:
    """Newcombe 1998, method 10: the squares of the two intervals' halves that face each other."""
    if not n1 or not n2:
        return Answer(None, n1 + n2, reason="no_denominator", areas_submitted=submitted)
    p1, p2 = k1 / n1, k2 / n2
    (l1, u1), (l2, u2) = oracle.wilson(k1, n1), oracle.wilson(k2, n2)
    assert l1 is not None
    assert u1 is not None
    assert l2 is not None
    assert u2 is not None
    return Answer(
        None,
        n1 + n2,
        100 * (p1 - p2),
        100 * (p1 - p2 - math.hypot(p1 - l1, u2 - p2)),
        100 * (p1 - p2 + math.hypot(u1 - p1, p2 - l2)),
        areas_submitted=submitted,
    )


# --- signals, reviews, published figures ----------------------------------------------------------


def no_referral_seen(asked: Asked) -> Answer:
    flagged, known = asked.figure("no_referral_seen"), asked.figure("no_referral_seen_known")
    unknown = asked.figure("no_referral_seen_unknown")
    over = known[0] if known else None
    if flagged:
        value, marker, submitted = flagged
        return Answer(value, over, value, marker=marker, areas_submitted=submitted)
    complete = [b for b in asked.members if _is_complete(asked, b)]
    if not complete:
        return Answer(None, over, reason="not_submitted")
    if unknown is None or unknown[0] == 0:
        return Answer(None, over, reason="no_denominator")
    return Answer(None, over, reason="few_with_urn")


def _is_complete(asked: Asked, borough: str) -> bool:
    around = {borough} | oracle_figures.adjoining(borough)
    return all(
        asked.told.standing("referrals", quarter, place) is not None
        for quarter in quarters_back(asked.quarter, 4)
        for place in around
    )


def review_items(asked: Asked) -> Answer:
    done = items = having = 0
    for borough in asked.members:
        last: dict[str, str] = {}
        for earlier in asked.told.quarters_of("partnership_review", asked.quarter):
            for row in asked.told.standing("partnership_review", earlier, borough) or []:
                last.setdefault(row["item"], row["status"])
        items += len(last)
        done += sum(status == "done" for status in last.values())
        having += bool(last)
    if not having:
        return Answer(reason="not_submitted")
    return Answer(done, items, 100 * done / items, areas_submitted=having)


def self_evaluation_criteria(asked: Asked) -> Answer:
    extract, having, pairs = "school_safeguarding", set(), []
    for borough in asked.members:
        for urn in asked.told.schools(asked.quarter, borough):
            for earlier in asked.told.quarters_of(extract, asked.quarter):
                rows = asked.told.standing(extract, earlier, borough) or []
                if said := [row for row in rows if row["urn"] == urn]:
                    if oracle.still_counts(extract, earlier, asked.quarter):
                        having.add(borough)
                        pairs.append(
                            (said[0]["self_evaluation_met"], said[0]["self_evaluation_applicable"])
                        )
                    break
    if not having:
        return Answer(reason="not_submitted")
    numbers = [(int(met), int(of)) for met, of in pairs if met != "" and of not in ("", 0)]
    met, of = sum(met for met, _ in numbers), sum(of for _, of in numbers)
    value = 100 * met / of if of else None
    reason = None if of else "no_denominator"
    return Answer(met, of, value, reason=reason, areas_submitted=len(having))


def published_factor_share(asked: Asked) -> Answer:
    year, month = oracle.month_of(asked.quarter)
    latest = {}
    for row in sorted(asked.factors, key=lambda row: int(row["time_period"])):
        if (int(row["time_period"]), 3) <= (year, month) and row["new_la_code"] in asked.members:
            latest[row["new_la_code"]] = (
                str(row["Sexual_Abuse_child_on_child"]),
                str(row["Episodes_with_assessment_factor"]),
            )
    if not latest:
        return Answer(reason="not_submitted")
    numbers = [(int(k), int(n)) for k, n in latest.values() if k.isdigit() and n.isdigit()]
    if not numbers:
        symbols = [next(s for s in pair if not s.isdigit()) for pair in latest.values()]
        return Answer(marker=min(symbols))
    k, n = (sum(column) for column in zip(*numbers, strict=True))
    return Answer(**_percent(k, n), areas_submitted=len(numbers))


INDICATORS: dict[str, Callable[[Asked], Answer]] = {
    "hsb_referrals": count_of("hsb_referrals"),
    "hsb_referrals_four_quarters": count_of("hsb_referrals_four_quarters"),
    "hsb_referral_rate": rate_of("hsb_referrals", 10_000, _residents),
    "hsb_referral_rate_four_quarters": rate_of("hsb_referrals_four_quarters", 10_000, _residents),
    "hsb_referral_rate_in_schools": rate_of("hsb_referrals_in_schools", 1_000, _pupils),
    "hsb_referral_rate_in_schools_four_quarters": rate_of(
        "hsb_referrals_in_schools_four_quarters", 1_000, _pupils
    ),
    "education_share": education_share,
    "no_further_action_share": no_further_action_share,
    "urn_share": urn_share,
    "lado_threshold_share": lado_threshold_share,
    "prevalence": prevalence,
    "perception_gap_parent": perception_gap("parent"),
    "perception_gap_school": perception_gap("school"),
    "no_referral_seen": no_referral_seen,
    "review_items": review_items,
    "published_factor_share": published_factor_share,
    "self_evaluation_criteria": self_evaluation_criteria,
}
