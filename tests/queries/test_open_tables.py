"""What both stores hold alike: residents, neighbours, reviews, messages, training, peers …"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from gapmap.publishing.open_tables import OPEN_TABLES
from gapmap.publishing.standing import bring_up_to_date
from gapmap.publishing.submission import withdraw
from gapmap.reference import geography, reference
from gapmap.stores.store import Store
from tests.queries import oracle
from tests.queries.oracle_figures import areas, code_of, reference_rows
from tests.queries.telling import QUARTERS, Telling
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    contents,
    course,
    look,
    publish_csv,
    referral,
    school,
)

ENFIELD, CITY, CAMDEN = "E09000010", "E09000001", "E09000007"


def both(store: Store, sql: str) -> list[dict[str, Any]]:
    """The rows of a question, the same in either store."""
    found = look(store.exact, sql)
    assert look(store.released, sql) == found
    return found


@pytest.mark.parametrize("table", OPEN_TABLES)
def test_the_stores_hold_the_same(telling: Telling, table: str) -> None:
    found = both(telling.store, f"from {table} order by all")
    assert found or table in ("neighbour", "message", "outside_scope")


def test_residents_stand_by_the_latest_estimate(store: Store) -> None:
    rows = [
        {"borough": "Hackney", "year": year, "age_group": "0-17", "residents": 10 * year}
        for year in (2024, 2025, 2026)
    ]
    publish_csv(store, "population", rows)
    sent = [referral(quarter=q) for q in ("2023-Q4", "2025-Q1", "2025-Q2", "2026-Q1", "2026-Q2")]
    publish_csv(store, "referrals", sent)
    found = both(store, "from standing_residents select quarter, year, residents order by quarter")
    assert [(r["quarter"], r["year"], r["residents"]) for r in found] == [
        ("2023-Q4", 2024, 20240),  # none so early: the earliest
        ("2025-Q1", 2024, 20240),
        ("2025-Q2", 2025, 20250),  # of 30 June
        ("2026-Q1", 2025, 20250),
        ("2026-Q2", 2026, 20260),
    ]


def neighbours(*others: str) -> list[dict[str, Any]]:
    codes = {row["borough"]: row["dfe_la_code"] for row in reference_rows("boroughs.csv")}
    return [
        {
            "dfe_la_code": codes["Hackney"],
            "rank": rank,
            "neighbour_dfe_la_code": codes.get(other, other),
            "closeness": "Close",
        }
        for rank, other in enumerate(others, 1)
    ]


def test_neighbours_outside_london_have_no_borough(store: Store) -> None:
    publish_csv(store, "neighbours", neighbours("Brent", "330"), as_at=date(2025, 1, 1))
    later = publish_csv(
        store, "neighbours", neighbours("Camden", "330", "Brent"), as_at=date(2026, 1, 1)
    )
    found = both(store, "from neighbour order by rank")
    assert [(r["rank"], r["neighbour_borough_code"]) for r in found] == [
        (1, CAMDEN), (2, None), (3, BRENT),
    ]  # fmt: skip
    peers = both(store, "from peer where kind = 'neighbours' order by member_code")
    assert [(r["borough_code"], r["member_code"]) for r in peers] == [
        (HACKNEY, BRENT), (HACKNEY, CAMDEN),
    ]  # fmt: skip
    withdraw(store, later.submission_id, "x@x", "wrong")
    assert len(both(store, "from neighbour")) == 2


def test_the_areas_are_those_of_the_boroughs_file(lasting_empty: Store) -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for row in both(lasting_empty, "from area_borough order by all"):
        found.setdefault((row["level"], row["area_code"]), set()).add(row["borough_code"])
        assert row["areas"] == len(areas()[row["level"], row["area_code"]])
    assert found == areas()
    assert found["command unit", "NA"] == {ENFIELD, code_of("Haringey")}
    assert len({area for level, area in found if level == "command unit"}) == 12


def test_peers_are_the_other_boroughs_of_each_group(lasting_empty: Store) -> None:
    rows = both(lasting_empty, "from peer order by all")
    of_enfield = {
        (r["kind"], r["name"], r["group_code"]) for r in rows if r["borough_code"] == ENFIELD
    }
    assert of_enfield == {
        ("london", "London", "London"),
        ("inner or outer", "Outer London", "Outer"),
        ("command unit", "North Area Command Unit", "NA"),
        ("integrated care board", "NHS North Central London ICB", "NHS North Central London ICB"),
        ("partnership", "Enfield Safeguarding Children Partnership",
         "Enfield Safeguarding Children Partnership"),
    }  # fmt: skip
    assert "command unit" not in {r["kind"] for r in rows if r["borough_code"] == CITY}
    partners = {
        r["member_code"] for r in rows if r["borough_code"] == CITY and r["kind"] == "partnership"
    }
    assert partners == {CITY, HACKNEY}


def test_adjoining_is_loaded_with_its_ways(lasting_empty: Store) -> None:
    found = {
        (r["borough_code"], r["adjoining_borough_code"]): r["across"]
        for r in both(lasting_empty, "from adjoining order by all")
    }
    by_land = {(a, b) for a, others in geography.adjoining().items() for b in others}
    assert {pair for pair, across in found.items() if across == "land"} == by_land
    assert set(found.values()) == {"land", "Thames"}


# --- what is carried forward ----------------------------------------------------------------------


def item(status: str, quarter: str, name: str = "GPs alerted") -> dict[str, Any]:
    month = f"{quarter[:4]}-0{3 * int(quarter[-1])}" if status == "done" else ""
    return {
        "quarter": quarter,
        "borough": "Hackney",
        "item": name,
        "status": status,
        "month": month,
    }


def test_an_item_stands_until_it_is_reported_again(store: Store) -> None:
    publish_csv(store, "partnership_review", [item("in progress", "2025-Q1")])
    publish_csv(store, "referrals", [referral(quarter=q) for q in ("2025-Q2", "2026-Q3")])
    publish_csv(store, "partnership_review", [item("done", "2026-Q1")])
    # A later return about something else leaves it as it is.
    publish_csv(store, "partnership_review", [item("not started", "2026-Q2", "PSHE programme")])
    found = both(store, "from review_item where item = 'GPs alerted' order by quarter")
    assert [(r["quarter"], r["status"], r["month"], r["answer_quarter"]) for r in found] == [
        ("2025-Q1", "in progress", None, "2025-Q1"),
        ("2025-Q2", "in progress", None, "2025-Q1"),
        ("2026-Q1", "done", "2026-03", "2026-Q1"),
        ("2026-Q2", "done", "2026-03", "2026-Q1"),
        ("2026-Q3", "done", "2026-03", "2026-Q1"),
    ]


def test_a_status_takes_its_own_month_or_none(store: Store) -> None:
    publish_csv(store, "partnership_review", [item("done", "2026-Q1")])
    publish_csv(store, "partnership_review", [item("in progress", "2026-Q2")])
    found = both(store, "from review_item where quarter = '2026-Q2'")
    assert [(r["status"], r["month"]) for r in found] == [("in progress", None)]


def test_messages_are_of_their_quarter_alone(store: Store) -> None:
    row = {
        "quarter": "2026-Q1", "borough": "Hackney", "agency": "police", "message": "police contact",
        "school_type": "all", "schools_reached": 12, "month": "2026-02",
    }  # fmt: skip
    publish_csv(store, "message_log", [row])
    publish_csv(store, "referrals", [referral()])
    found = both(store, "from message")
    assert [(r["quarter"], r["schools_reached"]) for r in found] == [("2026-Q1", 12)]


def police(quarter: str, trained: int) -> dict[str, Any]:
    return course(
        quarter=quarter, agency="police", urn="", course="multi-agency HSB", staff_in_scope=10,
        staff_trained=trained,
    )  # fmt: skip


def test_training_of_an_agency_stands_for_24_months(store: Store) -> None:
    publish_csv(store, "training", [police("2024-Q1", 3), police("2024-Q3", 6)])
    publish_csv(
        store, "referrals", [referral(quarter=q) for q in ("2026-Q1", "2026-Q3", "2026-Q4")]
    )
    found = both(store, "from agency_training order by quarter")
    assert [(r["quarter"], r["staff_trained"], r["answer_quarter"]) for r in found] == [
        ("2024-Q1", 3, "2024-Q1"),
        ("2024-Q3", 6, "2024-Q3"),
        ("2026-Q1", 6, "2024-Q3"),
        ("2026-Q3", 6, "2024-Q3"),
    ]


@pytest.mark.parametrize(("schools", "shown"), [(4, []), (5, [(10, 5, 5)])])
def test_staff_of_schools_are_summed_over_five_of_them(
    store: Store, schools: int, shown: list[tuple[int, int, int]]
) -> None:
    rows = [
        course(urn=100001 + place, course="governor", staff_trained=1) for place in range(schools)
    ]
    publish_csv(store, "training", rows)
    found = both(store, "from agency_training")
    assert [(r["staff_in_scope"], r["staff_trained"], r["schools"]) for r in found] == shown


def test_one_more_school_does_not_tell_how_many_staff_it_has(store: Store) -> None:
    def told(quarter: str, schools: int, of_the_last: int) -> tuple[int, int]:
        rows = [
            course(
                urn=100001 + place, quarter=quarter, course="governor", staff_trained=1,
                staff_in_scope=of_the_last if place == 5 else 2,
            )
            for place in range(schools)
        ]  # fmt: skip
        publish_csv(store, "training", rows)
        (row,) = both(store, f"from agency_training where quarter = '{quarter}'")
        return row["staff_in_scope"], row["staff_trained"]

    assert told("2026-Q1", 5, 0) == (10, 5)
    # Ten and one is as much as ten to the nearest five, ten and three as much as ten and seven.
    assert told("2026-Q2", 6, 1) == (10, 5)
    assert told("2026-Q3", 6, 3) == (15, 5)
    assert told("2026-Q4", 6, 7) == (15, 5)


def test_agency_training_is_that_of_the_oracle(telling: Telling) -> None:
    """Agencies other than schools: the last answer of each, in the words of the uploads."""
    expected = {}
    filed = [rows for kind, rows, _ in telling.told.uploads if kind == "training"]
    for quarter in QUARTERS:
        for rows in sorted(filed, key=lambda rows: rows[0]["quarter"]):
            answered = rows[0]["quarter"]
            if answered <= quarter and oracle.months_between(answered, quarter) <= 24:
                for row in rows:
                    if row["agency"] != "school":
                        key = (quarter, code_of(row["borough"]), row["agency"])
                        expected[key] = (row["staff_trained"], answered)
    found = {
        (r["quarter"], r["borough_code"], r["agency"]): (r["staff_trained"], r["answer_quarter"])
        for r in both(telling.store, "from agency_training where agency <> 'school' order by all")
    }
    assert found == expected


def test_factors_of_the_latest_year_that_had_ended(store: Store) -> None:
    rows = [
        {
            "time_period": year, "geographic_level": "Local authority", "new_la_code": BROMLEY,
            "Episodes_with_assessment_factor": 100 * year, "Sexual_Abuse_child_on_child": shown,
        }
        for year, shown in ((2025, "c"), (2026, "4"))
    ]  # fmt: skip
    publish_csv(store, "cin_factors", rows)
    sent = [referral(quarter=q) for q in ("2024-Q4", "2025-Q1", "2025-Q4", "2026-Q1")]
    publish_csv(store, "referrals", sent)
    found = both(store, "from standing_factor order by quarter")
    assert [
        (r["quarter"], r["year"], r["child_on_child"], r["child_on_child_symbol"]) for r in found
    ] == [
        ("2025-Q1", 2025, None, "c"),
        ("2025-Q4", 2025, None, "c"),
        ("2026-Q1", 2026, 4, None),
    ]


def test_what_is_outside_scope_is_counted_by_type_and_nowhere_else(empty_store: Store) -> None:
    """Open at the quarter's end like any school: a university that closed is not there."""
    kinds = [
        ("Higher education institutions", {}),
        ("Higher education institutions", {"CloseDate": "30-09-2026"}),
        ("Online provider", {}),
        ("Welsh establishment", {"EstablishmentStatus (name)": "Closed"}),
        ("Other independent school", {}),
    ]
    rows = [
        school(120000 + place, HACKNEY, kind) | more for place, (kind, more) in enumerate(kinds)
    ]
    publish_csv(empty_store, "schools", rows, as_at=date(2026, 5, 1))
    publish_csv(empty_store, "referrals", [referral(quarter=q) for q in ("2026-Q2", "2026-Q3")])
    found = both(empty_store, "from outside_scope order by all")
    assert [tuple(row.values()) for row in found] == [
        ("2026-Q2", HACKNEY, "Higher education institutions", 2),
        ("2026-Q2", HACKNEY, "Online provider", 1),
        ("2026-Q3", HACKNEY, "Higher education institutions", 1),
        ("2026-Q3", HACKNEY, "Online provider", 1),
    ]
    in_scope = look(empty_store.released, "from school where quarter = '2026-Q3' and urn >= 120000")
    assert [row["urn"] for row in in_scope] == [120004]


