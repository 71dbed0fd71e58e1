"""What a store and an archive hold of each submission, and where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from gapmap.archive.archive import ArchiveFault, Confirmation, Step, is_step, names, read
from gapmap.archive.content import content_hash
from gapmap.archive.notes import CONFIRMED, NOTES
from gapmap.contract import contracts
from gapmap.stores.store import Database, Store, rows_of

T = TypeVar("T")
Notes = Mapping[str, list[dict[str, Any]]]

# What was confirmed beside the submissions, by table.
CONFIRMED_WORDS = {
    "column_mapping": "mappings",
    "figure_confirmation": "confirmed figures",
    "release": "releases",
    "release_event": "withdrawals",
    "release_finding": "findings",
}
_BESIDE = "confirmations"
WORDS = {
    "submission": "record",
    "submission_pair": "quarters and boroughs",
    "submission_event": "events",
    "accepted_warning": "accepted warnings",
}


@dataclass(frozen=True)
class Holding:
    """What is held of one submission: its rows, and what is noted of it, by table."""

    row_count: int
    content_hash: str
    notes: Notes


@dataclass(frozen=True)
class Difference:
    """Where two holdings of a submission differ, in words; `one` and `other` say what each has."""

    submission_id: str
    what: str
    one: str
    other: str


class Holdings(Protocol):
    """Submissions that can be compared."""

    @property
    def submissions(self) -> set[str]: ...

    def of(self, submission_id: str) -> Holding:
        """What is held of a submission. Raises ArchiveFault when it cannot be read."""
        ...

    def confirmed(self) -> Notes:
        """What was confirmed, by table. Raises ArchiveFault when a file cannot be read."""
        ...


class StoreHoldings:
    """What an exact store holds, with its notes as they are now; rows never change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._notes = {
            table: _by_submission(rows_of(database.ask("archive/notes", {"table": table})))
            for table in NOTES
        }
        self._confirmed = {
            table: rows_of(database.ask("archive/notes", {"table": table})) for table in CONFIRMED
        }
        for row in self._confirmed["release"]:
            figures = database.ask("archive/release_rows", {"release": row["release_id"]})
            row["content_hash"] = content_hash(figures)

    def confirmed(self) -> Notes:
        return {table: _ordered(rows) for table, rows in self._confirmed.items()}

    @property
    def submissions(self) -> set[str]:
        return {submission_id for notes in self._notes.values() for submission_id in notes}

    def of(self, submission_id: str) -> Holding:
        notes = {table: _ordered(found[submission_id]) for table, found in self._notes.items()}
        record = notes["submission"]
        if not record:
            return Holding(0, "", notes)
        given = {"extract": record[0]["extract"], "submission": submission_id}
        rows = self._database.ask("archive/rows", given)
        return Holding(rows.num_rows, content_hash(rows), notes)

    def stray_rows(self) -> Iterator[Difference]:
        """Extracts whose table has rows of no submission, or misses some."""
        due = dict.fromkeys(contracts(), 0)
        for records in self._notes["submission"].values():
            for record in records:
                due[record["extract"]] += record["row_count"]
        for extract, number in due.items():
            given = {"extract": extract}
            (found,) = rows_of(self._database.ask("archive/row_count", given))
            if found["row_count"] != number:
                yield Difference(
                    extract, "rows in all", f"{found['row_count']:,}", f"{number:,} submitted"
                )


class ArchiveHoldings:
    """What the archive in a folder holds: in `files`, or in all files that it has now."""

    def __init__(self, folder: Path, files: Sequence[str] | None = None) -> None:
        self._folder = folder
        self._names: dict[str, list[str]] = defaultdict(list)
        for name in names(folder) if files is None else files:
            of = Path(name).name.split(".")[0] if is_step(name) else _BESIDE
            self._names[of].append(name)

    @property
    def submissions(self) -> set[str]:
        return set(self._names) - {_BESIDE}

    def of(self, submission_id: str) -> Holding:
        return _of_steps([read(self._folder, name) for name in self._names[submission_id]])

    def confirmed(self) -> Notes:
        found = [read(self._folder, name) for name in self._names.get(_BESIDE, ())]
        return {
            table: _ordered(
                [row for one in found if table in one.notes for row in rows_of(one.notes[table])]
            )
            for table in CONFIRMED
        }


