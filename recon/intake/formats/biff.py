"""The first records of an old workbook (BIFF8): password, date base, code page. Nothing else."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOF = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00")
_FILEPASS = 0x2F
_DATEMODE = 0x22
_CODEPAGE = 0x42
_UTF16 = struct.pack("<H", 1200)
_EOF = 0x0A
_SEARCHED = 4 * 1024**2
_MOST_RECORDS = 2000


def globals_of(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the code and the body of each record of the workbook's first stream part.

    Args:
        content: The whole OLE file.
    """
    yield from ((code, content[start:end]) for code, start, end in _records(content))


def _records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Walk the records of the workbook's first stream part.

    The stream is taken to lie in one piece, as all writers lay its beginning; a break in it only
    ends the walk early. Yields the code of each, and where its body begins and ends.
    """
    start = _BOF.search(content, 0, _SEARCHED)
    place = start.start() if start else len(content)
    for _ in range(_MOST_RECORDS):
        if place + 4 > len(content):
            return
        code, size = struct.unpack_from("<HH", content, place)
        if size > 8224 or code == _EOF:
            return
        yield code, place + 4, place + 4 + size
        place += 4 + size


def has_password(content: bytes) -> bool:
    """Whether the workbook needs a password to open (record FILEPASS)."""
    return any(code == _FILEPASS for code, _ in globals_of(content))


def is_1904(content: bytes) -> bool:
    """Whether its dates are counted from 1904 (record DATEMODE)."""
    return any(code == _DATEMODE and body[:1] == b"\x01" for code, body in globals_of(content))


def in_utf16(content: bytes) -> bytes:
    """Return the workbook with its code page as BIFF8 demands it.

    Many programs of web systems write another one (1252, 936) beside texts in UTF-16, and readers
    that believe it give garbage.

    Args:
        content: The whole OLE file.
    """
    for code, start, end in _records(content):
        if code == _CODEPAGE and end - start == 2 and content[start:end] != _UTF16:
            return content[:start] + _UTF16 + content[end:]
    return content
