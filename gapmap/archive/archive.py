"""The archive: what every submission brought and went through, in files that never change.

    <extract>/<submission>.parquet                    its rows; what the store notes of it lies in
                                                      the file's own key-value metadata, as JSON
    <extract>/<submission>.<version>.json             events that came later
    column_mapping/<mapping>.<moment>.json            a mapping of columns that somebody confirmed
    figure_confirmation/<quarter>-<borough>.<moment>.json   figures that a lead confirmed
    release/<release>.parquet                         what a release says, with what is noted of it
    release/<release>.<moment>.json                   its withdrawal

A file bears the name `.partial` until right before the commit of its step, so that a crash leaves
either a partial file, or a whole one whose step the store does not hold: `settle` takes both away.
Files of many steps of one commit lie in a folder beside it until that is made.
From the archive alone the store can be made again. Paths are relative to the archive's folder.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from gapmap.archive.content import content_hash
from gapmap.archive.notes import CONFIRMED, as_json, from_json
from gapmap.stores.durable import PARTIAL, make_folder, sync
from gapmap.stores.store import Store, StoreDamaged, Writing, rows_of

SET_ASIDE = "set-aside"
PUBLISHED = "published"
_METADATA_KEY = b"gapmap"
_STEP = re.compile(r"[a-z_]+/[a-z_]+-\d{5,}(\.parquet|\.\d{5,}\.json)")
_MOMENT = r"\.\d{8}T\d{12}\.json"
_CONFIRMATION = re.compile(
    rf"(column_mapping|figure_confirmation)/[A-Za-z0-9-]+{_MOMENT}|release/R\d{{5,}}(\.parquet|{_MOMENT})"
)


class ArchiveFault(StoreDamaged):
    """An archived file cannot be read, or does not hold what was archived."""


class ArchiveAhead(StoreDamaged):
    """The archive holds steps that the store beside it has not come to."""


# --- steps ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What one commit adds: what the store notes of it, by table, and the rows that it brings.

    `notes` always has rows of submission_event, all of one submission and store_version. `rows`
    are those of the extract, without submission_id; None for events that came later.
    """

    notes: Mapping[str, pa.Table]
    rows: pa.Table | None = None

    def _of_event(self, column: str) -> Any:
        return self.notes["submission_event"][column][0].as_py()

    @property
    def submission_id(self) -> str:
        return str(self._of_event("submission_id"))

    @property
    def extract(self) -> str:
        return self.submission_id.rpartition("-")[0]

    @property
    def store_version(self) -> int:
        return int(self._of_event("store_version"))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Quarter and borough of each event."""
        events = self.notes["submission_event"].to_pylist()
        return [(event["quarter"], event["borough_code"]) for event in events]

    @property
    def at_utc(self) -> datetime:
        at: datetime = self._of_event("at_utc")
        return at

    @property
    def name(self) -> str:
        """The path of its file in the archive."""
        return step_name(self.extract, self.submission_id, self.store_version)


@dataclass(frozen=True)
class Confirmation:
    """What somebody confirmed, of no version: a mapping of columns, a borough's figures, a release
    or its withdrawal. `rows`: the figures of a release, without its id."""

    notes: Mapping[str, pa.Table]
    rows: pa.Table | None = None

    @property
    def table(self) -> str:
        """The table that names what it is."""
        return next(name for name in CONFIRMED if name in self.notes)

    @property
    def name(self) -> str:
        """The path of its file in the archive."""
        row = self.notes[self.table].to_pylist()[0]
        match self.table:
            case "column_mapping":
                return confirmation_name(self.table, row["mapping_id"], row["confirmed_at"])
            case "figure_confirmation":
                of = f"{row['quarter']}-{row['borough_code']}"
                return confirmation_name(self.table, of, row["at_utc"])
            case "release":
                return confirmation_name("release", row["release_id"], None)
            case _:
                return confirmation_name("release", row["release_id"], row["at_utc"])

    @property
    def release_id(self) -> str:
        """The release whose figures it brings."""
        return str(self.notes["release"]["release_id"][0].as_py())


def submission_named(extract: str, store_version: int) -> str:
    """The id of the submission that comes with `store_version`."""
    return f"{extract}-{store_version:05}"


def step_name(extract: str, submission_id: str, store_version: int) -> str:
    """The path of a step's file in the archive.

    The step that brought a submission is named by it; what came later, by its version too.
    """
    if submission_id == submission_named(extract, store_version):
        return f"{extract}/{submission_id}.parquet"
    return f"{extract}/{submission_id}.{store_version:05}.json"


def confirmation_name(folder: str, of: str, at: datetime | None) -> str:
    """The path of a confirmation's file in the archive; one that brings rows has no moment."""
    return f"{folder}/{of}.parquet" if at is None else f"{folder}/{of}.{at:%Y%m%dT%H%M%S%f}.json"


