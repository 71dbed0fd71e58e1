"""Attacks by what measures are known to mean: sums that hold by what is counted."""

from __future__ import annotations

from collections.abc import Mapping

from tests.gapmap.disclosure.lattices import (
    areas_of,
    cells,
    naive,
    planned_cells,
    statuses,
    window,
)

TWO = areas_of({"P": ["A", "B"]})
Figures = dict[tuple[str, ...], int]


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
