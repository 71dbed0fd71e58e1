"""Formulas and error cells in the XML of a sheet: the parser gives an error as a blank cell.

Sheets without any, which are most, cost one search of their bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

Place = tuple[int, int]

# Formulas that share another's text have no end of their own, and stand in the sheet of that one.
_FORMULA_END = re.compile(rb"f>")
_ERROR_MARKS = (b't="e"', b"t='e'")
_FORMULA_TAG = re.compile(rb"[/<:]f>")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\b[^>]*?(?:/>|>([^<]*)<))?"
)
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^>]*\bt=[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v\b[^>]*>([^<]*)<",
    re.DOTALL,
)
_ADDRESS = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_TEXT_RESULT = re.compile(rb"\bt=[\"']str[\"']")
_ROW_END = b"row>"
_MOST_CARRIED = 4 * 1024 * 1024

_ODS_ELEMENT = re.compile(
    rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>"
    rb"(?:\s*<text:p>([^<]*)<)?"
)
ODS_MARKS = (b"table:formula=", b'calcext:value-type="error"')
_MOST_REPEATED = 1_000
UNNAMED_ERROR = "#ERROR!"


@dataclass
class FormulaCells:
    """The formulas of one sheet. Places are (row, column) from 0.

    `errors` gives the error by its place; `uncalculated` counts formulas that were saved without a
    value, `unplaced_errors` errors whose cell the file does not name.
    """

    count: int = 0
    first: Place | None = None
    errors: dict[Place, str] = field(default_factory=dict)
    unplaced_errors: int = 0
    uncalculated: int = 0
    first_uncalculated: Place | None = None

    def add_formula(self, place: Place | None, calculated: bool) -> None:
        self.count += 1
        self.first = self.first or place
        if not calculated:
            self.uncalculated += 1
            self.first_uncalculated = self.first_uncalculated or place

    def add_error(self, place: Place | None, word: str) -> None:
        if place is None:
            self.unplaced_errors += 1
        else:
            self.errors[place] = word


class SheetScanner:
    """Finds the formulas of a sheet of an XLSX file, fed with its XML piece by piece.

    `cells` is complete once it is closed.
    """

    def __init__(self) -> None:
        self.cells = FormulaCells()
        self._rest = b""
        self._has_formulas = False

    def feed(self, piece: bytes) -> None:
        text = self._rest + piece
        end = text.rfind(_ROW_END) + len(_ROW_END)
        if end < len(_ROW_END) and len(text) < _MOST_CARRIED:
            end = 0
        elif end < len(_ROW_END):
            end = len(text)
        self._scan(text[:end])
        self._rest = text[end:]

    def close(self) -> None:
        self._scan(self._rest)
        self._rest = b""

    def _scan(self, text: bytes) -> None:
        self._has_formulas = self._has_formulas or _has_formula(text)
        if self._has_formulas:
            for match in _FORMULA.finditer(text):
                calculated = bool(match[2]) or bool(_TEXT_RESULT.search(match[1]))
                self.cells.add_formula(_place(match[1]), calculated)
        if any(mark in text for mark in _ERROR_MARKS):
            for match in _ERROR.finditer(text):
                self.cells.add_error(_place(match[1]), _word(match[2]))


def _has_formula(text: bytes) -> bool:
    # One search for the end that all spellings share is the cheapest.
    return any(_FORMULA_TAG.match(text, end.start() - 1) for end in _FORMULA_END.finditer(text))


def _place(attributes: bytes) -> Place | None:
    match = _ADDRESS.search(attributes)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + letter - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _word(text: bytes | None) -> str:
    word = unescape((text or b"").decode("utf-8", "replace")).strip()
    return word if word.startswith(("#", "Err:")) and len(word) < 20 else UNNAMED_ERROR


def ods_formulas(text: bytes) -> dict[int, FormulaCells]:
    """The formulas of an ODS file's content, by the position of the sheet.

    Rows and cells are counted with their repetitions, which is all that places them there.
    """
    sheets: list[FormulaCells] = []
    row = rows = column = 0
    for match in _ODS_ELEMENT.finditer(text):
        name, attributes, shown = match.groups()
        if name == b"table":
            sheets.append(FormulaCells())
            row, rows = 0, 0
        elif name == b"table-row":
            row, rows, column = row + rows, _repeated(attributes, b"rows"), 0
        elif sheets:
            columns = _repeated(attributes, b"columns")
            _note_ods(sheets[-1], (row, column), (rows, columns), attributes, shown)
            column += columns
    return dict(enumerate(sheets))


def _repeated(attributes: bytes, of: bytes) -> int:
    match = re.search(rb"table:number-" + of + rb"-repeated=\"([0-9]{1,9})\"", attributes)
    return int(match[1]) if match else 1


def _note_ods(
    cells: FormulaCells, place: Place, repeated: Place, attributes: bytes, shown: bytes | None
) -> None:
    if b"table:formula=" in attributes:
        cells.add_formula(place, b"office:value-type=" in attributes)
    if b'calcext:value-type="error"' in attributes:
        for row in range(place[0], place[0] + min(repeated[0], _MOST_REPEATED)):
            for column in range(place[1], place[1] + min(repeated[1], _MOST_REPEATED)):
                cells.add_error((row, column), _word(shown))