def version_in(name: str) -> int:
    """The store's version that the step of a file made. Raises ValueError for no step's name."""
    submission_id, *rest = Path(name).name.split(".")
    return int(submission_id.rpartition("-")[2]) if len(rest) == 1 else int(rest[0])


def append(writing: Writing, step: Step | Confirmation) -> None:
    """Write what a step adds into the exact store; the version is moved elsewhere."""
    append_rows(writing, step)
    append_notes(writing, step)


def append_notes(writing: Writing, step: Step | Confirmation) -> None:
    """Write what is noted of a step; its rows are written elsewhere."""
    for table, rows in step.notes.items():
        writing.append(table, rows)


def append_rows(writing: Writing, step: Step | Confirmation) -> None:
    """Write the rows that a step brings; what is noted of it is written elsewhere."""
    if step.rows is None:
        return
    if isinstance(step, Step):
        table, column, of = step.extract, "submission_id", step.submission_id
    else:
        table, column, of = "release_figure", "release_id", step.release_id
    named = pa.repeat(pa.scalar(of), step.rows.num_rows)
    writing.append(table, step.rows.append_column(column, named))


# --- writing -------------------------------------------------------------------------------------


@contextmanager
def archiving(store: Store, step: Step | Confirmation) -> Iterator[Callable[[], None]]:
    """Write a step's file under a passing name; yields what gives it its own, to be called last
    before the commit.

    On an exception the file is taken away, unless the store holds the step nevertheless. Raises
    ArchiveFault when a file of that name is there already.
    """
    path = store.archive / step.name
    partial = path.with_name(path.name + PARTIAL)
    kept = False

    def keep() -> None:
        nonlocal kept
        if path.exists():
            raise ArchiveFault(f"the archive has a file {step.name} already")
        kept = True  # first: an interruption may come between
        partial.rename(path)
        sync(path.parent)

    try:
        make_folder(path.parent)
        _write(partial, step)
        sync(partial)
        yield keep
    except BaseException:
        partial.unlink(missing_ok=True)
        if kept and step.name not in held_names(store):
            path.unlink(missing_ok=True)
        raise


@contextmanager
def archiving_together(store: Store) -> Iterator[Callable[[Step], None]]:
    """Write the files of steps that one commit adds; yields what writes one.

    They lie beside the archive, which takes them in once the store holds them: on leaving, or when
    a crash kept it from that, at the next start. Of steps that were not committed none is kept.
    """
    _take_in(store)

    def write(step: Step) -> None:
        path = _coming(store) / step.name
        make_folder(path.parent)
        _write(path, step)
        sync(path)
        sync(path.parent)

    try:
        yield write
    finally:
        _take_in(store)


def _coming(store: Store) -> Path:
    return store.archive.with_name(f"{store.archive.name}-coming")


def _take_in(store: Store) -> None:
    """Move what came together into the archive, as far as the store holds it; the rest goes."""
    coming = _coming(store)
    if not coming.is_dir():
        return
    held = set(held_names(store))
    for name in names(coming):
        path = store.archive / name
        if name in held and not path.exists():
            make_folder(path.parent)
            (coming / name).rename(path)
            sync(path.parent)
    shutil.rmtree(coming)


