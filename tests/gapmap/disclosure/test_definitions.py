"""Attacks by what measures are known to mean: answers that stand, and sums that hold of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gapmap.disclosure import Earlier, Plan
from tests.gapmap.disclosure.lattices import (
    Areas,
    areas_of,
    cells,
    exact_table,
    naive,
    planned_cells,
    statuses,
    window,
)

TWO = areas_of({"P": ["A", "B"]})
QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
SAID = "survey_a_lot_or_sometimes"
Figures = dict[tuple[str, ...], int]
Statuses = Mapping[tuple[str, ...], str]


# --- answers that stand in the next quarter ------------------------------------------------------


def surveyed(areas: Areas, **counts: int) -> Figures:
    """Answers of these boroughs; of valid ones each has 100 more, so that they tell nothing."""
    found: Figures = {}
    for measure, more in (("survey_valid_answers", 100), (SAID, 0)):
        for level, area, borough in areas:
            if borough in counts:
                key = (measure, level, area, "child", "would report")
                found[key] = found.get(key, 0) + counts[borough] + more
    return found


def released(counts: Sequence[Figures]) -> list[Statuses]:
    plans: list[Plan] = []
    for found, quarter in zip(counts, QUARTERS, strict=False):
        earlier = [
            Earlier(f"R{n}", q, p.figures)
            for n, (q, p) in enumerate(zip(QUARTERS, plans, strict=False))
        ]
        plans.append(planned_cells(found, TWO, earlier, quarter))
    return [statuses(made) for made in plans]


def as_if_by_the_rule(found: Figures, quarter: str) -> Earlier:
    """A release in which nothing was withheld."""
    exact = exact_table(found, quarter)
    figures = exact.append_column("exact", exact["value"])
    return Earlier(quarter, quarter, figures.append_column("status", [[*naive(found).values()]]))


def standing(
    counts: Sequence[Figures], said: Sequence[Statuses], areas: Areas, known: str, others: str
) -> set[int]:
    """What the answers of `others` together can be for who has those of `known`, and takes them
    off each sum that holds all others: these did not ask again, so that they stay the same."""
    left = set(range(40))
    for found, status in zip(counts, said, strict=True):
        for key, count in found.items():
            inside = {b for level, area, b in areas if (level, area) == key[1:3]}
            there = {b for b in inside if (SAID, "borough", b, *key[3:]) in found}
            if key[0] == SAID and set(others) <= there <= {*others, *known}:
                own = sum(found[SAID, "borough", b, *key[3:]] for b in there - {*others})
                low, high = window(count, status[key])
                left &= {n for n in left if low <= n + own <= high}
    return left


def test_answers_that_stand_while_a_neighbour_asks_again() -> None:
    # 12 is shown as 10, 12 at most: A has 5 at most. 14 is shown as 15, 13 at least: 4 at least.
    counts = [surveyed(TWO, A=5, B=7), surveyed(TWO, A=5, B=9)]

    def left(said: Sequence[Statuses]) -> set[int]:
        return standing(counts[: len(said)], said, TWO, "B", "A")

    by_rule = [naive(found) for found in counts]
    assert left(by_rule) == {4, 5}
    assert len(standing(counts[:1], by_rule[:1], TWO, "B", "A")) >= 3
    assert len(standing(counts[1:], by_rule[1:], TWO, "B", "A")) >= 3
    said = released(counts)
    assert len(left(said)) >= 3
    # It is the second that gives way: its new sums are withheld, the first shows all that it may.
    assert said[0] == by_rule[0]
    assert said[1][SAID, "partnership", "P", "child", "would report"] == "withheld"


def test_a_new_sum_of_answers_that_stood_before_is_withheld_and_does_not_stop_a_release() -> None:
    # Who knows the 7 and the 9 of C could tell from the second and the third release that A and B
    # come to 4 or 5. The fourth adds D's 8 to these, as the first had it: never released together,
    # but each of them was. Were the 13 shown as 15, C and D would know that A and B have 5.
    areas = [
        *areas_of({"P": ["A", "B", "C", "D"]}),
        *(("command unit", "U", borough) for borough in "AB"),
    ]
    first = surveyed(areas, D=8)
    second, third = (surveyed(areas, A=2, B=3, C=of_c) for of_c in (7, 9))
    before = [
        as_if_by_the_rule(found, quarter)
        for found, quarter in zip((first, second, third), QUARTERS, strict=False)
    ]
    fourth = surveyed(areas, A=2, B=3, D=8)
    counts = [second, third, fourth]
    by_rule = [naive(found) for found in counts]
    assert standing(counts[:2], by_rule[:2], areas, "CD", "AB") == {4, 5}
    assert standing(counts, by_rule, areas, "CD", "AB") == {5}
    made = planned_cells(fourth, areas, before, QUARTERS[3])
    said = statuses(made)
    assert standing(counts, [*by_rule[:2], said], areas, "CD", "AB") == {4, 5}
    for area in (("partnership", "P"), ("london", "London")):
        assert said[SAID, *area, "child", "would report"] == "withheld"
    assert made.failing > 0


# --- sums that hold by what is counted -----------------------------------------------------------


def referred(borough: Mapping[str, Mapping[str, int]]) -> Figures:
    """Figures of referrals by borough: `named` of a school of HSB, `in` one of the borough."""
    found: Figures = {}
    for breakdown, names in {
        "source": ("2A", "1A"),
        "outcome": ("NFA",),
        "phase": ("primary",),
        "school type": ("not known", "academy", "maintained"),
    }.items():
        of = {b: dict(zip(names, _parted(breakdown, n), strict=True)) for b, n in borough.items()}
        found |= cells(of, TWO, "hsb_referrals", breakdown)
    types = {
        b: {"HSB": n["hsb"], "other child-on-child abuse": n["other"]} for b, n in borough.items()
    }
    found |= cells(types, TWO, "referrals", "referral type")
    for measure, name in (
        ("hsb_referrals_in_schools", "in"),
        ("referrals_from_education", "education"),
        ("referrals_from_education_with_urn", "with_urn"),
    ):
        of = {b: {"all": n[name]} for b, n in borough.items()}
        found |= cells(of, TWO, measure, "total")
    return found


def _parted(breakdown: str, n: Mapping[str, int]) -> tuple[int, ...]:
    if breakdown == "source":
        return n["hsb 2A"], n["hsb"] - n["hsb 2A"]
    if breakdown == "school type":
        return n["hsb"] - n["named"], n["named"] % 10, n["named"] // 10 * 10
    return (n["hsb"],)


def of_b(
    found: Figures, said: Mapping[tuple[str, ...], str], own: int, measure: str, *cell: str
) -> set[int]:
    """What B's figure can be for the lead of A, who takes the own off the sum of both."""
    keys = [(measure, *area, *cell) for area in (("borough", "B"), ("partnership", "P"))]
    (low, high), (least, most) = (window(found.get(key, 0), said.get(key, "shown")) for key in keys)
    return {n for n in range(60) if low <= n <= high and least <= n + own <= most}


