"""Where the names beside dots go, so that they cover neither dots nor one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

LETTER_WIDTH: Final = 6.4  # pixels of a letter at 12 pixels, on average
LINE_HEIGHT: Final = 14.0
REACH: Final = 7.0  # from the middle of a dot to where its name begins

Box = tuple[float, float, float, float]  # left, top, right, bottom

# As plotly names them, the likelier to be read with its dot first: how far the name's box begins
# from the dot, in its own widths and heights.
_PLACES: Final = {
    "middle right": (0.0, -0.5),
    "middle left": (-1.0, -0.5),
    "top center": (-0.5, -1.0),
    "bottom center": (-0.5, 0.0),
    "top right": (0.0, -1.0),
    "bottom right": (0.0, 0.0),
    "top left": (-1.0, -1.0),
    "bottom left": (-1.0, 0.0),
}


def text_positions(
    dots: Sequence[tuple[float, float]],
    names: Sequence[str],
    others: Sequence[tuple[float, float]],
    width: float,
) -> list[str]:
    """A place for each dot's name, as plotly's `textposition`.

    `dots` and `others`, which bear no name, are in pixels from the top left of a plot of `width`
    pixels. Each name takes the first place that is free, else the one that covers least.
    """
    taken: list[Box] = [_around(dot) for dot in (*dots, *others)]
    found = []
    for (x, y), name in zip(dots, names, strict=True):
        boxes = {place: _box(place, x, y, len(name)) for place in _PLACES}
        best = min(boxes, key=lambda place: _cost(boxes[place], taken, width))
        taken.append(boxes[best])
        found.append(best)
    return found


def _around(dot: tuple[float, float]) -> Box:
    x, y = dot
    return x - 5, y - 5, x + 5, y + 5


def _box(place: str, x: float, y: float, letters: int) -> Box:
    across, down = _PLACES[place]
    wide = letters * LETTER_WIDTH
    left = x + across * wide + REACH * (2 * across + 1)
    top = y + down * LINE_HEIGHT + REACH * (2 * down + 1)
    return left, top, left + wide, top + LINE_HEIGHT


def _cost(box: Box, taken: Sequence[Box], width: float) -> float:
    """The area that is covered; what lies outside the plot would be cut off."""
    outside = max(0.0, -box[0]) + max(0.0, box[2] - width)
    return sum(_common(box, other) for other in taken) + 100 * outside


def _common(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, down)
