"""The two DuckDB stores, and the only module that imports duckdb.

`exact` holds every accepted row. `released` holds what everyone may see; it never attaches the
exact file. Each is an instance of its own, locked down, and hands out a cursor a call.
"""

from __future__ import annotations

import itertools
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import duckdb
import pyarrow as pa

from gapmap.question import Question, question
from gapmap.question import rows_of as rows_of
from gapmap.settings import Settings
from gapmap.stores import schema
from gapmap.stores.durable import finish_swap
from gapmap.stores.store_faults import SchemaDiffers as SchemaDiffers
from gapmap.stores.store_faults import StoreDamaged as StoreDamaged
from gapmap.stores.store_faults import StoreFull as StoreFull
from gapmap.stores.store_faults import WriteConflict as WriteConflict
from gapmap.stores.store_files import owning, swap_intent
from gapmap.stores.store_files import released_path as released_path
from gapmap.stores.turnstile import StoreBusy as StoreBusy
from gapmap.stores.turnstile import Turnstile, Work

DatabaseFault = duckdb.Error  # for those who may not import duckdb
LEAST_FREE_BYTES = 200 * 1024 * 1024
IN_MEMORY = Path(":memory:")
# Of a process: no two openings of files in it bear the same number.
_openings = itertools.count(1)


