"""What is counted, at which levels and in which breakdowns: data/reference/lattice.toml.

A measure's exact count is a file of queries/measures: one row per quarter and borough that
submitted, breakdown and category. A nil return is a true 0 of the total; categories of 0 have no
row. What a school is, phase and type alike, is "not known" where a referral names no school that
the register has in scope, so that parts add up to their total.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from gapmap.calendar_quarter import parse_quarter
from gapmap.question import Question, QuestionError, question
from gapmap.settings import REFERENCE

Reach = Literal["quarter", "four quarters", "later", "all"]
LEVELS = (
    "borough",
    "partnership",
    "command unit",
    "integrated care board",
    "inner or outer",
    "london",
)
TOTAL, ALL = "total", "all"
Kind = Literal["equal to", "at most", "complement of", "four quarters of"]
NOT_KNOWN = "not known"


class LatticeError(ValueError):
    """lattice.toml is wrong: the message names the place."""


@dataclass(frozen=True)
class Measure:
    """A count of the lattice; `reads` says how far a change of each extract reaches."""

    name: str
    counts: str
    unit: str
    breakdowns: tuple[str, ...]
    reads: Mapping[str, Reach]
    body: Question

    @property
    def stands(self) -> bool:
        """Whether a count is of answers that stand for quarters: the same in two quarters is taken
        to be the very same answers."""
        reaches = set(self.reads.values())
        return "later" in reaches and not reaches & {"quarter", "four quarters"}


@dataclass(frozen=True)
class Cell:
    """A cell of every borough; breakdown and category None: each cell of a measure without total,
    beside the same cell of the other side."""

    measure: str
    breakdown: str | None
    category: str | None


@dataclass(frozen=True)
class Relation:
    """What holds of two counts of each borough and quarter before any is seen. `beside`: what else
    is summed up to be "at most": added on the left with 1, on the right with -1."""

    left: Cell
    kind: Kind
    right: Cell
    beside: tuple[tuple[Cell, int], ...] = ()


@dataclass(frozen=True)
class Lattice:
    """All that is ever counted: the levels, the measures in the order in which they are written,
    what the signals of schools rest on, and how the measures are known to relate."""

    levels: tuple[str, ...]
    measures: Mapping[str, Measure]
    signals: Mapping[str, Reach]
    relations: tuple[Relation, ...] = ()

    def holds(self, measure: str, level: str, breakdown: str) -> bool:
        """Whether there are figures of this detail at all."""
        return (
            measure in self.measures
            and level in self.levels
            and breakdown in self.measures[measure].breakdowns
        )


@dataclass(frozen=True)
class Change:
    """What a publication changed: an extract (None: everything) in some quarters.

    `held`: the quarters that the store answers for; `fresh`: those of them that it did not before.
    """

    extract: str | None
    quarters: tuple[str, ...]
    held: tuple[str, ...]
    fresh: tuple[str, ...] = ()

    def reached(self, reads: Mapping[str, Reach]) -> tuple[str, ...]:
        """The quarters, in order, in which what `reads` these extracts is to be written anew."""
        if self.extract is None:
            return self.held
        if self.extract not in reads:
            return self.fresh
        touched = _reached(reads[self.extract], self.quarters, self.held)
        return tuple(sorted({*touched, *self.fresh}))


def _reached(reach: Reach, quarters: Sequence[str], held: Sequence[str]) -> Iterable[str]:
    if not quarters or reach == "all":
        return (*quarters, *held)
    if reach == "later":
        return (*quarters, *(quarter for quarter in held if quarter >= min(quarters)))
    following = range(4 if reach == "four quarters" else 1)
    after = {str(parse_quarter(quarter).plus(n)) for quarter in quarters for n in following}
    # A quarter that is not held any more still has figures to clear.
    return (*quarters, *after.intersection(held))


def parse_lattice(text: str, where: str = "lattice.toml") -> Lattice:
    """The lattice of a text.

    Raises LatticeError, naming `where`, on a level, reach or word that there is not, a measure
    without its file in queries/measures, one that reads nothing, and a relation of cells that
    there are not.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise LatticeError(f"{where}: it is not TOML: {fault}") from fault
    if set(given) != {"levels", "signals", "measures", "relations"}:
        said = "it must say levels, signals, measures and relations, and no more"
        raise LatticeError(f"{where}: {said}")
    if tuple(given["levels"]) != LEVELS:
        raise LatticeError(f"{where}: levels must be {', '.join(LEVELS)}")
    measures = {
        name: _measure(name, words, f"{where}, measures.{name}")
        for name, words in given["measures"].items()
    }
    signals = _reads(given["signals"].get("reads"), f"{where}, signals")
    relations = tuple(
        _relation(words, measures, f"{where}, relations, number {number}")
        for number, words in enumerate(given["relations"], 1)
    )
    return Lattice(LEVELS, measures, signals, relations)