def test_what_is_withdrawn_is_gone_from_both(store: Store) -> None:
    done = publish_csv(store, "partnership_review", [item("done", "2026-Q1")])
    assert both(store, "from review_item")
    withdraw(store, done.submission_id, "x@x", "wrong")
    assert both(store, "from review_item") == []


def test_every_borough_is_in_every_level_but_the_city_in_a_command_unit() -> None:
    for level in {level for level, _ in areas()}:
        members = set().union(*(m for (of, _), m in areas().items() if of == level))
        everyone = {row["borough_code"] for row in reference.boroughs()}
        assert everyone - members == ({CITY} if level == "command unit" else set())


def test_a_copy_that_was_cut_off_is_repaired_with_all_that_was_missed(store: Store) -> None:
    publish_csv(store, "partnership_review", [item("done", "2026-Q1")])
    publish_csv(store, "training", [police("2026-Q1", 3)])
    publish_csv(store, "referrals", [referral(quarter="2026-Q1", referrals=30)])
    before = contents(store.released)
    assert before["review_item"]
    (version,) = before["store_version"]
    with store.released.writing() as writing:
        for table in ("review_item", "agency_training", "figure"):
            writing.replace(table, pa.table({}))
        late = {**version, "version": version["version"] - 1}
        writing.replace("store_version", pa.Table.from_pylist([late]))
    bring_up_to_date(store)
    after = contents(store.released)
    for table in ("review_item", "agency_training", "store_version"):
        assert after[table] == before[table]
    # All of it is of the newest release now.
    values = [{k: v for k, v in row.items() if k != "release_id"} for row in after["figure"]]
    assert sorted(values, key=repr) == sorted(
        [{k: v for k, v in row.items() if k != "release_id"} for row in before["figure"]], key=repr
    )
