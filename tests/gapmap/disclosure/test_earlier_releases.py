"""What earlier releases told: all are reckoned with, and a new one tells nobody more of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from gapmap.disclosure import AuditFailed, Earlier, Plan, plan
from gapmap.disclosure.rule import Rule
from tests.gapmap.disclosure.lattices import (
    BREAKDOWN,
    MEASURE,
    areas_of,
    areas_table,
    cells,
    exact_table,
    naive,
    planned,
    planned_cells,
    possible,
    statuses,
    window,
)
from tests.gapmap.disclosure.test_attacks import of_quarter, quarters_possible

ONE = areas_of({"P": ["A"]})
TWO = areas_of({"P": ["A", "B"]})
QUARTER = "2026-Q2"
SIX = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")
X_OF_A = (MEASURE, "borough", "A", BREAKDOWN, "x")
Counts = Mapping[str, Mapping[str, int]]


def as_if_by_the_rule(counts: Counts, areas: Sequence[tuple[str, str, str]]) -> Earlier:
    """A release of these counts in which nothing was withheld."""
    found = cells(counts, areas)
    exact = exact_table(found)
    figures = exact.append_column("exact", exact["value"])
    status = list(naive(found).values())
    return Earlier("R1", QUARTER, figures.append_column("status", [status]))


# --- quarters that lie further back ------------------------------------------------------------

# The first year has 12, shown as 10: 12 at most. Who knew its first two quarters, which lie more
# than three before the last, would know of the next two that each has 1.
COUNTS = (7, 3, 1, 1, 7, 5)


def released_but_for_the_last() -> list[Plan]:
    plans: list[Plan] = []
    for number, quarter in enumerate(SIX[:-1]):
        plans.append(planned_cells(of(number), ONE, earlier(plans), quarter))
    return plans


def of(number: int) -> dict[tuple[str, ...], int]:
    year = sum(COUNTS[number - 3 : number + 1]) if number >= 3 else None
    return of_quarter(COUNTS[number], year)


def earlier(plans: Sequence[Plan]) -> list[Earlier]:
    named = zip(SIX, plans, strict=False)
    return [Earlier(f"R{n}", quarter, made.figures) for n, (quarter, made) in enumerate(named)]


def test_a_quarter_of_an_earlier_sum_that_lies_further_back_is_not_known() -> None:
    before = released_but_for_the_last()
    last = planned_cells(of(5), ONE, earlier(before), SIX[5])
    assert min(map(len, quarters_possible(COUNTS, [*before, last]))) >= 3
    assert last.failing == 0


def test_a_quarter_that_the_audit_is_not_given_is_taken_to_be_known() -> None:
    before = earlier(released_but_for_the_last())
    with pytest.raises(AuditFailed, match=r"2025-Q\d · hsb_referrals"):
        planned_cells(of(5), ONE, before[2:], SIX[5])


# --- what could be told already ----------------------------------------------------------------


def test_a_quarter_of_which_too_much_was_told_can_be_released_again() -> None:
    # 13 to 17 of two that are 7 at most: 6 and 7, or 7 and 7.
    counts = {"A": {"x": 7, "y": 7}}
    again = planned(counts, ONE, [as_if_by_the_rule(counts, ONE)])
    assert again.failing == 2
    assert statuses(again)[X_OF_A] == "primary"


def test_what_could_be_told_already_is_not_told_further() -> None:
    # x of A is 6 or 7. Were the 18 of P shown as 20, who knows the 11 of B would know the 7.
    old = {"A": {"x": 7, "y": 7}, "B": {"x": 20, "y": 20}}
    new = {"A": {"x": 7, "y": 7}, "B": {"x": 11, "y": 20}}
    first = as_if_by_the_rule(old, TWO)
    by_rule = naive(cells(new, TWO))
    assert possible(new, TWO, by_rule, frozenset("B"))[X_OF_A] == {7}
    second = planned(new, TWO, [first])
    said = statuses(second)
    # What the first said of A it said for good.
    said |= {key: by_rule[key] for key in said if key[2] == "A"}
    assert possible(new, TWO, said, frozenset("B"))[X_OF_A] == {6, 7}


def test_what_is_new_counts_whatever_was_told_before() -> None:
    told = {"A": {"x": 7, "y": 7}, "B": {"x": 20, "y": 20}}
    now = {"A": {"x": 7, "y": 7}, "B": {"x": 7, "y": 7}}
    said = statuses(planned(now, TWO, [as_if_by_the_rule(told, TWO)]))
    of_b = {"x": window(7, said[MEASURE, "borough", "B", BREAKDOWN, "x"])}
    total = window(14, said[MEASURE, "borough", "B", "total", "all"])
    left = {
        x
        for x in range(20)
        for y in range(20)
        if of_b["x"][0] <= x <= of_b["x"][1]
        and of_b["x"][0] <= y <= of_b["x"][1]
        and total[0] <= x + y <= total[1]
    }
    assert len(left) >= 3


def test_an_earlier_release_is_read_by_its_own_rule() -> None:
    # 5 was shown as 5 while 3 was the threshold: it was 4 to 7.
    exact, areas = exact_table(cells({"A": {"x": 5, "y": 30}}, ONE)), areas_table(ONE)
    first = plan(QUARTER, exact, areas, [], threshold=3, base=5)
    before = [Earlier("R1", QUARTER, first.figures, Rule(3, 5))]
    second = plan(QUARTER, exact, areas, before, threshold=7, base=5)
    assert (statuses(first)[X_OF_A], statuses(second)[X_OF_A]) == ("shown", "primary")
    back = [*before, Earlier("R2", QUARTER, second.figures, Rule(7, 5))]
    third = plan(QUARTER, exact, areas, back, threshold=3, base=5)
    assert statuses(third)[X_OF_A] == "sticky"


def test_a_correction_is_not_held_up_by_what_was_told_before() -> None:
    # The first hid x of P for good. The second showed its 59 as 60: 58 to 62, and A and C as 20,
    # 22 at most. Who knows the 15 of B knew then that A and C come to 43 or 44.
    areas = areas_of({"P": ["A", "B", "C"]})
    few, many, corrected = (
        {"A": {"x": of_a, "y": 30}, "B": {"x": of_b, "y": 30}, "C": {"x": of_a, "y": 30}}
        for of_a, of_b in ((1, 1), (22, 15), (22, 16))
    )
    before = [as_if_by_the_rule(few, areas), as_if_by_the_rule(many, areas)]
    third = planned(corrected, areas, before)
    assert statuses(third)[MEASURE, "partnership", "P", BREAKDOWN, "x"] == "sticky"
    assert third.failing > 0
