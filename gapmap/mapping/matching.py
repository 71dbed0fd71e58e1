"""Matches that are offered to the person who maps a file. Nothing here is ever applied unasked.

Headings: equal to the column's name or to an alias, then alike by letters (difflib) or by words.
Answers: known synonyms, then alike by letters. A file has tens of headings and a column tens of
answers, so difflib is fast enough and needs no dependency.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gapmap.column_types import ANSWERS, CellFault, Surroundings, fold_borough, parse_cell
from gapmap.contract import Contract, Field, folded
from gapmap.mapping.mapping import (
    COUNTED_EXTRACT,
    LEAVE_OUT,
    Source,
    folded_answer,
    must_be_mapped,
    to_map,
)

ALIKE = 0.6
# By how many letters a word is compared: "reporting" and "reports" are one word here.
_STEM = 5
# Said of every column, so that they tell none from another.
_EMPTY_WORDS = (
    " a an and any are as at been by did do does for from had has have how i in is it its of on or "
    "our that the their this to was were what which who with you your not asked reply yes no "
    "school schools pupils sent received returned "
)
# What people write for a value, folded; each is a suggestion that a person confirms.
_SYNONYMS: Mapping[str, Sequence[str]] = {
    "yes": ("y", "true", "1", "definitely", "fully", "in place", "completed", "done"),
    "no": ("n", "false", "0", "none", "never", "not yet", "not in place", "not at present"),
    "not asked": ("n/a", "na", "not applicable", "does not apply", "not asked this time"),
    "no reply": ("", "don't know", "dont know", "do not know", "unknown", "not sure", "unsure",
                 "no response", "no answer", "not answered", "prefer not to say"),
    "a lot": ("lots", "very often", "often", "all the time", "always", "frequently", "most days",
              "yes", "yes definitely", "definitely"),
    "sometimes": ("occasionally", "now and then", "maybe", "some of the time", "yes sometimes"),
    "other": ("never", "not at all", "rarely", "hardly ever", "no", "not really", "a little"),
    "no answer": ("", "don't know", "dont know", "not sure", "prefer not to say", "n/a", "skipped",
                  "prefer not to answer"),
    "child": ("pupil", "student", "young person", "children", "pupils", "a pupil", "a student"),
    "parent": ("carer", "parent/carer", "parent or carer", "mother", "father", "a parent"),
    "school": ("staff", "teacher", "member of staff", "school staff", "governor", "a teacher"),
    "girls": ("girl", "female", "f", "woman", "a girl"),
    "boys": ("boy", "male", "m", "man", "a boy"),
    "all": ("other", "non-binary", "prefer not to say", "prefer not to answer", "mixed", ""),
    "HSB": ("harmful sexual behaviour", "harmful sexual behavior"),
    "NFA": ("no further action", "closed"),
    "s47": ("section 47", "s.47", "section 47 enquiry"),
    "done": ("complete", "completed", "finished", "yes"),
    "in progress": ("started", "ongoing", "under way", "underway", "partly"),
    "not started": ("no", "not yet", "planned"),
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A source that is offered for a column or question, and why."""

    source: Source
    reason: str


# --- headings ------------------------------------------------------------------------------------


def offer_columns(
    headings: Sequence[str], contract: Contract, *, counted: bool
) -> dict[str, Offer]:
    """What is offered for each column of the contract; a heading is offered once.

    A column of answers without a heading is offered as "not asked", and the sex as "all".
    """
    fields = to_map(contract, counted=counted)
    wanted = {field.name: (field.name, *field.aliases) for field in fields}
    about = {field.name: field.description for field in fields}
    offers = _best(headings, wanted, about)
    for field in fields:
        if field.name not in offers and must_be_mapped(field):
            if field.type == "answer":
                offers[field.name] = Offer(Source(constant="not asked"), "no heading is like it")
            elif "all" in field.enum:
                offers[field.name] = Offer(Source(constant="all"), "no heading is like it")
    return {field.name: offers[field.name] for field in fields if field.name in offers}


def offer_questions(headings: Sequence[str], contract: Contract) -> dict[str, Offer]:
    """What is offered for each question of a survey that is counted."""
    if contract.name != COUNTED_EXTRACT:
        return {}
    asked = contract.field("question").enum
    return _best(headings, {name: (name,) for name in asked}, {})


