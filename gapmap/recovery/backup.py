"""A copy of the store in a folder or a .tar, made while the app runs, and put back.

    manifest.json        what the copy holds: size and SHA-256 of each file, and a hash of its own
    exact.duckdb, released.duckdb
    archive/…            as it lies beside the store
    office.duckdb        the access table and the audit log, where there are any

A copy holds exact counts: its folder and its .tar are readable by their owner only.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from gapmap.archive.archive import ArchiveAhead, names
from gapmap.archive.holdings import (
    ArchiveHoldings,
    StoreHoldings,
    Verification,
    compare,
    holdings_of,
    verify,
)
from gapmap.office.office import at_rest, office_path
from gapmap.publishing.standing import bring_up_to_date, now_utc
from gapmap.recovery.migration import open_up_to_date
from gapmap.settings import Settings
from gapmap.stores.durable import PARTIAL, make_folder, sync
from gapmap.stores.store import (
    LEAST_FREE_BYTES,
    Store,
    StoreDamaged,
    StoreFull,
    open_store,
    released_path,
    rows_of,
)
from gapmap.stores.upkeep import beside, maintaining, replace_files, resting

FORMAT = 1
MANIFEST = "manifest.json"
EXACT, RELEASED, ARCHIVE = "exact.duckdb", "released.duckdb", "archive"
OFFICE = "office.duckdb"
TAR = ".tar"
_log = logging.getLogger(__name__)
_BLOCK = 1024 * 1024


class BackupDamaged(StoreDamaged):
    """A backup does not hold what its manifest says, so nothing of it is used."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `version`: of the store; `files`: size and SHA-256 by path."""

    version: int
    made_at: str
    files: Mapping[str, tuple[int, str]]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for size, _ in self.files.values())

    def as_bytes(self) -> bytes:
        plain = {"format": FORMAT, **asdict(self)}
        return json.dumps({**plain, "sha256": _sha256(plain)}, indent=1).encode()


def _sha256(plain: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def read_manifest(content: bytes) -> Manifest:
    """Raises BackupDamaged when it is none, or was changed."""
    try:
        plain = json.loads(content)
        said = plain.pop("sha256")
        if _sha256(plain) != said or plain.pop("format") != FORMAT:
            raise BackupDamaged(f"{MANIFEST} was changed, or another gapmap wrote it")
        files = {path: (int(size), str(digest)) for path, (size, digest) in plain["files"].items()}
        return Manifest(plain["version"], plain["made_at"], files)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise BackupDamaged(f"{MANIFEST} cannot be read: {fault}") from fault


# --- making --------------------------------------------------------------------------------------


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class _Target(Protocol):
    """Where a backup is written to, file by file."""

    def write(self, path: str, content: _Readable, size: int) -> None: ...


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, path: str, content: _Readable, size: int) -> None:
        file = self._folder / path
        make_folder(file.parent)
        with file.open("xb") as written:
            file.chmod(0o600)
            shutil.copyfileobj(content, written, _BLOCK)
        sync(file)


class _Tar:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def write(self, path: str, content: _Readable, size: int) -> None:
        entry = tarfile.TarInfo(path)
        entry.size, entry.mode = size, 0o600
        self._tar.addfile(entry, content)


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: _Readable) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        block = self._file.read(size)
        self.digest.update(block)
        return block


def backup(store: Store, target: Path) -> Manifest:
    """Copy the store, its released store and its archive to `target`, a folder or a .tar.

    Readers go on; publishing waits while the two databases are copied. Raises ValueError when
    `target` exists or lies nowhere, StoreFull when space is short, StoreBusy when the store cannot
    be brought to rest; nothing is left at `target` then.
    """
    if target.exists():
        raise ValueError(f"{target} exists already; nothing is overwritten")
    if not target.parent.is_dir():
        raise ValueError(f"there is no folder {target.parent}")
    with maintaining(store):
        _require_space(target.parent, _size(store))
        partial = target.with_name(target.name + PARTIAL)
        _remove(partial)
        try:
            with _opened(partial, as_tar=target.suffix == TAR) as opened:
                manifest = _copy(store, opened)
            sync(partial)
            partial.rename(target)
        except BaseException:
            _remove(partial)
            raise
        sync(target.parent)
    return manifest


