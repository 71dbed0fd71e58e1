"""Every school's state in every quarter, against plain Python, and the rules one at a time."""

from typing import Any

import pytest

from gapmap.indicator import REASONS, of_schools
from gapmap.publishing.submission import withdraw
from gapmap.stores.store import Store, rows_of
from tests.queries import oracle
from tests.queries.conftest import History
from tests.uploads import HACKNEY, course, engagement, look, publish_csv, referral

State = tuple[str, str | None]


def held(store: Store) -> list[str]:
    return [row["quarter"] for row in look(store.released, "from held_quarter order by quarter")]


@pytest.mark.parametrize("instance", ["exact", "released"])
def test_states_reasons_and_their_source_are_those_of_the_oracle(
    history: History, instance: str
) -> None:
    database = getattr(history.store, instance)
    found = {
        (row["indicator"], row["quarter"], row["urn"]): row
        for row in look(database, "from indicator_state")
    }
    told = oracle.told(history.expected, held(history.store))
    assert set(found) == set(told)
    assert {indicator for indicator, _, _ in found} == {d.name for d in of_schools()}
    for key, (state, reason, school, said) in told.items():
        row = found[key]
        assert (row["state"], row["reason"]) == (state, reason), key
        inherited = said.urn if said and said.urn != school["urn"] else None
        assert (row["evidence_urn"], row["evidence_quarter"]) == (
            inherited,
            said and said.quarter,
        ), key
        assert (", from predecessor" in (row["evidence"] or "")) == (inherited is not None)
        if key[0] in oracle.YES_NO:
            assert row["evidence"] == (said and oracle.evidence_of(key[0], school, said))
    assert {row["state"] for row in found.values()} == {"met", "gap", "unknown", "not_applicable"}
    reasons = {row["reason"] for row in found.values()}
    assert {"not_submitted", *REASONS, None} >= reasons >= {"not_asked", "no_reply", "no_row"}
    assert any(row["evidence_urn"] for row in found.values())


def test_an_unknown_says_why_and_nothing_else_does(history: History) -> None:
    rows = look(history.store.exact, "from indicator_state")
    assert all((row["state"] == "unknown") == (row["reason"] is not None) for row in rows)
    for row in rows:
        if row["state"] in ("met", "gap"):
            assert row["evidence"]
            assert row["evidence_quarter"] <= row["quarter"]
            assert row["submission_id"]


# --- one rule at a time ---------------------------------------------------------------------------


def state(store: Store, urn: int, indicator: str, quarter: str) -> State:
    rows = rows_of(store.released.ask("schools/history", {"urn": urn}))
    return next(
        (r["state"], r["reason"])
        for r in rows
        if (r["indicator"], r["quarter"]) == (indicator, quarter)
    )


def hold(store: Store, *quarters: str) -> None:
    """Have the store answer for quarters, by referrals, which no state rests on."""
    publish_csv(store, "referrals", [referral(quarter=q, borough="Camden") for q in quarters])


@pytest.mark.parametrize(
    ("quarter", "month", "expected"),
    [
        ("2026-Q1", "2026-03", "met"),  # spring, this term
        ("2026-Q1", "2025-09", "met"),  # autumn, the term before
        ("2026-Q1", "2025-08", "gap"),  # August is still the summer term
        ("2026-Q2", "2026-01", "met"),
        ("2026-Q2", "2025-12", "gap"),
        ("2026-Q3", "2026-09", "met"),  # at the quarter's end autumn has begun
        ("2026-Q3", "2026-08", "met"),
        ("2026-Q3", "2026-07", "met"),
        ("2026-Q3", "2026-04", "met"),
        ("2026-Q3", "2026-03", "gap"),
        ("2025-Q4", "2025-07", "met"),
        ("2025-Q4", "2025-04", "met"),
        ("2025-Q4", "2025-03", "gap"),
        ("2026-Q3", "1999-03", "gap"),
        ("2026-Q3", "0000-01", "gap"),
    ],
)
def test_a_contact_is_of_this_term_or_the_last(
    lasting_store: Store, quarter: str, month: str, expected: str
) -> None:
    row = engagement(quarter=quarter, last_contact_month=month)
    publish_csv(lasting_store, "police_engagement", [row])
    assert state(lasting_store, 100001, "police_engagement", quarter) == (expected, None)


