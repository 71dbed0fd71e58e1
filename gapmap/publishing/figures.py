"""The exact figures of the lattice, written at publication: counts of boroughs, and their sums."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from gapmap.measure import Change, Measure, lattice
from gapmap.stores.store import Writing

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


def write_exact_figures(writing: Writing, change: Change) -> None:
    """Write the exact figures that a change reaches.

    A quarter is written whole, for all boroughs, since the areas above them are among its figures.
    """
    signals = change.reached(lattice().signals)
    if signals:
        writing.run("publish/clear_signals", {"quarters": list(signals)})
        writing.append(
            "school_signal", writing.ask("standing/school_signals", {"quarters": list(signals)})
        )
    writing.run("publish/drop_unheld_signals")
    reached = [(m, list(change.reached(m.reads))) for m in lattice().measures.values()]
    _write_measures(writing, [(measure, quarters) for measure, quarters in reached if quarters])
    writing.run("publish/drop_unheld_figures")
    writing.run("publish/drop_undeclared_figures", {"measures": list(lattice().measures)})


def _write_measures(writing: Writing, reached: Sequence[tuple[Measure, list[str]]]) -> None:
    """Boroughs first, measure by measure, since one may read another; then the areas above them."""
    of = [f"{measure.name}|{quarter}" for measure, quarters in reached for quarter in quarters]
    writing.run("publish/clear_figures", {"of": of})
    for measure, quarters in reached:
        counted = writing.ask(measure.body.name, {"quarters": quarters})
        writing.append("figure", _of_boroughs(measure.name, counted))
    writing.run("publish/sum_figures", {"of": of, "levels": list(lattice().levels)})


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
