"""Engagement and "My agency": every sum against a recount of schools' states in Python."""

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import pytest

from gapmap.indicator import OWNERS, of_schools
from gapmap.reference import reference
from gapmap.stores.store import Store, rows_of
from tests.queries.conftest import History
from tests.queries.oracle import wilson
from tests.uploads import HACKNEY, look, publish_csv, school_return

Row = dict[str, Any]
REASONS = ("not_asked", "no_reply", "not_submitted", "no_row", "out_of_date")


def judged(store: Store, quarter: str) -> list[Row]:
    """Every state of a quarter with its school's facts and the state of the held quarter before."""
    released = store.released
    held = sorted(row["quarter"] for row in look(released, "from held_quarter"))
    before = {later: earlier for earlier, later in pairwise(held)}.get(quarter)
    every = look(released, "from indicator_state")
    earlier = {
        (r["indicator"], r["borough_code"], r["urn"]): r["state"]
        for r in every
        if r["quarter"] == before
    }
    schools = {
        (r["borough_code"], r["urn"]): r
        for r in look(released, "from school")
        if r["quarter"] == quarter
    }
    return [
        schools[row["borough_code"], row["urn"]]
        | row
        | {"before": earlier.get((row["indicator"], row["borough_code"], row["urn"]))}
        for row in every
        if row["quarter"] == quarter
    ]


def quarters(history: History) -> list[str]:
    return sorted(row["quarter"] for row in look(history.store.released, "from held_quarter"))


def moved(rows: list[Row]) -> dict[str, int]:
    known = ("met", "gap")
    both = [row for row in rows if row["state"] in known and row["before"] in known]
    return {
        "opened": sum((r["before"], r["state"]) == ("met", "gap") for r in both),
        "closed": sum((r["before"], r["state"]) == ("gap", "met") for r in both),
        "same_n": len(both),
        "same_met": sum(r["state"] == "met" for r in both),
        "same_met_before": sum(r["before"] == "met" for r in both),
    }


def counted(rows: list[Row]) -> dict[str, int]:
    states = Counter(row["state"] for row in rows)
    reasons = Counter(row["reason"] for row in rows)
    gaps = [row for row in rows if row["state"] == "gap"]
    return {
        **{state: states[state] for state in ("met", "gap", "unknown", "not_applicable")},
        **{reason: reasons[reason] for reason in REASONS},
        **moved(rows),
        "schools": len(rows),
        "pupils_gap": sum(row["pupils"] or 0 for row in gaps),
        "gap_without_pupils": sum(row["pupils"] is None for row in gaps),
    }


def agrees(found: Row, expected: dict[str, int]) -> None:
    assert {key: found[key] for key in expected if key in found} == {
        key: value for key, value in expected.items() if key in found
    }


NARROWED: list[dict[str, str]] = [
    {},
    {"borough": HACKNEY},
    {"phase": "primary"},
    {"borough": HACKNEY, "phase": "secondary"},
]


def within(row: Row, narrowed: dict[str, str]) -> bool:
    columns = {"borough": "borough_code", "phase": "phase", "school_type": "school_type"}
    return all(row[columns[key]] == value for key, value in narrowed.items())


@pytest.mark.parametrize("narrowed", NARROWED)
def test_items_by_type_are_a_recount(history: History, narrowed: dict[str, str]) -> None:
    for quarter in quarters(history):
        grouped: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
        for row in judged(history.store, quarter):
            if within(row, narrowed):
                grouped[row["indicator"], row["school_type"]].append(row)
                grouped[row["indicator"], None].append(row)
        found = rows_of(
            history.store.released.ask("engagement/by_type", {"quarter": quarter, **narrowed})
        )
        assert {(r["indicator"], r["school_type"]) for r in found} == set(grouped)
        for row in found:
            expected = counted(grouped[row["indicator"], row["school_type"]])
            agrees(row, expected)
            n = expected["met"] + expected["gap"]
            assert row["n"] == n
            assert row["share_met"] == (expected["met"] / n if n else None)
            assert (row["low"], row["high"]) == pytest.approx(wilson(expected["met"], n))
            asked = n + expected["unknown"]
            assert row["share_unknown"] == (expected["unknown"] / asked if asked else None)
            assert row["ranked"] == (n > 0 and n / asked >= 0.5)


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("narrowed", [*NARROWED, {"school_type": "independent"}])
def test_the_gaps_of_an_owner_are_a_recount(
    history: History, owner: str, narrowed: dict[str, str]
) -> None:
    for quarter in quarters(history)[-2:]:
        rows = [row for row in judged(history.store, quarter) if within(row, narrowed)]
        given = {"quarter": quarter, "owner": owner, **narrowed}
        found = rows_of(history.store.released.ask("agency/gaps", given))
        assert {r["indicator"] for r in found} == {d.name for d in of_schools() if d.owner == owner}
        for row in found:
            agrees(row, counted([r for r in rows if r["indicator"] == row["indicator"]]))
        assert [r["gap"] for r in found] == sorted((r["gap"] for r in found), reverse=True)


@pytest.mark.parametrize(
    ("part", "column"), [("borough", "borough"), ("school type", "school_type"), ("phase", "phase")]
)
def test_where_a_gap_is_is_a_recount(history: History, part: str, column: str) -> None:
    names = {row["borough_code"]: row["borough"] for row in reference.boroughs()}
    for quarter in quarters(history)[-3:]:
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in judged(history.store, quarter):
            if row["indicator"] == "dsl_in_date":
                grouped[(row | {"borough": names[row["borough_code"]]})[column]].append(row)
        given = {"quarter": quarter, "indicator": "dsl_in_date", "part": part}
        found = rows_of(history.store.released.ask("agency/by_part", given))
        assert {row["part"] for row in found} == set(grouped)
        for row in found:
            agrees(row, counted(grouped[row["part"]]))
            code = row["borough_code"]
            assert (names[code] == row["part"]) if part == "borough" else (code is None)