class Writing:
    """One open write transaction of an instance; it runs statements of queries/publish."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def ask(self, name: str, given: Mapping[str, Any] | None = None) -> pa.Table:
        """The answer of a question inside this transaction."""
        return self.answer(question(name), given or {})

    def answer(self, asked: Question, given: Mapping[str, Any]) -> pa.Table:
        """As `ask`, for a question at hand."""
        return _run(self._cursor, asked, given)

    def run(self, name: str, given: Mapping[str, Any] | None = None) -> int:
        """Run a statement; the number of rows that it changed."""
        changed = _run(self._cursor, question(name), given or {})
        return int(changed.column(0)[0].as_py()) if changed.num_rows else 0

    def define(self, statements: str) -> None:
        """Run the definitions of a file of queries/schema."""
        self._cursor.execute(statements)

    def mark(self, mark: schema.Mark) -> None:
        """Note which schemas the data went through."""
        self._cursor.execute(
            f"comment on table {schema.MARKED_TABLE} is '{schema.as_comment(mark)}'"
        )

    def append(self, table: str, rows: pa.Table) -> None:
        """Append rows to a table of the schema, matching columns by name."""
        if rows.num_rows == 0:
            return
        with self.staged("appended", rows):
            self._cursor.execute(f"insert into {schema.identifier(table)} by name from appended")

    def discard(self, table: str, submission_id: str) -> None:
        """Take away the rows of a submission from the table of its extract."""
        self._cursor.execute(
            f"delete from {schema.identifier(table)} where submission_id = $1",  # noqa: S608 - as below
            [submission_id],
        )

    def replace(self, table: str, rows: pa.Table) -> None:
        """Make `rows` all that a small table holds."""
        self._cursor.execute(f"delete from {schema.identifier(table)}")  # noqa: S608 - no value of a user
        self.append(table, rows)

    @contextmanager
    def staged(self, name: str, rows: pa.Table) -> Iterator[None]:
        """Rows that questions of this transaction may read under `name`."""
        self._cursor.register(name, rows)
        try:
            yield
        finally:
            self._cursor.unregister(name)


class Database:
    """One DuckDB instance.

    `turnstile`: what everybody who works in it goes through. `opened`: whether to open it now.
    `grows`: a file without some of the schema's tables is given them.
    """

    def __init__(
        self,
        path: Path,
        schemas: tuple[str, ...],
        memory_limit: str,
        turnstile: Turnstile | None = None,
        opened: bool = True,
        grows: bool = False,
    ) -> None:
        self.path = path
        self._spill = path.parent / "spill" if path != IN_MEMORY else None
        self._schemas, self._memory_limit, self._grows = schemas, memory_limit, grows
        self._turnstile = turnstile or Turnstile()
        self._connection: duckdb.DuckDBPyConnection | None = None
        if opened:
            self.open()

    def open(self) -> None:
        """Open the file, or make it. Raises StoreBusy, StoreDamaged, SchemaDiffers."""
        self._connection = _open(self.path)
        try:
            self._lock_down(self._memory_limit)
            self._take_schema()
        except BaseException as fault:
            self.close()
            if isinstance(fault, duckdb.Error):
                raise StoreDamaged(f"{self.path.name} cannot be opened: {fault}") from fault
            raise

    def open_as_it_is(self) -> None:
        """Open the file to be read alone, whatever made it. Raises StoreBusy, StoreDamaged."""
        self._connection = _open(self.path, read_only=True)
        self._lock_down(self._memory_limit)

    def _take_schema(self) -> None:
        """Make what the schema has; nothing to do in a file that the same schema made.

        Raises SchemaDiffers, and changes nothing, where the file's tables are of another one.
        """
        mark, own = self.mark(), schema.schema_hash()
        if mark[-1:] == (own,):
            return
        held = self.ask("store/catalogue")
        if held.num_rows:
            wanted = Database(IN_MEMORY, self._schemas, self._memory_limit)
            made = wanted.ask("store/catalogue")
            differing = schema.difference(held, made, grows=self._grows)
            wanted.close()
            if differing:
                raise SchemaDiffers(self.path.name, differing, mark, own in mark)
        with self.writing() as writing:
            for file in schema.schema_files(self._schemas):
                writing.define(file.read_text(encoding="utf-8"))
            writing.mark(schema.moved_to(mark, own))

    def mark(self) -> schema.Mark:
        """The schemas that the file's data went through, the one that made it last."""
        (comment,) = self.ask("store/schema_mark")["comment"].to_pylist() or [None]
        return schema.marked_with(comment)

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    @contextmanager
    def _cursor(self, work: Work) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._turnstile.passing(work):
            if self._connection is None:
                raise StoreDamaged(f"{self.path.name} is not open")
            with self._connection.cursor() as cursor:
                yield cursor

    def _lock_down(self, memory_limit: str) -> None:
        """Shut every way to files, extensions and settings; the order matters.

        Global, since each cursor is a session of its own.
        """
        connection = self._connection
        assert connection is not None
        spill = str(self._spill) if self._spill else ""
        for name, value in (
            ("allow_community_extensions", False),
            ("autoinstall_known_extensions", False),
            ("autoload_known_extensions", False),
            # Rows of the same transaction count as none when a join is planned: an ASOF join of
            # every school would be taken for one of a few, and compare each with each.
            ("asof_loop_join_threshold", 0),
            ("memory_limit", memory_limit),
            ("temp_directory", spill),
            ("max_temp_directory_size", "20GB"),
            ("enable_external_access", False),
            ("lock_configuration", True),
        ):
            setting = f"'{value}'" if isinstance(value, str) else str(value).lower()
            connection.execute(f"set global {name} = {setting}")

    def ask(self, name: str, given: Mapping[str, Any] | None = None) -> pa.Table:
        """The answer of queries/<name>.sql, read in a transaction that cannot write.

        Raises QuestionError on an unknown question or wrong parameters.
        """
        return self.answer(question(name), given or {})

    def answer(self, asked: Question, given: Mapping[str, Any]) -> pa.Table:
        """As `ask`, for a question at hand."""
        with self._cursor("reading") as cursor:
            cursor.execute("begin transaction read only")
            try:
                return _run(cursor, asked, given)
            finally:
                cursor.execute("rollback")

    @contextmanager
    def checking(self, name: str, rows: pa.Table) -> Iterator[Writing]:
        """A transaction whose questions may read `rows` under `name`; always rolled back.

        It may write until then, which keeps a checkpoint from being made.
        """
        with self._cursor("writing") as cursor:
            cursor.begin()
            writing = Writing(cursor)
            try:
                with writing.staged(name, rows):
                    yield writing
            finally:
                cursor.rollback()

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A write transaction: committed at the end, rolled back on any exception.

        Raises WriteConflict when another transaction changed the same rows first.
        """
        with self._cursor("writing") as cursor:
            cursor.begin()
            try:
                yield Writing(cursor)
                cursor.commit()
            except duckdb.TransactionException as conflict:
                raise WriteConflict(str(conflict)) from conflict
            except BaseException:
                cursor.rollback()
                raise

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file. Raises StoreBusy while somebody is writing."""
        with self._cursor("reading") as cursor:
            try:
                cursor.execute("checkpoint")
            except duckdb.TransactionException as writing:
                raise StoreBusy(f"{self.path.name} is being written to: {writing}") from writing

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _open(path: Path, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=read_only)
    except duckdb.Error as fault:
        busy = "lock on file" in str(fault)
        raise (StoreBusy if busy else StoreDamaged)(
            f"{path.name} cannot be opened: {fault}"
        ) from fault


