"""Counts of schools by state, against a recount in plain Python after every change."""

from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest

from gapmap.publishing.submission import reinstate, withdraw
from gapmap.stores.store import Store
from tests.queries.conftest import History, fill
from tests.uploads import HACKNEY, course, look, publish_csv, referral

Row = dict[str, Any]
COUNTS = ("schools", "pupils", "schools_without_pupils")


def recounted(store: Store) -> list[Row]:
    """The counts again, from the schools and states of the released store, one school at a time."""
    released = store.released
    quarters = sorted(row["quarter"] for row in look(released, "from held_quarter"))
    before = {later: earlier for earlier, later in pairwise(quarters)}
    schools = {
        (r["quarter"], r["borough_code"], r["urn"]): r for r in look(released, "from school")
    }
    states = {
        (r["indicator"], r["quarter"], r["borough_code"], r["urn"]): r
        for r in look(released, "from indicator_state")
    }
    counts: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for (indicator, quarter, borough, urn), state in states.items():
        school = schools[quarter, borough, urn]
        earlier = states.get((indicator, before.get(quarter, ""), borough, urn))
        key = (
            quarter, borough, school["school_type"], school["phase"], indicator, state["state"],
            state["reason"], earlier and earlier["state"],
        )  # fmt: skip
        counted = counts[key]
        counted[0] += 1
        counted[1] += school["pupils"] or 0
        counted[2] += school["pupils"] is None
    keys = (
        "quarter", "borough_code", "school_type", "phase", "indicator", "state", "reason",
        "state_before",
    )  # fmt: skip
    return [
        {**dict(zip(keys, key, strict=True)), **dict(zip(COUNTS, numbers, strict=True))}
        for key, numbers in counts.items()
    ]


def check_counts(store: Store) -> list[Row]:
    expected = sorted(recounted(store), key=repr)
    for database in (store.exact, store.released):
        assert sorted(look(database, "from state_count"), key=repr) == expected
    return expected


@pytest.mark.parametrize("seed", [21, 22])
def test_counts_are_a_recount_after_every_change(empty_store: Store, seed: int) -> None:
    told = History(empty_store, seed)
    seen = [check_counts(empty_store) for _ in fill(told)]
    rows = seen[-1]
    assert len(rows) > 100
    assert {row["state_before"] for row in rows} >= {None, "met", "gap", "unknown"}
    assert len({row["reason"] for row in rows}) >= 4
    assert any(row["schools_without_pupils"] for row in rows)


def before_of(store: Store, quarter: str) -> dict[str | None, int]:
    """How many schools of Hackney had which DSL state the held quarter before."""
    rows = look(
        store.released,
        "from state_count select state_before, sum(schools)::int as n where indicator = "
        f"'dsl_in_date' and borough_code = '{HACKNEY}' and quarter = '{quarter}' group by all",
    )
    return {row["state_before"]: row["n"] for row in rows}


def test_a_quarter_between_is_the_one_before_of_the_next(store: Store) -> None:
    publish_csv(store, "training", [course(quarter="2026-Q1"), course(quarter="2026-Q3")])
    assert before_of(store, "2026-Q1") == {None: 7}
    assert before_of(store, "2026-Q3") == {"met": 1, "unknown": 6}
    # Brent's return makes 2026-Q2 held, for every borough.
    between = publish_csv(
        store, "training", [course(quarter="2026-Q2", borough="Brent", urn=100021)]
    )
    lapsed = publish_csv(store, "training", [course(quarter="2026-Q2", staff_trained=0)])
    assert before_of(store, "2026-Q3") == {"gap": 1, "unknown": 6}
    check_counts(store)
    withdraw(store, lapsed.submission_id, "x@x", "wrong")
    withdraw(store, between.submission_id, "x@x", "wrong")
    assert before_of(store, "2026-Q2") == {}
    assert before_of(store, "2026-Q3") == {"met": 1, "unknown": 6}
    check_counts(store)
    reinstate(store, between.submission_id, "x@x")
    check_counts(store)


def test_an_earlier_quarter_makes_the_first_one_have_one_before(store: Store) -> None:
    publish_csv(store, "training", [course()])
    assert before_of(store, "2026-Q3") == {None: 7}
    early = publish_csv(store, "referrals", [referral(quarter="2026-Q1", borough="Camden")])
    assert before_of(store, "2026-Q3") == {"unknown": 7}
    check_counts(store)
    withdraw(store, early.submission_id, "x@x", "wrong")
    assert before_of(store, "2026-Q3") == {None: 7}
    check_counts(store)
