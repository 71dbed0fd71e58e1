"""A file for several boroughs, accepted borough by borough by each lead."""

import pytest

from gapmap.publishing.comparison import Count
from gapmap.publishing.revision import offer_of
from gapmap.publishing.submission import (
    NoSuchSubmission,
    accept,
    current,
    history,
    pairs_of,
    publish,
    reinstate,
    withdraw,
)
from gapmap.stores.store import Store
from tests.uploads import BRENT, BROMLEY, HACKNEY, check, referral, upload

BY = "lead@hackney.example"


def boroughs_standing(store: Store) -> set[str]:
    return {row["borough_code"] for row in current(store, "referrals")}


def last_events(store: Store, submission_id: str) -> dict[str, str]:
    return {p["borough_code"]: p["last_event"] for p in pairs_of(store, submission_id)}


def offer(store: Store, *for_boroughs: str, referrals: int = 9) -> str:
    """Publish one referral row for each of three boroughs, at once only for `for_boroughs`."""
    rows = [referral(borough=code, referrals=referrals) for code in (HACKNEY, BROMLEY, BRENT)]
    prepared = check(store, upload("referrals", rows))
    assert not prepared.refused, list(prepared.issues)
    return publish(store, prepared, BY, for_boroughs=for_boroughs).submission_id


def test_it_stands_only_where_the_lead_published(store: Store) -> None:
    offered = offer(store, HACKNEY)
    assert boroughs_standing(store) == {HACKNEY}
    assert last_events(store, offered) == {
        HACKNEY: "published",
        BROMLEY: "offered",
        BRENT: "offered",
    }
    assert history(store)[0]["standing"] == "partly current"


def test_each_lead_accepts_the_own_part(store: Store) -> None:
    offered = offer(store)
    assert history(store)[0]["standing"] == "offered"
    accept(store, offered, "lead@brent.example", [BRENT])
    assert boroughs_standing(store) == {BRENT}
    accept(store, offered, "lead@bromley.example", [BROMLEY])
    assert boroughs_standing(store) == {BRENT, BROMLEY}


def test_a_lead_sees_what_an_offer_would_change(store: Store) -> None:
    offer(store, HACKNEY, BROMLEY, referrals=20)
    offered = history(store)[0] if offer(store, HACKNEY, referrals=9) else {}
    found = offer_of(store, offered, {BROMLEY, HACKNEY})
    (pair,) = found.pairs  # Hackney's is published already
    assert (pair.borough_code, pair.count, pair.replaced_rows) == (BROMLEY, Count(changed=1), 1)
    (row,) = found.changed_rows
    assert row.cells == {"referrals": (20, 9)}
    # Where nothing stood, all of it is added.
    (first,) = offer_of(store, offered, {BRENT}).pairs
    assert (first.replaces, first.count) == (None, Count(added=1))
    # Counts about children are another borough's own lead's.
    assert not offer_of(store, offered, {BROMLEY}, {HACKNEY}).changed_rows
    accept(store, offered["submission_id"], BY, [BROMLEY])
    assert offer_of(store, offered, {BROMLEY}).pairs == ()


def test_nothing_is_accepted_twice(store: Store) -> None:
    offered = offer(store, HACKNEY)
    with pytest.raises(NoSuchSubmission, match=r"nothing of .* is offered"):
        accept(store, offered, BY, [HACKNEY])
    assert boroughs_standing(store) == {HACKNEY}


def test_the_same_bytes_are_not_offered_twice(store: Store) -> None:
    offered = offer(store, HACKNEY)
    assert offer(store, HACKNEY) == offered
    assert [row["extract"] for row in history(store)] == ["referrals", "schools"]


def test_what_stood_goes_on_until_the_offer_is_accepted(store: Store) -> None:
    first = offer(store, HACKNEY, BROMLEY, BRENT, referrals=9)
    second = offer(store, HACKNEY, referrals=20)
    of = {row["borough_code"]: row["submission_id"] for row in current(store, "referrals")}
    assert of == {HACKNEY: second, BROMLEY: first, BRENT: first}


def test_one_lead_withdraws_the_own_part_alone(store: Store) -> None:
    published = offer(store, HACKNEY, BROMLEY, BRENT)
    withdraw(store, published, BY, "wrong month", for_boroughs=[HACKNEY])
    assert boroughs_standing(store) == {BROMLEY, BRENT}
    reinstate(store, published, BY, for_boroughs=[HACKNEY])
    assert boroughs_standing(store) == {HACKNEY, BROMLEY, BRENT}


def test_undoing_a_withdrawal_offers_again_what_was_only_offered(store: Store) -> None:
    offered = offer(store, HACKNEY)
    withdraw(store, offered, BY, "wrong file")
    assert boroughs_standing(store) == set()
    reinstate(store, offered, BY)
    assert boroughs_standing(store) == {HACKNEY}
    assert last_events(store, offered)[BRENT] == "offered"
