"""A submission's life: published, superseded, withdrawn, reinstated, and what stood when."""

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow.parquet as parquet
import pytest

from gapmap.publishing.submission import (
    NoSuchSubmission,
    Published,
    Superseded,
    UnfitReason,
    current,
    events,
    history,
    publish,
    reinstate,
    withdraw,
)
from gapmap.reference.protection import WITHHELD
from gapmap.stores.store import Store, rows_of
from tests.releasing import release_by_rule
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    check,
    contents,
    course,
    csv_bytes,
    look,
    publish_csv,
    referral,
    school,
    tiny_register,
    upload,
)


def standing(
    store: Store, extract: str = "referrals", as_of: datetime | None = None
) -> dict[tuple[str, str], str]:
    """Which submission stands, by quarter and borough."""
    rows = current(store, extract, as_of)
    found = {(row["quarter"], row["borough_code"]): row["submission_id"] for row in rows}
    assert len(found) == len(rows)
    return found


def london(store: Store, quarter: str = "2026-Q3") -> tuple[int | None, str | None]:
    """London's figure, once all that waits is released."""
    release_by_rule(store)
    given = {"measure": "hsb_referrals", "quarter": quarter}
    rows = rows_of(store.released.ask("referrals/by_borough", given))
    return next((r["value"], r["marker"]) for r in rows if r["level"] == "london")


def moment(store: Store) -> datetime:
    """The moment of the last event."""
    return look(store.exact, "from submission_event select max(at_utc) as at")[0]["at"]


# --- current, at any moment -----------------------------------------------------------------------


def test_publish_supersede_withdraw_reinstate(store: Store) -> None:
    a = publish_csv(store, "referrals", [referral(referrals=20)], by="a@x")
    after_a = moment(store)
    assert london(store) == (20, None)
    b = publish_csv(store, "referrals", [referral(referrals=41)], by="b@x")
    after_b = moment(store)
    assert london(store) == (40, None)
    assert (a.outcome, b.outcome, a.version, b.version) == ("published", "published", 1, 2)

    withdraw(store, b.submission_id, "c@x", " wrong period ")
    after_withdrawal = moment(store)
    assert standing(store) == {("2026-Q3", HACKNEY): a.submission_id}
    assert london(store) == (20, None)

    reinstate(store, b.submission_id, "c@x")
    pair = ("2026-Q3", HACKNEY)
    assert standing(store) == {pair: b.submission_id}
    assert london(store) == (40, None)

    tick = timedelta(microseconds=1)
    assert standing(store, as_of=after_a - tick) == {}
    assert standing(store, as_of=after_a) == {pair: a.submission_id}
    assert standing(store, as_of=after_b - tick) == {pair: a.submission_id}
    assert standing(store, as_of=after_b) == {pair: b.submission_id}
    assert standing(store, as_of=after_withdrawal) == {pair: a.submission_id}
    assert standing(store, as_of=moment(store)) == {pair: b.submission_id}
    assert standing(store, as_of=moment(store) + timedelta(days=400)) == {pair: b.submission_id}

    events = look(
        store.exact,
        "from submission_event select submission_id, event, by_whom, why, store_version "
        "where store_version > 1 order by store_version",
    )
    assert [tuple(event.values()) for event in events] == [
        (a.submission_id, "published", "a@x", None, 2),
        (b.submission_id, "published", "b@x", None, 3),
        (b.submission_id, "withdrawn", "c@x", "wrong period", 4),
        (b.submission_id, "reinstated", "c@x", None, 5),
    ]


def test_withdrawing_all_leaves_nothing_submitted_and_no_figure(store: Store) -> None:
    a = publish_csv(store, "referrals", [referral(referrals=20)])
    withdraw(store, a.submission_id, "c@x", "wrong")
    assert standing(store) == {}
    assert london(store) == (None, None)
    for database in (store.exact, store.released):
        assert look(database, "from figure where measure = 'hsb_referrals'") == []
    # What it brought is kept.
    assert len(look(store.exact, "from referrals")) == 1


