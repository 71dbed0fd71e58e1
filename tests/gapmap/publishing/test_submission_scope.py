"""A step of a submission is the viewer's own to take, whatever a page, a URL or a file says."""

import pytest

from gapmap.access import EXECUTIVE, NotAllowed, Viewer
from gapmap.publishing.submission import (
    accept,
    current,
    history,
    pairs_of,
    publish,
    reinstate,
    withdraw,
)
from gapmap.stores.store import Store
from tests.uploads import BRENT, BROMLEY, HACKNEY, check, referral, tiny_register, upload

BY = "somebody"
ADMINISTRATOR = Viewer("administrator")


def lead_of(*boroughs: str) -> Viewer:
    return Viewer("lead", frozenset(boroughs))


def contributor_of(*boroughs: str, extract: str = "referrals") -> Viewer:
    return Viewer("contributor", frozenset(boroughs), frozenset({extract}))


def send(store: Store, viewer: Viewer, *boroughs: str) -> str:
    """Publish one row of referrals for each borough; the submission's id."""
    prepared = check(store, upload("referrals", [referral(borough=code) for code in boroughs]))
    assert not prepared.refused, list(prepared.issues)
    return publish(store, prepared, BY, viewer=viewer).submission_id


def standing(store: Store) -> set[str]:
    return {row["borough_code"] for row in current(store, "referrals")}


def last_events(store: Store, submission_id: str) -> dict[str, str]:
    return {p["borough_code"]: p["last_event"] for p in pairs_of(store, submission_id)}


@pytest.mark.parametrize(
    "viewer",
    [
        lead_of(BRENT),
        lead_of(),
        EXECUTIVE,
        Viewer("analyst"),
        contributor_of(HACKNEY, extract="police_engagement"),
        contributor_of(BRENT),
    ],
    ids=str,
)
def test_another_boroughs_upload_is_refused_and_stores_nothing(
    store: Store, viewer: Viewer
) -> None:
    before = history(store)
    with pytest.raises(NotAllowed):
        send(store, viewer, HACKNEY)
    assert history(store) == before
    assert standing(store) == set()


def test_the_register_is_not_a_leads(store: Store) -> None:
    register = check(store, upload("schools", tiny_register()[:5]))
    for viewer in (lead_of(HACKNEY, BROMLEY, BRENT), contributor_of(HACKNEY, extract="schools")):
        with pytest.raises(NotAllowed):
            publish(store, register, BY, viewer=viewer)
    (register_held,) = history(store, "schools")
    with pytest.raises(NotAllowed, match="London's"):
        withdraw(store, register_held["submission_id"], BY, "a slip", viewer=lead_of(HACKNEY))
    withdraw(store, register_held["submission_id"], BY, "a slip", viewer=ADMINISTRATOR)


def test_what_a_role_may_not_publish_is_offered(store: Store) -> None:
    sent = send(store, lead_of(HACKNEY), HACKNEY, BROMLEY)
    assert last_events(store, sent) == {HACKNEY: "published", BROMLEY: "offered"}
    by_contributor = send(store, contributor_of(HACKNEY, BRENT), HACKNEY, BRENT)
    assert last_events(store, by_contributor) == {HACKNEY: "offered", BRENT: "offered"}
    assert standing(store) == {HACKNEY}
    assert set(last_events(store, send(store, ADMINISTRATOR, BRENT)).values()) == {"published"}


def test_only_the_own_part_is_accepted(store: Store) -> None:
    sent = send(store, lead_of(HACKNEY), HACKNEY, BROMLEY, BRENT)
    for viewer in (lead_of(HACKNEY), contributor_of(BROMLEY), EXECUTIVE, lead_of(BRENT)):
        with pytest.raises(NotAllowed):
            accept(store, sent, BY, [BROMLEY], viewer=viewer)
    with pytest.raises(NotAllowed):  # the own part does not carry another's along
        accept(store, sent, BY, [BROMLEY, BRENT], viewer=lead_of(BROMLEY))
    accept(store, sent, BY, [BROMLEY], viewer=lead_of(BROMLEY))
    assert standing(store) == {HACKNEY, BROMLEY}
    accept(store, sent, BY, [BRENT], viewer=ADMINISTRATOR)
    assert standing(store) == {HACKNEY, BROMLEY, BRENT}


def test_only_the_own_part_is_withdrawn_and_reinstated(store: Store) -> None:
    sent = send(store, ADMINISTRATOR, HACKNEY, BROMLEY)
    for viewer in (lead_of(BRENT), contributor_of(HACKNEY), EXECUTIVE):
        for_boroughs = [HACKNEY]
        with pytest.raises(NotAllowed):
            withdraw(store, sent, BY, "a slip", viewer=viewer, for_boroughs=for_boroughs)
    with pytest.raises(NotAllowed):
        withdraw(store, sent, BY, "a slip", viewer=lead_of(HACKNEY), for_boroughs=[BROMLEY])
    assert standing(store) == {HACKNEY, BROMLEY}
    withdraw(store, sent, BY, "a slip", viewer=lead_of(HACKNEY))  # without a list: the own alone
    assert standing(store) == {BROMLEY}
    with pytest.raises(NotAllowed):
        reinstate(store, sent, BY, viewer=lead_of(BROMLEY), for_boroughs=[HACKNEY])
    reinstate(store, sent, BY, viewer=lead_of(HACKNEY))
    assert standing(store) == {HACKNEY, BROMLEY}
    withdraw(store, sent, BY, "a slip", viewer=ADMINISTRATOR)
    assert standing(store) == set()
