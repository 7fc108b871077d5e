"""Records in XML or JSON, as the data standards of accounting programs prescribe (GB/T 24589).

Here: any XML or JSON whose elements repeat becomes one sheet per kind of element, its fields as
columns; fields that an outer element gives once (a voucher's date above its lines) stand on every
inner record. Not here: what a sheet is (`mapping` knows the standard's field names), SpreadsheetML
(`xml_sheet`).
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from recon.intake.formats.grid import Grid
from recon.intake.formats.refusals import RefusedError
from recon.intake.formats.workbook import SheetCells

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 40
_MOST_SHEETS = 500
Record = dict[str, str]


def read_xml_records(text: str) -> list[SheetCells]:
    """Read the records of an XML document.

    Args:
        text: The decoded file.

    Raises:
        RefusedError: `entities`, `corrupt`, or `foreign` when nothing in it repeats.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise RefusedError("entities")
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"), count=1)
    try:
        root = ET.fromstring(body)  # noqa: S314 (document types were refused above)
    except ET.ParseError:
        raise RefusedError("corrupt", "XML") from None
    return _sheets(_walk_xml(root, {}, 0), "XML")


def read_json_records(text: str) -> list[SheetCells]:
    """Read the records of a JSON document; numbers keep the digits that are written.

    Args:
        text: The decoded file.

    Raises:
        RefusedError: `corrupt`, or `foreign` when it holds no records.
    """
    try:
        root = json.loads(text.lstrip("\ufeff"), parse_float=Decimal)
    except (ValueError, RecursionError):
        raise RefusedError("corrupt", "JSON") from None
    return _sheets(_walk_json("1", root, {}, 0), "JSON")


def _walk_xml(node: ET.Element, outer: Record, depth: int) -> Iterator[tuple[str, Record]]:
    if depth > _DEEPEST:
        raise RefusedError("corrupt", "XML")
    own = {_bare(name): value for name, value in node.attrib.items()}
    own |= {_bare(one.tag): "".join(one.itertext()).strip() for one in node if not len(one)}
    nested = [one for one in node if len(one)]
    if not nested and depth:
        yield _bare(node.tag), outer | own
    for one in nested:
        yield from _walk_xml(one, outer | own, depth + 1)


def _walk_json(name: str, node: Any, outer: Record, depth: int) -> Iterator[tuple[str, Record]]:  # noqa: ANN401 (any JSON value)
    if depth > _DEEPEST:
        raise RefusedError("corrupt", "JSON")
    if isinstance(node, list):
        for one in node:
            yield from _walk_json(name, one, outer, depth + 1)
    elif isinstance(node, dict):
        own = {key: _plain(value) for key, value in node.items() if _is_leaf(value)}
        nested = {key: value for key, value in node.items() if not _is_leaf(value) and value}
        if not nested and depth:
            yield name, outer | own
        for key, value in nested.items():
            yield from _walk_json(key, value, outer | own, depth + 1)


def _is_leaf(value: Any) -> bool:  # noqa: ANN401 (any JSON value)
    return not isinstance(value, dict | list)


def _plain(value: Any) -> str:  # noqa: ANN401 (any JSON value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _bare(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _sheets(found: Iterator[tuple[str, Record]], kind: str) -> list[SheetCells]:
    """Lay the records out: one sheet per name, its fields in the order in which they turn up."""
    groups: dict[str, list[Record]] = {}
    for name, record in found:
        if len(record) > 1:
            groups.setdefault(name, []).append(record)
    if not groups:
        raise RefusedError("foreign", kind)
    if len(groups) > _MOST_SHEETS:
        raise RefusedError("sheets", str(len(groups)))
    sheets = []
    for name, records in groups.items():
        fields = {key: None for record in records for key in record}
        places = {key: place for place, key in enumerate(fields)}
        grid = Grid()
        for row_no, record in enumerate([dict(zip(fields, fields, strict=True)), *records], 1):
            for key, value in record.items():
                grid.put(row_no, places[key], value)
        sheets.append(SheetCells(name, hidden=False, table=grid.table(name)))
    return sheets
