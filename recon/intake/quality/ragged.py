"""Lines of a separated text that have another number of fields than the rest.

Here: which of them are set aside because their cells have moved, and what is said about the others.
Not here: counting fields (`delimited`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.intake.formats.letters import index_of
from recon.intake.quality.items import items
from recon.intake.values.words import nowhere

if TYPE_CHECKING:
    from recon.base.models import RawSheet
    from recon.intake.layout.mapping import SheetMap
    from recon.tables.base import TableSpec


def is_overlong(sheet: RawSheet, found: SheetMap, body: pl.DataFrame) -> pl.Series:
    """Mark lines with text in more fields than the header has: some of their cells have moved.

    Args:
        sheet: The sheet as it was read.
        found: Its header and columns.
        body: The cells under the header.
    """
    width = _width(sheet, found) if sheet.ragged else 0
    longer = [row for row, fields in sheet.ragged if fields > width]
    beyond = _beyond(sheet, found) if longer else []
    if not beyond:
        return nowhere(body["row_no"])
    filled = [pl.col(one).str.contains(r"\S").fill_null(value=False) for one in beyond]
    return body.select(pl.col("row_no").is_in(longer) & pl.any_horizontal(filled)).to_series()


def overlong_rows(sheet: RawSheet, found: SheetMap, rows: pl.Series) -> pl.DataFrame:
    """Return the reason of rows that are set aside for being too long.

    Args:
        sheet: The sheet as it was read.
        found: Its header and columns.
        rows: Their physical row numbers.
    """
    fields, width = dict(sheet.ragged), _width(sheet, found)
    numbers = [fields[row] for row in rows]
    return pl.DataFrame({"row_no": rows, "value": [str(one) for one in numbers]}).select(
        "row_no",
        pl.lit(None, dtype=pl.String).alias("column_letter"),
        pl.lit("").alias("header"),
        "value",
        pl.format(
            "该行有{}个字段，表头只有{}个：有内容错了列（多半是文字里的逗号没有加引号），"
            "请在源文件中改正这一行",
            "value",
            pl.lit(width),
        ).alias("reason"),
        pl.format(
            "this line has {} fields and the header {}: cells have moved, most likely by a comma "
            "in a text without quotes; correct the line in the file",
            "value",
            pl.lit(width),
        ).alias("reason_en"),
        pl.lit("int").alias("kind"),
    )


def ragged_items(
    sheet: RawSheet, table: TableSpec, found: SheetMap, rows: pl.Series
) -> pl.DataFrame:
    """Tell lines of another width; under a long preamble the header's width is the usual one.

    Args:
        sheet: The sheet as it was read.
        table: Its table.
        found: Its header and columns.
        rows: Row numbers of the data that stayed.
    """
    usual = dict(sheet.ragged).get(found.header_rows[-1])
    known = set(rows.to_list()) if sheet.ragged else set()
    told: list[dict[str, object]] = [
        {
            "file": sheet.path,
            "sheet": sheet.sheet,
            "row_no": row_no,
            "table_name": table.name,
            "value": str(fields),
            "reason": f"该行有{fields}个字段，与其他行不同，请核对是否错列",
            "reason_en": f"this line has {fields} fields, unlike the others; "
            "check for shifted cells",
            "check": "ragged_row",
            "kind": "int",
        }
        for row_no, fields in sheet.ragged
        if row_no in known and fields != usual
    ]
    return items(told)


def _width(sheet: RawSheet, found: SheetMap) -> int:
    """Count the fields up to the last one that the header names."""
    lines = sheet.cells.filter(pl.col("row_no").is_in(list(found.header_rows)))
    named = [one for one in lines.columns[1:] if lines[one].str.contains(r"\S").any()]
    return max((index_of(one) + 1 for one in named), default=0)


def _beyond(sheet: RawSheet, found: SheetMap) -> list[str]:
    width = _width(sheet, found)
    return [one for one in sheet.cells.columns[1:] if index_of(one) >= width]
