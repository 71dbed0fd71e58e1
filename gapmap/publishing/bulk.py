"""Many steps at once: written in one transaction, and what follows from them worked out once.

A publication works out what stands in its own transaction. Of hundreds of files, or a whole
archive, nobody sees what stood in between, so here the steps are committed first, marked as not
worked out; the rest is what every start does. A crash therefore leaves nothing of the steps, or
all of them and the rest to the next start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from gapmap.archive.archive import ArchiveFault, Confirmation, Step, append_rows, archiving_together
from gapmap.calendar_quarter import Quarter
from gapmap.intake.intake import Prepared, Upload, prepare
from gapmap.publishing.publication import described, publication
from gapmap.publishing.standing import bring_up_to_date
from gapmap.question import Question
from gapmap.stores.store import Database, Store, Writing, rows_of

# The hash of no reference data: standing.bring_up_to_date works out everything.
NOT_WORKED_OUT = ""


class BulkRefused(RuntimeError):
    """A file among many was refused, so that none of them is published."""


class OpenTransaction(Database):
    """A database as one open write transaction sees it, for checks against what that has written.

    It only answers: to open, write or close it is the business of the database itself.
    """

    def __init__(self, database: Database, writing: Writing) -> None:
        super().__init__(database.path, (), "", opened=False)
        self._writing = writing

    def answer(self, asked: Question, given: Mapping[str, Any]) -> pa.Table:
        return self._writing.answer(asked, given)

    @contextmanager
    def checking(self, name: str, rows: pa.Table) -> Iterator[Writing]:
        with self._writing.staged(name, rows):
            yield self._writing


class Batch:
    """The steps of one transaction, a version of the store each.

    Rows are written as they come. What is noted of submissions is held back until `note`, since
    four small tables a step would take longer than the rows.
    """

    def __init__(self, writing: Writing) -> None:
        (self._at,) = rows_of(writing.ask("store/version"))
        self.writing = writing
        self.version = int(self._at["version"])
        self._notes: dict[str, list[pa.Table]] = defaultdict(list)

    def add(self, step: Step | Confirmation) -> None:
        """Write a step. Raises ArchiveFault when it is not the one that comes next."""
        if isinstance(step, Step):
            if step.store_version != self.version + 1:
                raise ArchiveFault(
                    f"the archive lacks step {self.version + 1}: the next one is {step.name}"
                )
            self.version = step.store_version
        append_rows(self.writing, step)
        for table, rows in step.notes.items():
            self._notes[table].append(rows)

    def note(self) -> None:
        """Write what was held back, and which submission of each quarter and borough stands."""
        for table, parts in self._notes.items():
            self.writing.append(table, pa.concat_tables(parts))
        self._notes.clear()
        standing = self.writing.ask("standing/submission_status")
        self.writing.replace("submission_status", standing)

    def finish(self) -> None:
        """Move the store's version to the last step, marked as not worked out."""
        self.note()
        moved = {**self._at, "version": self.version, "reference_hash": NOT_WORKED_OUT}
        self.writing.replace("store_version", pa.Table.from_pylist([moved]))


@contextmanager
def adding(store: Store) -> Iterator[Batch]:
    """Steps into a store, all or none; then what stands, and the released store.

    Two transactions, since DuckDB plans well only on rows that are committed: it knows nothing of
    the number of others.
    """
    with store.exact.writing() as writing:
        batch = Batch(writing)
        yield batch
        batch.finish()
    bring_up_to_date(store)


def publish_many(
    store: Store,
    uploads: Iterable[tuple[Upload, str]],
    *,
    most_bytes: int,
    today: date,
    report: Callable[[int], None],
) -> int:
    """Publish files, each with who sends it, all of them or none; the number of files.

    Each is checked as if those before it stood already, but for those of the same extract that
    declare the same quarter; its warnings are noted as accepted. `report` is told how many were
    written so far.

    Raises BulkRefused when one is refused, ValueError when two are of the same extract, quarter and
    borough, StoreFull when space runs short.
    """
    number = 0
    before: tuple[str, Quarter | None] = ("", None)
    covered: set[tuple[str, str, str]] = set()
    with store.publishing, archiving_together(store) as archive, adding(store) as batch:
        within = replace(store, exact=OpenTransaction(store.exact, batch.writing))
        for number, (upload, by) in enumerate(uploads, start=1):
            store.require_space(5 * len(upload.content))
            declared = (upload.extract, upload.quarter)
            if upload.quarter is None or declared != before:
                batch.note()
            before = declared
            prepared = _accepted(within, upload, most_bytes, today)
            _cover_once(prepared, covered)
            described_as = described(within, prepared, by, batch.version + 1)
            step = publication(prepared, described_as, batch.version + 1, None)
            archive(step)
            batch.add(step)
            report(number)
    return number


def _accepted(store: Store, upload: Upload, most_bytes: int, today: date) -> Prepared:
    prepared = prepare(store, upload, most_bytes=most_bytes, today=today)
    if prepared.refused:
        faults = "; ".join(issue.message for issue in list(prepared.issues)[:3])
        raise BulkRefused(f"{prepared.upload.file_name or 'a file'} was refused: {faults}")
    return prepared


def _cover_once(prepared: Prepared, covered: set[tuple[str, str, str]]) -> None:
    pairs = {(prepared.contract.name, p.quarter, p.borough_code) for p in prepared.pairs}
    twice = sorted(pairs & covered)
    if twice:
        raise ValueError(f"{' '.join(twice[0])} comes twice; publish a correction afterwards")
    covered |= pairs
