"""The questions of the London screen, against the states of single schools in plain Python."""

import math
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest

from gapmap.publishing.submission import withdraw
from gapmap.reference import reference
from gapmap.stores.store import Store, rows_of
from tests.queries import oracle
from tests.queries.conftest import History
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    course,
    engagement,
    look,
    publish_csv,
)

Row = dict[str, Any]
INDICATORS = ("police_engagement", "dsl_in_date", "hsb_training")
KNOWN = ("met", "gap")
REASONS = ("not_asked", "no_reply", "not_submitted", "no_row", "out_of_date")
FILTERS: list[dict[str, str]] = [{}, {"phase": "primary"}, {"school_type": "independent"}]
LEAST = 2


class States:
    """Every school's state as the store holds it, one school at a time; they have an oracle of
    their own (test_indicators)."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.quarters = sorted(row["quarter"] for row in look(store.released, "from held_quarter"))
        schools = look(store.released, "from school")
        self.school = {(row["quarter"], row["urn"]): row for row in schools}
        self.state = {
            (row["indicator"], row["quarter"], row["urn"]): row
            for row in look(store.released, "from indicator_state")
        }
        self.stated: dict[tuple[str, str], list[Row]] = {}
        for (indicator, quarter, urn), row in self.state.items():
            was = self.state.get((indicator, self.before(quarter) or "", urn))
            stayed = was if was and was["borough_code"] == row["borough_code"] else {"state": None}
            known = {**self.school[quarter, urn], **row, "was": stayed["state"]}
            self.stated.setdefault((indicator, quarter), []).append(known)

    def ask(self, name: str, **given: Any) -> list[Row]:
        return rows_of(self.store.released.ask(f"london/{name}", given))

    def before(self, quarter: str | None) -> str | None:
        """The held quarter before."""
        return {later: earlier for earlier, later in pairwise(self.quarters)}.get(quarter or "")

    def of(
        self,
        indicator: str,
        quarter: str | None,
        wanted: dict[str, str],
        borough: str | None = None,
    ) -> list[Row]:
        """A row per school: what it is, its state, and its state in the held quarter before."""
        return [
            row
            for row in self.stated.get((indicator, quarter or ""), [])
            if borough in (None, row["borough_code"])
            and all(row[column] == text for column, text in wanted.items())
        ]


@pytest.fixture(scope="module")
def states(history: History) -> States:
    return States(history.store)


def pairs(states: States) -> list[tuple[str, str | None]]:
    return [(quarter, states.before(quarter)) for quarter in states.quarters]


def pupils(rows: Iterable[Row]) -> int:
    return sum(row["pupils"] or 0 for row in rows)


def same(rows: Iterable[Row]) -> list[Row]:
    """Those met or gap in both quarters."""
    return [row for row in rows if row["state"] in KNOWN and row["was"] in KNOWN]


def share(met: int, n: int) -> float | None:
    return met / n if n else None


def close(found: Any, wanted: float | None) -> bool:
    return found is wanted if wanted is None or found is None else math.isclose(found, wanted)


# --- headline -------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_schools_are_counted_once_for_each_kind_of_answer(
    states: States, wanted: dict[str, str]
) -> None:
    """On two of the indicators at once; the third one's states are nowhere in it."""
    chosen, counted = ["police_engagement", "dsl_in_date"], 0
    for quarter in states.quarters:
        found = {
            row["answer"]: (row["schools"], row["pupils"], row["without_pupils"])
            for row in states.ask("asked", quarter=quarter, indicators=chosen, **wanted)
        }
        expected = {}
        rows = [row for name in chosen for row in states.of(name, quarter, wanted)]
        for answer in ("gap", "not_asked", "no_reply"):
            one_each = {r["urn"]: r for r in rows if answer in (r["state"], r["reason"])}.values()
            if one_each:
                without = sum(row["pupils"] is None for row in one_each)
                expected[answer] = (len(one_each), pupils(one_each), without)
        assert found == expected
        counted += len(expected)
    assert counted


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_headline(states: States, wanted: dict[str, str]) -> None:
    compared = 0
    for quarter, previous in pairs(states):
        found = {
            row["indicator"]: row
            for row in states.ask("headline", quarter=quarter, previous=previous, **wanted)
        }
        for indicator in INDICATORS:
            now = states.of(indicator, quarter, wanted)
            then = states.of(indicator, previous, wanted) if previous else []
            if not now and not then:
                assert indicator not in found
                continue
            check_now(found[indicator], now)
            check_before(found[indicator], now, then if previous else None)
            compared += len(same(now))
    assert compared > 0


