"""Questions of `recon map --save` on a terminal: which table a sheet is, which column a header is.

Here: asking and turning answers into `[[source]]` entries. Not here: what is shown of a sheet
(`map_cmd`), writing recon.toml (`recon.intake.mapfile`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from recon.base.models import SourceMapping, Text
from recon.base.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recon.intake.layout.mapping import Unmapped
    from recon.intake.sheets.parsed import ParsedSheet
    from recon.tables.base import TableSpec

_MOST_TABLES = 5


def confirm_sheets(sheets: Sequence[ParsedSheet]) -> tuple[SourceMapping, ...]:
    """Ask about every sheet that is not certain.

    Args:
        sheets: Parsed sheets; only the first table of a sheet can be named in recon.toml.

    Returns:
        One entry per sheet about which something was answered.
    """
    answers = (_confirm(sheet) for sheet in sheets if sheet.sheet.part == 1 and not sheet.is_blank)
    return tuple(answer for answer in answers if answer is not None)


def _confirm(sheet: ParsedSheet) -> SourceMapping | None:
    from recon.intake.layout.mapping import place_of
    from recon.intake.mapfile import literal

    found = sheet.found
    if found.how in {"saved", "chart"}:
        return None
    place = place_of(sheet.sheet)
    table = found.table
    if table is None:
        if found.question is None:
            return None
        click.echo()
        click.echo(say(found.question))
        table = _ask_table(sheet)
        if table is None:
            return None
    columns: dict[str, str] = {}
    free = {column.name for column in table.columns} - set(found.letters)
    for one in found.unmapped:
        name = _ask_column(place, one, table, free)
        if name:
            columns[one.header] = name
            free.discard(name)
    if found.table is not None and not columns:
        return None
    name = sheet.sheet.sheet
    return SourceMapping(
        literal(sheet.sheet.path), literal(name) if name else None, table.name, columns=columns
    )


def _ask_table(sheet: ParsedSheet) -> TableSpec | None:
    from recon.intake.layout.candidates import candidates

    near = {one.table.name: one.table for one in candidates(sheet.sheet)}
    tables = list(near.values())[:_MOST_TABLES]
    for number, table in enumerate(tables, start=1):
        click.echo(f"  {number}  {table.zh} {table.name}")
    chosen = _ask(
        Text("是哪张表？输入序号，回车跳过", "Which table? Number, or Enter to skip"), tables
    )
    return tables[chosen - 1] if chosen else None


def _ask_column(place: str, one: Unmapped, table: TableSpec, free: set[str]) -> str | None:
    """Ask about a column that resembles a contract column which no other header gives."""
    by_zh = {column.zh: column.name for column in table.columns}
    names = [zh for zh in one.nearest if by_zh.get(zh) in free]
    if not names:
        return None
    listed = "  ".join(f"{number} {zh}" for number, zh in enumerate(names, start=1))
    click.echo(say(Text(f"{place}: 列“{one.header}”像是：{listed}",
                        f"{place}: column “{one.header}” may be: {listed}")))  # fmt: skip
    chosen = _ask(Text("是哪一个？输入序号，回车不用", "Which? Number, or Enter for none"), names)
    return by_zh[names[chosen - 1]] if chosen else None


def _ask(question: Text, choices: Sequence[object]) -> int:
    """Return the number chosen, 0 for none; anything else is asked again."""
    return int(
        click.prompt(
            say(question),
            type=click.IntRange(0, len(choices)),
            default=0,
            show_default=False,
        )
    )
