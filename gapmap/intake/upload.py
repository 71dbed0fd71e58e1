"""An upload: a file as it is handed in, what is declared with it, and what it then covers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from gapmap.calendar_quarter import Quarter

Mode = Literal["replace", "update"]
UPDATE: Mode = "update"


@dataclass(frozen=True)
class Upload:
    """A file as it is handed in, and what is declared with it.

    `quarter`: of all rows, where the file has no such column. `as_at`: the register's date.
    `covers`: GSS codes that are declared. When all of them have no rows they are nil returns
    beside the boroughs of the file; when one has rows, they are the whole of what is covered.
    `mode`: whether the file replaces all that stood for its quarters and boroughs, or updates the
    schools that it has rows of. `demonstration`: the rows are invented, and every screen says so.
    """

    content: bytes = field(repr=False)
    file_name: str = field(repr=False)
    extract: str
    quarter: Quarter | None = None
    as_at: date | None = None
    covers: tuple[str, ...] = ()
    demonstration: bool = False
    mode: Mode = "replace"

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Pair:
    """A quarter and borough that a submission covers, with its number of rows.

    `nil_return`: declared to have had nothing, so without rows. `row_count` counts rows that were
    carried over too.
    """

    quarter: str
    borough_code: str
    nil_return: bool
    row_count: int
