"""The parts of an xlsx package that are read directly: sheet list, date base, styles, properties.

Here: small parts read by pattern, and the checks made before any reader is let loose on a package
(bombs, entities). Not here: the cells (`workbook`, `sheetscan`).
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recon.intake.formats.refusals import RefusedError

if TYPE_CHECKING:
    from recon.intake.formats.sheetscan import StyleKind

#: Unpacked sizes from which a package is a bomb: with that ratio, and whatever its ratio.
BOMB_RATIO = 200
BOMB_FROM = 64 * 1024**2
BOMB_SIZE = 16 * 1024**3
MOST_SHEETS = 2000
_PART = 64 * 1024**2
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
_NUMBER_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)>")
_XF = re.compile(rb"<(?:\w+:)?xf\b([^>]*)>")
#: Built-in formats that the readers take for plain numbers, or for moments on the first day.
_CJK_DATES = {27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}
_MOMENTS = {14, 15, 16, 17, 22}
_SPANS = {18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56}


@dataclass(frozen=True)
class SheetPart:
    """One sheet of the list: its name, where its XML is, whether it is hidden or not cells."""

    name: str
    part: str
    hidden: bool
    is_cells: bool


@dataclass(frozen=True)
class Package:
    """What the small parts say."""

    sheets: tuple[SheetPart, ...]
    is_1904: bool
    styles: dict[bytes, StyleKind]


def check_package(archive: zipfile.ZipFile) -> None:
    """Refuse bombs before anything is unpacked.

    Raises:
        RefusedError: `bomb`.
    """
    packed = sum(item.compress_size for item in archive.infolist()) or 1
    unpacked = sum(item.file_size for item in archive.infolist())
    if unpacked > BOMB_SIZE or (unpacked > BOMB_FROM and unpacked > BOMB_RATIO * packed):
        raise RefusedError("bomb", f"{unpacked / 1024**2:,.0f} MB")


def read_package(archive: zipfile.ZipFile) -> Package:
    """Read the sheet list, the date base and the styles.

    Args:
        archive: The open package, already checked.

    Raises:
        RefusedError: `entities`, `sheets` or `corrupt`.
    """
    names = {name.lower(): name for name in archive.namelist()}
    if "xl/workbook.xml" not in names:
        raise RefusedError("corrupt", "xlsx")
    book = _part(archive, names["xl/workbook.xml"])
    relations = names.get("xl/_rels/workbook.xml.rels")
    targets = _targets(_part(archive, relations)) if relations else {}
    sheets = tuple(_sheet(found, targets, names) for found in _SHEET.findall(book))
    if len(sheets) > MOST_SHEETS:
        raise RefusedError("sheets", str(len(sheets)))
    for part in ("xl/sharedstrings.xml", *(sheet.part.lower() for sheet in sheets)):
        if part in names:
            with archive.open(names[part]) as stream:
                _refuse_entities(stream.read(4096))
    styles = names.get("xl/styles.xml")
    return Package(
        sheets,
        bool(re.search(rb"\bdate1904\s*=\s*[\"'](?:1|true)[\"']", book)),
        style_kinds(_part(archive, styles)) if styles else {},
    )


def creator(archive: zipfile.ZipFile) -> str:
    """Return who made the workbook, as its properties say; '' if they do not."""
    try:
        core = _part(archive, "docProps/core.xml")
    except (KeyError, zipfile.BadZipFile, zlib.error, RuntimeError, RefusedError):
        return ""
    found = re.search(rb"<dc:creator(?:\s[^>]*)?>([^<]*)</dc:creator>", core)
    return html.unescape(found[1].decode("utf-8", errors="replace")) if found else ""


def style_kinds(styles: bytes) -> dict[bytes, StyleKind]:
    """Find the cell styles whose numbers need our own reading as dates or times.

    Args:
        styles: The XML of the styles part.

    Returns:
        Style number as written in cells, and what it is.
    """
    codes: dict[int, str] = {}
    for tag in _NUMBER_FORMAT.findall(styles):
        values = _attributes(tag)
        if values.get("numFmtId", "").isdigit():
            codes[int(values["numFmtId"])] = values.get("formatCode", "")
    found = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    kinds: dict[bytes, StyleKind] = {}
    for place, tag in enumerate(_XF.findall(found[0]) if found else []):
        number = _attributes(tag).get("numFmtId", "0")
        kind = _kind(int(number) if number.isdigit() else 0, codes)
        if kind:
            kinds[str(place).encode()] = kind
    return kinds


def _kind(number: int, codes: dict[int, str]) -> StyleKind | None:
    """Judge one number format: Chinese built-in date, other date, time or duration, or a number."""
    code = codes.get(number)
    if code is None:
        if number in _CJK_DATES:
            return "date"
        if number in _MOMENTS:
            return "moment"
        return "span" if number in _SPANS else None
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.', "", code.split(";")[0]).lower()
    if re.search(r"\[(?:h+|m+|s+)\]", bare):
        return "span"
    bare = re.sub(r"\[[^\]]*\]|am/pm|a/p", "", bare)
    if "general" in bare or not re.search(r"[ymdhs]", bare) or re.search(r"[#?]", bare):
        return None
    return "moment" if re.search(r"[yd]", bare) or not re.search(r"[hs]", bare) else "span"


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read a small part and refuse entities in it."""
    with archive.open(name) as stream:
        content = stream.read(_PART)
    _refuse_entities(content[:4096])
    return content


def _refuse_entities(head: bytes) -> None:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise RefusedError("entities")


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode(): html.unescape((double or single).decode("utf-8", errors="replace"))
        for name, double, single in _ATTRIBUTE.findall(tag)
    }


def _targets(relations: bytes) -> dict[str, tuple[str, str]]:
    """Map relation ids to part names and relation types."""
    found = {}
    for tag in _RELATION.findall(relations):
        values = _attributes(tag)
        target = values.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        found[values.get("Id", "")] = (posixpath.normpath(path), values.get("Type", ""))
    return found


def _sheet(tag: bytes, targets: dict[str, tuple[str, str]], names: dict[str, str]) -> SheetPart:
    values = _attributes(tag)
    relation = next((text for key, text in values.items() if key.endswith(":id")), "")
    part, kind = targets.get(relation, ("", ""))
    return SheetPart(
        values.get("name", ""),
        names.get(part.lower(), ""),
        values.get("state", "visible") != "visible",
        kind.endswith("/worksheet") or not kind,
    )
