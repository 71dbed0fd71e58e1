"""One process owns the stores. While the app runs, the command line hands its work to it.

The owner listens on a loopback port of its own and leaves a handle beside the store: address and
token, readable by the owner of the files only. Nothing of it is reachable through the web port.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from gapmap.access import NotAllowed
from gapmap.intake.intake import UsageError
from gapmap.operations.noted import Note, note_done, note_nothing
from gapmap.operations.operations import COMMANDS
from gapmap.publishing.submission import NoSuchSubmission, Superseded
from gapmap.question import QuestionError
from gapmap.settings import Settings
from gapmap.stores.store import Store, StoreBusy, StoreDamaged, StoreFull, WriteConflict
from gapmap.stores.store_files import owner_handle

LOOPBACK = "127.0.0.1"
MISTAKES = (UsageError, QuestionError, NoSuchSubmission, NotAllowed, ValueError)
# Nobody's mistake, and worth another try.
HINDRANCES = (Superseded, StoreFull, StoreBusy, StoreDamaged, WriteConflict)


class OwnerFault(RuntimeError):
    """The running app failed at a command."""


@dataclass(frozen=True)
class Handle:
    """Where the owner listens, and the token that it wants."""

    port: int
    token: str


def handle_path(settings: Settings) -> Path:
    return owner_handle(settings.store)


def as_json(answer: Mapping[str, Any]) -> str:
    """An answer as JSON; dates as ISO text, decimals as numbers."""
    return json.dumps(answer, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return float(value)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 60  # seconds without a byte; a silent caller must not keep the app from closing

    def do_POST(self) -> None:
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            self._answer(401, {"message": "the token is wrong"})
            return
        command = self.path.removeprefix("/")
        if command not in COMMANDS:
            self._answer(404, {"message": f"there is no command {command!r}"})
            return
        arguments = json.loads(self.headers.get("X-Gapmap-Arguments", "{}"))
        content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._run(command, arguments, content)

    def _run(self, command: str, arguments: dict[str, Any], content: bytes) -> None:
        try:
            answer = COMMANDS[command](self.server.store, self.server.settings, arguments, content)
            note_done(self.server.note, command, arguments, answer)
            self._answer(200, answer)
        except MISTAKES as mistake:
            self._answer(400, {"message": str(mistake)})
        except HINDRANCES as hindrance:
            self._answer(409, {"message": str(hindrance)})
        except Exception as fault:  # noqa: BLE001 - told to the caller, who raises it again
            self._answer(500, {"message": f"{type(fault).__name__}: {fault}"})

    def _answer(self, status: int, answer: Mapping[str, Any]) -> None:
        body = as_json(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing is logged here: arguments may quote a file's name."""


class _Server(ThreadingHTTPServer):
    """A loopback server that carries what its handlers work on."""

    daemon_threads = False  # closing waits for the commands under way

    def __init__(self, store: Store, settings: Settings, token: str, note: Note) -> None:
        self.store, self.settings, self.token, self.note = store, settings, token, note
        super().__init__((LOOPBACK, 0), _Handler)


class Owner:
    """The loopback server of the process that has the stores open; `note` writes its audit log."""

    def __init__(self, store: Store, settings: Settings, note: Note = note_nothing) -> None:
        self._path = handle_path(settings)
        token = secrets.token_urlsafe(32)
        self._server = _Server(store, settings, token, note)
        self.handle = Handle(self._server.server_address[1], token)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        """Listen, and leave the handle."""
        self._thread.start()
        partial = self._path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        partial.write_text(json.dumps({"port": self.handle.port, "token": self.handle.token}))
        partial.replace(self._path)

    def stop(self) -> None:
        """Take the handle away and stop listening; a command under way is finished first."""
        self._path.unlink(missing_ok=True)
        self._server.shutdown()
        self._server.server_close()


def find(settings: Settings) -> Handle | None:
    """The handle that a running app left, if there is one that can be read."""
    try:
        left = json.loads(handle_path(settings).read_text())
        return Handle(int(left["port"]), str(left["token"]))
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def hand_over(
    handle: Handle, command: str, arguments: Mapping[str, Any], content: bytes
) -> dict[str, Any] | None:
    """Let the owner do a command; None when nobody listens any more (the handle is stale).

    Raises UsageError with the owner's words on a mistake, OwnerFault when the owner failed or
    something else listens there.
    """
    connection = HTTPConnection(LOOPBACK, handle.port, timeout=600)
    headers = {
        "Authorization": f"Bearer {handle.token}",
        "X-Gapmap-Arguments": json.dumps(dict(arguments)),
    }
    try:
        connection.request("POST", f"/{command}", body=content, headers=headers)
        response = connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
    except ConnectionRefusedError:
        return None
    except (HTTPException, OSError, ValueError) as fault:
        raise OwnerFault(f"the running app did not answer: {fault}") from fault
    finally:
        connection.close()
    if response.status == 400:
        raise UsageError(answer["message"])
    if response.status != 200:
        raise OwnerFault(answer["message"])
    return answer
