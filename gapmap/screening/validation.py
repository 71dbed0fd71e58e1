"""A text table held against a contract: typed columns, or every issue with its place.

Each distinct text of a column is read once; its verdict then stands for every row that holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gapmap.column_types import CellFault, Reading, Surroundings, parse_cell
from gapmap.contract import Contract, Field, contracts, folded
from gapmap.issue import SEVERITIES, Issue, IssueLog, Severity
from gapmap.reading.reading import TextTable
from gapmap.reading.wide import as_long
from gapmap.screening.heading_issues import (
    column_twice,
    missing_column,
    no_rows,
    unknown_column,
    wrong_extract,
)
from gapmap.screening.scan import speakable

# DuckDB keeps rows in groups of this size.
BATCH_ROWS = 122_880
ARROW_TYPES = {
    "quarter": pa.string(),
    "borough": pa.string(),
    "urn": pa.int32(),
    "integer": pa.int32(),
    "string": pa.string(),
    "answer": pa.string(),
    "month": pa.string(),
    "date": pa.date32(),
    "year": pa.int32(),
    "published": pa.int32(),
}


@dataclass(frozen=True)
class Validated:
    """Typed rows in the contract's columns, `row_no` first, and what was left behind.

    `left_out` rows lie outside the boroughs of the reference data; `dropped_columns` are headings
    of the file that the contract does not have. `positions` gives the place of each stored column
    among the file's columns, from 0; None for one that the file lacks. `partial`: a cell or key is
    faulty, so the file is refused, and `rows` are only those in which every cell is right.
    """

    rows: pa.Table
    dropped_columns: tuple[str, ...]
    left_out: int
    positions: Mapping[str, int | None]
    partial: bool = False


@dataclass(frozen=True)
class _Heading:
    field: Field
    position: int
    name: str


def hold(
    table: TextTable,
    contract: Contract,
    around: Surroundings,
    log: IssueLog,
    *,
    nothing_declared: bool = False,
) -> Validated | None:
    """The rows of `table` under `contract`; None when its headings are wrong. Issues go to `log`.

    `nothing_declared`: a heading without rows is what was meant, a nil return.

    Stages: is it this extract at all (one issue, then stop), headings, cells, the key. Rows whose
    cells are right are looked at further, so that all that is wrong is told in one go.
    """
    table = as_long(table, contract)
    log.enter("extract")
    other = looks_like_another(table.header, contract)
    if other is not None:
        log.add(wrong_extract(table, contract, other))
        return None
    log.extend(table.issues)
    log.enter("columns")
    headings, dropped = _match_headings(table, contract, log)
    if table.row_count == 0 and not nothing_declared:
        log.add(no_rows(table, contract))
    if log.has_errors():
        return None
    log.enter("cells")
    inside = _inside_only(table, headings, around)
    if inside.row_count == 0 < table.row_count:
        log.add(_none_inside(table))
    rows, sound = _typed(inside, contract, headings, around, log)
    partial = log.has_errors()
    rows = rows.filter(pa.array(sound)) if partial else rows
    log.enter("key", partial=partial)
    _check_key(rows, contract, table.sheet, log)
    positions = {h.field.column: table.place(h.position) for h in headings}
    left_out = table.row_count - inside.row_count
    return Validated(rows, dropped, left_out, positions, log.has_errors())


# --- is it this extract, and are its headings right ----------------------------------------------


def _names(field: Field) -> set[str]:
    return {folded(name) for name in (field.name, *field.aliases)}


def fits(header: Sequence[str], contract: Contract) -> bool:
    """Whether a file with these headings can be held against the contract as it is."""
    present = {folded(name) for name in header}
    expected = [f for f in contract.fields if not f.may_be_absent and not f.from_upload]
    if not all(_names(field) & present for field in expected):
        return False
    if any(len(_names(field) & present) > 1 for field in contract.fields):
        return False
    declared = {name for field in contract.fields for name in _names(field)}
    return contract.undeclared_columns == "drop" or present <= declared


def share_of_needed(header: Sequence[str], contract: Contract) -> float:
    """How many of the columns that a file must have it has, as a share (0 to 1)."""
    present = {folded(name) for name in header}
    needed = [f for f in contract.fields if f.required and not f.from_upload]
    return sum(bool(_names(f) & present) for f in needed) / len(needed)


def looks_like_another(header: Sequence[str], contract: Contract) -> Contract | None:
    """The contract that these headings are of, where that is not `contract`."""
    own = share_of_needed(header, contract)
    if own == 1:
        return None
    best = max(contracts().values(), key=lambda c: share_of_needed(header, c))
    better = share_of_needed(header, best) > max(own, 0.5)
    return best if better and best.name != contract.name else None


def _match_headings(
    table: TextTable, contract: Contract, log: IssueLog
) -> tuple[list[_Heading], tuple[str, ...]]:
    by_name = {name: field for field in contract.fields for name in _names(field)}
    found: dict[str, _Heading] = {}
    undeclared: list[tuple[int, str]] = []
    for position, name in enumerate(table.header):
        field = by_name.get(folded(name))
        if field is None:
            undeclared.append((position, name))
        elif field.column in found:
            first = found[field.column].name
            log.add(column_twice(table, field, first, position, name))
        else:
            found[field.column] = _Heading(field, position, name)
    missing = [
        field
        for field in contract.fields
        if field.column not in found and not field.may_be_absent and not field.from_upload
    ]
    for field in missing:
        log.add(missing_column(table, field))
    if contract.undeclared_columns == "drop":
        return list(found.values()), tuple(speakable(name, at) for at, name in undeclared)
    for position, name in undeclared:
        log.add(unknown_column(table, position, name, missing))
    return list(found.values()), ()


# --- cells ---------------------------------------------------------------------------------------


def _typed(
    table: TextTable,
    contract: Contract,
    headings: Iterable[_Heading],
    around: Surroundings,
    log: IssueLog,
) -> tuple[pa.Table, np.ndarray]:
    """The typed columns, and which rows have no faulty cell."""
    sound = np.ones(table.row_count, dtype=bool)
    arrays: dict[str, pa.Array] = {"row_no": pa.array(table.row_numbers, pa.int64())}
    by_column = {heading.field.column: heading for heading in headings}
    for field in contract.fields:
        heading = by_column.get(field.column)
        kind = ARROW_TYPES[field.type]
        if heading is None:
            arrays[field.column] = pa.nulls(table.row_count, kind)
            if field.symbol_column:
                arrays[field.symbol_column] = pa.nulls(table.row_count, pa.string())
            continue
        encoded = table.distinct(heading.position)
        values, faults = _read_distinct(encoded.dictionary.to_pylist(), field, around)
        sound[_log_faults(table, heading, encoded.indices, faults, log)] = False
        if field.symbol_column:
            pairs = [value if isinstance(value, tuple) else (None, None) for value in values]
            values = [number for number, _ in pairs]
            symbols = pa.array([symbol for _, symbol in pairs], pa.string())
            arrays[field.symbol_column] = symbols.take(encoded.indices)
        arrays[field.column] = pa.array(values, kind).take(encoded.indices)
    return _in_batches(pa.table(arrays)), sound


def _in_batches(rows: pa.Table) -> pa.Table:
    """The same rows in chunks: DuckDB gives each of them to another thread."""
    return pa.Table.from_batches(rows.to_batches(max_chunksize=BATCH_ROWS), rows.schema)


_Verdict = CellFault | Reading


def _read_distinct(
    texts: list[str], field: Field, around: Surroundings
) -> tuple[list[object], dict[int, _Verdict]]:
    """The value of each distinct text, and by position those that are faulty or need a word."""
    values: list[object] = []
    spoken: dict[int, _Verdict] = {}
    for position, text in enumerate(texts):
        try:
            reading = parse_cell(text, field, around)
        except CellFault as fault:
            spoken[position] = fault
            values.append(None)
            continue
        if reading.caution:
            spoken[position] = reading
        values.append(reading.value)
    return values, spoken


def _inside_only(table: TextTable, headings: Iterable[_Heading], around: Surroundings) -> TextTable:
    """The table without the rows that lie elsewhere; what those hold is nobody's fault here."""
    for heading in headings:
        if heading.field.leave_out_others:
            encoded = table.distinct(heading.position)
            values, _ = _read_distinct(encoded.dictionary.to_pylist(), heading.field, around)
            known = np.array([value is not None for value in values], dtype=bool)
            table = table.filtered(known[encoded.indices.to_numpy(zero_copy_only=False)])
    return table


