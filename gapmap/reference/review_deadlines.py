"""The day on which each borough's review is due: data/reference/review_deadlines.csv.

Half-terms differ, so each borough has its own; a lead may set another (gapmap.agreements.edited).
"""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

from gapmap.reference.reference import boroughs
from gapmap.settings import REFERENCE

COLUMNS = ("borough_code", "due")


class DeadlineError(ValueError):
    """review_deadlines.csv is wrong: the message names the place and the mend."""


def parse_deadlines(text: str, where: str = "review_deadlines.csv") -> dict[str, date]:
    """The day of every borough, by its GSS code.

    Raises DeadlineError, naming `where` and the line, on other columns, a borough that is missing,
    unknown or named twice, and on what is no day.
    """
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise DeadlineError(f"{where}: its columns must be {', '.join(COLUMNS)}")
    found: dict[str, date] = {}
    for row in reader:
        place = f"{where}, line {reader.line_num}"
        if row["borough_code"] in found:
            raise DeadlineError(f"{place}: the borough is named twice")
        try:
            found[row["borough_code"]] = date.fromisoformat(row["due"])
        except ValueError as fault:
            raise DeadlineError(f"{place}: due must be a day, as 2026-10-23") from fault
    codes = {row["borough_code"] for row in boroughs()}
    if set(found) != codes:
        odd = ", ".join(sorted(set(found) ^ codes))
        raise DeadlineError(f"{where}: it lacks or does not know {odd}")
    return found


@cache
def review_deadlines(path: Path = REFERENCE / "review_deadlines.csv") -> dict[str, date]:
    """The days of data/reference. Raises DeadlineError as parse_deadlines does."""
    return parse_deadlines(path.read_text(encoding="utf-8"), path.name)
