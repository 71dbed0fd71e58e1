"""What a workbook may not hold, by name: macros, links, objects, comments, caches, entities.

The archive is inflated piece by piece, first to be measured and then to be searched; nothing of it
is kept but its small indexes.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat

from gapmap.reading.formula_cells import ODS_MARKS, FormulaCells, SheetScanner, ods_formulas
from gapmap.reading.refusal import Unreadable, error
from gapmap.reading.zip_safety import (
    Inflation,
    checked_members,
    encrypted,
    not_a_workbook,
    too_large_unpacked,
)

ODS_TYPES = (
    b"application/vnd.oasis.opendocument.spreadsheet",
    b"application/vnd.oasis.opendocument.spreadsheet-template",
)
_MOST_INDEX_BYTES = 4 * 1024 * 1024
_OVERLAP = 64
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_CONTENT_TYPES = "[Content_Types].xml"
_ODS_CONTENT = "content.xml"


@dataclass(frozen=True)
class Forbidden:
    """One thing that a workbook may not hold, and by what it is known.

    `names`: of the archive's members. `kinds`: the last words of OOXML's relationship and content
    types. `openings`: of elements and attributes in OpenDocument's XML.
    """

    code: str
    what: str
    fix: str
    names: re.Pattern[str] | None = None
    kinds: frozenset[str] = frozenset()
    openings: tuple[bytes, ...] = ()


FORBIDDEN: tuple[Forbidden, ...] = (
    Forbidden(
        "macros",
        "macros",
        "Save it as Excel Workbook (.xlsx), which holds none, and upload that.",
        re.compile(r"(.*/)?vbaProject\w*\.bin|xl/(macrosheets|dialogsheets)/.*|(Basic|Scripts)/.+"),
        frozenset(
            {"vbaproject", "macroenabled", "xlmacrosheet", "xlintlmacrosheet", "dialogsheet"}
        ),
        (b"<script:event-listener ",),
    ),
    Forbidden(
        "external_links",
        "links to other files",
        "Break them (Data, Edit Links, Break Link) or paste the values alone, and save it again.",
        re.compile(r"xl/externalLinks/.*"),
        frozenset({"externallink", "externallinkpath"}),
        (
            b"<table:table-source ",
            b"<table:dde-link",
            b"<office:dde-source",
            b"['file:",
            b"[&apos;file:",
        ),
    ),
    Forbidden(
        "embedded_objects",
        "embedded objects or controls",
        "Delete them, or copy the extract alone into a workbook of its own.",
        re.compile(r"xl/(embeddings|activeX|ctrlProps)/.*|Object(Replacements| \d+)/.*"),
        frozenset(
            {
                "oleobject",
                "package",
                "control",
                "activexcontrolbinary",
                "ctrlprop",
                "controlproperties",
            }
        ),
        (b"<draw:object ", b"<draw:object-ole ", b"<draw:plugin ", b"<draw:applet "),
    ),
    Forbidden(
        "comments",
        "comments or notes",
        "Delete them all (Review, Delete): a comment is free text. Then save it again.",
        re.compile(r"xl/(comments\d*\.xml|(comments|threadedComments)/.*)"),
        frozenset({"comments", "threadedcomment", "threadedcomments"}),
        (b"<office:annotation",),
    ),
    Forbidden(
        "pivot_cache",
        "a pivot table or slicer, which keeps the rows behind it",
        "Paste the extract as values into a workbook of its own.",
        re.compile(r"xl/(pivotCache|pivotTables|slicerCaches|timelineCaches)/.*"),
        frozenset({"pivotcachedefinition", "pivotcacherecords", "pivottable", "slicercache"}),
        (b"<table:data-pilot-table ",),
    ),
    Forbidden(
        "connections",
        "queries or connections to other data",
        "Remove them (Data, Queries & Connections) or paste the values alone, and save it again.",
        re.compile(r"xl/connections\.xml|xl/queryTables/.*"),
        frozenset({"connections", "querytable"}),
        (b"<table:database-source-",),
    ),
    Forbidden(
        "data_model",
        "a data model",
        "Paste the extract as values into a workbook of its own.",
        re.compile(r"xl/model/.*"),
        frozenset({"powerpivotdata", "model"}),
    ),
    Forbidden(
        "tracked_changes",
        "tracked changes, which keep what was deleted",
        "Accept them all and stop tracking, then save it again.",
        re.compile(r"xl/revisions/.*"),
        frozenset({"revisionheaders", "revisionlog"}),
        (b"<table:tracked-changes",),
    ),
    Forbidden(
        "xml_entities",
        "an XML document type or entities, which no spreadsheet program writes",
        "Do not use this file; ask where it came from, and export the extract again.",
    ),
)
_BY_CODE = {forbidden.code: forbidden for forbidden in FORBIDDEN}
_POWER_QUERY = b"<DataMashup"
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")


@dataclass(frozen=True)
class Archive:
    """The members of a workbook's archive, which are within the limits of zip_safety."""

    kind: str
    members: tuple[zipfile.ZipInfo, ...]


