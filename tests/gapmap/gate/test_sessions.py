"""How a session begins, lasts and ends, by a clock that the test moves."""

from datetime import UTC, datetime, timedelta

import pytest

from gapmap.gate.identity import Identity
from gapmap.gate.sessions import Ending, Session, Sessions

ADA = Identity("https://id.example.org", "ada", "Ada")
GRACE = Identity("https://id.example.org", "grace", "Grace")
MINUTE = timedelta(minutes=1)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


class Held:
    """Sessions, their clock, and how each that ended did."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.ended: list[tuple[str, Ending]] = []
        self.sessions = Sessions(self.clock, self._note)

    def _note(self, session: Session, how: Ending) -> None:
        self.ended.append((session.identity.subject, how))


@pytest.fixture
def held() -> Held:
    return Held()


def test_a_token_opens_its_own_session(held: Held) -> None:
    ada, grace = held.sessions.begin(ADA), held.sessions.begin(GRACE)
    first, second = held.sessions.check(ada), held.sessions.check(grace)
    assert first is not None
    assert second is not None
    assert (first.identity, second.identity) == (ADA, GRACE)
    assert len(ada) == 43  # 256 bits
    assert ada not in repr(vars(held.sessions))


@pytest.mark.parametrize("token", [None, "", "forged", "a" * 43])
def test_nothing_else_does(held: Held, token: str | None) -> None:
    held.sessions.begin(ADA)
    assert held.sessions.check(token) is None


def test_the_id_that_the_server_keeps_is_no_token(held: Held) -> None:
    held.sessions.begin(ADA)
    (session,) = held.sessions.all()
    assert held.sessions.check(session.id) is None


def test_it_ends_after_15_minutes_without_anything_done(held: Held) -> None:
    token = held.sessions.begin(ADA)
    held.clock.pass_by(15 * MINUTE - timedelta(seconds=1))
    assert held.sessions.check(token)
    held.clock.pass_by(15 * MINUTE)
    assert held.sessions.check(token) is None
    assert held.ended == [("ada", "expired")]


def test_looking_whether_it_lasts_keeps_it_no_longer(held: Held) -> None:
    token = held.sessions.begin(ADA)
    held.clock.pass_by(10 * MINUTE)
    assert held.sessions.check(token, active=False)
    held.clock.pass_by(5 * MINUTE)
    assert held.sessions.check(token, active=False) is None


def test_it_ends_after_8_hours_whatever_is_done(held: Held) -> None:
    token = held.sessions.begin(ADA)
    for _ in range(8 * 60 // 10 - 1):
        held.clock.pass_by(10 * MINUTE)
        assert held.sessions.check(token)
    held.clock.pass_by(10 * MINUTE)
    assert held.sessions.check(token) is None


def test_what_is_left(held: Held) -> None:
    token = held.sessions.begin(ADA)
    held.clock.pass_by(5 * MINUTE)
    session = held.sessions.check(token, active=False)
    assert session is not None
    assert held.sessions.left(session) == 10 * MINUTE


def test_signing_out_ends_it(held: Held) -> None:
    token, other = held.sessions.begin(ADA), held.sessions.begin(ADA)
    held.sessions.end(token)
    held.sessions.end(token)
    assert held.sessions.check(token) is None
    assert held.sessions.check(other)
    assert held.ended == [("ada", "signed-out")]


def test_a_person_is_signed_out_everywhere(held: Held) -> None:
    tokens = [held.sessions.begin(ADA), held.sessions.begin(ADA)]
    grace = held.sessions.begin(GRACE)
    assert held.sessions.revoke(ADA.key) == 2
    assert held.sessions.revoke(ADA.key) == 0
    assert [held.sessions.check(token) for token in tokens] == [None, None]
    assert held.sessions.check(grace)
    assert held.ended == [("ada", "revoked")] * 2


def test_all_lists_those_that_last(held: Held) -> None:
    held.sessions.begin(ADA)
    held.clock.pass_by(10 * MINUTE)
    held.sessions.begin(GRACE)
    assert [one.identity for one in held.sessions.all()] == [ADA, GRACE]
    held.clock.pass_by(6 * MINUTE)
    assert [one.identity for one in held.sessions.all()] == [GRACE]


def test_a_watcher_is_told_how_it_ends(held: Held) -> None:
    token = held.sessions.begin(ADA)
    session = held.sessions.check(token)
    assert session is not None
    told: list[Ending] = []
    held.sessions.watch(session, told.append)
    stop = held.sessions.watch(session, told.append)
    stop()
    held.sessions.revoke(ADA.key)
    assert told == ["revoked"]
    # One who comes late is told at once.
    held.sessions.watch(session, told.append)
    assert len(told) == 2


def test_a_screen_belongs_to_one_session(held: Held) -> None:
    ada, grace = held.sessions.begin(ADA), held.sessions.begin(GRACE)
    first, second = held.sessions.check(ada), held.sessions.check(grace)
    assert first is not None
    assert second is not None
    assert not held.sessions.owns_screen(first, "screen")
    assert held.sessions.claim_screen(first, "screen")
    assert held.sessions.claim_screen(first, "screen")
    assert not held.sessions.claim_screen(second, "screen")
    assert held.sessions.owns_screen(first, "screen")
    assert not held.sessions.owns_screen(second, "screen")
    held.sessions.end(ada)
    assert not held.sessions.owns_screen(first, "screen")
    assert not held.sessions.claim_screen(first, "another screen")


def test_a_restart_signs_everybody_out(held: Held) -> None:
    token = held.sessions.begin(ADA)
    assert Sessions(held.clock).check(token) is None
