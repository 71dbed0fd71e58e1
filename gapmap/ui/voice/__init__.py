"""Voice: what children, parents and schools say, beside what was reported."""
