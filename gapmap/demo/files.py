"""One file as a data lead would upload it: its bytes, and what the uploader declares with it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DemoFile:
    """One upload. `covers` and `nil_returns` are GSS codes; a nil return has no row in the file."""

    name: str
    extract: str
    content: bytes
    register_date: date | None
    quarter: str
    covers: tuple[str, ...]
    nil_returns: tuple[str, ...]
    submitted_by: str


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a header and the rows as UTF-8 CSV; None becomes an empty field."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def slug(name: str) -> str:
    """Return a borough's name as it stands in file names and addresses: `tower-hamlets`."""
    return re.sub(r"[^a-z]+", "-", name.lower()).strip("-")
