"""Drawing from weights and shares: what several subjects do alike."""

from collections.abc import Mapping
from random import Random
from typing import TypeVar

T = TypeVar("T")


def pick(weights: Mapping[T, int], rng: Random) -> T:
    """Return one of the keys, each as likely as its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def within(low: float, value: float, high: float) -> float:
    """Return the value, or the bound that it passes."""
    return min(high, max(low, value))


def part_of(whole: int, share: float, rng: Random) -> int:
    """Return how many of `whole` have something that each has with this probability."""
    return sum(rng.random() < share for _ in range(whole))
