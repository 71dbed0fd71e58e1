"""Releases of figures about children in words: cells, what is shown of them, why one is hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from gapmap.measure import ALL, TOTAL, lattice
from gapmap.reference.reference import borough_name
from gapmap.ui.words import count, figure, missing, sentence

STANDING: Final[Mapping[str, str]] = {
    "stands": "Shown now",
    "superseded": "Replaced by a later one",
    "withdrawn": "Withdrawn",
}
STATUSES: Final[Mapping[str, str]] = {
    "shown": "shown",
    "primary": "hidden: 1 to 7",
    "withheld": "hidden, to protect another figure",
    "sticky": "hidden, as in an earlier release",
}
PUBLIC: Final = "public"
_CODE: Final = re.compile(r"E\d{8}")
_VIEWERS: Final[Mapping[str, str]] = {PUBLIC: "everybody who sees releases"}


def measure_words(name: str) -> str:
    """What a measure counts, in words; its name where the lattice no longer has it."""
    found = lattice().measures.get(name)
    return name if found is None else found.counts


def part_words(breakdown: str | None, category: str | None) -> str:
    """A breakdown's category, or that it is the total."""
    if missing(breakdown) or (breakdown == TOTAL and category == ALL):
        return "total"
    return f"{breakdown}: {category}"


def area_words(level: str, code: str, areas: Mapping[tuple[str, str], str]) -> str:
    """An area as people call it, with its level where it is more than a borough."""
    name = areas.get((level, code), code)
    return name if level in ("borough", "london") else f"{name} ({level})"


def own_count(count_of: Any, breakdown: Any) -> str:
    """An exact count for the borough's own lead: a category without a row is a true 0."""
    if missing(count_of):
        return "–" if breakdown == TOTAL else "0"
    return count(count_of)


def shown_words(value: Any, marker: Any) -> str:
    """What is shown of a cell; a dash where there is no row of it."""
    return "–" if missing(value) and missing(marker) else figure(value, marker)


def cells_table(
    rows: Sequence[Mapping[str, Any]], areas: Mapping[tuple[str, str], str]
) -> list[dict[str, str]]:
    """The part that every table of cells begins with: area, measure and category in words."""
    return [
        {
            "Area": area_words(row["level"], row["area_code"], areas),
            "Counted": measure_words(row["measure"]),
            "Part": part_words(row["breakdown"], row["category"]),
        }
        for row in rows
    ]


def changes_table(
    rows: Sequence[Mapping[str, Any]], areas: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    """What a release would show otherwise: was, becomes, and why a cell is hidden."""
    cells = cells_table(rows, areas)
    return pd.DataFrame(
        [
            {
                **cell,
                "Was": shown_words(row["was_value"], row["was_marker"]),
                "Becomes": shown_words(row["value"], row["marker"]),
                "Why": "no longer counted"
                if missing(row["status"])
                else STATUSES[str(row["status"])],
            }
            for cell, row in zip(cells, rows, strict=True)
        ]
    )


def findings_table(
    rows: Sequence[Mapping[str, Any]], areas: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    """What the audit found of each hidden cell: what remains possible, and for whom."""
    cells = cells_table(rows, areas)
    return pd.DataFrame(
        [
            {
                **cell,
                "Why": STATUSES[str(row["status"])],
                "Could be": range_words(row["low"], row["high"], row["viewer"]),
                "Seen by": viewer_words(row["viewer"]),
                "Protects": "–" if missing(row["protects"]) else str(row["protects"]),
            }
            for cell, row in zip(cells, rows, strict=True)
        ]
    )


def range_words(low: Any, high: Any, viewer: Any) -> str:
    """What a hidden count may be for everybody; what a lead can tell rests on exact figures."""
    if viewer != PUBLIC:
        return "not told"
    return f"{count(low)} or more" if missing(high) else f"{count(low)} to {count(high)}"


def viewer_words(viewer: Any) -> str:
    """Who could narrow a hidden count most."""
    if missing(viewer):
        return "–"
    named = _CODE.sub(lambda found: borough_name(found[0]), str(viewer))
    return sentence(_VIEWERS.get(named, named))


def names_words(names: Sequence[str], most: int = 5) -> str:
    """Names in a row; more than `most` are cut short: Barnet, Bexley and 27 more."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
