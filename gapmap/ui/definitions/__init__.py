"""Definitions: extracts, indicators, words, sources, and how fresh it all is."""
