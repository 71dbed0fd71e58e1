"""Updates of some schools: the rows of the others are carried over from what stands."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.archive.holdings import verify
from gapmap.contract import contracts
from gapmap.intake.carry_over import merged, takes_updates
from gapmap.intake.intake import UsageError
from gapmap.intake.upload import Pair
from gapmap.publishing.standing import bring_up_to_date
from gapmap.publishing.submission import Superseded, accept, carried_over, publish, withdraw
from gapmap.recovery.rebuild import rebuild_in_place
from gapmap.settings import Settings
from gapmap.stores.store import Store, open_store
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    check,
    contents,
    course,
    csv_bytes,
    engagement,
    look,
    publish_csv,
    referral,
    tiny_register,
    upload,
)

Rows = Sequence[dict[str, Any]]


def update(extract: str, rows: Rows | bytes, **declared: Any) -> Any:
    return upload(extract, rows, mode="update", **declared)


def rows_of(store: Store, submission_id: str, extract: str) -> list[dict[str, Any]]:
    return look(
        store.exact, f"from {extract} where submission_id = '{submission_id}' order by row_no"
    )


def updated(store: Store, extract: str, rows: Rows, by: str = "lead@x") -> str:
    prepared = check(store, update(extract, rows))
    assert not prepared.refused, list(prepared.issues)
    return publish(store, prepared, by).submission_id


# --- what is carried over -------------------------------------------------------------------------


def test_which_extracts_take_updates() -> None:
    assert {name for name, contract in contracts().items() if takes_updates(contract)} == {
        "referrals",
        "training",
        "police_engagement",
        "school_safeguarding",
        "perception_survey",
        "testimonies",
    }


def test_the_other_schools_stay_as_they_stand(store: Store) -> None:
    first = publish_csv(
        store,
        "police_engagement",
        [engagement(urn=urn, visits=urn - 100000) for urn in (100001, 100002, 100003, 100011)],
    )
    prepared = check(store, update("police_engagement", [engagement(urn=100002, visits=77)]))
    # Bromley's row is none of the pair's.
    assert prepared.pairs == (Pair("2026-Q3", HACKNEY, False, 3),)
    assert prepared.carried_rows == 2
    done = publish(store, prepared, "lead@x")
    found = rows_of(store, done.submission_id, "police_engagement")
    assert [(row["urn"], row["visits"]) for row in found] == [
        (100002, 77),
        (100001, 1),
        (100003, 3),
    ]
    # They are numbered after the file's own.
    assert [row["row_no"] for row in found] == [2, 3, 4]
    (record,) = look(store.exact, f"from submission where submission_id = '{done.submission_id}'")
    assert (record["mode"], record["row_count"]) == ("update", 3)
    assert carried_over(store, done.submission_id) == [
        {
            "quarter": "2026-Q3",
            "borough_code": HACKNEY,
            "from_submission_id": first.submission_id,
            "row_count": 2,
            "first_row": 3,
            "last_row": 4,
            "still_stands": False,
        }
    ]
    assert carried_over(store, first.submission_id) == []
    stands = look(store.exact, "from current_police_engagement select urn, visits order by urn")
    assert [tuple(row.values()) for row in stands] == [
        (100001, 1),
        (100002, 77),
        (100003, 3),
        (100011, 11),
    ]


def test_rows_without_a_school_stay_unless_the_file_brings_such_rows(store: Store) -> None:
    agency = {"agency": "police", "urn": "", "course": "multi-agency HSB"}
    publish_csv(
        store, "training", [course(), course(**agency, staff_trained=1), course(urn=100002)]
    )
    updated(store, "training", [course(urn=100002, staff_trained=0)])

    def stands() -> set[tuple[Any, ...]]:
        sql = "from current_training select agency, urn, course, staff_trained"
        return {tuple(row.values()) for row in look(store.exact, sql)}

    kept = {("school", 100001, "DSL initial", 2), ("school", 100002, "DSL initial", 0)}
    assert stands() == {*kept, ("police", None, "multi-agency HSB", 1)}
    updated(store, "training", [course(agency="health", urn="", course="HSB specialist")])
    assert stands() == {*kept, ("health", None, "HSB specialist", 2)}


def test_all_rows_of_a_school_are_replaced_together(store: Store) -> None:
    publish_csv(store, "training", [course(), course(course="governor"), course(urn=100002)])
    done = updated(store, "training", [course(course="deputy DSL")])
    found = rows_of(store, done, "training")
    assert [(row["urn"], row["course"]) for row in found] == [
        (100001, "deputy DSL"),
        (100002, "DSL initial"),
    ]


def test_where_nothing_stands_the_file_is_all(store: Store) -> None:
    done = updated(store, "training", [course()])
    assert len(rows_of(store, done, "training")) == 1
    assert carried_over(store, done) == []


drawn_rows = st.lists(
    st.fixed_dictionaries(
        {
            "quarter": st.sampled_from(["2026-Q2", "2026-Q3"]),
            "borough_code": st.sampled_from([HACKNEY, BRENT]),
            "urn": st.sampled_from([None, 100001, 100002, 100021]),
            "referrals": st.integers(0, 9),
        }
    ),
    min_size=1,
    max_size=10,
)
SCHEMA = pa.schema(
    [
        ("row_no", pa.int64()),
        ("quarter", pa.string()),
        ("borough_code", pa.string()),
        ("urn", pa.int32()),
        ("referrals", pa.int32()),
    ]
)


def numbered(drawn: Rows) -> pa.Table:
    return pa.Table.from_pylist([{"row_no": n, **row} for n, row in enumerate(drawn, 2)], SCHEMA)


def by_school(rows: Rows) -> dict[tuple[Any, ...], list[int]]:
    """The numbers of each school of a quarter and borough; of no school, too."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        group = row["quarter"], row["borough_code"], row["urn"]
        found.setdefault(group, []).append(row["referrals"])
    return {group: sorted(numbers) for group, numbers in found.items()}


