"""The words of the screens: states and reasons, numbers, and what stands under every figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from gapmap.calendar_quarter import parse_quarter

STATE_WORDS = {
    "met": "met",
    "gap": "gap",
    "unknown": "unknown",
    "not_applicable": "not applicable",
}
REASON_WORDS = {
    "not_asked": "not asked",
    "no_reply": "no reply",
    "not_submitted": "borough has not submitted",
    "no_row": "not in the borough's return",
    "out_of_date": "out of date",
}
_SHORT_REASONS = {"not_submitted": "not submitted", "no_row": "not in return"}
# What a return may say, and why it says nothing.
ANSWER_WORDS = {
    "yes": "yes",
    "no": "no",
    "not asked": "not asked",
    "no reply": "no reply",
    "not_submitted": REASON_WORDS["not_submitted"],
    "no_row": REASON_WORDS["no_row"],
    "out_of_date": REASON_WORDS["out_of_date"],
}
WITHHELD_WORDS = "c = 1–7, or withheld to protect another figure"
REFERRALS_CAUTION = (
    "What was passed on, not how much harm occurred; higher can mean more trust. Not ranked."
)
FOOTER = (
    "What partners and schools have evidenced; not a judgement of how safe a school is. "
    "Not for parents or press. Ofsted and ISI judgements are not held."
)
BOUNDARIES_ATTRIBUTION = (
    "Boundaries: contains National Statistics data © Crown copyright and database right; "
    "contains OS data © Crown copyright and database right."
)
_ABBREVIATIONS = {"cin", "lado"}


def state_words(state: str, reason: str | None) -> str:
    """A state as it is shown; unknown says which."""
    if state == "unknown" and isinstance(reason, str):
        return f"unknown: {REASON_WORDS[reason]}"
    return STATE_WORDS[state]


def short_state(state: str, reason: str | None) -> str:
    """A state for a narrow column: unknown by its reason alone."""
    if state == "unknown" and isinstance(reason, str):
        return _SHORT_REASONS.get(reason, REASON_WORDS[reason])
    return STATE_WORDS[state]


def reasons_words(row: Mapping[Any, Any]) -> str:
    """Why answers are unknown, from a row with a count for each reason; the largest first."""
    counted = [(int(row[reason]), words) for reason, words in REASON_WORDS.items() if row[reason]]
    said = [f"{words} {number:,}" for number, words in sorted(counted, key=lambda c: -c[0])]
    return ", ".join(said) or "none"


def day_words(day: Any) -> str:
    """A day as 14 Nov 2026."""
    return f"{pd.Timestamp(day).date():%d %b %Y}".lstrip("0")


def missing(value: Any) -> bool:
    return value is None or (not isinstance(value, str) and bool(pd.isna(value)))


def count(value: Any) -> str:
    """A number with thousands separated, or a dash where there is none."""
    return "–" if missing(value) else f"{int(value):,}"


def numbered(number: int, word: str) -> str:
    """A number with what is counted: 1 row, 2 rows."""
    return f"{number:,} {word if number == 1 else f'{word}s'}"


def percent(value: Any) -> str:
    """A share (0 to 1) as a whole percentage, or a dash where there is none."""
    return "–" if missing(value) else f"{100 * float(value):.0f}%"


def interval(low: Any, high: Any) -> str:
    """An interval of shares, or a dash where there is none."""
    return "–" if missing(low) else f"{percent(low)}–{percent(high)}"


def figure(value: Any, marker: Any) -> str:
    """A count about children: the number, its marker, or that nobody submitted it."""
    if not missing(marker):
        return str(marker)
    return "not submitted" if missing(value) else f"{int(value):,}"


def quarter_words(quarter: str) -> str:
    """A quarter with its months: 2026-Q3 (July–September 2026)."""
    return f"{quarter} ({parse_quarter(quarter).in_words})"


def extract_names(extracts: Iterable[str]) -> str:
    """Extracts as a line of text names them: `police engagement, LADO`."""
    return ", ".join(_extract_name(extract) for extract in extracts)


def _extract_name(extract: str) -> str:
    parts = extract.split("_")
    return " ".join(part.upper() if part in _ABBREVIATIONS else part for part in parts)


def change(now: Any, before: Any) -> str | None:
    """A change as text with its sign, None where one of the two is not known."""
    if missing(now) or missing(before):
        return None
    return signed(int(now) - int(before))


def points(now: Any, before: Any) -> str | None:
    """A change of shares (0 to 1) in percentage points with its sign, None where one is unknown."""
    if missing(now) or missing(before):
        return None
    return signed(round(100 * (float(now) - float(before))))


def signed(number: int) -> str:
    """A change with its sign; a true minus, and no sign for none."""
    return f"{number:+,}".replace("-", "−") if number else "±0"


def sentence(text: str) -> str:
    """A text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def known_of(known: Any, schools: Any) -> str:
    """How many schools a figure rests on."""
    return f"n = {count(known)} schools known of {count(schools)}"


def text(value: Any) -> str:
    """A text, or nothing where there is none."""
    return "" if missing(value) else str(value)