def test_a_later_file_takes_over_only_the_pairs_that_it_covers(store: Store) -> None:
    both = publish_csv(store, "referrals", [referral(), referral(borough="Brent", referrals=30)])
    one = publish_csv(store, "referrals", [referral(referrals=20)])
    assert standing(store) == {
        ("2026-Q3", HACKNEY): one.submission_id,
        ("2026-Q3", BRENT): both.submission_id,
    }
    assert london(store) == (50, None)
    assert {row["submission_id"]: row["standing"] for row in history(store, "referrals")} == {
        both.submission_id: "partly current",
        one.submission_id: "current",
    }
    withdraw(store, both.submission_id, "c@x", "wrong")
    assert standing(store) == {("2026-Q3", HACKNEY): one.submission_id}
    assert {row["standing"] for row in history(store, "referrals")} == {"withdrawn", "current"}


def test_withdrawing_what_was_superseded_changes_no_figure(store: Store) -> None:
    a = publish_csv(store, "referrals", [referral(referrals=20)])
    publish_csv(store, "referrals", [referral(referrals=40)])
    withdraw(store, a.submission_id, "c@x", "wrong")
    assert london(store) == (40, None)


def test_the_latest_dated_register_wins_whenever_it_comes(empty_store: Store) -> None:
    row = school(100001, HACKNEY, "Community school", "Primary", EstablishmentName="Early")
    late = publish_csv(
        empty_store, "schools", [row | {"EstablishmentName": "Late"}], as_at=date(2026, 9, 30)
    )
    early = publish_csv(empty_store, "schools", [row], as_at=date(2026, 7, 1))
    assert standing(empty_store, "schools") == {("2026-Q3", HACKNEY): late.submission_id}
    known = rows_of(empty_store.exact.ask("schools/known"))
    assert [(k["school_name"], k["register_date"]) for k in known] == [("Late", date(2026, 9, 30))]
    withdraw(empty_store, late.submission_id, "c@x", "wrong file")
    assert standing(empty_store, "schools") == {("2026-Q3", HACKNEY): early.submission_id}
    assert look(empty_store.released, "from school select school_name") == [
        {"school_name": "Early"}
    ]


# --- the same bytes -------------------------------------------------------------------------------


def test_the_same_bytes_twice_are_unchanged(store: Store) -> None:
    content = csv_bytes([referral(), referral(borough="Brent")])
    first = publish_csv(store, "referrals", content, covers=[BROMLEY])
    exact, released = contents(store.exact), contents(store.released)
    files = sorted(store.archive.rglob("*"))
    again = publish_csv(store, "referrals", content, name="renamed.csv", covers=[BROMLEY])
    assert again == Published("unchanged", first.submission_id, first.version)
    assert contents(store.exact) == exact
    assert contents(store.released) == released
    assert sorted(store.archive.rglob("*")) == files


def test_the_same_bytes_of_another_coverage_or_quarter_are_published(store: Store) -> None:
    row = {name: value for name, value in referral().items() if name != "quarter"}
    content = csv_bytes([row])
    outcomes = [
        publish_csv(store, "referrals", content, quarter="2026-Q3").outcome,
        publish_csv(store, "referrals", content, quarter="2026-Q2").outcome,
        publish_csv(store, "referrals", content, quarter="2026-Q2", covers=[BRENT]).outcome,
        publish_csv(store, "referrals", content, quarter="2026-Q2", covers=[BRENT]).outcome,
    ]
    assert outcomes == ["published", "published", "published", "unchanged"]


def test_the_same_bytes_publish_anew_after_their_withdrawal(store: Store) -> None:
    content = csv_bytes([referral(referrals=20)])
    first = publish_csv(store, "referrals", content)
    withdraw(store, first.submission_id, "c@x", "wrong")
    again = publish_csv(store, "referrals", content)
    assert again.outcome == "published"
    assert again.submission_id != first.submission_id
    assert again.version == 2
    assert standing(store) == {("2026-Q3", HACKNEY): again.submission_id}


