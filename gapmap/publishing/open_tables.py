"""Tables that both stores hold alike and that count no children: residents, reviews, messages.

Each is a file of queries/open, written whole when an extract that it reads is published or, where
answers are carried forward, when the held quarters change.
"""

from __future__ import annotations

from collections.abc import Iterable

from gapmap.measure import Change
from gapmap.stores.store import Store, Writing

OPEN_TABLES: dict[str, tuple[str, ...]] = {
    "residents": ("population",),
    "neighbour": ("neighbours",),
    "review_item": ("partnership_review",),
    "message": ("message_log",),
    "agency_training": ("training", "schools", "school_links"),
    "published_factor": ("cin_factors",),
    "letter_answer": ("school_safeguarding", "schools", "school_links"),
    "self_evaluation": ("school_safeguarding", "schools", "school_links"),
    "outside_scope": ("schools",),
}
# One row per held quarter: the answer that stands in it.
CARRIED_FORWARD = (
    "review_item",
    "agency_training",
    "letter_answer",
    "self_evaluation",
    "outside_scope",
)


def tables_reached(change: Change, held_changed: bool) -> tuple[str, ...]:
    """The open tables that a change is to write anew."""
    return tuple(
        table
        for table, extracts in OPEN_TABLES.items()
        if change.extract is None
        or change.extract in extracts
        or (held_changed and table in CARRIED_FORWARD)
    )


def write_open_tables(writing: Writing, tables: Iterable[str]) -> None:
    """Write these tables of the exact store anew."""
    for table in tables:
        writing.replace(table, writing.ask(f"open/{table}"))


def copy_open_tables(store: Store, writing: Writing, tables: Iterable[str]) -> None:
    """Make these tables of the released store, in `writing`, as those of the exact one."""
    for table in tables:
        writing.replace(table, store.exact.ask(f"open/{table}"))
