"""A text table seen through a mapping: the mapped columns alone, in the contract's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from gapmap.contract import Contract, folded
from gapmap.mapping.mapping import ColumnMapping, MappingError, Source, folded_answer
from gapmap.reading.text_table import TextTable


def narrowed(table: TextTable, mapping: ColumnMapping) -> TextTable:
    """The table with the mapped columns alone, under their own headings.

    What is not mapped is gone from here on: nothing behind this scans, keeps or quotes it.
    Raises MappingError when the file lacks a heading of the mapping.
    """
    places = {folded(name): place for place, name in enumerate(table.header)}
    for heading in mapping.headings:
        if not heading or heading not in places:
            raise MappingError(f"the file has no heading {heading!r}; the mapping names it")
    return only(table, [places[heading] for heading in mapping.headings])


def only(table: TextTable, places: Sequence[int]) -> TextTable:
    """The table with the columns at some places alone."""
    return replace(
        table,
        header=tuple(table.header[place] for place in places),
        columns=tuple(table.columns[place] for place in places),
        positions=tuple(table.place(place) for place in places),
    )


def column_of(table: TextTable, source: Source) -> tuple[pa.ChunkedArray, int | None]:
    """A source's texts in a narrowed table, and where its column lies in the file."""
    if source.heading is None:
        return _repeated(source.constant or "", table.row_count), None
    place = [folded(name) for name in table.header].index(folded(source.heading))
    return table.columns[place], table.place(place)


def translated(table: TextTable, mapping: ColumnMapping, contract: Contract) -> TextTable:
    """A narrowed table under the contract's headings, its answers in the contract's words.

    Texts that the mapping does not know stay as they are, for the contract to judge. Columns that
    need not be filled and have no source are blank. Rows and cells keep their place in the file.
    """
    columns, positions, names = [], [], []
    for field in contract.fields:
        source = mapping.columns.get(field.name)
        if source is None and (field.required or field.may_be_absent or field.from_upload):
            continue
        texts, position = column_of(table, source or Source(constant=""))
        names.append(field.name)
        columns.append(_meaning(texts, source) if source is not None else texts)
        positions.append(position)
    return replace(table, header=tuple(names), columns=tuple(columns), positions=tuple(positions))


def advised(contract: Contract, mapping: ColumnMapping) -> Contract:
    """The contract, whose advice on a bad answer says that it can be mapped."""
    fields = []
    for field in contract.fields:
        source = mapping.columns.get(field.name)
        if source is not None and source.answers and not field.message:
            advice = "Add this answer to the mapping of the file, or correct it in the file."
            field = replace(field, message=advice)
        fields.append(field)
    return replace(contract, fields=tuple(fields))


def distinct(texts: pa.ChunkedArray) -> tuple[list[str], pa.Array]:
    """The different texts of a column, and which of them each row holds."""
    encoded = texts.dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        if encoded.num_chunks == 0:
            return [], pa.array([], pa.int32())
        encoded = encoded.chunk(0)
    return encoded.dictionary.to_pylist(), encoded.indices


def meanings_of(texts: Sequence[str], source: Source) -> list[str]:
    """Each text in the contract's words where the mapping knows it, or as it is."""
    meanings = source.meanings
    return [meanings.get(folded_answer(text), text) for text in texts]


def _meaning(texts: pa.ChunkedArray, source: Source) -> pa.ChunkedArray:
    if not source.answers:
        return texts
    different, which = distinct(texts)
    meant = pa.array(meanings_of(different, source), pa.string())
    return pa.chunked_array([meant.take(which)])


def _repeated(text: str, number: int) -> pa.ChunkedArray:
    return pa.chunked_array([pa.repeat(pa.scalar(text), number)])
