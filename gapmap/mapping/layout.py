"""How a file is laid out: as its contract says, as a confirmed mapping says, or unknown.

What a mapping does not name is dropped before anything looks at it; what it names is scanned like
any other column, under the file's own headings, and only then put into the contract's words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from gapmap.column_types import Surroundings
from gapmap.contract import Contract
from gapmap.issue import Issue, IssueLog
from gapmap.mapping.mapped import advised, narrowed, translated
from gapmap.mapping.mapping import ColumnMapping, fingerprint
from gapmap.mapping.mapping_store import Confirmed, newest_mapping
from gapmap.mapping.survey_counts import counted
from gapmap.reading.delimited import DEFAULT_MOST_ROWS
from gapmap.reading.heading import expected_headings
from gapmap.reading.reading import LONGEST_TEXT_BYTES, check_fields, read_table
from gapmap.reading.text_table import TextTable
from gapmap.reading.wide import as_long
from gapmap.screening.validation import fits, looks_like_another, share_of_needed
from gapmap.settings import rows_within
from gapmap.stores.store import Store

# The warning that a mapping was applied: a person confirmed it already.
MAPPED = "mapped_columns"
# The error that nobody has mapped the layout.
NOT_MAPPED = "not_mapped"
# With fewer of the needed columns than this the layout is unknown; with more, a few are misspelt.
_MISSPELT_FROM = 0.5


@dataclass(frozen=True)
class Layout:
    """A file's table and how it is read.

    `table`: what is kept of the file, under its own headings. `confirmed`: the mapping that
    applies; one of headings that are the contract's says what their answers mean. `mappable`: it
    applies, or the headings are neither those of the contract nor those of another one, so that a
    person may map them.
    """

    table: TextTable
    contract: Contract
    confirmed: Confirmed | None
    mappable: bool
    dropped: int = 0

    @property
    def mapping(self) -> ColumnMapping | None:
        return self.confirmed.mapping if self.confirmed else None

    @property
    def scanned_as(self) -> Contract:
        """The contract by which the kept columns are scanned: all of them, when they are mapped.

        Columns that are mapped to dates or months may hold what those may hold.
        """
        return scanned_as(self.contract, self.mapping) if self.mapping else self.contract

    @property
    def advised(self) -> Contract:
        """The contract that the rows are held against."""
        return advised(self.contract, self.mapping) if self.mapping else self.contract

    @property
    def unknown(self) -> bool:
        """Whether nothing can be said about the file before somebody maps it."""
        share = share_of_needed(self.table.header, self.contract)
        return self.mappable and self.confirmed is None and share < _MISSPELT_FROM

    def check_fields(self) -> None:
        """Raises Unreadable when a cell that is kept is too long."""
        if not self.unknown:
            check_fields(self.table)

    def say_how_to_map(self, log: IssueLog) -> None:
        """Log how a file of an unknown layout is mapped, once it is known to hold no identifier."""
        if self.unknown:
            log.enter("extract")
            log.add(_not_mapped(self.table, self.contract))

    def in_words(self, around: Surroundings, log: IssueLog) -> TextTable | None:
        """The table in the contract's words; None when that fails. Issues go to `log`."""
        if self.confirmed is None:
            return self.table
        if not self.confirmed.mapping.counts:
            log.add(_was_mapped(self.confirmed, self.table, self.dropped))
            return translated(self.table, self.confirmed.mapping, self.contract)
        for stage in ("extract", "columns", "cells"):
            log.enter(stage)
        found = counted(self.table, self.confirmed.mapping, self.contract, around, log)
        if found is None:
            return None
        log.add(_was_mapped(self.confirmed, self.table, self.dropped, found.left_out))
        return found.table

    def as_kept(self, rows: pa.Table) -> pa.Table:
        """Typed rows as they may be kept: counts do not tell from which rows they were made."""
        if self.mapping is None or not self.mapping.counts:
            return rows
        numbers = pa.array(np.arange(1, rows.num_rows + 1), pa.int64())
        return rows.set_column(rows.column_names.index("row_no"), "row_no", numbers)


def read_to_map(
    content: bytes, file_name: str, contract: Contract, most_bytes: int | None = None
) -> TextTable:
    """The table of a file whose columns may be mapped: what is dropped may hold long texts.

    `most_bytes`: the largest file that is taken, from which the number of rows follows. Raises
    Unreadable as reading.read_table does.
    """
    most_rows = DEFAULT_MOST_ROWS if most_bytes is None else rows_within(most_bytes)
    expected = expected_headings(contract)
    return read_table(content, file_name, expected, LONGEST_TEXT_BYTES, most_rows)


def layout_of(store: Store, table: TextTable, contract: Contract) -> Layout:
    """How a file that is handed in as `contract` is laid out."""
    header = as_long(table, contract).header
    if looks_like_another(header, contract) is not None:
        return Layout(table, contract, None, False)
    confirmed = newest_mapping(store, contract.name, fingerprint(table.header))
    if confirmed is None:
        return Layout(table, contract, None, not fits(header, contract))
    kept = narrowed(table, confirmed.mapping)
    return Layout(kept, contract, confirmed, True, len(table.header) - len(kept.header))


def scanned_as(contract: Contract, mapping: ColumnMapping) -> Contract:
    """The contract by which the columns of a mapping are scanned."""
    fields = []
    for field in contract.fields:
        source = mapping.columns.get(field.name)
        if field.type in ("date", "month") and source is not None and source.heading is not None:
            fields.append(replace(field, aliases=(*field.aliases, source.heading)))
        else:
            # Not declared to the scan, so that the heading that is mapped to it is scanned too.
            fields.append(replace(field, name=f"\x00{field.name}", aliases=()))
    return replace(contract, undeclared_columns="refuse", fields=tuple(fields))


def _was_mapped(
    confirmed: Confirmed, table: TextTable, dropped: int, left_out: int | None = None
) -> Issue:
    kept = len(table.header)
    message = (
        f"the file was read by the mapping {confirmed.mapping.name!r}, confirmed by "
        f"{confirmed.confirmed_by} on {confirmed.confirmed_at:%d %B %Y}: {kept} of its "
        f"{kept + dropped} columns were kept, {dropped} dropped unseen"
    )
    if left_out is not None:
        message += (
            f"; the answers of {table.row_count - left_out:,} respondents were counted and their "
            f"rows dropped, {left_out:,} respondents left out"
        )
    return Issue(
        "warning",
        MAPPED,
        message + _constants_in_words(confirmed.mapping),
        "Nothing to do when that is right; otherwise map the file again.",
        sheet=table.sheet,
    )


def _constants_in_words(mapping: ColumnMapping) -> str:
    by_value: dict[str, list[str]] = {}
    for name, value in mapping.constants.items():
        by_value.setdefault(value, []).append(name)
    parts = [f"{', '.join(names)}: {value!r}" for value, names in by_value.items()]
    return f"; the same in every row: {'; '.join(parts)}" if parts else ""


def _not_mapped(table: TextTable, contract: Contract) -> Issue:
    return Issue(
        "error",
        NOT_MAPPED,
        f"the headings are neither those of {contract.name!r} nor of another extract, and nobody "
        "has mapped files with these headings",
        "Map them once: in the browser drop the file on Upload and say what each column is; or "
        f"`python -m gapmap map FILE --extract {contract.name} --suggest > mapping.toml`, correct "
        f"that, then `python -m gapmap map FILE --extract {contract.name} --mapping mapping.toml`.",
        row=table.header_row,
    )