def _relation(words: Mapping[str, Any], measures: Mapping[str, Measure], where: str) -> Relation:
    if set(words) != {"left", "is", "right"}:
        raise LatticeError(f"{where}: it must say left, is and right, and no more")
    if words["is"] not in get_args(Kind):
        raise LatticeError(f"{where}: `is` must be one of {', '.join(get_args(Kind))}")
    left, right = (_cells(words[side], measures, where) for side in ("left", "right"))
    if len({cell.breakdown is None for cell in (*left, *right)}) > 1:
        raise LatticeError(f"{where}: one side has a total and the other has none")
    beside = (*((cell, 1) for cell in left[1:]), *((cell, -1) for cell in right[1:]))
    if beside and words["is"] != "at most":
        raise LatticeError(f"{where}: sums of several can only be `at most` each other")
    return Relation(left[0], words["is"], right[0], beside)


def _cells(
    given: str | Sequence[str], measures: Mapping[str, Measure], where: str
) -> tuple[Cell, ...]:
    texts = [given] if isinstance(given, str) else given
    if not texts:
        raise LatticeError(f"{where}: a side says nothing")
    return tuple(_cell(text, measures, where) for text in texts)


def _cell(text: str, measures: Mapping[str, Measure], where: str) -> Cell:
    name, *place = (part.strip() for part in text.split(","))
    if name not in measures:
        raise LatticeError(f"{where}: there is no measure {name}")
    breakdowns = measures[name].breakdowns
    if not place:
        return Cell(name, TOTAL, ALL) if TOTAL in breakdowns else Cell(name, None, None)
    if len(place) != 2 or place[0] not in breakdowns:
        raise LatticeError(f"{where}: {text!r} must be a measure, its breakdown and a category")
    return Cell(name, place[0], place[1])


def _measure(name: str, words: Mapping[str, Any], where: str) -> Measure:
    needed = {"counts", "unit", "breakdowns", "reads"}
    if set(words) != needed:
        odd = ", ".join(sorted(needed ^ set(words)))
        raise LatticeError(f"{where}: it lacks or does not know {odd}")
    if not words["breakdowns"]:
        raise LatticeError(f"{where}: it has no breakdown")
    try:
        body = question(f"measures/{name}")
    except QuestionError as fault:
        raise LatticeError(f"{where}: {fault}") from fault
    reads = _reads(words["reads"], where)
    return Measure(name, words["counts"], words["unit"], tuple(words["breakdowns"]), reads, body)


def _reads(given: Any, where: str) -> Mapping[str, Reach]:
    if not isinstance(given, Mapping) or not given:
        raise LatticeError(f"{where}: it must say what it reads")
    for extract, reach in given.items():
        if reach not in get_args(Reach):
            raise LatticeError(f"{where}: {extract} must reach one of {', '.join(get_args(Reach))}")
    return dict(given)


@cache
def lattice(path: Path = REFERENCE / "lattice.toml") -> Lattice:
    """The lattice of a file, as `parse_lattice`."""
    return parse_lattice(path.read_text(encoding="utf-8"), path.name)