def _run(cursor: duckdb.DuckDBPyConnection, asked: Question, given: Mapping[str, Any]) -> pa.Table:
    return cursor.execute(asked.sql, asked.bind(given)).to_arrow_table()


@dataclass
class Store:
    """Both instances, the folder of the archive and the lock that makes writers take turns.

    `version`: of the released store; `releases_shown` counts what releases changed in it.
    `opening` numbers the openings in this process: replaced files are another store.
    """

    exact: Database
    released: Database
    path: Path
    _owned: IO[str] | None = None
    version: int = 0
    releases_shown: int = 0
    turnstile: Turnstile = field(default_factory=Turnstile)

    def __post_init__(self) -> None:
        self.publishing = threading.RLock()
        self.opening = next(_openings)
        self.upkeep = threading.Lock()

    @property
    def edition(self) -> tuple[int, int, int]:
        """What caches of answers are keyed by."""
        return self.opening, self.version, self.releases_shown

    @property
    def folder(self) -> Path:
        """Where the stores, the archive and the owner's handle lie."""
        return self.path.parent

    @property
    def archive(self) -> Path:
        return self.folder / f"{self.path.stem}-archive"

    @property
    def database_files(self) -> list[str]:
        """The names of the two databases and of their write-ahead logs; a log may be missing."""
        both = (self.path.name, released_path(self.path).name)
        return [name for database in both for name in (database, f"{database}.wal")]

    def open_databases(self) -> None:
        """Open both files. Raises StoreBusy, StoreDamaged."""
        self.exact.open()
        self.released.open()
        for file in (self.path, released_path(self.path)):
            file.chmod(0o600)
        self.opening = next(_openings)
        at = rows_of(self.released.ask("store/version"))
        self.version = at[0]["version"] if at else 0

    def close_databases(self) -> None:
        """Let go of both files; the store stays owned, and `open_databases` opens it again."""
        self.exact.close()
        self.released.close()

    def require_space(self, needed: int) -> None:
        """Raises StoreFull when `needed` bytes would leave too little: a full disk loses more."""
        free = shutil.disk_usage(self.folder).free
        if free < needed + LEAST_FREE_BYTES:
            raise StoreFull(
                f"only {free // 1024 // 1024} MB are free beside the store; "
                "free some space and publish again; nothing was changed"
            )

    def close(self) -> None:
        self.close_databases()
        if self._owned is not None:
            self._owned.close()


def open_store(settings: Settings) -> Store:
    """Open both stores, making what is missing.

    Raises StoreBusy when another process has them open: one process owns them; SchemaDiffers when
    another schema made them (gapmap.recovery.migration); StoreDamaged when a file is no database.
    """
    store = closed_store(settings)
    try:
        store.open_databases()
    except BaseException:
        store.close()
        raise
    return store


def closed_store(settings: Settings) -> Store:
    """The store, owned and not opened: for what replaces files that may be damaged.

    Raises StoreBusy when another process owns it.
    """
    path = settings.store
    path.parent.mkdir(parents=True, exist_ok=True)
    owned = owning(path)
    finish_swap(swap_intent(path))
    turnstile = Turnstile()

    def closed(file: Path, schema: str) -> Database:
        return Database(file, ("both", schema), settings.memory_limit, turnstile, opened=False)

    exact, released = closed(path, "exact"), closed(released_path(path), "released")
    return Store(exact, released, path, owned, turnstile=turnstile)


def open_memory_store(folder: Path, memory_limit: str = "1GB") -> Store:
    """Both stores in memory, with an archive in `folder`: for tests and trials."""
    turnstile = Turnstile()
    return Store(
        Database(IN_MEMORY, ("both", "exact"), memory_limit, turnstile),
        Database(IN_MEMORY, ("both", "released"), memory_limit, turnstile),
        folder / "gapmap.duckdb",
        turnstile=turnstile,
    )
