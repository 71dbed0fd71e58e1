"""What gapmap can do for its own store without a browser; as gapmap.operations.operations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gapmap.settings import Settings
from gapmap.stores.store import Store


def verify_store(
    store: Store, settings: Settings, arguments: Mapping[str, Any], content: bytes = b""
) -> dict[str, Any]:
    """Prove that a store and its archive, or `against`, hold the same, submission by submission.

    Arguments: against (optional path: a backup, the folder of an archive, or a store's file).
    """
    from gapmap.archive import holdings  # here and below: what no other command needs
    from gapmap.recovery import backup  # here and below: what no other command needs
    from gapmap.stores.upkeep import maintaining

    with maintaining(store):
        if arguments.get("against"):
            found = backup.verify_against(store, settings, Path(arguments["against"]))
        else:
            found = holdings.verify(store)
    return {
        "same": found.same,
        "submissions": found.submissions,
        "rows": found.rows,
        "differences": [
            {"submission": d.submission_id, "what": d.what, "store": d.one, "against": d.other}
            for d in found.differences
        ],
    }


def rebuild_store(
    store: Store, settings: Settings, arguments: Mapping[str, Any], content: bytes = b""
) -> dict[str, Any]:
    """Make the store again from its archive, in place or, with `to`, elsewhere.

    Arguments: to (optional path of a store that is not there yet).
    """
    from gapmap.recovery import rebuild

    if arguments.get("to"):
        made = rebuild.rebuild_at(store, settings, Path(arguments["to"]))
    else:
        made = rebuild.rebuild_in_place(store, settings)
    return {
        "outcome": "rebuilt",
        "store": str(made.store),
        "steps": made.steps,
        "submissions": made.verification.submissions,
        "rows": made.verification.rows,
        "kept": made.kept.name if made.kept else None,
    }


def back_up_store(
    store: Store, settings: Settings, arguments: Mapping[str, Any], content: bytes = b""
) -> dict[str, Any]:
    """Copy the store, its released store and its archive. Arguments: target (path)."""
    from gapmap.recovery import backup

    made = backup.backup(store, Path(arguments["target"]))
    return {
        "outcome": "backed up",
        "target": arguments["target"],
        "version": made.version,
        "files": len(made.files),
        "bytes": made.size,
    }


def restore_store(
    store: Store, settings: Settings, arguments: Mapping[str, Any], content: bytes = b""
) -> dict[str, Any]:
    """Put a backup in place of the store. Arguments: source (path)."""
    from gapmap.recovery import backup

    restored, kept = backup.restore(store, settings, Path(arguments["source"]))
    return {
        "outcome": "restored",
        "version": restored.version,
        "made_at": restored.made_at,
        "kept": kept.name,
    }