@given(drawn_rows, drawn_rows)
def test_an_update_is_what_a_dictionary_of_schools_makes_of_it(stood: Rows, came: Rows) -> None:
    sources = pa.array([f"r-{row['quarter']}-{row['borough_code']}" for row in stood])
    standing = numbered(stood).append_column("submission_id", sources)
    rows = numbered(came)
    whole, origins = merged(rows, standing)
    found = whole.to_pylist()
    assert by_school(found) == by_school(stood) | by_school(came)
    assert found[: len(came)] == rows.to_pylist()
    numbers = [row["row_no"] for row in found]
    assert numbers == sorted(set(numbers))
    carried = {row["row_no"]: row for row in found[len(came) :]}
    told = {number: o for o in origins for number in range(o.first_row, o.last_row + 1)}
    assert carried.keys() == told.keys()
    for number, row in carried.items():
        origin = told[number]
        assert (row["quarter"], row["borough_code"]) == (origin.quarter, origin.borough_code)
        assert origin.from_submission_id == f"r-{origin.quarter}-{origin.borough_code}"
    assert sum(o.row_count for o in origins) == len(carried)
    # Merged again, nothing moves: the same update twice holds the same.
    own = pa.array(["again"] * whole.num_rows)
    again, _ = merged(rows, whole.append_column("submission_id", own))
    assert again.equals(whole)


# --- checks ---------------------------------------------------------------------------------------


def warnings(prepared: Any) -> list[str]:
    assert not prepared.refused, list(prepared.issues)
    return [issue.code for issue in prepared.issues.listed("warning")]


def test_schools_are_absent_from_a_file_that_replaces_and_not_from_an_update(store: Store) -> None:
    before = [engagement(quarter="2026-Q2", urn=u, last_contact_month="") for u in (100001, 100002)]
    publish_csv(store, "police_engagement", before)
    rows = [engagement(urn=100001)]
    assert warnings(check(store, upload("police_engagement", rows))) == ["schools_absent"]
    assert warnings(check(store, update("police_engagement", rows))) == []


def test_a_number_that_moved_is_judged_by_all_that_would_stand(store: Store) -> None:
    publish_csv(store, "referrals", [referral(quarter="2026-Q2", referrals=60)])
    publish_csv(
        store, "referrals", [referral(referrals=50), referral(urn=100001, source="2A", referrals=3)]
    )
    rows = [referral(urn=100001, source="2A", referrals=4)]
    assert warnings(check(store, upload("referrals", rows))) == ["referrals_moved"]
    assert warnings(check(store, update("referrals", rows))) == []
    many = [referral(urn=100001, source="2A", referrals=200)]
    (issue,) = check(store, update("referrals", many)).issues
    assert issue.message == "Hackney has 250 referrals in 2026-Q3, after 60 in 2026-Q2"
    assert issue.row == 2


def test_what_was_carried_over_is_no_fault_of_the_file(store: Store) -> None:
    publish_csv(store, "training", [course(urn=100012, borough="Bromley"), course(urn=100011)])
    # URN 100012 closed: a warning for the file that brings it, none for one that leaves it alone.
    prepared = check(store, update("training", [course(urn=100011, borough="Bromley")]))
    assert prepared.carried_rows == 1
    assert warnings(prepared) == []


def test_an_update_declares_no_nil_return(store: Store) -> None:
    prepared = check(store, update("training", [course()], covers=[HACKNEY, BRENT]))
    (issue,) = prepared.issues
    assert issue.code == "nil_return_in_update"
    assert issue.message == (
        "an update of some schools cannot declare a nil return, and the file has no row of Brent"
    )
    assert not check(store, update("training", [course()], covers=[HACKNEY])).refused


@pytest.mark.parametrize("extract", ["schools", "lado", "partnership_review"])
def test_other_extracts_are_replaced_as_a_whole(store: Store, extract: str) -> None:
    with pytest.raises(UsageError, match="replaced as a whole"):
        check(store, update(extract, csv_bytes([{"quarter": "2026-Q3"}])))


