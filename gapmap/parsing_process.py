"""Workbooks are parsed in a process of their own, which may die of them.

The process sets its limits before it takes a byte, reads the workbook from its standard input and
hands the table back as an Arrow stream on its standard output. It writes no file and no log.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, Any

import numpy as np
import pyarrow as pa

from gapmap.issue import Issue
from gapmap.settings import ROOT
from gapmap.text_table import TextTable, Unreadable, refused

MOST_MEMORY_MB = 2048
MOST_CPU_SECONDS = 30
MOST_SECONDS = 90
# Two cores parse two workbooks; a third waits rather than take the memory of a third.
MOST_AT_ONCE = 2

_OUT_OF_MEMORY = 3
_PARSER_PANICKED = 4
_KEY = b"gapmap"
_OPEN_FILES = 64
_slots = threading.BoundedSemaphore(MOST_AT_ONCE)


# --- the server's side ---------------------------------------------------------------------------


def read_workbook_apart(content: bytes, expected: frozenset[str] = frozenset()) -> TextTable:
    """What workbook.read_workbook makes of a workbook, read in a process within limits.

    Raises Unreadable as that does, and with `too_complex` when the process went past MOST_MEMORY_MB
    of memory, MOST_CPU_SECONDS of computing or MOST_SECONDS of waiting; RuntimeError when it could
    not be started or failed by a fault of ours.
    """
    with _slots, _process() as process:
        table = _exchanged(process, content, expected)
        status = process.wait()
    if table is None:
        raise _failure(status)
    return _as_text_table(table)


@contextmanager
def _process() -> Iterator[subprocess.Popen[bytes]]:
    """A parsing process, killed when its time is over or when nobody waits for it any more."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gapmap.parsing_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a parser's last words may quote the file
        cwd=ROOT,
        env=_environment(),
    )
    watch = threading.Timer(MOST_SECONDS, process.kill)
    watch.daemon = True
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)


def _environment() -> dict[str, str]:
    """No setting or secret of the server's; one thread, so that memory means what it says."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    return kept | threads | {"ARROW_DEFAULT_MEMORY_POOL": "system", "PYTHONDONTWRITEBYTECODE": "1"}


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return  # the process ended before it had read everything


def _exchanged(
    process: subprocess.Popen[bytes], content: bytes, expected: frozenset[str]
) -> pa.Table | None:
    """The process's answer; None when it ended without one."""
    asked, answered = process.stdin, process.stdout
    if asked is None or answered is None:
        raise RuntimeError("the parsing process has no pipes")
    try:
        asked.write(json.dumps(sorted(expected)).encode() + b"\n")
        asked.write(content)
        asked.close()
    except BrokenPipeError:
        return None
    try:
        with pa.ipc.open_stream(answered) as stream:
            table = stream.read_all()
    except (pa.ArrowInvalid, OSError):
        return None
    table.validate(full=True)
    return table


def _failure(status: int) -> Exception:
    if status == _PARSER_PANICKED:
        return refused(
            "not_a_workbook",
            "the workbook is damaged; it cannot be read",
            "Open it in Excel or LibreOffice and save it as .xlsx or .ods.",
        )
    if status < 0 or status == _OUT_OF_MEMORY:
        return refused(
            "too_complex",
            f"the workbook cannot be read within {MOST_MEMORY_MB:,} MB of memory and "
            f"{MOST_CPU_SECONDS} seconds",
            "Copy the extract alone into a workbook of its own, without anything right of it or "
            "below it; or save it as CSV.",
        )
    return RuntimeError(f"the parsing process ended with status {status}")


def _as_text_table(table: pa.Table) -> TextTable:
    said = json.loads(table.schema.metadata[_KEY])
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


# --- the process's side --------------------------------------------------------------------------


def main() -> int:
    """Parse the workbook of the standard input; the status says why there is no answer."""
    _limit()
    gc.disable()  # rows of cells hold no circles, and there are many
    # Imported here: the server itself never loads the parser.
    from gapmap.workbook import read_workbook

    expected = frozenset(json.loads(sys.stdin.buffer.readline()))
    try:
        said, columns = _answer(read_workbook(sys.stdin.buffer.read(), expected))
    except Unreadable as fault:
        said, columns = {"refused": True, "issues": [asdict(i) for i in fault.issues]}, {}
    except MemoryError:
        return _OUT_OF_MEMORY
    except BaseException as fault:
        if type(fault).__name__ == "PanicException":  # the parser's, whose type has no import
            return _PARSER_PANICKED
        raise
    schema = pa.schema([(name, pa.string()) for name in columns], {_KEY: json.dumps(said)})
    with pa.ipc.new_stream(sys.stdout.buffer, schema) as stream:
        stream.write_table(pa.table(columns, schema))
    return 0


def _answer(table: TextTable) -> tuple[dict[str, Any], dict[str, pa.ChunkedArray]]:
    said = {
        "refused": False,
        "sheet": table.sheet,
        "header": table.header,
        "header_row": table.header_row,
        "issues": [asdict(issue) for issue in table.issues],
        "titles": table.titles,
        "sheets": table.sheets,
    }
    return said, {str(place): column for place, column in enumerate(table.columns)}


def _limit() -> None:
    """Memory, computing and files: no file can be written, and no memory image is left behind."""
    if sys.platform == "win32":
        return  # there only the time on the clock is limited
    import resource

    memory = MOST_MEMORY_MB * 1024 * 1024
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, MOST_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main())
