"""Whether an action's gap closed, by what the extracts say: then and now, unknown told apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gapmap.agreements.agreements import Agreement
from gapmap.calendar_quarter import parse_quarter

CLOSED: Final = "Closed"
FEWER: Final = "Fewer"
NOT_FEWER: Final = "Not fewer"
MORE_UNKNOWN: Final = "More unknown"
WAITS: Final = "Waits"
NOTHING_KNOWN: Final = "Unknown"
# From what is good news to what is not known; the meaning of each, for the help of its column.
MEANINGS: Final[Mapping[str, str]] = {
    CLOSED: "no school has the gap any more, and every answer is known",
    FEWER: "fewer schools have it than when it was agreed, and no more are unknown",
    NOT_FEWER: "as many or more have it",
    MORE_UNKNOWN: "fewer are known to have it, but more are unknown: that is not closed",
    NOTHING_KNOWN: "no answer is known",
    WAITS: "no later quarter is held yet",
}


@dataclass(frozen=True)
class Schools:
    """Numbers of schools of one gap, in one quarter and place."""

    gap: int = 0
    met: int = 0
    unknown: int = 0
    pupils_gap: int = 0

    def __add__(self, other: Schools) -> Schools:
        return Schools(
            self.gap + other.gap,
            self.met + other.met,
            self.unknown + other.unknown,
            self.pupils_gap + other.pupils_gap,
        )

    @property
    def known(self) -> int:
        return self.gap + self.met


def schools_of(rows: Iterable[Mapping[Any, Any]], action: Agreement, quarter: str) -> Schools:
    """The schools of an action's gap in a quarter, from rows of agreements/where_gaps_stand."""
    found = (
        Schools(int(r["gap"]), int(r["met"]), int(r["unknown"]), int(r["pupils_gap"]))
        for r in rows
        if r["quarter"] == quarter
        and r["indicator"] == action.indicator
        and action.borough_code in (None, r["borough_code"])
        and action.school_type in (None, r["one_type"])
    )
    return sum(found, Schools())


def standing(then: Schools, now: Schools, agreed: str, quarter: str) -> str:
    """Where an action stands in a quarter, in a word of MEANINGS."""
    if parse_quarter(quarter) <= parse_quarter(agreed):
        return WAITS
    if not now.gap + now.met:
        return NOTHING_KNOWN
    if not now.gap and not now.unknown:
        return CLOSED
    if now.gap >= then.gap:
        return NOT_FEWER
    return MORE_UNKNOWN if now.unknown > then.unknown else FEWER


def is_late(action: Agreement, now: Schools, quarter: str) -> bool:
    """Whether the quarter by whose end it was to be closed is over, and schools have the gap."""
    due = parse_quarter(action.due) <= parse_quarter(quarter)
    return action.status == "open" and due and now.gap > 0


def change_words(then: Schools, now: Schools) -> str:
    """From how many schools to how many, for a sentence."""
    return (
        f"{then.gap:,} of {then.known:,} known had it then, {now.gap:,} of {now.known:,} have it "
        f"now; unknown {then.unknown:,} then, {now.unknown:,} now"
    )
