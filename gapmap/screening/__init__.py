"""Text rows held against a contract: identifiers of a child first, then cells, keys and rules."""