def test_the_same_bytes_publish_anew_once_they_are_superseded(store: Store) -> None:
    content = csv_bytes([referral(referrals=20)])
    publish_csv(store, "referrals", content)
    publish_csv(store, "referrals", [referral(referrals=40)])
    assert publish_csv(store, "referrals", content).outcome == "published"
    assert london(store) == (20, None)


# --- two publishers -------------------------------------------------------------------------------


def test_one_of_two_publishers_of_a_pair_wins(store: Store) -> None:
    one = check(store, upload("referrals", [referral(referrals=20)]))
    other = check(store, upload("referrals", [referral(referrals=40)]))
    won = publish(store, one, "first@x")
    with pytest.raises(Superseded) as lost:
        publish(store, other, "second@x")
    when = moment(store)
    assert str(lost.value).startswith(
        f"first@x published {won.submission_id} at {when:%H:%M} UTC on {when:%d %B %Y}"
    )
    assert (lost.value.by, lost.value.submission_id) == ("first@x", won.submission_id)
    assert london(store) == (20, None)
    assert len(look(store.exact, "from referrals")) == 1
    assert len(list(store.archive.glob("referrals/*.parquet"))) == 1
    again = check(store, upload("referrals", [referral(referrals=40)]))
    assert publish(store, again, "second@x").outcome == "published"


def test_a_withdrawal_since_the_check_supersedes_too(store: Store) -> None:
    first = publish_csv(store, "referrals", [referral(referrals=20)])
    prepared = check(store, upload("referrals", [referral(referrals=40)]))
    withdraw(store, first.submission_id, "c@x", "wrong")
    with pytest.raises(Superseded, match=r"^c@x withdrawn "):
        publish(store, prepared, "second@x")


def test_a_register_since_the_check_supersedes_every_upload(store: Store) -> None:
    prepared = check(store, upload("referrals", [referral()]))
    publish_csv(store, "schools", tiny_register(), as_at=date(2026, 9, 30), by="admin@x")
    with pytest.raises(Superseded, match=r"^admin@x published schools-"):
        publish(store, prepared, "second@x")


def test_publishers_of_other_boroughs_and_extracts_do_not_meet(store: Store) -> None:
    hackney = check(store, upload("referrals", [referral(referrals=20)]))
    brent = check(store, upload("referrals", [referral(borough="Brent", referrals=40)]))
    earlier = check(store, upload("referrals", [referral(quarter="2026-Q2", referrals=60)]))
    training = check(store, upload("training", [course()]))
    for prepared in (hackney, brent, earlier, training):
        assert publish(store, prepared, "x@x").outcome == "published"
    assert london(store) == (60, None)
    assert london(store, "2026-Q2") == (60, None)