def _best(
    headings: Sequence[str], wanted: Mapping[str, Sequence[str]], about: Mapping[str, str]
) -> dict[str, Offer]:
    """The likeliest pairs first; neither a heading nor a column is paired twice."""
    pairs = sorted(
        (
            (-likeness, number, reason, column, heading)
            for number, heading in enumerate(headings)
            for column, names in wanted.items()
            for likeness, reason in [_likeness(heading, names, about.get(column, ""))]
            if likeness >= ALIKE
        ),
        key=lambda pair: pair[:2],
    )
    offers: dict[str, Offer] = {}
    taken: set[str] = set()
    for _, _, reason, column, heading in pairs:
        if column not in offers and heading not in taken:
            offers[column] = Offer(Source(heading=heading), reason)
            taken.add(heading)
    return offers


def _likeness(heading: str, names: Sequence[str], description: str) -> tuple[float, str]:
    """How much a heading is like a column (0 to 1), and by what."""
    found = folded(heading)
    if found == folded(names[0]):
        return 1.0, "the same heading"
    if found in map(folded, names):
        return 0.99, "an alias of the heading"
    letters = max(difflib.SequenceMatcher(None, found, folded(name)).ratio() for name in names)
    words = max(_shared(heading, name) for name in names)
    described = 0.9 * _shared_both_ways(heading, description)
    likeness = max(0.95 * letters, 0.9 * words + 0.05 * letters, described)
    return likeness, f"alike ({likeness:.0%})"


def _stems(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9]+", text.casefold())
    return {word[:_STEM].rstrip("s") for word in words if f" {word} " not in _EMPTY_WORDS}


def _shared(heading: str, name: str) -> float:
    """The share of a name's words that the heading has."""
    needed = _stems(name)
    return len(needed & _stems(heading)) / len(needed) if needed else 0.0


def _shared_both_ways(heading: str, description: str) -> float:
    """The share of the shorter text's words that the other has, of at least three words."""
    one, other = _stems(heading), _stems(description)
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter >= 3 else 0.0


# --- answers -------------------------------------------------------------------------------------


def allowed_values(field: Field, boroughs: Iterable[str]) -> tuple[str, ...]:
    """The words that a column's answers can mean; none where any text is taken.

    `boroughs`: the names of the boroughs.
    """
    if field.type == "answer":
        return ANSWERS
    if field.type == "borough":
        return tuple(boroughs)
    return field.enum


def unread(texts: Iterable[str], field: Field, around: Surroundings) -> list[str]:
    """The texts that the contract cannot read by itself, in alphabetical order."""
    found = []
    for text in texts:
        try:
            parse_cell(text, field, around)
        except CellFault:
            found.append(text)
    return sorted(found)


def offer_answers(texts: Iterable[str], allowed: Sequence[str]) -> dict[str, str | None]:
    """For each text the allowed value that is offered, or None where nothing is like it."""
    return {text: _offered(text, allowed) for text in texts}


def _offered(text: str, allowed: Sequence[str]) -> str | None:
    found = folded_answer(text)
    plain = re.sub(r"[^\w/' ]+", " ", found)
    for value in allowed:
        if found == folded_answer(value) or found in _SYNONYMS.get(value, ()):
            return value
    # "Yes, definitely" and "No, not yet" begin with what they mean; "Yes, partly" is not offered.
    first, *rest = plain.split() or [""]
    if first in ("yes", "no") and first in allowed and not {"partly", "but", "part"} & set(rest):
        return first
    near = difflib.get_close_matches(found, [folded_answer(value) for value in allowed], n=1)
    if near:
        return next(value for value in allowed if folded_answer(value) == near[0])
    return _borough_in(found, allowed)


def _borough_in(text: str, allowed: Sequence[str]) -> str | None:
    """The one allowed value that stands in the text: "London Borough of Hackney"."""
    inside = f" {fold_borough(text)} "
    held = [value for value in allowed if len(value) > 3 and f" {fold_borough(value)} " in inside]
    return held[0] if len(held) == 1 else None


def choices(field: Field, boroughs: Sequence[str], *, counted: bool) -> tuple[str, ...]:
    """What a person may choose for an answer; in a counted file also to leave the person out."""
    allowed = allowed_values(field, boroughs)
    return (*allowed, LEAVE_OUT) if counted and allowed else allowed
