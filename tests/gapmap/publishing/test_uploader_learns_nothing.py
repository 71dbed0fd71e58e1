"""A file is no way to ask what others' exact figures are, one trial after the other."""

from __future__ import annotations

from datetime import date

import pytest

from gapmap.access import Viewer
from gapmap.publishing.comparison import Count
from gapmap.publishing.revision import Preview, preview_of, revision_of
from gapmap.publishing.revision_words import late_in_words
from gapmap.publishing.submission import history, publish
from gapmap.stores.store import Store
from tests.uploads import BROMLEY, HACKNEY, check, engagement, publish_csv, referral, upload

LEAD = Viewer("lead", frozenset({HACKNEY}))
CONTRIBUTOR = Viewer("contributor", frozenset({HACKNEY, BROMLEY}), frozenset({"referrals"}))
ADMINISTRATOR = Viewer("administrator")
# Of the quarter before: what nobody but each borough's own lead may know.
SECRET = {HACKNEY: 41, BROMLEY: 37}


@pytest.fixture
def held(store: Store) -> Store:
    for borough, referrals in SECRET.items():
        row = referral(quarter="2026-Q2", borough=borough, referrals=referrals)
        publish_csv(store, "referrals", [row])
    return store


def trial(quarter: str, **guesses: int) -> list[dict[str, object]]:
    """A file with a row for each borough."""
    codes = {"hackney": HACKNEY, "bromley": BROMLEY}
    return [
        referral(quarter=quarter, borough=codes[name], referrals=guess)
        for name, guess in guesses.items()
    ]


def warned(store: Store, viewer: Viewer | None) -> list[str]:
    rows = trial("2026-Q3", hackney=900, bromley=900)
    prepared = check(store, upload("referrals", rows), viewer=viewer)
    assert not prepared.refused
    return [issue.message for issue in prepared.issues]


def test_a_warning_tells_a_figure_to_the_boroughs_own_lead_alone(held: Store) -> None:
    hackney = "Hackney has 900 referrals in 2026-Q3, after 41 in 2026-Q2"
    bromley = "Bromley has 900 referrals in 2026-Q3, after 37 in 2026-Q2"
    assert warned(held, None) == [hackney, bromley]  # the operator of the machine
    assert warned(held, LEAD) == [hackney]
    # Whether it comes at all would give the figure away, number after number.
    assert warned(held, CONTRIBUTOR) == []
    assert warned(held, ADMINISTRATOR) == [
        f"the referrals of {name} are far from those of the quarter before"
        for name in ("Hackney", "Bromley")
    ]


def test_what_may_be_accepted_is_what_was_told(held: Store) -> None:
    rows = trial("2026-Q3", hackney=900, bromley=900)
    prepared = check(held, upload("referrals", rows), viewer=LEAD)
    assert prepared.issues.counts("warning") == {"referrals_moved": 1}


def preview(store: Store, viewer: Viewer, **guesses: int) -> Preview:
    prepared = check(store, upload("referrals", trial("2026-Q2", **guesses)), viewer=viewer)
    return preview_of(
        store,
        prepared,
        for_boroughs=viewer.publishes_for,
        shown_for=viewer.rows_seen(prepared.contract),
    )


@pytest.mark.parametrize("viewer", [LEAD, CONTRIBUTOR, ADMINISTRATOR], ids=lambda one: one.role)
def test_a_preview_is_the_same_whether_a_guess_is_right_or_wrong(
    held: Store, viewer: Viewer
) -> None:
    right = preview(held, viewer, hackney=1, bromley=SECRET[BROMLEY])
    wrong = preview(held, viewer, hackney=1, bromley=SECRET[BROMLEY] + 1)
    assert right == wrong
    bromley = next(pair for pair in right.pairs if pair.borough_code == BROMLEY)
    assert not bromley.told
    assert bromley.count == Count()
    assert bromley.revises


def test_a_lead_is_told_what_changes_of_the_own(held: Store) -> None:
    found = preview(held, LEAD, hackney=SECRET[HACKNEY], bromley=1)
    hackney = next(pair for pair in found.pairs if pair.borough_code == HACKNEY)
    assert hackney.told
    assert hackney.count == Count(unchanged=1)
    assert not hackney.revises


def test_what_is_not_told_is_revised_with_a_reason(held: Store) -> None:
    rows = trial("2026-Q2", hackney=1, bromley=SECRET[BROMLEY])
    late = date(2027, 8, 1)
    prepared = check(held, upload("referrals", rows), today=late, viewer=LEAD)
    seen = LEAD.rows_seen(prepared.contract)
    found = preview_of(held, prepared, for_boroughs=LEAD.publishes_for, shown_for=seen)
    told = {pair.borough_code: late_in_words(pair) for pair in found.late}
    assert told[HACKNEY].endswith("1 row changed")
    assert told[BROMLEY].endswith("by how much, the borough's own lead is told")


def test_nor_is_it_told_afterwards(held: Store) -> None:
    rows = trial("2026-Q2", hackney=1, bromley=SECRET[BROMLEY])
    publish(held, check(held, upload("referrals", rows)), "somebody", viewer=ADMINISTRATOR, why="-")
    newest = history(held, "referrals")[0]
    found = revision_of(held, newest, LEAD.boroughs)
    told = {pair.borough_code: (pair.told, pair.count) for pair in found.pairs}
    assert told == {HACKNEY: (True, Count(changed=1)), BROMLEY: (False, Count())}


def test_what_is_not_about_people_is_counted_for_all(store: Store) -> None:
    publish_csv(store, "police_engagement", [engagement(urn=100001, visits=2)])
    rows = [engagement(urn=100001, visits=3)]
    prepared = check(store, upload("police_engagement", rows), viewer=ADMINISTRATOR)
    found = preview_of(store, prepared, shown_for=frozenset())
    assert [pair.count for pair in found.pairs] == [Count(changed=1)]
