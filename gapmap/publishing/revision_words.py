"""A preview in plain values and in lines of text, for the command line; its words for screens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gapmap.indicator import definitions
from gapmap.reference import reference

if TYPE_CHECKING:
    from gapmap.publishing.moves import Move
    from gapmap.publishing.revision import PairChange, Preview

_LINES = 20
WHY_IS_KEPT = "Old, new and why are shown with the submission; it is never called an improvement."


def day_in_words(day: Any) -> str:
    """1 July 2026."""
    return f"{day.day} {day:%B %Y}"


def late_in_words(pair: PairChange) -> str:
    """What a late revision changes, and since when that was final."""
    changes = _counted(
        {"changed": pair.count.changed, "gone": pair.count.gone, "added": pair.count.added}
    )
    if pair.replaced_nil != pair.nil_return:
        changes = "a nil return becomes rows" if pair.replaced_nil else "it becomes a nil return"
    if not pair.told:
        changes = "by how much, the borough's own lead is told"
    assert pair.final_since is not None
    return (
        f"it revises what stood for {pair.quarter}, {reference.borough_name(pair.borough_code)}, "
        f"which was final from {day_in_words(pair.final_since)} on: {changes}"
    )


def _counted(numbers: Mapping[str, int]) -> str:
    """3 rows changed, 1 gone."""
    told = [f"{number:,} {word}" for word, number in numbers.items() if number]
    if not told:
        return "no row differs"
    first, *rest = told
    number, word = first.split(" ", 1)
    return ", ".join([f"{number} row{'' if number == '1' else 's'} {word}", *rest])


def moves_in_words(moves: Iterable[Move]) -> list[dict[str, str]]:
    """Moves as they are told: by quarter and indicator, e.g. "3 gap → met, 1 met → gap"."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    for move in moves:
        told = counted.setdefault((move.quarter, move.indicator), Counter())
        told[_move(move)] += move.schools
    return [
        {
            "quarter": quarter,
            "indicator": definitions()[indicator].title,
            "schools": ", ".join(f"{number:,} {words}" for words, number in told.most_common()),
        }
        for (quarter, indicator), told in sorted(counted.items())
    ]


def _move(move: Move) -> str:
    before, after = (state and state.replace("_", " ") for state in (move.before, move.after))
    if before is None:
        return f"come in as {after}"
    return f"leave, were {before}" if after is None else f"{before} → {after}"


# --- for the command line ------------------------------------------------------------------------


def as_answer(preview: Preview) -> dict[str, Any]:
    """A preview as it goes into JSON."""
    return {
        "pairs": [_pair(pair) for pair in preview.pairs],
        "changed_rows": [asdict(row) for row in preview.changed_rows],
        "changed_in_all": preview.changed_in_all,
        "dropping_out": [dict(school) for school in preview.dropping_out],
        "moves": [asdict(move) for move in preview.moves],
        "moves_in_words": moves_in_words(preview.moves),
        "fresh_quarters": list(preview.fresh_quarters),
    }


def _pair(pair: PairChange) -> dict[str, Any]:
    return {
        **asdict(pair),
        "borough": reference.borough_name(pair.borough_code),
        "revises": pair.revises,
        "late": pair.late,
        "late_in_words": late_in_words(pair) if pair.late else None,
    }


def told(answer: Mapping[str, Any]) -> list[str]:
    """The lines of text of a preview that `as_answer` made: at most 20 of each kind."""
    return [
        *_some([_told_pair(pair) for pair in answer["pairs"]], len(answer["pairs"])),
        *_some([_told_row(row) for row in answer["changed_rows"]], answer["changed_in_all"]),
        *_some([_told_school(s) for s in answer["dropping_out"]], len(answer["dropping_out"])),
        *(f"{quarter} is held for the first time" for quarter in answer["fresh_quarters"]),
        *(f"{m['quarter']}, {m['indicator']}: {m['schools']}" for m in answer["moves_in_words"]),
    ]


def _some(lines: list[str], in_all: int) -> Iterator[str]:
    yield from lines[:_LINES]
    if in_all > _LINES:
        yield f"... {in_all:,} in all; --json lists more"


def _told_pair(pair: Mapping[str, Any]) -> str:
    head = f"{pair['quarter']}, {pair['borough']}: "
    if pair["replaces"] is None:
        what = "nil return" if pair["nil_return"] else f"{pair['rows']:,} rows"
        return f"{head}{what}; nothing stood"
    counts = pair["count"]
    told_counts = ", ".join(
        f"{counts[word]:,} {word}" for word in ("added", "changed", "unchanged", "gone")
    )
    carried = f", {pair['carried']:,} of them carried over" if pair["carried"] else ""
    return (
        f"{head}{pair['rows']:,} rows{carried} ({told_counts}), replacing {pair['replaces']} "
        f"by {pair['replaced_by']}"
    )


def _told_row(row: Mapping[str, Any]) -> str:
    key = " ".join(str(value) for value in row["key"].values() if value is not None)
    cells = "; ".join(
        f"{column} {_shown(old)} → {_shown(new)}" for column, (old, new) in row["cells"].items()
    )
    borough = reference.borough_name(row["borough_code"])
    return f"{row['quarter']}, {borough}, {key}: {cells}".replace(", :", ":")


def _shown(value: Any) -> str:
    return "blank" if value is None else str(value)


def _told_school(school: Mapping[str, Any]) -> str:
    return f"{school['quarter']}: {school['urn']} {school['school_name'] or ''} drops out".strip()
