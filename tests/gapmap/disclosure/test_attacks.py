"""Attacks by arithmetic, each by its name: where the rule alone gives way, and the plan holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import pytest

from gapmap.disclosure import Earlier, Plan
from gapmap.disclosure.rule import Rule
from gapmap.measure import lattice
from tests.gapmap.disclosure.lattices import (
    BREAKDOWN,
    MEASURE,
    areas_of,
    cells,
    naive,
    planned,
    planned_cells,
    possible,
    statuses,
    told,
    window,
)

ONE = areas_of({"P": ["A"]})
TWO = areas_of({"P": ["A", "B"]})
THREE = areas_of({"P": ["A", "B"], "Q": ["C"]})
Counts = Mapping[str, Mapping[str, int]]


def both(counts: Counts, areas: Sequence[tuple[str, str, str]]) -> tuple[bool, bool]:
    """Whether some hidden cell is told: by the rule alone, and by the plan."""
    by_rule = told(counts, areas, naive(cells(counts, areas)))
    by_plan = told(counts, areas, statuses(planned(counts, areas)))
    return bool(by_rule), bool(by_plan)


def release(made: Plan, number: int, quarter: str = "2026-Q2") -> Earlier:
    return Earlier(f"R{number}", quarter, made.figures)


def test_a_total_of_23_with_8_6_and_6_and_one_hidden() -> None:
    # Rounding widens all of them, so the rule alone is enough.
    counts = {"A": {"w": 8, "x": 6, "y": 6, "z": 3}}
    assert both(counts, ONE) == (False, False)


def test_two_hidden_of_a_total_of_2() -> None:
    counts = {"A": {"x": 1, "y": 1}}
    assert both(counts, ONE) == (False, False)


def test_two_hidden_of_a_total_of_10() -> None:
    counts = {"A": {"x": 5, "y": 5}}
    assert both(counts, ONE) == (False, False)


def test_two_hidden_of_a_total_shown_as_15() -> None:
    # 13 to 17 of two that are 7 at most: 6 and 7, or 7 and 7.
    counts = {"A": {"x": 7, "y": 7}}
    assert both(counts, ONE) == (True, False)
    said = statuses(planned(counts, ONE))
    assert said[MEASURE, "borough", "A", "total", "all"] == "withheld"


def test_seven_hidden_whose_parent_is_hidden_too() -> None:
    # Seven of at least 1 that come to 7 at most are 1 each.
    counts = {"A": dict.fromkeys("abcdefg", 1)}
    alone = naive(cells(counts, ONE))
    assert alone[MEASURE, "borough", "A", "total", "all"] == "primary"
    assert both(counts, ONE) == (True, False)


def test_boroughs_a_and_b_less_b() -> None:
    # Both are shown as 10, and 8 to 12 less 8 to 12 leaves A 1 to 4.
    assert both({"A": {"x": 1}, "B": {"x": 8}}, TWO) == (False, False)
    # The three are shown as 15, B and C as 10: 17 at most less 8 and 8 at least leaves A 1.
    areas = areas_of({"P": ["A", "B", "C"]})
    assert both({"A": {"x": 1}, "B": {"x": 8}, "C": {"x": 8}}, areas) == (True, False)


def test_london_less_a_leads_own_figure() -> None:
    # London has 12, shown as 10: 12 at most. Who knows the 11 of B knows the 1 of A.
    counts = {"A": {"x": 1, "y": 20}, "B": {"x": 11, "y": 21}}
    alone = naive(cells(counts, TWO))
    of_a = (MEASURE, "borough", "A", BREAKDOWN, "x")
    assert possible(counts, TWO, alone, frozenset("B"))[of_a] == {1}
    assert len(possible(counts, TWO, alone, frozenset())[of_a]) >= 3
    said = statuses(planned(counts, TWO))
    assert len(possible(counts, TWO, said, frozenset("B"))[of_a]) >= 3


def test_two_leads_together() -> None:
    # The three have 22, shown as 20: 22 at most. Who knows the 10 of A and the 11 of B knows C.
    areas = areas_of({"P": ["A", "B", "C"]})
    counts = {"A": {"x": 10, "y": 20}, "B": {"x": 11, "y": 25}, "C": {"x": 1, "y": 24}}
    alone = naive(cells(counts, areas))
    of_c = (MEASURE, "borough", "C", BREAKDOWN, "x")
    for one in "AB":
        assert len(possible(counts, areas, alone, frozenset(one))[of_c]) >= 3
    assert possible(counts, areas, alone, frozenset("AB"))[of_c] == {1}
    said = statuses(planned(counts, areas))
    assert len(possible(counts, areas, said, frozenset("AB"))[of_c]) >= 3


# --- measures beside each other --------------------------------------------------------------


def lado(contacts: int, met: int) -> dict[tuple[str, ...], int]:
    return {
        **cells({"A": {"all": contacts}}, ONE, "lado_contacts", "total"),
        **cells({"A": {"all": met}}, ONE, "lado_threshold_met", "total"),
    }


def test_a_part_is_no_more_than_its_whole() -> None:
    # 37.5% of 8: the share is made of released counts alone, and here both are hidden.
    said = statuses(planned_cells(lado(8, 3), ONE))
    assert said["lado_threshold_met", "borough", "A", "total", "all"] == "primary"
    # 2 of 2: a whole of 1 to 7 holds a part of 1 to 7, so neither is told.
    said = statuses(planned_cells(lado(2, 2), ONE))
    met = window(2, said["lado_threshold_met", "borough", "A", "total", "all"])
    whole = window(2, said["lado_contacts", "borough", "A", "total", "all"])
    pairs = [(m, n) for m, n in product(range(12), repeat=2) if m <= n]
    left = [(m, n) for m, n in pairs if met[0] <= m <= met[1] and whole[0] <= n <= whole[1]]
    assert len({m for m, _ in left}) >= 3
    assert len({n for _, n in left}) >= 3


def test_figures_that_break_a_relation_are_refused() -> None:
    with pytest.raises(ValueError, match=r"do not agree with each other: A: .*lado"):
        planned_cells(lado(2, 3), ONE)


# --- quarters beside each other --------------------------------------------------------------

YEAR = ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")


def of_quarter(count: int, year: int | None) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for breakdown in lattice().measures["hsb_referrals"].breakdowns:
        found |= cells({"A": {"one": count}}, ONE, "hsb_referrals", breakdown)
    if year is not None:
        found |= cells({"A": {"all": year}}, ONE, "hsb_referrals_four_quarters", "total")
    return found


def released_year(counts: Sequence[int], quarters: Sequence[str]) -> list[Plan]:
    """A release of each quarter in turn, with the sum of the last four from the fourth on."""
    plans: list[Plan] = []
    for number, quarter in enumerate(quarters):
        year = sum(counts[number - 3 : number + 1]) if number >= 3 else None
        earlier = [release(p, n, q) for n, (p, q) in enumerate(zip(plans, quarters, strict=False))]
        plans.append(planned_cells(of_quarter(counts[number], year), ONE, earlier, quarter))
    return plans


def quarters_possible(counts: Sequence[int], plans: Sequence[Plan]) -> list[set[int]]:
    """The values that each quarter can have, by every table near the true one."""
    year = ("hsb_referrals_four_quarters", "borough", "A", "total", "all")
    windows = [_of_quarter(n, p) for n, p in zip(counts, plans, strict=True)]
    sums = {
        at: window(sum(counts[at - 3 : at + 1]), statuses(plans[at])[year])
        for at in range(3, len(counts))
    }
    ranges = [
        range(int(max(low, n - 4)), int(min(high, n + 4)) + 1)
        for n, (low, high) in zip(counts, windows, strict=True)
    ]
    left = [
        table
        for table in product(*ranges)
        if all(low <= sum(table[at - 3 : at + 1]) <= high for at, (low, high) in sums.items())
    ]
    return [{table[at] for table in left} for at in range(len(counts))]


def _of_quarter(count: int, made: Plan) -> tuple[float, float]:
    """What the total tells, and each breakdown, which has one category."""
    told_by = [
        window(count, status)
        for (measure, level, *_), status in statuses(made).items()
        if (measure, level) == ("hsb_referrals", "borough")
    ]
    return max(low for low, _ in told_by), min(high for _, high in told_by)


def by_the_rule(plans: Sequence[Plan]) -> list[Plan]:
    """The same releases with nothing withheld."""
    found = []
    for made in plans:
        said = ["primary" if 1 <= n <= 7 else "shown" for n in made.figures["exact"].to_pylist()]
        at = made.figures.schema.get_field_index("status")
        found.append(
            Plan(**{**vars(made), "figures": made.figures.set_column(at, "status", [said])})
        )
    return found


def test_a_year_less_three_quarters() -> None:
    # Four of 1 to 7 that come to 28, shown as 30: 28 at least, so 7 each.
    counts = (7, 7, 7, 7)
    plans = released_year(counts, YEAR)
    assert min(map(len, quarters_possible(counts, by_the_rule(plans)))) < 3
    assert min(map(len, quarters_possible(counts, plans))) >= 3


def test_rolling_windows() -> None:
    # 12 is shown as 10 and 18 as 20: the second year has 6 more at least than the first, so the
    # quarter that went had 1 and the one that came has 7.
    counts = (1, 4, 4, 3, 7)
    plans = released_year(counts, (*YEAR, "2026-Q3"))
    told_by_rule = quarters_possible(counts, by_the_rule(plans))
    assert (told_by_rule[0], told_by_rule[-1]) == ({1}, {7})
    assert min(map(len, quarters_possible(counts, plans))) >= 3


# --- releases beside each other --------------------------------------------------------------


def revised_possible(
    old: Counts, new: Counts, said: Sequence[Mapping[tuple[str, ...], str]]
) -> tuple[set[int], set[int]]:
    """What x of B can be, which stayed, and what x of A can be now, which was revised."""
    kept, now = set(), set()
    span = range(30)
    own = (MEASURE, "borough", "{}", "total", "all")
    parent = (MEASURE, "partnership", "P", "total", "all")

    def within(count: int, true: int, release: int, key: tuple[str, ...]) -> bool:
        low, high = window(true, said[release][key])
        return low <= count <= high

    def key(borough: str) -> tuple[str, ...]:
        return (*own[:2], borough, *own[3:])

    a, b, c = old["A"]["x"], old["B"]["x"], new["A"]["x"]
    for was in (n for n in span if within(n, a, 0, key("A"))):
        for stays in (n for n in span if within(n, b, 0, key("B")) and within(n, b, 1, key("B"))):
            if not within(was + stays, a + b, 0, parent):
                continue
            for is_now in (n for n in span if within(n, c, 1, key("A"))):
                if within(is_now + stays, c + b, 1, parent):
                    kept.add(stays)
                    now.add(is_now)
    return kept, now


def test_release_2_less_release_1() -> None:
    # B stays; A goes from 10 to 12. By 12 of P (8 to 12) B was 4 at most, by 14 of P (13 to 17)
    # it is 1 at least.
    old, new = {"A": {"x": 10}, "B": {"x": 2}}, {"A": {"x": 12}, "B": {"x": 2}}
    first = planned(old, TWO)
    second = planned(new, TWO, [release(first, 1)])
    kept, _ = revised_possible(old, new, [statuses(first), statuses(second)])
    assert len(kept) >= 3
    # Each release is safe by itself, and both together are not.
    old, new = {"A": {"x": 8}, "B": {"x": 4}}, {"A": {"x": 12}, "B": {"x": 4}}
    first = planned(old, TWO)
    second = planned(new, TWO, [release(first, 1)])
    kept, _ = revised_possible(old, new, [statuses(first), statuses(second)])
    assert len(kept) >= 3


@pytest.mark.parametrize("now", [0, 3, 12])
def test_what_was_hidden_stays_hidden(now: int) -> None:
    key = (MEASURE, "borough", "A", BREAKDOWN, "x")
    first = planned({"A": {"x": 5, "y": 20}, "B": {"x": 20, "y": 20}}, TWO)
    assert statuses(first)[key] == "primary"
    corrected = {"A": {"x": now, "y": 20}, "B": {"x": 20, "y": 20}}
    second = planned(corrected, TWO, [release(first, 1)])
    row = next(r for r in second.figures.to_pylist() if _is(r, key))
    assert (row["status"], row["marker"], row["value"]) == ("sticky", "c", None)
    assert row["exact"] == now
    third = planned(corrected, TWO, [release(first, 1), release(second, 2)])
    assert statuses(third)[key] == "sticky"


def test_what_is_released_again_is_as_it_was() -> None:
    counts = {"A": {"x": 5, "y": 20}, "B": {"x": 7, "y": 7}}
    first = planned(counts, TWO)
    second = planned(counts, TWO, [release(first, 1)])
    assert second.figures["value"] == first.figures["value"]


def _is(row: Mapping[str, object], key: tuple[str, ...]) -> bool:
    return (
        *(row[name] for name in ("measure", "level", "area_code", "breakdown", "category")),
    ) == key


def test_the_solver_writes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert planned({"A": {"x": 7, "y": 7}}, ONE).solves > 0
    assert capfd.readouterr() == ("", "")


def test_a_borough_without_schools_to_tell_apart_keeps_what_is_public() -> None:
    # One school, of which it is known: 0 or 1 from the start, and both stay possible.
    found = {
        **cells({"A": {"all": 1}}, ONE, "no_referral_seen", "total"),
        **cells({"A": {"all": 1}}, ONE, "no_referral_seen_known", "total"),
        **cells({"A": {"all": 0}}, ONE, "no_referral_seen_unknown", "total"),
    }
    made = planned_cells(found, ONE)
    said = statuses(made)
    known = said["no_referral_seen_known", "borough", "A", "total", "all"]
    unknown = said["no_referral_seen_unknown", "borough", "A", "total", "all"]
    assert (known, unknown) == ("withheld", "withheld")
    ranges = {(row["low"], row["high"]) for row in made.findings.to_pylist()}
    assert ranges == {(0, 1)}


@pytest.mark.parametrize(("threshold", "base"), [(1, 5), (7, 20), (0, 5)])
def test_a_rule_that_would_show_a_count_as_0_is_refused(threshold: int, base: int) -> None:
    with pytest.raises(ValueError, match="do not go together"):
        Rule(threshold, base).check()


def test_what_is_given_wrongly_is_named() -> None:
    found = cells({"A": {"x": 9}}, ONE)
    found[MEASURE, "london", "London", "total", "all"] = 8
    with pytest.raises(ValueError, match="London · total · all is 8, its boroughs 9"):
        planned_cells(found, ONE)


def test_a_finding_says_for_whom_and_what_it_protects() -> None:
    made = planned({"A": {"x": 1, "y": 20}, "B": {"x": 11, "y": 21}}, TWO)
    withheld = [row for row in made.findings.to_pylist() if row["status"] == "withheld"]
    assert withheld
    assert all("borough · A" in row["protects"] for row in withheld)
    assert {row["viewer"] for row in made.findings.to_pylist()} <= {
        "public",
        "lead of A",
        "lead of B",
        "leads of A and B",
    }
