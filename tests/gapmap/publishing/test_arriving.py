"""Rows come before what is noted of them; nobody reads them till then, and none stays alone."""

from __future__ import annotations

from typing import Any

import pytest

from gapmap.publishing import submission
from gapmap.publishing.standing import Touched, bring_up_to_date
from gapmap.publishing.submission import publish
from gapmap.stores.store import Store
from tests.uploads import check, contents, look, publish_csv, referral, upload


def ids_of_rows(store: Store) -> list[str]:
    return [row["submission_id"] for row in look(store.exact, "select * from referrals")]


def cut_off(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish, killed between the rows and their notes: nothing is tidied up."""
    with monkeypatch.context() as crash:
        crash.setattr("gapmap.publishing.arriving._take_away", lambda *_: None)
        crash.setattr(submission, "restate", failing)
        with pytest.raises(ZeroDivisionError):
            publish_csv(store, "referrals", [referral(), referral(source="1A")])


def failing(*_: Any) -> Touched:
    raise ZeroDivisionError


def test_rows_that_no_submission_names_are_taken_away_at_the_next_start(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(store.exact)
    cut_off(store, monkeypatch)
    assert ids_of_rows(store) == ["referrals-00002"] * 2
    bring_up_to_date(store)
    assert contents(store.exact) == before


def test_another_attempt_doubles_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off(store, monkeypatch)
    published = publish_csv(store, "referrals", [referral()])
    assert ids_of_rows(store) == [published.submission_id]


def test_a_publication_that_fails_takes_its_rows_with_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_csv(store, "referrals", [referral(referrals=3)])
    before = contents(store.exact)
    monkeypatch.setattr(submission, "restate", failing)
    with pytest.raises(ZeroDivisionError):
        publish_csv(store, "referrals", [referral(referrals=4)])
    assert contents(store.exact) == before


def test_what_came_is_read_only_once_it_is_noted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_csv(store, "referrals", [referral(referrals=3)])
    prepared = check(store, upload("referrals", [referral(referrals=4)]))
    seen: list[Any] = []
    restate = submission.restate

    def looked(*given: Any) -> Touched:
        sql = (
            "select value from figure "
            "where measure = 'referrals' and level = 'london' and breakdown = 'total'"
        )
        seen.append((len(ids_of_rows(store)), look(store.exact, sql)))
        return restate(*given)

    monkeypatch.setattr(submission, "restate", looked)
    publish(store, prepared, "lead@hackney.example")
    assert seen == [(2, [{"value": 3}])]
