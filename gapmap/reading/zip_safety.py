"""A zip archive held to limits before anything parses it: its names, and its sizes as they are.

What an archive declares may lie, so every member is inflated once, piece by piece, and measured.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from gapmap.reading.refusal import Unreadable, refused

MOST_MEMBERS = 1_000
MOST_UNZIPPED_BYTES = 500 * 1024 * 1024
# Sheets shrink to a tenth, very regular ones to a fortieth; nothing honest to a two-hundredth.
MOST_RATIO = 200
# Small members shrink by any ratio: a bomb is told by its ratio beyond this size.
RATIO_ASKED_ABOVE = 8 * 1024 * 1024

_PIECE = 1024 * 1024
_FED = 64 * 1024
_END = struct.Struct("<4s4H2LH")  # end of central directory, without a comment
_LOCAL = struct.Struct("<4s22x2H")
_MOST_DIRECTORY_BYTES = 1024 * 1024
_ENCRYPTED = 0x1
_SEPARATOR = re.compile(r"[/\\]")


def not_a_workbook(what: str = "a zip archive and not a workbook that can be read") -> Unreadable:
    """The refusal of an archive that is something else, or damaged."""
    return refused(
        "not_a_workbook",
        f"the file is {what}",
        "Open it in Excel or LibreOffice and save it as .xlsx or .ods.",
    )


def too_large_unpacked(why: str) -> Unreadable:
    """The refusal of an archive that grows too much."""
    return refused(
        "too_large",
        f"the workbook {why}",
        "Keep the sheet with the extract alone, and save it again.",
    )


def checked_members(content: bytes) -> list[zipfile.ZipInfo]:
    """The members of an archive. Nothing is inflated yet.

    Raises Unreadable on a damaged or an oversized directory, too many members, encryption, a
    method other than deflate, and names that are unsafe or stand twice.
    """
    _check_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as fault:
        raise not_a_workbook() from fault
    if len(members) > MOST_MEMBERS:
        raise _too_many_members()
    _check_names(members)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise encrypted()
    if any(m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for m in members):
        raise not_a_workbook("packed by a method that workbooks do not use")
    return members


def encrypted() -> Unreadable:
    """The refusal of a workbook that needs a password."""
    return refused(
        "encrypted_workbook",
        "the workbook is protected by a password",
        "Remove the password and save it again.",
    )


def _check_directory(content: bytes) -> None:
    """The directory ends the file, so that two parsers find the same one, and is small."""
    if len(content) < _END.size:
        raise not_a_workbook()
    signature, _, _, _, _, size, _, comment = _END.unpack(content[-_END.size :])
    if signature != b"PK\x05\x06" or comment:
        raise not_a_workbook("a damaged zip archive, or something follows its end")
    if size > _MOST_DIRECTORY_BYTES:
        raise _too_many_members()


def _too_many_members() -> Unreadable:
    return refused(
        "too_many_members",
        f"the workbook is made of more than {MOST_MEMBERS:,} parts",
        "Copy the extract alone into a workbook of its own, and save it.",
    )


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    folded_names = [member.orig_filename.casefold() for member in members]
    if len(set(folded_names)) < len(folded_names):
        raise not_a_workbook("an archive that holds two parts of the same name")
    if any(_is_unsafe(member.orig_filename) for member in members):
        raise refused(
            "unsafe_member",
            "the workbook has a part whose name leads out of it",
            "Do not use this file; ask where it came from, and export the extract again.",
        )


def _is_unsafe(name: str) -> bool:
    return (
        not name.isprintable()
        or name.startswith("/")
        or "\\" in name
        or ":" in name
        or ".." in _SEPARATOR.split(name)
    )


class Inflation:
    """Inflates the members of one archive and stops as soon as they grow past the limits."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._total = 0

    def pieces(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """A member's bytes in pieces of up to 1 MB.

        Raises Unreadable past a limit, or when the size is not the declared one.
        """
        size = 0
        for piece in _inflated(self._packed(member), member.compress_type):
            size += len(piece)
            self._total += len(piece)
            if self._total > MOST_UNZIPPED_BYTES:
                most = MOST_UNZIPPED_BYTES // 1024 // 1024
                raise too_large_unpacked(f"unpacks to more than {most:,} MB")
            if size > RATIO_ASKED_ABOVE and size > MOST_RATIO * member.compress_size:
                raise too_large_unpacked(f"unpacks to more than {MOST_RATIO} times its size")
            yield piece
        if size != member.file_size:
            raise not_a_workbook("an archive whose parts are not of the size that it declares")

    def _packed(self, member: zipfile.ZipInfo) -> memoryview:
        start = member.header_offset
        header = self._content[start : start + _LOCAL.size]
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise not_a_workbook()
        _, name_length, extra_length = _LOCAL.unpack(header)
        start += _LOCAL.size + name_length + extra_length
        packed = memoryview(self._content)[start : start + member.compress_size]
        if len(packed) < member.compress_size:
            raise not_a_workbook()
        return packed


def _inflated(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for start in range(0, len(packed), _PIECE):
            yield bytes(packed[start : start + _PIECE])
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _FED):
            fed: bytes | memoryview = packed[start : start + _FED]
            while fed and not inflater.eof:
                yield inflater.decompress(fed, _PIECE)
                fed = inflater.unconsumed_tail
    except zlib.error as fault:
        raise not_a_workbook() from fault
    if not inflater.eof:
        yield inflater.flush()
    if not inflater.eof:
        raise not_a_workbook()
