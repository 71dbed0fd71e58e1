"""The stores made again: from the archive, from a backup, and after a change of schema."""
