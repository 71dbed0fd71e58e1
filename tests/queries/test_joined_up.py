"""The questions of the screen Joined-up, against plain Python."""

from __future__ import annotations

from typing import Any

import pytest

from gapmap.stores.store import Store, rows_of
from tests.queries import oracle
from tests.queries.oracle_figures import boroughs, code_of
from tests.queries.oracle_indicators import AREAS
from tests.queries.telling import QUARTERS, Telling
from tests.releasing import release_by_rule
from tests.uploads import BRENT, BROMLEY, HACKNEY, look, publish_csv, referral, school_return

QUARTER = QUARTERS[-1]


def asked(store: Store, name: str, **given: str) -> list[dict[str, Any]]:
    found = rows_of(store.released.ask(f"joined_up/{name}", given))
    exact = rows_of(store.exact.ask(f"joined_up/{name}", given))
    # Only a released figure names its release.
    assert [{**row, "release_id": None} for row in exact] == [
        {**row, "release_id": None} for row in found
    ]
    return found


def test_training_of_every_area_is_the_sum_of_its_boroughs(telling: Telling) -> None:
    held = look(telling.store.released, f"from agency_training where quarter = '{QUARTER}'")
    seen = 0
    for (level, area), members in AREAS.items():
        expected: dict[tuple[str, str], list[int]] = {}
        for row in held:
            if row["borough_code"] in members:
                sums = expected.setdefault((row["agency"], row["course"]), [0, 0, 0])
                for place, more in enumerate((row["staff_in_scope"], row["staff_trained"], 1)):
                    sums[place] += more
        rows = asked(telling.store, "training", quarter=QUARTER, level=level, area=area)
        found = {
            (r["agency"], r["course"]): [
                r["staff_in_scope"],
                r["staff_trained"],
                r["areas_submitted"],
            ]
            for r in rows
        }
        assert found == expected
        for row in rows:
            low, high = oracle.wilson(row["staff_trained"], row["staff_in_scope"])
            assert low is not None
            assert high is not None
            assert row["areas"] == len(members)
            assert [row["low"], row["high"]] == pytest.approx([100 * low, 100 * high], abs=1e-4)
            seen += 1
    assert seen > 50


def message(quarter: str, name: str, reached: int, month: str, **other: str) -> dict[str, Any]:
    return {
        "quarter": quarter, "borough": name, "agency": "police", "message": "police contact",
        "school_type": "independent", "schools_reached": reached, "month": month, **other,
    }  # fmt: skip


def test_messages_of_the_four_quarters(store: Store) -> None:
    rows = [
        message("2026-Q3", "Hackney", 12, "2026-08"),
        message("2025-Q4", "Hackney", 5, "2025-11"),
        message("2025-Q3", "Hackney", 100, "2025-09"),  # a year and more ago
        message("2026-Q3", "Brent", 7, "2026-09"),
        message("2026-Q3", "Brent", 3, "2026-09", agency="health", message="health offer"),
    ]
    publish_csv(store, "message_log", rows)
    london = asked(store, "messages", quarter="2026-Q3", level="london", area="London")
    assert [(r["agency"], r["messages"], r["schools_reached"], r["boroughs"]) for r in london] == [
        ("health", 1, 3, 1),
        ("police", 3, 24, 2),
    ]
    (hackney,) = asked(store, "messages", quarter="2026-Q3", level="borough", area=HACKNEY)
    assert (hackney["schools_reached"], hackney["first_month"], hackney["last_month"]) == (
        17, "2025-11", "2026-08",
    )  # fmt: skip
    assert asked(store, "messages", quarter="2026-Q3", level="borough", area=BROMLEY) == []


def test_review_items_of_every_area_and_borough(telling: Telling) -> None:
    status = {
        (r["borough_code"], r["item"]): r["status"]
        for r in look(telling.store.released, f"from review_item where quarter = '{QUARTER}'")
    }
    items = sorted(
        {r["item"] for r in look(telling.store.released, "from review_item select distinct item")}
    )
    by_borough = asked(telling.store, "review_by_borough", quarter=QUARTER)
    assert {(r["borough_code"], r["item"]): r["status"] for r in by_borough} == {
        (code, item): status.get((code, item)) for code in boroughs() for item in items
    }
    for (level, area), members in AREAS.items():
        rows = asked(telling.store, "review", quarter=QUARTER, level=level, area=area)
        assert [r["item"] for r in rows] == items
        for row in rows:
            having = [status.get((code, row["item"])) for code in members]
            assert [row[k] for k in ("done", "in_progress", "not_started", "not_reported")] == [
                having.count(word) for word in ("done", "in progress", "not started", None)
            ]
            assert row["areas"] == len(members)


