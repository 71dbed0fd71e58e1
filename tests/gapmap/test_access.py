"""Who may do what, and which store answers whom."""

import pytest

from gapmap.access import EXECUTIVE, ROLE_NAMES, ROLES, Viewer, database_for
from gapmap.contract import contracts
from gapmap.store import Store
from tests.uploads import BRENT, BROMLEY, HACKNEY

REGISTER, TRAINING = contracts()["schools"], contracts()["training"]
OF_HACKNEY = frozenset({HACKNEY})


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
    contributor = Viewer("contributor", frozenset({HACKNEY, BROMLEY}))
    assert contributor.may_submit(TRAINING, {HACKNEY})
    assert not contributor.may_submit(TRAINING, {HACKNEY, BRENT})
    assert contributor.publishes_for == frozenset()


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
        (Viewer("contributor", frozenset({HACKNEY})), "police_engagement", {HACKNEY}, None),
        (Viewer("contributor", frozenset({HACKNEY})), "training", set(), None),
        (Viewer("contributor", frozenset({HACKNEY})), "lado", set(), set()),
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
