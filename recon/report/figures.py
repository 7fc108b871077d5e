"""Tables of amounts by direction, and how such reports write money and days.

Not here: where they stand (see `inspection`, `annexes`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, say, yuan
from recon.output.split import split
from recon.report.blocks import Figures

if TYPE_CHECKING:
    from decimal import Decimal

    from recon.report.blocks import Cell, CellKind

#: What one column of a table is: header, kind, width.
Column = tuple[Text, "CellKind", int]
_WAN = 10_000


def table(
    columns: tuple[Column, ...], cells: list[tuple[Cell, ...]], *, has_total: bool = False
) -> Figures:
    """Return a table in the spoken language."""
    headers, kinds, widths = zip(*columns, strict=True)
    return Figures(tuple(map(say, headers)), kinds, widths, tuple(cells), has_total)


def found_by_direction(findings: pl.DataFrame) -> Figures:
    """Return what was found, came back and is left, by direction.

    Args:
        findings: Rows of a `Standing` that reviewers confirmed.
    """
    cells: list[tuple[Cell, ...]] = [
        (
            say(DIRECTIONS.get(row["direction"], DIRECTIONS[""])),
            row["findings"],
            row["found"],
            row["recovered"],
            row["found"] - row["recovered"],
        )
        for row in split(findings).filter(pl.col("category") != "linked").iter_rows(named=True)
        if row["found"]
    ]
    return table(
        (
            (Text("方向", "direction"), "text", 22), (Text("条数", "lines"), "count", 12),
            (Text("认定金额（元）", "found (yuan)"), "money", 22),
            (Text("已办理（元）", "settled"), "money", 22),
            (Text("尚未办理（元）", "still due"), "money", 22),
        ),
        cells,
    )  # fmt: skip


def wan(amount: Decimal) -> Text:
    """Write money as such reports do: in 万元 from ten thousand on, to the fen.

    Example:
        >>> from decimal import Decimal
        >>> wan(Decimal("32090.00")).zh, wan(Decimal("100.00")).zh
        ('3.209万元', '100.00元')
    """
    if amount < _WAN:
        return Text(f"{yuan(amount)}元", f"{yuan(amount)} yuan")
    shown = f"{amount / _WAN:,.6f}".rstrip("0").rstrip(".")
    return Text(f"{shown}万元", f"{yuan(amount)} yuan")


def day(text: str) -> str:
    """Write a day or month as people do: 2024年3月5日, 2024年3月.

    Example:
        >>> day("2024-03-05"), day("2024-03")
        ('2024年3月5日', '2024年3月')
    """
    numbers = text.split("-")
    if not all(number.isdigit() for number in numbers):
        return text
    return "".join(f"{int(n)}{p}" for n, p in zip(numbers, "年月日", strict=False))
