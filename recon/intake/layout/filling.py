"""Cells that are blank because the cell above speaks for them.

Here: merged cells under the header, the further lines of a voucher whose date and number stand on
its first line only, and the further rows of a day that stands on its first row only. Amounts and
quantities are never filled: they would count twice. Not here: headers (`header`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.values.dates import read_moments
from recon.intake.values.derived import derive
from recon.intake.values.words import strip_texts

if TYPE_CHECKING:
    from recon.base.models import RawSheet
    from recon.intake.layout.mapping import SheetMap
    from recon.intake.values.dates import DateContext

_COUNTED = frozenset({"money", "qty", "rate", "int"})
_FROM_FIRST_LINE = ("entry_on", "voucher_no")
_AMOUNTS = ("debit", "credit")
#: Of so many rows at least one lacks its day where that is the way of the list.
_GAPS = 10
_BALANCE = ("opening", "debit", "credit", "closing")


def fill_down(sheet: RawSheet, found: SheetMap) -> RawSheet:
    """Fill cells that the cell above speaks for.

    Args:
        sheet: The sheet as it was read.
        found: Its table and columns.

    Returns:
        The sheet with these cells filled and a note that says how many.
    """
    filled = _merged(sheet, found)
    return _zeros(_vouchers(filled, found), found)


def _merged(sheet: RawSheet, found: SheetMap) -> RawSheet:
    kinds = found.table.by_name if found.table else {}
    texts = {one.letter for one in found.matches if kinds[one.column].kind not in _COUNTED}
    tall = [
        (top, bottom, left)
        for top, left, bottom, _ in sheet.merged
        if bottom > top > found.header_rows[-1] and left in texts
    ]
    if not tall:
        return sheet
    cells, count = sheet.cells, 0
    for letter in sorted({left for _, _, left in tall}):
        ranges = [(top, bottom) for top, bottom, left in tall if left == letter]
        tops = dict(
            cells.filter(pl.col("row_no").is_in([t for t, _ in ranges]))
            .select("row_no", letter)
            .iter_rows()
        )
        texts_by_row = {
            row_no: tops.get(top)
            for top, bottom in ranges
            for row_no in range(top + 1, min(bottom, top + 100_000) + 1)
        }
        own = pl.col("row_no").replace_strict(
            list(texts_by_row), list(texts_by_row.values()), default=None, return_dtype=pl.String
        )
        blank = cells.select(pl.col(letter).is_null() & own.is_not_null()).to_series()
        count += int(blank.sum())
        cells = cells.with_columns(pl.coalesce(pl.col(letter), own).alias(letter))
    return _noted(
        replace(sheet, cells=cells),
        count,
        Text(f"合并单元格的内容沿用到其下{count}个空格。",
             f"Merged cells speak for the {count} blank cells under them."),
    )  # fmt: skip


def _vouchers(sheet: RawSheet, found: SheetMap) -> RawSheet:
    """Give the further lines of a voucher the date and number of its first line."""
    if found.table is None or found.table.layout != "ledger":
        return sheet
    letters = found.letters
    account = [letters[name] for name in ("account_code", "account_name") if name in letters]
    amounts = [letters[name] for name in _AMOUNTS if name in letters]
    supplies = dict(found.supplies)
    amounts += [str(one.letters[0]) for name, one in supplies.items() if name in _AMOUNTS]
    keys = [letters[name] for name in _FROM_FIRST_LINE if name in letters]
    for name in ("entry_on", "voucher_no"):
        keys += [one for one in (supplies[name].letters if name in supplies else ()) if one]
    if not account or not amounts or not keys:
        return sheet
    is_under = pl.col("row_no") > found.header_rows[-1]
    blank = pl.all_horizontal(_is_blank(one) for one in keys)
    line = pl.all_horizontal(~_is_blank(one) for one in account)
    line &= pl.any_horizontal(~_is_blank(one) for one in amounts)
    wanted = sheet.cells.select(is_under & blank & line).to_series()
    if not wanted.any():
        return sheet
    above = sheet.cells.select(
        pl.when(is_under & ~blank).then(pl.col(one)).forward_fill().alias(one) for one in keys
    )
    cells = sheet.cells.with_columns(
        pl.when(wanted).then(above[one]).otherwise(pl.col(one)).alias(one) for one in keys
    )
    count = int(wanted.sum())
    return _noted(
        replace(sheet, cells=cells),
        count,
        Text(f"{count}条分录没有写日期和凭证号，沿用上一行的（同一凭证）。",
             f"{count} entries without date and number take those of the line above "
             "(the same voucher)."),
    )  # fmt: skip


def fill_days(
    body: pl.DataFrame, is_data: pl.Series, found: SheetMap, context: DateContext
) -> tuple[pl.DataFrame, Text | None]:
    """Give rows without a day that of the row above, where days stand on their first row only.

    That is so where the days that are written rise from row to row, each written once, and gaps are
    no rarity. Other rows without a day stay as they are, and are set aside for it.

    Args:
        body: The rows under the header.
        is_data: Which of them are data.
        found: The sheet's table and columns.
        context: What the sheet says about its dates.

    Returns:
        The rows, and a note that says how many were filled.
    """
    parts = _day_letters(found)
    if not any(body[one].null_count() for one in parts):
        return body, None
    kinds = found.table.by_name if found.table else {}
    letters: dict[bool, list[str]] = {True: [], False: []}
    for one in found.matches:
        if one.letter not in parts and kinds[one.column].kind not in {"date", "datetime"}:
            letters[kinds[one.column].kind in _COUNTED].append(one.letter)
    blank = pl.all_horizontal(map(_is_blank, parts))
    told = (pl.any_horizontal(pl.lit(value=False), *(~_is_blank(one) for one in letters[kind]))
            for kind in (True, False))  # fmt: skip
    wanted = body.select(is_data & blank & pl.all_horizontal(told)).to_series()
    written = body.select(is_data & ~_is_blank(parts[-1])).to_series()
    gaps = wanted | body.select(written & pl.any_horizontal(map(_is_blank, parts))).to_series()
    if not gaps.any() or int(gaps.sum()) * _GAPS < int(is_data.sum()) or int(written.sum()) < 2:
        return body, None
    carried = body.with_columns(
        pl.when(wanted | written)
        .then(pl.when(is_data & ~_is_blank(one)).then(pl.col(one)).forward_fill())
        .otherwise(pl.col(one))
        .alias(one)
        for one in parts
    )
    supply = next((one for _, one in found.supplies if one.how == "parts"), None)
    raw = derive(carried, supply, None) if supply else carried[parts[-1]]
    days, _ = read_moments(strip_texts(raw.filter(written)), context)
    steps = days.diff().drop_nulls().dt.total_seconds()
    if days.null_count() or not bool((steps > 0 if wanted.any() else steps >= 0).all()):
        return body, None
    count = int(gaps.sum())
    return carried, Text(
        f"日期只写在当日（当月）第一行：{count}行没有写全，沿用上一行的。",
        f"A day or month stands on its first row only: {count} rows take that of the row above.",
    )


def _day_letters(found: SheetMap) -> tuple[str, ...]:
    """Return the columns of the day on which a row happened, the day itself last."""
    table, supplies = found.table, dict(found.supplies)
    for name in table.event_days if table else ():
        supply, letter = supplies.get(name), found.letters.get(name)
        if supply is not None and supply.how == "parts":
            return tuple(one for one in supply.letters if one)
        if supply is None and letter and table and table.by_name[name].required:
            return (letter,)
    return ()


def _zeros(sheet: RawSheet, found: SheetMap) -> RawSheet:
    """Read a blank amount of a balance as zero where another amount of its row is filled."""
    if found.table is None or found.table.layout != "balances":
        return sheet
    letters = found.letters
    amounts = [letters[name] for name in _BALANCE if name in letters]
    account = letters.get("account_code")
    if account is None or len(amounts) < 2:
        return sheet
    is_row = (pl.col("row_no") > found.header_rows[-1]) & ~_is_blank(account)
    filled = [one for name, one in letters.items() if name in _BALANCE]
    filled += [
        str(letter)
        for name, supply in found.supplies
        if name in _BALANCE
        for letter in supply.letters
        if letter
    ]
    is_row &= pl.any_horizontal(~_is_blank(one) for one in filled)
    wanted = [
        sheet.cells.select((is_row & _is_blank(one)).alias(one)).to_series() for one in amounts
    ]
    count = sum(int(one.sum()) for one in wanted)
    if not count:
        return sheet
    cells = sheet.cells.with_columns(
        pl.when(mark).then(pl.lit("0")).otherwise(pl.col(mark.name)).alias(mark.name)
        for mark in wanted
    )
    return _noted(
        replace(sheet, cells=cells),
        count,
        Text(
            f"余额表中{count}个空白金额按0读取。", f"{count} blank amounts of balances read as 0."
        ),
    )


def _is_blank(letter: str) -> pl.Expr:
    return ~pl.col(letter).str.contains(r"\S").fill_null(value=False)


def _noted(sheet: RawSheet, count: int, note: Text) -> RawSheet:
    return replace(sheet, notes=(*sheet.notes, note)) if count else sheet
