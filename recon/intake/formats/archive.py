"""Members of zip and gzip files, unpacked in memory under limits.

Nothing is ever written to a path that an archive names. Not here: reading what is inside.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from recon.intake.formats.listing import EXTENSIONS
from recon.intake.formats.package import BOMB_FROM, BOMB_RATIO, creator
from recon.intake.formats.refusals import RefusedError

if TYPE_CHECKING:
    from recon.intake.formats.refusals import Code

_MOST_MEMBERS = 10_000
_STEP = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError)
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Member:
    """One data file of an archive, or why it cannot be read."""

    name: str
    index: int
    code: Code | None = None
    detail: str = ""


def members_of(content: bytes, memory: int) -> list[Member]:
    """List the members of a zip that look like data, and the first of the others, sorted by name.

    Args:
        content: The archive.
        memory: Bytes that one member may unpack to.

    Raises:
        RefusedError: `truncated`, `bomb` or `corrupt` when the archive as a whole is no good.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN:
        raise RefusedError("truncated") from None
    with archive:
        listed = archive.infolist()
        if len(listed) > _MOST_MEMBERS:
            raise RefusedError("bomb", f"{len(listed):,} members")
        total = sum(item.file_size for item in listed)
        if total > BOMB_FROM and total > BOMB_RATIO * max(len(content), 1):
            raise RefusedError("bomb", f"{total / 1024**2:,.0f} MB")
        found = [
            _member(item, index, memory)
            for index, item in enumerate(listed)
            if not item.is_dir() and _is_data(_name(item))
        ]
        names = sorted(_name(item) for item in listed if not item.is_dir())
        unread = [name for name in names if not _is_data(name) and not _is_hidden(name)]
    if unread:
        found.append(Member(unread[0], 0, "unread", str(len(unread))))
    return sorted(found, key=lambda member: member.name)


def content_of(member: Member, content: bytes) -> bytes:
    """Unpack one member.

    Args:
        member: As listed.
        content: The archive.

    Raises:
        RefusedError: `corrupt` or `bomb` (it unpacks to more than it declares).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            item = archive.infolist()[member.index]
            with archive.open(item) as stream:
                unpacked = stream.read(item.file_size + 1)
    except _BROKEN:
        raise RefusedError("corrupt", "zip") from None
    if len(unpacked) > item.file_size:
        raise RefusedError("bomb", f"{len(unpacked) / 1024**2:,.0f} MB")
    return unpacked


def unpack_gz(content: bytes, memory: int) -> bytes:
    """Unpack a gzip file.

    Args:
        content: The file.
        memory: Bytes that it may unpack to.

    Raises:
        RefusedError: `bomb`, `truncated` or `corrupt`.
    """
    parts: list[bytes] = []
    size = 0
    rest = content
    while rest.startswith(b"\x1f\x8b"):
        stream = zlib.decompressobj(wbits=31)
        try:
            while not stream.eof:
                piece = stream.decompress(rest, _STEP)
                rest = stream.unconsumed_tail
                size += len(piece)
                if size > memory or (size > BOMB_FROM and size > BOMB_RATIO * len(content)):
                    raise RefusedError("bomb", f"> {size / 1024**2:,.0f} MB")
                if not piece and not rest and not stream.eof:
                    raise RefusedError("truncated")
                parts.append(piece)
        except zlib.error:
            raise RefusedError("corrupt", "gzip") from None
        rest = stream.unused_data
    return b"".join(parts)


def is_own_output(content: bytes) -> bool:
    """Whether a workbook was made by this tool (its properties name it as creator)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return creator(archive) == "recon"
    except _BROKEN:
        return False


def _member(item: zipfile.ZipInfo, index: int, memory: int) -> Member:
    """Judge one member before it is unpacked."""
    name = _name(item)
    if item.flag_bits & _ENCRYPTED:
        return Member(name, index, "encrypted_zip")
    if item.file_size > memory:
        return Member(name, index, "memory", f"{memory / 1024**3:.1f} GB")
    if item.file_size > BOMB_FROM and item.file_size > BOMB_RATIO * max(item.compress_size, 1):
        return Member(name, index, "bomb", f"{item.file_size / 1024**2:,.0f} MB")
    return Member(name, index)


def _is_data(name: str) -> bool:
    return not _is_hidden(name) and PurePosixPath(name).suffix.lower() in EXTENSIONS


def _is_hidden(name: str) -> bool:
    path = PurePosixPath(name)
    is_litter = path.name.lower() in {"thumbs.db", "desktop.ini"}
    return is_litter or any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)


def _name(item: zipfile.ZipInfo) -> str:
    """Return a member's name; without the flag for UTF-8 the bytes tell which encoding it is.

    Windows in China writes GBK, macOS and some programs UTF-8. GBK may pass for UTF-8 of two bytes
    a sign, hardly ever for one of three bytes, which every Chinese sign has.
    """
    name = item.filename
    if not item.flag_bits & _UTF8_NAME and not name.isascii():
        raw = _bytes_of(name)
        for codec, first in (("utf-8", "\u0800"), ("gb18030", "")):
            try:
                decoded = raw.decode(codec)
            except UnicodeError:
                continue
            if decoded and max(decoded) >= first:
                name = decoded
                break
    parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", ".", ".."}]
    return "/".join(parts)


def _bytes_of(name: str) -> bytes:
    """Return the bytes of a name that was taken for code page 437; none where it was not."""
    try:
        return name.encode("cp437")
    except UnicodeError:
        return b""
