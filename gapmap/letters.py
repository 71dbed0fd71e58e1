"""The letters that follow from a list of schools: data/reference/letters.toml, filled in."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from gapmap.calendar_quarter import parse_quarter
from gapmap.indicator import Definition
from gapmap.settings import REFERENCE

Kind = Literal[
    "not_asked",
    "no_reply",
    "said_no",
    "not_reviewed",
    "dsl_runs_out",
    "dsl_not_in_date",
    "no_police_contact",
    "not_submitted",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
PLACEHOLDERS = frozenset(
    {"borough", "partnership", "item", "closes", "quarter", "reply_by", "schools"}
)
YOUR_PARTNERSHIP = "your safeguarding children partnership"
MOST_DAYS = 366
_DAYS = "reply_within_days"


class LetterError(ValueError):
    """letters.toml is wrong: the message names the letter and the mend."""


@dataclass(frozen=True)
class Letter:
    """One kind of letter, with its placeholders in braces; `blank_for` stands for no borough."""

    kind: Kind
    title: str
    to: str
    subject: str
    body: str
    blank_for: str


@dataclass(frozen=True)
class Letters:
    """Every letter by its kind, and how many days whoever gets one has to reply."""

    letters: dict[Kind, Letter]
    reply_within_days: int


@dataclass(frozen=True)
class Written:
    """A letter that is ready to send."""

    title: str
    subject: str
    text: str
    file_name: str


def parse_letters(text: str, where: str = "letters.toml") -> Letters:
    """The letters of a text.

    Raises LetterError, naming `where` and the letter, on a kind that is missing or unknown, a word
    that letters do not have, an empty one, a placeholder that nothing fills in, and a number of
    days that cannot be.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise LetterError(f"{where}: it is not TOML: {fault}") from fault
    days = given.pop(_DAYS, None)
    if type(days) is not int or not 1 <= days <= MOST_DAYS:
        raise LetterError(f"{where}: {_DAYS} must be a whole number from 1 to {MOST_DAYS}")
    if set(given) != set(KINDS):
        odd = ", ".join(sorted(set(given) ^ set(KINDS)))
        raise LetterError(f"{where}: it lacks or does not know the letter {odd}")
    return Letters({kind: _letter(kind, given[kind], f"{where}, {kind}") for kind in KINDS}, days)


def _letter(kind: Kind, given: Any, where: str) -> Letter:
    needed = {f.name for f in fields(Letter)} - {"kind"}
    if not isinstance(given, dict) or set(given) != needed:
        odd = ", ".join(sorted(needed ^ set(given))) if isinstance(given, dict) else "a table"
        raise LetterError(f"{where}: it lacks or does not know {odd}")
    for word, text in given.items():
        if not isinstance(text, str) or not text.strip():
            raise LetterError(f"{where}: {word} must be a text")
        _check_placeholders(text, f"{where}: {word}")
    return Letter(kind=kind, **{word: text.strip() for word, text in given.items()})


def _check_placeholders(text: str, where: str) -> None:
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as fault:
        raise LetterError(f"{where}: its braces do not match: {fault}") from fault
    if not named <= PLACEHOLDERS:
        odd = ", ".join(sorted(named - PLACEHOLDERS))
        raise LetterError(f"{where}: nothing fills in {{{odd}}}")


@cache
def letters(path: Path = REFERENCE / "letters.toml") -> Letters:
    """The letters of a file, as `parse_letters`."""
    return parse_letters(path.read_text(encoding="utf-8"), path.name)


def write(
    kind: Kind,
    about: Sequence[Definition],
    quarter: str,
    on: date,
    *,
    borough: str | None = None,
    partnership: str | None = None,
    schools: Sequence[str] = (),
) -> Written:
    """A letter about one or more indicators in a quarter, written on a day.

    `borough`, `partnership`: None where the letter is a pattern for all. `schools`: the names that
    its sender may see, put below the letter and not into its text; they are to be taken out, or
    kept as the list of whom it goes to.
    """
    held = letters()
    letter = held.letters[kind]
    reply_by = on + timedelta(days=held.reply_within_days)
    words = {
        "borough": borough or letter.blank_for,
        "partnership": partnership or YOUR_PARTNERSHIP,
        "item": " and ".join(one.title for one in about),
        "closes": " ".join(one.closes for one in about),
        "quarter": f"{quarter} ({parse_quarter(quarter).in_words})",
        "reply_by": f"{reply_by.day} {reply_by:%B %Y}",
        "schools": _addressed_to(schools),
    }
    place = f"-{borough}" if borough else ""
    name = "".join(c if c.isalnum() else "-" for c in f"{kind}{place}-{quarter}".lower())
    subject = _sentences(letter.subject.format_map(words))
    body = _sentences(letter.body.format_map(words).strip())
    return Written(letter.title, subject, f"Subject: {subject}\n\n{body}\n", f"{name}.txt")


def _sentences(text: str) -> str:
    """A text of which each line begins in upper case."""
    return "\n".join(line[:1].upper() + line[1:] for line in text.split("\n"))


def _addressed_to(schools: Sequence[str]) -> str:
    if not schools:
        return ""
    return "\n".join(["", f"Goes to {len(schools)} schools (not part of the letter):", *schools])
