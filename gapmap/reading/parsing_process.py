"""Workbooks are parsed in a process of their own, which may die of them: the server's side.

What the process does, and within which limits, is in gapmap.reading.workbook_worker. Arrow is
imported only when the answer is there, so that a process can be begun before anything else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from gapmap.issue import Issue
from gapmap.reading.refusal import Unreadable, refused
from gapmap.reading.workbook_worker import (
    KEY,
    MOST_CPU_SECONDS,
    MOST_MEMORY_MB,
    OUT_OF_MEMORY,
    PARSER_PANICKED,
)
from gapmap.settings import ROOT

if TYPE_CHECKING:
    import pyarrow as pa

    from gapmap.reading.text_table import TextTable

MOST_SECONDS = 90
# Two cores parse two workbooks; a third waits rather than take the memory of a third.
MOST_AT_ONCE = 2

_slots = threading.BoundedSemaphore(MOST_AT_ONCE)
_begun: list[ApartReading] = []


class ApartReading:
    """One workbook that a process of its own reads, from the moment on that this is made.

    The process is killed when its time is over, and by `close`. Waits for its turn where
    MOST_AT_ONCE others are at work. Raises OSError when no process can be started.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        _slots.acquire()
        try:
            self._process = _started()
        except BaseException:
            _slots.release()
            raise
        self._watch = threading.Timer(MOST_SECONDS, self._process.kill)
        self._watch.daemon = True
        self._watch.start()
        self._feeding = threading.Thread(target=self._feed, daemon=True)
        self._feeding.start()

    def _feed(self) -> None:
        asked = _pipe(self._process.stdin)
        try:
            asked.write(b"%d\n" % len(self.content))
            asked.write(self.content)
            asked.flush()
        except (BrokenPipeError, ValueError):
            return  # the process ended, or was closed, before it had read everything

    def table(self, expected: frozenset[str]) -> TextTable:
        """The answer, where these headings may be expected. Raises as `read_workbook_apart`."""
        answer = self._answer(expected)
        status = self._process.wait()
        if answer is None:
            raise _failure(status)
        return _as_text_table(answer)

    def _answer(self, expected: frozenset[str]) -> pa.Table | None:
        """The process's answer; None when it ended without one."""
        import pyarrow as pa

        self._feeding.join()
        asked = _pipe(self._process.stdin)
        # A refusal needs no headings: the process that makes one may have answered and be gone.
        with suppress(BrokenPipeError):
            asked.write(json.dumps(sorted(expected)).encode() + b"\n")
            asked.close()
        try:
            with pa.ipc.open_stream(_pipe(self._process.stdout)) as stream:
                table = stream.read_all()
        except (pa.ArrowInvalid, OSError):
            return None
        table.validate(full=True)
        return table

    def close(self) -> None:
        """End the process, whatever it is at."""
        self._watch.cancel()
        self._process.kill()
        self._process.wait()
        self._feeding.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close(pipe)
        _slots.release()


def read_workbook_apart(content: bytes, expected: frozenset[str] = frozenset()) -> TextTable:
    """What workbook.read_workbook makes of a workbook, read in a process within limits.

    Raises Unreadable as that does, and with `too_complex` when the process went past MOST_MEMORY_MB
    of memory, MOST_CPU_SECONDS of computing or MOST_SECONDS of waiting; RuntimeError when it failed
    by a fault of ours, OSError when it could not be started.
    """
    reading = _begun.pop() if _begun and _begun[-1].content == content else ApartReading(content)
    try:
        return reading.table(expected)
    finally:
        reading.close()


def begin_to_read(content: bytes) -> None:
    """Have a workbook parsed while this process still gets ready; read_workbook_apart takes it."""
    _begun.append(ApartReading(content))


def abandon() -> None:
    """End what was begun and nobody asked for."""
    while _begun:
        _begun.pop().close()


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "gapmap.reading.workbook_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a parser's last words may quote the file
        cwd=ROOT,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """No setting or secret of the server's; one thread, so that memory means what it says."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    return kept | threads | {"ARROW_DEFAULT_MEMORY_POOL": "system", "PYTHONDONTWRITEBYTECODE": "1"}


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the parsing process has no pipes")
    return pipe


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return  # the process ended before it had read everything


def _failure(status: int) -> Exception:
    if status == PARSER_PANICKED:
        return refused(
            "not_a_workbook",
            "the workbook is damaged; it cannot be read",
            "Open it in Excel or LibreOffice and save it as .xlsx or .ods.",
        )
    if status < 0 or status == OUT_OF_MEMORY:
        return refused(
            "too_complex",
            f"the workbook cannot be read within {MOST_MEMORY_MB:,} MB of memory and "
            f"{MOST_CPU_SECONDS} seconds",
            "Copy the extract alone into a workbook of its own, without anything right of it or "
            "below it; or save it as CSV.",
        )
    return RuntimeError(f"the parsing process ended with status {status}")


def _as_text_table(table: pa.Table) -> TextTable:
    import numpy as np

    from gapmap.reading.text_table import TextTable

    said = json.loads(table.schema.metadata[KEY])
    issues = tuple(Issue(**issue) for issue in said["issues"])
    if said["refused"]:
        raise Unreadable(issues)
    first = said["header_row"] + 1
    return TextTable(
        said["sheet"],
        tuple(said["header"]),
        tuple(table.columns),
        np.arange(first, first + table.num_rows),
        True,
        issues,
        said["header_row"],
        tuple((row, tuple(cells)) for row, cells in said["titles"]),
        sheets=tuple(said["sheets"]),
    )
