"""Control limits of a funnel plot: how far a share strays by chance alone, for each size.

Source: D. J. Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in
Medicine 24 (2005), 1185-1202, doi:10.1002/sim.1970. The limits are those of the exact binomial
distribution about the target, interpolated between whole numbers as in its appendix A.1.1, and not
the normal approximation, which is poor for shares near 0 or 1 of few schools. The upper limit is
the lower one of the schools that do not meet it: a plot of the gaps is the mirror of this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import erfc, exp, lgamma, log, log1p, sqrt
from typing import Literal

SOURCE = "Spiegelhalter (2005), doi:10.1002/sim.1970; exact binomial limits"
Place = Literal["above 3 sigma", "above 2 sigma", "inside", "below 2 sigma", "below 3 sigma"]


@dataclass(frozen=True)
class Limits:
    """Shares (0 to 1) at a size `n`: by chance 95.4% lie within 2 sigma, 99.7% within 3 sigma."""

    n: int
    low_3: float
    low_2: float
    high_2: float
    high_3: float


def tail(sigmas: float) -> float:
    """The probability beyond so many standard deviations of a normal distribution, on one side."""
    return erfc(sigmas / sqrt(2)) / 2


def limits(target: float, n: int) -> Limits:
    """The limits of a share out of `n` schools where each meets it with probability `target`.

    Raises ValueError where the target is no share or n is less than 1.
    """
    if not 0 <= target <= 1 or n < 1:
        raise ValueError(f"no share of {n} schools about {target}")
    return Limits(
        n,
        low_3=_lower(target, n, tail(3)),
        low_2=_lower(target, n, tail(2)),
        high_2=1 - _lower(1 - target, n, tail(2)),
        high_3=1 - _lower(1 - target, n, tail(3)),
    )


@lru_cache(maxsize=4096)
def _lower(target: float, n: int, probability: float) -> float:
    """The share below which lies `probability` of the binomial distribution; 0 where none can."""
    if target in (0.0, 1.0):
        return target
    below = 0.0
    for met in range(n + 1):
        here = exp(_log_probability(target, n, met))
        if below + here >= probability:
            return max(0.0, met - (below + here - probability) / here) / n
        below += here
    raise AssertionError("a distribution sums to less than its tail")  # pragma: no cover


def _log_probability(target: float, n: int, met: int) -> float:
    ways = lgamma(n + 1) - lgamma(met + 1) - lgamma(n - met + 1)
    return ways + met * log(target) + (n - met) * log1p(-target)


def place(met: int, n: int, target: float) -> Place:
    """Where `met` of `n` schools lies; on a limit is inside. Raises ValueError as `limits`."""
    held, share = limits(target, n), met / n
    if share > held.high_2:
        return "above 3 sigma" if share > held.high_3 else "above 2 sigma"
    if share < held.low_2:
        return "below 3 sigma" if share < held.low_3 else "below 2 sigma"
    return "inside"


def curve(target: float, largest: int, steps: int = 60) -> Sequence[Limits]:
    """The limits at about `steps` sizes from 1 to `largest`, denser where they bend."""
    if largest < 1:
        return []
    sizes = {round(1 + (largest - 1) * (step / steps) ** 2) for step in range(steps + 1)}
    return [limits(target, n) for n in sorted(sizes)]


def outside_by_chance(areas: int, sigmas: float = 2) -> float:
    """How many of so many areas lie beyond the limits, on either side, though nothing differs."""
    return areas * 2 * tail(sigmas)
