"""What the school screen asks, and the list of a borough's schools, against plain Python."""

from collections import Counter, defaultdict
from typing import Any

import pytest

from gapmap.indicator import of_schools
from gapmap.reference.reference import boroughs as borough_reference
from gapmap.reference.thresholds import partnership_of_borough, thresholds
from gapmap.stores.store import Store, rows_of
from tests.queries.conftest import History
from tests.queries.test_indicators import held
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    course,
    look,
    publish_csv,
    referral,
    school_return,
    tables_of,
    tiny_register,
)

Row = dict[str, Any]
BOROUGHS = (HACKNEY, BROMLEY, BRENT)


def asked(store: Store, name: str, **given: Any) -> list[Row]:
    return rows_of(store.released.ask(name, given))


@pytest.fixture(scope="module")
def schools(history: History) -> dict[tuple[str, int], Row]:
    """By quarter and URN, the schools in scope."""
    return {(r["quarter"], r["urn"]): r for r in look(history.store.released, "from school")}


@pytest.fixture(scope="module")
def states(history: History) -> dict[tuple[str, int], dict[str, Row]]:
    """By quarter and URN, the state on each indicator."""
    found: dict[tuple[str, int], dict[str, Row]] = defaultdict(dict)
    for row in look(history.store.released, "from indicator_state"):
        found[row["quarter"], row["urn"]][row["indicator"]] = row
    return found


def score_of(found: dict[str, Row], borough: str) -> Row:
    """The gap score by its rule, from a school's states."""
    partnership = partnership_of_borough()[borough]
    value = thresholds().value
    points: Counter[str] = Counter()
    for name, row in found.items():
        points[row["state"]] += value(f"weight.{name}", partnership)  # type: ignore[assignment]
    known = points["met"] + points["gap"]
    applicable = known + points["unknown"]
    most = value("gap_score_unknown_share", partnership)
    hidden = known == 0 or points["unknown"] / applicable > most
    count = Counter(row["state"] for row in found.values())
    return {
        "gaps": count["gap"],
        "unknown": count["unknown"],
        "applicable": len(found) - count["not_applicable"],
        "points_gap": points["gap"],
        "points_known": known,
        "points_applicable": applicable,
        "hidden": hidden,
        "score": None if hidden else pytest.approx(points["gap"] / known),
    }


def letter_places(rows: list[Row]) -> dict[int, int]:
    """Which number each school has among those of its phase, by URN."""
    by_phase: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_phase[row["phase"]].append(row["urn"])
    return {
        urn: place for urns in by_phase.values() for place, urn in enumerate(sorted(urns), start=1)
    }


@pytest.mark.parametrize("wanted", [{}, {"phase": "primary"}, {"state": "gap"}], ids=str)
def test_in_borough(
    history: History,
    schools: dict[tuple[str, int], Row],
    states: dict[tuple[str, int], dict[str, Row]],
    wanted: dict[str, str],
) -> None:
    scored = hidden = 0
    for quarter in held(history.store):
        for borough in BOROUGHS:
            given = {"quarter": quarter, "borough": borough, "indicator": "reviewed", **wanted}
            rows = asked(history.store, "schools/in_borough", **given)
            own = [
                r for (q, _), r in schools.items() if (q, r["borough_code"]) == (quarter, borough)
            ]
            places = letter_places(own)
            expected = {
                r["urn"]
                for r in own
                if r["phase"] == wanted.get("phase", r["phase"])
                and states[quarter, r["urn"]]["reviewed"]["state"]
                == wanted.get("state", states[quarter, r["urn"]]["reviewed"]["state"])
            }
            assert {row["urn"] for row in rows} == expected
            for row in rows:
                found = states[quarter, row["urn"]]
                assert row["state"] == found["reviewed"]["state"]
                assert row["place"] == places[row["urn"]]
                score = score_of(found, borough)
                assert {key: row[key] for key in score} == score
                scored, hidden = scored + (not row["hidden"]), hidden + row["hidden"]
            order = ["gap", "unknown", "met", "not_applicable"]
            told = [order.index(row["state"]) for row in rows]
            assert told == sorted(told)
            by_score = sorted(rows, key=lambda row: row["score_place"])
            scores = [row["score"] for row in by_score if row["score"] is not None]
            assert scores == sorted(scores, reverse=True)
            assert all(row["score"] is None for row in by_score[len(scores) :])
    assert scored > 0
    assert hidden > 0


