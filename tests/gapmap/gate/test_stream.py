"""A screen's connection ends with its session: by a message, by time, and while it waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from starlette.types import Message, Receive, Scope, Send

from gapmap.gate.identity import Identity
from gapmap.gate.rate import Rate
from gapmap.gate.sessions import LONGEST, Ending, Sessions
from gapmap.gate.stream import Stream
from tests import event_loop

ADA = Identity("https://id.example.org", "ada", "Ada")
CONNECT = {"type": "websocket.connect"}
RERUN = {"type": "websocket.receive", "bytes": b"rerun"}


class Connection:
    """Both sides of a WebSocket: what the browser sends, what it is sent, what the app takes."""

    def __init__(self, sessions: Sessions, rate: Rate | None = None, token: str = "") -> None:
        self.token = token or sessions.begin(ADA)
        session = sessions.check(self.token)
        assert session is not None
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        self.sent: list[Message] = []
        self.taken: list[bytes] = []
        self.took = asyncio.Event()
        self.stream = Stream(
            sessions, session, self.token, rate or Rate(100, 100), lambda how: how.encode()
        )
        self.running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        async def send(message: Message) -> None:
            self.sent.append(message)

        await self.stream.run(self._app, {"type": "websocket"}, self.incoming.get, send)

    async def _app(self, _: Scope, receive: Receive, send: Send) -> None:
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.taken.append(message["bytes"])
            self.took.set()
        # What the app sends after the end goes nowhere.
        await send({"type": "websocket.send", "bytes": b"too late"})

    async def say(self, message: Message) -> None:
        self.took.clear()
        await self.incoming.put(message)

    def ended(self) -> list[tuple[str, object]]:
        """What was sent after the connection was accepted."""
        return [
            (message["type"], message.get("bytes") or message.get("code"))
            for message in self.sent[1:]
        ]


def drive(test: Callable[[Sessions], Awaitable[None]], sessions: Sessions | None = None) -> None:
    async def driven() -> None:
        await asyncio.wait_for(test(sessions or Sessions()), timeout=30)

    event_loop.run(driven())


def farewell(how: str) -> list[tuple[str, object]]:
    return [("websocket.send", how.encode()), ("websocket.close", 1008)]


def test_messages_pass_while_the_session_lasts() -> None:
    async def test(sessions: Sessions) -> None:
        connection = Connection(sessions)
        await connection.say(CONNECT)
        for _ in range(3):
            await connection.say(RERUN)
            await connection.took.wait()
        await connection.say({"type": "websocket.disconnect", "code": 1000})
        await connection.running
        assert connection.taken == [b"rerun"] * 3
        assert connection.ended() == [("websocket.send", b"too late")]

    drive(test)


def test_revoking_closes_a_connection_that_waits() -> None:
    async def test(sessions: Sessions) -> None:
        connection = Connection(sessions)
        await connection.say(CONNECT)
        await connection.say(RERUN)
        await connection.took.wait()
        # From another thread, as a screen of an administrator does.
        assert await asyncio.to_thread(sessions.revoke, ADA.key) == 1
        await connection.running
        assert connection.ended() == farewell("revoked")

    drive(test)


def test_how_it_ended_is_told_though_the_end_is_seen_first() -> None:
    async def test(sessions: Sessions) -> None:
        token = sessions.begin(ADA)
        session = sessions.check(token)
        assert session is not None
        ended, go_on = threading.Event(), threading.Event()

        def held_up(_: Ending) -> None:
            ended.set()
            go_on.wait(timeout=20)

        sessions.watch(session, held_up)  # told before the connection is
        connection = Connection(sessions, token=token)
        await connection.say(CONNECT)
        await connection.say(RERUN)
        await connection.took.wait()
        revoking = asyncio.create_task(asyncio.to_thread(sessions.revoke, ADA.key))
        await asyncio.to_thread(ended.wait, 20)
        await connection.say(RERUN)
        for _ in range(50):
            await asyncio.sleep(0)
        go_on.set()
        await revoking
        await connection.running
        assert connection.taken == [b"rerun"]
        assert connection.ended() == farewell("revoked")

    drive(test)


def test_signing_out_closes_it() -> None:
    async def test(sessions: Sessions) -> None:
        connection = Connection(sessions)
        await connection.say(CONNECT)
        await connection.say(RERUN)
        await connection.took.wait()
        sessions.end(connection.token)
        await connection.running
        assert connection.ended() == farewell("signed-out")

    drive(test)


def test_a_message_after_the_end_does_not_reach_the_app() -> None:
    now = [datetime(2026, 11, 24, tzinfo=UTC)]

    async def test(sessions: Sessions) -> None:
        connection = Connection(sessions)
        await connection.say(CONNECT)
        await connection.say(RERUN)
        await connection.took.wait()
        now[0] += timedelta(minutes=15)
        await connection.say(RERUN)
        await connection.running
        assert connection.taken == [b"rerun"]
        assert connection.ended() == farewell("expired")

    drive(test, Sessions(lambda: now[0]))


def test_time_alone_closes_it() -> None:
    """Nothing comes in any more, and the session's last moment is a quarter of a second away."""
    offset = LONGEST - timedelta(seconds=0.25)
    moved = [timedelta()]

    async def test(sessions: Sessions) -> None:
        token = sessions.begin(ADA)
        for _ in range(48):  # something is done every ten minutes, until the eight hours are over
            moved[0] = min(moved[0] + timedelta(minutes=10), offset)
            sessions.check(token)
        connection = Connection(sessions, token=token)
        await connection.say(CONNECT)
        await connection.running
        assert connection.ended() == farewell("expired")

    drive(test, Sessions(lambda: datetime.now(UTC) + moved[0]))


def test_what_is_done_on_the_screen_keeps_the_session() -> None:
    now = [datetime(2026, 11, 24, tzinfo=UTC)]

    async def test(sessions: Sessions) -> None:
        connection = Connection(sessions)
        await connection.say(CONNECT)
        for _ in range(3):
            now[0] += timedelta(minutes=10)
            await connection.say(RERUN)
            await connection.took.wait()
        assert sessions.check(connection.token, active=False)
        sessions.end(connection.token)
        await connection.running

    drive(test, Sessions(lambda: now[0]))


def test_too_many_messages_are_held_back_and_none_is_lost() -> None:
    async def test(sessions: Sessions) -> None:
        connection = Connection(sessions, Rate(a_second=200, at_once=2))
        await connection.say(CONNECT)
        for _ in range(6):
            await connection.say(RERUN)
        while len(connection.taken) < 6:
            connection.took.clear()
            await connection.took.wait()
        sessions.end(connection.token)
        await connection.running

    drive(test)
