"""How much one session may have on the way in: files are held in memory until they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Somebody replaces a file while another waits in a second window.
LARGEST_FILES_HELD = 2
AT_ONCE = 2


class Uploads:
    """Counts the files of a session: those under way, and the bytes that its screens hold.

    `held`: the bytes of files that a screen holds. `most_bytes`: of one file. A session holds at
    most as much as `LARGEST_FILES_HELD` of the largest files, and what was under way by then.
    """

    def __init__(self, held: Callable[[str], int], most_bytes: int) -> None:
        self._held = held
        self._most_bytes = most_bytes
        self._under_way: Counter[str] = Counter()

    def too_many(self, session_id: str, screens: list[str]) -> bool:
        """Whether the session may not send another file now."""
        held = sum(self._held(screen) for screen in screens)
        full = held >= LARGEST_FILES_HELD * self._most_bytes
        return full or self._under_way[session_id] >= AT_ONCE

    @contextmanager
    def under_way(self, session_id: str) -> Iterator[None]:
        """While a file comes."""
        self._under_way[session_id] += 1
        try:
            yield
        finally:
            self._under_way[session_id] -= 1
            if not self._under_way[session_id]:
                del self._under_way[session_id]
