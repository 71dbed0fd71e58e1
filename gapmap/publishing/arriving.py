"""The rows of a publication come first, in a transaction of their own.

Nothing reads rows whose submission is not noted, so a publication still happens all at once, when
its notes are written. DuckDB plans well only on rows that are committed: what follows from a
million of them is worked out in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gapmap.archive.archive import Step, append_rows
from gapmap.contract import contracts
from gapmap.stores.store import Store, rows_of


@contextmanager
def rows_brought(store: Store, step: Step) -> Iterator[None]:
    """Write the rows of a step before the rest of it; on an exception they are taken away, unless
    the rest was committed nevertheless."""
    if step.rows is None:
        yield
        return
    with store.exact.writing() as writing:
        # An attempt that was cut off bore the same id.
        writing.discard(step.extract, step.submission_id)
        append_rows(writing, step)
    try:
        yield
    except BaseException:
        _take_away(store, step.extract)
        raise


def take_away_unnoted(store: Store) -> None:
    """Take away rows that a publication left which never came to its end."""
    for extract in contracts():
        _take_away(store, extract)


def _take_away(store: Store, extract: str) -> None:
    for row in rows_of(store.exact.ask("archive/unnoted", {"extract": extract})):
        with store.exact.writing() as writing:
            writing.discard(extract, row["submission_id"])
