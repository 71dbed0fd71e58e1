"""Which row of a file is its heading: titles may stand above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gapmap.contract import Contract, folded
from gapmap.issue import Issue

# A heading further down than this is not looked for.
ROWS_LOOKED_AT = 50
_SEVERAL = 3


@dataclass(frozen=True)
class Heading:
    """The heading's index among the rows looked at, and how many headings in it were expected."""

    index: int
    matches: int


def expected_headings(contract: Contract) -> frozenset[str]:
    """Every heading, folded, that a file of this contract may have."""
    names = [name for field in contract.fields for name in (field.name, *field.aliases)]
    if contract.wide:
        wide = contract.wide
        ranked = [
            pattern.format(rank=rank)
            for pattern in (wide.neighbour, wide.closeness)
            for rank in range(1, wide.ranks + 1)
        ]
        names += [wide.id, *ranked]
    return frozenset(folded(name) for name in names)


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a row holds nothing, or separators of another kind alone."""
    return not any(cell.strip(" \t,;\u00a0\r\n") for cell in cells)


def find_heading(rows: Sequence[Sequence[str]], expected: frozenset[str]) -> Heading | None:
    """The first row with the most expected headings (folded); without any, the first with content.

    A row further down needs several, or half of its cells: one or two of a survey's answers may
    read like headings. None when every row is blank.
    """
    found: Heading | None = None
    for index, cells in enumerate(rows):
        if is_blank(cells):
            continue
        matches = len({folded(cell) for cell in cells} & expected)
        enough = min(_SEVERAL, (sum(bool(cell.strip()) for cell in cells) + 1) // 2)
        if found is None or (matches > found.matches and matches >= enough):
            found = Heading(index, matches)
    return found


def titles_above(
    rows: Sequence[Sequence[str]], heading: Heading, first_row: int = 1
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The rows with content above the heading: the row of the file and its cells.

    `first_row`: the row of the file that `rows` begins with.
    """
    above = enumerate(rows[: heading.index], start=first_row)
    return tuple((row, tuple(cells)) for row, cells in above if not is_blank(cells))


def title_rows_skipped(titles: int, header_row: int, sheet: str | None) -> Issue:
    """The warning that `titles` rows above the heading were not read. It quotes none of them."""
    rows = "1 row" if titles == 1 else f"{titles} rows"
    return Issue(
        "warning",
        "title_rows_skipped",
        f"{rows} with text above the heading in row {header_row} "
        f"{'was' if titles == 1 else 'were'} not read",
        f"Check that row {header_row} is the heading; or delete the rows above it.",
        sheet=sheet,
        row=header_row,
    )
