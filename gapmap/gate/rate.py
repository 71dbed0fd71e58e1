"""How many requests one session, or one address that has none yet, may send."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

# A first screen asks for some 100 files at once; the limit is far above what a person does.
A_SECOND = 40.0
AT_ONCE = 400.0
# Every begun sign-in asks the provider something. A whole office may come from one address.
SIGN_INS_A_SECOND = 10.0
SIGN_INS_AT_ONCE = 300.0
MOST_HELD = 10_000


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class Rate:
    """A token bucket per key: `at_once` requests, and `a_second` more each second."""

    def __init__(
        self, a_second: float, at_once: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_for(self, key: str) -> float:
        """Seconds until `key` may send another request: 0 takes a token, more takes none."""
        now = self._clock()
        bucket = self._buckets.pop(key, None) or _Bucket(self._at_once, now)
        self._buckets[key] = bucket  # the latest last, so that the stalest are dropped
        while len(self._buckets) > MOST_HELD:
            self._buckets.popitem(last=False)
        filled = bucket.tokens + (now - bucket.filled_at) * self._a_second
        bucket.tokens, bucket.filled_at = min(self._at_once, filled), now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self._a_second
        bucket.tokens -= 1
        return 0.0
