"""What the indicators of areas say, written at publication: nobody works them out at view time.

Each store works out its own, from its own figures: exact ones from exact, released ones from
released. Nothing is copied from one to the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from gapmap.contract import contracts
from gapmap.indicator import Definition, of_boroughs
from gapmap.measure import Change, Reach
from gapmap.stores.store import Database, Writing

Quarters = tuple[str, ...]


def values_reached(change: Change) -> dict[str, Quarters]:
    """The quarters in which a change is to write each indicator of areas anew, by its name."""
    reached = {d.name: change.reached(_reads(d)) for d in of_boroughs()}
    return {name: quarters for name, quarters in reached.items() if quarters}


def _reads(definition: Definition) -> Mapping[str, Reach]:
    """How far a change of each extract reaches: what has no quarter of its own reaches them all."""
    return {
        extract: "later" if contracts()[extract].dated_by == "quarter" else "all"
        for extract in definition.extracts
    }


def write_area_values(writing: Writing, reached: Mapping[str, Sequence[str]]) -> None:
    """Write what the indicators say in these quarters, in the store of `writing`.

    Its figures, schools and open tables of these quarters are to be written before.
    """
    for definition in of_boroughs():
        quarters = list(reached.get(definition.name, ()))
        if not quarters:
            continue
        writing.run(
            "publish/clear_area_values", {"indicator": definition.name, "quarters": quarters}
        )
        said = writing.ask(definition.body.name, {"quarters": quarters})
        name = pa.repeat(pa.scalar(definition.name), said.num_rows)
        writing.append("area_value", said.append_column("indicator", name))
    names = [definition.name for definition in of_boroughs()]
    writing.run("publish/drop_unheld_area_values", {"indicators": names})


def await_release(writing: Writing, exact: Database, reached: Mapping[str, Sequence[str]]) -> None:
    """In the released store, just written: tell figures that wait for their release from areas
    that did not submit. Of the exact store only which areas have an answer is asked."""
    quarters = sorted({quarter for several in reached.values() for quarter in several})
    of = {"indicators": list(reached), "quarters": quarters}
    answered = exact.ask("areas/with_answer", of)["area"].to_pylist()
    writing.run("publish/await_release", {"areas": answered})
