"""Which schema made a store's file, and whether it is the one of this program.

A file bears a mark, the comment of its table `store_version`: the hashes of the schemas that its
data went through, the one that made the file last. Where that is another one, the tables decide: a
view that was reworded changes nothing that is stored.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import pyarrow as pa

from gapmap.settings import QUERIES

MARKED_TABLE = "store_version"
_COMMENT = re.compile(r"--[^\n]*")
_HASH = re.compile(r"[0-9a-f]{64}")
_NAMED_AT_MOST = 3

Mark = tuple[str, ...]
Columns = frozenset[tuple[str, str, str]]


def schema_files(folders: Iterable[str]) -> list[Path]:
    """The files of these folders of queries/schema, in the order in which they are run."""
    return [
        file for folder in folders for file in sorted((QUERIES / "schema" / folder).glob("*.sql"))
    ]


@cache
def schema_hash() -> str:
    """The hash of this program's schema, of both stores and the office beside them.

    Comments and line breaks do not count.
    """
    digest = hashlib.sha256()
    for file in schema_files(("both", "exact", "released", "office")):
        words = _COMMENT.sub(" ", file.read_text(encoding="utf-8")).split()
        digest.update(" ".join([file.parent.name, *words, ""]).encode())
    return digest.hexdigest()


def marked_with(comment: str | None) -> Mark:
    """The hashes of a mark, oldest first; empty where there is no mark."""
    try:
        found = json.loads(comment or "[]")
    except ValueError:
        return ()
    return tuple(h for h in found if isinstance(h, str) and _HASH.fullmatch(h))


def as_comment(mark: Mark) -> str:
    """A mark as the text of a comment: hashes, brackets, commas and double quotation marks."""
    return json.dumps(mark)


def moved_to(mark: Mark, schema: str) -> Mark:
    """The mark of data that was brought from one schema to another."""
    return (*(earlier for earlier in mark if earlier != schema), schema)


def _columns(catalogue: pa.Table) -> Columns:
    """Table, column and type of each column of a store's tables."""
    return frozenset(
        (row["table_name"], row["column_name"], row["data_type"]) for row in catalogue.to_pylist()
    )


def difference(catalogue: pa.Table, made: pa.Table, *, grows: bool = False) -> str | None:
    """What a file has otherwise than one that this schema made, in words; None when nothing.

    Both by their catalogues (queries/store/catalogue). `grows`: tables that the file has not yet
    are made when it is opened, so they are no difference.
    """
    held, wanted = _columns(catalogue), _columns(made)
    if grows:
        tables = {table for table, _, _ in held}
        wanted = frozenset(column for column in wanted if column[0] in tables)
    lacking, beyond = _named(wanted - held, held), _named(held - wanted, wanted)
    parts = []
    if lacking:
        parts.append(f"it lacks {_listed(lacking)}")
    if beyond:
        parts.append(f"it has {_listed(beyond)} besides")
    return " and ".join(parts) or None


def _named(columns: Columns, others: Columns) -> list[str]:
    """Tables that the others have not, by name; else the columns, each with its type."""
    tables = {table for table, _, _ in others}
    whole = {table for table, _, _ in columns if table not in tables}
    single = {f"{table}.{name} ({kind})" for table, name, kind in columns if table not in whole}
    return [*sorted(whole), *sorted(single)]


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED_AT_MOST
    return ", ".join(names[:_NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def identifier(name: str) -> str:
    """A table's name as SQL. Raises ValueError for anything but a plain lower-case word."""
    if not name.isidentifier() or name != name.lower():
        raise ValueError(f"{name!r} is no table's name")
    return name
