"""`[[source]]` entries of recon.toml, written from what was recognised.

Here: adding and updating entries while everything else in the file stays as it is. Not here:
reading recon.toml (see `recon.workspace.recon_toml`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.items import AoT

from recon.base.temporary import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from recon.intake.sheets.parsed import ParsedSheet


def save_mapping(path: Path, sheets: Iterable[ParsedSheet]) -> int:
    """Write one `[[source]]` entry per recognised sheet.

    An entry of the same file and sheet is updated; its unit, encoding and comments stay.

    Args:
        path: recon.toml; made if it is not there.
        sheets: Parsed sheets; left out are those without a table, empty forms, copies, and of a
            sheet that holds several tables all but the first: the others are found by content.

    Returns:
        How many entries were added or changed.
    """
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    document = tomlkit.parse(text)
    entries = document.get("source")
    if not isinstance(entries, AoT):
        entries = tomlkit.aot()
        if text.strip():
            document.add(tomlkit.nl())
        document["source"] = entries
    changed = sum(
        _save(entries, sheet)
        for sheet in sheets
        if sheet.found.table and sheet.sheet.part == 1 and not (sheet.is_blank or sheet.twin)
    )
    if changed:
        write_whole(path, tomlkit.dumps(document).encode("utf-8"))
    return changed


def _save(entries: AoT, sheet: ParsedSheet) -> bool:
    wanted = _entry(sheet)
    for entry in entries:
        same = entry.get("file") == wanted["file"] and entry.get("sheet") == wanted.get("sheet")
        if same:
            changed = False
            for key, value in wanted.items():
                if _plain(entry.get(key)) != value:
                    entry[key] = _table(value)
                    changed = True
            return changed
    table = tomlkit.table()
    for key, value in wanted.items():
        table[key] = _table(value)
    entries.append(table)
    return True


def _entry(sheet: ParsedSheet) -> dict[str, Any]:
    found = sheet.found
    entry: dict[str, Any] = {"file": literal(sheet.sheet.path)}
    if sheet.sheet.sheet is not None:
        entry["sheet"] = literal(sheet.sheet.sheet)
    entry["table"] = found.table.name if found.table else ""
    if found.header_rows[0]:
        entry["header_row"] = found.header_rows[0]
    entry["columns"] = {match.header: match.column for match in found.matches}
    if found.unit not in {None, "yuan"}:
        entry["unit"] = found.unit
    return entry


def literal(name: str) -> str:
    """Return a pattern that means one name: signs that a pattern would read as its own are guarded.

    Args:
        name: Path of a file, or name of a sheet.
    """
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any TOML value
    return value.unwrap() if hasattr(value, "unwrap") else value


def _table(value: Any) -> Any:  # noqa: ANN401 - any TOML value
    if not isinstance(value, dict):
        return value
    table = tomlkit.inline_table()
    table.update(value)
    return table
