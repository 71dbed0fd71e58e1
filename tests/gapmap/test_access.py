"""Who may do what, and which store answers whom."""

import pytest

from gapmap.access import (
    EXECUTIVE,
    ROLE_NAMES,
    ROLES,
    NotAllowed,
    Viewer,
    database_for,
    narrowed,
    require_submission,
)
from gapmap.contract import contracts
from gapmap.stores.store import Store
from tests.uploads import BRENT, BROMLEY, HACKNEY

REGISTER, TRAINING = contracts()["schools"], contracts()["training"]
OF_HACKNEY = frozenset({HACKNEY})
POLICE = Viewer("contributor", OF_HACKNEY, frozenset({"police_engagement"}))


def test_every_role_has_a_name() -> None:
    assert set(ROLE_NAMES) == set(ROLES)
    assert len(ROLES) == 5
    assert EXECUTIVE.name == "Executive member"


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("executive", False),
        ("analyst", False),
        ("lead", True),
        ("contributor", True),
        ("administrator", True),
    ],
)
def test_who_may_upload(role: str, may: bool) -> None:
    assert Viewer(role).may_upload is may  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ROLES)
def test_who_may_withdraw(role: str) -> None:
    may = Viewer(role).may_withdraw  # type: ignore[arg-type]
    assert may is (role in ("lead", "administrator"))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("boroughs", [frozenset(), OF_HACKNEY])
def test_only_the_own_lead_is_answered_from_the_exact_store(
    lasting_empty: Store, role: str, boroughs: frozenset[str]
) -> None:
    viewer = Viewer(role, boroughs)  # type: ignore[arg-type]
    own = role == "lead" and bool(boroughs)
    assert viewer.leads(HACKNEY) is own
    answering = database_for(lasting_empty, viewer, HACKNEY)
    assert answering is (lasting_empty.exact if own else lasting_empty.released)
    # Of other boroughs, and of London, everybody has the released figures.
    assert database_for(lasting_empty, viewer, BROMLEY) is lasting_empty.released
    assert database_for(lasting_empty, viewer, None) is lasting_empty.released


def test_the_register_is_an_administrators() -> None:
    assert Viewer("administrator").may_submit(REGISTER, {HACKNEY, BRENT})
    assert not Viewer("lead", frozenset({HACKNEY, BRENT})).may_submit(REGISTER, {HACKNEY})
    assert not Viewer("contributor", OF_HACKNEY).may_submit(REGISTER, {HACKNEY})


def test_a_lead_submits_what_covers_an_own_borough() -> None:
    lead = Viewer("lead", OF_HACKNEY)
    assert lead.may_submit(TRAINING, {HACKNEY})
    assert not lead.may_submit(TRAINING, {BROMLEY})
    # The other borough's lead accepts that part of it.
    assert lead.may_submit(TRAINING, {HACKNEY, BROMLEY})
    assert lead.publishes_for == {HACKNEY}


def test_a_contributor_submits_for_own_boroughs_alone_and_publishes_for_none() -> None:
    contributor = Viewer("contributor", frozenset({HACKNEY, BROMLEY}), frozenset({"training"}))
    assert contributor.may_submit(TRAINING, {HACKNEY})
    assert not contributor.may_submit(TRAINING, {HACKNEY, BRENT})
    assert contributor.publishes_for == frozenset()


def test_a_contributor_submits_its_own_extracts_alone() -> None:
    police = Viewer("contributor", OF_HACKNEY, frozenset({"police_engagement"}))
    assert police.may_submit(contracts()["police_engagement"], {HACKNEY})
    assert not police.may_submit(TRAINING, {HACKNEY})
    assert not police.may_submit(REGISTER, {HACKNEY})
    assert not Viewer("contributor", OF_HACKNEY).may_submit(TRAINING, {HACKNEY})
    assert not Viewer("contributor", OF_HACKNEY, frozenset({"schools"})).may_submit(REGISTER, {})


def test_an_administrator_publishes_for_all() -> None:
    assert Viewer("administrator").publishes_for is None


@pytest.mark.parametrize("role", ["executive", "analyst"])
def test_others_submit_nothing(role: str) -> None:
    viewer = Viewer(role, OF_HACKNEY)  # type: ignore[arg-type]
    assert not viewer.may_submit(TRAINING, {HACKNEY})
    assert viewer.publishes_for == frozenset()


