"""When a return is due, and whom to remind: windows.toml and contacts.csv of data/reference."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from gapmap.calendar_quarter import Quarter, parse_quarter
from gapmap.contract import contracts
from gapmap.reference.declared import check_words
from gapmap.settings import REFERENCE

Rhythm = Literal["quarterly", "termly", "yearly", "irregular", "as it happens"]
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)
NEVER_DUE: Rhythm = "as it happens"
MOST_DUE_DAYS = 366
MOST_PROVISIONAL_QUARTERS = 8

CONTACT_COLUMNS = ("borough_code", "role", "email")
_EMAIL = re.compile(r"[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")


class WindowError(ValueError):
    """windows.toml or contacts.csv is wrong: the message names the place and the mend."""


@dataclass(frozen=True)
class Window:
    """When one extract is due.

    `due_days` after the quarter's end, that day included; None: it is never due. What was sent
    stays provisional until the end of the quarter that lies `provisional_quarters` after its own.
    """

    extract: str
    heading: str
    rhythm: Rhythm
    asked_from: Quarter
    provisional_quarters: int
    due_days: int | None = None


@dataclass(frozen=True)
class Contact:
    """A team's mailbox, by its role; never a person's."""

    borough_code: str
    role: str
    email: str


# --- windows -------------------------------------------------------------------------------------


def parse_windows(text: str, where: str = "windows.toml") -> dict[str, Window]:
    """Every window by its extract, in the order of the text.

    Raises WindowError, naming `where`, the extract and the property, on a word that windows do not
    have, a missing one or a value that cannot be; and on an extract of quarters without a window or
    a window of anything else.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise WindowError(f"{where}: it is not TOML: {fault}") from fault
    asked = [c.name for c in contracts().values() if c.dated_by == "quarter"]
    for extract in given:
        if extract not in asked:
            raise WindowError(f"{where}: {extract!r} is no extract of quarters")
    for extract in asked:
        if extract not in given:
            raise WindowError(f"{where}: the extract {extract!r} has no window")
    return {name: _window(name, words, f"{where}, {name}") for name, words in given.items()}


def _window(extract: str, given: Any, where: str) -> Window:
    check_words(given, Window, where, WindowError, key="extract")
    if given["rhythm"] not in RHYTHMS:
        raise WindowError(f"{where}: rhythm {given['rhythm']!r} is none of {', '.join(RHYTHMS)}")
    if (given["rhythm"] == NEVER_DUE) != ("due_days" not in given):
        raise WindowError(f"{where}: due_days goes with every rhythm but {NEVER_DUE!r}")
    if not isinstance(given["heading"], str) or not given["heading"].strip():
        raise WindowError(f"{where}: heading must be a text")
    _check_number(given, "due_days", 1, MOST_DUE_DAYS, where)
    _check_number(given, "provisional_quarters", 0, MOST_PROVISIONAL_QUARTERS, where)
    try:
        asked_from = parse_quarter(str(given["asked_from"]))
    except ValueError as fault:
        raise WindowError(f"{where}: asked_from: {fault}") from fault
    return Window(**{**given, "extract": extract, "asked_from": asked_from})


def _check_number(given: Mapping[str, Any], word: str, least: int, most: int, where: str) -> None:
    if word not in given:
        return
    number = given[word]
    if type(number) is not int or not least <= number <= most:
        raise WindowError(f"{where}: {word} must be a whole number from {least} to {most}")


@cache
def windows(path: Path = REFERENCE / "windows.toml") -> dict[str, Window]:
    """The windows of a file by extract, as `parse_windows`."""
    return parse_windows(path.read_text(encoding="utf-8"), path.name)


# --- contacts ------------------------------------------------------------------------------------


def parse_contacts(text: str, where: str = "contacts.csv") -> dict[str, tuple[Contact, ...]]:
    """The contacts of every borough by GSS code, in the order of the text.

    Raises WindowError, naming `where` and the line, on other columns than borough_code, role and
    email, an empty or unheard-of value, a role given twice, and on a borough without a contact.
    """
    lines = csv.DictReader(text.splitlines())
    if tuple(lines.fieldnames or ()) != CONTACT_COLUMNS:
        raise WindowError(f"{where}: its columns must be {', '.join(CONTACT_COLUMNS)}")
    codes = _borough_codes()
    found: dict[str, tuple[Contact, ...]] = dict.fromkeys(codes, ())
    for number, row in enumerate(lines, start=2):
        contact = _contact(row, f"{where}, line {number}")
        if contact.borough_code not in found:
            raise WindowError(f"{where}, line {number}: {contact.borough_code!r} is no borough")
        if contact.role in {one.role for one in found[contact.borough_code]}:
            raise WindowError(f"{where}, line {number}: the role {contact.role!r} stands twice")
        found[contact.borough_code] += (contact,)
    silent = [code for code, contacts in found.items() if not contacts]
    if silent:
        raise WindowError(f"{where}: {codes[silent[0]]} ({silent[0]}) has no contact")
    return found


def _borough_codes() -> dict[str, str]:
    with (REFERENCE / "boroughs.csv").open(encoding="utf-8", newline="") as file:
        return {row["borough_code"]: row["borough"] for row in csv.DictReader(file)}


def _contact(row: Mapping[str, Any], where: str) -> Contact:
    if set(row) != set(CONTACT_COLUMNS) or not all(row.values()):
        raise WindowError(f"{where}: it needs a borough_code, a role and an email, no more")
    contact = Contact(*(row[column].strip() for column in CONTACT_COLUMNS))
    if not _EMAIL.fullmatch(contact.email.casefold()):
        raise WindowError(f"{where}: {contact.email!r} is no e-mail address")
    return contact


@cache
def contacts(path: Path = REFERENCE / "contacts.csv") -> dict[str, tuple[Contact, ...]]:
    """The contacts of a file by borough, as `parse_contacts`. The first is the one to remind."""
    return parse_contacts(path.read_text(encoding="utf-8"), path.name)