@pytest.mark.parametrize(
    ("level", "month", "expected"),
    [
        ("none", "2026-09", ("gap", None)),
        ("contacted", "2026-09", ("gap", None)),
        ("named contact", "2026-09", ("met", None)),
        ("active", "2026-09", ("met", None)),
        ("embedded", "2026-09", ("met", None)),
        ("embedded", "", ("unknown", "no_reply")),
        ("contacted", "", ("gap", None)),
    ],
)
def test_police_levels_and_a_blank_month(
    lasting_store: Store, level: str, month: str, expected: State
) -> None:
    publish_csv(
        lasting_store, "police_engagement", [engagement(level=level, last_contact_month=month)]
    )
    assert state(lasting_store, 100001, "police_engagement", "2026-Q3") == expected


@pytest.mark.parametrize(("answer", "told"), [("yes", True), ("no", False), ("not asked", False)])
def test_a_school_that_is_a_priority_of_the_police_is_told_as_one(
    lasting_store: Store, answer: str, told: bool
) -> None:
    publish_csv(lasting_store, "police_engagement", [engagement(priority_school=answer)])
    (row,) = (
        row
        for row in rows_of(lasting_store.released.ask("schools/history", {"urn": 100001}))
        if (row["indicator"], row["quarter"]) == ("police_engagement", "2026-Q3")
    )
    assert row["evidence"].endswith(", a priority school") == told


def test_a_police_answer_stands_for_two_terms(store: Store) -> None:
    publish_csv(
        store,
        "police_engagement",
        [engagement(quarter="2026-Q1", last_contact_month="2026-03", urn=100001)],
    )
    hold(store, "2026-Q1", "2026-Q2", "2026-Q3")
    found = [state(store, 100001, "police_engagement", f"2026-Q{n}") for n in (1, 2, 3)]
    assert found == [("met", None), ("met", None), ("unknown", "out_of_date")]
    # Its borough's own file no longer counts either, so a school that was not in it is not asked.
    found = [state(store, 100002, "police_engagement", f"2026-Q{n}") for n in (1, 2, 3)]
    assert found == [("unknown", "no_row"), ("unknown", "no_row"), ("unknown", "not_submitted")]


def test_a_contact_grows_old_while_its_answer_stands(store: Store) -> None:
    row = engagement(quarter="2026-Q2", last_contact_month="2026-02")
    publish_csv(store, "police_engagement", [row])
    hold(store, "2026-Q3")
    assert state(store, 100001, "police_engagement", "2026-Q2") == ("met", None)
    assert state(store, 100001, "police_engagement", "2026-Q3") == ("gap", None)


def test_training_stands_for_24_months(store: Store) -> None:
    publish_csv(
        store,
        "training",
        [course(quarter="2024-Q2"), course(quarter="2024-Q2", course="HSB specialist")],
    )
    hold(store, "2026-Q1", "2026-Q2", "2026-Q3")
    for indicator in ("dsl_in_date", "hsb_training"):
        found = [state(store, 100001, indicator, f"2026-Q{n}") for n in (1, 2, 3)]
        assert found == [("met", None), ("met", None), ("unknown", "out_of_date")]


DSL = [
    ([("DSL initial", 1, 1), ("deputy DSL", 2, 2)], ("met", None)),
    ([("DSL initial", 1, 1), ("deputy DSL", 2, 1)], ("gap", None)),
    ([("DSL initial", 0, 0), ("DSL refresher", 1, 1)], ("met", None)),
    ([("DSL initial", 1, 0), ("DSL refresher", 1, 1)], ("gap", None)),
    ([("DSL initial", 0, 0), ("deputy DSL", 0, 0)], ("not_applicable", None)),
    ([("governor", 3, 3)], ("unknown", "no_row")),
    ([("HSB specialist", 1, 1)], ("unknown", "no_row")),
]


