"""A screen without a browser: Streamlit's WebSocket as its page speaks it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socket import create_connection
from urllib.parse import urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.browser.conftest import Server
from tests.gate.rig import COOKIE

SECONDS = 30


def cookies_of(client: httpx.Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@contextmanager
def handshake(
    server: Server, cookies: str, origin: str | None = None, screen: str = ""
) -> Iterator[ClientConnection]:
    """A WebSocket. `origin`: the server's own when it is None, and none at all when it is ""."""
    offered = ["streamlit", "no-token", screen] if screen else ["streamlit"]
    with connect(
        server.url.replace("http://", "ws://") + "/_stcore/stream",
        origin=server.url if origin is None else (origin or None),  # type: ignore[arg-type]
        subprotocols=offered,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookies} if cookies else {},
        open_timeout=SECONDS,
        max_size=None,
        max_queue=None,  # or what is not read holds the connection's end up
        compression=None,
    ) as socket:
        yield socket


def answer_to_head(server: Server, request: str, headers: dict[str, str]) -> bytes:
    """What is answered to a request of which nothing but its head is ever sent."""
    address = urlsplit(server.url)
    lines = [f"{request} HTTP/1.1", f"Host: {address.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with create_connection((address.hostname, address.port), timeout=SECONDS) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        received = b""
        while part := connection.recv(65_536):  # until the server closes the connection
            received += part
    return received


@dataclass
class Screen:
    """A screen whose script has run. `id` is Streamlit's word for it."""

    socket: ClientConnection
    id: str

    def rerun(self) -> None:
        message = BackMsg()
        message.rerun_script.query_string = ""
        self.socket.send(message.SerializeToString())

    def next(self) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(self.socket.recv(timeout=SECONDS))
        return message

    def until(self, kind: str) -> ForwardMsg:
        """The next message of a kind; it fails when the connection ends or nothing more comes."""
        while True:
            message = self.next()
            if message.WhichOneof("type") == kind:
                return message


@contextmanager
def open_screen(server: Server, client: httpx.Client, screen: str = "") -> Iterator[Screen]:
    """A screen of the person that the client is, after its first run."""
    with handshake(server, f"{COOKIE}={client.cookies[COOKIE]}", screen=screen) as socket:
        opened = Screen(socket, "")
        opened.rerun()
        opened.id = opened.until("new_session").new_session.initialize.session_id
        opened.until("script_finished")
        yield opened
