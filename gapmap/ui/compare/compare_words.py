"""The words of comparisons: when two shares differ, how, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from gapmap.ui.setting_words import RANKED_FROM
from gapmap.ui.words import REASON_WORDS, count, missing, numbered

NOT_OF_SCHOOLS = (
    "This is counted by borough and not by school, so there is no share of schools to compare: "
    "choose an indicator of schools."
)

INTERVALS_NOTE = (
    "“Higher” and “lower” are said only where the 95% intervals do not overlap and at least "
    f"{RANKED_FROM} of the schools is known on both sides."
)


def difference_words(differs: Any, polarity: str, other: str) -> str:
    """How a share differs from another area's: `higher than London (better)`; empty where it is
    not clear. Better and worse are said only of an indicator with a polarity.

    `differs`: "higher", "lower" or nothing, as the questions of queries/compare give it.
    """
    if missing(differs):
        return ""
    judged = judgement(differs, polarity)
    return f"{differs} than {other}" + (f" ({judged})" if judged else "")


def judgement(differs: Any, polarity: str) -> str | None:
    """Better or worse, or None where it is not clear or the indicator has no polarity."""
    if missing(differs) or polarity == "none":
        return None
    better = "higher" if polarity == "higher is better" else "lower"
    return "better" if differs == better else "worse"


def members_words(members: int, with_data: int, without: Any, elsewhere: int) -> str:
    """How many boroughs a group's share rests on, and which are left out of it."""
    said = f"{with_data} of {numbered(members, 'borough')} with an answer"
    if not missing(without):
        said += f"; left out without one: {without}"
    if elsewhere:
        said += f"; {numbered(elsewhere, 'neighbour')} outside London not held"
    return said


def unknown_words(found: pd.DataFrame, what: str = "answers") -> str:
    """Why answers are unknown, from rows of reason and answers; empty where none is."""
    by_reason: Mapping[str, int] = dict(zip(found["reason"], found["answers"], strict=True))
    parts = [
        f"{count(by_reason[reason])} {words}"
        for reason, words in REASON_WORDS.items()
        if by_reason.get(reason)
    ]
    total = sum(by_reason.values())
    return f"{count(total)} {what} unknown: {', '.join(parts)}" if parts else ""


def no_answer_words(title: str) -> str:
    """Nothing is known of an indicator under the filters: say so, and what to do."""
    return (
        f"No school of London has an answer on {title} under these filters. Choose another "
        "indicator or quarter, or set phase and school type to All."
    )


def listed(names: Iterable[str], most: int = 40) -> str:
    """Names in a row, cut after so many."""
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more