def check_now(row: Row, now: list[Row]) -> None:
    count = Counter(one["state"] for one in now)
    for state in ("met", "gap", "unknown"):
        assert row[state] == count[state]
    assert row["schools"] == len(now)
    why = Counter(one["reason"] for one in now)
    assert [row[reason] for reason in REASONS] == [why[reason] for reason in REASONS]
    for state in ("gap", "unknown"):
        of_state = [one for one in now if one["state"] == state]
        assert row[f"pupils_{state}"] == pupils(of_state)
        assert row[f"{state}_without_pupils"] == sum(one["pupils"] is None for one in of_state)


def check_before(row: Row, now: list[Row], then: list[Row] | None) -> None:
    """`then` None: no quarter to compare with, and so nothing that is said of one."""
    if then is None:
        compared = (
            "gap_before",
            "unknown_before",
            "not_asked_before",
            "same_schools",
            "both_unmet",
        )
        assert [row[column] for column in compared] == [None] * len(compared)
        return
    for state in ("gap", "unknown"):
        assert row[f"{state}_before"] == sum(one["state"] == state for one in then)
    for reason in ("not_asked", "no_reply"):
        assert row[f"{reason}_before"] == sum(one["reason"] == reason for one in then)
    both = same(now)
    assert row["same_schools"] == len(both)
    assert row["same_gap"] == sum(one["state"] == "gap" for one in both)
    assert row["same_gap_before"] == sum(one["was"] == "gap" for one in both)
    stood = [one for one in now if one["was"] is not None]
    assert row["both_schools"] == len(stood)
    assert row["both_unmet"] == sum(one["state"] in ("gap", "unknown") for one in stood)
    assert row["both_unmet_before"] == sum(one["was"] in ("gap", "unknown") for one in stood)


# --- ranking --------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_ranking(states: States, wanted: dict[str, str]) -> None:
    ranked = moved = 0
    for quarter, previous in pairs(states):
        for indicator in INDICATORS:
            rows = states.ask(
                "ranking", quarter=quarter, previous=previous, indicator=indicator, **wanted
            )
            assert {row["borough"] for row in rows} == {b["borough"] for b in reference.boroughs()}
            shares = sorted(row["share_met"] for row in rows if row["ranked"])
            for row in rows:
                now = states.of(indicator, quarter, wanted, row["borough_code"])
                count = Counter(one["state"] for one in now)
                n = count["met"] + count["gap"]
                assert (row["met"], row["gap"], row["n"]) == (count["met"], count["gap"], n)
                assert (row["unknown"], row["schools"]) == (count["unknown"], len(now))
                assert close(row["share_met"], share(count["met"], n))
                low, high = oracle.wilson(count["met"], n)
                assert close(row["low"], low) or abs(row["low"] - low) < 1e-9
                assert close(row["high"], high) or abs(row["high"] - high) < 1e-9
                assert row["ranked"] == (n > 0 and n >= (n + count["unknown"]) / 2)
                place = shares.index(row["share_met"]) + 1 if row["ranked"] else None
                assert row["place"] == place
                check_change(states, row, now, indicator, previous, wanted)
                held = [one for one in states.quarters if one <= quarter][-8:]
                assert len(row["trend"]) == len(held)
                for shown, one in zip(row["trend"], held, strict=True):
                    then = states.of(indicator, one, wanted, row["borough_code"])
                    known = Counter(o["state"] for o in then)
                    assert close(shown, share(known["met"], known["met"] + known["gap"]))
                ranked += row["ranked"]
                moved += row["points"] is not None
    assert ranked > 0
    assert moved > 0


