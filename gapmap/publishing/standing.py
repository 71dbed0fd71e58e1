"""What stands after something was published or withdrawn: schools in scope, states, figures.

It is computed in the publishing transaction for what was touched, then copied to the released
store, whose version says up to where it is true. Nobody computes it at view time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyarrow as pa

from gapmap.archive import archive
from gapmap.indicator import Definition, of_boroughs, of_schools
from gapmap.measure import Change, lattice
from gapmap.publishing.area_values import await_release, values_reached, write_area_values
from gapmap.publishing.arriving import take_away_unnoted
from gapmap.publishing.figures import write_exact_figures
from gapmap.publishing.open_tables import copy_open_tables, tables_reached, write_open_tables
from gapmap.reference import reference
from gapmap.stores.store import Store, Writing, rows_of

SAME_IN_BOTH = (
    "held_quarter",
    "submission_status",
    "submission_received",
    "school_predecessor",
    "release",
    "release_event",
)
# What says which schools there are, and which school follows which: all that is held rests on it.
REGISTERS = ("schools", "school_links")


@dataclass(frozen=True)
class Block:
    """Quarters × boroughs that are written as one.

    `extract`: only the states that rest on it; None: all of them, and the schools in scope.
    """

    quarters: tuple[str, ...]
    boroughs: tuple[str, ...]
    extract: str | None = None

    @property
    def place(self) -> dict[str, list[str]]:
        """Where the block lies, as questions take it."""
        return {"quarters": list(self.quarters), "boroughs": list(self.boroughs)}

    @property
    def indicators(self) -> list[Definition]:
        return [d for d in of_schools() if self.extract is None or self.extract in d.extracts]


@dataclass(frozen=True)
class Touched:
    """What a change rewrote, and the released store must follow.

    `counted`: where schools were counted anew. It is more than `blocks`: a count says where its
    schools stood the held quarter before. `areas`: the quarters written of each indicator of areas;
    `released`: those of which it lacks what the releases say.
    """

    blocks: tuple[Block, ...] = ()
    counted: tuple[Block, ...] = ()
    open_tables: tuple[str, ...] = ()
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    released: tuple[str, ...] = ()


def now_utc() -> datetime:
    """The moment, in UTC, without a zone: as the store keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def every_borough() -> tuple[str, ...]:
    return tuple(row["borough_code"] for row in reference.boroughs())


def _quarters(table: pa.Table) -> tuple[str, ...]:
    return tuple(sorted(row["quarter"] for row in rows_of(table)))


def restate(writing: Writing, extract: str, pairs: Sequence[tuple[str, str]]) -> Touched:
    """Rewrite what follows from a change of `extract` for (quarter, borough) pairs.

    Answers reach forward, so states are written from the earliest quarter on, and a school's answer
    counts where the register has it, whatever borough its row names; a register rewrites every
    quarter; a quarter that is held for the first time is written for all boroughs.
    """
    held = _hold_quarters(writing)
    boroughs = _boroughs_reached(writing, extract, pairs)
    earliest = min((quarter for quarter, _ in pairs), default="")
    blocks = []
    if held.fresh:
        blocks.append(Block(held.fresh, every_borough()))
    older = tuple(q for q in held.older if extract in REGISTERS or q >= earliest)
    if older and boroughs and _feeds_states(extract):
        blocks.append(Block(older, boroughs, None if extract in REGISTERS else extract))
    counted = _write_blocks(writing, blocks, held)
    quarters = tuple(sorted({quarter for quarter, _ in pairs}))
    change = Change(extract, quarters, held.quarters, held.fresh)
    return _follow(writing, change, blocks, counted, held.quarters != held.before)


def _follow(
    writing: Writing,
    change: Change,
    blocks: Sequence[Block],
    counted: tuple[Block, ...],
    held_changed: bool,
) -> Touched:
    """Write what follows from a change once the states stand: open tables, figures, areas."""
    tables = tables_reached(change, held_changed)
    write_open_tables(writing, tables)
    write_exact_figures(writing, change)
    areas = values_reached(change)
    write_area_values(writing, areas)
    return Touched(tuple(blocks), counted, tables, areas)


def _boroughs_reached(
    writing: Writing, extract: str, pairs: Sequence[tuple[str, str]]
) -> tuple[str, ...]:
    """The boroughs of the pairs, and those of the schools that their rows name or that follow them.

    A change of links moves evidence from any school to any other: all of them.
    """
    if extract == "school_links":
        return every_borough()
    named = {
        "extract": extract,
        "pairs": [f"{quarter} {borough}" for quarter, borough in pairs],
    }
    elsewhere = {row["borough_code"] for row in rows_of(writing.ask("standing/named_in", named))}
    return tuple(sorted(elsewhere | {borough for _, borough in pairs}))


