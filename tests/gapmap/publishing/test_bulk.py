"""Many files published at once come to what they come to one by one, or to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest

from gapmap.archive.archive import names
from gapmap.archive.holdings import verify
from gapmap.intake.intake import Upload
from gapmap.publishing.bulk import BulkRefused, publish_many
from gapmap.publishing.submission import publish
from gapmap.stores.store import Store, rows_of
from tests.uploads import (
    BRENT,
    MOST_BYTES,
    TODAY,
    check,
    contents,
    course,
    engagement,
    look,
    publish_csv,
    referral,
    school,
    tiny_register,
    upload,
)

BY = "lead@hackney.example"
MOMENTS = {
    "received_at",
    "at_utc",
    "published_at",
    "first_sent_at",
    "computed_at",
    "made_at",
    "changed_at",
    "release_id",
    "settings_hash",
}


def some_files() -> list[Upload]:
    """A register, then three extracts of two quarters, with a nil return and warnings."""
    closed = referral(urn=100012, source="2A", borough="Bromley", quarter="2026-Q3")
    return [
        upload("schools", tiny_register()),
        upload("referrals", [referral(quarter="2026-Q2", referrals=40)], name="before.csv"),
        upload("referrals", [referral(), closed], covers=[BRENT]),
        upload("training", [course(quarter="2026-Q2"), course(quarter="2026-Q2", urn=100002)]),
        upload("training", [course(staff_trained=1)], name="later.csv"),
        upload("police_engagement", [engagement()]),
    ]


def at_once(store: Store, uploads: Iterable[Upload], told: list[int] | None = None) -> int:
    report: Callable[[int], None] = [].append if told is None else told.append
    return publish_many(
        store, ((one, BY) for one in uploads), most_bytes=MOST_BYTES, today=TODAY, report=report
    )


def without_moments(database: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        table: sorted(
            ({c: v for c, v in row.items() if c not in MOMENTS} for row in rows), key=repr
        )
        for table, rows in contents(database).items()
        if table != "release"
    }


def test_at_once_is_what_one_by_one_is(open_store: Callable[[], Store]) -> None:
    together, apart = open_store(), open_store()
    told: list[int] = []
    assert at_once(together, some_files(), told) == 6
    assert told == [1, 2, 3, 4, 5, 6]
    for one in some_files():
        assert publish(apart, check(apart, one), BY).outcome == "published"
    assert without_moments(together.exact) == without_moments(apart.exact)
    assert without_moments(together.released) == without_moments(apart.released)
    assert names(together.archive) == names(apart.archive)
    assert together.version == apart.version == 6
    warned = {row["code"] for row in look(together.exact, "from accepted_warning")}
    assert warned == {"referrals_moved", "closed_urn", "schools_absent"}


def test_the_archive_holds_what_the_store_does(empty_store: Store) -> None:
    at_once(empty_store, some_files())
    found = verify(empty_store)
    assert found.same
    assert found.submissions == 6
    assert not list(empty_store.folder.glob("*coming*"))


def test_it_follows_what_the_store_holds_already(store: Store) -> None:
    first = publish_csv(store, "training", [course()])
    assert at_once(store, [upload("training", [course(staff_trained=1)])]) == 1
    held = look(store.exact, "from submission where extract = 'training' order by version")
    assert [row["submission_id"] for row in held] == [first.submission_id, "training-00003"]
    assert [row["version"] for row in held] == [1, 2]
    (state,) = look(
        store.released,
        "from indicator_state where indicator = 'dsl_in_date' and urn = 100001 "
        "and quarter = '2026-Q3'",
    )
    assert (state["state"], state["submission_id"]) == ("gap", "training-00003")
    assert verify(store).same


def test_afterwards_files_are_published_as_ever(empty_store: Store) -> None:
    at_once(empty_store, some_files())
    late = publish_csv(empty_store, "referrals", [referral(referrals=23)], covers=[BRENT])
    assert late.submission_id == "referrals-00007"
    assert verify(empty_store).same


FAULTY: dict[str, Upload] = {
    "a cell": upload("training", [course(staff_in_scope=-1)]),
    "a URN that no register has": upload("training", [course(urn=109999)]),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_one_file_that_is_refused_keeps_all_of_them_out(empty_store: Store, fault: str) -> None:
    before = contents(empty_store.exact), contents(empty_store.released)
    with pytest.raises(BulkRefused, match=r"training\.csv was refused: "):
        at_once(empty_store, [*some_files()[:3], FAULTY[fault]])
    assert (contents(empty_store.exact), contents(empty_store.released)) == before
    assert names(empty_store.archive) == []
    assert not list(empty_store.folder.glob("*coming*"))
    assert at_once(empty_store, some_files()) == 6


def test_a_register_stands_for_the_files_after_it_and_not_before(empty_store: Store) -> None:
    register, *others = some_files()
    with pytest.raises(BulkRefused, match="is in no register that was loaded"):
        at_once(empty_store, [*others, register])


def test_a_second_register_counts_for_what_follows(empty_store: Store) -> None:
    newer = [*tiny_register(), school(100099, BRENT, "Community school", "Primary", (4, 11), 200)]
    files = [
        upload("schools", tiny_register(), as_at=date(2026, 3, 31)),
        upload("schools", newer, as_at=date(2026, 9, 30), name="newer.csv"),
        upload("training", [course(urn=100099, borough="Brent")]),
    ]
    assert at_once(empty_store, files) == 3


def test_the_same_quarter_and_borough_twice_is_a_mistake(empty_store: Store) -> None:
    twice = upload("training", [course(staff_trained=1)], name="again.csv")
    with pytest.raises(ValueError, match="training 2026-Q3 E09000012 comes twice"):
        at_once(empty_store, [*some_files(), twice])
    assert rows_of(empty_store.exact.ask("store/version"))[0]["version"] == 0


def test_nothing_at_all_changes_nothing(store: Store) -> None:
    assert at_once(store, []) == 0
    assert store.version == 1
    assert verify(store).same