def check_change(
    states: States,
    row: Row,
    now: list[Row],
    indicator: str,
    previous: str | None,
    wanted: dict[str, str],
) -> None:
    then = states.of(indicator, previous, wanted, row["borough_code"]) if previous else []
    known = Counter(one["state"] for one in then)
    was = share(known["met"], known["met"] + known["gap"])
    is_known = row["share_met"] is not None and was is not None
    assert close(row["points"], 100 * (row["share_met"] - was) if is_known else None)
    if previous is None:
        assert (row["same_n"], row["same_points"]) == (None, None)
        return
    both = same(now)
    assert row["same_n"] == len(both)
    gained = sum(o["state"] == "met" for o in both) - sum(o["was"] == "met" for o in both)
    assert close(row["same_points"], 100 * gained / len(both) if both else None)


# --- what changed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_changed(states: States, wanted: dict[str, str]) -> None:
    closed = 0
    for quarter, previous in pairs(states):
        if previous is None:
            continue
        given = {"quarter": quarter, "previous": previous, **wanted}
        found = {row["indicator"]: row for row in states.ask("changed", **given)}
        assert len(found) >= len(INDICATORS)
        for indicator in INDICATORS:
            row = found[indicator]
            now, then = (states.of(indicator, when, wanted) for when in (quarter, previous))
            step = Counter((one["was"], one["state"]) for one in now)
            both = same(now)
            assert row["gap"] == sum(one["state"] == "gap" for one in now)
            assert row["gap_before"] == sum(one["state"] == "gap" for one in then)
            assert row["n"] == sum(one["state"] in KNOWN for one in now)
            assert row["n_before"] == sum(one["state"] in KNOWN for one in then)
            assert row["same_n"] == len(both)
            assert row["same_gap"] == sum(one["state"] == "gap" for one in both)
            assert row["same_gap_before"] == sum(one["was"] == "gap" for one in both)
            assert row["closed"] == step["gap", "met"]
            assert row["opened"] == step["met", "gap"]
            assert row["became_known"] == sum(step["unknown", state] for state in KNOWN)
            assert row["became_unknown"] == sum(step[state, "unknown"] for state in KNOWN)
            assert row["arrived"] == sum(one["was"] is None for one in now)
            gone = [o for o in now if (o["was"], o["state"]) == ("gap", "met")]
            assert row["pupils_closed"] == pupils(gone)
            closed += row["closed"]
    assert closed > 0 or wanted


def paired_interval(closed: int, opened: int, n: int) -> tuple[float, float]:
    """Agresti and Min 2005: half a school more in each of the four cells, then Wald."""
    more, less, whole = closed + 0.5, opened + 0.5, n + 2
    middle = (more - less) / whole
    error = math.sqrt(more + less - (more - less) ** 2 / whole) / whole
    return (100 * max(-1, middle - 1.959964 * error), 100 * min(1, middle + 1.959964 * error))


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_movers(states: States, wanted: dict[str, str]) -> None:
    seen = set()
    revised = revised_pairs(states)
    for quarter, previous in pairs(states):
        for indicator in INDICATORS if previous else ():
            given = {"quarter": quarter, "previous": previous, "indicator": indicator}
            rows = states.ask("movers", least=LEAST, **given, **wanted)
            assert len(rows) == 33
            order = [row["points"] for row in rows if row["points"] is not None]
            assert order == sorted(order, reverse=True)
            for row in rows:
                now = states.of(indicator, quarter, wanted, row["borough_code"])
                both = same(now)
                step = Counter((one["was"], one["state"]) for one in both)
                closed, opened = step["gap", "met"], step["met", "gap"]
                assert (row["same_n"], row["closed"], row["opened"]) == (len(both), closed, opened)
                if both:
                    assert close(row["points"], 100 * (closed - opened) / len(both))
                    met = sum(one["state"] == "met" for one in both)
                    assert close(row["same_share"], met / len(both))
                    was = sum(one["was"] == "met" for one in both)
                    assert close(row["same_share_before"], was / len(both))
                    low, high = paired_interval(closed, opened, len(both))
                    assert (row["low"], row["high"]) == (pytest.approx(low), pytest.approx(high))
                extract = oracle.TOPICS[indicator][0]
                was_revised = any(
                    (extract, when, row["borough_code"]) in revised for when in (quarter, previous)
                )
                assert row["standing"] == standing(now, both, closed - opened, was_revised)
                seen.add(row["standing"])
    assert {"too few"} < seen


