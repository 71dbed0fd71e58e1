"""A file published in the width, laid out as its contract describes its rows.

DfE publishes statistical neighbours one authority a row, with a pair of columns a neighbour.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from gapmap.contract import Contract, folded
from gapmap.reading.text_table import TextTable


def as_long(table: TextTable, contract: Contract) -> TextTable:
    """The table with one row a neighbour, where it is of the contract's wide layout.

    Any other table is returned as it is. Blank neighbours are no rows; row numbers and addresses of
    cells stay those of the file.
    """
    wide = contract.wide
    places = {folded(name): place for place, name in enumerate(table.header)}
    if wide is None or folded(wide.id) not in places:
        return table
    ranked = [
        (rank, place, places.get(folded(wide.closeness.format(rank=rank))))
        for rank in range(1, wide.ranks + 1)
        if (place := places.get(folded(wide.neighbour.format(rank=rank)))) is not None
    ]
    if not ranked:
        return table
    parts = [_of_rank(table, places[folded(wide.id)], *columns) for columns in ranked]
    rows = pa.concat_tables(parts)
    names = tuple(field.name for field in contract.fields)
    _, _, neighbour, closeness = range(len(names))
    every_closeness = all(close is not None for _, _, close in ranked)
    return replace(
        table,
        header=names,
        columns=tuple(rows.columns[: len(names)]),
        row_numbers=rows["row_no"].to_numpy(),
        positions=(table.place(places[folded(wide.id)]), None, None, None),
        spread={
            neighbour: rows["neighbour_at"].to_numpy(),
            **({closeness: rows["closeness_at"].to_numpy()} if every_closeness else {}),
        },
    )


def _of_rank(
    table: TextTable, authority: int, rank: int, neighbour: int, closeness: int | None
) -> pa.Table:
    """The rows of one rank: the contract's columns, then where each cell lies in the file."""
    count = table.row_count
    close = _repeated("", count) if closeness is None else table.columns[closeness]
    part = pa.table(
        {
            "authority": table.columns[authority],
            "rank": _repeated(str(rank), count),
            "neighbour": table.columns[neighbour],
            "closeness": close,
            "row_no": pa.array(table.row_numbers),
            "neighbour_at": _repeated(table.place(neighbour), count),
            "closeness_at": _repeated(None if closeness is None else table.place(closeness), count),
        }
    )
    return part.filter(pc.not_equal(pc.utf8_trim_whitespace(part["neighbour"]), ""))


def _repeated(value: str | int | None, times: int) -> pa.ChunkedArray:
    kind = pa.string() if isinstance(value, str) else pa.int64()
    return pa.chunked_array([pa.repeat(pa.scalar(value, kind), times)])
