"""Counts about children leave the exact store only through here.

1 to 7 becomes `c` ("1–7, or withheld to protect another figure"); every other count is rounded to
the nearest 5; each cell and each total on its own. A true 0 is 0; not submitted has no figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from gapmap.indicator import of_boroughs
from gapmap.store import Store, Writing, rows_of

THRESHOLD = 7
BASE = 5
WITHHELD = "c"
LONDON = "London"

FIGURE_SCHEMA = pa.schema(
    [
        ("measure", pa.string()),
        ("quarter", pa.string()),
        ("level", pa.string()),
        ("area_code", pa.string()),
        ("value", pa.int64()),
        ("marker", pa.string()),
        ("areas_submitted", pa.int32()),
        ("release_id", pa.string()),
    ]
)


def protect(count: int) -> tuple[int | None, str | None]:
    """A count as it may be shown: (value, None), or (None, "c") where it is withheld.

    1 to THRESHOLD is withheld; anything else goes to the nearest BASE. Raises ValueError below 0.
    """
    if count < 0:
        raise ValueError(f"a count cannot be {count}")
    if 1 <= count <= THRESHOLD:
        return None, WITHHELD
    return (count + BASE // 2) // BASE * BASE, None


def _with_london(measure: str, by_borough: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Exact figures of boroughs, and London's total over those that submitted."""
    totals: dict[str, list[int]] = defaultdict(list)
    figures = []
    for row in by_borough:
        totals[row["quarter"]].append(row["value"])
        figures.append(_figure(measure, row["quarter"], "borough", row["borough_code"], row))
    for quarter, values in totals.items():
        total = {"value": sum(values)}
        figures.append(_figure(measure, quarter, "london", LONDON, total, len(values)))
    return figures


def _figure(
    measure: str,
    quarter: str,
    level: str,
    area_code: str,
    row: Mapping[str, Any],
    areas_submitted: int = 1,
) -> dict[str, Any]:
    return {
        "measure": measure,
        "quarter": quarter,
        "level": level,
        "area_code": area_code,
        "value": row["value"],
        "marker": None,
        "areas_submitted": areas_submitted,
        "release_id": "exact",
    }


def write_exact_figures(
    writing: Writing, extract: str | None, quarters: Sequence[str], boroughs: Sequence[str]
) -> list[str]:
    """Write the exact figures that an extract (None: every one) feeds; the measures written.

    A quarter is written whole, for all `boroughs`, since London's total is among its figures.
    """
    measures = []
    for definition in of_boroughs():
        if extract is not None and extract not in definition.extracts:
            continue
        given = {"quarters": list(quarters), "boroughs": list(boroughs)}
        figures = _with_london(definition.name, rows_of(writing.ask(definition.body.name, given)))
        writing.run(
            "publish/clear_figures", {"measure": definition.name, "quarters": list(quarters)}
        )
        writing.append("figure", pa.Table.from_pylist(figures, FIGURE_SCHEMA))
        measures.append(definition.name)
    return measures


def released_figures(exact: Iterable[Mapping[str, Any]], release_id: str) -> pa.Table:
    """Exact figures as they may be shown, under the id of their release."""
    shown = []
    for figure in exact:
        value, marker = protect(figure["value"])
        shown.append({**figure, "value": value, "marker": marker, "release_id": release_id})
    return pa.Table.from_pylist(shown, FIGURE_SCHEMA)


def make_release(
    store: Store, writing: Writing, measures: Sequence[str], quarters: Sequence[str], at: datetime
) -> pa.Table:
    """Write the released figures of these quarters in `writing` (of the released store).

    The id follows from the store's version, so a release that is made twice is the same release.
    Returns its row, to be marked in the exact store once this is committed.
    """
    release_id = f"R{rows_of(store.exact.ask('store/version'))[0]['version']:05}"
    given = {"quarters": list(quarters)}
    for measure in measures:
        exact = rows_of(store.exact.ask("standing/figures", {"measure": measure, **given}))
        writing.run("publish/clear_figures", {"measure": measure, **given})
        writing.append("figure", released_figures(exact, release_id))
    row = {
        "release_id": release_id,
        "quarters": list(quarters),
        "made_at": at,
        "threshold": THRESHOLD,
        "base": BASE,
    }
    made = pa.Table.from_pylist([row])
    writing.run("publish/forget_release", {"release_id": release_id})
    writing.append("release", made)
    return made


def mark_release(store: Store, made: pa.Table) -> None:
    """Note in the exact store that a release stands in the released one; twice is once."""
    with store.exact.writing() as writing:
        writing.run("publish/forget_release", {"release_id": made["release_id"][0].as_py()})
        writing.append("release", made)