def revised_pairs(states: States) -> set[tuple[str, str, str]]:
    first = {
        (row["extract"], row["quarter"], row["borough_code"]): row["first_sent_at"]
        for row in look(states.store.released, "from submission_received")
    }
    return {
        key
        for row in look(states.store.released, "from submission_status")
        if (key := (row["extract"], row["quarter"], row["borough_code"]))
        and row["version"] > 1
        and row["published_at"] > first[key]
    }


def standing(now: list[Row], both: list[Row], gained: int, was_revised: bool) -> str:
    known = sum(one["state"] in KNOWN for one in now)
    unknown = sum(one["state"] == "unknown" for one in now)
    if was_revised:
        return "revised"
    if len(both) < LEAST or known < unknown:
        return "too few"
    return "improved" if gained > 0 else "slipped" if gained < 0 else "unchanged"


def test_a_correction_of_a_return_is_no_improvement(store: Store) -> None:
    urns = (100001, 100002, 100003, 100004)
    none, named = (
        [engagement(quarter=q, urn=urn, level=level, last_contact_month=month) for urn in urns]
        for q, level, month in (("2026-Q2", "none", ""), ("2026-Q3", "named contact", "2026-09"))
    )
    publish_csv(store, "police_engagement", none)
    publish_csv(store, "police_engagement", named)
    given = {"quarter": "2026-Q3", "previous": "2026-Q2", "indicator": "police_engagement"}

    def hackney() -> Row:
        rows = rows_of(store.released.ask("london/movers", {**given, "least": 3}))
        (row,) = [row for row in rows if row["borough_code"] == HACKNEY]
        return row

    first = hackney()
    assert (first["standing"], first["closed"], first["revised_returns"]) == ("improved", 4, 0)
    later = publish_csv(
        store, "police_engagement", [*named[:-1], engagement(urn=100004, level="active")]
    )
    again = hackney()
    assert (again["standing"], again["closed"]) == ("revised", 4)
    returns = rows_of(store.released.ask("london/returns_behind", {**given, "borough": HACKNEY}))
    assert [(row["quarter"], row["version"], row["revised"]) for row in returns] == [
        ("2026-Q3", 2, True),
        ("2026-Q2", 1, False),
    ]
    withdraw(store, later.submission_id, "lead@x", "wrong file")
    assert hackney()["standing"] == "improved"


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_closed_by_type(states: States, wanted: dict[str, str]) -> None:
    for quarter in states.quarters:
        for indicator in INDICATORS:
            given = {"quarter": quarter, "borough": HACKNEY, "indicator": indicator}
            rows = states.ask("closed_by_type", **given, **wanted)
            schools = [
                one
                for one in states.of(indicator, quarter, wanted, HACKNEY)
                if one["state"] != "not_applicable"
            ]
            assert {r["school_type"] for r in rows} == {one["school_type"] for one in schools}
            for row in rows:
                own = [one for one in schools if one["school_type"] == row["school_type"]]
                step = Counter((one["was"], one["state"]) for one in own)
                assert row["same_n"] == len(same(own))
                assert row["closed"] == step["gap", "met"]
                assert row["opened"] == step["met", "gap"]
                assert row["gap"] == sum(one["state"] == "gap" for one in own)
                assert row["unknown"] == sum(one["state"] == "unknown" for one in own)


