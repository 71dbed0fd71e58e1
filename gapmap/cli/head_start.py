"""What the command line does before it imports the rest: a workbook is parsed meanwhile.

Importing, opening the store and parsing a workbook take about as long as each other, and the parser
works in a process of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gapmap.settings import read_settings
from gapmap.stores.store_files import owner_handle

_TAKES_A_FILE = ("load", "map")
_WORKBOOK = b"PK\x03\x04"


def begin(arguments: Sequence[str]) -> None:
    """Begin to parse the workbook that a command will ask for, if it names one that may be read.

    Whatever is wrong with the arguments is left to the command to say.
    """
    if len(arguments) < 2 or arguments[0] not in _TAKES_A_FILE:
        return
    content = _first_workbook(arguments[1:])
    if content is not None:
        from gapmap.reading.parsing_process import begin_to_read

        begin_to_read(content)


def _first_workbook(arguments: Sequence[str]) -> bytes | None:
    """The bytes of the first argument that is a workbook's path, within the size that is taken."""
    try:
        settings = read_settings()
        if owner_handle(settings.store).exists():
            return None  # the running app reads the file
        for argument in arguments:
            path = Path(argument)
            if not path.is_file():
                continue
            with path.open("rb") as file:
                if file.read(len(_WORKBOOK)) != _WORKBOOK:
                    continue
            if path.stat().st_size <= settings.max_upload_bytes:
                return path.read_bytes()
    except (OSError, ValueError):
        return None  # the command will say so
    return None
