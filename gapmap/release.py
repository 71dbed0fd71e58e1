"""Counts about children leave the exact store only through here.

1 to 7 becomes `c` ("1–7, or withheld to protect another figure"); every other count is rounded to
the nearest 5; each cell and each total on its own. A true 0 is 0; not submitted has no figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from gapmap.measure import Change, Measure, lattice
from gapmap.store import Store, Writing, rows_of

THRESHOLD = 7
BASE = 5
WITHHELD = "c"
EXACT = "exact"

FIGURE_SCHEMA = pa.schema(
    [
        ("measure", pa.string()),
        ("quarter", pa.string()),
        ("level", pa.string()),
        ("area_code", pa.string()),
        ("breakdown", pa.string()),
        ("category", pa.string()),
        ("value", pa.int64()),
        ("marker", pa.string()),
        ("areas_submitted", pa.int32()),
        ("areas", pa.int32()),
        ("release_id", pa.string()),
    ]
)


def protect(count: int) -> tuple[int | None, str | None]:
    """A count as it may be shown: (value, None), or (None, "c") where it is withheld.

    1 to THRESHOLD is withheld; anything else goes to the nearest BASE. Raises ValueError below 0.
    """
    shown = protect_all(pa.array([count], pa.int64()))
    return shown["value"][0].as_py(), shown["marker"][0].as_py()


def protect_all(counts: pa.Array | pa.ChunkedArray) -> pa.Table:
    """As `protect`, for many counts: a table of `value` and `marker`, one row per count.

    Raises ValueError where a count is missing or below 0: what is not known is no count.
    """
    least = pc.min(counts).as_py() if len(counts) else 0
    if counts.null_count or least < 0:
        raise ValueError(f"a count cannot be {'missing' if counts.null_count else least}")
    hidden = pc.and_(pc.greater_equal(counts, 1), pc.less_equal(counts, THRESHOLD))
    # Whole numbers are divided down: (n + 2) div 5 * 5 is the nearest 5 of n.
    rounded = pc.multiply(pc.divide(pc.add(counts, BASE // 2), BASE), BASE)
    value = pc.if_else(hidden, pa.scalar(None, pa.int64()), rounded)
    marker = pc.if_else(hidden, WITHHELD, pa.scalar(None, pa.string()))
    return pa.table({"value": value, "marker": marker})


# --- exact -----------------------------------------------------------------------------------


def write_exact_figures(writing: Writing, change: Change) -> dict[str, tuple[str, ...]]:
    """Write the exact figures that a change reaches; the quarters written, by measure.

    A quarter is written whole, for all boroughs, since the areas above them are among its figures.
    """
    signals = change.reached(lattice().signals)
    if signals:
        writing.run("publish/clear_signals", {"quarters": list(signals)})
        writing.append(
            "school_signal", writing.ask("standing/school_signals", {"quarters": list(signals)})
        )
    writing.run("publish/drop_unheld_signals")
    written = {}
    for measure in lattice().measures.values():
        quarters = change.reached(measure.reads)
        if quarters:
            _write_measure(writing, measure, list(quarters))
            written[measure.name] = quarters
    writing.run("publish/drop_unheld_figures")
    writing.run("publish/drop_undeclared_figures", {"measures": list(lattice().measures)})
    return written


def _write_measure(writing: Writing, measure: Measure, quarters: list[str]) -> None:
    """Boroughs first, then the areas that they make up."""
    at = {"measure": measure.name, "quarters": quarters}
    writing.run("publish/clear_figures", at)
    counted = writing.ask(measure.body.name, {"quarters": quarters})
    writing.append("figure", _of_boroughs(measure.name, counted))
    writing.run("publish/sum_figures", {**at, "levels": list(lattice().levels)})


def _of_boroughs(measure: str, counted: pa.Table) -> pa.Table:
    """The rows of a measure (quarter, borough_code, breakdown, category, value) as figures."""
    same = {
        "measure": measure,
        "level": "borough",
        "marker": None,
        "areas_submitted": 1,
        "areas": 1,
        "release_id": EXACT,
    }
    columns = {"area_code": counted["borough_code"]} | {
        name: counted[name] for name in ("quarter", "breakdown", "category", "value")
    }
    columns |= {
        name: pa.repeat(pa.scalar(value, FIGURE_SCHEMA.field(name).type), counted.num_rows)
        for name, value in same.items()
    }
    return pa.table({name: columns[name] for name in FIGURE_SCHEMA.names}).cast(FIGURE_SCHEMA)


# --- released --------------------------------------------------------------------------------


def released_figures(exact: pa.Table, release_id: str) -> pa.Table:
    """Exact figures as they may be shown, under the id of their release."""
    shown = protect_all(exact["value"])
    columns = {name: exact[name] for name in FIGURE_SCHEMA.names}
    columns |= {
        "value": shown["value"],
        "marker": shown["marker"],
        "release_id": pa.repeat(pa.scalar(release_id), exact.num_rows),
    }
    return pa.table(columns).cast(FIGURE_SCHEMA)


def make_release(
    store: Store, writing: Writing, figures: Mapping[str, tuple[str, ...]], at: datetime
) -> pa.Table:
    """Write the released figures of these quarters, by measure, in `writing` (of the released
    store).

    The id follows from the store's version, so a release that is made twice is the same release.
    Returns its row, to be marked in the exact store once this is committed.
    """
    release_id = f"R{rows_of(store.exact.ask('store/version'))[0]['version']:05}"
    for measure, quarters in figures.items():
        of_measure = {"measure": measure, "quarters": list(quarters)}
        exact = store.exact.ask("standing/figures", of_measure)
        writing.run("publish/clear_figures", of_measure)
        writing.append("figure", released_figures(exact, release_id))
    writing.run("publish/drop_undeclared_figures", {"measures": list(lattice().measures)})
    row = {
        "release_id": release_id,
        "quarters": sorted({quarter for quarters in figures.values() for quarter in quarters}),
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
