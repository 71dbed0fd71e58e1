"""Rows of an extract compared with other rows of it, by its key: added, changed, unchanged, gone.

Nothing here reads a store. Tables are typed rows in the store's columns, with their `quarter`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gapmap.contract import Contract
from gapmap.screening.validation import combined_key

Place = tuple[str, str]
PAIR = ("quarter", "borough_code")


@dataclass(frozen=True)
class Matched:
    """Where rows of two tables, `before` and `after`, are the same by a key.

    `added` are places in `after`, `gone` in `before`; `both` holds the places of each row that
    both have, in `before` and in `after`, and `changed` which of these differ in what was compared.
    """

    added: np.ndarray[Any, Any]
    gone: np.ndarray[Any, Any]
    both: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]
    changed: np.ndarray[Any, Any]


@dataclass(frozen=True)
class Count:
    """How many rows of a quarter and borough were added, changed, left alone, and are gone."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0


@dataclass(frozen=True)
class ChangedRow:
    """One row that differs: its key, and by column what it said and what it says."""

    quarter: str
    borough_code: str
    key: Mapping[str, Any]
    cells: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Comparison:
    """`counts` by (quarter, borough); the first changed rows, and how many there are in all."""

    counts: Mapping[Place, Count]
    changed_rows: tuple[ChangedRow, ...] = ()
    changed_in_all: int = 0


def declared_columns(contract: Contract) -> list[str]:
    """The store's columns that the contract declares, `borough_code` and `quarter` among them."""
    columns = [field.column for field in contract.fields]
    columns += [field.symbol_column for field in contract.fields if field.symbol_column]
    return [*columns, *(column for column in PAIR if column not in columns)]


def key_columns(contract: Contract) -> list[str]:
    """What tells rows apart: the contract's key, within a quarter and borough."""
    return [*contract.primaryKey, *(c for c in PAIR if c not in contract.primaryKey)]


def match(
    before: pa.Table, after: pa.Table, key: Sequence[str], compared: Sequence[str]
) -> Matched:
    """Match rows by `key`, which tells the rows of each table apart; null equals null."""
    wanted = [*key, *compared]
    before, after = _alike(before.select(wanted), after.select(wanted))
    keys = combined_key(pa.concat_tables([before, after]).select(list(key)), key)
    old, new = keys[: before.num_rows], keys[before.num_rows :]
    _, in_before, in_after = np.intersect1d(old, new, assume_unique=True, return_indices=True)
    order = np.argsort(in_after)
    in_before, in_after = in_before[order], in_after[order]
    changed = np.zeros(len(in_after), dtype=bool)
    for column in compared:
        changed |= _differs(before[column].take(in_before), after[column].take(in_after))
    added = np.setdiff1d(np.arange(len(new)), in_after, assume_unique=True)
    gone = np.setdiff1d(np.arange(len(old)), in_before, assume_unique=True)
    return Matched(added, gone, (in_before, in_after), changed)


def _alike(before: pa.Table, after: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Both in one schema, without encodings: what two readers made of the same column."""
    tables = []
    for table in (before, after):
        plain = [
            (f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type)
            for f in table.schema
        ]
        tables.append(table.cast(pa.schema(plain)))
    schema = pa.unify_schemas([t.schema for t in tables], promote_options="permissive")
    return tables[0].cast(schema), tables[1].cast(schema)


def _differs(old: pa.ChunkedArray, new: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """Where two columns differ; null and a value do, null and null do not."""
    unequal = pc.fill_null(pc.not_equal(old, new), False)
    one_null = pc.xor(pc.is_null(old), pc.is_null(new))
    found: np.ndarray[Any, Any] = pc.or_(unequal, one_null).to_numpy()
    return found


def compare(
    contract: Contract,
    before: pa.Table,
    after: pa.Table,
    *,
    at_most: int = 0,
    shown_for: Collection[str] | None = None,
) -> Comparison:
    """Compare what stood with what comes, by the contract's key and declared columns alone.

    At most `at_most` changed rows are given, in the order of `after`, of the boroughs `shown_for`
    (GSS codes; None: all); `changed_in_all` counts those of these boroughs.
    """
    key = key_columns(contract)
    compared = [column for column in declared_columns(contract) if column not in key]
    matched = match(before, after, key, compared)
    in_before, in_after = matched.both
    counted = {
        "added": _by_place(after, matched.added),
        "gone": _by_place(before, matched.gone),
        "changed": _by_place(after, in_after[matched.changed]),
        "unchanged": _by_place(after, in_after[~matched.changed]),
    }
    places = sorted({place for found in counted.values() for place in found})
    counts = {
        place: Count(**{name: found[place] for name, found in counted.items()}) for place in places
    }
    shown = _of_boroughs(after, matched, shown_for)
    listed = shown[:at_most]
    rows = _changed_rows(
        before.take(in_before[listed]), after.take(in_after[listed]), key, compared
    )
    return Comparison(counts, rows, len(shown))


def _by_place(rows: pa.Table, places: np.ndarray[Any, Any]) -> Counter[Place]:
    """The number of rows, of those at `places`, by quarter and borough."""
    if len(places) == 0:
        return Counter()
    of = rows.select(list(PAIR))
    # Most often that is all of them, in their order: then nothing is to be copied.
    taken = of if len(places) == rows.num_rows else of.take(places)
    counted = taken.group_by(list(PAIR), use_threads=False).aggregate([([], "count_all")])
    return Counter(
        {(row["quarter"], row["borough_code"]): row["count_all"] for row in counted.to_pylist()}
    )


def _of_boroughs(
    after: pa.Table, matched: Matched, shown_for: Collection[str] | None
) -> np.ndarray[Any, Any]:
    """The changed rows of the boroughs that may be shown, as places among `matched.both`."""
    changed = np.flatnonzero(matched.changed)
    if shown_for is None or len(changed) == 0:
        return changed
    boroughs = after["borough_code"].take(matched.both[1][changed])
    may = pc.is_in(boroughs, pa.array(sorted(shown_for), pa.string())).to_numpy()
    found: np.ndarray[Any, Any] = changed[may.astype(bool)]
    return found


def _changed_rows(
    old: pa.Table, new: pa.Table, key: Sequence[str], compared: Sequence[str]
) -> tuple[ChangedRow, ...]:
    rows = []
    for before, after in zip(old.to_pylist(), new.to_pylist(), strict=True):
        cells = {c: (before[c], after[c]) for c in compared if before[c] != after[c]}
        named = {column: after[column] for column in key if column not in PAIR}
        rows.append(ChangedRow(after["quarter"], after["borough_code"], named, cells))
    return tuple(rows)
