"""Who is at work in a store: let through, counted, and held back while its files are handled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

Work = Literal["reading", "writing"]
EVERYONE: tuple[Work, ...] = ("reading", "writing")
PATIENCE = 60.0  # seconds
_HELD = "the store is being copied or replaced; try again in a minute"


class StoreBusy(RuntimeError):
    """Another process has the store open, or its files are being handled."""


class Turnstile:
    """Counts those inside by kind of work. A thread inside passes again without waiting.

    `patience`: seconds that anyone waits.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._condition = threading.Condition()
        self._inside: dict[Work, int] = dict.fromkeys(EVERYONE, 0)
        self._held: tuple[Work, ...] = ()
        self._mine = threading.local()

    @contextmanager
    def passing(self, work: Work) -> Iterator[None]:
        """Be inside. Raises StoreBusy where the turnstile is held for too long."""
        with self._condition:
            if not self._depth and not self._wait(lambda: work not in self._held):
                raise StoreBusy(_HELD)
            self._inside[work] += 1
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            with self._condition:
                self._inside[work] -= 1
                self._condition.notify_all()

    @contextmanager
    def held(self, *works: Work) -> Iterator[None]:
        """Let nobody in for these kinds of work, and have those inside leave first.

        Raises StoreBusy when they do not leave, or another thread holds it.
        """
        with self._condition:
            if not self._wait(lambda: not self._held):
                raise StoreBusy(_HELD)
            self._held = works
            left = self._wait(lambda: not any(self._inside[work] for work in works))
            if not left:
                self._let_in()
                raise StoreBusy("others are still at work in the store; nothing was changed")
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            with self._condition:
                self._let_in()

    def _let_in(self) -> None:
        self._held = ()
        self._condition.notify_all()

    def _wait(self, until: Callable[[], bool]) -> bool:
        return self._condition.wait_for(until, self._patience)

    @property
    def _depth(self) -> int:
        """How many times this thread is inside."""
        return getattr(self._mine, "depth", 0)

    @_depth.setter
    def _depth(self, depth: int) -> None:
        self._mine.depth = depth
