"""Columns in which every cell is written the plainest way: one test and one conversion.

Most columns of an export are such; what is not is left to the readers of `columns`, which give the
same answer for these columns, more slowly. Not here: any other way of writing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.values.words import DRESSED, UNEVEN, are_clean_codes, read_choices

if TYPE_CHECKING:
    from recon.tables.base import ColumnSpec

#: A number that a spreadsheet shows in scientific notation: its digits are lost.
CUT = r"^[0-9]\.[0-9]{3,}[Ee]\+[0-9]{2}$"
_DAY = r"^(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$"
#: What every cell must look like.
_SHAPES = {
    "money": r"^-?[0-9]{1,16}(?:\.[0-9]{1,2})?$",
    "qty": r"^-?[0-9]{1,12}(?:\.[0-9]{1,6})?$",
    "rate": r"^-?[0-9]{1,12}(?:\.[0-9]{1,6})?$",
    "int": r"^-?[0-9]{1,18}$",
    "date": _DAY,
    "datetime": _DAY,
    "month": r"^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])$",
}
_CODES = frozenset({"uscc", "id_no", "account", "card", "plate"})
#: What no cell of a text may look like.
_DRESSED_TEXT = f"{DRESSED}|{UNEVEN}|{CUT}"


def read_plain(column: ColumnSpec, cells: pl.Series) -> pl.Series | None:
    """Read a column whose cells are all plain.

    Args:
        column: What the column is; its numbers are in the unit of the contract.
        cells: Raw texts; null is a blank cell.

    Returns:
        Values of the column's type; None when some cell is not plain, or blank with a default.
    """
    if column.default is not None and cells.null_count():
        return None
    if column.kind == "enum":
        return cells if set(cells) <= _choices(column) else None
    if column.kind in _CODES:
        return cells if are_clean_codes(cells) else None
    shape = _SHAPES.get(column.kind)
    if shape is None:
        is_text = column.kind == "text"
        return cells if is_text and not cells.str.contains(_DRESSED_TEXT).any() else None
    if not cells.str.contains(shape).all():
        return None
    values = _converted(cells, column)
    return values if values.null_count() == cells.null_count() else None


def _converted(cells: pl.Series, column: ColumnSpec) -> pl.Series:
    match column.kind:
        case "money" | "qty" | "rate":
            return cells.cast(column.dtype, strict=False)
        case "int":
            return cells.str.to_integer(strict=False)
        case "date":
            return cells.str.to_date("%Y-%m-%d", strict=False, exact=True)
        case "datetime":
            return cells.str.to_datetime("%Y-%m-%d", strict=False, exact=True, time_unit="us")
        case _:  # a month
            return (cells + "-01").str.to_date("%Y-%m-%d", strict=False, exact=True)


@lru_cache(maxsize=512)
def _choices(column: ColumnSpec) -> frozenset[str | None]:
    """Return the values of an enum that are read as they stand, and the blank cell."""
    values = pl.Series("text", column.values, dtype=pl.String)
    read = read_choices(values, column)
    is_same = (read == values) & ~values.str.contains(f"{DRESSED}|{UNEVEN}")
    return frozenset([None, *values.filter(is_same)])
