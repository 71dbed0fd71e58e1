"""The WebSocket of a screen: it lives no longer than the session of the person before it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gapmap.gate.rate import Rate
from gapmap.gate.sessions import Ending, Session, Sessions

# "Policy violation" (RFC 6455, 7.4.1).
CLOSED_BY_POLICY = 1008
# So that a wait for the last moment of a session does not end just before it.
_A_MOMENT = 0.05
# Seconds; far more than it takes.
_TO_BE_TOLD = 1.0


class Stream:
    """One WebSocket connection of a session.

    Each message that comes in is held against the session, and the session's end closes the
    connection at once, also while nobody does anything: what is left on an unattended screen goes.
    `farewell` makes the last message, which leads the browser to the sign-in page.
    """

    def __init__(
        self,
        sessions: Sessions,
        session: Session,
        token: str,
        rate: Rate,
        farewell: Callable[[Ending], bytes],
    ) -> None:
        self._sessions = sessions
        self._session = session
        self._token = token
        self._rate = rate
        self._farewell = farewell
        self._how: Ending = "expired"
        self._over = asyncio.Event()
        self._accepted = False
        self._closed = False
        self._incoming: asyncio.Task[Message] | None = None

    async def run(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Run `app` on the connection until either of them ends."""
        loop = asyncio.get_running_loop()

        def told(how: Ending) -> None:
            # From whichever thread ended the session.
            loop.call_soon_threadsafe(self._end, how)

        async def receiving() -> Message:
            return await self._receive(receive, send)

        async def sending(message: Message) -> None:
            await self._send(message, send)

        stop_watching = self._sessions.watch(self._session, told)
        try:
            await app(scope, receiving, sending)
        finally:
            stop_watching()
            if self._incoming is not None:
                self._incoming.cancel()
                with suppress(asyncio.CancelledError):
                    await self._incoming

    async def _receive(self, receive: Receive, send: Send) -> Message:
        """The next message, or the end of the connection when the session's comes first."""
        if self._incoming is None and not self._closed:
            self._incoming = asyncio.create_task(_awaited(receive))
        if self._incoming is None or not await self._comes_in_time(self._incoming):
            await self._close(send)
            return {"type": "websocket.disconnect", "code": CLOSED_BY_POLICY}
        message, self._incoming = self._incoming.result(), None
        return message

    async def _send(self, message: Message, send: Send) -> None:
        # The app may not know yet that the connection is closed.
        if not self._closed:
            self._accepted = self._accepted or message["type"] == "websocket.accept"
            await send(message)

    def _end(self, how: Ending) -> None:
        self._how = how
        self._over.set()

    async def _comes_in_time(self, incoming: asyncio.Task[Message]) -> bool:
        """Wait for a message while the session lasts; False when that ends first."""
        over = asyncio.create_task(self._over.wait())
        try:
            while not self._over.is_set():
                session = self._sessions.check(self._token, active=False)
                if session is None:
                    return False
                left = self._sessions.left(session).total_seconds() + _A_MOMENT
                await asyncio.wait(
                    {incoming, over}, timeout=left, return_when=asyncio.FIRST_COMPLETED
                )
                if incoming.done() and not self._over.is_set():
                    return await self._may_pass(incoming.result())
            return False
        finally:
            over.cancel()

    async def _may_pass(self, message: Message) -> bool:
        """Hold a message against the session, and too many of them back."""
        if message["type"] != "websocket.receive":
            return True
        while wait := self._rate.wait_for(self._session.id):
            await asyncio.sleep(wait)
        return self._sessions.check(self._token) is not None

    async def _close(self, send: Send) -> None:
        if self._closed:
            return
        self._closed = True
        # Another thread may have ended the session and be about to tell how.
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), _TO_BE_TOLD)
        if self._accepted:
            await send({"type": "websocket.send", "bytes": self._farewell(self._how)})
        await send({"type": "websocket.close", "code": CLOSED_BY_POLICY})


async def _awaited(receive: Receive) -> Message:
    return await receive()
