"""The one table of amounts: findings and leads, confirmed and unconfirmed, never added up.

Not here: where it stands (see `inspection`, `problems`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS, Text
from recon.base.texts import DIRECTIONS, say
from recon.report.blocks import Figures
from recon.report.standing import once, total

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.report.blocks import Cell, CellKind

_HEADERS = (
    Text("方向", "direction"),
    Text("问题数", "findings"),
    Text("认定（参数已确认）", "found, confirmed"),
    Text("认定（参数未确认）", "found, unconfirmed"),
    Text("已收回", "recovered"),
    Text("线索数", "leads"),
    Text("线索（参数已确认）", "leads, confirmed"),
    Text("线索（参数未确认）", "leads, unconfirmed"),
)

_KINDS: tuple[CellKind, ...] = (
    "text", "count", "money", "money", "money", "count", "money", "money",
)  # fmt: skip
_WIDTHS = (11, 8, 14, 14, 13, 8, 16, 16)
_FOUND, _LEADS = (1, 2, 3, 4), (5, 6, 7)


def amounts_by_direction(rows: pl.DataFrame, *, with_empty: bool = False) -> Figures:
    """Return amounts by direction.

    Money that another exception counts is left out; directions without a claim (待核实, 逾期未享受)
    show their leads and enter no total.

    Args:
        rows: Rows of a `Standing`.
        with_empty: Whether directions without a row and columns without a figure are shown.

    Returns:
        One row per direction. Units: yuan.
    """
    money = once(rows)
    present = set(money["direction"])
    wanted = [
        code
        for code in DIRECTIONS
        if code in present or (with_empty and code in DEFINITE_DIRECTIONS)
    ]
    cells = [tuple(_cells(code, money)) for code in wanted]
    kept = [0, *(_FOUND if with_empty or (rows["standing"] == "finding").any() else ())]
    kept += _LEADS if with_empty or (rows["standing"] == "lead").any() else ()
    return Figures(
        tuple(say(_HEADERS[place]) for place in kept),
        tuple(_KINDS[place] for place in kept),
        tuple(_WIDTHS[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in cells),
    )


def _cells(direction: str, money: pl.DataFrame) -> Iterable[Cell]:
    mine = money.filter(pl.col("direction") == direction)
    found, leads = (mine.filter(pl.col("standing") == name) for name in ("finding", "lead"))
    sure = ~pl.col("unverified_policy")
    yield say(DIRECTIONS[direction])
    yield found.height
    yield total(found.filter(sure), "confirmed_amount")
    yield total(found.filter(~sure), "confirmed_amount")
    yield total(found, "recovered")
    yield leads.height
    yield total(leads.filter(sure), "amount")
    yield total(leads.filter(~sure), "amount")
