"""Borough: its profile, its schools, by type, and its counts about children."""
