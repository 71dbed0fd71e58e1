"""Files that people edit: what a table of one may say, checked before anything rests on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any


def check_words(
    given: Any, declared: type[Any], where: str, fault: type[ValueError], *, key: str
) -> None:
    """Whether a table says what the dataclass `declared` holds, and nothing else.

    `key` is the dataclass' field that the table's name gives. A field without a default must be
    said. Raises `fault`, naming `where` and the property, otherwise.
    """
    if not isinstance(given, Mapping):
        raise fault(f"{where}: it must be a table of properties")
    known = {f.name: f.default is MISSING for f in fields(declared) if f.name != key}
    for word in given:
        if word not in known:
            allowed = ", ".join(sorted(known))
            raise fault(f"{where}: unknown property {word!r}; it may be one of {allowed}")
    for word, needed in known.items():
        if needed and word not in given:
            raise fault(f"{where}: property {word!r} is missing")