def test_a_review_item_is_done_open_or_not_reported(store: Store) -> None:
    publish_csv(
        store,
        "partnership_review",
        [
            review("Hackney", "GPs alerted", "done"),
            review("Brent", "GPs alerted", "in progress"),
            review("Bromley", "GPs alerted", "not started"),
            review("Hackney", "good practice shared", "done"),
        ],
    )
    given = {"quarter": "2026-Q3", "owner": "health"}
    found = {r["item"]: r for r in rows_of(store.released.ask("agency/review_items", given))}
    alerted = found["GPs alerted"]
    assert {k: alerted[k] for k in ("boroughs", "done", "in_progress", "not_started")} == {
        "boroughs": 33, "done": 1, "in_progress": 1, "not_started": 1,
    }  # fmt: skip
    assert alerted["not_reported"] == 30
    assert alerted["open_in"] == "Brent, Bromley"
    assert "Camden" in alerted["not_reported_in"]
    assert "good practice shared" not in found
    one = rows_of(store.released.ask("agency/review_items", given | {"borough": HACKNEY}))
    assert {row["item"]: row["not_reported"] for row in one}["GPs alerted"] == 0


def review(borough: str, item: str, status: str) -> Row:
    month = "2026-09" if status == "done" else ""
    return {"quarter": "2026-Q3", "borough": borough, "item": item, "status": status,
            "month": month}  # fmt: skip


def test_every_item_of_the_review_has_an_owner() -> None:
    from gapmap.contract import contracts

    owned = {row["item"]: row["owner"] for row in reference.reference_tables()[
        "review_item_definition"].to_pylist()}  # fmt: skip
    assert set(owned) == set(contracts()["partnership_review"].field("item").enum)
    assert set(owned.values()) <= set(OWNERS)


def test_what_is_followed_and_never_a_gap_is_told_by_type(store: Store) -> None:
    publish_csv(
        store,
        "school_safeguarding",
        [
            school_return(urn=100001, dsl_forum_role_offered="yes"),
            school_return(urn=100002, dsl_forum_role_offered="not asked"),
        ],
    )
    given = {"quarter": "2026-Q3", "borough": HACKNEY}
    found = rows_of(store.released.ask("engagement/letter_answers", given))
    answers: Counter[str] = Counter()
    for row in found:
        if row["item"] == "dsl_forum_role_offered":
            answers[row["answer"]] += row["schools"]
    schools = look(
        store.released, f"from school where quarter = '2026-Q3' and borough_code = '{HACKNEY}'"
    )
    assert answers == {"yes": 1, "not asked": 1, "no_row": len(schools) - 2}


def test_in_how_many_boroughs_a_type_was_told(store: Store) -> None:
    publish_csv(
        store,
        "message_log",
        [
            message("Hackney", "independent"),
            message("Hackney", "all"),
            message("Brent", "all"),
            message("Bromley", "academy"),
            message("Bromley", "independent") | {"quarter": "2026-Q2", "month": "2026-05"},
        ],
    )
    publish_csv(
        store,
        "message_log",
        [message("Camden", "all") | {"quarter": "2025-Q3", "month": "2025-08"}],
        name="a_year_before.csv",
    )
    found = rows_of(store.released.ask("engagement/told_by_type", {"quarter": "2026-Q3"}))
    told = {row["school_type"]: row["boroughs_told"] for row in found}
    assert told[None] == 3
    assert told["independent"] == 3
    assert told["academy"] == 3
    assert {told[kind] for kind in told if kind not in (None, "independent", "academy")} == {2}
    assert {row["boroughs"] for row in found} == {33}
    own = {"quarter": "2026-Q3", "borough": HACKNEY}
    for row in rows_of(store.released.ask("engagement/told_by_type", own)):
        assert (row["boroughs_told"], row["boroughs"]) == (1, 1)


def message(borough: str, school_type: str) -> Row:
    return {
        "quarter": "2026-Q3",
        "borough": borough,
        "agency": "police",
        "message": "police contact",
        "school_type": school_type,
        "schools_reached": 3,
        "month": "2026-09",
    }


def test_where_gaps_stand_is_a_recount_of_schools(history: History) -> None:
    chosen = quarters(history)[-2:]
    names = ["police_engagement", "dsl_in_date"]
    found = rows_of(
        history.store.released.ask(
            "agreements/where_gaps_stand",
            {"quarters": chosen, "indicators": names, "school_types": ["independent"]},
        )
    )
    counted: dict[tuple[str | None, ...], Counter[str]] = defaultdict(Counter)
    for quarter in chosen:
        for row in judged(history.store, quarter):
            if row["indicator"] in names and row["state"] != "not_applicable":
                one_type = row["school_type"] if row["school_type"] == "independent" else None
                key = quarter, row["indicator"], row["borough_code"], one_type
                counted[key][row["state"]] += 1
    assert {
        (r["quarter"], r["indicator"], r["borough_code"], r["one_type"]): {
            state: r[state] for state in ("gap", "met", "unknown")
        }
        for r in found
    } == {
        key: {state: states[state] for state in ("gap", "met", "unknown")}
        for key, states in counted.items()
    }
