"""A file as a table of text: one array of strings a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from gapmap.issue import Issue, cell_address


@dataclass(frozen=True)
class TextTable:
    """A table of text, one array of strings a column.

    `row_numbers[i]` is the row of the file (heading included, from 1) from which element i of
    every column came, `header_row` that of the heading. `typed_dates`: the file is a spreadsheet
    whose dates are typed. `positions`: where each column lies in the file, None for one that the
    file lacks; empty where the table has the file's columns as they stand. `sheets` names all
    sheets of a workbook in their order; `titles` are the rows above the heading, each with its
    row of the file and its cells, held to be searched alone. `spread`: for a column that several
    columns of the file were put into, by its index, where in the file each element lies.
    """

    sheet: str | None
    header: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    row_numbers: np.ndarray
    typed_dates: bool
    issues: tuple[Issue, ...]
    header_row: int = 1
    titles: tuple[tuple[int, tuple[str, ...]], ...] = ()
    positions: tuple[int | None, ...] = ()
    sheets: tuple[str, ...] = ()
    spread: Mapping[int, np.ndarray] = field(default_factory=dict)
    _encoded: dict[int, pa.DictionaryArray] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def row_count(self) -> int:
        return len(self.row_numbers)

    def distinct(self, index: int) -> pa.DictionaryArray:
        """The distinct texts of a column, and which of them each row holds; encoded only once."""
        if index not in self._encoded:
            self._encoded[index] = self.columns[index].dictionary_encode().combine_chunks()
        return self._encoded[index]

    def place(self, index: int) -> int | None:
        """Where a column of the table lies in the file, from 0; None for one that it lacks."""
        return self.positions[index] if self.positions else index

    def cell(self, index: int, row: int) -> str | None:
        """The address in the file of a cell of the table, by the row of the file."""
        place = self.place(index)
        return None if place is None else cell_address(place, row)

    def cell_of(self, index: int, element: int) -> str | None:
        """The address in the file of one element of a column, from 0."""
        row = int(self.row_numbers[element])
        if index in self.spread:
            return cell_address(int(self.spread[index][element]), row)
        return self.cell(index, row)

    def filtered(self, keep: np.ndarray) -> TextTable:
        """The table with the rows for which `keep` is true."""
        mask = pa.array(keep)
        return replace(
            self,
            columns=tuple(column.filter(mask) for column in self.columns),
            row_numbers=self.row_numbers[keep],
            spread={index: places[keep] for index, places in self.spread.items()},
        )
