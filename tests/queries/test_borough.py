"""What the borough screen asks, against a recount of the states in plain Python."""

from collections import Counter
from typing import Any

import pytest

from gapmap.stores.store import Store, rows_of
from tests.queries import oracle
from tests.queries.conftest import History
from tests.queries.test_indicators import held
from tests.releasing import release_by_rule
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    course,
    look,
    publish_csv,
    referral,
    tiny_register,
)

Row = dict[str, Any]
State = tuple[str, str | None, Row]
BOROUGHS = (HACKNEY, BROMLEY, BRENT)
FILTERS: list[dict[str, str]] = [
    {},
    {"phase": "primary"},
    {"phase": "secondary", "school_type": "maintained"},
    {"phase": "no such phase"},
]


@pytest.fixture(scope="module")
def expected(history: History) -> dict[tuple[str, str, int], State]:
    return oracle.states(history.expected, held(history.store))


def asked(store: Store, name: str, **given: Any) -> list[Row]:
    return rows_of(store.released.ask(name, given))


def of_borough(
    states: dict[tuple[str, str, int], State],
    quarter: str | None,
    borough: str,
    wanted: dict[str, str],
) -> dict[str, dict[int, State]]:
    """By indicator and URN, the states of the schools of a borough in a quarter."""
    found: dict[str, dict[int, State]] = {}
    for (indicator, when, urn), state in states.items():
        school = state[2]
        is_wanted = all(school[column] == text for column, text in wanted.items())
        if when == quarter and school["borough_code"] == borough and is_wanted:
            found.setdefault(indicator, {})[urn] = state
    return found


def share(met: int, gap: int) -> float | None:
    return met / (met + gap) if met + gap else None


def close(wanted: float | None) -> Any:
    return wanted if wanted is None else pytest.approx(wanted, abs=1e-9)


def counted(schools: dict[int, State]) -> Counter[str]:
    return Counter(state for state, _, _ in schools.values())


# --- profile --------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_profile(
    history: History, expected: dict[tuple[str, str, int], State], wanted: dict[str, str]
) -> None:
    quarters = held(history.store)
    known = compared = 0
    for before, quarter in zip([None, *quarters], quarters, strict=False):
        for borough in BOROUGHS:
            rows = asked(
                history.store, "borough/profile", quarter=quarter, borough=borough, **wanted
            )
            assert {row["indicator"] for row in rows} == set(oracle.TOPICS)
            now = of_borough(expected, quarter, borough, wanted)
            then = of_borough(expected, before, borough, wanted) if before else {}
            everyone_then = of_borough(expected, before, borough, {}) if before else {}
            for row in rows:
                name = row["indicator"]
                schools = now.get(name, {})
                check_now(row, schools)
                assert row["quarter_before"] == before
                check_before(row, then.get(name, {}))
                check_same(row, schools, everyone_then.get(name, {}))
                known += row["n"]
                compared += row["same_schools"]
    assert (known > 0) == (compared > 0) == ("no such phase" not in wanted.values())


def check_now(row: Row, schools: dict[int, State]) -> None:
    count = counted(schools)
    for state in ("met", "gap", "unknown", "not_applicable"):
        assert row[state] == count[state]
    reasons = Counter(reason for _, reason, _ in schools.values())
    for reason in ("not_asked", "no_reply", "not_submitted", "no_row", "out_of_date"):
        assert row[reason] == reasons[reason]
    assert row["n"] == count["met"] + count["gap"]
    assert row["share_met"] == close(share(count["met"], count["gap"]))
    assert row["share_unknown"] == close(share(count["unknown"], row["n"]))
    low, high = oracle.wilson(count["met"], row["n"])
    assert (row["low"], row["high"]) == (close(low), close(high))
    pupils = [school["pupils"] for state, _, school in schools.values() if state == "gap"]
    assert row["pupils_gap"] == sum(number for number in pupils if number is not None)
    assert row["gap_without_pupils"] == pupils.count(None)


def check_before(row: Row, schools: dict[int, State]) -> None:
    count = counted(schools)
    for state in ("met", "gap", "unknown"):
        assert row[f"{state}_before"] == (count[state] if schools else None)
    assert row["share_met_before"] == close(share(count["met"], count["gap"]))


def check_same(row: Row, now: dict[int, State], then: dict[int, State]) -> None:
    """Those that answered in both quarters, by the type that they are of now."""
    answers = {
        urn: (now[urn][0], then[urn][0])
        for urn in now.keys() & then.keys()
        if now[urn][0] in ("met", "gap") and then[urn][0] in ("met", "gap")
    }
    assert row["same_schools"] == len(answers)
    assert row["same_met"] == sum(state == "met" for state, _ in answers.values())
    assert row["same_met_before"] == sum(state == "met" for _, state in answers.values())
    assert row["same_share_met"] == close(
        row["same_met"] / row["same_schools"] if answers else None
    )


def test_profile_of_a_borough_without_schools_has_every_indicator_and_no_share(
    lasting_store: Store,
) -> None:
    rows = asked(lasting_store, "borough/profile", quarter="2026-Q2", borough="E09000007")
    assert len(rows) == len(oracle.TOPICS)
    for row in rows:
        assert (row["met"], row["gap"], row["unknown"], row["n"]) == (0, 0, 0, 0)
        assert row["share_met"] is row["low"] is row["share_unknown"] is None


def test_profile_goes_by_the_letters_rows(lasting_store: Store) -> None:
    rows = asked(lasting_store, "borough/profile", quarter="2026-Q2", borough=HACKNEY)
    letters = {r["indicator"]: r["letter"] for r in look(lasting_store.released, "from indicator")}
    numbers = [int(letters[row["indicator"]].split("–")[0].split(",")[0]) for row in rows]
    assert numbers == sorted(numbers)


