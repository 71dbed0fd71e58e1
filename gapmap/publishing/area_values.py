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
    of = [f"{indicator}|{quarter}" for indicator, several in reached.items() for quarter in several]
    writing.run("publish/clear_area_values", {"of": of})
    # Read one by one and appended at once: the appending costs more than the reading.
    said = [_said(writing, d, reached[d.name]) for d in of_boroughs() if d.name in reached]
    if said:
        columns = said[0].column_names
        writing.append("area_value", pa.concat_tables([one.select(columns) for one in said]))
    names = [definition.name for definition in of_boroughs()]
    writing.run("publish/drop_unheld_area_values", {"indicators": names})


def _said(writing: Writing, definition: Definition, quarters: Sequence[str]) -> pa.Table:
    said = writing.ask(definition.body.name, {"quarters": list(quarters)})
    return said.append_column("indicator", pa.repeat(pa.scalar(definition.name), said.num_rows))


def await_release(writing: Writing, exact: Database, reached: Mapping[str, Sequence[str]]) -> None:
    """In the released store, just written: tell figures that wait for their release from areas
    that did not submit. Of the exact store only which areas have an answer is asked."""
    quarters = sorted({quarter for several in reached.values() for quarter in several})
    of = {"indicators": list(reached), "quarters": quarters}
    with writing.staged("answered", exact.ask("areas/with_answer", of)):
        writing.run("publish/await_release")
