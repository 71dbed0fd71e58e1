"""Who is let in, for the gate and for the screens alike: one record for the process.

None is set in local mode.
"""

from __future__ import annotations

from collections.abc import Callable
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

    @property
    def cookie_name(self) -> str:
        """`__Host-`: taken over TLS and from this very host only (RFC 6265bis, 4.1.3)."""
        return "__Host-gapmap" if self.provider.is_secure else "gapmap"

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