@dataclass(frozen=True)
class Inspected:
    """A workbook that passed: its formulas by the position of the sheet, from 0."""

    kind: str
    formulas: dict[int, FormulaCells]


def measured(content: bytes) -> Archive:
    """The archive of a workbook that may be parsed without filling memory or disk.

    Raises Unreadable when it is no XLSX or ODS, or grows past the limits of zip_safety.
    """
    members = checked_members(content)
    kind = _kind(content, members)
    inflation = Inflation(content)
    for member in members:
        for _ in inflation.pieces(member):
            pass  # only its size matters
    return Archive(kind, tuple(members))


def inspect(content: bytes, archive: Archive | None = None) -> Inspected:
    """A workbook's formulas, once its archive is known to be harmless.

    `archive`: where it was measured already. Raises Unreadable as `measured`, and when it holds
    what is FORBIDDEN: every kind found is one issue.
    """
    archive = archive or measured(content)
    inspection = _Inspection(archive.kind)
    inflation = Inflation(content)
    for member in archive.members:
        inspection.take(member.filename, inflation.pieces(member))
    inspection.finish()
    if archive.kind == "xlsx":
        return Inspected(archive.kind, inspection.formulas())
    formulas = _ods_formulas(content, archive.members) if inspection.has_ods_formulas else {}
    return Inspected(archive.kind, formulas)


def _ods_formulas(content: bytes, members: Iterable[zipfile.ZipInfo]) -> dict[int, FormulaCells]:
    """Places in ODS follow from all rows before: only a sheet with formulas is taken whole."""
    body = next(member for member in members if member.filename == _ODS_CONTENT)
    return ods_formulas(b"".join(Inflation(content).pieces(body)))


def _kind(content: bytes, members: list[zipfile.ZipInfo]) -> str:
    names = {member.filename for member in members}
    if "mimetype" in names:
        member = next(m for m in members if m.filename == "mimetype")
        declared = b"".join(Inflation(content).pieces(member)).strip()
        if declared in ODS_TYPES and _ODS_CONTENT in names:
            return "ods"
    if _WORKBOOK in names:
        return "xlsx"
    raise not_a_workbook(_what_archive(names))


def _what_archive(names: Iterable[str]) -> str:
    folders = {name.partition("/")[0] for name in names}
    if "xl/workbook.bin" in names:
        return "a binary workbook (.xlsb), which is not taken"
    for folder, what in (("word", "a Word document"), ("ppt", "a PowerPoint presentation")):
        if folder in folders:
            return what
    return "a zip archive and not a workbook that can be read"


