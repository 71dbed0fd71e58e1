"""What a publication changes: told beforehand as it then happens, and afterwards as it was."""

import threading
from collections import Counter
from datetime import date
from typing import Any

import pytest

from gapmap.indicator import definitions
from gapmap.intake.intake import Prepared
from gapmap.publishing.comparison import Count
from gapmap.publishing.moves import Move
from gapmap.publishing.revision import Preview, final_since, late_revisions, preview_of, revision_of
from gapmap.publishing.revision_words import as_answer, late_in_words, moves_in_words, told
from gapmap.publishing.submission import accept, history, publish, withdraw
from gapmap.stores.store import Store
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    REGISTERED,
    TODAY,
    check,
    contents,
    course,
    engagement,
    look,
    publish_csv,
    referral,
    set_clock,
    tiny_register,
    upload,
)

States = dict[tuple[str, str, int], tuple[str, str]]


def states(store: Store, indicators: set[str] | None = None) -> States:
    """Borough and state of every school, by quarter, indicator and URN."""
    return {
        (row["quarter"], row["indicator"], row["urn"]): (row["borough_code"], row["state"])
        for row in look(store.exact, "from indicator_state")
        if indicators is None or row["indicator"] in indicators
    }


def moves_between(before: States, after: States) -> Counter[tuple[Any, ...]]:
    """The slow way: school by school."""
    found: Counter[tuple[Any, ...]] = Counter()
    for key in {*before, *after}:
        old, new = before.get(key), after.get(key)
        pairs = {(side or other)[0] for side, other in ((old, new), (new, old)) if side or other}  # type: ignore[index]
        for borough in pairs:
            was = old[1] if old and old[0] == borough else None
            now = new[1] if new and new[0] == borough else None
            if was != now:
                found[key[0], key[1], borough, was, now] += 1
    return found


def counted(moves: tuple[Move, ...]) -> Counter[tuple[Any, ...]]:
    return Counter(
        {(m.quarter, m.indicator, m.borough_code, m.before, m.after): m.schools for m in moves}
    )


def feeding(extract: str) -> set[str]:
    return {name for name, d in definitions().items() if extract in d.extracts}


@pytest.fixture
def held(store: Store) -> Store:
    """Two quarters of police engagement and training, a quarter of referrals."""
    for quarter in ("2026-Q2", "2026-Q3"):
        month = {"2026-Q2": "2026-05", "2026-Q3": "2026-09"}[quarter]
        rows = [
            engagement(quarter=quarter, urn=100001, last_contact_month=month),
            engagement(quarter=quarter, urn=100002, level="none", last_contact_month=""),
            engagement(quarter=quarter, urn=100003, last_contact_month=month),
            engagement(quarter=quarter, urn=100011, level="contacted", last_contact_month=month),
        ]
        publish_csv(store, "police_engagement", rows)
    publish_csv(store, "training", [course(), course(urn=100002, staff_trained=1)])
    publish_csv(store, "referrals", [referral(), referral(source="7", referrals=12)])
    return store


REVISED = [
    engagement(urn=100001, level="none", last_contact_month=""),
    engagement(urn=100002, level="embedded"),
    engagement(urn=100004),
]


# --- the indicators that move ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extract", "rows", "mode"),
    [
        ("police_engagement", REVISED, "replace"),
        ("police_engagement", REVISED, "update"),
        ("police_engagement", [row | {"quarter": "2026-Q2"} for row in REVISED[:1]], "update"),
        ("training", [course(staff_trained=0), course(urn=100002)], "replace"),
        ("training", [course(urn=100011, borough="Bromley")], "replace"),
    ],
    ids=["replace", "update", "an earlier quarter", "training", "another borough"],
)
def test_the_moves_are_those_that_publishing_makes(
    held: Store, extract: str, rows: list[dict[str, Any]], mode: Any
) -> None:
    for row in rows:
        if row.get("quarter") == "2026-Q2" and row.get("last_contact_month"):
            row["last_contact_month"] = "2026-05"
    prepared = check(held, upload(extract, rows, mode=mode))
    everything = contents(held.exact), contents(held.released)
    preview = preview_of(held, prepared)
    assert (contents(held.exact), contents(held.released)) == everything
    before = states(held, feeding(extract))
    publish(held, prepared, "lead@x")
    expected = moves_between(before, states(held, feeding(extract)))
    assert expected
    assert counted(preview.moves) == expected
    assert preview.fresh_quarters == ()


