"""What a process does that parses one workbook: it limits itself, reads, answers and ends.

It takes the workbook on its standard input, hands the table back as an Arrow stream on its standard
output, and writes no file and no log. Arrow is imported while the parser is at work.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gapmap.reading.refusal import Unreadable
from gapmap.without_pandas import leave_out_pandas

if TYPE_CHECKING:
    import pyarrow as pa

    from gapmap.reading.text_table import TextTable

MOST_MEMORY_MB = 2048
MOST_CPU_SECONDS = 30
OUT_OF_MEMORY = 3
PARSER_PANICKED = 4
KEY = b"gapmap"
_OPEN_FILES = 64


def main() -> int:
    """Parse the workbook of the standard input; the status says why there is no answer.

    The first line says how many bytes the workbook has; after them comes a line with the headings
    that may be expected.
    """
    limit()
    leave_out_pandas()
    gc.disable()  # rows of cells hold no circles, and there are many
    try:
        _answer(*_read())
    except MemoryError:
        return OUT_OF_MEMORY
    except BaseException as fault:
        if type(fault).__name__ == "PanicException":  # the parser's, whose type has no import
            return PARSER_PANICKED
        raise
    return 0


def _read() -> tuple[dict[str, Any], dict[str, pa.ChunkedArray]]:
    """What there is to say of the workbook, and its columns."""
    asked = sys.stdin.buffer
    content = asked.read(int(asked.readline()))
    try:
        from gapmap.reading.sheets import open_workbook

        opened = open_workbook(content)
        from gapmap.reading.workbook import read_workbook

        expected = frozenset(json.loads(asked.readline()))
        return _said(read_workbook(content, expected, opened))
    except Unreadable as fault:
        return {"refused": True, "issues": [asdict(issue) for issue in fault.issues]}, {}


def _said(table: TextTable) -> tuple[dict[str, Any], dict[str, pa.ChunkedArray]]:
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


def _answer(said: dict[str, Any], columns: dict[str, pa.ChunkedArray]) -> None:
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in columns], {KEY: json.dumps(said)})
    with pa.ipc.new_stream(sys.stdout.buffer, schema) as stream:
        stream.write_table(pa.table(columns, schema))
    sys.stdout.buffer.flush()


def limit() -> None:
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
    status = main()
    # A parser that is still at work on what was refused, and rows by the million, need no farewell.
    os._exit(status)
