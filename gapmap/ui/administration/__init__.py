"""Releases, access and the audit log."""
