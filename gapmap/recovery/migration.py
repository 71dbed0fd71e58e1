"""A store that another schema made is made again from its archive, and then takes its place.

The archive holds all that was ever accepted, so no statement ever alters a table that holds rows.
The new files are made beside the old ones, held against the archive and put in place by renaming;
the old ones are kept in a folder with the moment in its name until an operator removes it. Cut off
anywhere, the next start finds the old store as it was, or finishes the renaming.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from gapmap.archive.archive import held_names, is_step, names, settle, version_in
from gapmap.publishing.standing import bring_up_to_date
from gapmap.settings import Settings
from gapmap.stores.store import (
    DatabaseFault,
    SchemaDiffers,
    Store,
    StoreDamaged,
    closed_store,
    open_store,
    rows_of,
)

Say = Callable[[str], None]
_PURPOSE = "migrating"


class MigrationRefused(StoreDamaged):
    """A store of another schema cannot be made again; its files are as they were."""


def open_up_to_date(settings: Settings, say: Say) -> Store:
    """Open the store, made again first where another schema made it, and bring it up to date.

    `say` is told of a migration, before it and after it. Raises StoreBusy when another process has
    it open, MigrationRefused, ArchiveAhead, StoreDamaged when it cannot be used as it is.
    """
    try:
        store = open_store(settings)
    except SchemaDiffers as differs:
        store = migrate(settings, differs, say)
    try:
        bring_up_to_date(store)
    except BaseException:
        store.close()
        raise
    return store


def migrate(settings: Settings, differs: SchemaDiffers, say: Say) -> Store:
    """Make the store again from its archive by this program's schema; the store, open.

    Raises MigrationRefused when a newer gapmap made it, when its archive lacks what it holds or
    cannot be read by this schema, ArchiveAhead when the archive holds more; nothing of the store is
    changed then. StoreFull when space is short, StoreBusy when another process has it open.
    """
    if differs.newer:
        raise MigrationRefused(
            f"{differs}. This gapmap is older than the store: start the newer one again, or "
            "restore a backup that this one made; nothing was changed"
        )
    store = closed_store(settings)
    try:
        _forget_unfinished(store)
        files = _archived(store)
        say(f"{differs}; making the store again from its archive")
        kept, counted = _made_again(store, settings, files, differs)
    except BaseException:
        store.close()
        raise
    say(f"made the store again: {counted}; what was there before is kept in {kept.name}")
    return store


def _forget_unfinished(store: Store) -> None:
    """Take away what a migration that was cut off had made so far."""
    for left in store.folder.glob(f"{store.path.stem}-{_PURPOSE}-*"):
        shutil.rmtree(left)


# --- does the archive hold what the store does ---------------------------------------------------


def _archived(store: Store) -> list[str]:
    """The files of the archive that the store rests on, which is read as it is.

    Raises MigrationRefused when one of them is missing, ArchiveAhead.
    """
    if not store.path.exists():  # the released store alone was left
        raise _cannot_tell(store, "it is not there")
    store.exact.open_as_it_is()
    try:
        version = _version(store)
        held = _held(store)
        if held is not None:
            settle(store)
    finally:
        store.exact.close()
    found = names(store.archive)
    if held is None:  # by this schema's question; steps are numbered without gaps
        held = [f for f in found if not is_step(f) or version_in(f) <= version]
    last = max((version_in(name) for name in found if is_step(name)), default=0)
    missing = sorted(set(held) - set(found))
    if last < version or missing:
        raise MigrationRefused(
            f"{store.path.name} was made by a gapmap with another schema and must be made again "
            f"from its archive, which is behind it: {_behind(store, last, version, missing)}. Put "
            f"the missing files of {store.archive.name} back (a backup has them), restore a "
            "backup, or start the gapmap again that made it; nothing was changed"
        )
    return held


def _behind(store: Store, last: int, version: int, missing: Sequence[str]) -> str:
    if not store.archive.is_dir():
        return f"there is no folder {store.archive.name}, and the store is at step {version}"
    if last < version:
        return f"it goes up to step {last} and the store to step {version}"
    return f"it lacks {len(missing)} files, first {missing[0]}"


def _version(store: Store) -> int:
    try:
        found = rows_of(store.exact.ask("store/version"))
    except DatabaseFault as fault:
        raise _cannot_tell(store, str(fault)) from fault
    return int(found[0]["version"]) if found else 0


def _cannot_tell(store: Store, why: str) -> MigrationRefused:
    return MigrationRefused(
        f"{store.path.name} does not say how much it holds: {why}. Restore a backup; or, where the "
        "archive is complete, `python -m gapmap rebuild`; nothing was changed"
    )


def _held(store: Store) -> list[str] | None:
    """What the archive's files must be called; None when the older tables do not answer."""
    try:
        return held_names(store)
    except DatabaseFault:
        return None


# --- making it again -----------------------------------------------------------------------------


def _made_again(
    store: Store, settings: Settings, files: Sequence[str], differs: SchemaDiffers
) -> tuple[Path, str]:
    """Put a store made from these files in place; where the old one is kept, and what it holds."""
    # Here: hardly any start needs them.
    from gapmap.recovery.rebuild import make
    from gapmap.stores.upkeep import beside, maintaining, replace_files

    with maintaining(store), store.publishing:
        there = [store.folder / name for name in store.database_files]
        store.require_space(2 * sum(file.stat().st_size for file in there if file.exists()))
        source = beside(store, _PURPOSE)
        try:
            made = replace(settings, store=source / store.path.name)
            verification = make(made, store.archive, files, differs.mark)
            kept = replace_files(store, source, store.database_files)
        except DatabaseFault as fault:
            raise MigrationRefused(
                f"the archive holds what this gapmap's schema does not: {fault}. Is a newer "
                "gapmap's store opened by an older one? Start the newer one; nothing was changed"
            ) from fault
        finally:
            shutil.rmtree(source, ignore_errors=True)
    return kept, f"{verification.submissions:,} submissions, {verification.rows:,} rows"
