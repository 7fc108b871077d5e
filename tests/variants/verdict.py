"""What the reader makes of a variant: the same sums, a question, a refusal, or other sums.

Not here: the variants (`files`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import RawSheet
from recon.intake.formats.letters import letter_of
from recon.intake.sheets.understanding import understand_parts
from recon.tables.registry import specs

if TYPE_CHECKING:
    from recon.intake.sheets.parsed import ParsedSheet
    from tests.variants.files import File


def verdict(one: File) -> tuple[str, str]:
    """Read a variant.

    Args:
        one: The file.

    Returns:
        same, asked, refused, left (a column that may be absent is), other table or other sums; and
        what was read otherwise.
    """
    parts = understand_parts(_sheet(one))
    claimed = [part for part in parts if part.found.table is not None]
    if not claimed:
        said = any(part.found.question or part.found.notes for part in parts)
        return ("asked", "") if said else ("silent", "left out without a word")
    if {part.found.table.name for part in claimed if part.found.table} != {one.table}:
        tables = {part.found.table.name for part in claimed if part.found.table}
        return _elsewhere(claimed, tables)
    return _compared(one, claimed)


def _elsewhere(claimed: list[ParsedSheet], tables: set[str]) -> tuple[str, str]:
    accepted = sum(part.rows_accepted for part in claimed)
    return ("other table" if accepted else "refused"), "、".join(sorted(tables))


def _compared(one: File, claimed: list[ParsedSheet]) -> tuple[str, str]:
    refused = left = False
    money = {c.name for c in specs()[one.table].columns if c.kind == "money"}
    wanted = dict(one.sums)
    if one.table == "bank_txn":
        money -= {"amount"}
    rejected = sum(part.rejected.height for part in claimed)
    for name in sorted(money):
        got = sum((_sum(part, name) for part in claimed), Decimal(0))
        there = any(name in part.columns for part in claimed)
        if name not in wanted:
            if not wanted or got:
                return "other sums", f"{name} {got}"
            continue
        if got == wanted[name]:
            continue
        if not there and name in one.free:
            left = True
        elif rejected and abs(got) <= abs(wanted[name]):
            refused = True
        else:
            return "other sums", f"{name} {got}, truth {wanted[name]}"
    return ("refused" if refused else "left" if left else "same"), ""


def _sum(part: ParsedSheet, name: str) -> Decimal:
    if part.accepted is None or name not in part.accepted.columns:
        return Decimal(0)
    return Decimal(part.accepted[name].cast(pl.Decimal(38, 2)).sum() or 0)


def _sheet(one: File) -> RawSheet:
    lines = one.lines()
    width = max(map(len, lines))
    letters = [letter_of(at) for at in range(width)]
    cells: dict[str, list[object]] = {"row_no": list(range(1, len(lines) + 1))}
    for at, letter in enumerate(letters):
        cells[letter] = [(line[at] or None) if at < len(line) else None for line in lines]
    schema = {"row_no": pl.Int64(), **dict.fromkeys(letters, pl.String())}
    frame = pl.DataFrame(cells, schema=schema)
    return RawSheet(1, "数据.xlsx", "Sheet1", hidden=False, cells=frame, rows_total=len(lines))