def test_items_and_messages_of_a_quarter(store: Store) -> None:
    def item(quarter: str, status: str, month: str = "", what: str = "offer published") -> Row:
        return {
            "quarter": quarter, "borough": "Hackney", "item": what, "status": status,
            "month": month,
        }  # fmt: skip

    publish_csv(
        store,
        "partnership_review",
        [item("2026-Q2", "in progress"), item("2026-Q2", "done", "2026-05", "GPs alerted")],
    )
    publish_csv(
        store,
        "partnership_review",
        [
            item("2026-Q3", "done", "2026-08"),
            item("2026-Q3", "done", "2026-05", "GPs alerted"),
            item("2026-Q3", "in progress", "", "PSHE programme"),
        ],
    )
    publish_csv(
        store,
        "message_log",
        [
            {
                "quarter": quarter, "borough": borough, "agency": "police",
                "message": "police contact", "school_type": "independent", "schools_reached": n,
                "month": month,
            }
            for quarter, borough, n, month in (
                ("2026-Q2", "Hackney", 3, "2026-05"),
                ("2026-Q3", "Hackney", 5, "2026-07"),
                ("2026-Q3", "Bromley", 7, "2026-07"),
            )
        ],
    )  # fmt: skip
    given = {"quarter": "2026-Q3", "borough": HACKNEY}
    items = rows_of(store.released.ask("london/items_changed", {**given, "previous": "2026-Q2"}))
    assert [(row["item"], row["status"], row["status_before"]) for row in items] == [
        ("offer published", "done", "in progress"),
        ("PSHE programme", "in progress", None),
    ]
    messages = rows_of(store.released.ask("london/messages_sent", given))
    assert [(row["agency"], row["schools_reached"]) for row in messages] == [("police", 5)]


# --- three criteria -------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", [INDICATORS, INDICATORS[:2], INDICATORS[1:2]], ids=len)
@pytest.mark.parametrize("wanted", FILTERS[:2], ids=str)
def test_criteria_of_schools(
    states: States, chosen: tuple[str, ...], wanted: dict[str, str]
) -> None:
    failing = 0
    for quarter in states.quarters:
        given = {"quarter": quarter, "indicators": list(chosen)}
        rows = states.ask("criteria_schools", **given, **wanted)
        assert len(rows) == 33
        for row in rows:
            own: dict[int, list[Row]] = {}
            for indicator in chosen:
                for one in states.of(indicator, quarter, wanted, row["borough_code"]):
                    own.setdefault(one["urn"], []).append(one)
            kinds = [{one["state"] for one in each} for each in own.values()]
            kinds = [kind for kind in kinds if "not_applicable" not in kind]
            fails = sum(kind == {"gap"} for kind in kinds)
            passes = sum("met" in kind for kind in kinds)
            assert (row["schools"], row["failing"], row["passing"]) == (len(kinds), fails, passes)
            assert row["unknown"] == len(kinds) - fails - passes
            assert close(row["share_failing"], share(fails, fails + passes))
            failed = [each[0] for each in own.values() if {one["state"] for one in each} == {"gap"}]
            assert row["pupils_failing"] == pupils(failed)
            if row["borough_code"] in oracle.BOROUGHS.values():
                check_failing(states, row, given, wanted, {one["urn"] for one in failed})
            failing += fails
    assert failing > 0


