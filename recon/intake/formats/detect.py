"""The true type of a file, judged by its bytes and never by its name.

Here: signatures of containers (zip, OLE, gzip, Parquet) and of text that only pretends to be a
workbook (HTML, SpreadsheetML). Not here: the encoding of text (`encoding`), reading (`reader`).
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Literal

from recon.intake.formats.biff import has_password

if TYPE_CHECKING:
    from pathlib import Path

TrueType = Literal[
    "xlsx",
    "xlsb",
    "xls",
    "ods",
    "html",
    "xml_sheet",
    "xml",
    "json",
    "text",
    "zip",
    "gz",
    "parquet",
    "encrypted",
    "ancient",
    "document",
    "fods",
    "pdf",
    "picture",
    "rar",
    "7z",
    "database",
    "empty",
    "unknown",
]

#: Types that the reading process reads.
READ_BY_PROCESS: frozenset[str] = frozenset(
    {"xlsx", "xlsb", "xls", "ods", "html", "xml_sheet", "xml", "json", "encrypted"}
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PARQUET = b"PAR1"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
#: First record of a workbook stream: BIFF2, BIFF3, BIFF4 and the BIFF4 workspace.
_ANCIENT = {b"\x09\x00": "BIFF2", b"\x09\x02": "BIFF3", b"\x09\x04": "BIFF4"}
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|table|meta|style)\b", re.IGNORECASE)
_XML = re.compile(rb"<\?xml\b|<[A-Za-z_\x80-\xff][^<>\s/]*[\s/>]")
_SPREADSHEETML = re.compile(
    rb"urn:schemas-microsoft-com:office:spreadsheet|progid=\"Excel\.Sheet\"", re.IGNORECASE
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BINARY: dict[bytes, TrueType] = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"SQLite format 3": "database",
}
_FLAT_ODS = b"urn:oasis:names:tc:opendocument"
_HEAD = 65_536


def true_type(content: bytes) -> TrueType:  # noqa: PLR0911 (one return per type)
    """Say what the bytes of a file are.

    Args:
        content: The whole file.

    Returns:
        Its type. `xlsx` covers xlsm and the new `.et`, `xls` the old `.et`; `text` is anything that
        reads as lines of text, whatever its separator; `encrypted` is an OOXML package or an old
        workbook that needs a password to open.
    """
    if not content:
        return "empty"
    head = content[:_HEAD]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_type(content)
    if head.startswith(OLE):
        return _ole_type(content)
    if head.startswith(b"\x1f\x8b"):
        return "gz"
    if head.startswith(PARQUET):
        return "parquet"
    binary = next((kind for mark, kind in _BINARY.items() if head.startswith(mark)), None)
    if binary is not None:
        return binary
    return "ancient" if ancient_name(head) else _text_type(head)


def starts_parquet(path: Path) -> bool:
    """Whether a file is Parquet, which its first bytes say: it need not be read to know it.

    Args:
        path: The file.

    Raises:
        OSError: It cannot be opened.
    """
    with path.open("rb") as file:
        return file.read(len(PARQUET)) == PARQUET


def ancient_name(head: bytes) -> str | None:
    """Name the pre-1995 format of a bare workbook stream, or None if it is not one.

    Args:
        head: The first bytes of the file.
    """
    name = _ANCIENT.get(head[:2])
    if name and len(head) >= 4 and struct.unpack("<H", head[2:4])[0] in {4, 6, 8}:
        return name
    return None


def _zip_type(content: bytes) -> TrueType:  # noqa: PLR0911 (one return per type)
    """Tell an office package from a plain archive; a zip that cannot be listed is `zip` too."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            kind = b""
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype")
            encrypted = (
                "META-INF/manifest.xml" in names
                and kind.startswith(ODS_TYPE)
                and b"manifest:encryption-data" in _peek(archive, "META-INF/manifest.xml")
            )
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError):
        return _broken_zip_type(content)
    if encrypted:
        return "encrypted"
    if kind.startswith(ODS_TYPE):
        return "ods"
    lowered = {name.replace("\\", "/").lower() for name in names}
    if "xl/workbook.bin" in lowered:
        return "xlsb"
    if "xl/workbook.xml" in lowered:
        return "xlsx"
    if lowered & {"word/document.xml", "ppt/presentation.xml"} or kind.startswith(b"application/"):
        return "document"
    return "xlsx" if "[content_types].xml" in lowered else "zip"


def _peek(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read at most 64 KB of a member."""
    with archive.open(name) as member:
        return member.read(_HEAD)


def _broken_zip_type(content: bytes) -> TrueType:
    """Guess what a damaged archive was meant to be, so that its sentence names the right format."""
    if b"xl/" in content[:_HEAD] or b"[Content_Types].xml" in content[:_HEAD]:
        return "xlsx"
    return "ods" if ODS_TYPE in content[:200] else "zip"


def _ole_type(content: bytes) -> TrueType:
    """Tell workbooks from encrypted packages and other OLE documents by their stream names."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage") or has("EncryptionInfo"):
        return "encrypted"
    if has("Workbook") or has("Book"):
        return "encrypted" if has_password(content) else "xls"
    return "document" if has("WordDocument") or has("PowerPoint") else "xls"


def _text_type(head: bytes) -> TrueType:  # noqa: PLR0911 (one return per type)
    """Tell HTML, SpreadsheetML, other XML and JSON from plain text and from binary rubbish."""
    plain = _narrow(head).removeprefix(b"\xef\xbb\xbf")
    body = plain.lstrip()
    if not body:
        return "empty"
    if len(_CONTROL.findall(plain)) > len(plain) // 200:
        return "unknown"
    if body.startswith(b"<"):
        if _SPREADSHEETML.search(body[:4096]) and b"<Workbook" in body[:8192]:
            return "xml_sheet"
        if _FLAT_ODS in body[:4096]:
            return "fods"
        if _HTML.search(body[:4096]):
            return "html"
        if _XML.match(body):
            return "xml"
    if re.match(rb"[\[{]\s*[\"\[{\]}]", body):
        return "json"
    if re.search(rb"<table\b", body[:4096], re.IGNORECASE):
        return "html"
    return "text"


def _narrow(head: bytes) -> bytes:
    """Return UTF-16 text as UTF-8: half of its bytes could be taken for control characters."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="ignore").encode("utf-8")
    if not _looks_wide(head):
        return head
    is_little = head[1::2].count(b"\x00") * 2 > head.count(b"\x00")
    text = head.decode("utf-16-le" if is_little else "utf-16-be", errors="ignore")
    return text.encode("utf-8")


def _looks_wide(head: bytes) -> bool:
    """Whether text without a mark is UTF-16: zero bytes nearly all on one side of the pairs."""
    zeros = head.count(b"\x00")
    if zeros * 50 < len(head):
        return False
    odd = head[1::2].count(b"\x00")
    return max(odd, zeros - odd) * 20 >= zeros * 19