def test_the_moves_of_a_register_are_of_every_indicator(held: Store) -> None:
    rows = [row for row in tiny_register() if row["URN"] != 100001]
    rows[0] = rows[0] | {"PhaseOfEducation (name)": "Nursery"}
    prepared = check(held, upload("schools", rows, as_at=date(2026, 7, 1)))
    preview = preview_of(held, prepared)
    before = states(held)
    publish(held, prepared, "admin@x")
    expected = moves_between(before, states(held))
    assert counted(preview.moves) == expected
    assert any(move.after is None for move in preview.moves)


def test_a_quarter_that_is_held_for_the_first_time_is_told_apart(held: Store) -> None:
    rows = [engagement(quarter="2026-Q1", last_contact_month="2026-02")]
    prepared = check(held, upload("police_engagement", rows))
    preview = preview_of(held, prepared)
    assert preview.fresh_quarters == ("2026-Q1",)
    before = states(held, feeding("police_engagement"))
    publish(held, prepared, "lead@x")
    after = states(held, feeding("police_engagement"))
    assert counted(preview.moves) == moves_between(before, after)


def test_only_the_part_that_stands_at_once_moves_anything(held: Store) -> None:
    rows = [engagement(urn=100002), engagement(urn=100011)]
    prepared = check(held, upload("police_engagement", rows))
    boroughs = {m.borough_code for m in preview_of(held, prepared).moves}
    assert boroughs == {HACKNEY, BROMLEY}
    own = preview_of(held, prepared, for_boroughs=[BROMLEY])
    assert {m.borough_code for m in own.moves} == {BROMLEY}
    assert preview_of(held, prepared, for_boroughs=()).moves == ()


def test_an_extract_that_no_indicator_of_schools_reads_moves_none(held: Store) -> None:
    prepared = check(held, upload("partnership_review", [REVIEW]))
    assert preview_of(held, prepared).moves == ()


REVIEW = {
    "quarter": "2026-Q3",
    "borough": "Hackney",
    "item": "offer published",
    "status": "in progress",
    "month": "2026-09",
}