def check_failing(
    states: States, row: Row, given: Row, wanted: dict[str, str], urns: set[int]
) -> None:
    """The schools that a borough lists are those that its number counts."""
    listed = states.ask("failing_schools", borough=row["borough_code"], **given, **wanted)
    assert {one["urn"] for one in listed} == urns
    assert len(listed) == len(urns)
    for one in listed:
        evidence = [
            states.state[indicator, given["quarter"], one["urn"]]["evidence"]
            for indicator in given["indicators"]
        ]
        assert one["evidence"] == evidence


@pytest.mark.parametrize("ceiling", [0.5, 0.8])
def test_criteria_of_boroughs(states: States, ceiling: float) -> None:
    seen = Counter[str]()
    for quarter in states.quarters:
        rows = states.ask(
            "criteria_boroughs", quarter=quarter, indicators=list(INDICATORS), ceiling=ceiling
        )
        assert len(rows) == 33
        for row in rows:
            shares, judged = [], []
            for indicator in INDICATORS:
                now = states.of(indicator, quarter, {}, row["borough_code"])
                count = Counter(one["state"] for one in now)
                n = count["met"] + count["gap"]
                shares.append(share(count["met"], n))
                if n and n >= count["unknown"]:
                    judged.append(count["met"] / n)
            assert all(close(a, b) for a, b in zip(row["shares"], shares, strict=True))
            under = sum(round(value, 2) < ceiling for value in judged)
            assert (row["judged"], row["under"]) == (len(judged), under)
            if under == len(INDICATORS):
                expected = "under on all"
            else:
                expected = "not under on all" if len(judged) > under else "unknown"
            assert row["standing"] == expected
            seen[expected] += 1
    assert len(seen) >= 2


# --- missing answers ------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_missing_answers_by_indicator_and_by_borough(
    states: States, wanted: dict[str, str]
) -> None:
    for quarter in states.quarters:
        by_indicator = {
            row["indicator"]: row
            for row in states.ask("missing_by_indicator", quarter=quarter, **wanted)
        }
        for indicator in INDICATORS:
            check_missing(by_indicator[indicator], states.of(indicator, quarter, wanted))
            rows = states.ask("missing_by_borough", quarter=quarter, indicator=indicator, **wanted)
            assert len(rows) == 33
            for row in rows:
                own = states.of(indicator, quarter, wanted, row["borough_code"])
                check_missing(row, own)
                assert row["schools"] == len(own)
                for reason in ("not_asked", "no_reply"):
                    of_reason = [one for one in own if one["reason"] == reason]
                    assert row[f"pupils_{reason}"] == pupils(of_reason)


def check_missing(row: Row, schools: list[Row]) -> None:
    count = Counter(one["reason"] or one["state"] for one in schools)
    for answer in ("met", "gap", *REASONS):
        assert row[answer] == count[answer]
    assert row["unknown"] == sum(count[reason] for reason in REASONS)
    for state in ("gap", "unknown"):
        of_state = [one for one in schools if one["state"] == state]
        assert row[f"pupils_{state}"] == pupils(of_state)


def test_the_schools_of_a_list_are_those_that_a_borough_counts(states: States) -> None:
    for quarter in states.quarters:
        for answer in ("gap", "unknown", "met"):
            answers = list(REASONS) if answer == "unknown" else [answer]
            given = {"quarter": quarter, "borough": HACKNEY, "indicator": "police_engagement"}
            listed = states.ask("listed_schools", answers=answers, **given)
            own = states.of("police_engagement", quarter, {}, HACKNEY)
            assert {one["urn"] for one in listed} == {
                one["urn"] for one in own if (one["reason"] or one["state"]) in answers
            }
            assert {one["quarters_left"] for one in listed} <= {None}


# --- DSL training that runs out -------------------------------------------------------------------


def quarters_left(answered: str, quarter: str) -> int:
    """Quarters after this one in which training answered in a quarter still counts: 24 months."""
    return (24 - oracle.months_between(answered, quarter)) // 3


