"""Joined-up: what the agencies did together."""