def test_schools_of_the_register_have_a_type() -> None:
    # Who knows A's takes 11 off the 22 of P, shown as 20: B has 11 at most, of which 8 at least
    # name no school. And off the 13 in schools, shown as 15, they take 10: B has 3 at least.
    a = {"hsb": 11, "hsb 2A": 0, "named": 10, "in": 10, "other": 40, "education": 0, "with_urn": 0}
    b = {"hsb": 11, "hsb 2A": 0, "named": 3, "in": 3, "other": 40, "education": 0, "with_urn": 0}
    found = referred({"A": a, "B": b})

    def left(said: Mapping[tuple[str, ...], str]) -> set[int]:
        all_of_b = of_b(found, said, a["hsb"], "hsb_referrals", "total", "all")
        unnamed = of_b(found, said, 1, "hsb_referrals", "school type", "not known")
        inside = of_b(found, said, a["in"], "hsb_referrals_in_schools", "total", "all")
        return {n for n in inside if n + min(unnamed) <= max(all_of_b)}

    assert left(naive(found)) == {3}
    assert len(left(statuses(planned_cells(found, TWO)))) >= 3


def test_schools_referrals_of_the_other_type_are_no_more_than_all_of_it() -> None:
    # None of schools is HSB. Who knows A's takes 14 off the 17 of the other type, shown as 15: B
    # has 3 at most. Off the 13 of schools, shown as 15, they take 11: B has 2 at least.
    a = {"hsb": 0, "hsb 2A": 0, "named": 0, "in": 0, "other": 14, "education": 11, "with_urn": 0}
    b = {"hsb": 20, "hsb 2A": 0, "named": 0, "in": 0, "other": 3, "education": 2, "with_urn": 0}
    found = referred({"A": a, "B": b})

    def left(said: Mapping[tuple[str, ...], str]) -> set[int]:
        other = of_b(
            found, said, a["other"], "referrals", "referral type", "other child-on-child abuse"
        )
        education = of_b(found, said, a["education"], "referrals_from_education", "total", "all")
        return {n for n in education if n <= max(other)}

    assert left(naive(found)) == {2, 3}
    assert len(left(statuses(planned_cells(found, TWO)))) >= 3