def test_who_may_see_who_submitted() -> None:
    assert Viewer("administrator").may_see_submission(["Brent"], [])
    lead = Viewer("lead", OF_HACKNEY)
    assert lead.may_see_submission(["Brent", "Hackney"], ["Hackney"])
    assert not lead.may_see_submission(["Brent"], ["Hackney"])
    assert not Viewer("executive").may_see_submission(["Hackney"], ["Hackney"])


def test_a_viewer_is_a_key_of_a_cache() -> None:
    assert Viewer("lead", OF_HACKNEY) == Viewer("lead", frozenset([HACKNEY]))
    assert len({Viewer("lead", OF_HACKNEY), Viewer("lead"), EXECUTIVE}) == 3


@pytest.mark.parametrize(
    ("viewer", "extract", "rows", "schools"),
    [
        (Viewer("lead", frozenset({HACKNEY})), "referrals", {HACKNEY}, {HACKNEY}),
        (Viewer("lead", frozenset({HACKNEY})), "training", {HACKNEY}, None),
        (POLICE, "police_engagement", {HACKNEY}, None),
        (POLICE, "message_log", set(), set()),
        (POLICE, "training", set(), None),
        (Viewer("contributor", OF_HACKNEY, frozenset({"lado"})), "lado", set(), set()),
        (POLICE, "schools", set(), set()),
        (Viewer("administrator"), "referrals", set(), set()),
        (Viewer("administrator"), "testimonies", set(), set()),
        (Viewer("administrator"), "police_engagement", None, None),
        (Viewer("administrator"), "schools", None, None),
        (Viewer("executive"), "police_engagement", set(), set()),
        (Viewer("analyst"), "training", set(), set()),
    ],
)
def test_rows_that_stand_are_seen_by_those_whose_they_are(
    viewer: Viewer, extract: str, rows: set[str] | None, schools: set[str] | None
) -> None:
    contract = contracts()[extract]
    assert viewer.rows_seen(contract) == rows
    assert viewer.schools_seen(contract) == schools


# --- scope, whatever a page says -----------------------------------------------------------------


def test_a_submission_of_anothers_borough_is_refused() -> None:
    require_submission(Viewer("lead", OF_HACKNEY), TRAINING, {HACKNEY})
    for viewer, contract in (
        (Viewer("lead", frozenset({BRENT})), TRAINING),
        (Viewer("lead"), TRAINING),
        (POLICE, TRAINING),
        (Viewer("lead", OF_HACKNEY), REGISTER),
        (EXECUTIVE, TRAINING),
    ):
        with pytest.raises(NotAllowed, match="for others to submit"):
            require_submission(viewer, contract, {HACKNEY})


@pytest.mark.parametrize("action", ["publish", "accept", "withdraw", "reinstate"])
def test_a_step_is_narrowed_to_the_own_boroughs(action: str) -> None:
    lead = Viewer("lead", OF_HACKNEY)
    assert narrowed(lead, action, TRAINING, None) == OF_HACKNEY
    assert narrowed(lead, action, TRAINING, [HACKNEY]) == [HACKNEY]
    administrator = Viewer("administrator")
    assert narrowed(administrator, action, REGISTER, None) is None
    assert narrowed(administrator, action, TRAINING, [BRENT]) == [BRENT]
    with pytest.raises(NotAllowed, match=f"not yours to {action} for {BROMLEY}"):
        narrowed(lead, action, TRAINING, [HACKNEY, BROMLEY])
    with pytest.raises(NotAllowed, match="School register is London's"):
        narrowed(lead, action, REGISTER, None)
    for nobody in (EXECUTIVE, POLICE, Viewer("lead"), Viewer("analyst", OF_HACKNEY)):
        with pytest.raises(NotAllowed):
            narrowed(nobody, action, TRAINING, None)


def test_the_question_decides_too(lasting_empty: Store) -> None:
    lead = Viewer("lead", OF_HACKNEY)
    exact, released = lasting_empty.exact, lasting_empty.released
    assert database_for(lasting_empty, lead, HACKNEY, "referrals/by_quarter") is exact
    # Who submitted stands in the exact store; the screens' question of it is answered for all.
    assert database_for(lasting_empty, lead, HACKNEY, "submissions/standing") is released
    for question in ("archive/rows", "store/version", "nonsense/x", "nonsense"):
        with pytest.raises(NotAllowed, match="not answered"):
            database_for(lasting_empty, lead, HACKNEY, question)