def test_score_of_one_school(
    history: History,
    schools: dict[tuple[str, int], Row],
    states: dict[tuple[str, int], dict[str, Row]],
) -> None:
    for (quarter, urn), school in schools.items():
        borough = school["borough_code"]
        (row,) = asked(history.store, "schools/score", urn=urn, quarter=quarter, borough=borough)
        expected = score_of(states[quarter, urn], borough)
        assert {key: row[key] for key in expected} == expected
        assert row["most_unknown"] == 0.4
        unknown = expected["points_applicable"] - expected["points_known"]
        if expected["points_applicable"]:
            assert row["share_unknown"] == pytest.approx(unknown / expected["points_applicable"])
        else:
            assert row["share_unknown"] is None
    nobody = {"urn": 999999, "quarter": "2026-Q3", "borough": HACKNEY}
    assert asked(history.store, "schools/score", **nobody) == []


def test_items_say_points_source_and_predecessor(
    history: History,
    schools: dict[tuple[str, int], Row],
    states: dict[tuple[str, int], dict[str, Row]],
) -> None:
    carried = 0
    names = {d.name: d.weight for d in of_schools()}
    extracts = {d.name: d.extracts[0] for d in of_schools()}
    for quarter, urn in schools:
        rows = asked(history.store, "schools/items", urn=urn, quarter=quarter)
        assert [row["indicator"] for row in rows] == sorted(names)
        for row in rows:
            state = states[quarter, urn][row["indicator"]]
            for column in ("state", "reason", "evidence", "evidence_quarter", "submission_id"):
                assert row[column] == state[column]
            assert row["points"] == names[row["indicator"]]
            assert row["is_default_weight"] is True
            assert row["evidence_urn"] == state["evidence_urn"]
            if row["submission_id"] is not None and row["file_name"] is not None:
                assert row["extract"] == extracts[row["indicator"]]
            if row["evidence_urn"] is not None:
                # One that had closed before the first held quarter is told by its URN alone.
                was_held = any(held_urn == row["evidence_urn"] for _, held_urn in schools)
                name = f"School {row['evidence_urn']}" if was_held else None
                assert row["evidence_school"] == name
                carried += 1
            else:
                assert row["evidence_school"] is None
    assert carried > 0


def test_history_goes_through_a_change_of_urn(
    history: History,
    schools: dict[tuple[str, int], Row],
    states: dict[tuple[str, int], dict[str, Row]],
) -> None:
    follows: dict[int, dict[int, int]] = defaultdict(dict)
    for row in look(history.store.released, "from school_predecessor"):
        follows[row["urn"]][row["generation"]] = row["predecessor_urn"]
    through = 0
    for urn in {urn for _, urn in schools}:
        line = {0: urn, **follows[urn]}
        expected = {}
        for quarter in held(history.store):
            of_line = [g for g in sorted(line) if (quarter, line[g]) in schools]
            if of_line:
                generation = of_line[0]
                expected[quarter] = (line[generation], generation)
        rows = asked(history.store, "schools/history", urn=urn)
        assert {row["quarter"]: (row["urn"], row["generation"]) for row in rows} == expected
        assert len(rows) == len(expected) * len(of_schools())
        for row in rows:
            state = states[row["quarter"], row["urn"]][row["indicator"]]
            assert (row["state"], row["reason"]) == (state["state"], state["reason"])
            assert row["evidence"] == state["evidence"]
        through += any(generation for _, generation in expected.values())
    assert through > 0
    assert asked(history.store, "schools/history", urn=999999) == []


# --- its trust, and what its own lead is told -----------------------------------------------------

TRUST = {"Trusts (code)": "3001", "Trusts (name)": "Elm Trust"}


@pytest.fixture
def of_a_trust(store: Store) -> Store:
    """Two schools of one trust in Hackney and one in Bromley, with answers."""
    rows = [
        row | (TRUST if row["URN"] in (100001, 100002, 100011) else {}) for row in tiny_register()
    ]
    publish_csv(store, "schools", rows)
    publish_csv(
        store,
        "school_safeguarding",
        [
            school_return(urn=100001, reviewed="no", hsb_reports_two_years=3),
            school_return(urn=100002, reviewed="no", letter_sent="no"),
            school_return(urn=100003),
            school_return(urn=100004, reviewed="no reply"),
        ],
    )
    publish_csv(
        store,
        "training",
        [
            course(urn=100001, course="DSL initial", staff_in_scope=1, staff_trained=1),
            course(urn=100001, course="deputy DSL", staff_in_scope=3, staff_trained=2),
            course(urn=100001, course="HSB specialist", staff_in_scope=9, staff_trained=9),
        ],
    )
    return store


