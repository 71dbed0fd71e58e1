"""The audit log: who did what, on what, when, and what came of it. Events are only ever added.

Each is a row of the office and a line of JSON on standard output, for a log collector. It never
holds a value of a cell, a token or what somebody typed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TextIO, get_args

from gapmap.office.office import Office
from gapmap.office.seal import FIRST, seal_of, seals_of
from gapmap.reference.roles import ROLES
from gapmap.stores.store import WriteConflict, rows_of

if TYPE_CHECKING:
    import pyarrow as pa

What = Literal[
    "sign-in",
    "sign-out",
    "expired",
    "revoked",
    "refusal",
    "upload",
    "publish",
    "accept",
    "withdraw",
    "reinstate",
    "confirm",
    "release",
    "release withdrawn",
    "exact view",
    "schools named",
    "download",
    "link made",
    "link opened",
    "view saved",
    "view removed",
    "agreed",
    "asked",
    "note edited",
    "deadline set",
    "access changed",
    "backup",
    "restore",
    "rebuild",
    "audit read",
]
WHATS: tuple[str, ...] = get_args(What)
LONGEST_ON = 200
LONGEST_WHO = 400
TRIES = 5
# Codes, ids, quarters, names of extracts and pages: nothing that could carry a sentence or markup.
_ON = re.compile(r"[A-Za-z0-9 _./:|-]*")
_OUTCOME = re.compile(r"[a-z0-9][a-z0-9 _-]{0,59}")
_E_MAIL = re.compile(r"[^\s|@]+@[^\s|@]+\.[^\s|@]+")


class UnfitEvent(ValueError):
    """An event says what the audit log does not take: the message names the part."""


def _now() -> datetime:
    return datetime.now(UTC)


def fitted(text: str) -> str:
    """A text from outside, such as the path of a request, in the shape that `on` has to have."""
    return re.sub(r"[^A-Za-z0-9 _./:|-]", "_", text)[:LONGEST_ON]


def in_utc(moment: datetime) -> datetime:
    """A moment as the office keeps it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


class AuditLog:
    """Notes events in an office; safe to use from several threads.

    `out`: where the lines of JSON go, standard output when it is None.
    """

    def __init__(
        self, office: Office, out: TextIO | None = None, clock: Callable[[], datetime] = _now
    ) -> None:
        self._office = office
        self._out = out
        self._clock = clock
        self._last = datetime.min.replace(tzinfo=UTC)

    def note(
        self,
        *,
        what: str,
        who: str,
        role: str | None = None,
        on: str = "",
        outcome: str = "done",
    ) -> None:
        """Note that `who` did `what` on `on`, now.

        `who`: a person's key or a name, never an e-mail address. `on`: codes of boroughs, quarters,
        ids. Raises UnfitEvent on anything else; what the disk does not take raises as the
        database says, so that nobody acts unseen.
        """
        _check(what, who, role, on, outcome)
        with self._office.noting:
            before = self._last_seal()
            event = {
                "at_utc": self._moment(),
                "who": who,
                "role": role,
                "what": what,
                "on_what": on,
                "outcome": outcome,
            }
            seal = seal_of(before, event)
            _tell(self._out or sys.stdout, {**event, "seal": seal})
            self._write(event, seal)
            self._office.last_seal = seal

    def _last_seal(self) -> str:
        """The seal of the newest event; events from before there were seals are sealed now."""
        office = self._office
        if office.last_seal is None:
            newest = rows_of(office.database.ask("audit/last_seal"))
            if not newest:
                newest = seals_of(rows_of(office.database.ask("audit/sealed")))
                with office.database.writing() as writing:
                    writing.append("audit_seal", _seals_as_table(newest))
            if newest:
                # A clock that was set back must not put an event before the one that it follows.
                self._last = max(self._last, newest[-1]["at_utc"].replace(tzinfo=UTC))
            office.last_seal = newest[-1]["seal"] if newest else FIRST
        return office.last_seal

    def _moment(self) -> datetime:
        """The moment, in UTC and later than that of the event before: they keep their order."""
        moment = self._clock().astimezone(UTC)
        self._last = max(moment, self._last + timedelta(microseconds=1))
        return in_utc(self._last)

    def _write(self, event: dict[str, Any], seal: str) -> None:
        rows = _as_table(event)
        seals = _seals_as_table([{"at_utc": event["at_utc"], "seal": seal}])
        for tried in range(1, TRIES + 1):
            try:
                with self._office.database.writing() as writing:
                    writing.append("audit_event", rows)
                    writing.append("audit_seal", seals)
                return
            except WriteConflict:
                if tried == TRIES:
                    raise


def _check(what: str, who: str, role: str | None, on: str, outcome: str) -> None:
    if what not in WHATS:
        raise UnfitEvent(f"{what!r} is no kind of event; there are {', '.join(WHATS)}")
    # What is wrong is not quoted: it may be the very thing that must not be written down.
    if not 0 < len(who) <= LONGEST_WHO or not who.isprintable() or not who.strip():
        raise UnfitEvent(f"who must be a key or a name of up to {LONGEST_WHO} printable characters")
    if _E_MAIL.fullmatch(who):
        raise UnfitEvent("who must be a key or a name, not an e-mail address")
    if role is not None and role not in ROLES:
        raise UnfitEvent(f"the role must be one of {', '.join(ROLES)}")
    if len(on) > LONGEST_ON or not _ON.fullmatch(on):
        raise UnfitEvent(
            f"on must be codes and ids: up to {LONGEST_ON} letters, digits, blanks and _ . / : | -"
        )
    if not _OUTCOME.fullmatch(outcome):
        raise UnfitEvent("the outcome must be a few small letters, digits, spaces, _ and -")


def _tell(out: TextIO, event: dict[str, Any]) -> None:
    """One line of ASCII: whatever is in it, it stays one line."""
    said = {**event, "at_utc": f"{event['at_utc'].isoformat(timespec='microseconds')}Z"}
    out.write(json.dumps({"log": "audit", **said}, ensure_ascii=True) + "\n")
    out.flush()


def _as_table(event: dict[str, Any]) -> pa.Table:
    import pyarrow as pa

    text = pa.string()
    kinds = {"at_utc": pa.timestamp("us"), **dict.fromkeys(("who", "role", "what"), text)}
    return pa.Table.from_pylist(
        [event], pa.schema({**kinds, **dict.fromkeys(("on_what", "outcome"), text)})
    )


def _seals_as_table(seals: list[dict[str, Any]]) -> pa.Table:
    """Seals as rows of audit_seal."""
    import pyarrow as pa

    kinds = {"at_utc": pa.timestamp("us"), "seal": pa.string()}
    return pa.Table.from_pylist(seals, pa.schema(kinds))


def events(
    office: Office,
    first: datetime,
    last: datetime,
    *,
    who: str | None = None,
    what: str | None = None,
    role: str | None = None,
    outcome: str | None = None,
    most: int = 10_000,
) -> list[dict[str, Any]]:
    """The events from `first` to `last`, the newest first, at most `most`.

    Both are moments with their time zone. `who`: a part of the key or name.
    """
    given: dict[str, Any] = {"first": in_utc(first), "last": in_utc(last), "most": most}
    given |= {"who": who, "what": what, "role": role, "outcome": outcome}
    return rows_of(office.database.ask("audit/events", given))


def counts(office: Office, first: datetime, last: datetime) -> list[dict[str, Any]]:
    """How many events of each kind and outcome there are from `first` to `last`."""
    given = {"first": in_utc(first), "last": in_utc(last)}
    return rows_of(office.database.ask("audit/counts", given))
