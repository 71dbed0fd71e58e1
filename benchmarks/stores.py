"""Stores to measure on, made through the command line and through intake."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measured import ROOT, Failed
from gapmap.intake.intake import Upload, prepare
from gapmap.publishing.standing import bring_up_to_date
from gapmap.publishing.submission import publish
from gapmap.settings import DEFAULT_MEMORY_LIMIT, Settings
from gapmap.stores.store import Store, open_store

MOST_MB = 1000


@dataclass(frozen=True)
class StoreFolder:
    """A folder that holds a store."""

    path: Path

    @property
    def store(self) -> Path:
        return self.path / "gapmap.duckdb"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to work on this store."""
        return {"GAPMAP_STORE": str(self.store)}

    def copy_to(self, path: Path) -> StoreFolder:
        """A copy, in place of what stood there."""
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.path, path)
        return StoreFolder(path)

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """The store, open in this process."""
        store = open_store(Settings(self.store, MOST_MB, DEFAULT_MEMORY_LIMIT))
        try:
            bring_up_to_date(store)
            yield store
        finally:
            store.close()


def gapmap(folder: StoreFolder, *arguments: str) -> None:
    """Run a command of gapmap on the store. Raises Failed unless its exit code is 0."""
    folder.path.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "gapmap", *arguments],
        cwd=ROOT,
        env={**os.environ, **folder.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failed(f"gapmap {' '.join(arguments)}: {done.stderr or done.stdout}")


def with_demonstration(path: Path) -> StoreFolder:
    """A store that holds the demonstration data."""
    folder = StoreFolder(path)
    gapmap(folder, "demo")
    return folder


def publish_file(
    store: Store, extract: str, file: Path, told: Callable[[str], None] = lambda _: None
) -> None:
    """Publish a file through intake. Raises Failed when it is refused."""
    upload = Upload(file.read_bytes(), file.name, extract)
    day = datetime.now(UTC).date()
    prepared = prepare(store, upload, most_bytes=MOST_MB * 2**20, today=day)
    if prepared.refused:
        raise Failed(f"{file.name}: {next(iter(prepared.issues)).message}")
    publish(store, prepared, "benchmark@example.org")
    told(file.name)
