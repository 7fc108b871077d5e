"""`[[source]]` entries of recon.toml, written from what was recognised and from what was answered.

Here: adding and updating entries while everything else in the file stays as it is. Not here:
reading recon.toml (see `recon.workspace.recon_toml`), asking (`recon map`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.items import AoT

from recon.base.models import SourceMapping
from recon.base.temporary import write_whole
from recon.intake.layout.candidates import placed_name
from recon.intake.layout.header import normalise_header
from recon.intake.layout.mapping import covers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from recon.base.models import RawSheet
    from recon.intake.sheets.parsed import ParsedSheet


def save_mapping(path: Path, sheets: Iterable[ParsedSheet]) -> int:
    """Write one `[[source]]` entry per recognised sheet.

    An entry of the same file and sheet is updated; its unit, encoding and comments stay.

    Args:
        path: recon.toml; made if it is not there.
        sheets: Parsed sheets; left out are those without a table, empty forms, copies, those of
            which an entry for several files speaks rightly, and of a sheet that holds several
            tables all but the first: the others are found by content.

    Returns:
        How many entries were added or changed.
    """
    wanted = [
        (sheet.sheet, _entry(sheet))
        for sheet in sheets
        if sheet.found.table and sheet.sheet.part == 1 and not (sheet.is_blank or sheet.twin)
    ]
    return _write(path, wanted)


def save_answers(path: Path, answers: Sequence[tuple[RawSheet, SourceMapping]]) -> int:
    """Write what a person has said of some sheets; it wins over what recon.toml said before.

    Args:
        path: recon.toml; made if it is not there.
        answers: Each sheet with its entry; the entry's columns are added to those there are.

    Returns:
        How many entries were added or changed.
    """
    wanted = []
    for sheet, said in answers:
        entry: dict[str, Any] = _place(sheet)
        entry["table"] = said.table or ""
        if said.header_row:
            entry["header_row"] = said.header_row
        if said.columns:
            entry["columns"] = dict(said.columns)
        if said.unit:
            entry["unit"] = said.unit
        wanted.append((sheet, entry))
    return _write(path, wanted, is_said=True)


def _write(
    path: Path, wanted: Sequence[tuple[RawSheet, dict[str, Any]]], *, is_said: bool = False
) -> int:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    document = tomlkit.parse(text)
    entries = document.get("source")
    if not isinstance(entries, AoT):
        entries = tomlkit.aot()
        if text.strip():
            document.add(tomlkit.nl())
        document["source"] = entries
    changed = sum(_put(entries, sheet, entry, is_said=is_said) for sheet, entry in wanted)
    if changed:
        write_whole(path, tomlkit.dumps(document).encode("utf-8"))
    return changed


def _put(entries: AoT, sheet: RawSheet, wanted: dict[str, Any], *, is_said: bool) -> bool:
    """Update the entry of a sheet, or add one where the first that speaks of it is not its own."""
    speaking = [place for place, one in enumerate(entries) if covers(_source(one), sheet)]
    own = [place for place in speaking if _is_of(entries[place], wanted)]
    if own and own[0] == speaking[0]:
        return _update(entries[own[0]], wanted, is_said=is_said)
    if speaking and not is_said and _agrees(_source(entries[speaking[0]]), wanted):
        return False
    # What the entry for several files says of encoding and unit holds for this one too.
    base = _plain(entries[own[0] if own else speaking[0]]) if speaking else {}
    table = tomlkit.table()
    for key, value in {**base, **_where(wanted)}.items():
        table[key] = _table(value)
    if not own and "sheet" not in wanted:
        table.pop("sheet", None)
    _update(table, wanted, is_said=is_said)
    if own:
        del entries[own[0]]
    if speaking:
        entries.insert(speaking[0], table)
    else:
        entries.append(table)
    return True


def _where(wanted: dict[str, Any]) -> dict[str, Any]:
    return {key: wanted[key] for key in ("file", "sheet") if key in wanted}


def _agrees(source: SourceMapping, wanted: dict[str, Any]) -> bool:
    """Whether an entry for several files says what was found in one of them."""
    row = source.header_row
    return source.table == wanted["table"] and row in {None, wanted.get("header_row")}


def _update(entry: Any, wanted: dict[str, Any], *, is_said: bool) -> bool:  # noqa: ANN401
    """Write what is new into an entry; answers that nothing new contradicts stay."""
    changed = False
    same_table = _plain(entry.get("table")) == wanted["table"]
    for key, new in wanted.items():
        value = new
        if key == "columns":
            old = _plain(entry.get(key)) or {}
            value = _joined(old if same_table else {}, new, is_said=is_said)
        if _plain(entry.get(key)) != value:
            entry[key] = _table(value)
            changed = True
    if not same_table:
        for key in {"columns", "header_row"} - wanted.keys():
            changed = entry.pop(key, None) is not None or changed
    return changed


def _joined(old: dict[str, str], new: dict[str, str], *, is_said: bool) -> dict[str, str]:
    """Return the columns of an entry: what is new, and what was said of other headers."""
    headers = {normalise_header(header) for header in new}
    given = {column for column in new.values() if column}
    kept = {
        header: column
        for header, column in old.items()
        if normalise_header(header) not in headers and column not in given
    }
    return {**kept, **new} if is_said else {**new, **kept}


def _entry(sheet: ParsedSheet) -> dict[str, Any]:
    found = sheet.found
    entry: dict[str, Any] = _place(sheet.sheet)
    entry["table"] = found.table.name if found.table else ""
    if found.header_rows[0]:
        entry["header_row"] = found.header_rows[0]
    headers = [match.header for match in found.matches]
    keys = [normalise_header(one) for one in (*headers, *(one.header for one in found.unmapped))]
    entry["columns"] = {
        match.header
        if keys.count(normalise_header(match.header)) < 2
        else placed_name(match.letter, match.header): match.column
        for match in found.matches
    }
    if found.unit not in {None, "yuan"}:
        entry["unit"] = found.unit
    return entry


def _place(sheet: RawSheet) -> dict[str, Any]:
    place = {"file": literal(sheet.path)}
    if sheet.sheet is not None:
        place["sheet"] = literal(sheet.sheet)
    return place


def _is_of(entry: Any, wanted: dict[str, Any]) -> bool:  # noqa: ANN401 - any TOML value
    return all(entry.get(key) == wanted.get(key) for key in ("file", "sheet"))


def _source(entry: Any) -> SourceMapping:  # noqa: ANN401 - any TOML value
    return SourceMapping(**_plain(entry))


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
