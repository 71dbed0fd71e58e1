"""Workbooks to try a reader on: written by hand, or another's with parts replaced and added."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.uploads import xlsx_bytes

SHEET = "xl/worksheets/sheet1.xml"
SHEET_XML = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r9" Type="http://schemas.example/relationships/{kind}" '
    'Target="x.bin"{more}/></Relationships>'
)
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMESPACES = " ".join(
    f'xmlns:{name}="{_OASIS}{name}:1.0"'
    for name in ("office", "table", "text", "style", "script", "draw")
)


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return content.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """The members of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def plain_xlsx() -> bytes:
    """A good workbook: one sheet `S` with a heading and a row."""
    return xlsx_bytes({"S": [["a", "b"], [1, 2]]})


def xlsx_with(members: Mapping[str, bytes | str]) -> bytes:
    """The good workbook with parts added or replaced."""
    return zipped({**unzipped(plain_xlsx()), **members})


def xlsx_of(rows: str) -> bytes:
    """The good workbook with these `<row>` elements as its sheet."""
    return xlsx_with({SHEET: SHEET_XML.format(rows=rows)})


def xlsx_of_text(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook whose cells are text, as they are."""
    xml = "".join(
        "<row>"
        + "".join(
            f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
            for cell in row
        )
        + "</row>"
        for row in rows
    )
    return xlsx_of(xml)


def ods_cell(value: Any) -> str:
    """A cell of an OpenDocument sheet: a number, or text."""
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


def ods_with(sheets: Mapping[str, str], more: str = "", styles: str = "") -> bytes:
    """An OpenDocument spreadsheet of sheets given as XML; `more` stands beside them."""
    tables = "".join(
        f'<table:table table:name={quoteattr(name)} table:style-name="ta1">{xml}</table:table>'
        for name, xml in sheets.items()
    )
    body = f"<office:spreadsheet>{more}{tables}</office:spreadsheet>"
    return zipped(
        {
            "mimetype": ODS_TYPE,
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OASIS}manifest:1.0"/>',
            "content.xml": (
                f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES} '
                'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
                f"<office:automatic-styles>{styles}</office:automatic-styles>"
                f"<office:body>{body}</office:body></office:document-content>"
            ),
        }
    )


def ods_bytes(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """An OpenDocument spreadsheet: by sheet, its rows of cells from A1."""
    return ods_with(
        {
            name: "".join(
                f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows
            )
            for name, rows in sheets.items()
        }
    )
