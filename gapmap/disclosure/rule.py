"""The rule for one cell, and what a released cell tells of the count behind it.

1 to `threshold` is withheld (primary); every other count goes to the nearest `base`; 0 is 0. A cell
is `withheld` where it protects another, and `sticky` where an earlier release of the quarter hid
it.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

SHOWN, PRIMARY, WITHHELD, STICKY = "shown", "primary", "withheld", "sticky"
MARKER = "c"


class Rule(NamedTuple):
    """`threshold`: the largest count that is always hidden; `base`: what others are rounded to."""

    threshold: int
    base: int

    def check(self) -> None:
        """Raises ValueError where the least count that is shown would be shown as 0."""
        if self.threshold < 1 or self.base < 1 or self.rounded(self.threshold + 1) == 0:
            raise ValueError(
                f"threshold {self.threshold} and base {self.base} do not go together: "
                f"{self.threshold + 1} would be shown as 0; raise the threshold or lower the base"
            )

    def rounded(self, count: int) -> int:
        """A count at the nearest `base`."""
        return (count + self.base // 2) // self.base * self.base

    def status(self, count: int) -> str:
        """What becomes of a count by itself. Raises ValueError below 0."""
        if count < 0:
            raise ValueError(f"a count cannot be {count}")
        return PRIMARY if 1 <= count <= self.threshold else SHOWN

    def window(self, count: int, status: str) -> tuple[float, float]:
        """The least and the largest count that a released cell can stand for."""
        if status == PRIMARY:
            return 1, self.threshold
        if status != SHOWN:
            return 0, inf
        if count == 0:
            return 0, 0
        low = self.rounded(count) - self.base // 2
        return max(low, self.threshold + 1), low + self.base - 1
