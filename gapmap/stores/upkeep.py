"""A store's files: at rest, to be copied, and replaced by others while the app runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gapmap.stores.durable import swap
from gapmap.stores.store import Store, StoreBusy, StoreDamaged
from gapmap.stores.store_files import swap_intent
from gapmap.stores.turnstile import EVERYONE

# What copies beside a store are made for, and gone afterwards.
_PASSING = ("restoring", "rebuilding", "verifying")


@contextmanager
def maintaining(store: Store) -> Iterator[None]:
    """Copy or replace the store's files, one at a time. Raises StoreBusy during another."""
    if not store.upkeep.acquire(blocking=False):
        raise StoreBusy("a backup, restore or rebuild is under way; try again afterwards")
    try:
        _clear_what_was_cut_off(store)
        yield
    finally:
        store.upkeep.release()


def _clear_what_was_cut_off(store: Store) -> None:
    """Take away the copies of a restore, rebuild or verification that was killed at it.

    They hold exact figures, and nothing needs them: an open store has finished what was renamed.
    """
    for purpose in _PASSING:
        for left in store.folder.glob(f"{store.path.stem}-{purpose}-*"):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def resting(store: Store) -> Iterator[None]:
    """Nothing is written meanwhile, and all that was lies in the files; readers go on.

    Raises StoreBusy when somebody is writing for too long.
    """
    with store.publishing, store.turnstile.held("writing"):
        store.exact.checkpoint()
        store.released.checkpoint()
        yield


def beside(store: Store, purpose: str) -> Path:
    """A name beside the store that is not taken, from the purpose and the moment (UTC)."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return store.folder / f"{store.path.stem}-{purpose}-{moment}"


def replace_files(store: Store, source: Path, names: Sequence[str]) -> Path:
    """Put what the folder `source`, which lies beside the store, has of `names` in place of the
    store's own, and open it; the folder that keeps what was there.

    Readers wait meanwhile; `source` is gone afterwards. Raises StoreBusy when readers do not
    finish, StoreDamaged when the files cannot be opened; what was there then stands again.
    """
    kept, intent = beside(store, "before"), swap_intent(store.path)
    with store.publishing, store.turnstile.held(*EVERYONE):
        store.close_databases()
        swap(intent, source, kept, names)
        try:
            store.open_databases()
        except StoreDamaged:
            store.close_databases()
            swap(intent, kept, beside(store, "refused"), names)
            store.open_databases()
            raise
    return kept
