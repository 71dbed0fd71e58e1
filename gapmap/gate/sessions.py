"""Who is signed in: records in memory, so that a restart signs everybody out."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from gapmap.gate.identity import Identity

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
TOKEN_BYTES = 32

Ending = Literal["signed-out", "expired", "revoked"]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Session:
    """One sign-in. `id` is the SHA-256 of the token, which only the browser has; times are UTC."""

    id: str
    identity: Identity
    made_at: datetime
    last_seen: datetime

    @property
    def expires(self) -> datetime:
        """When it ends if nothing more is done."""
        return min(self.last_seen + IDLE, self.made_at + LONGEST)


class Sessions:
    """All sessions of this process; safe to use from several threads.

    `on_end` is told of each session that ends and how, outside of any lock.
    """

    def __init__(
        self,
        clock: Callable[[], datetime] = _now,
        on_end: Callable[[Session, Ending], None] | None = None,
    ) -> None:
        self._clock = clock
        self._on_end = on_end
        self._lock = threading.Lock()
        self._held: dict[str, Session] = {}
        self._watchers: dict[str, list[Callable[[Ending], None]]] = {}
        self._screens: dict[str, str] = {}

    def begin(self, identity: Identity) -> str:
        """A new session; its token, of 256 random bits, is told this once."""
        self._sweep()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        moment = self._clock()
        session = Session(_digest(token), identity, moment, moment)
        with self._lock:
            self._held[session.id] = session
        return token

    def check(self, token: str | None, active: bool = True) -> Session | None:
        """The session of a token, or None when there is none, or no longer.

        `active`: the person did something, so that the 15 minutes begin anew.
        """
        if not token:
            return None
        moment = self._clock()
        with self._lock:
            session = self._held.get(_digest(token))
            alive = session is not None and moment < session.expires
            if session is not None and alive and active:
                session = replace(session, last_seen=max(moment, session.last_seen))
                self._held[session.id] = session
        if session is not None and not alive:
            self._end([session.id], "expired")
            return None
        return session

    def end(self, token: str | None) -> None:
        """Sign out: the token opens nothing any more."""
        if token:
            self._end([_digest(token)], "signed-out")

    def revoke(self, user_key: str) -> int:
        """Revoke all sessions of a person; how many were."""
        held = [one.id for one in self.all() if one.identity.key == user_key]
        return self._end(held, "revoked")

    def all(self) -> list[Session]:
        """The sessions that are alive, the oldest first."""
        self._sweep()
        with self._lock:
            return sorted(self._held.values(), key=lambda one: one.made_at)

    def left(self, session: Session) -> timedelta:
        """How long a session has left if nothing more is done."""
        return session.expires - self._clock()

    def watch(self, session: Session, told: Callable[[Ending], None]) -> Callable[[], None]:
        """Be told when a session ends; the answer stops that. Told at once when it has ended."""
        with self._lock:
            held = session.id in self._held
            if held:
                self._watchers.setdefault(session.id, []).append(told)
        if not held:
            told("signed-out")
        return lambda: self._forget(session.id, told)

    def claim_screen(self, session: Session, screen: str) -> bool:
        """Note that a browser's screen (Streamlit's own session) is this session's.

        False when it is another one's: its state and its files are not for this person.
        """
        with self._lock:
            if session.id not in self._held:
                return False
            return self._screens.setdefault(screen, session.id) == session.id

    def owns_screen(self, session: Session, screen: str) -> bool:
        with self._lock:
            return self._screens.get(screen) == session.id

    def screens_of(self, session: Session) -> list[str]:
        with self._lock:
            return [screen for screen, owner in self._screens.items() if owner == session.id]

    def streams(self, session: Session) -> int:
        """How many connections of a session are open."""
        with self._lock:
            return len(self._watchers.get(session.id, ()))

    def _forget(self, session_id: str, told: Callable[[Ending], None]) -> None:
        with self._lock:
            watchers = self._watchers.get(session_id, [])
            if told in watchers:
                watchers.remove(told)

    def _sweep(self) -> None:
        moment = self._clock()
        with self._lock:
            over = [one.id for one in self._held.values() if moment >= one.expires]
        self._end(over, "expired")

    def _end(self, session_ids: list[str], how: Ending) -> int:
        ended: list[tuple[Session, list[Callable[[Ending], None]]]] = []
        with self._lock:
            for session_id in session_ids:
                session = self._held.pop(session_id, None)
                if session is not None:
                    ended.append((session, self._watchers.pop(session_id, [])))
            gone = {session.id for session, _ in ended}
            self._screens = {k: v for k, v in self._screens.items() if v not in gone}
        for session, watchers in ended:
            for told in watchers:
                told(how)
            if self._on_end is not None:
                self._on_end(session, how)
        return len(ended)


def _digest(token: str) -> str:
    # The token is random and long, so that no salt and no slow hash is needed.
    return hashlib.sha256(token.encode()).hexdigest()
