"""The indicators of queries/indicators: each file's header is its whole definition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Literal

from gapmap.question import Question, QuestionError, questions

STATES = ("met", "gap", "unknown", "not_applicable")
REASONS = ("not_asked", "no_reply", "not_submitted", "no_row", "out_of_date")
POLARITIES = ("higher is better", "lower is better", "none")
OWNERS = ("council", "police", "health", "school", "partnership")
# What an indicator of boroughs says of its map beside the words that all have.
_OF_MAPS = frozenset({"map", "classes"})
# What releases say is read from these; everything else both stores hold alike.
_RELEASED = re.compile(r"\b(?:from|join) (?:figure|survey_share|survey_gap)\b")


@dataclass(frozen=True)
class Definition:
    """What an indicator means, in the words of its file.

    `letter` is the row of the letter of October 2021 that it follows; `weight` its points in a
    school's gap score unless its partnership sets another; `gap` the gap in a few words, `closes`
    what closes it, and `owner` who. `topic` is what the schools answer about in the extract; only
    indicators of school grain have one. `note` is a caution that stands wherever the figure does.

    Of borough grain: `map_title` and `classes` are those of its map, each class with its lowest
    value, from light to dark: few to many, or good to poor. They hold in every quarter. Values are
    shown, and compared with the classes, to so many `decimals`.
    """

    name: str
    title: str
    question: str
    letter: str
    grain: str
    numerator: str
    denominator: str
    gap: str
    unit: str
    period: str
    polarity: str
    applies_to: str
    extracts: tuple[str, ...]
    owner: str
    closes: str
    weight: float
    body: Question
    topic: str | None = None
    note: str | None = None
    map_title: str = ""
    classes: tuple[tuple[float, str], ...] = ()
    decimals: int = 0

    @property
    def level(self) -> Literal["school", "borough"]:
        return "school" if "school" in self.grain else "borough"

    @property
    def is_released(self) -> bool:
        """Whether it is made of counts about children, which only a release shows."""
        return bool(_RELEASED.search(self.body.sql))

    @property
    def has_markers(self) -> bool:
        """Whether a marker may stand in place of a value."""
        return self.level == "borough" and "null::varchar as marker" not in self.body.sql


def define(asked: Question) -> Definition:
    """The definition in a question's header.

    Raises QuestionError naming the word that is missing, unknown or not one of those allowed.
    """
    header = asked.header
    words = _words_of(header)
    if words != set(header):
        odd = sorted(words ^ set(header))
        raise QuestionError(f"{asked.name}: its header lacks or does not know {', '.join(odd)}")
    for word, allowed in (("polarity", POLARITIES), ("owner", OWNERS)):
        if header[word] not in allowed:
            raise QuestionError(f"{asked.name}: {word} must be one of {', '.join(allowed)}")
    texts = {word: header[word] for word in words - _OF_MAPS - {"extracts", "weight", "decimals"}}
    extracts = tuple(name.strip() for name in header["extracts"].split(","))
    if "topic" in texts and len(extracts) > 1:
        raise QuestionError(f"{asked.name}: a topic is answered in one extract")
    return Definition(
        name=asked.name.rpartition("/")[2],
        extracts=extracts,
        weight=float(header["weight"]),
        body=asked,
        map_title=header.get("map", ""),
        classes=_classes(asked.name, header.get("classes", "")),
        decimals=int(header.get("decimals", 0)),
        **texts,
    )


def _words_of(header: Mapping[str, str]) -> set[str]:
    """The words that a header of its grain must have, with those that it may have and does."""
    words = {f.name for f in fields(Definition) if f.default is MISSING} - {"name", "body"}
    if "school" in header.get("grain", ""):
        return words | {"topic"} | ({"note"} & set(header))
    return words | _OF_MAPS | ({"note", "decimals"} & set(header))


def _classes(name: str, text: str) -> tuple[tuple[float, str], ...]:
    """Classes as `0 = under 20%; 20 = 20–39%`."""
    found = []
    for part in filter(None, text.split("; ")):
        least, _, label = part.partition(" = ")
        if not label or not re.fullmatch(r"-?\d+(\.\d+)?", least):
            raise QuestionError(f"{name}: classes must be as `0 = under 20%; 20 = 20% or more`")
        found.append((float(least), label))
    return tuple(found)


@cache
def definitions() -> dict[str, Definition]:
    """Every indicator by name, in alphabetical order."""
    found = [define(asked) for asked in questions("indicators")]
    return {definition.name: definition for definition in found}


def of_schools() -> list[Definition]:
    """The indicators of school grain: those with a state for every school."""
    return [d for d in definitions().values() if d.level == "school"]


def of_boroughs() -> list[Definition]:
    """The indicators of borough grain: those whose figures only a release shows."""
    return [d for d in definitions().values() if d.level == "borough"]
