"""What a file is by its first bytes: what is no table is refused by its own name."""

from __future__ import annotations

from collections.abc import Iterator

from gapmap.reading.refusal import Unreadable, refused

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

WORKBOOK_NAMES = ("xlsx", "ods", "xltx", "ots")
MACRO_NAMES = ("xlsm", "xltm", "xlam", "xla")
_MARKED_UP_WITHIN = 512

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"{\\rtf", "a rich text document (RTF)"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"MZ\x90\x00", "a program for Windows"),
    (b"\x7fELF", "a program for Linux"),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", "a web page (HTML)"),
    (b"<html", "a web page (HTML)"),
    (b"<table", "a web page (HTML)"),
    (b"<?xml", "an XML file"),
)


def extension_of(file_name: str) -> str:
    """The part of the name after its last dot, folded; empty when there is none."""
    return file_name.rpartition(".")[2].casefold() if "." in file_name else ""


def refuse_what_is_no_table(content: bytes, file_name: str) -> None:
    """Raises Unreadable when the first bytes are those of another kind of file, or not its name's.

    The bytes decide: a text file or a workbook is read under any name but a workbook's or a macro
    workbook's.
    """
    foreign = _foreign_kind(content)
    if foreign:
        raise refused(
            "not_a_table",
            f"the file is {foreign}, whatever its name says",
            "Export the extract as CSV, or save it as .xlsx or .ods.",
        )
    extension = extension_of(file_name)
    if content.startswith(OLE_MAGIC[:4]):
        raise _old_format(content)
    if extension in MACRO_NAMES and content.startswith(ZIP_MAGIC):
        raise refused(
            "macros",
            "the workbook is of a kind that holds macros, by its name",
            "Save it as Excel Workbook (.xlsx) and upload that.",
        )
    if extension in (*WORKBOOK_NAMES, *MACRO_NAMES) and not content.startswith(ZIP_MAGIC):
        raise refused(
            "not_a_workbook",
            f"the name says .{extension}, the content is not a workbook",
            "Open it in Excel and save it as .xlsx, or rename it to .csv when it is one.",
        )


def _foreign_kind(content: bytes) -> str | None:
    named = next((kind for magic, kind in _MAGIC if content.startswith(magic)), None)
    return named or next(_markup_kinds(content), None)


def _markup_kinds(content: bytes) -> Iterator[str]:
    start = content[:_MARKED_UP_WITHIN].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"")
    start = start.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip().lower()
    return (kind for opening, kind in _MARKUP if start.startswith(opening))


def _old_format(content: bytes) -> Unreadable:
    """The refusal of an OLE container, told apart by the names of its streams."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return refused(
            "encrypted_workbook",
            "the workbook is protected by a password",
            "Open it in Excel, remove the password (File, Info, Protect Workbook) and save it.",
        )
    if "WordDocument".encode("utf-16-le") in content:
        return refused(
            "not_a_table",
            "the file is a Word 97–2003 document, whatever its name says",
            "Export the extract as CSV, or save it as .xlsx or .ods.",
        )
    return refused(
        "old_workbook",
        "this is an Excel 97–2003 workbook or is protected by a password",
        "Open it in Excel and save it without password as .xlsx.",
    )
