"""The indicators of queries/indicators: each file's header is its whole definition."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Literal

from gapmap.question import Question, QuestionError, questions

STATES = ("met", "gap", "unknown", "not_applicable")
REASONS = ("not_asked", "no_reply", "not_submitted", "no_row", "out_of_date")
POLARITIES = ("higher is better", "lower is better", "none")
OWNERS = ("council", "police", "health", "school", "partnership")


@dataclass(frozen=True)
class Definition:
    """What an indicator means, in the words of its file.

    `letter` is the row of the letter of October 2021 that it follows; `weight` its points in a
    school's gap score unless its partnership sets another; `gap` the gap in a few words, `closes`
    what closes it, and `owner` who. `topic` is what the schools answer about in the extract; only
    indicators of school grain have one. `note` is a caution that stands wherever the figure does.
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

    @property
    def level(self) -> Literal["school", "borough"]:
        return "school" if "school" in self.grain else "borough"


def define(asked: Question) -> Definition:
    """The definition in a question's header.

    Raises QuestionError naming the word that is missing, unknown or not one of those allowed.
    """
    header = asked.header
    words = {f.name for f in fields(Definition)} - {"name", "body", "topic", "note"}
    words |= {"note"} & set(header)
    if "school" in header.get("grain", ""):
        words |= {"topic"}
    if words != set(header):
        odd = sorted(words ^ set(header))
        raise QuestionError(f"{asked.name}: its header lacks or does not know {', '.join(odd)}")
    for word, allowed in (("polarity", POLARITIES), ("owner", OWNERS)):
        if header[word] not in allowed:
            raise QuestionError(f"{asked.name}: {word} must be one of {', '.join(allowed)}")
    texts = {word: header[word] for word in words - {"extracts", "weight"}}
    extracts = tuple(name.strip() for name in header["extracts"].split(","))
    if "topic" in texts and len(extracts) > 1:
        raise QuestionError(f"{asked.name}: a topic is answered in one extract")
    return Definition(
        name=asked.name.rpartition("/")[2],
        extracts=extracts,
        weight=float(header["weight"]),
        body=asked,
        **texts,
    )


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
