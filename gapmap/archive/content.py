"""A hash of rows that only their values decide, by which two holdings of them are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def content_hash(rows: pa.Table) -> str:
    """A hash of typed rows in the order of their row_no.

    The same for the same values, however they are chunked, encoded or sized, in whatever order the
    columns are. Columns without a value do not count, so that a contract may gain a column.
    """
    columns = sorted(name for name in rows.column_names if rows[name].null_count < rows.num_rows)
    rows = _in_order(rows.select(columns))
    digest = hashlib.sha256(str(rows.num_rows).encode())
    for name in columns:
        digest.update(f"\n{name}\n".encode())
        for part in _canonical_parts(_decoded(rows[name])):
            digest.update(part)
    return digest.hexdigest()


def _in_order(rows: pa.Table) -> pa.Table:
    """Rows by row_no; those that share one, as rows of a wide file do, by their values."""
    if rows.num_rows < 2:
        return rows
    numbers = rows["row_no"].combine_chunks()
    if pc.all(pc.less(numbers[:-1], numbers[1:])).as_py():
        return rows
    keys = ["row_no", *(name for name in rows.column_names if name != "row_no")]
    decoded = pa.table({name: _decoded(rows[name]) for name in keys})
    return decoded.sort_by([(name, "ascending") for name in keys])


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column


def _canonical_parts(column: pa.ChunkedArray) -> Iterator[bytes | memoryview]:
    """A column as bytes that only its values decide. Raises TypeError for a type without rule."""
    values = pa.concat_arrays(column.chunks)
    if values.null_count:
        yield b"null"
        yield pc.cast(values.is_null(), pa.uint8()).to_numpy().data
    of, types = values.type, pa.types
    if types.is_string(of) or types.is_large_string(of) or types.is_string_view(of):
        yield from _text_parts(values.cast(pa.large_string()))
    elif types.is_floating(of):
        yield b"number"
        yield values.cast(pa.float64()).fill_null(0.0).to_numpy().data
    elif types.is_integer(of) or types.is_boolean(of) or types.is_date32(of):
        whole = values.cast(pa.int32()) if types.is_date32(of) else values
        yield b"date" if types.is_date32(of) else b"whole number"
        yield _narrowest(whole.cast(pa.int64()).fill_null(0).to_numpy())
    else:
        raise TypeError(f"the archive has no rule for a column of {of}")


def _text_parts(values: pa.LargeStringArray) -> Iterator[bytes | memoryview]:
    """The different texts in their order, then the place of each row's among them."""
    encoded = values.fill_null("").dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    yield b"text"
    for text in encoded.dictionary.take(pa.array(order)).to_pylist():
        yield f"{len(text)} {text}".encode()
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    yield _narrowest(places[encoded.indices.to_numpy()])


def _narrowest(values: np.ndarray[Any, np.dtype[np.int64]]) -> memoryview:
    """Whole numbers in as few bytes as hold them all: fewer to hash."""
    ends = (int(values.min()), int(values.max()))
    kind = next(k for k in (np.int8, np.int16, np.int32, np.int64) if _fits(ends, np.iinfo(k)))
    return values.astype(kind).data


def _fits(ends: tuple[int, int], kind: np.iinfo[Any]) -> bool:
    return bool(kind.min <= ends[0] and ends[1] <= kind.max)
