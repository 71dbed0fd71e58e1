"""The lattice: what is declared, and how far a change reaches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.contract import contracts
from gapmap.measure import LEVELS, Cell, Change, LatticeError, lattice, parse_lattice
from gapmap.question import questions
from gapmap.settings import REFERENCE

TEXT = (REFERENCE / "lattice.toml").read_text(encoding="utf-8")
HELD = ("2025-Q1", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")


def test_every_measure_has_its_file_and_every_file_its_measure() -> None:
    assert sorted(f"measures/{name}" for name in lattice().measures) == [
        asked.name for asked in questions("measures")
    ]


def test_every_measure_reads_extracts_and_takes_quarters() -> None:
    for measure in lattice().measures.values():
        assert set(measure.reads) <= set(contracts())
        assert list(measure.body.parameters) == ["quarters"]
    assert set(lattice().signals) <= set(contracts())


def test_a_measure_of_signals_reaches_as_far_as_what_it_reads_of_them() -> None:
    for name in ("no_referral_seen", "schools_with_testimony"):
        reads = lattice().measures[name].reads
        assert all(reads[x] == reach for x, reach in lattice().signals.items() if x in reads)


def test_the_detail_that_figures_have() -> None:
    assert lattice().holds("hsb_referrals", "borough", "phase")
    assert lattice().holds("survey_valid_answers", "london", "child")
    assert not lattice().holds("hsb_referrals", "school", "total")
    assert not lattice().holds("hsb_referrals", "borough", "referral type")
    assert not lattice().holds("survey_valid_answers", "london", "total")
    assert not lattice().holds("aim_assessments", "london", "total")


@pytest.mark.parametrize(
    ("old", "put", "said"),
    [
        ('levels = ["borough"', 'levels = ["school", "borough"', "levels must be borough"),
        ("[measures.referrals]", "[measures.strip_searches]", "strip_searches"),
        ('referrals = "four quarters"', 'referrals = "sometimes"', "must reach one of"),
        ('unit = "contacts"', 'units = "contacts"', "lacks or does not know unit"),
        ('breakdowns = ["total"]', "breakdowns = []", "no breakdown"),
        ("[signals.reads]", "[signal.reads]", "must say levels, signals, measures and relations"),
        ('is = "equal to"', 'is = "like"', "relations, number 1: `is` must be one of"),
        ('left = "lado_threshold_met"', 'left = "lado"', "there is no measure lado"),
        (', referral type, HSB"', ', HSB"', "must be a measure, its breakdown and a category"),
        ('left = "survey_a_lot_or_sometimes"', 'left = "referrals"', "the other has none"),
        ('right = "lado_contacts"', 'r = "lado_contacts"', "must say left, is and right"),
        ('left = "lado_threshold_met"', "left = []", "a side says nothing"),
        (
            'right = "referrals, referral type, HSB"',
            'right = ["referrals", "referrals"]',
            "only be",
        ),
        ('reads = { lado = "quarter" }', "reads = {}", "must say what it reads"),
        ("levels = ", "levels ", "is not TOML"),
    ],
)
def test_a_fault_in_the_file_is_told_with_its_place(old: str, put: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(LatticeError, match=f"lattice.toml.*{said}"):
        parse_lattice(TEXT.replace(old, put, 1))


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        ("quarter", ("2025-Q3",)),
        # 2026-Q2 is the third calendar quarter after it; held or not, quarters are counted.
        ("four quarters", ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")),
        ("later", HELD[1:]),
        ("all", HELD),
    ],
)
def test_how_far_a_change_reaches(reach: str, expected: tuple[str, ...]) -> None:
    change = Change("lado", ("2025-Q3",), HELD)
    assert change.reached({"lado": reach}) == expected  # type: ignore[dict-item]
    assert change.reached({"referrals": "all"}) == ()


def test_a_gap_in_what_is_held_is_counted_over() -> None:
    change = Change("lado", ("2024-Q4",), ("2024-Q4", "2025-Q1", "2025-Q4"))
    assert change.reached({"lado": "four quarters"}) == ("2024-Q4", "2025-Q1")


def test_a_quarter_that_is_not_held_any_more_is_cleared() -> None:
    assert Change("lado", ("2024-Q4",), HELD).reached({"lado": "quarter"}) == ("2024-Q4",)


def test_a_quarter_held_for_the_first_time_is_written_whatever_was_published() -> None:
    change = Change("training", ("2026-Q3",), HELD, fresh=("2026-Q3",))
    assert change.reached({"referrals": "quarter"}) == ("2026-Q3",)
    assert Change(None, HELD, HELD).reached({"referrals": "quarter"}) == HELD


@given(
    st.sampled_from(["quarter", "four quarters", "later", "all"]),
    st.sets(st.sampled_from(HELD), min_size=1),
)
def test_what_is_reached_holds_the_change_in_order(reach: str, changed: set[str]) -> None:
    quarters = tuple(sorted(changed))
    found = Change("lado", quarters, HELD).reached({"lado": reach})  # type: ignore[dict-item]
    assert set(quarters) <= set(found) <= set(HELD)
    assert list(found) == sorted(set(found))


def test_relations_name_cells() -> None:
    said = {(r.left.measure, r.kind, r.right) for r in lattice().relations}
    hsb = Cell("referrals", "referral type", "HSB")
    assert ("hsb_referrals", "equal to", hsb) in said
    answers = Cell("survey_valid_answers", None, None)
    assert ("survey_a_lot_or_sometimes", "at most", answers) in said


def test_a_side_of_several_cells_is_their_sum() -> None:
    (found,) = (
        r for r in lattice().relations if r.left.measure == "hsb_referrals_in_schools" and r.beside
    )
    unnamed = Cell("hsb_referrals", "school type", "not known")
    assert (found.right.measure, found.beside) == ("hsb_referrals", ((unnamed, 1),))


def test_answers_that_stand_are_of_what_carries_forward() -> None:
    standing = {name for name, measure in lattice().measures.items() if measure.stands}
    asked = {"survey_valid_answers", "survey_a_lot_or_sometimes"}
    assert standing == {*asked, "schools_with_testimony"}


def test_the_levels_begin_with_the_borough() -> None:
    assert LEVELS[0] == "borough"
    assert lattice().levels == LEVELS
