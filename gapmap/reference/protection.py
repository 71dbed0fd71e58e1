"""From which count on a figure about children is shown, and to the nearest what: the settings.

1 to the threshold becomes `c` ("1–7, or withheld to protect another figure"); every other count is
rounded to the nearest base; each cell and each total on its own. A true 0 is 0; what was not
submitted has no figure. What that alone does not protect, the audit does (gapmap.disclosure).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from gapmap.settings import REFERENCE

THRESHOLD = 7
BASE = 5
WITHHELD = "c"


class ProtectionError(ValueError):
    """disclosure.toml is wrong: the message names the place."""


@dataclass(frozen=True)
class Protection:
    """Threshold and base, and why they are not the defaults (None: they are)."""

    threshold: int = THRESHOLD
    base: int = BASE
    reason: str | None = None


def parse_protection(text: str, where: str = "disclosure.toml") -> Protection:
    """The settings of a text.

    Raises ProtectionError, naming `where`, on a value that cannot be, and on one that is not the
    default where nobody says why, who decided and when.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ProtectionError(f"{where}: it is not TOML: {fault}") from fault
    odd = set(given) - {"threshold", "base", "changed"}
    if odd or not {"threshold", "base"} <= set(given):
        raise ProtectionError(f"{where}: it says threshold and base, and no more than `changed`")
    threshold, base = _whole(given, "threshold", where), _whole(given, "base", where)
    if base % 2 == 0 or base > threshold:
        raise ProtectionError(f"{where}: base must be odd and at most the threshold, not {base}")
    if (threshold, base) == (THRESHOLD, BASE):
        return Protection()
    return Protection(threshold, base, _reason(given.get("changed"), where))


def _whole(given: dict[str, Any], name: str, where: str) -> int:
    value = given[name]
    if type(value) is not int or not 1 <= value <= 100:
        raise ProtectionError(f"{where}: {name} must be a whole number from 1 to 100")
    return value


def _reason(changed: Any, where: str) -> str:
    """Why the defaults do not hold, in one line. Raises ProtectionError when that is not said."""
    if not isinstance(changed, dict) or set(changed) != {"reason", "decided_by", "decided_on"}:
        raise ProtectionError(
            f"{where}: threshold and base are locked at {THRESHOLD} and {BASE}; say under "
            "[changed] the reason, decided_by and decided_on"
        )
    reason, by, on = changed["reason"], changed["decided_by"], changed["decided_on"]
    if not (isinstance(reason, str) and reason.strip() and isinstance(by, str) and by.strip()):
        raise ProtectionError(f"{where}, changed: reason and decided_by must say something")
    if not isinstance(on, date):
        raise ProtectionError(f"{where}, changed: decided_on must be a date, as 2026-11-01")
    return f"{reason.strip()} ({by.strip()}, {on:%d %B %Y})"


@cache
def protection(path: Path = REFERENCE / "disclosure.toml") -> Protection:
    """The settings of a file, as `parse_protection`."""
    return parse_protection(path.read_text(encoding="utf-8"), path.name)
