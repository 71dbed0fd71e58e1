"""The two DuckDB stores and their files."""