@contextmanager
def _opened(path: Path, *, as_tar: bool) -> Iterator[_Target]:
    if not as_tar:
        path.mkdir(mode=0o700)
        yield _Folder(path)
        return
    path.touch(mode=0o600)
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        yield _Tar(tar)


def _copy(store: Store, target: _Target) -> Manifest:
    files: dict[str, tuple[int, str]] = {}
    with resting(store):
        archived = names(store.archive)
        (version,) = rows_of(store.exact.ask("store/version"))
        files[EXACT] = _copy_file(target, EXACT, store.path)
        files[RELEASED] = _copy_file(target, RELEASED, released_path(store.path))
    for name in archived:  # they never change
        path = f"{ARCHIVE}/{name}"
        files[path] = _copy_file(target, path, store.archive / name)
    with at_rest(store.path) as office:
        if office is not None:
            files[OFFICE] = _copy_file(target, OFFICE, office)
    manifest = Manifest(version["version"], now_utc().isoformat(timespec="seconds"), files)
    content = manifest.as_bytes()
    target.write(MANIFEST, io.BytesIO(content), len(content))
    return manifest


def _copy_file(target: _Target, path: str, source: Path) -> tuple[int, str]:
    with source.open("rb") as file:
        hashed = _Hashing(file)
        size = source.stat().st_size
        target.write(path, hashed, size)
    return size, hashed.digest.hexdigest()


def _size(store: Store) -> int:
    """Bytes of what a backup copies, with some room for what is published until then."""
    files = [store.path, released_path(store.path), office_path(store.path)]
    files += [file.with_name(f"{file.name}.wal") for file in files]
    files += [store.archive / name for name in names(store.archive)]
    return sum(file.stat().st_size for file in files if file.exists())


def _require_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + LEAST_FREE_BYTES:
        raise StoreFull(
            f"{needed // 1024 // 1024} MB and {LEAST_FREE_BYTES // 1024 // 1024} MB to spare are "
            f"needed in {folder}, and {free // 1024 // 1024} MB are free; nothing was changed"
        )


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


# --- putting back --------------------------------------------------------------------------------


def restore(store: Store, settings: Settings, source: Path) -> tuple[Manifest, Path]:
    """Put a backup in place of the store; its manifest, and the folder that keeps what was there.

    The backup is copied beside the store, held against its manifest and opened there first; then
    readers wait for as long as files are renamed. An office that is there stays as it is: an older
    one would give ended rights back and lose what was noted since. Raises ValueError when there is
    no backup, BackupDamaged, StoreFull and StoreBusy; nothing is changed then.
    """
    with maintaining(store):
        staged = beside(store, "restoring")
        try:
            manifest = _unpack(store, source, staged)
            with _tried(settings, staged / store.path.name):
                pass
            in_place = [*store.database_files, store.archive.name]
            if not office_path(store.path).exists():
                in_place.append(office_path(store.path).name)
            kept = replace_files(store, staged, in_place)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        with store.publishing:
            bring_up_to_date(store)
    return manifest, kept


def _unpack(store: Store, source: Path, staged: Path) -> Manifest:
    """A backup's files under the names that the store's have, in a folder beside it."""
    if not source.exists():
        raise ValueError(f"there is no backup {source}")
    with _reading(source) as (manifest, files):
        _require_space(store.folder, manifest.size)
        (staged / store.archive.name).mkdir(parents=True, mode=0o700)
        missing = set(manifest.files)
        for path, content in files:
            if path in missing:
                _unpack_file(content, staged / _place(store, path), *manifest.files[path], path)
                missing.remove(path)
    if missing or not {EXACT, RELEASED} <= set(manifest.files):
        raise BackupDamaged(f"{min(missing, default=EXACT)} is missing from the backup")
    return manifest


