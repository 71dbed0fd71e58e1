"""Where confirmed mappings are kept: append-only, the newest of an extract and layout applies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from gapmap.archive.archive import Confirmation, append, archiving
from gapmap.archive.notes import noted
from gapmap.mapping.mapping import ColumnMapping, as_toml, parse_mapping
from gapmap.stores.store import Store, rows_of


@dataclass(frozen=True)
class Confirmed:
    """A mapping with the fingerprint that it is for, and who confirmed it when (UTC)."""

    mapping_id: str
    mapping: ColumnMapping
    fingerprint: str
    confirmed_by: str
    confirmed_at: datetime


def newest_mapping(store: Store, extract: str, fingerprint: str) -> Confirmed | None:
    """The mapping that applies to files of this layout; None where nobody mapped it."""
    given = {"extract": extract, "fingerprint": fingerprint}
    found = rows_of(store.exact.ask("mapping/newest", given))
    if not found:
        return None
    row = found[0]
    return Confirmed(
        row["mapping_id"],
        parse_mapping(row["content"], row["mapping_id"]),
        fingerprint,
        row["confirmed_by"],
        row["confirmed_at"],
    )


def keep_mapping(
    store: Store, mapping: ColumnMapping, fingerprint: str, by: str, at: datetime
) -> Confirmed:
    """Keep a mapping that was checked and confirmed; it applies from now on.

    Raises ValueError when nobody confirmed it.
    """
    if not by.strip():
        raise ValueError("a mapping needs somebody who confirmed it")
    content = as_toml(mapping)
    digest = hashlib.sha256(f"{fingerprint}{content}".encode()).hexdigest()
    kept = Confirmed(f"mapping-{digest[:12]}", mapping, fingerprint, by.strip(), at)
    row = {
        "mapping_id": kept.mapping_id,
        "extract": mapping.extract,
        "fingerprint": fingerprint,
        "name": mapping.name,
        "content": content,
        "confirmed_by": kept.confirmed_by,
        "confirmed_at": at,
    }
    confirmation = Confirmation(noted(column_mapping=[row]))
    with store.publishing, archiving(store, confirmation) as keep, store.exact.writing() as writing:
        append(writing, confirmation)
        keep()
    return kept