def _of_steps(steps: Sequence[Step | Confirmation]) -> Holding:
    notes = {
        table: _ordered(
            [row for step in steps if table in step.notes for row in rows_of(step.notes[table])]
        )
        for table in NOTES
    }
    rows = next((step.rows for step in steps if step.rows is not None), None)
    if rows is None:
        raise ArchiveFault("there is no file of its rows")
    return Holding(rows.num_rows, content_hash(rows), notes)


def _by_submission(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["submission_id"]].append(row)
    return found


def _ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: repr(sorted(row.items())))


# --- comparing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verification:
    """What two holdings have in common, and where they differ."""

    submissions: int
    rows: int
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        return not self.differences


def compare(one: Holdings, other: Holdings) -> Verification:
    """Hold two against each other, submission by submission."""
    differences: list[Difference] = []
    rows = 0
    every = sorted(one.submissions | other.submissions)
    for submission_id in every:
        if submission_id not in other.submissions:
            differences.append(Difference(submission_id, "submission", "held", "missing"))
        elif submission_id not in one.submissions:
            differences.append(Difference(submission_id, "submission", "missing", "held"))
        else:
            mine = _tried(partial(one.of, submission_id))
            theirs = _tried(partial(other.of, submission_id))
            rows += mine.row_count if isinstance(mine, Holding) else 0
            differences.extend(_of_submission(submission_id, mine, theirs))
    differences.extend(_of_confirmed(_tried(one.confirmed), _tried(other.confirmed)))
    return Verification(len(every), rows, tuple(differences))


def _tried(read_it: Callable[[], T]) -> T | str:
    """What is held, or why it cannot be read."""
    try:
        return read_it()
    except ArchiveFault as fault:
        return str(fault)


def _of_confirmed(one: Notes | str, other: Notes | str) -> Iterator[Difference]:
    if isinstance(one, str) or isinstance(other, str):
        said = [side if isinstance(side, str) else "held" for side in (one, other)]
        yield Difference(_BESIDE, "file", *said)
        return
    for table, words in CONFIRMED_WORDS.items():
        mine, theirs = one[table], other[table]
        if mine != theirs:
            yield Difference(table, words, _lacking(mine, theirs), _lacking(theirs, mine))


def _of_submission(
    submission_id: str, one: Holding | str, other: Holding | str
) -> Iterator[Difference]:
    if isinstance(one, str) or isinstance(other, str):
        said = [side if isinstance(side, str) else "held" for side in (one, other)]
        yield Difference(submission_id, "file", *said)
        return
    if one.row_count != other.row_count:
        counts = f"{one.row_count:,}", f"{other.row_count:,}"
        yield Difference(submission_id, "row count", *counts)
    if one.content_hash != other.content_hash:
        yield Difference(submission_id, "content", one.content_hash[:12], other.content_hash[:12])
    for table, word in WORDS.items():
        mine, theirs = one.notes[table], other.notes[table]
        if mine != theirs:
            yield Difference(submission_id, word, _lacking(mine, theirs), _lacking(theirs, mine))


def _lacking(mine: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> str:
    """What one side has alone: how many rows, and the values that differ in the first."""
    alone = [row for row in mine if row not in theirs]
    if not alone:
        return f"{len(mine)} rows, none of its own"
    against = [row for row in theirs if row not in mine] or [{}]
    values = {k: v for k, v in alone[0].items() if against[0].get(k) != v or k not in against[0]}
    shown = ", ".join(f"{k} {v}" for k, v in values.items())
    return f"{len(alone)} of {len(mine)} rows differ: {shown}"


def holdings_of(store: Store) -> StoreHoldings:
    """What a store holds now; publishing goes on."""
    with store.publishing:
        return StoreHoldings(store.exact)


def verify(store: Store) -> Verification:
    """Hold a store against its own archive; publishing goes on, and what comes is left out."""
    with store.publishing:
        held, archived = StoreHoldings(store.exact), ArchiveHoldings(store.archive)
        strays = tuple(held.stray_rows())
    found = compare(held, archived)
    return Verification(found.submissions, found.rows, (*found.differences, *strays))