def test_trust_has_its_schools_of_the_borough_alone(of_a_trust: Store) -> None:
    given = {"urn": 100001, "quarter": "2026-Q3", "borough": HACKNEY}
    rows = {row["urn"]: row for row in asked(of_a_trust, "schools/trust", **given)}
    assert set(rows) == {100001, 100002}
    assert {row["trust_name"] for row in rows.values()} == {"Elm Trust"}
    assert [urn for urn, row in rows.items() if row["is_self"]] == [100001]
    states = Counter(
        row["state"]
        for row in look(of_a_trust.released, "from indicator_state where quarter = '2026-Q3'")
        if row["urn"] == 100002
    )
    for state in ("met", "gap", "unknown", "not_applicable"):
        assert rows[100002][state] == states[state]
    assert asked(of_a_trust, "schools/trust", **(given | {"urn": 100003})) == []


def test_trust_items_stand_beside_the_boroughs_other_schools(of_a_trust: Store) -> None:
    given = {"urn": 100001, "quarter": "2026-Q3", "borough": HACKNEY}
    rows = {row["indicator"]: row for row in asked(of_a_trust, "schools/trust_items", **given)}
    assert len(rows) == len(of_schools())
    reviewed = rows["reviewed"]
    assert (reviewed["schools"], reviewed["met"], reviewed["gap"]) == (2, 0, 2)
    assert (reviewed["others_met"], reviewed["others_gap"]) == (1, 0)
    # One has not replied, three more are not in the return.
    assert reviewed["others_unknown"] == 4
    assert (rows["letter_sent"]["met"], rows["letter_sent"]["gap"]) == (1, 1)
    gaps = [row["gap"] for row in asked(of_a_trust, "schools/trust_items", **given)]
    assert gaps == sorted(gaps, reverse=True)
    assert asked(of_a_trust, "schools/trust_items", **(given | {"urn": 100003})) == []


def test_own_lead_is_told_staff_reports_and_testimonies(of_a_trust: Store) -> None:
    publish_csv(
        of_a_trust,
        "testimonies",
        [{"quarter": "2026-Q2", "urn": 100001, "testimonies": 2}],
    )
    given = {"urn": 100001, "quarter": "2026-Q3", "borough": HACKNEY}
    (row,) = rows_of(of_a_trust.exact.ask("schools/for_own_lead", given))
    assert (row["staff_in_scope"], row["staff_trained"]) == (4, 3)
    assert row["dsl_quarter"] == "2026-Q3"
    assert row["testimonies"] is True
    assert (row["hsb_reports_two_years"], row["hsb_reports_quarter"]) == (3, "2026-Q3")
    (row,) = rows_of(of_a_trust.exact.ask("schools/for_own_lead", given | {"urn": 100005}))
    assert row["staff_in_scope"] is row["hsb_reports_two_years"] is None
    assert row["testimonies"] is False
    assert rows_of(of_a_trust.exact.ask("schools/for_own_lead", given | {"urn": 100012})) == []


def test_the_released_store_cannot_answer_what_only_the_own_lead_is_told(
    of_a_trust: Store,
) -> None:
    """The tables that these rest on are in the exact store alone."""
    tables = set(tables_of(of_a_trust.released))
    assert {"school_signal", "standing_answer", "training", "testimonies"}.isdisjoint(tables)


def test_no_referral_seen_names_the_schools_and_why(of_a_trust: Store) -> None:
    quarters = ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
    around = [row["borough"] for row in borough_reference()]
    made = [
        referral(quarter=quarter, borough=name, source="2A", urn=100004, referrals=9)
        for quarter in quarters
        for name in around
    ]
    publish_csv(of_a_trust, "referrals", made)
    testimony = [
        {"quarter": "2026-Q2", "urn": urn, "testimonies": 1} for urn in (100002, 100004, 100001)
    ]
    publish_csv(of_a_trust, "testimonies", testimony)
    given = {"quarter": "2026-Q3", "borough": HACKNEY}
    rows = rows_of(of_a_trust.exact.ask("borough/no_referral_seen", given))
    # 100004 made some; 100001 is a primary school.
    assert [(row["urn"], row["testimonies"]) for row in rows] == [(100002, True)]
    assert rows[0]["school_name"] == "School 100002"
    assert rows[0]["prevalence"] is None