def _write(path: Path, step: Step | Confirmation) -> None:
    noted_as_json = as_json(step.notes)
    if step.rows is None:
        path.write_text(noted_as_json, encoding="utf-8")
        return
    import pyarrow.parquet as parquet

    metadata = {_METADATA_KEY: noted_as_json.encode()}
    parquet.write_table(step.rows.replace_schema_metadata(metadata), path)


def held_names(store: Store) -> list[str]:
    """What the archive's files must be called, by what the store holds; steps in their order."""
    steps = [step_name(**row) for row in rows_of(store.exact.ask("archive/steps"))]
    confirmed = rows_of(store.exact.ask("archive/confirmations"))
    return [*steps, *(confirmation_name(**row) for row in confirmed)]


# --- reading -------------------------------------------------------------------------------------


def names(folder: Path) -> list[str]:
    """The files of an archive: its steps in their order, then its confirmations.

    What was set aside is none of them.
    """
    found = sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*"))
    steps = [name for name in found if _STEP.fullmatch(name)]
    return [*sorted(steps, key=version_in), *filter(_CONFIRMATION.fullmatch, found)]


def is_step(name: str) -> bool:
    """Whether a file of the archive is a step's; the others are confirmations."""
    return _STEP.fullmatch(name) is not None


def read(folder: Path, name: str) -> Step | Confirmation:
    """A step, or a confirmation, from its file.

    Raises ArchiveFault when it cannot be read, or does not hold what was archived.
    """
    path = folder / name
    try:
        step: Step | Confirmation
        of = Step if is_step(name) else Confirmation
        if path.suffix == ".parquet":
            step = of(*_read_rows(path))
        else:
            step = of(from_json(path.read_text(encoding="utf-8")))
        found = step.name
    except (OSError, ValueError, KeyError, TypeError, IndexError, pa.ArrowException) as fault:
        raise ArchiveFault(f"{name} cannot be read: {fault}") from fault
    if found != name:
        raise ArchiveFault(f"{name} holds the step of {found}")
    return step


def _read_rows(path: Path) -> tuple[Mapping[str, pa.Table], pa.Table]:
    """What is noted of a submission or a release, and its rows."""
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as file:
        table = file.read()
    metadata = table.schema.metadata or {}
    if _METADATA_KEY not in metadata:
        raise ValueError("it says nothing of what it holds")
    notes = from_json(metadata[_METADATA_KEY].decode())
    rows = table.replace_schema_metadata(None)
    record = notes["submission"] if "submission" in notes else notes["release"]
    if content_hash(rows) != record["content_hash"][0].as_py():
        raise ValueError("its rows are not those that were archived")
    return notes, rows


# --- after a crash -------------------------------------------------------------------------------


def settle(store: Store) -> list[str]:
    """Make the archive follow its store; the names of the files that were set aside.

    A partial file was never committed and goes. The one file that can be whole without being
    in the store is of the step that a crash kept from its commit: it is set aside, not deleted.
    What many steps of one commit brought is taken in first, or goes. Raises ArchiveAhead when the
    archive holds more than that: it is another store's, or the store was lost.
    """
    _take_in(store)
    for partial in store.archive.glob(f"*/*{PARTIAL}"):
        partial.unlink()
    held, version = set(held_names(store)), _version(store)
    unknown = [name for name in names(store.archive) if name not in held]
    ahead = [name for name in unknown if is_step(name) and version_in(name) > version]
    if any(version_in(name) > version + 1 for name in ahead):
        raise ArchiveAhead(
            f"the archive goes up to step {version_in(ahead[-1])} and the store to step {version}; "
            "make the store again from the archive (python -m gapmap rebuild), or restore a backup"
        )
    left = [*ahead, *(name for name in unknown if not is_step(name))]
    for name in left:
        _set_aside(store.archive, name)
    return left


def _version(store: Store) -> int:
    found = rows_of(store.exact.ask("store/version"))
    return int(found[0]["version"]) if found else 0


def _set_aside(folder: Path, name: str) -> None:
    path = folder / name
    make_folder(folder / SET_ASIDE)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    path.rename(folder / SET_ASIDE / f"{moment}-{path.name}")
