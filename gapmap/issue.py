"""What intake found wrong: one flat record an issue, collected with its true count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

LISTED_AT_MOST = 1000

Severity = Literal["error", "warning"]
StageOutcome = Literal["passed", "failed", "not run"]

# The stages of a check, in their order. After errors of cells or of the key, later ones look at the
# rows that are right so far; after errors of an earlier stage nothing more is run.
STAGES = {
    "reading": "It can be read",
    "identifiers": "Nothing in it is about a child",
    "extract": "It is this extract",
    "columns": "Its columns are right",
    "cells": "Every cell is right",
    "key": "No row stands twice",
    "rules": "Its rows agree with each other and with what is held",
}
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True)
class Issue:
    """One thing wrong with an upload: where it is, what it is and how to mend it.

    `row` counts from 1 and includes the heading, as a spreadsheet does; `cell` is its address
    ("B7"). Errors refuse the file; warnings must be accepted before it is published.
    """

    severity: Severity
    code: str
    message: str
    fix: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    cell: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def cell_address(column_index: int, row: int) -> str:
    """The spreadsheet address of a cell: column 0, row 7 is "A7", column 27 is "AB"."""
    letters = ""
    remaining = column_index + 1
    while remaining:
        remaining, letter = divmod(remaining - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


class IssueLog:
    """Collects issues: lists the first LISTED_AT_MOST, counts all of them by code.

    Errors come first: no number of warnings keeps an error, which refuses the file, off the list.
    """

    def __init__(self) -> None:
        self._listed: dict[Severity, list[Issue]] = {"error": [], "warning": []}
        self._counts: Counter[tuple[Severity, str]] = Counter()
        self._entered: list[str] = []
        self._failed: set[str] = set()
        self._partial: set[str] = set()

    def enter(self, stage: str, *, partial: bool = False) -> None:
        """A stage begins: errors from here on are its. Raises KeyError for none of STAGES.

        `partial`: only a part of the rows is looked at, so that it may fail and never pass.
        """
        STAGES[stage]
        self._entered.append(stage)
        if partial:
            self._partial.add(stage)

    def stages(self) -> dict[str, StageOutcome]:
        """Every stage in its order: passed, failed, or not run, which is neither."""
        whole = set(self._entered) - self._partial
        return {
            stage: "failed" if stage in self._failed else "passed" if stage in whole else "not run"
            for stage in STAGES
        }

    def _note_failure(self, severity: Severity) -> None:
        if severity == "error" and self._entered:
            self._failed.add(self._entered[-1])

    def add(self, issue: Issue) -> None:
        self._counts[issue.severity, issue.code] += 1
        self._note_failure(issue.severity)
        if self.room(issue.severity):
            self._listed[issue.severity].append(issue)

    def extend(self, issues: Iterable[Issue]) -> None:
        for issue in issues:
            self.add(issue)

    def count_unlisted(self, severity: Severity, code: str, number: int) -> None:
        """Count `number` further issues of a code that are not listed one by one."""
        if number:
            self._counts[severity, code] += number
            self._note_failure(severity)

    def room(self, severity: Severity) -> int:
        """How many more issues of a severity will be kept for the list."""
        return LISTED_AT_MOST - len(self._listed[severity])

    @property
    def total(self) -> int:
        return sum(self._counts.values())

    def has_errors(self) -> bool:
        return any(severity == "error" for severity, _ in self._counts)

    def counts(self, severity: Severity) -> dict[str, int]:
        """Occurrences by code, the true numbers, listed or not."""
        return {code: n for (level, code), n in self._counts.items() if level == severity}

    def __iter__(self) -> Iterator[Issue]:
        """The listed issues, errors first, then by place in the file."""
        ordered = sorted(
            (*self._listed["error"], *self._listed["warning"]),
            key=lambda i: (i.severity, i.row is not None, i.row or 0, i.column or ""),
        )
        return iter(ordered[:LISTED_AT_MOST])

    def listed(self, severity: Severity) -> list[Issue]:
        return [issue for issue in self if issue.severity == severity]
