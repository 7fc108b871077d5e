"""Rejected rows and quality items: one shape, and the kind by which their values are masked.

Here: the columns of both frames. Not here: what makes an item (see `remarks`, `validation`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from recon.base.models import RawSheet

ITEM_SCHEMA: dict[str, pl.DataType] = {
    "file": pl.String(),
    "sheet": pl.String(),
    "row_no": pl.Int64(),
    "table_name": pl.String(),
    "column_letter": pl.String(),
    "header": pl.String(),
    "value": pl.String(),
    "reason": pl.String(),
    "reason_en": pl.String(),
    "check": pl.String(),
    "kind": pl.String(),
}
_NOTHING = pl.DataFrame(schema=ITEM_SCHEMA)


def items(rows: list[dict[str, object]] | None = None) -> pl.DataFrame:
    """Return a frame of rejected rows or quality items, empty by default."""
    return pl.DataFrame(rows, schema=ITEM_SCHEMA) if rows else _NOTHING.clone()


def placed(rows: pl.DataFrame, sheet: RawSheet, table: str, check: str) -> pl.DataFrame:
    """Add file, sheet, table and check to items of one sheet.

    Args:
        rows: row_no, column_letter, header, value, reason, reason_en, kind.
        sheet: Where they come from.
        table: The table's name.
        check: What was broken.
    """
    return rows.with_columns(
        pl.lit(sheet.path).alias("file"),
        pl.lit(sheet.sheet, dtype=pl.String).alias("sheet"),
        pl.lit(table).alias("table_name"),
        pl.lit(check).alias("check"),
    ).select([pl.col(name).cast(dtype) for name, dtype in ITEM_SCHEMA.items()])
