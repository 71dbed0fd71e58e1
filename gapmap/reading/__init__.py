"""Bytes to text rows: whatever a file is, by its bytes. Nothing else reads files."""