def test_pilots_stand_beside_the_rest(store: Store) -> None:
    item = {"quarter": "2026-Q3", "item": "DSL supervision pilot", "month": ""}
    publish_csv(
        store,
        "partnership_review",
        [
            {**item, "borough": "Hackney", "status": "in progress"},
            {**item, "borough": "Bromley", "status": "not started"},
        ],
    )
    answers = {100001: "yes", 100002: "no", 100004: "yes", 100011: "no", 100021: "yes"}
    publish_csv(
        store,
        "school_safeguarding",
        [school_return(urn=urn, dsl_supervision=word) for urn, word in answers.items()],
    )
    rows = asked(
        store,
        "pilots",
        quarter="2026-Q3",
        item="DSL supervision pilot",
        indicator="dsl_supervision",
    )
    assert [(r["taking_part"], r["boroughs"], r["met"], r["gap"]) for r in rows] == [
        ("taking part", 1, 2, 1),
        ("not taking part", 1, 0, 1),
        ("not reported", 31, 1, 0),
    ]
    assert rows[0]["borough_names"] == ["Hackney"]
    assert "Brent" in rows[2]["borough_names"]
    assert BRENT in boroughs()
    assert rows[0]["share"] == pytest.approx(200 / 3)
    low, high = oracle.wilson(2, 3)
    assert low is not None
    assert high is not None
    assert [rows[0]["low"], rows[0]["high"]] == pytest.approx([100 * low, 100 * high], abs=1e-4)
    held = look(store.released, "from school where quarter = '2026-Q3'")
    for row, codes in ((rows[0], {HACKNEY}), (rows[1], {BROMLEY})):
        schools = [r for r in held if r["borough_code"] in codes]
        assert row["met"] + row["gap"] + row["unknown"] == len(schools)


def test_without_reviews_every_borough_is_not_reported(store: Store) -> None:
    rows = asked(
        store,
        "pilots",
        quarter="2026-Q2",
        item="DSL supervision pilot",
        indicator="dsl_supervision",
    )
    assert [r["boroughs"] for r in rows] == [0, 0, 33]
    assert [r["share"] for r in rows] == [None, None, None]


# --- the published factor -------------------------------------------------------------------------


def factor(name: str, year: int, assessments: str, found: str) -> dict[str, Any]:
    return {
        "time_period": year, "geographic_level": "Local authority", "new_la_code": code_of(name),
        "Episodes_with_assessment_factor": assessments, "Sexual_Abuse_child_on_child": found,
    }  # fmt: skip


def test_the_published_factor_stands_beside_what_was_referred(store: Store) -> None:
    rows = [
        factor("Hackney", 2024, "500", "99"),
        factor("Hackney", 2026, "400", "10"),
        factor("Brent", 2026, "300", "0"),
        factor("Bromley", 2026, "200", "low"),
        factor("Camden", 2026, "c", "c"),
        factor("Barnet", 2027, "100", "5"),  # of a year that had not ended
    ]
    publish_csv(store, "cin_factors", rows)
    for quarter, number in (("2025-Q4", 10), ("2026-Q1", 20), ("2026-Q2", 30), ("2026-Q3", 40)):
        publish_csv(store, "referrals", [referral(quarter=quarter, referrals=number)])
    release_by_rule(store)
    found = {row["borough"]: row for row in asked(store, "published_factor", quarter="2026-Q3")}
    assert list(found) == sorted(found)
    assert len(found) == 33
    hackney = found["Hackney"]
    assert (hackney["year"], hackney["assessments"], hackney["child_on_child"]) == (2026, 400, 10)
    low, high = oracle.wilson(10, 400)
    assert low is not None
    assert high is not None
    assert [hackney["share"], hackney["low"], hackney["high"]] == pytest.approx(
        [2.5, 100 * low, 100 * high], abs=1e-4
    )
    assert hackney["referrals"] == 100
    assert (found["Brent"]["child_on_child"], found["Brent"]["share"]) == (0, 0)
    assert found["Bromley"]["child_on_child_symbol"] == "low"
    assert (found["Camden"]["assessments_symbol"], found["Camden"]["share"]) == ("c", None)
    assert (found["Barnet"]["year"], found["Barnet"]["share"]) == (None, None)
    assert (found["Brent"]["referrals"], found["Brent"]["referrals_marker"]) == (None, None)