def test_an_unknown_school_is_refused_in_an_update_too(store: Store) -> None:
    prepared = check(store, update("police_engagement", [engagement(urn=999999)]))
    assert [issue.code for issue in prepared.issues] == ["unknown_urn"]


# --- the same bytes -------------------------------------------------------------------------------


def test_the_same_update_twice_is_unchanged_and_replacing_with_it_is_not(store: Store) -> None:
    publish_csv(store, "training", [course(), course(urn=100002)])
    content = csv_bytes([course(staff_trained=1)])
    first = publish(store, check(store, update("training", content)), "lead@x")
    before = contents(store.exact)
    again = publish(store, check(store, update("training", content)), "lead@x")
    assert (again.outcome, again.submission_id) == ("unchanged", first.submission_id)
    assert contents(store.exact) == before
    whole = publish(store, check(store, upload("training", content)), "lead@x")
    assert whole.outcome == "published"
    assert len(rows_of(store, whole.submission_id, "training")) == 1
    assert publish(store, check(store, upload("training", content)), "x@x").outcome == "unchanged"


# --- races ----------------------------------------------------------------------------------------


def test_nothing_stale_is_carried_over(store: Store) -> None:
    publish_csv(store, "training", [course(), course(urn=100002), course(urn=100003)])
    one = check(store, update("training", [course(staff_trained=0)]))
    other = check(store, update("training", [course(urn=100002, staff_trained=1)]))
    won = publish(store, one, "first@x")
    with pytest.raises(Superseded, match=r"^first@x published training-"):
        publish(store, other, "second@x")
    again = check(store, update("training", [course(urn=100002, staff_trained=1)]))
    done = publish(store, again, "second@x")
    found = rows_of(store, done.submission_id, "training")
    assert {row["urn"]: row["staff_trained"] for row in found} == {100001: 0, 100002: 1, 100003: 2}
    (carried,) = carried_over(store, done.submission_id)
    assert carried["from_submission_id"] == won.submission_id


def test_a_withdrawal_after_the_check_supersedes_an_update(store: Store) -> None:
    first = publish_csv(store, "training", [course(), course(urn=100002)])
    prepared = check(store, update("training", [course(staff_trained=0)]))
    withdraw(store, first.submission_id, "c@x", "wrong")
    with pytest.raises(Superseded, match=r"^c@x withdrawn "):
        publish(store, prepared, "x@x")


def test_an_offered_update_is_not_accepted_once_what_it_carried_over_is_gone(store: Store) -> None:
    first = publish_csv(store, "police_engagement", [engagement(), engagement(urn=100002)])
    prepared = check(store, update("police_engagement", [engagement(urn=100002, visits=5)]))
    offered = publish(store, prepared, "police@x", for_boroughs=())
    withdraw(store, first.submission_id, "lead@x", "a draft", for_boroughs=[HACKNEY])
    before = contents(store.exact)
    with pytest.raises(Superseded, match=r"has the others from police_engagement-00002, which no"):
        accept(store, offered.submission_id, "lead@x", [HACKNEY])
    assert contents(store.exact) == before


def test_an_offered_update_is_accepted_while_what_it_carried_over_stands(store: Store) -> None:
    publish_csv(store, "police_engagement", [engagement(), engagement(urn=100011)])
    rows = [engagement(visits=5), engagement(urn=100011, visits=6)]
    prepared = check(store, update("police_engagement", rows))
    offered = publish(store, prepared, "police@x", for_boroughs=())
    accept(store, offered.submission_id, "lead@x", [HACKNEY])
    # Bromley's part stands on its own.
    accept(store, offered.submission_id, "lead@y", [BROMLEY])
    visits = look(store.exact, "from current_police_engagement select urn, visits order by urn")
    assert [tuple(row.values()) for row in visits] == [(100001, 5), (100011, 6)]


# --- kept for good --------------------------------------------------------------------------------


def test_the_archive_makes_it_again_with_what_was_carried_over_and_why(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "gapmap.duckdb", 100, "512MB")
    store = open_store(settings)
    try:
        bring_up_to_date(store)
        publish_csv(store, "schools", tiny_register())
        publish_csv(store, "training", [course(), course(urn=100002)])
        prepared = check(store, update("training", [course(staff_trained=1)]))
        done = publish(store, prepared, "lead@x", why="the return of one school came late")
        tables = ("submission", "submission_event", "carried_over", "training")
        before = {name: contents(store.exact)[name] for name in tables}
        assert verify(store).same
        rebuild_in_place(store, settings)
        assert {name: contents(store.exact)[name] for name in tables} == before
        assert len(before["carried_over"]) == 1
        assert verify(store).same
        again = publish(store, check(store, update("training", [course(staff_trained=1)])), "x@x")
        assert (again.outcome, again.submission_id) == ("unchanged", done.submission_id)
    finally:
        store.close()