def restate_everything(writing: Writing) -> Touched:
    """Rewrite all that is held: after a change of reference data, contracts or indicators."""
    held = _hold_quarters(writing)
    blocks = (Block(held.quarters, every_borough()),) if held.quarters else ()
    counted = _write_blocks(writing, blocks, held)
    change = Change(None, held.quarters, held.quarters)
    return _follow(writing, change, blocks, counted, True)


def _feeds_states(extract: str) -> bool:
    return extract in REGISTERS or any(extract in d.extracts for d in of_schools())


@dataclass(frozen=True)
class Held:
    """The quarters that are held, in order, and those that were before the change."""

    quarters: tuple[str, ...]
    before: tuple[str, ...]

    @property
    def fresh(self) -> tuple[str, ...]:
        return tuple(quarter for quarter in self.quarters if quarter not in self.before)

    @property
    def older(self) -> tuple[str, ...]:
        return tuple(quarter for quarter in self.quarters if quarter in self.before)

    @property
    def following_others(self) -> tuple[str, ...]:
        """Quarters whose held quarter before is another one than it was."""
        was = dict(zip(self.before, (None, *self.before), strict=False))
        now = zip(self.quarters, (None, *self.quarters), strict=False)
        return tuple(quarter for quarter, before in now if before != was.get(quarter, ""))

    def with_following(self, quarters: Collection[str]) -> tuple[str, ...]:
        """These quarters, each with the held quarter after it."""
        after = zip((None, *self.quarters), self.quarters, strict=False)
        return tuple(now for before, now in after if now in quarters or before in quarters)


def _hold_quarters(writing: Writing) -> Held:
    """Note the quarters held now, and which submission stands."""
    before = _quarters(writing.ask("standing/noted_quarters"))
    # First, because everything below reads what stands from this table.
    writing.replace("submission_status", writing.ask("standing/submission_status"))
    writing.replace("submission_received", writing.ask("standing/submission_received"))
    writing.replace("school_predecessor", writing.ask("standing/school_predecessor"))
    now = writing.ask("standing/held_quarters")
    held = Held(_quarters(now), before)
    if held.quarters != before:
        writing.replace("held_quarter", now)
        _drop_unheld(writing)
        writing.run("publish/drop_unheld_answers")
    return held


def _drop_unheld(writing: Writing) -> None:
    writing.run("publish/drop_unheld_quarters")
    writing.run("publish/drop_unheld_states")
    writing.run("publish/drop_unheld_counts")


def _write_blocks(writing: Writing, blocks: Sequence[Block], held: Held) -> tuple[Block, ...]:
    """Write what stands in these blocks, then count it; the blocks that were counted."""
    for block in blocks:
        _write_block(writing, block)
    counted = [
        Block(held.with_following(block.quarters), block.boroughs, block.extract)
        for block in blocks
    ]
    if moved := held.following_others:
        counted.append(Block(moved, every_borough()))
    for block in counted:
        writing.run("publish/clear_counts", _states_of(block))
        writing.append("state_count", writing.ask("standing/state_counts", _states_of(block)))
    return tuple(counted)


def _write_block(writing: Writing, block: Block) -> None:
    if block.extract is None:
        writing.run("publish/clear_schools", block.place)
        writing.append("school", writing.ask("standing/schools_in_scope", block.place))
    answers = {**block.place, "extract": block.extract}
    writing.run("publish/clear_answers", answers)
    writing.append("standing_answer", writing.ask("standing/answers", answers))
    writing.run("publish/clear_states", _states_of(block))
    stamp = {"settings_hash": reference.reference_hash(), "computed_at": now_utc()}
    # Read one by one and appended at once: the appending costs more than the reading.
    stated = [
        _stamped(writing.ask(d.body.name, block.place), indicator=d.name, **stamp)
        for d in block.indicators
    ]
    if stated:
        writing.append(
            "indicator_state",
            pa.concat_tables([one.select(stated[0].column_names) for one in stated]),
        )


def _states_of(block: Block) -> dict[str, list[str]]:
    return {**block.place, "indicators": [d.name for d in block.indicators]}


def _stamped(table: pa.Table, **constants: object) -> pa.Table:
    for name, value in constants.items():
        table = table.append_column(name, pa.repeat(pa.scalar(value), table.num_rows))
    return table


# --- the released store follows --------------------------------------------------------------


