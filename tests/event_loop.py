"""Runs a coroutine to its end from a test that is not one itself."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """What the coroutine returns, or raises, in an event loop of its own.

    In a thread of its own too: Playwright keeps a loop running in the thread of the tests that
    share its browser, and a thread has one loop at most.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
