"""The colours of the screens, all in one place; no meaning rests on a colour alone.

Sources: states from Okabe and Ito, "Color Universal Design" (2008); classes from ColorBrewer's
"Blues" (Brewer, Harrower, Penn State), moved to even steps of CIE lightness. Blue against orange is
kept apart by people with protanopia and deuteranopia, where red against green is not.
"""

from __future__ import annotations

from typing import Final, Literal

State = Literal["met", "gap", "unknown", "not applicable"]

# In the order in which legends and tables name them.
STATES: Final[tuple[State, ...]] = ("met", "gap", "unknown", "not applicable")

# Marks on white: contrast of 3:1 or more (WCAG 2.2, 1.4.11).
STATE_COLOURS: Final[dict[State, str]] = {
    "met": "#0072b2",
    "gap": "#d55e00",
    "unknown": "#5c5c5c",
    "not applicable": "#949494",
}

# The same states as words on white: 4.5:1 or more (WCAG 2.2, 1.4.3).
STATE_TEXT_COLOURS: Final[dict[State, str]] = {
    "met": "#00568a",
    "gap": "#a84300",
    "unknown": "#4d4d4d",
    "not applicable": "#6b6b6b",
}

# Lightness 86, 70, 54, 38, 20: five steps that a weak projector still separates. The palest are
# below 3:1 against white, so an area is always drawn with BOUNDARY around it.
SEQUENTIAL: Final[tuple[str, ...]] = ("#c4daee", "#74b3d8", "#3987c0", "#125aa3", "#08306b")

# Small text on SEQUENTIAL: 4.5:1 or more; on the middle one only black is.
ON_SEQUENTIAL: Final[tuple[str, ...]] = ("#1b1f24", "#1b1f24", "#000000", "#ffffff", "#ffffff")

# Areas chosen to be compared, on white: 3:1 or more, and apart with every colour blindness.
CHOSEN: Final[tuple[str, ...]] = ("#0072b2", "#d55e00", "#009e73", "#8b3a8b", "#6b4f00")
# What they are seen against: every other borough.
OTHERS: Final = "#c9cdd2"

# Areas without a place on the scale: greys, which no colour of SEQUENTIAL turns into.
UNKNOWN_FILL: Final = "#dedede"
UNKNOWN_HATCH: Final = "#5c5c5c"
NOT_RANKED_FILL: Final = "#bcbcbc"
WITHHELD_FILL: Final = "#9a9a9a"

# Cells of who has sent what: fill, and the text on it at 4.5:1 or more. What is to be sent stands
# out; what came is pale; each cell says its state in words too.
ReturnState = Literal[
    "missing",
    "overdue",
    "withdrawn",
    "offered",
    "late",
    "published",
    "provisional",
    "nil return",
    "still counts",
    "not yet due",
    "not asked",
]
RETURN_COLOURS: Final[dict[ReturnState, tuple[str, str]]] = {
    "overdue": ("#a84300", "#ffffff"),
    "missing": ("#fde3cf", "#8a3700"),
    "withdrawn": ("#4d4d4d", "#ffffff"),
    "offered": ("#ffffff", "#8a3700"),
    "late": ("#f8dc8c", "#1b1f24"),
    "published": ("#c4daee", "#1b1f24"),
    "provisional": ("#e3eef7", "#00568a"),
    "nil return": ("#c4daee", "#1b1f24"),
    "still counts": ("#f4f5f6", "#4d4d4d"),
    "not yet due": ("#ffffff", "#4d4d4d"),
    "not asked": ("#ffffff", "#6b6b6b"),
}

TEXT: Final = "#1b1f24"
MUTED_TEXT: Final = "#5c5c5c"
BACKGROUND: Final = "#ffffff"
BOUNDARY: Final = "#6b6b6b"
# The place that is looked at, and a place under the pointer.
SELECTED: Final = "#1b1f24"
HOVERED: Final = "#d55e00"
# Land around the borough on a map of schools; not a mark, so held back on purpose.
BACKDROP_FILL: Final = "#f4f5f6"
BACKDROP_BOUNDARY: Final = "#c9cdd2"


def rgb(colour: str) -> list[int]:
    """`#rrggbb` as [red, green, blue], 0–255 each, the form that deck.gl takes."""
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