def _place(store: Store, path: str) -> str:
    """Where a backup's file belongs, from the store's folder. Raises BackupDamaged for none."""
    if path in (EXACT, RELEASED):
        return (store.path if path == EXACT else released_path(store.path)).name
    if path == OFFICE:
        return office_path(store.path).name
    folder, *rest = PurePosixPath(path).parts
    if folder != ARCHIVE or len(rest) != 2 or ".." in rest:
        raise BackupDamaged(f"{path} is no file of a backup")
    return f"{store.archive.name}/{rest[0]}/{rest[1]}"


def _unpack_file(content: IO[bytes], file: Path, size: int, digest: str, path: str) -> None:
    make_folder(file.parent)
    hashed = _Hashing(content)
    with file.open("xb") as written:
        file.chmod(0o600)
        shutil.copyfileobj(hashed, written, _BLOCK)
    if file.stat().st_size != size or hashed.digest.hexdigest() != digest:
        raise BackupDamaged(f"{path} is not what was backed up; nothing was changed")
    sync(file)


def verify_against(store: Store, settings: Settings, path: Path) -> Verification:
    """Hold a store against what lies at `path`: a backup, an archive's folder or a store's file.

    Raises as `restore`.
    """
    if path.suffix == TAR or (path / MANIFEST).exists():
        return _verify_backup(store, settings, path)
    if path.is_dir():
        return compare(holdings_of(store), ArchiveHoldings(path))
    if not path.is_file():
        raise ValueError(f"there is nothing at {path}")
    other = open_store(replace(settings, store=path))
    try:
        return compare(holdings_of(store), StoreHoldings(other.exact))
    finally:
        other.close()


def _verify_backup(store: Store, settings: Settings, source: Path) -> Verification:
    """A store against a backup's, and the backup's own store against its archive."""
    staged = beside(store, "verifying")
    try:
        _unpack(store, source, staged)
        with _tried(settings, staged / store.path.name) as tried:
            within = verify(tried)
            found = compare(holdings_of(store), StoreHoldings(tried.exact))
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    inside = [replace(d, what=f"{d.what} within the backup") for d in within.differences]
    return replace(found, differences=(*found.differences, *inside))


Files = Iterator[tuple[str, IO[bytes]]]


@contextmanager
def _reading(source: Path) -> Iterator[tuple[Manifest, Files]]:
    """A backup's manifest and its files. Raises BackupDamaged when it cannot be read."""
    if source.is_dir():
        yield read_manifest(_bytes_of(source / MANIFEST)), _files_of_folder(source)
        return
    try:
        with tarfile.open(source, "r:") as tar:
            found = tar.extractfile(MANIFEST)
            manifest = read_manifest(found.read() if found else b"")
            yield manifest, _files_of_tar(tar)
    except (tarfile.TarError, KeyError, EOFError) as fault:
        raise BackupDamaged(f"{source.name} is no backup that can be read: {fault}") from fault


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BackupDamaged(f"{path.name} is missing: this is no backup") from None


def _files_of_folder(folder: Path) -> Files:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as content:
                yield path.relative_to(folder).as_posix(), content


def _files_of_tar(tar: tarfile.TarFile) -> Files:
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is not None:
            yield member.name, content


@contextmanager
def _tried(settings: Settings, path: Path) -> Iterator[Store]:
    """An unpacked backup, open and brought up to this gapmap. Raises BackupDamaged."""
    try:
        tried = open_up_to_date(replace(settings, store=path), _log.warning)
    except ArchiveAhead as fault:
        raise BackupDamaged(f"the backup's store and archive do not fit: {fault}") from fault
    except StoreDamaged as fault:
        raise BackupDamaged(f"the backup cannot be opened: {fault}") from fault
    try:
        yield tried
    finally:
        tried.close()
