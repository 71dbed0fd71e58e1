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
from gapmap.indicator import OWNERS, Definition
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
OF_A_SCHOOL = frozenset({"to", "school", "borough", "quarter", "reply_by", "found", "number"})
MOST_DAYS = 366
_DAYS = "reply_within_days"
_ABOUT_A_SCHOOL = "about_a_school"


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
class AboutASchool:
    """The letter about the gaps of one school; `to` by owner, `gaps` and `asked` its headings."""

    title: str
    subject: str
    gaps: str
    asked: str
    body: str
    to: dict[str, str]


@dataclass(frozen=True)
class Letters:
    """Every letter by its kind, and how many days whoever gets one has to reply."""

    letters: dict[Kind, Letter]
    about_a_school: AboutASchool
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
    expected = {*KINDS, _ABOUT_A_SCHOOL}
    if set(given) != expected:
        odd = ", ".join(sorted(set(given) ^ expected))
        raise LetterError(f"{where}: it lacks or does not know the letter {odd}")
    letters = {kind: _letter(kind, given[kind], f"{where}, {kind}") for kind in KINDS}
    about = _about_a_school(given[_ABOUT_A_SCHOOL], f"{where}, {_ABOUT_A_SCHOOL}")
    return Letters(letters, about, days)


def _letter(kind: Kind, given: Any, where: str) -> Letter:
    words = {f.name for f in fields(Letter)} - {"kind"}
    return Letter(kind=kind, **_texts(given, words, PLACEHOLDERS, where))


def _about_a_school(given: Any, where: str) -> AboutASchool:
    texts = dict(given) if isinstance(given, dict) else given
    to = texts.pop("to", None) if isinstance(texts, dict) else None
    words = {f.name for f in fields(AboutASchool)} - {"to"}
    texts = _texts(texts, words, OF_A_SCHOOL, where)
    addressed = _texts(to, set(OWNERS), OF_A_SCHOOL, f"{where}, to")
    return AboutASchool(**texts, to=addressed)


def _texts(given: Any, needed: set[str], known: frozenset[str], where: str) -> dict[str, str]:
    if not isinstance(given, dict) or set(given) != needed:
        odd = ", ".join(sorted(needed ^ set(given))) if isinstance(given, dict) else "a table"
        raise LetterError(f"{where}: it lacks or does not know {odd}")
    for word, text in given.items():
        if not isinstance(text, str) or not text.strip():
            raise LetterError(f"{where}: {word} must be a text")
        _check_placeholders(text, known, f"{where}: {word}")
    return {word: text.strip() for word, text in given.items()}


def _check_placeholders(text: str, known: frozenset[str], where: str) -> None:
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as fault:
        raise LetterError(f"{where}: its braces do not match: {fault}") from fault
    if not named <= known:
        odd = ", ".join(sorted(named - known))
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
    letter = letters().letters[kind]
    words = {
        "borough": borough or letter.blank_for,
        "partnership": partnership or YOUR_PARTNERSHIP,
        "item": " and ".join(one.title for one in about),
        "closes": " ".join(one.closes for one in about),
        "quarter": _in_words(quarter),
        "reply_by": _reply_by(on),
        "schools": _addressed_to(schools),
    }
    name = f"{kind}-{borough}-{quarter}" if borough else f"{kind}-{quarter}"
    return _written(letter.title, letter.subject, letter.body, words, name)


def write_about_a_school(
    owner: str,
    gaps: Sequence[str],
    asked: Sequence[str],
    quarter: str,
    on: date,
    *,
    school: str,
    borough: str,
) -> Written:
    """The letter to an owner about a school, written on a day: what is a gap, a line each, and what
    is not known and asked for. `school` is what the school is called to whoever sends it."""
    letter = letters().about_a_school
    words = {"school": school, "borough": borough}
    number = f"{len(gaps)} gap{'' if len(gaps) == 1 else 's'}"
    headed = ((letter.gaps.format(number=number), gaps), (letter.asked, asked))
    found = [
        "\n".join([heading, *(f"- {line}" for line in lines)]) for heading, lines in headed if lines
    ]
    words |= {
        "to": letter.to[owner].format_map(words),
        "quarter": _in_words(quarter),
        "reply_by": _reply_by(on),
        "found": "\n\n".join(found),
    }
    return _written(letter.title, letter.subject, letter.body, words, f"{school}-{owner}-{quarter}")


def _written(title: str, subject: str, body: str, words: dict[str, str], name: str) -> Written:
    subject = _sentences(subject.format_map(words))
    body = _sentences(body.format_map(words).strip())
    file_name = "".join(c if c.isalnum() else "-" for c in name.lower())
    return Written(title, subject, f"Subject: {subject}\n\n{body}\n", f"{file_name}.txt")


def _in_words(quarter: str) -> str:
    return f"{quarter} ({parse_quarter(quarter).in_words})"


def _reply_by(on: date) -> str:
    day = on + timedelta(days=letters().reply_within_days)
    return f"{day.day} {day:%B %Y}"


def _sentences(text: str) -> str:
    """A text of which each line begins in upper case."""
    return "\n".join(line[:1].upper() + line[1:] for line in text.split("\n"))


def _addressed_to(schools: Sequence[str]) -> str:
    if not schools:
        return ""
    return "\n".join(["", f"Goes to {len(schools)} schools (not part of the letter):", *schools])