@pytest.mark.parametrize(("courses", "expected"), DSL)
def test_dsl_in_date(
    lasting_store: Store, courses: list[tuple[str, int, int]], expected: State
) -> None:
    rows = [course(course=c, staff_in_scope=s, staff_trained=t) for c, s, t in courses]
    publish_csv(lasting_store, "training", rows)
    assert state(lasting_store, 100001, "dsl_in_date", "2026-Q3") == expected


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        ([("HSB specialist", 4, 0), ("multi-agency HSB", 4, 1)], ("met", None)),
        ([("HSB specialist", 4, 0), ("multi-agency HSB", 4, 0)], ("gap", None)),
        ([("HSB specialist", 0, 0)], ("gap", None)),
        ([("all-staff annual", 40, 40)], ("unknown", "no_row")),
    ],
)
def test_hsb_training(
    lasting_store: Store, courses: list[tuple[str, int, int]], expected: State
) -> None:
    rows = [course(course=c, staff_in_scope=s, staff_trained=t) for c, s, t in courses]
    publish_csv(lasting_store, "training", rows)
    assert state(lasting_store, 100001, "hsb_training", "2026-Q3") == expected


def test_nurseries_by_type_and_by_age_are_asked_for_their_dsl_alone(store: Store) -> None:
    publish_csv(store, "police_engagement", [engagement(urn=100005), engagement(urn=100025)])
    publish_csv(
        store, "training", [course(urn=100005), course(urn=100005, course="HSB specialist")]
    )
    for urn in (100005, 100025):
        for indicator in ("police_engagement", "hsb_training"):
            assert state(store, urn, indicator, "2026-Q3") == ("not_applicable", None)
    assert state(store, 100005, "dsl_in_date", "2026-Q3") == ("met", None)
    assert state(store, 100025, "dsl_in_date", "2026-Q3") == ("unknown", "not_submitted")


def test_a_nil_return_is_a_submission_without_the_school(store: Store) -> None:
    row = course(borough="Brent", urn=100021)
    publish_csv(store, "training", [row])
    assert state(store, 100001, "dsl_in_date", "2026-Q3") == ("unknown", "not_submitted")
    publish_csv(store, "training", [row], covers=[HACKNEY])
    assert state(store, 100001, "dsl_in_date", "2026-Q3") == ("unknown", "no_row")


def test_rows_that_a_correction_leaves_out_are_gone(store: Store) -> None:
    publish_csv(store, "training", [course(), course(urn=100002)])
    later = publish_csv(store, "training", [course(urn=100002, staff_trained=1)])
    assert state(store, 100001, "dsl_in_date", "2026-Q3") == ("unknown", "no_row")
    assert state(store, 100002, "dsl_in_date", "2026-Q3") == ("gap", None)
    withdraw(store, later.submission_id, "x@x", "wrong")
    assert state(store, 100001, "dsl_in_date", "2026-Q3") == ("met", None)


def test_agencies_are_no_schools(store: Store) -> None:
    publish_csv(store, "training", [course(agency="police", urn="", course="multi-agency HSB")])
    states: list[dict[str, Any]] = look(
        store.released, "from indicator_state where indicator = 'hsb_training' and state = 'met'"
    )
    assert states == []


def test_no_evidence_tells_how_many_staff_a_school_has(history: History) -> None:
    evidence = look(
        history.store.released,
        "from indicator_state select distinct evidence "
        "where indicator in ('dsl_in_date', 'hsb_training') and evidence is not null "
        "order by evidence",
    )
    texts = {row["evidence"].removesuffix(", from predecessor") for row in evidence}
    assert sorted(texts) == [
        "in date",
        "nobody in scope",
        "nobody is trained in date",
        "not in date",
        "someone is trained in date",
    ]
