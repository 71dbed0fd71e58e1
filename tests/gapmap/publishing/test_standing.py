"""What stands after each change: written for what was touched, equal to all of it written anew."""

import random
from itertools import pairwise
from typing import Any

import pytest

from gapmap.indicator import of_boroughs
from gapmap.publishing import standing
from gapmap.publishing.submission import reinstate, withdraw
from gapmap.reference.reference import reference_hash
from gapmap.stores.store import Database, Store, rows_of
from tests.releasing import release_by_rule
from tests.uploads import (
    TODAY,
    contents,
    course,
    engagement,
    look,
    publish_csv,
    referral,
    school_link,
    school_return,
    tiny_register,
)

STANDING = (
    "school",
    "indicator_state",
    "state_count",
    "standing_answer",
    "school_predecessor",
    "figure",
    "area_value",
    "held_quarter",
    "submission_status",
)


def standing_rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    tables = contents(store.exact)
    return {
        name: sorted(
            ({c: v for c, v in row.items() if c != "computed_at"} for row in tables[name]), key=repr
        )
        for name in STANDING
    }


def anew(store: Store) -> dict[str, list[dict[str, Any]]]:
    """What stands once everything that is held was written anew."""
    with store.exact.writing() as writing:
        standing.restate_everything(writing)
    return standing_rows(store)


def shown(store: Store, name: str) -> list[dict[str, Any]]:
    return sorted(look(store.released, f"from {name}"), key=repr)


def areas_as_written(database: Database) -> list[dict[str, Any]]:
    """What waits for its release is told from what was not submitted when it is written."""
    rows = look(database, "from area_value")
    return sorted(
        (r | {"reason": "not_submitted"} if r["reason"] == "not_released" else r for r in rows),
        key=repr,
    )


def areas_asked(database: Database) -> list[dict[str, Any]]:
    """What each indicator of areas says of the held quarters now, asked one by one."""
    held = [row["quarter"] for row in look(database, "from held_quarter")]
    found = [
        {"indicator": one.name, **row}
        for one in of_boroughs()
        for row in rows_of(database.ask(f"indicators/{one.name}", {"quarters": held}))
    ]
    return sorted(found, key=repr)


def state(store: Store, urn: int, indicator: str, quarter: str = "2026-Q3") -> tuple[str, str]:
    rows = rows_of(store.released.ask("schools/items", {"urn": urn, "quarter": quarter}))
    return next((r["state"], r["reason"]) for r in rows if r["indicator"] == indicator)


def test_an_answer_reaches_forward_to_quarters_that_are_held(store: Store) -> None:
    publish_csv(store, "police_engagement", [engagement(urn=100002)])
    assert state(store, 100001, "dsl_in_date") == ("unknown", "not_submitted")
    done = publish_csv(store, "training", [course(quarter="2025-Q4")])
    assert state(store, 100001, "dsl_in_date") == ("met", None)
    assert state(store, 100002, "dsl_in_date") == ("unknown", "no_row")
    withdraw(store, done.submission_id, "x@x", "wrong")
    assert state(store, 100001, "dsl_in_date") == ("unknown", "not_submitted")
    assert [r["quarter"] for r in look(store.released, "from held_quarter")] == ["2026-Q3"]


def test_a_school_counts_where_the_register_has_it(store: Store) -> None:
    """Its row stands in Hackney's part of the file; by the register it lies in Brent."""
    publish_csv(store, "police_engagement", [engagement()])
    done = publish_csv(store, "training", [course(urn=100021)])
    assert state(store, 100021, "dsl_in_date") == ("met", None)
    (item,) = [
        r
        for r in rows_of(store.released.ask("schools/items", {"urn": 100021, "quarter": "2026-Q3"}))
        if r["indicator"] == "dsl_in_date"
    ]
    assert (item["file_name"], item["submission_id"]) == ("training.csv", done.submission_id)
    withdraw(store, done.submission_id, "x@x", "wrong")
    assert state(store, 100021, "dsl_in_date") == ("unknown", "not_submitted")


def test_a_register_rewrites_every_quarter(store: Store) -> None:
    publish_csv(store, "training", [course(quarter="2026-Q1"), course(quarter="2026-Q3")])
    assert len(look(store.released, "from school where urn = 100001")) == 2
    from datetime import date

    later = publish_csv(store, "schools", tiny_register()[1:7], as_at=date(2026, 9, 1))
    assert [r["quarter"] for r in look(store.released, "from school where urn = 100001")] == [
        "2026-Q1"
    ]
    withdraw(store, later.submission_id, "x@x", "wrong file")
    assert len(look(store.released, "from school where urn = 100001")) == 2


