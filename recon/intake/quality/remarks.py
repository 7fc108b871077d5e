"""What is said about the cells of one sheet: rejected rows with reasons, and quality items.

Here: unreadable, empty and odd cells, totals that do not add up, ragged lines. Not here: checks of
readable values (see `validation`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import RawSheet, Text
from recon.intake.quality.items import items, placed
from recon.intake.quality.ragged import overlong_rows, ragged_items
from recon.intake.quality.totals import tie_totals
from recon.intake.values.columns import FLAGS, REASONS, Parsed
from recon.intake.values.directions import sides_of
from recon.intake.values.years import MONTH_DAY

if TYPE_CHECKING:
    from recon.base.models import Lang
    from recon.intake.layout.mapping import SheetMap
    from recon.intake.quality.totals import Untied
    from recon.tables.base import ColumnSpec, TableSpec

_EMPTY = Text("必填，为空", "required and empty")
_NONE_GIVEN = Text("金额各列都为空，至少要有一个", "no amount in any of the columns; one is needed")
_IN_ERROR = Text("单元格是错误值", "the cell holds an error value")
_NO_CACHE = Text("公式没有缓存结果，请在表格软件中打开并重新保存", "formula without a saved result")
_NO_YEAR = Text(
    "只有月日，不能确定是哪一年；请在表的上方写明起止日期，或补上年份",
    "month and day only, and more than one year fits; state first and last day above the table, or "
    "add the year",
)
_NO_MONTH_YEAR = Text(
    "只有月份，没有年份；请在表的上方或文件名中写明是哪一年",
    "a month only; state its year above the table or in the file's name",
)
_BARE_MONTH = r"^\s*[0-9]{1,2}\s*月份?\s*$"
#: Stands in the raw text of a formula without a saved result.
NO_CACHE_MARK = "=?"


@dataclass(frozen=True)
class Cells:
    """One contract column of one sheet: where it stands and what was read."""

    column: ColumnSpec
    letter: str | None
    header: str
    raw: pl.Series
    parsed: Parsed
    in_error: pl.Series
    unmet: pl.Series | None = None

    @property
    def fails(self) -> pl.Series:
        """Rows that this column sets aside."""
        if self.unmet is not None:
            return self.unmet
        return (
            self.parsed.values.is_null()
            if self.column.required
            else pl.zeros(len(self.raw), dtype=pl.Boolean, eager=True)
        )


def with_groups(table: TableSpec, cells: list[Cells]) -> list[Cells]:
    """Mark the rows in which no column of a group that must give one was read.

    Args:
        table: The table.
        cells: All its columns.

    Returns:
        The same; in such a row each unreadable cell is to blame, else the first column given.
    """
    for names in table.one_of.values():
        group = [one for one in cells if one.column.name in names]
        unmet = group[0].parsed.values.is_null()
        for one in group[1:]:
            unmet = unmet & one.parsed.values.is_null()
        if not unmet.any():
            continue
        unread = pl.any_horizontal([one.parsed.bad for one in group])
        empty = unmet & ~pl.select(unread).to_series()
        first = next((one for one in group if one.letter), group[0])
        marked = {
            one.column.name: replace(
                one,
                unmet=(unmet & one.parsed.bad) | empty if one is first else unmet & one.parsed.bad,
            )
            for one in group
        }
        cells = [marked.get(one.column.name, one) for one in cells]
    return cells


def _reason(one: Cells) -> tuple[pl.Expr, pl.Expr]:
    """Return why a cell was not read, zh and en, as expressions over `raw` and `in_error`."""
    unread = REASONS.get(one.column.kind, _EMPTY)
    empty = _EMPTY if one.unmet is None else _NONE_GIVEN

    has_no_year = pl.lit(value=False)
    if one.column.kind in {"date", "datetime"}:
        has_no_year = pl.col("raw").str.contains(MONTH_DAY).fill_null(value=False)

    is_bare_month = pl.lit(value=False)
    if one.column.kind == "month":
        is_bare_month = pl.col("raw").str.contains(_BARE_MONTH).fill_null(value=False)

    def told(lang: Lang) -> pl.Expr:
        return (
            pl.when(pl.col("raw") == NO_CACHE_MARK)
            .then(pl.lit(_NO_CACHE.in_(lang)))
            .when("in_error")
            .then(pl.lit(_IN_ERROR.in_(lang)))
            .when(pl.col("bad") & has_no_year)
            .then(pl.lit(_NO_YEAR.in_(lang)))
            .when(pl.col("bad") & is_bare_month)
            .then(pl.lit(_NO_MONTH_YEAR.in_(lang)))
            .when("bad")
            .then(pl.lit(unread.in_(lang)))
            .otherwise(pl.lit(empty.in_(lang)))
        )

    return told("zh"), told("en")


def rejected_rows(
    sheet: RawSheet,
    found: SheetMap,
    row_nos: pl.Series,
    cells: list[Cells],
    marks: tuple[pl.Series, pl.Series],
) -> pl.DataFrame:
    """Set rows aside: one item per row with its first bad cell and all reasons.

    Args:
        sheet: The sheet as it was read.
        found: Its table and columns.
        row_nos: Physical row numbers of the rows under the header.
        cells: All contract columns over these rows.
        marks: Marks of the rows to set aside, and of those whose cells have moved.
    """
    failing, overlong = marks
    if not failing.any() or found.table is None:
        return items()
    parts = []
    if overlong.any():
        parts.append(overlong_rows(sheet, found, row_nos.filter(overlong)))
    for one in cells:
        fails = one.fails & failing
        if not fails.any():
            continue
        zh, en = _reason(one)
        header = one.header or one.column.zh
        part = pl.DataFrame(
            {
                "row_no": row_nos,
                "raw": one.raw,
                "bad": one.parsed.bad,
                "in_error": one.in_error,
                "fails": fails,
            }
        )
        parts.append(
            part.filter("fails").select(
                "row_no",
                pl.lit(one.letter, dtype=pl.String).alias("column_letter"),
                pl.lit(header).alias("header"),
                pl.col("raw").alias("value"),
                pl.concat_str(pl.lit(f"{header}："), zh).alias("reason"),
                pl.concat_str(pl.lit(f"{header}: "), en).alias("reason_en"),
                pl.lit(one.column.shown_as).alias("kind"),
            )
        )
    first = (
        pl.concat(parts)
        .group_by("row_no", maintain_order=True)
        .agg(
            pl.col("column_letter", "header", "value").first(),
            pl.col("reason").str.join("；"),
            pl.col("reason_en").str.join("; "),
            pl.col("kind").first(),
        )
    )
    return placed(first.sort("row_no"), sheet, found.table.name, "unreadable")


def quality_items(
    sheet: RawSheet,
    found: SheetMap,
    row_nos: pl.Series,
    cells: list[Cells],
    classes: tuple[pl.DataFrame, pl.Series],
) -> pl.DataFrame:
    """Remark on the cells of accepted rows, on totals and on ragged lines.

    Args:
        sheet: The sheet as it was read.
        found: Its table and columns.
        row_nos: Physical row numbers of the rows under the header.
        cells: All contract columns over these rows.
        classes: What `classify_rows` returned, and marks of the accepted rows.
    """
    rows, accepted = classes
    table = found.table
    if table is None:
        return items()
    made = []
    for one in cells:
        marks: list[tuple[str, pl.Series, Text | None]] = [("unreadable", one.parsed.bad, None)]
        marks += [(check, mask, FLAGS[check]) for check, mask in one.parsed.flags]
        cut = [row for row, letter in sheet.cut_numbers if letter == one.letter]
        if cut and one.column.kind in {"text", "uscc", "id_no", "account", "card"}:
            marks.append(("number_cut", row_nos.is_in(cut), FLAGS["number_cut"]))
        made += [
            _marked(sheet, table, row_nos, one, (check, mask & accepted, text))
            for check, mask, text in marks
            if (mask & accepted).any()
        ]
    values = {one.column.name: one.parsed.values for one in cells if one.column.kind == "money"}
    values |= sides_of({one.column.name: one.parsed.values for one in cells}, table)
    body = sheet.under(found.header_rows[-1])
    made.append(_untied(sheet, table, cells, tie_totals(rows, values, found, body)))
    made.append(ragged_items(sheet, table, found, row_nos.filter(accepted)))
    return pl.concat(made).unique(
        ["row_no", "column_letter", "check"], keep="first", maintain_order=True
    )


def _marked(
    sheet: RawSheet,
    table: TableSpec,
    row_nos: pl.Series,
    one: Cells,
    mark: tuple[str, pl.Series, Text | None],
) -> pl.DataFrame:
    check, mask, text = mark
    zh, en = _reason(one) if text is None else (pl.lit(text.zh), pl.lit(text.en))
    part = pl.DataFrame(
        {"row_no": row_nos, "raw": one.raw, "bad": one.parsed.bad, "in_error": one.in_error}
    )
    rows = part.filter(mask).select(
        "row_no",
        pl.lit(one.letter, dtype=pl.String).alias("column_letter"),
        pl.lit(one.header or one.column.zh).alias("header"),
        pl.col("raw").alias("value"),
        zh.alias("reason"),
        en.alias("reason_en"),
        pl.lit(one.column.shown_as).alias("kind"),
    )
    return placed(rows, sheet, table.name, check)


def _untied(
    sheet: RawSheet, table: TableSpec, cells: list[Cells], found: tuple[Untied, ...]
) -> pl.DataFrame:
    places = {one.column.name: one for one in cells}
    rows: list[dict[str, object]] = []
    for one in found:
        place = places.get(one.column or "")
        if place is not None and place.letter is None:
            place = places.get("amount", place)
        what = one.label or "合计"
        rows.append(
            {
                "file": sheet.path,
                "sheet": sheet.sheet,
                "row_no": one.row_no,
                "table_name": table.name,
                "column_letter": place.letter if place else None,
                "header": place.header if place else what,
                "value": str(one.stated),
                "reason": f"“{what}”为{one.stated}，明细相加为{one.summed}，"
                f"相差{one.stated - one.summed}",
                "reason_en": f"“{what}” says {one.stated}, the rows add up to {one.summed}: "
                f"difference {one.stated - one.summed}",
                "check": "total_tied" if place else "count_tied",
                "kind": "money" if place else "int",
            }
        )
    return items(rows)
