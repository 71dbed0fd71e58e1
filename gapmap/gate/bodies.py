"""How much a request may bring: counted as the bytes arrive, whatever its headers say."""

from __future__ import annotations

from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gapmap.gate.headers import plain

# What a multipart body has besides the file: boundaries, headers, the file's name.
OVERHEAD_BYTES = 64 * 1024
# Everything that is not an upload brings next to nothing.
OTHER_BYTES = 64 * 1024
UPLOADS = "/_stcore/upload_file/"
TOO_LARGE = "The file is larger than may be uploaded."


class TooLarge(Exception):
    """More bytes have come than the request may bring."""


def most_of(path: str, most_bytes: int) -> int:
    """How many bytes a request for a path may bring, where a file may have `most_bytes`."""
    return most_bytes + OVERHEAD_BYTES if path.startswith(UPLOADS) else OTHER_BYTES


async def bounded(app: ASGIApp, scope: Scope, receive: Receive, send: Send, most: int) -> bool:
    """Run `app` on a request of at most `most` bytes; a larger one is answered with 413.

    False when it was too large. Nothing more of it is read: the connection is closed.
    """
    declared = Headers(scope=scope).get("content-length", "0")
    if declared.isdecimal() and int(declared) > most:
        await plain(TOO_LARGE, 413, Connection="close")(scope, receive, send)
        return False
    arrived, answered = 0, False

    async def counting() -> Message:
        nonlocal arrived
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > most:
            raise TooLarge
        return message

    async def sending(message: Message) -> None:
        nonlocal answered
        # An app that catches what is raised would answer something of its own.
        if arrived <= most:
            answered = True
            await send(message)

    with suppress(TooLarge):
        await app(scope, counting, sending)
    if arrived > most and not answered:
        await plain(TOO_LARGE, 413, Connection="close")(scope, receive, send)
    return arrived <= most
