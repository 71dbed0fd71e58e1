"""A file published in the width, laid out as its contract describes its rows.

DfE publishes statistical neighbours one authority a row, with a pair of columns a neighbour.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gapmap.contract import Contract, folded
from gapmap.text_table import TextTable


def as_long(table: TextTable, contract: Contract) -> TextTable:
    """The table with one row a neighbour, where it is of the contract's wide layout.

    Any other table is returned as it is. Blank neighbours are no rows; row numbers stay those of
    the file.
    """
    wide = contract.wide
    places = {folded(name): place for place, name in enumerate(table.header)}
    if wide is None or folded(wide.id) not in places:
        return table
    names = [field.name for field in contract.fields]
    parts = []
    for rank in range(1, wide.ranks + 1):
        place = places.get(folded(wide.neighbour.format(rank=rank)))
        if place is None:
            continue
        close = places.get(folded(wide.closeness.format(rank=rank)))
        blank = pa.chunked_array([pa.repeat(pa.scalar(""), table.row_count)])
        columns = (
            table.columns[places[folded(wide.id)]],
            pa.chunked_array([pa.repeat(pa.scalar(str(rank)), table.row_count)]),
            table.columns[place],
            blank if close is None else table.columns[close],
        )
        part = pa.table(dict(zip(names, columns, strict=True)))
        part = part.append_column("row_no", pa.array(table.row_numbers))
        filled = pc.not_equal(pc.utf8_trim_whitespace(table.columns[place]), "")
        parts.append(part.filter(filled))
    if not parts:
        return table
    rows = pa.concat_tables(parts)
    return replace(
        table,
        header=tuple(names),
        columns=tuple(rows[name] for name in names),
        row_numbers=np.asarray(rows["row_no"].to_numpy()),
    )
