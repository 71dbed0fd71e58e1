"""A figure of an indicator of boroughs as it is shown: in its unit, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gapmap.indicator import Definition
from gapmap.ui.words import count, missing, signed

PERCENT, POINTS = "%", "percentage points"
_WHOLE: Final = frozenset({"referrals", "schools"})
REASON_WORDS: Final[Mapping[str, str]] = {
    "not_submitted": "not submitted",
    "not_released": "not released yet",
    "not_asked": "not asked",
    "no_denominator": "nothing to divide by",
    "too_few": "too few to show",
    "few_with_urn": "too few name the school",
}
# DfE's symbols in the published series, beside the marker of a release.
MARKER_WORDS: Final[Mapping[str, str]] = {
    "c": "c",
    "x": "x (not available)",
    "z": "z (not applicable)",
    "u": "u (unreliable)",
    "low": "low (rounds to 0)",
}


def in_unit(value: float, definition: Definition) -> str:
    """A value with its unit, as exact as it is meant to be read."""
    if definition.unit in _WHOLE:
        return count(value)
    if definition.unit == POINTS:
        return signed(round(value))
    if definition.unit == PERCENT:
        return f"{value:.{definition.decimals}f}%"
    return f"{value:.{definition.decimals}f}"


def shown_value(row: Mapping[Any, Any], definition: Definition) -> str:
    """The value of a row of an indicator of boroughs, its marker, or why there is none."""
    if not missing(row["marker"]):
        return MARKER_WORDS.get(str(row["marker"]), str(row["marker"]))
    if missing(row["value"]):
        reason = row["reason"]
        return "not submitted" if missing(reason) else REASON_WORDS.get(str(reason), str(reason))
    return in_unit(float(row["value"]), definition)
