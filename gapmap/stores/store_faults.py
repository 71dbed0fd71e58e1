"""Why a store cannot be opened, or will not take what it is given."""

from __future__ import annotations

from gapmap.stores.schema import Mark


class StoreDamaged(RuntimeError):
    """A file of the store, of its archive or of a backup cannot be used as it is."""


class SchemaDiffers(StoreDamaged):
    """A file of the store was made by another schema; it was left as it is.

    `mark`: the schemas that its data went through. `newer`: this program's is among those that it
    left behind, so that a newer program brought it to where it is.
    """

    def __init__(self, file: str, difference: str, mark: Mark, newer: bool) -> None:
        self.file, self.difference, self.mark, self.newer = file, difference, mark, newer
        whose = "a newer gapmap" if newer else "a gapmap with another schema"
        super().__init__(f"{file} was made by {whose}: {difference}")


class StoreFull(RuntimeError):
    """There is too little free space to publish safely."""


class WriteConflict(RuntimeError):
    """Somebody else's transaction changed the same rows first."""
