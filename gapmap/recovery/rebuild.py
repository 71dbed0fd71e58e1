"""The store made again from its archive, step by step, and put in place when it proves the same."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gapmap.archive.archive import ArchiveAhead, held_names, is_step, names, read, settle
from gapmap.archive.holdings import ArchiveHoldings, StoreHoldings, Verification, compare
from gapmap.publishing.bulk import adding
from gapmap.publishing.standing import bring_up_to_date
from gapmap.settings import Settings
from gapmap.stores.durable import make_folder
from gapmap.stores.schema import Mark, moved_to, schema_hash
from gapmap.stores.store import DatabaseFault, Store, StoreDamaged, open_store, released_path
from gapmap.stores.upkeep import beside, maintaining, replace_files, resting


class RebuildRefused(StoreDamaged):
    """The archive does not make a store that may take the place of another."""


@dataclass(frozen=True)
class Rebuilt:
    """What was made. `kept`: the folder of the files that it replaced, beside the store."""

    store: Path
    steps: int
    verification: Verification
    kept: Path | None = None


def replay(store: Store, folder: Path, files: Sequence[str]) -> None:
    """Take a store that holds nothing through the steps of an archive, and work out what follows.

    Ids, versions and times are those of the archive; states and released figures are computed.
    Raises ArchiveFault when a step is missing or cannot be read; nothing is written then.
    """
    with adding(store) as batch:
        for name in files:
            batch.add(read(folder, name))


def rebuild_at(store: Store, settings: Settings, path: Path) -> Rebuilt:
    """Make a store at `path` from the archive of `store`, with a copy of the archive beside it.

    Raises ValueError when something is there already, ArchiveFault as `replay`, RebuildRefused when
    what was made differs from the archive; nothing is left at `path` then.
    """
    made = [path, released_path(path), path.with_name(f"{path.stem}-archive")]
    there = next((file for file in made if file.exists()), None)
    if there is not None:
        raise ValueError(f"{there.name} exists already; nothing is overwritten")
    with maintaining(store):
        with store.publishing:
            _settled(store)
            files = names(store.archive)
        try:
            verification = make(replace(settings, store=path), store.archive, files)
            for name in files:
                make_folder((made[2] / name).parent)
                shutil.copy2(store.archive / name, made[2] / name)
        except BaseException:
            _remove(made)
            raise
    return Rebuilt(path, len([*filter(is_step, files)]), verification)


def rebuild_in_place(store: Store, settings: Settings) -> Rebuilt:
    """Make the store again from its archive and put it in place; publishing waits meanwhile.

    Raises RebuildRefused when the store holds a step that the archive lacks, or what was made
    differs from the archive; ArchiveFault as `replay`. Nothing is changed then.
    """
    with maintaining(store), store.publishing:
        held = _settled(store)
        files = names(store.archive)
        _refuse_to_lose(held or (), files)
        source = beside(store, "rebuilding")
        try:
            made = replace(settings, store=source / store.path.name)
            passed = () if held is None else store.exact.mark()
            verification = make(made, store.archive, files, passed)
            kept = replace_files(store, source, store.database_files)
        finally:
            shutil.rmtree(source, ignore_errors=True)
        bring_up_to_date(store)
    return Rebuilt(store.path, len([*filter(is_step, files)]), verification, kept)


def make(
    settings: Settings, archive: Path, files: Sequence[str], passed: Mark = ()
) -> Verification:
    """Make a store from files of an archive, and prove that it holds what they do.

    `passed`: the schemas that the data went through. Raises ArchiveFault as `replay`,
    RebuildRefused when what was made differs.
    """
    made = open_store(settings)
    try:
        _note_passed(made, passed)
        bring_up_to_date(made)
        replay(made, archive, files)
        verification = compare(StoreHoldings(made.exact), ArchiveHoldings(archive, files))
        with resting(made):  # all in the files: only they are put in place
            pass
    finally:
        made.close()
    if not verification.same:
        first = verification.differences[0]
        raise RebuildRefused(
            f"what was made differs from the archive: {first.submission_id}, {first.what}"
        )
    return verification


def _note_passed(made: Store, passed: Mark) -> None:
    for database in (made.exact, made.released):
        with database.writing() as writing:
            writing.mark(moved_to(passed, schema_hash()))


def _settled(store: Store) -> list[str] | None:
    """What a store has in its archive, which is settled; None when it cannot be read."""
    if not (store.exact.is_open or store.path.exists()):
        return None
    try:
        if not store.exact.is_open:
            store.exact.open_as_it_is()
        held = held_names(store)
        # What a crash left was never committed: not a step to take.
        settle(store)
    except ArchiveAhead:
        pass  # then the archive is what is right
    except (StoreDamaged, DatabaseFault):
        return None
    return held


def _refuse_to_lose(held: Sequence[str], files: Sequence[str]) -> None:
    """Raises RebuildRefused when the store holds what `files` lack."""
    lost = sorted(set(held) - set(files))
    if lost:
        raise RebuildRefused(
            f"the archive lacks {len(lost)} of the store's {len(held)} files, first "
            f"{lost[0]}; restore a backup, or rebuild elsewhere (--to) and compare"
        )


def _remove(made: Sequence[Path]) -> None:
    for path in made:
        if path.is_dir():
            shutil.rmtree(path)
            continue
        for suffix in (path.suffix, f"{path.suffix}.wal", ".lock"):
            path.with_suffix(suffix).unlink(missing_ok=True)
