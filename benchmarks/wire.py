"""The bytes on the wire: a relay on loopback between the browser and the server that counts them.

The browser's own tools tell a WebSocket's messages as they are before compression.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 65_536


class Wire:
    """Bytes that went either way since `start_again`, and the address of the relay."""

    def __init__(self) -> None:
        self.url = ""
        self.bytes = 0

    def start_again(self) -> None:
        self.bytes = 0


@contextmanager
def counted(url: str) -> Iterator[Wire]:
    """A relay to `url`, http on loopback, as long as the block lasts."""
    wire, ready = Wire(), threading.Event()
    loop, ended = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(
        target=loop.run_until_complete, args=[_relay(url, wire, ready, ended)]
    )
    thread.start()
    ready.wait()
    try:
        yield wire
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


async def _relay(url: str, wire: Wire, ready: threading.Event, ended: asyncio.Event) -> None:
    server = urlsplit(url)
    passing: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection(server.hostname, server.port)
        for task in (_pass_on(reader, ours, wire), _pass_on(theirs, writer, wire)):
            passing.add(asyncio.ensure_future(task))

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as listening:
        wire.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        ready.set()
        await ended.wait()
    for task in passing:
        task.cancel()
    await asyncio.gather(*passing, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire) -> None:
    try:
        with suppress(ConnectionError):
            while content := await reader.read(CHUNK):
                wire.bytes += len(content)
                writer.write(content)
                await writer.drain()
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
