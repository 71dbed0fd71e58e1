"""The access screen: an administrator gives roles and ends them; every change is noted."""

from datetime import UTC, datetime

import pytest

from gapmap.access import Role, Viewer
from gapmap.gate.admission import LOCAL_NAME
from gapmap.gate.identity import Identity
from gapmap.gate.sessions import Sessions
from gapmap.office.access_table import give, grants, viewer_for
from gapmap.office.audit_log import events
from gapmap.opened import the_office
from gapmap.ui.administration import session_panels
from tests.pages.conftest import Screen
from tests.uploads import BRENT, HACKNEY

pytestmark = pytest.mark.usefixtures("pages_store")
BEN = Identity("https://login.example.org", "ben", "Ben")
ANN = Identity("https://login.example.org", "ann", "Ann")
EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def access() -> Screen:
    return Screen("access").view_as("administrator")


def fill(screen: Screen, holder: str, name: str, role: str, times: int = 0) -> Screen:
    screen.app.text_input(key=f"grant_holder_{times}").set_value(holder)
    screen.app.text_input(key=f"grant_name_{times}").set_value(name)
    return screen.choose(f"grant_role_{times}", role)


def changes() -> list[tuple[str, str, str]]:
    found = events(the_office(), *EVER, what="access changed")
    return [(one["who"], one["on_what"], one["outcome"]) for one in reversed(found)]


def test_a_role_is_given_and_ended() -> None:
    screen = access()
    assert "Nobody was given a role here yet." in screen.words
    assert "No grant stands." in screen.words
    fill(screen, ANN.key, "Ann Other", "lead")
    screen.app.multiselect(key="grant_boroughs_0").set_value([HACKNEY, BRENT])
    screen.press("Give the role")
    (row,) = screen.rows()
    assert (row["Name"], row["Role"], row["Boroughs"], row["Extracts"]) == (
        "Ann Other",
        "Partnership data lead",
        "Brent, Hackney",
        "",
    )
    assert (row["Last changed by"], row["Ended (UTC)"]) == (LOCAL_NAME, "")
    assert viewer_for(the_office(), ANN) == Viewer("lead", frozenset({HACKNEY, BRENT}))
    assert screen.app.text_input(key="grant_holder_1").value == ""
    screen.press("End it")
    assert viewer_for(the_office(), ANN) is None
    assert "Nobody was given a role here yet." in screen.words
    screen.app.toggle(key="grants_ended").set_value(True)
    (row,) = screen.run().rows()
    assert row["Ended (UTC)"] != ""
    (grant,) = grants(the_office())
    on = f"grant {grant.grant_id} lead"
    assert changes() == [(LOCAL_NAME, on, "given"), (LOCAL_NAME, on, "ended")]


def test_a_contributor_is_given_extracts_too() -> None:
    screen = fill(access(), ANN.key, "Ann", "contributor")
    screen.app.multiselect(key="grant_boroughs_0").set_value([HACKNEY])
    screen.press("Give the role")
    assert "held for extracts; name at least one" in screen.app.error[0].value
    assert "schools" not in screen.app.multiselect(key="grant_extracts_0").options
    screen.app.multiselect(key="grant_extracts_0").set_value(["police_engagement"])
    screen.press("Give the role")
    assert viewer_for(the_office(), ANN) == Viewer(
        "contributor", frozenset({HACKNEY}), frozenset({"police_engagement"})
    )


@pytest.mark.parametrize(
    ("holder", "name", "said"),
    [
        ("ann@example.org", "Ann", "the holder must be"),
        (ANN.key, "ann@example.org", "the name must be"),
        ("", "", "the holder must be"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_given(holder: str, name: str, said: str) -> None:
    screen = fill(access(), holder, name, "analyst").press("Give the role")
    assert screen.app.error[0].value.startswith("Nothing was given: ")
    assert said in screen.app.error[0].value
    assert grants(the_office()) == []
    assert changes() == []


def test_a_grant_that_another_gave_can_be_ended() -> None:
    give(
        the_office(),
        Viewer("administrator"),
        "root",
        holder="gapmap.administrator",
        holder_name="Administrators",
        role="administrator",
    )
    screen = access()
    screen.press("End it")
    assert [grant.stands for grant in grants(the_office())] == [False]


@pytest.mark.parametrize("role", ["executive", "lead", "contributor", "analyst"])
def test_others_see_nothing_of_it(role: Role) -> None:
    give(
        the_office(),
        Viewer("administrator"),
        "root",
        holder=ANN.key,
        holder_name="Ann",
        role="analyst",
    )
    screen = Screen("access").view_as(role)
    assert "The access table is for administrators." in screen.words
    assert screen.frames == []
    assert "Ann" not in screen.words
    assert "Give the role" not in [one.label for one in screen.app.button]


# --- who is signed in ----------------------------------------------------------------------------


def test_local_mode_has_nobody_to_sign_out() -> None:
    assert "Signed in now" not in access().words


def test_somebody_is_signed_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions()
    tokens = {one.subject: sessions.begin(one) for one in (ANN, BEN)}
    sessions.begin(ANN)  # on another machine
    for name, what in (
        ("is_signed_in", lambda: True),
        ("everybody_signed_in", sessions.all),
        ("role_of", lambda session: "lead" if session.identity == ANN else None),
        ("sign_out_everywhere", sessions.revoke),
    ):
        monkeypatch.setattr(session_panels, name, what)
    screen = access()
    rows = screen.rows()
    assert [(row["Name"], row["Role"]) for row in rows] == [
        ("Ann", "Partnership data lead"),
        ("Ben", "no role"),
        ("Ann", "Partnership data lead"),
    ]
    screen.choose("person_to_sign_out", ANN.key).press("Sign out")
    assert [one.identity for one in sessions.all()] == [BEN]
    assert sessions.check(tokens["ann"]) is None
    assert changes() == [(LOCAL_NAME, f"sessions of {ANN.key}", "signed out")]