def _none_inside(table: TextTable) -> Issue:
    return Issue(
        "error",
        "no_rows_in_london",
        f"none of the {table.row_count:,} rows lies in a London borough",
        "Export it again for London.",
        sheet=table.sheet,
    )


def _log_faults(
    table: TextTable,
    heading: _Heading,
    indices: pa.Array,
    spoken: dict[int, _Verdict],
    log: IssueLog,
) -> np.ndarray:
    """Log what is to be said of a column's cells; the places of the rows whose cell is faulty."""
    faulty = np.zeros(0, dtype=np.int64)
    if not spoken:
        return faulty
    codes = indices.to_numpy(zero_copy_only=False)
    for severity in SEVERITIES:
        of_severity = [code for code, v in spoken.items() if _severity(v) == severity]
        places = np.flatnonzero(np.isin(codes, np.array(of_severity, dtype=codes.dtype)))
        listed = places[: log.room(severity)]
        for place in listed:
            log.add(_cell_issue(table, heading, int(place), spoken[int(codes[place])]))
        rest, counts = np.unique(codes[places[len(listed) :]], return_counts=True)
        for code, number in zip(rest, counts, strict=True):
            kind = _cell_issue(table, heading, int(places[0]), spoken[int(code)])
            log.count_unlisted(severity, kind.code, int(number))
        faulty = places if severity == "error" else faulty
    return faulty


