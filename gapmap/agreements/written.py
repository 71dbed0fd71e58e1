"""What people write themselves on the screens: short, and of nobody in particular."""

from __future__ import annotations

import unicodedata

from gapmap.screening.identifier import KINDS, identifiers


class UnfitText(ValueError):
    """A text cannot be kept: the message says why and what to do, and never quotes it."""


def fitting(
    text: str,
    what: str,
    longest: int,
    *,
    may_be_empty: bool = False,
    allowed: frozenset[str] = frozenset(),
) -> str:
    """The text as it is kept, on one line, without blanks at its ends.

    `what`: the field's name, for the message. `allowed`: kinds of gapmap.screening.identifier that
    it may hold. Raises UnfitText where it is empty or too long, or may identify somebody.
    """
    kept = " ".join(unicodedata.normalize("NFC", text).split())
    if not kept and not may_be_empty:
        raise UnfitText(f"{what}: write something")
    if len(kept) > longest:
        raise UnfitText(f"{what}: at most {longest} characters; these are {len(kept)}")
    if not kept.isprintable():
        raise UnfitText(f"{what}: it holds characters that cannot be shown; type it anew")
    found = sorted(KINDS[kind] for kind in identifiers(kept) - allowed)
    if found:
        raise UnfitText(f"{what}: it may hold {', '.join(found)}; nothing was kept, take it out")
    return kept
