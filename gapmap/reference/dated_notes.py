"""Notes that screens show with their date (the legal position): data/reference/notes.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from gapmap.reference.declared import check_words
from gapmap.settings import REFERENCE

NAMES = ("relevant_agencies",)


class NoteError(ValueError):
    """notes.toml is wrong: the message names the place and the mend."""


@dataclass(frozen=True)
class DatedNote:
    """What was true on a day."""

    name: str
    as_of: date
    text: str


def parse_notes(text: str, where: str = "notes.toml") -> dict[str, DatedNote]:
    """Every note by its name.

    Raises NoteError, naming `where`, the note and the property, on a note that no screen shows, a
    missing one, and a value that cannot be.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise NoteError(f"{where}: it is not TOML: {fault}") from fault
    if set(given) != set(NAMES):
        odd = ", ".join(sorted(set(given) ^ set(NAMES)))
        raise NoteError(f"{where}: it lacks or does not know {odd}")
    return {name: _note(name, words, f"{where}, {name}") for name, words in given.items()}


def _note(name: str, given: Any, where: str) -> DatedNote:
    check_words(given, DatedNote, where, NoteError, key="name")
    if type(given["as_of"]) is not date:
        raise NoteError(f"{where}: as_of must be a day, as 2026-11-01, without quotation marks")
    if not isinstance(given["text"], str) or not given["text"].strip():
        raise NoteError(f"{where}: text must be a text")
    return DatedNote(name=name, **given)


@cache
def dated_notes(path: Path = REFERENCE / "notes.toml") -> dict[str, DatedNote]:
    """The notes of data/reference. Raises NoteError as parse_notes does."""
    return parse_notes(path.read_text(encoding="utf-8"), path.name)
