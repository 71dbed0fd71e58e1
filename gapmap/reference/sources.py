"""Where the data comes from and under which licence: data/reference/sources.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gapmap.contract import contracts
from gapmap.reference.declared import check_words
from gapmap.settings import REFERENCE


class SourceError(ValueError):
    """sources.toml is wrong: the message names the place and the mend."""


@dataclass(frozen=True)
class Source:
    """A source of data: `files` of data/reference rest on it, `extracts` bring it."""

    name: str
    title: str
    publisher: str
    used_for: str
    licence: str
    files: tuple[str, ...]
    extracts: tuple[str, ...]
    attribution: str | None = None


def parse_sources(text: str, where: str = "sources.toml") -> tuple[Source, ...]:
    """Every source, in the order of the text.

    Raises SourceError, naming `where`, the source and the property, on a property that sources do
    not have, a missing one, a value of another type, and an extract that there is not.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise SourceError(f"{where}: it is not TOML: {fault}") from fault
    return tuple(_source(name, words, f"{where}, {name}") for name, words in given.items())


def _source(name: str, given: Any, where: str) -> Source:
    check_words(given, Source, where, SourceError, key="name")
    lists = {word: _texts(given[word], f"{where}: {word}") for word in ("files", "extracts")}
    for extract in lists["extracts"]:
        if extract not in contracts():
            raise SourceError(f"{where}: there is no extract {extract!r}")
    for word in given.keys() - lists.keys():
        if not isinstance(given[word], str):
            raise SourceError(f"{where}: {word} must be a text")
    return Source(name=name, **{**given, **lists})


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise SourceError(f"{where} must be a list of texts")
    return tuple(value)


@cache
def sources(path: Path = REFERENCE / "sources.toml") -> tuple[Source, ...]:
    """The sources of data/reference. Raises SourceError as parse_sources does."""
    return parse_sources(path.read_text(encoding="utf-8"), path.name)