def test_without_other_extracts_the_registers_own_quarter_is_held(store: Store) -> None:
    assert look(store.released, "from held_quarter") == [{"quarter": "2026-Q2"}]
    assert {r["state"] for r in look(store.released, "from indicator_state")} == {
        "unknown",
        "not_applicable",
    }
    publish_csv(store, "referrals", [referral()])
    assert look(store.released, "from held_quarter") == [{"quarter": "2026-Q3"}]


SAME_IN_BOTH = (
    "indicator_state", "state_count", "school", "held_quarter", "submission_status",
    "school_predecessor",
)  # fmt: skip


def both_stores_agree(store: Store) -> None:
    for table in SAME_IN_BOTH:
        assert shown(store, table) == sorted(look(store.exact, f"from {table}"), key=repr)
    for database in (store.exact, store.released):
        assert areas_as_written(database) == areas_asked(database)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_was_touched_is_as_if_all_were_written_anew(store: Store, seed: int) -> None:
    choose = random.Random(seed)
    schools = [row["URN"] for row in tiny_register() if row["URN"] != 100014]
    quarters = ["2025-Q2", "2025-Q4", "2026-Q2", "2026-Q3"]
    published: list[str] = []
    withdrawn: list[str] = []

    def publish_something() -> None:
        quarter = choose.choice(quarters)
        urns = choose.sample(schools, choose.randint(1, 6))
        files: dict[str, list[dict[str, Any]]] = {
            # The borough is drawn too: rows may name a school that lies elsewhere.
            "training": [
                course(
                    quarter=quarter,
                    urn=urn,
                    borough=choose.choice(["Hackney", "Brent", "Bromley"]),
                    course=choose.choice(["DSL initial", "HSB specialist"]),
                    staff_trained=choose.randint(0, 2),
                )
                for urn in urns
            ],
            "police_engagement": [
                engagement(quarter=quarter, urn=urn, last_contact_month="2025-04") for urn in urns
            ],
            "school_safeguarding": [
                school_return(quarter=quarter, urn=urn, reviewed=choose.choice(["yes", "no"]))
                for urn in urns
            ],
            "referrals": [referral(quarter=quarter, referrals=choose.randint(0, 40))],
            "school_links": [
                school_link(one, other, choose.choice(["Predecessor", "Successor"]))
                for one, other in pairwise(urns)
            ]
            or [school_link(urns[0], urns[0], "Other")],
        }
        extract = choose.choice(list(files))
        declared = {"as_at": TODAY} if extract == "school_links" else {}
        done = publish_csv(store, extract, files[extract], **declared)
        published.append(done.submission_id)

    for step in range(16):
        if published and step % 4 == 2:
            withdrawn.append(published.pop(choose.randrange(len(published))))
            withdraw(store, withdrawn[-1], "x@x", "wrong")
        elif withdrawn and step % 4 == 0:
            published.append(withdrawn.pop())
            reinstate(store, published[-1], "x@x")
        else:
            publish_something()
        if step % 5 == 4:
            release_by_rule(store)
        both_stores_agree(store)
    touched = standing_rows(store)
    everything = anew(store)
    for table in STANDING:
        assert touched[table] == everything[table], table
    assert len(touched["indicator_state"]) > 50


def test_changed_reference_data_rewrites_all_that_is_held(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_csv(store, "training", [course()])
    (version,) = look(store.exact, "from store_version")
    monkeypatch.setattr("gapmap.reference.reference.reference_hash", lambda: "another")
    standing.bring_up_to_date(store)
    for database in (store.exact, store.released):
        (now,) = look(database, "from store_version")
        assert (now["version"], now["reference_hash"]) == (version["version"], "another")
        hashes = look(database, "from indicator_state select distinct settings_hash")
        assert hashes == [{"settings_hash": "another"}]
    assert reference_hash() != "another"


def test_a_store_that_is_up_to_date_is_left_alone(store: Store) -> None:
    publish_csv(store, "referrals", [referral()])
    before = contents(store.exact), contents(store.released)
    standing.bring_up_to_date(store)
    assert (contents(store.exact), contents(store.released)) == before
    assert store.version == 2
