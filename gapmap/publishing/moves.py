"""Which indicators a publication would move: how many schools go from which state to which.

The upload is written into the exact store by the very statements that publish it, in a transaction
that is rolled back; the states of before and after are then compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from gapmap.archive.archive import append
from gapmap.indicator import definitions, of_schools
from gapmap.intake.intake import Prepared
from gapmap.publishing.comparison import match
from gapmap.publishing.publication import described, publication
from gapmap.publishing.standing import Touched, restate
from gapmap.stores.store import Store, rows_of

_STATE = ("indicator", "quarter", "borough_code", "urn")


@dataclass(frozen=True)
class Move:
    """How many schools of a borough an indicator finds in another state than before.

    `before` and `after` are states; None where the school is not in scope, or its quarter is not
    held.
    """

    quarter: str
    indicator: str
    borough_code: str
    before: str | None
    after: str | None
    schools: int


def moves_of(
    store: Store, prepared: Prepared, for_boroughs: Collection[str] | None
) -> tuple[tuple[Move, ...], tuple[str, ...]]:
    """The moves that publishing would make, and the quarters that it would be the first to hold."""
    extract = prepared.contract.name
    follows = any(extract in definition.extracts for definition in of_schools())
    if prepared.contract.dated_by == "quarter" and not follows:
        return (), ()
    # In turn with publishers: what is tried changes rows that a publication may change, too.
    with store.publishing:
        version = int(rows_of(store.exact.ask("store/version"))[0]["version"]) + 1
        submission = described(store, prepared, "preview", version)
        step = publication(prepared, submission, version, for_boroughs)
        with store.exact.checking("upload", prepared.rows) as trying:
            append(trying, step)
            touched = restate(trying, step.extract, step.pairs)
            after = _states(touched, trying.ask)
            held = {row["quarter"] for row in rows_of(trying.ask("standing/noted_quarters"))}
        before = _states(touched, store.exact.ask)
        fresh = held - {r["quarter"] for r in rows_of(store.exact.ask("standing/noted_quarters"))}
    moves = moved(before, after)
    if prepared.contract.dated_by == "quarter":
        moves = [move for move in moves if extract in definitions()[move.indicator].extracts]
    return tuple(moves), tuple(sorted(fresh))


def _states(touched: Touched, ask: Callable[[str, Mapping[str, Any]], pa.Table]) -> pa.Table:
    """The states of all that a publication writes, as one side of it knows them."""
    found = []
    for block in touched.blocks:
        indicators = [definition.name for definition in block.indicators]
        states = ask("standing/states", {**block.place, "indicators": indicators})
        found.append(states.select([*_STATE, "state"]))
    if not found:
        columns = [(name, pa.int32() if name == "urn" else pa.string()) for name in _STATE]
        return pa.schema([*columns, ("state", pa.string())]).empty_table()
    return pa.concat_tables(found)


def moved(before: pa.Table, after: pa.Table) -> list[Move]:
    """The schools whose state is another one, counted by what it was and what it is."""
    matched = match(before, after, _STATE, ["state"])
    was, now = (side[matched.changed] for side in matched.both)
    counted: Counter[tuple[str, str, str, str | None, str | None]] = Counter()
    counted.update(zip(*_places(after, now), _texts(before, was), _texts(after, now), strict=True))
    for table, places, side in ((after, matched.added, 1), (before, matched.gone, 0)):
        states = _texts(table, places)
        nothing = [None] * len(states)
        ends = (nothing, states) if side else (states, nothing)
        counted.update(zip(*_places(table, places), *ends, strict=True))
    moves = [Move(*move, schools=schools) for move, schools in counted.items()]
    return sorted(moves, key=lambda m: (m.quarter, m.indicator, m.borough_code, repr(m)))


def _places(table: pa.Table, places: Any) -> list[list[str]]:
    taken = table.select(["quarter", "indicator", "borough_code"]).take(places)
    return [taken[name].to_pylist() for name in taken.column_names]


def _texts(table: pa.Table, places: Any) -> list[str]:
    found: list[str] = table["state"].take(places).to_pylist()
    return found