def _severity(verdict: _Verdict) -> Severity:
    return "error" if isinstance(verdict, CellFault) else "warning"


def _cell_issue(table: TextTable, heading: _Heading, element: int, verdict: _Verdict) -> Issue:
    """What is to be said of one element of a column, from 0."""
    code, message = f"{heading.field.type}_read_with_care", ""
    fix = "Tick to confirm, or write it plainly and upload again."
    if isinstance(verdict, CellFault):
        code, message, fix = verdict.code, verdict.message, verdict.fix
    elif verdict.caution:
        message = verdict.caution
    return Issue(
        _severity(verdict),
        code,
        message,
        fix,
        sheet=table.sheet,
        row=int(table.row_numbers[element]),
        column=heading.name,
        cell=table.cell_of(heading.position, element),
    )


# --- the key -------------------------------------------------------------------------------------


def _check_key(rows: pa.Table, contract: Contract, sheet: str | None, log: IssueLog) -> None:
    """Each combination of the key's columns may stand once: a file of persons is not of counts."""
    if rows.num_rows == 0:
        return
    combined = combined_key(rows, contract.primaryKey)
    in_order = np.sort(combined)
    if (in_order[1:] != in_order[:-1]).all():
        return
    _, first, inverse, counts = np.unique(
        combined, return_index=True, return_inverse=True, return_counts=True
    )
    repeated = np.flatnonzero((counts[inverse] > 1) & (first[inverse] != np.arange(len(inverse))))
    row_numbers = rows["row_no"].to_numpy()
    names = ", ".join(contract.field(column).name for column in contract.primaryKey)
    listed = repeated[: log.room("error")]
    for place in listed:
        row, earlier = int(row_numbers[place]), int(row_numbers[first[inverse[place]]])
        log.add(
            Issue(
                "error",
                "duplicate_key",
                f"it repeats row {earlier}: both have the same {names}",
                "Add the two rows up into one, or remove the one that is wrong.",
                sheet=sheet,
                row=row,
                column=names,
            )
        )
    log.count_unlisted("error", "duplicate_key", len(repeated) - len(listed))


def combined_key(rows: pa.Table, columns: Iterable[str]) -> np.ndarray:
    """One integer a row, equal exactly where all key columns are equal; null equals null."""
    combined = np.zeros(rows.num_rows, dtype=np.int64)
    if rows.num_rows == 0:
        return combined
    for column in columns:
        encoded = pc.dictionary_encode(rows[column], null_encoding="encode").combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.chunk(0)
        size = len(encoded.dictionary)
        if combined.max() > (2**62) // max(size, 1):
            combined = np.unique(combined, return_inverse=True)[1].astype(np.int64)
        combined = combined * size + encoded.indices.to_numpy(zero_copy_only=False)
    return combined
