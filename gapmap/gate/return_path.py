"""Where somebody wanted to go before signing in: kept here until the provider sends them back."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlsplit

HOME = "/"
LONGEST = 2_000
MOST_HELD = 4_096
SECONDS_HELD = 600
# Printable ASCII without blanks and without the backslash, which browsers take for a slash.
_SAFE = re.compile(r"/[!-\[\]-~]*")
# No screen lies there; a way back to them would go in circles or show bare data.
_NO_SCREENS = re.compile(
    r"/(sign-in|sign-out|auth|oauth2callback|_stcore|media|static|component|geometry)(/|$)"
)


def safe_path(asked: str | None) -> str:
    """The path and query of this app that `asked` names; else "/".

    Only an address of one's own is taken: with a scheme, a host or anything that a browser might
    read as one, it would send people who have just signed in to somebody else's page.
    """
    if not asked or len(asked) > LONGEST or not _SAFE.fullmatch(asked) or asked.startswith("//"):
        return HOME
    address = urlsplit(asked)
    if address.scheme or address.netloc or "//" in address.path:
        return HOME
    if _NO_SCREENS.match(address.path):
        return HOME
    return f"{address.path}?{address.query}" if address.query else address.path


class ReturnPaths:
    """The paths of sign-ins under way, by the state that the provider hands back.

    At most 4,096 and for ten minutes: who is pushed out lands on the first page.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def keep(self, state: str, path: str) -> None:
        self._held[state] = (self._clock() + SECONDS_HELD, safe_path(path))
        while len(self._held) > MOST_HELD:
            self._held.popitem(last=False)

    def take(self, state: str | None) -> str:
        """The path, which is forgotten with that; "/" when there is none."""
        until, path = self._held.pop(state or "", (0.0, HOME))
        return path if until > self._clock() else HOME