class _Inspection:
    """Takes the members of one archive in turn and collects what is forbidden."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._found: set[str] = set()
        self._indexes: dict[str, _Index] = {}
        self._sheets: dict[str, SheetScanner] = {}
        self.has_ods_formulas = False

    def take(self, name: str, pieces: Iterable[bytes]) -> None:
        self._found |= {f.code for f in FORBIDDEN if f.names and f.names.fullmatch(name)}
        sheet = self._sheets.setdefault(name, SheetScanner()) if self._has_cells(name) else None
        strict = _Strict() if self._kind == "ods" and name == _ODS_CONTENT else None
        index = self._indexes.setdefault(name, _Index()) if _is_index(name) else None
        takers = [taker for taker in (sheet, strict, index) if taker is not None]
        tail = b""
        for piece in pieces:
            # Without NULs, UTF-16 reads as ASCII here, and hides nothing.
            plain = piece.replace(b"\x00", b"") if b"\x00" in piece else piece
            self._search(name, tail + plain)
            tail = plain[-_OVERLAP:]
            if "xml_entities" in self._found:
                takers = []
            for taker in takers:
                taker.feed(piece)
        for taker in takers:
            taker.close()

    def _has_cells(self, name: str) -> bool:
        return self._kind == "xlsx" and not _is_index(name)

    def _search(self, name: str, text: bytes) -> None:
        if any(declaration in text for declaration in _DECLARATIONS):
            self._found.add("xml_entities")
        if self._kind == "xlsx":
            if name.startswith("customXml/") and _POWER_QUERY in text:
                self._found.add("connections")
            return
        if b"<manifest:encryption-data" in text:
            raise encrypted()
        for forbidden in FORBIDDEN:
            if any(opening in text for opening in forbidden.openings):
                self._found.add(forbidden.code)
        if name == _ODS_CONTENT and any(mark in text for mark in ODS_MARKS):
            self.has_ods_formulas = True

    def finish(self) -> None:
        """Raises Unreadable with one issue for every kind of thing that is forbidden."""
        if self._kind == "xlsx" and "xml_entities" not in self._found:
            kinds = self._declared_kinds()
            self._found |= {f.code for f in FORBIDDEN if f.kinds & kinds}
        if self._found:
            raise Unreadable(
                error(code, f"the workbook holds {forbidden.what}", forbidden.fix)
                for code, forbidden in _BY_CODE.items()
                if code in self._found
            )

    def _declared_kinds(self) -> set[str]:
        """The last words, folded, of every type that the indexes declare."""
        kinds: set[str] = set()
        for name, index in self._indexes.items():
            for element in _parsed(index.body).iter():
                if name == _CONTENT_TYPES and element.tag.endswith("}Override"):
                    kinds |= set(re.split(r"[./+]", element.get("ContentType", "").casefold()))
                elif name.endswith(".rels"):
                    kind = element.get("Type", "").rpartition("/")[2].casefold()
                    outside = element.get("TargetMode", "").casefold() == "external"
                    kinds.add("externallink" if outside and kind != "hyperlink" else kind)
        return kinds

    def formulas(self) -> dict[int, FormulaCells]:
        """The formulas of each sheet of an XLSX file, by its position in the workbook."""
        return {
            position: self._sheets[member].cells
            for position, member in enumerate(self._sheet_members())
            if member in self._sheets
        }

    def _elements(self, name: str) -> ET.Element:
        return _parsed(self._indexes[name].body if name in self._indexes else b"<none/>")

    def _sheet_members(self) -> list[str]:
        """The archive's member of each sheet, in the workbook's order."""
        relations = {
            element.get("Id", ""): element.get("Target", "")
            for element in self._elements(_RELATIONS)
        }
        sheets = self._elements(_WORKBOOK).iterfind(".//{*}sheets/{*}sheet")
        targets = [
            next((relations.get(v, "") for k, v in sheet.items() if k.endswith("}id")), "")
            for sheet in sheets
        ]
        return [
            target.removeprefix("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
            for target in targets
        ]


class _Index:
    """Keeps a member that lists others."""

    def __init__(self) -> None:
        self.body = b""

    def feed(self, piece: bytes) -> None:
        self.body += piece
        if len(self.body) > _MOST_INDEX_BYTES:
            raise too_large_unpacked("has an index of its parts that is too large")

    def close(self) -> None:
        """An index is parsed later, when all of them are known."""


class _Strict:
    """Raises Unreadable on XML that is not well-formed: in ODS the parser may never end on it."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()

    def feed(self, piece: bytes, last: bool = False) -> None:
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, LookupError, ValueError) as fault:  # the latter two: its encoding
            raise not_a_workbook("a damaged workbook") from fault

    def close(self) -> None:
        self.feed(b"", last=True)


def _is_index(name: str) -> bool:
    return name in (_CONTENT_TYPES, _WORKBOOK) or name.endswith(".rels")


def _parsed(body: bytes) -> ET.Element:
    """An index as XML; it is known to have no document type, so nothing in it can expand."""
    try:
        return ET.fromstring(body)
    except (ET.ParseError, ValueError, LookupError) as fault:
        raise not_a_workbook() from fault