@pytest.mark.parametrize("ahead", [0, 2])
@pytest.mark.parametrize("wanted", FILTERS[:2], ids=str)
def test_runs_out(states: States, ahead: int, wanted: dict[str, str]) -> None:
    for quarter in states.quarters:
        given = {"quarter": quarter, "indicator": "dsl_in_date", "ahead": ahead}
        rows = states.ask("runs_out", **given, **wanted)
        assert len(rows) == 33
        for row in rows:
            met = [
                one
                for one in states.of("dsl_in_date", quarter, wanted, row["borough_code"])
                if one["state"] == "met"
            ]
            left = {one["urn"]: quarters_left(one["evidence_quarter"], quarter) for one in met}
            assert min(left.values(), default=0) >= 0
            ending = [one for one in met if left[one["urn"]] <= ahead]
            assert (row["met"], row["runs_out"]) == (len(met), len(ending))
            assert row["runs_out_next"] == sum(n == 0 for n in left.values())
            assert row["pupils_runs_out"] == pupils(ending)
            if not met:
                continue
            listed = states.ask(
                "listed_schools", borough=row["borough_code"], answers=["met"], **given, **wanted
            )
            assert {o["urn"]: o["quarters_left"] for o in listed} == {
                one["urn"]: left[one["urn"]] for one in ending
            }


def test_training_counts_to_its_last_day(store: Store) -> None:
    publish_csv(store, "training", [course(quarter="2024-Q4")])
    publish_csv(store, "training", [course(quarter="2026-Q4", urn=100002)])

    def left(quarter: str) -> list[int]:
        given = {"quarter": quarter, "borough": HACKNEY, "indicator": "dsl_in_date"}
        rows = store.released.ask("london/listed_schools", {**given, "answers": ["met"]})
        return [row["quarters_left"] for row in rows_of(rows)]

    assert left("2024-Q4") == [8]
    assert left("2026-Q4") == [0, 8]
    given = {"quarter": "2026-Q4", "indicator": "dsl_in_date", "ahead": 2}
    rows = {row["borough"]: row for row in rows_of(store.released.ask("london/runs_out", given))}
    assert (rows["Hackney"]["met"], rows["Hackney"]["runs_out"]) == (2, 1)
    assert rows["Hackney"]["runs_out_next"] == 1


# --- boroughs that have not submitted -------------------------------------------------------------


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_not_submitted_agrees_with_what_still_counts(
    states: States, wanted: dict[str, str]
) -> None:
    extracts = ["training", "police_engagement"]
    for quarter, previous in pairs(states):
        asked = {"quarter": quarter, "previous": previous, "extracts": extracts}
        rows = states.ask("not_submitted", **asked, **wanted)
        assert len(rows) == 33 * len(extracts)
        counts = {
            (extract, row["borough_code"], when): row["still_counts"]
            for extract in extracts
            for when in (quarter, previous)
            if when
            for row in rows_of(
                states.store.released.ask("gaps/submitted", {"quarter": when, "extract": extract})
            )
        }
        for row in rows:
            key = row["extract"], row["borough_code"]
            assert row["is_missing"] is not counts[*key, quarter]
            assert row["was_missing"] == (None if not previous else not counts[*key, previous])
            own = states.of("dsl_in_date", quarter, wanted, row["borough_code"])
            assert (row["schools"], row["pupils"]) == (len(own), pupils(own))


def test_a_nil_return_is_one(store: Store) -> None:
    publish_csv(store, "training", [course()], covers=[BRENT])
    given = {"quarter": "2026-Q3", "previous": None, "extracts": ["training"]}
    rows = rows_of(store.released.ask("london/not_submitted", given))
    sent = {row["borough_code"] for row in rows if not row["is_missing"]}
    assert sent == {HACKNEY, BRENT}
    (bromley,) = [row for row in rows if row["borough_code"] == BROMLEY]
    assert (bromley["last_quarter"], bromley["was_missing"]) == (None, None)
