"""Files that outlast a crash: synced, and exchanged for others by renaming alone."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PARTIAL = ".partial"


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, outlast a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner enters, and those above it, where they are missing."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700)
        sync(folder.parent)


@dataclass(frozen=True)
class _Swap:
    """What is to happen in a folder: `outgoing` names go into its folder `kept`, then `incoming`
    names come out of its folder `source`, which goes."""

    kept: str
    source: str
    outgoing: Sequence[str]
    incoming: Sequence[str]


def swap(intent: Path, source: Path, kept: Path, names: Sequence[str]) -> None:
    """Put what the folder `source` has of `names` beside it; what bore these names goes to `kept`.

    `source` and `kept` lie in the folder of `intent`, the file that says what is under way, so
    that after a crash `finish_swap` can do the rest. `source` is gone afterwards.
    """
    folder = intent.parent
    planned = _Swap(
        kept.name,
        source.name,
        [name for name in names if (folder / name).exists()],
        [name for name in names if (source / name).exists()],
    )
    partial = intent.with_name(intent.name + PARTIAL)
    partial.write_text(json.dumps(asdict(planned)))
    sync(partial)
    partial.rename(intent)
    sync(folder)
    finish_swap(intent)


def finish_swap(intent: Path) -> None:
    """Finish the swap that is under way, if one is."""
    if not intent.exists():
        return
    folder = intent.parent
    planned = _Swap(**json.loads(intent.read_text()))
    kept, source = folder / planned.kept, folder / planned.source
    kept.mkdir(mode=0o700, exist_ok=True)
    for name in planned.outgoing:
        # Once it is among what is kept, what bears its name here is what came in.
        if not (kept / name).exists():
            (folder / name).rename(kept / name)
    for name in planned.incoming:
        if (source / name).exists():
            (source / name).rename(folder / name)
    for changed in (kept, folder):
        sync(changed)
    intent.unlink()
    shutil.rmtree(source, ignore_errors=True)