def test_threads_that_publish_at_once_leave_one_winner(store: Store) -> None:
    prepared = [check(store, upload("referrals", [referral(referrals=20 + n)])) for n in range(6)]
    outcomes: list[str] = []
    gate = threading.Barrier(len(prepared))

    def attempt(number: int) -> None:
        gate.wait()
        try:
            outcomes.append(publish(store, prepared[number], f"p{number}@x").outcome)
        except Superseded:
            outcomes.append("superseded")

    threads = [threading.Thread(target=attempt, args=(n,)) for n in range(len(prepared))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["published"] + ["superseded"] * 5
    assert len(look(store.exact, "from referrals")) == 1
    assert len(standing(store)) == 1


# --- what is kept, and what is asked for ----------------------------------------------------------


def test_what_is_written_about_a_submission(store: Store) -> None:
    done = publish_csv(
        store,
        "training",
        [course(urn=100012, borough="Bromley"), course(urn=100024, borough="Brent")],
        by="lead@x",
        name="Q3 training.csv",
    )
    row = look(store.exact, "from submission where extract = 'training'")[0]
    assert row["submission_id"] == done.submission_id == "training-00002"
    assert row["file_name"] == "Q3 training.csv"
    assert row["submitted_by"] == "lead@x"
    assert (row["row_count"], row["version"], row["mode"]) == (2, 1, "replace")
    assert row["demonstration"] is False
    assert len(row["sha256"]) == len(row["content_hash"]) == 64
    warning = look(store.exact, "from accepted_warning")[0]
    assert warning["code"] == "closed_urn"
    assert (warning["occurrences"], warning["accepted_by"]) == (2, "lead@x")
    assert warning["message"] == "URN 100012 closed before the quarter began"


def test_the_archive_holds_the_declared_columns_and_no_bytes_of_the_file(store: Store) -> None:
    row = look(store.exact, "from submission")[0]
    assert not row["archive_path"].startswith("/")
    archived = parquet.read_table(store.archive / row["archive_path"])
    assert archived.num_rows == 18
    assert "HeadLastName" not in archived.column_names
    assert archived["urn"].to_pylist()[:2] == [100001, 100002]
    assert [path.suffix for path in store.archive.rglob("*") if path.is_file()] == [".parquet"]


def test_the_same_rows_in_another_file_have_the_same_content(store: Store) -> None:
    publish_csv(store, "referrals", [referral()])
    publish_csv(store, "referrals", csv_bytes([referral()]).replace(b"\n", b"\r\n"))
    rows = look(store.exact, "from submission where extract = 'referrals'")
    assert len({row["sha256"] for row in rows}) == 2
    assert len({row["content_hash"] for row in rows}) == 1


def test_a_nil_return_is_a_figure_of_zero(store: Store) -> None:
    publish_csv(store, "referrals", [referral(referrals=3)], covers=[BRENT])
    release_by_rule(store)
    given = {"measure": "hsb_referrals", "quarter": "2026-Q3"}
    rows = rows_of(store.released.ask("referrals/by_borough", given))
    shown = {r["area_code"]: (r["value"], r["marker"]) for r in rows if r["areas_submitted"]}
    assert shown == {
        HACKNEY: (None, WITHHELD),
        BRENT: (0, None),
        "London": (None, WITHHELD),
    }
    nil = {r["borough_code"]: r["nil_return"] for r in current(store, "referrals")}
    assert nil == {HACKNEY: False, BRENT: True}


def test_what_is_refused_cannot_be_published(store: Store) -> None:
    refused = check(store, upload("referrals", [referral(referrals=-1)]))
    with pytest.raises(ValueError, match="refused upload"):
        publish(store, refused, "x@x")


def test_a_reason_is_kept_and_names_nobody(store: Store) -> None:
    first = publish_csv(store, "referrals", [referral(referrals=20)])
    prepared = check(store, upload("referrals", [referral(referrals=40)]))
    before = contents(store.exact)
    for attempt in (
        lambda: publish(store, prepared, "x@x", why="see a.person@example.org"),
        lambda: withdraw(store, first.submission_id, "x@x", "child 999 000 0018"),
    ):
        with pytest.raises(UnfitReason, match="may identify somebody"):
            attempt()
    assert contents(store.exact) == before
    done = publish(store, prepared, "x@x", why="  the sixth form was missing ")
    (event,) = events(store, done.submission_id)
    assert (event["event"], event["why"]) == ("published", "the sixth form was missing")
    assert history(store, "referrals")[0]["last_why"] == "the sixth form was missing"


def test_steps_that_make_no_sense(store: Store) -> None:
    done = publish_csv(store, "referrals", [referral()])
    before = contents(store.exact)
    attempts: list[tuple[Any, type[Exception], str]] = [
        (lambda: withdraw(store, "referrals-99999", "x", "why"), NoSuchSubmission, "no submission"),
        (lambda: withdraw(store, done.submission_id, "x", "  "), ValueError, "needs a reason"),
        (lambda: reinstate(store, done.submission_id, "x"), NoSuchSubmission, "not withdrawn"),
    ]
    for attempt, kind, said in attempts:
        with pytest.raises(kind, match=said):
            attempt()
    assert contents(store.exact) == before
    withdraw(store, done.submission_id, "x", "why")
    with pytest.raises(NoSuchSubmission, match="withdrawn already"):
        withdraw(store, done.submission_id, "x", "why")
