"""The access table: who somebody is, from grants and from what the identity provider claims."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import permutations

import pytest

from gapmap.access import EXECUTIVE, NotAllowed, Viewer
from gapmap.gate.identity import Identity
from gapmap.office.access_table import GrantError, end, give, grants, viewer_for
from gapmap.office.office import Office, open_memory_office
from tests.uploads import BRENT, BROMLEY, HACKNEY

ISSUER = "https://login.example.org"
ADMINISTRATOR = Viewer("administrator")
FIRST = f"{ISSUER}|first"


@pytest.fixture
def office() -> Iterator[Office]:
    opened = open_memory_office()
    yield opened
    opened.close()


@dataclass
class Giving:
    """Gives roles as the first administrator does."""

    office: Office
    made: list[str] = field(default_factory=list)

    def __call__(self, holder: str, role: str, *boroughs: str, extracts: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
        return give(
            self.office,
            ADMINISTRATOR,
            FIRST,
            holder=holder,
            holder_name="Somebody",
            role=role,  # type: ignore[arg-type]
            boroughs=boroughs,
            extracts=extracts,
        )


@pytest.fixture
def giving(office: Office) -> Giving:
    return Giving(office)


def ann(*roles: str) -> Identity:
    return Identity(ISSUER, "ann", "Ann", roles)


# --- what the provider claims --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "viewer"),
    [
        ((), None),
        (("gapmap.executive",), EXECUTIVE),
        (("gapmap.analyst",), Viewer("analyst")),
        (("gapmap.administrator",), ADMINISTRATOR),
        ((f"gapmap.lead.{HACKNEY}",), Viewer("lead", frozenset({HACKNEY}))),
        (
            (f"gapmap.lead.{HACKNEY}", f"gapmap.lead.{BRENT}"),
            Viewer("lead", frozenset({HACKNEY, BRENT})),
        ),
        (
            (f"gapmap.contributor.{HACKNEY}.referrals",),
            Viewer("contributor", frozenset({HACKNEY}), frozenset({"referrals"})),
        ),
        # Held for nothing, or for what there is not: it gives nothing.
        (("gapmap.lead",), None),
        (("gapmap.contributor",), None),
        (("gapmap.lead.E09000099",), None),
        (("gapmap.lead.Hackney",), None),
        ((f"gapmap.lead.{HACKNEY}.referrals",), None),
        ((f"gapmap.contributor.{HACKNEY}",), None),
        ((f"gapmap.contributor.{HACKNEY}.schools",), None),
        ((f"gapmap.administrator.{HACKNEY}",), None),
        (("administrator", "Gapmap.administrator", "gapmap.Administrator", "gapmap."), None),
        (("gapmap.administrator ", "xgapmap.administrator", "other.administrator"), None),
    ],
)
def test_app_roles_give_what_they_say(
    office: Office, roles: tuple[str, ...], viewer: Viewer | None
) -> None:
    assert viewer_for(office, ann(*roles)) == viewer


def test_the_most_specific_app_role_counts_in_any_order(office: Office) -> None:
    every = (
        f"gapmap.lead.{HACKNEY}",
        f"gapmap.contributor.{BRENT}.referrals",
        "gapmap.administrator",
        "gapmap.analyst",
        "gapmap.executive",
    )
    for first in range(len(every)):
        wanted = viewer_for(office, ann(every[first]))
        for order in permutations(every[first:]):
            assert viewer_for(office, ann(*order)) == wanted


def test_contributors_get_no_extract_for_a_borough_that_was_not_given(office: Office) -> None:
    def contributor(*pairs: str) -> Viewer | None:
        return viewer_for(office, ann(*(f"gapmap.contributor.{pair}" for pair in pairs)))

    whole = [f"{b}.{e}" for b in (HACKNEY, BRENT) for e in ("lado", "referrals")]
    assert contributor(*whole) == Viewer(
        "contributor", frozenset({HACKNEY, BRENT}), frozenset({"lado", "referrals"})
    )
    for order in permutations(whole[:3]):  # Brent's referrals are missing
        found = contributor(*order)
        assert found is not None
        held = {f"{b}.{e}" for b in found.boroughs for e in found.extracts}
        assert held == {f"{HACKNEY}.lado", f"{BRENT}.lado"}


# --- what the table gives ------------------------------------------------------------------------


def test_a_grant_counts_at_once_and_until_it_is_ended(office: Office, giving: Giving) -> None:
    assert viewer_for(office, ann()) is None
    grant = giving(ann().key, "lead", HACKNEY, BROMLEY)
    assert viewer_for(office, ann()) == Viewer("lead", frozenset({HACKNEY, BROMLEY}))
    assert viewer_for(office, Identity(ISSUER, "anna", "Ann")) is None
    assert viewer_for(office, Identity(ISSUER + "/other", "ann", "Ann")) is None
    end(office, ADMINISTRATOR, FIRST, grant.grant_id)
    assert viewer_for(office, ann()) is None


def test_nothing_of_the_table_is_lost(office: Office, giving: Giving) -> None:
    grant = giving(ann().key, "contributor", HACKNEY, extracts=("referrals",))
    other = f"{ISSUER}|other administrator".replace(" ", "-")
    ended = end(office, ADMINISTRATOR, other, grant.grant_id)
    again = giving(ann().key, "analyst")
    newest, oldest = grants(office)
    assert (newest, oldest) == (again, ended)
    assert (oldest.boroughs, oldest.extracts) == ({HACKNEY}, {"referrals"})
    assert (grant.by_whom, ended.by_whom, ended.version) == (FIRST, other, 2)
    assert grant.ended_at is None
    assert ended.ended_at is not None
    assert ended.ended_at >= ended.valid_from == grant.valid_from
    held = office.database.ask("store/catalogue")
    assert "access_grant" in held["table_name"].to_pylist()


def test_the_persons_own_grant_comes_before_claims(office: Office, giving: Giving) -> None:
    giving(ann().key, "executive")
    assert viewer_for(office, ann("gapmap.administrator", f"gapmap.lead.{HACKNEY}")) == EXECUTIVE


def test_an_app_role_gets_its_boroughs_from_the_table(office: Office, giving: Giving) -> None:
    giving("gapmap.lead", "lead", HACKNEY)
    assert viewer_for(office, ann("gapmap.lead")) == Viewer("lead", frozenset({HACKNEY}))
    assert viewer_for(office, ann()) is None
    both = viewer_for(office, ann(f"gapmap.lead.{BRENT}", "gapmap.lead"))
    assert both == Viewer("lead", frozenset({HACKNEY, BRENT}))


def test_the_environment_names_the_first_administrator(office: Office) -> None:
    key = ann().key
    assert viewer_for(office, ann(), first_administrator=key) == ADMINISTRATOR
    assert viewer_for(office, ann(), first_administrator=f"{ISSUER}|bob") is None
    nameless = Identity("", "", "Nobody")
    assert viewer_for(office, nameless, first_administrator="") is None


# --- who edits it, and what it takes -------------------------------------------------------------


@pytest.mark.parametrize("role", ["executive", "lead", "contributor", "analyst"])
def test_only_an_administrator_edits_it(office: Office, giving: Giving, role: str) -> None:
    viewer = Viewer(role, frozenset({HACKNEY}), frozenset({"referrals"}))  # type: ignore[arg-type]
    grant = giving(ann().key, "analyst")
    with pytest.raises(NotAllowed):
        give(
            office,
            viewer,
            ann().key,
            holder=f"{ISSUER}|bob",
            holder_name="Bob",
            role="administrator",
        )
    with pytest.raises(NotAllowed):
        end(office, viewer, ann().key, grant.grant_id)
    assert grants(office) == [grant]


@pytest.mark.parametrize(
    ("holder", "role", "boroughs", "extracts", "said"),
    [
        ("ann@example.org", "analyst", (), (), "the holder must be"),
        ("ann", "analyst", (), (), "the holder must be"),
        (f"{ISSUER}|", "analyst", (), (), "the holder must be"),
        (f"{ISSUER}|a b", "analyst", (), (), "the holder must be"),
        (f"{ISSUER}|a|b", "analyst", (), (), "the holder must be"),
        ("other.role", "analyst", (), (), "the holder must be"),
        (f"{ISSUER}|{'x' * 400}", "analyst", (), (), "the holder must be"),
        (FIRST, "king", (), (), "'king' is no role"),
        (FIRST, "lead", (), (), "held for boroughs; name at least one"),
        (FIRST, "lead", (HACKNEY,), ("referrals",), "not held for extracts"),
        (FIRST, "lead", ("E09000099",), (), "there are no boroughs E09000099"),
        (FIRST, "contributor", (HACKNEY,), (), "held for extracts; name at least one"),
        (FIRST, "contributor", (HACKNEY,), ("schools",), "there are no extracts schools"),
        (FIRST, "analyst", (HACKNEY,), (), "not held for boroughs"),
        (FIRST, "administrator", (), ("referrals",), "not held for extracts"),
    ],
)
def test_a_wrong_grant_is_refused(
    office: Office,
    giving: Giving,
    holder: str,
    role: str,
    boroughs: tuple[str, ...],
    extracts: tuple[str, ...],
    said: str,
) -> None:
    with pytest.raises(GrantError, match=said):
        giving(holder, role, *boroughs, extracts=extracts)
    assert grants(office) == []


@pytest.mark.parametrize("name", ["", "  ", "ann@example.org", "a\nb", "x" * 81])
def test_a_name_is_a_name(office: Office, name: str) -> None:
    with pytest.raises(GrantError, match="the name must be"):
        give(office, ADMINISTRATOR, FIRST, holder=FIRST, holder_name=name, role="analyst")


def test_one_grant_to_a_holder_at_a_time(office: Office, giving: Giving) -> None:
    giving(ann().key, "analyst")
    with pytest.raises(GrantError, match="already; end it first"):
        giving(ann().key, "lead", HACKNEY)


def test_an_administrator_does_not_lock_the_own_door(office: Office, giving: Giving) -> None:
    own, other = giving(FIRST, "administrator"), giving(ann().key, "administrator")
    with pytest.raises(GrantError, match="what makes you an administrator"):
        end(office, ADMINISTRATOR, FIRST, own.grant_id)
    end(office, ADMINISTRATOR, FIRST, other.grant_id)
    with pytest.raises(GrantError, match="ended already"):
        end(office, ADMINISTRATOR, FIRST, other.grant_id)
    with pytest.raises(GrantError, match="no such grant"):
        end(office, ADMINISTRATOR, FIRST, "nonsense")
    assert [grant.grant_id for grant in grants(office) if grant.stands] == [own.grant_id]
