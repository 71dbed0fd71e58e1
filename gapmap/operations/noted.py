"""What is done without a browser, noted in the audit log as done by the operator of the machine.

Whoever works on the command line has the machine and its files, so there is nobody to be known by
an identity provider; the name that was given with --by stays with the step itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from gapmap.office.audit_log import What, fitted

OPERATOR = "operator of the command line"
Event = tuple[What, str, str]
# By command: what it is called in the log, and the argument that says on what it was done.
_STEPS: Mapping[str, tuple[What, str]] = {
    "withdraw": ("withdraw", "submission"),
    "reinstate": ("reinstate", "submission"),
    "withdraw-release": ("release withdrawn", "release"),
    "backup": ("backup", ""),
    "restore": ("restore", ""),
    "rebuild": ("rebuild", ""),
}


class Note(Protocol):
    """What writes the audit log."""

    def __call__(self, *, what: str, who: str, on: str = "", outcome: str = "done") -> object: ...


def note_nothing(*, what: str, who: str, on: str = "", outcome: str = "done") -> None:
    """For an owner without an audit log."""


def note_done(
    note: Note, command: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]
) -> None:
    """Note what a command did; one that only looks at what everybody may see leaves no trace."""
    for what, on, outcome in _events(command, arguments, answer):
        note(what=what, who=OPERATOR, on=fitted(on), outcome=outcome)


def _events(
    command: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]
) -> Iterator[Event]:
    if command == "load":
        yield from _loaded(arguments, answer)
    elif command == "release" and answer.get("release"):
        yield "release", str(answer["release"]), "done"
    elif command == "ask" and answer["exact"]:
        yield "exact view", str(arguments["question"]), "done"
    elif command in _STEPS:
        what, on = _STEPS[command]
        yield what, str(arguments.get(on, "")), "done"


def _loaded(arguments: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[Event]:
    extract, outcome = str(arguments["extract"]), str(answer["outcome"])
    if outcome == "refused" or arguments.get("dry_run"):
        yield "upload", extract, "refused" if outcome == "refused" else "checked"
        return
    yield "upload", extract, "accepted"
    yield "publish", str(answer["submission"] or extract), outcome