# --- by type, and over time -----------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [{}, {"phase": "primary"}], ids=str)
def test_by_type(
    history: History, expected: dict[tuple[str, str, int], State], wanted: dict[str, str]
) -> None:
    for quarter in held(history.store):
        for borough in BOROUGHS:
            rows = asked(
                history.store, "borough/by_type", quarter=quarter, borough=borough, **wanted
            )
            now = of_borough(expected, quarter, borough, wanted)
            cells: dict[tuple[str, str], Counter[str]] = {}
            for name, schools in now.items():
                for state, _, school in schools.values():
                    cells.setdefault((name, school["school_type"]), Counter())[state] += 1
            assert {(r["indicator"], r["school_type"]) for r in rows} == set(cells)
            for row in rows:
                count = cells[row["indicator"], row["school_type"]]
                assert row["schools"] == count.total()
                for state in ("met", "gap", "unknown", "not_applicable"):
                    assert row[state] == count[state]
                assert row["n"] == count["met"] + count["gap"]
                assert row["share_met"] == close(share(count["met"], count["gap"]))
                assert row["share_unknown"] == close(share(count["unknown"], row["n"]))


@pytest.mark.parametrize("wanted", FILTERS[:3], ids=str)
def test_trend(
    history: History, expected: dict[tuple[str, str, int], State], wanted: dict[str, str]
) -> None:
    for indicator in ("police_engagement", "reviewed"):
        rows = asked(history.store, "borough/trend", indicator=indicator, borough=HACKNEY, **wanted)
        order = [(row["quarter"], row["area"]) for row in rows]
        assert order == sorted(order)
        for row in rows:
            areas = (HACKNEY,) if row["area"] == "borough" else BOROUGHS
            count: Counter[str] = Counter()
            for borough in areas:
                found = of_borough(expected, row["quarter"], borough, wanted)
                count += counted(found.get(indicator, {}))
            for state in ("met", "gap", "unknown"):
                assert row[state] == count[state]
            assert row["share_met"] == close(share(count["met"], count["gap"]))
            low, high = oracle.wilson(count["met"], count["met"] + count["gap"])
            assert (row["low"], row["high"]) == (close(low), close(high))
        if not wanted:
            assert {quarter for quarter, _ in order} == set(held(history.store))


# --- DSL training that runs out -------------------------------------------------------------------


def later(quarter: str, number: int) -> str:
    count = int(quarter[:4]) * 4 + int(quarter[-1]) - 1 + number
    return f"{count // 4}-Q{count % 4 + 1}"


def test_dsl_runs_out(history: History, expected: dict[tuple[str, str, int], State]) -> None:
    seen: set[Any] = set()
    for quarter in held(history.store):
        for borough in BOROUGHS:
            rows = asked(history.store, "borough/dsl_runs_out", quarter=quarter, borough=borough)
            states = of_borough(expected, quarter, borough, {})["dsl_in_date"]
            assert {row["urn"] for row in rows} == set(states)
            for row in rows:
                assert row["state"] == states[row["urn"]][0]
                if row["state"] != "met":
                    assert row["last_quarter"] is row["quarters_left"] is None
                    continue
                answered, last = row["evidence_quarter"], row["last_quarter"]
                assert oracle.still_counts("training", answered, last)
                assert not oracle.still_counts("training", answered, later(last, 1))
                assert later(quarter, row["quarters_left"]) == last
                seen.add(row["quarters_left"])
            left = [row["quarters_left"] for row in rows]
            known = [number for number in left if number is not None]
            assert left == sorted(known) + [None] * (len(left) - len(known))
    assert len(seen) > 2


def test_dsl_runs_out_by_phase_and_type_keeps_what_a_school_is_called(store: Store) -> None:
    publish_csv(store, "schools", tiny_register())
    publish_csv(store, "training", [course(urn=100002, staff_trained=2)])
    every = {
        row["urn"]: row["place"]
        for row in asked(store, "borough/dsl_runs_out", quarter="2026-Q3", borough=HACKNEY)
    }
    given = {"quarter": "2026-Q3", "borough": HACKNEY, "phase": "secondary"}
    found = {row["urn"]: row["place"] for row in asked(store, "borough/dsl_runs_out", **given)}
    assert found == {100002: 1, 100004: 2}
    assert found.items() <= every.items()
    given["school_type"] = "special"
    assert [row["urn"] for row in asked(store, "borough/dsl_runs_out", **given)] == [100004]


# --- counts about children ------------------------------------------------------------------------


def test_counts_are_released_ones_and_the_exact_ones_of_the_exact_store(store: Store) -> None:
    publish_csv(store, "schools", tiny_register())
    publish_csv(
        store, "referrals", [referral(referrals=23), referral(referrals=4, borough="Brent")]
    )
    release_by_rule(store)
    given = {"measures": ["hsb_referrals", "referrals"], "quarter": "2026-Q3", "borough": BRENT}
    released = {
        (row["measure"], row["level"]): (row["value"], row["marker"])
        for row in rows_of(store.released.ask("borough/counts", given))
    }
    assert released == {
        ("hsb_referrals", "borough"): (None, "c"),
        ("hsb_referrals", "london"): (25, None),
        ("referrals", "borough"): (None, "c"),
        ("referrals", "london"): (25, None),
    }
    exact = {
        (row["measure"], row["level"]): row["value"]
        for row in rows_of(store.exact.ask("borough/counts", given))
    }
    assert exact["hsb_referrals", "borough"] == 4
    assert exact["hsb_referrals", "london"] == 27
    given["borough"] = BROMLEY  # it has not submitted
    levels = {row["level"] for row in rows_of(store.released.ask("borough/counts", given))}
    assert levels == {"london"}