def mirror(store: Store, touched: Touched) -> None:
    """Bring the released store to the exact one's version, in one transaction.

    `touched` is enough where the released store has all that came before; otherwise it missed a
    publication whose copy was cut off, and gets everything.
    """
    version = store.exact.ask("store/version")
    if not _is_one_behind(store, version):
        touched = _everything_held(store)
    with store.released.writing() as writing:
        for block in touched.blocks:
            _copy_block(store, writing, block)
        for block in touched.counted:
            _copy_counts(store, writing, block)
        for table in SAME_IN_BOTH:
            writing.replace(table, store.exact.ask(f"store/{table}"))
        writing.replace("figure_held", store.exact.ask("standing/figure_held"))
        _drop_unheld(writing)
        writing.run("publish/drop_unheld_figures")
        copy_open_tables(store, writing, touched.open_tables)
        _show_releases(store, writing, touched.released)
        write_area_values(writing, touched.areas)
        await_release(writing, store.exact, touched.areas)
        writing.replace("store_version", version)
    store.version = version["version"][0].as_py()


def show_releases(store: Store, quarters: Sequence[str]) -> None:
    """Let the released store show what the releases that stand for these quarters say."""
    areas = {definition.name: tuple(quarters) for definition in of_boroughs()}
    with store.released.writing() as writing:
        for table in ("release", "release_event"):
            writing.replace(table, store.exact.ask(f"store/{table}"))
        _show_releases(store, writing, quarters)
        write_area_values(writing, areas)
        await_release(writing, store.exact, areas)
    store.releases_shown += 1


def _show_releases(store: Store, writing: Writing, quarters: Sequence[str]) -> None:
    if not quarters:
        return
    of_quarters = {"quarters": list(quarters)}
    writing.run("publish/clear_quarter_figures", of_quarters)
    writing.append("figure", store.exact.ask("release/shown", of_quarters))
    writing.run("publish/drop_undeclared_figures", {"measures": list(lattice().measures)})


def _is_one_behind(store: Store, version: pa.Table) -> bool:
    exact, released = rows_of(version), rows_of(store.released.ask("store/version"))
    return bool(released) and (
        released[0]["version"] == exact[0]["version"] - 1
        and released[0]["reference_hash"] == exact[0]["reference_hash"]
    )


def _copy_block(store: Store, writing: Writing, block: Block) -> None:
    if block.extract is None:
        writing.run("publish/clear_schools", block.place)
        writing.append("school", store.exact.ask("standing/schools", block.place))
    states = _states_of(block)
    writing.run("publish/clear_states", states)
    writing.append("indicator_state", store.exact.ask("standing/states", states))


def _copy_counts(store: Store, writing: Writing, block: Block) -> None:
    counts = _states_of(block)
    writing.run("publish/clear_counts", counts)
    writing.append("state_count", store.exact.ask("standing/counts", counts))


def _everything_held(store: Store) -> Touched:
    held = _quarters(store.exact.ask("standing/noted_quarters"))
    blocks = (Block(held, every_borough()),) if held else ()
    change = Change(None, held, held)
    tables, areas = tables_reached(change, True), values_reached(change)
    return Touched(blocks, blocks, tables, areas, held)


def bring_up_to_date(store: Store) -> None:
    """Make a store that was just opened true: reference data, states, and the released copy.

    Repairs a publication or a release whose copy to the released store was cut off,
    and takes away what a step that was never committed left in the archive and in the store.
    Raises ArchiveAhead when the archive holds more than the store.
    """
    archive.settle(store)
    take_away_unnoted(store)
    expected = reference.reference_hash()
    exact = rows_of(store.exact.ask("store/version"))
    if not exact or exact[0]["reference_hash"] != expected:
        _load_reference(store, exact[0]["version"] if exact else 0, expected)
    exact = rows_of(store.exact.ask("store/version"))
    if rows_of(store.released.ask("store/version")) != exact:
        mirror(store, _everything_held(store))
    elif not _shows_what_was_released(store):
        show_releases(store, _quarters(store.exact.ask("standing/noted_quarters")))
    store.version = exact[0]["version"]


def _shows_what_was_released(store: Store) -> bool:
    return all(
        rows_of(store.released.ask(table)) == rows_of(store.exact.ask(table))
        for table in ("store/release", "store/release_event")
    )


def _load_reference(store: Store, version: int, expected: str) -> None:
    row = {"version": version, "reference_hash": expected, "changed_at": now_utc()}
    for database in (store.released, store.exact):
        with database.writing() as writing:
            for name, table in reference.reference_tables().items():
                writing.replace(name, table)
            if database is store.exact:
                writing.replace("store_version", pa.Table.from_pylist([row]))
                restate_everything(writing)
