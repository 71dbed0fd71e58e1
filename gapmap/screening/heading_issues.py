"""What is to be said of a file's headings: where, what is wrong, how to mend it."""

from __future__ import annotations

import difflib

from gapmap.contract import Contract, Field, folded
from gapmap.issue import Issue
from gapmap.reading.text_table import TextTable


def wrong_extract(table: TextTable, contract: Contract, other: Contract) -> Issue:
    return Issue(
        "error",
        "wrong_extract",
        f"this is not the extract {contract.name!r}; its headings are those of {other.name!r} "
        f"({other.title})",
        f"Choose the extract {other.name!r}, or choose another file.",
        sheet=table.sheet,
        row=table.header_row,
    )


def column_twice(table: TextTable, field: Field, first: str, position: int, name: str) -> Issue:
    return Issue(
        "error",
        "column_twice",
        f"{first!r} and {name!r} are both headings of the column {field.name!r}",
        "Remove one of the two; or map the columns of this file once, and leave one out.",
        sheet=table.sheet,
        row=table.header_row,
        column=name,
        cell=table.cell(position, table.header_row),
    )


def missing_column(table: TextTable, field: Field) -> Issue:
    return Issue(
        "error",
        "missing_column",
        f"the column {field.name!r} is missing",
        f"Add it: {field.description}",
        sheet=table.sheet,
        row=table.header_row,
        column=field.name,
    )


def unknown_column(table: TextTable, position: int, name: str, missing: list[Field]) -> Issue:
    near = difflib.get_close_matches(folded(name), [folded(f.name) for f in missing], n=1)
    hint = f"Did you mean {near[0].replace(' ', '_')!r}? " if near else ""
    return Issue(
        "error",
        "unknown_column",
        f"column {position + 1} is not one of this extract",
        f"{hint}Rename or remove it; only declared columns are taken.",
        sheet=table.sheet,
        row=table.header_row,
        cell=table.cell(position, table.header_row),
    )


def no_rows(table: TextTable, contract: Contract) -> Issue:
    nil = " To report that there was nothing, choose the quarter and declare the boroughs as nil "
    return Issue(
        "error",
        "no_rows",
        "the file has a heading and no rows",
        "Export it again." + (f"{nil}returns." if contract.dated_by == "quarter" else ""),
        sheet=table.sheet,
    )
