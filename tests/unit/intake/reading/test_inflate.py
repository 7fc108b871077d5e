"""A part of a package comes as zipfile gives it: the same bytes, or damaged for both."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

import pytest

from recon.intake.formats.inflate import open_part

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXTS = [b"", b"a", b'<c r="A1"><v>1</v></c>' * 200_000, random.Random(1).randbytes(300_000)]  # noqa: S311


def _packed(text: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        archive.writestr("first.xml", b"x" * 1000)
        archive.writestr("sheet.xml", text)
    return whole.getvalue()


def _all_of(open_sheet: Callable[[zipfile.ZipFile], IO[bytes]], content: bytes, size: int) -> bytes:
    pieces = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive, open_sheet(archive) as stream:
        while piece := stream.read(size):
            assert size < 0 or len(piece) <= size
            pieces.append(piece)
    return b"".join(pieces)


def _fast(content: bytes, size: int) -> bytes:
    return _all_of(lambda archive: open_part(content, archive, "sheet.xml"), content, size)


@pytest.mark.parametrize("text", _TEXTS, ids=len)
@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
@pytest.mark.parametrize("size", [-1, 999, 1 << 20])
def test_the_bytes_are_those_that_were_packed(text: bytes, method: int, size: int) -> None:
    assert _fast(_packed(text, method), size) == text
    assert _fast(b"before the package" + _packed(text, method), size) == text


def test_damage_is_damage_wherever_it_lies() -> None:
    draws = random.Random(7)  # noqa: S311
    whole = _packed(bytes(draws.choices(b"abcdef", k=20_000)))
    damaged = 0
    for _ in range(300):
        content = bytearray(whole)
        content[draws.randrange(len(content))] = draws.randrange(256)
        try:
            plain = _all_of(lambda archive: archive.open("sheet.xml"), bytes(content), 4096)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError) as error:
            expected = zipfile.BadZipFile if isinstance(error, zlib.error) else type(error)
            damaged += expected is zipfile.BadZipFile
            with pytest.raises(expected):
                _fast(bytes(content), 4096)
        else:
            assert _fast(bytes(content), 4096) == plain
    assert damaged > 100


def test_no_more_bytes_come_than_the_package_declares() -> None:
    content = bytearray(_packed(b"a" * 1000))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (400).to_bytes(4, "little")
    with pytest.raises(zipfile.BadZipFile, match="CRC"):
        _fast(bytes(content), -1)
