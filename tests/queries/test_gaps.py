"""Counts, shares, intervals and changes of gaps/, against plain Python."""

from collections import Counter
from typing import Any

import pytest

from gapmap.indicator import REASONS
from gapmap.reference import reference
from gapmap.stores.store import Store, rows_of
from tests.queries import oracle
from tests.queries.conftest import History
from tests.queries.test_indicators import held
from tests.uploads import BRENT, HACKNEY, course, engagement, publish_csv, referral

Row = dict[str, Any]
States = dict[tuple[str, str, int], tuple[str, str | None, Row]]
FILTERS: list[dict[str, str]] = [
    {},
    {"phase": "primary"},
    {"school_type": "independent"},
    {"phase": "secondary", "school_type": "maintained"},
    {"phase": "no such phase"},
]


@pytest.fixture(scope="module")
def expected(history: History) -> States:
    return oracle.states(history.expected, held(history.store))


def chosen(
    states: States, indicator: str, quarter: str | None, wanted: dict[str, str]
) -> list[tuple[str, str | None, Row]]:
    return [
        value
        for (name, when, _), value in states.items()
        if name == indicator
        and (quarter is None or when == quarter)
        and all(value[2][column] == text for column, text in wanted.items())
    ]


def check_reasons(row: Row, states: list[tuple[str, str | None, Row]]) -> None:
    reasons = Counter(reason for _, reason, _ in states)
    for reason in REASONS:
        assert row[reason] == reasons[reason]
    assert sum(row[reason] for reason in REASONS) == row["unknown"]


def check_pupils(row: Row, states: list[tuple[str, str | None, Row]]) -> None:
    gaps = [school for state, _, school in states if state == "gap"]
    known = [school["pupils"] for school in gaps if school["pupils"] is not None]
    assert row["pupils_gap"] == (sum(known) if known else None)
    assert row["gap_without_pupils"] == len(gaps) - len(known)


def share(met: int, gap: int) -> float | None:
    return met / (met + gap) if met + gap else None


def is_close(found: float | None, wanted: float | None) -> bool:
    if found is None or wanted is None:
        return found is wanted
    return found == pytest.approx(wanted, abs=1e-9)


def check_shares(row: Row, met: int, gap: int) -> None:
    low, high = oracle.wilson(met, met + gap)
    assert is_close(row["share_met"], share(met, gap))
    assert is_close(row["low"], low)
    assert is_close(row["high"], high)


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_by_borough(history: History, expected: States, wanted: dict[str, str]) -> None:
    names = [row["borough"] for row in reference.boroughs()]
    answered = 0
    for indicator in oracle.TOPICS:
        for quarter in held(history.store):
            given = {"indicator": indicator, "quarter": quarter, **wanted}
            rows = rows_of(history.store.released.ask("gaps/by_borough", given))
            assert [row["borough"] for row in rows] == names
            states = chosen(expected, indicator, quarter, wanted)
            for row in rows:
                own = [s for s in states if s[2]["borough_code"] == row["borough_code"]]
                count = Counter(state for state, _, _ in own)
                assert row["schools"] == len(own)
                for state in ("met", "gap", "unknown", "not_applicable"):
                    assert row[state] == count[state]
                check_shares(row, count["met"], count["gap"])
                known = count["met"] + count["gap"]
                assert row["n"] == known
                assert is_close(row["share_unknown"], share(count["unknown"], known))
                check_reasons(row, own)
                check_pupils(row, own)
                answered += known
    assert (answered > 0) == ("no such phase" not in wanted.values())


def test_a_borough_without_schools_has_no_share_and_no_interval(lasting_store: Store) -> None:
    given = {"indicator": "police_engagement", "quarter": "2026-Q2"}
    rows = {r["borough"]: r for r in rows_of(lasting_store.released.ask("gaps/by_borough", given))}
    camden = rows["Camden"]
    assert (camden["schools"], camden["met"], camden["gap"]) == (0, 0, 0)
    assert [camden[c] for c in ("share_met", "low", "high", "share_unknown")] == [None] * 4
    assert rows["Hackney"]["schools"] == 7
    assert rows["Hackney"]["low"] is None


def test_the_interval_is_wilsons(lasting_store: Store) -> None:
    """Worked examples: Newcombe 1998, table I, 81 of 263, 15 of 148, 0 of 20 and 1 of 29."""
    for successes, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert oracle.wilson(successes, n) == (
            pytest.approx(low, abs=5e-5),
            pytest.approx(high, abs=5e-5),
        )


def test_submitted_says_what_still_counts(store: Store) -> None:
    publish_csv(
        store,
        "police_engagement",
        [engagement(quarter="2026-Q1", last_contact_month="2026-02")],
        covers=[BRENT],
    )
    publish_csv(store, "referrals", [referral(quarter=f"2026-Q{n}") for n in (1, 2, 3)])
    found = {}
    for n in (1, 2, 3):
        given = {"extract": "police_engagement", "quarter": f"2026-Q{n}"}
        rows = rows_of(store.released.ask("gaps/submitted", given))
        assert len(rows) == 33
        found[n] = {
            r["borough_code"]: (r["last_quarter"], r["still_counts"], r["nil_return"])
            for r in rows
            if r["last_quarter"]
        }
        assert {r["still_counts"] for r in rows if not r["last_quarter"]} == {False}
    assert (
        found[1] == found[2] == {HACKNEY: ("2026-Q1", True, False), BRENT: ("2026-Q1", True, True)}
    )
    assert {code: counts for code, (_, counts, _) in found[3].items()} == {
        HACKNEY: False,
        BRENT: False,
    }
    referrals = rows_of(
        store.released.ask("gaps/submitted", {"extract": "referrals", "quarter": "2026-Q3"})
    )
    assert [r["borough_code"] for r in referrals if r["still_counts"]] == [HACKNEY]


def test_schools_of_a_borough_and_the_items_of_a_school(store: Store) -> None:
    done = publish_csv(store, "training", [course(), course(urn=100002, staff_trained=0)])
    given = {"quarter": "2026-Q3", "borough": HACKNEY, "indicator": "dsl_in_date"}
    rows = rows_of(store.released.ask("schools/in_borough", given))
    assert {r["urn"]: r["state"] for r in rows} == {
        100001: "met", 100002: "gap", 100003: "unknown", 100004: "unknown", 100005: "unknown",
        100006: "unknown", 100007: "unknown",
    }  # fmt: skip
    filtered = rows_of(store.released.ask("schools/in_borough", {**given, "phase": "nursery"}))
    assert [r["urn"] for r in filtered] == [100005]
    items = rows_of(store.released.ask("schools/items", {"urn": 100002, "quarter": "2026-Q3"}))
    assert [item["indicator"] for item in items] == sorted(oracle.TOPICS)
    by_name = {item["indicator"]: item for item in items}
    dsl = by_name.pop("dsl_in_date")
    assert (dsl["state"], dsl["file_name"], dsl["version"]) == ("gap", "training.csv", 1)
    assert dsl["submission_id"] == done.submission_id
    for item in by_name.values():
        assert (item["state"], item["file_name"]) == ("unknown", None)
    (one,) = rows_of(store.released.ask("schools/one", {"urn": 100002, "quarter": "2026-Q3"}))
    assert (one["school_name"], one["borough"], one["in_scope"]) == (
        "School 100002",
        "Hackney",
        True,
    )
    assert rows_of(store.released.ask("schools/one", {"urn": 1, "quarter": "2026-Q3"})) == []