def test_publishers_and_previews_take_turns_and_readers_go_on(held: Store) -> None:
    prepared = check(held, upload("police_engagement", REVISED))
    rival = check(held, upload("training", [course(staff_trained=0)]))
    expected = counted(preview_of(held, prepared).moves)
    gate = threading.Barrier(3)
    found: dict[str, Any] = {}

    def look_ahead() -> None:
        gate.wait()
        found["preview"] = [counted(preview_of(held, prepared).moves) for _ in range(3)]

    def publishes() -> None:
        gate.wait()
        found["outcome"] = publish(held, rival, "rival@x").outcome

    def reads() -> None:
        gate.wait()
        found["read"] = [len(look(held.released, "from indicator_state")) for _ in range(20)]

    threads = [threading.Thread(target=work) for work in (look_ahead, publishes, reads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found["outcome"] == "published"
    assert found["preview"] == [expected] * 3
    assert len(set(found["read"])) == 1


# --- row by row -----------------------------------------------------------------------------------


def previewed(store: Store, extract: str, rows: Any, **declared: Any) -> Preview:
    return preview_of(store, check(store, upload(extract, rows, **declared)))


def test_rows_by_borough_with_nil_returns(held: Store) -> None:
    rows = [referral(referrals=10), referral(source="8")]
    found = previewed(held, "referrals", rows, covers=[BRENT])
    hackney, brent = found.pairs
    assert (hackney.replaces, hackney.replaced_rows, hackney.rows) == ("referrals-00005", 2, 2)
    assert hackney.replaced_by == "lead@hackney.example"
    assert hackney.count == Count(added=1, changed=1, unchanged=0, gone=1)
    assert (brent.replaces, brent.nil_return, brent.count) == (None, True, Count())
    (row,) = found.changed_rows
    assert row.cells == {"referrals": (9, 10)}
    assert row.key["source"] == "6"
    assert found.count == Count(1, 1, 0, 1)


def test_schools_that_drop_out_and_those_that_an_update_keeps(held: Store) -> None:
    found = previewed(held, "police_engagement", REVISED)
    assert found.dropping_out == (
        {
            "quarter": "2026-Q3",
            "borough_code": HACKNEY,
            "urn": 100003,
            "school_name": "School 100003",
        },
    )
    kept = previewed(held, "police_engagement", REVISED, mode="update")
    assert kept.dropping_out == ()
    (pair,) = kept.pairs
    assert (pair.rows, pair.carried, pair.count) == (4, 1, Count(1, 2, 1, 0))


def test_rows_are_shown_of_the_boroughs_that_may_be_seen(held: Store) -> None:
    rows = [engagement(urn=100001, visits=9), engagement(urn=100011, visits=9)]
    prepared = check(held, upload("police_engagement", rows))
    shown = preview_of(held, prepared, shown_for=[BROMLEY])
    assert [row.borough_code for row in shown.changed_rows] == [BROMLEY]
    assert shown.changed_in_all == 1
    assert shown.count.changed == 2


def test_a_register_and_published_years_are_compared_too(held: Store) -> None:
    rows = [row for row in tiny_register() if row["URN"] != 100001]
    rows[0] = rows[0] | {"EstablishmentName": "Renamed"}
    found = previewed(held, "schools", rows, as_at=REGISTERED)
    assert found.count == Count(added=0, changed=1, unchanged=16, gone=1)
    # An earlier download does not replace a later one of the same quarter.
    early = previewed(held, "schools", rows, as_at=date(2026, 4, 1))
    assert {pair.replaces for pair in early.pairs} == {None}
    people = [{"borough": "Hackney", "year": 2024, "age_group": "0-17", "residents": 60_000}]
    publish_csv(held, "population", people)
    more = [people[0] | {"residents": 61_000}, people[0] | {"year": 2025}]
    years = previewed(held, "population", more)
    assert [(p.quarter, p.count) for p in years.pairs] == [
        (years.pairs[0].quarter, Count(changed=1)),
        (years.pairs[1].quarter, Count(added=1)),
    ]


def test_a_refused_upload_has_no_preview(held: Store) -> None:
    refused = check(held, upload("referrals", [referral(referrals=-1)]))
    for look_at in (preview_of, late_revisions):
        with pytest.raises(ValueError, match="refused upload"):
            look_at(held, refused)


# --- late -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extract", "quarter", "first"),
    [
        # Provisional for two quarters after its own.
        ("referrals", "2026-Q1", date(2026, 10, 1)),
        # Due 45 days after the quarter's end, which is the last day to correct it.
        ("training", "2026-Q2", date(2026, 8, 15)),
        ("message_log", "2026-Q2", date(2026, 7, 1)),
    ],
)
def test_from_when_on_a_quarter_is_final(extract: str, quarter: str, first: date) -> None:
    assert final_since(extract, quarter, first) == first
    assert final_since(extract, quarter, date.fromordinal(first.toordinal() - 1)) is None


def test_a_register_is_never_final() -> None:
    assert final_since("schools", "2020-Q1", TODAY) is None


def late(store: Store, rows: Any, **declared: Any) -> list[str]:
    prepared = check(store, upload("police_engagement", rows, **declared))
    found = late_revisions(store, prepared)
    assert found == list(preview_of(store, prepared).late)
    return [late_in_words(pair) for pair in found]


def of_q2(**values: Any) -> dict[str, Any]:
    return engagement(quarter="2026-Q2", last_contact_month="2026-05", **values)


def test_what_revises_a_final_quarter_is_late(held: Store) -> None:
    stood = [
        of_q2(urn=100001),
        engagement(quarter="2026-Q2", urn=100002, level="none", last_contact_month=""),
        of_q2(urn=100003),
    ]
    assert late(held, [of_q2(urn=100001, visits=7), *stood[1:]]) == [
        "it revises what stood for 2026-Q2, Hackney, which was final from 15 August 2026 on: "
        "1 row changed"
    ]
    assert late(held, stood[:1]) == [
        "it revises what stood for 2026-Q2, Hackney, which was final from 15 August 2026 on: "
        "2 rows gone"
    ]
    # What is added beside what stood revises nothing, nor does saying the same again.
    assert late(held, [*stood, of_q2(urn=100004)]) == []
    assert late(held, stood) == []
    # The third quarter is not due yet, and nothing of Brent stands.
    assert late(held, [engagement(visits=9)]) == []
    assert late(held, [of_q2(urn=100021)]) == []


def test_a_nil_return_that_is_taken_back_is_late(held: Store) -> None:
    early = referral(quarter="2025-Q1")
    publish_csv(held, "referrals", [early], covers=[BRENT])
    rows = [early, early | {"borough": "Brent"}]
    (pair,) = late_revisions(held, check(held, upload("referrals", rows)))
    assert late_in_words(pair).endswith("final from 1 October 2025 on: a nil return becomes rows")
    nil = check(held, upload("referrals", [early | {"borough": "Brent"}], covers=[HACKNEY]))
    said = [late_in_words(pair) for pair in late_revisions(held, nil)]
    assert [words.rpartition(": ")[2] for words in said] == [
        "a nil return becomes rows",
        "it becomes a nil return",
    ]


# --- afterwards -----------------------------------------------------------------------------------


def named(store: Store, submission_id: str) -> dict[str, Any]:
    return next(row for row in history(store) if row["submission_id"] == submission_id)


def test_old_new_and_why_are_told_afterwards(held: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = check(held, upload("police_engagement", [of_q2(urn=100001, visits=7)]))
    preview = preview_of(held, prepared)
    set_clock(monkeypatch, "2026-10-15T09:30:00")
    done = publish(held, prepared, "lead@x", why="one visit was counted twice")
    (pair,) = revision_of(held, named(held, done.submission_id)).pairs
    (before,) = preview.pairs
    assert pair.count == before.count == Count(changed=1, gone=2)
    assert (pair.replaces, pair.replaced_rows) == ("police_engagement-00002", 3)
    assert pair.why == "one visit was counted twice"
    assert pair.late
    assert pair.final_since == date(2026, 8, 15)
    assert revision_of(held, named(held, done.submission_id)).changed_rows == preview.changed_rows
    # Later steps do not change what it changed when it came.
    publish_csv(held, "police_engagement", [of_q2(urn=100001)], by="other@x")
    withdraw(held, done.submission_id, "lead@x", "a mistake")
    (again,) = revision_of(held, named(held, done.submission_id)).pairs
    assert again == pair


def test_a_first_submission_revised_nothing(held: Store) -> None:
    assert revision_of(held, named(held, "police_engagement-00002")).pairs == ()


def test_the_reason_of_an_offer_stays_with_what_is_accepted(held: Store) -> None:
    rows = [engagement(urn=100001, visits=9)]
    prepared = check(held, upload("police_engagement", rows))
    offered = publish(held, prepared, "police@x", for_boroughs=(), why="visits were missing")
    assert revision_of(held, named(held, offered.submission_id)).pairs == ()
    accept(held, offered.submission_id, "lead@x", [HACKNEY])
    (pair,) = revision_of(held, named(held, offered.submission_id)).pairs
    assert (pair.replaces, pair.why) == ("police_engagement-00003", "visits were missing")


def test_what_was_withdrawn_before_is_not_what_stood(held: Store) -> None:
    first = publish_csv(held, "training", [course(staff_trained=0)])
    withdraw(held, first.submission_id, "lead@x", "a draft")
    second = publish_csv(held, "training", [course()])
    (pair,) = revision_of(held, named(held, second.submission_id)).pairs
    assert pair.replaces == "training-00004"


# --- in words -------------------------------------------------------------------------------------


def test_moves_are_told_by_quarter_and_indicator() -> None:
    def move(before: str | None, after: str | None, schools: int, borough: str = HACKNEY) -> Move:
        return Move("2026-Q3", "police_engagement", borough, before, after, schools)

    assert moves_in_words(
        [
            move("gap", "met", 2),
            move("gap", "met", 1, BRENT),
            move("met", "gap", 1),
            move("met", "unknown", 2),
            move(None, "not_applicable", 1),
            move("gap", None, 1),
        ]
    ) == [
        {
            "quarter": "2026-Q3",
            "indicator": "Police engagement",
            "schools": "3 gap → met, 2 met → unknown, 1 met → gap, 1 come in as not applicable, "
            "1 leave, were gap",
        }
    ]


def test_a_preview_in_lines(held: Store) -> None:
    prepared: Prepared = check(held, upload("police_engagement", REVISED))
    assert told(as_answer(preview_of(held, prepared))) == [
        "2026-Q3, Hackney: 3 rows (1 added, 2 changed, 0 unchanged, 1 gone), replacing "
        "police_engagement-00003 by lead@hackney.example",
        "2026-Q3, Hackney, 100001: level named contact → none; last_contact_month 2026-09 → blank",
        "2026-Q3, Hackney, 100002: level none → embedded; last_contact_month blank → 2026-09",
        "2026-Q3: 100003 School 100003 drops out",
        "2026-Q3, Police engagement: 1 gap → met, 1 met → gap, 1 unknown → met",
    ]
