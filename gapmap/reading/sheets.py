"""The sheets of a workbook as the parser gives them, parsed aside once the archive is measured.

Nothing here needs Arrow, so that parsing begins before that is imported.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping
from dataclasses import dataclass

import python_calamine as calamine

from gapmap.reading.workbook_safety import Archive, measured
from gapmap.reading.zip_safety import not_a_workbook


@dataclass(frozen=True)
class Sheets:
    """The sheets by their position in the workbook, from 0: those that hold cells.

    `hidden`: the positions, from 1, of hidden sheets; where there is one, none is parsed.
    """

    names: tuple[str, ...]
    hidden: tuple[int, ...]
    parsed: Mapping[int, calamine.CalamineSheet]


def parse(content: bytes) -> Sheets:
    """Parse every sheet of a workbook. Raises Unreadable when it is damaged."""
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = calamine.SheetVisibleEnum.Visible
        about = list(enumerate(workbook.sheets_metadata))
        hidden = tuple(position + 1 for position, meta in about if meta.visible != visible)
        of_cells = [place for place, meta in about if meta.typ == calamine.SheetTypeEnum.WorkSheet]
        parsed = {} if hidden else {place: workbook.get_sheet_by_index(place) for place in of_cells}
    except calamine.CalamineError as fault:
        raise not_a_workbook() from fault
    return Sheets(tuple(workbook.sheet_names), hidden, parsed)


class Parsing:
    """A workbook that is being parsed by a thread of its own.

    The parser works without the interpreter's lock, which is free meanwhile.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._sheets: Sheets | None = None
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._sheets = parse(self._content)
        except BaseException as fault:  # noqa: BLE001 - raised again where the sheets are asked for
            self._fault = fault

    def sheets(self) -> Sheets:
        """What was parsed, once it is. Raises what `parse` raised."""
        self._thread.join()
        if self._sheets is None:
            raise self._fault or RuntimeError("the parser ended without an answer")
        return self._sheets


@dataclass(frozen=True)
class OpenedWorkbook:
    """A workbook whose archive is within limits. `parsing`: where it may begin at once."""

    content: bytes
    archive: Archive
    parsing: Parsing | None

    def sheets(self) -> Sheets:
        return self.parsing.sheets() if self.parsing else parse(self.content)


def open_workbook(content: bytes) -> OpenedWorkbook:
    """Measure a workbook's archive and begin to parse it.

    An ODS file is parsed only after its XML was found well-formed: on other XML the parser may
    never end. Raises Unreadable as workbook_safety.measured.
    """
    archive = measured(content)
    parsing = Parsing(content) if archive.kind == "xlsx" else None
    return OpenedWorkbook(content, archive, parsing)
