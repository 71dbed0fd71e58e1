"""Who is let in, for the gate and for the screens alike: one record for the process.

None is set in local mode.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from gapmap.access import Viewer
from gapmap.gate.identity import Identity
from gapmap.gate.provider import Provider
from gapmap.gate.sessions import Ending, Session, Sessions

_WHAT: dict[Ending, str] = {"signed-out": "sign-out", "expired": "expired", "revoked": "revoked"}
LOCAL_NAME = "operator of this machine"


class Note(Protocol):
    """What writes the audit log."""

    def __call__(
        self, *, what: str, who: str, role: str | None = None, on: str = "", outcome: str = "done"
    ) -> object: ...


def note_nothing(
    *, what: str, who: str, role: str | None = None, on: str = "", outcome: str = "done"
) -> None:
    """For an app without an audit log."""


class Admission:
    """The provider, who is signed in, and what each of them is here.

    `viewer_for` answers None for a person without a role.
    """

    def __init__(
        self,
        provider: Provider,
        viewer_for: Callable[[Identity], Viewer | None],
        note: Note = note_nothing,
        sessions: Sessions | None = None,
    ) -> None:
        self.provider = provider
        self.viewer_for = viewer_for
        self.note = note
        self.sessions = sessions or Sessions(on_end=self.note_end)
        self._secret = secrets.token_bytes(32)

    @property
    def cookie_name(self) -> str:
        """`__Host-`: taken over TLS and from this very host only (RFC 6265bis, 4.1.3)."""
        return "__Host-gapmap" if self.provider.is_secure else "gapmap"

    def word_of(self, session: Session) -> str:
        """The word that files made for a session bear: nobody can work it out."""
        return hmac.new(self._secret, session.id.encode(), hashlib.sha256).hexdigest()[:32]

    @contextmanager
    def changing_access(self) -> Iterator[None]:
        """Around a change of who may do what: whoever it makes another viewer is signed out, so
        that nothing on their screens goes on under the role that they had."""
        before = {one.identity: self.viewer_for(one.identity) for one in self.sessions.all()}
        yield
        for identity, was in before.items():
            if was is not None and self.viewer_for(identity) != was:
                self.sessions.revoke(identity.key)

    def note_end(self, session: Session, how: Ending) -> None:
        self.note(what=_WHAT[how], who=session.identity.key)


_current: Admission | None = None
_is_guarded = False


def admit_by(admission: Admission | None) -> None:
    """Set who is let in, once, before anything is served. None: local mode."""
    global _current, _is_guarded
    _current, _is_guarded = admission, True


def is_guarded() -> bool:
    """Whether a gate stands in front: not when Streamlit runs the shell without app.py."""
    return _is_guarded


def current() -> Admission | None:
    """The admission of this process; None in local mode."""
    return _current
