"""A column of texts becomes a typed column, with a mark on every cell that could not be read.

Here: the reader of each kind and the reasons in words. Not here: how numbers, dates and words are
written (see `amounts`, `dates`, `words`) and what becomes of a marked cell (see `sheet`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from recon.base.distinct import LONG, OFTEN, Words, distinct, spread, spread_marks
from recon.base.models import Text
from recon.intake.values.amounts import (
    WAN,
    Numbers,
    is_dash,
    parse_amount,
    parse_quantity,
    parse_rate,
    parse_whole,
    read_decimals,
)
from recon.intake.values.dates import DateContext, MonthAs, read_days, read_moments, read_months
from recon.intake.values.plain import CUT, read_plain
from recon.intake.values.units import FACTORS, factor_of
from recon.intake.values.words import (
    nowhere,
    read_choices,
    read_codes,
    read_flags,
    read_texts,
    strip_texts,
)

if TYPE_CHECKING:
    from recon.intake.values.years import Span
    from recon.tables.base import ColumnSpec

REASONS: dict[str, Text] = {
    "money": Text("不是金额", "not an amount of money"),
    "qty": Text("不是数量", "not a quantity"),
    "rate": Text("不是比率", "not a rate"),
    "int": Text("不是整数", "not a whole number"),
    "date": Text("不是日期", "not a date"),
    "month": Text("不是月份", "not a month"),
    "datetime": Text("不是日期时间", "not a date and time"),
    "bool": Text("不是“是/否”", "not a yes or no"),
}
FLAGS: dict[str, Text] = {
    "rounded": Text("小数位过多，已四舍五入", "more decimals than kept; rounded half up"),
    "footnote": Text(
        "数字后面有注释标记，按标记前的数字读取，请核对",
        "a footnote's mark follows the number; read without it, please check",
    ),
    "number_cut": Text(
        "证件号被截断：电子表格已丢失末尾数字，请从原系统以文本格式重新导出",
        "number cut: the spreadsheet has lost the last digits; export it again as text",
    ),
    "month_two_ways": Text(
        "按1月读取；若原意是10月，请改为文本“10”月",
        "read as January; if October was meant, write the month as text",
    ),
    "month_only": Text(
        "只写到月，按当月最后一天读取",
        "a month only; read as its last day",
    ),
    "invisible_characters": Text("含不可见字符，已去除", "holds invisible characters; taken out"),
}
_MONTH_ONLY = r"^(?:[0-9]{4}\s*[-./年]\s*[0-9]{1,2}\s*(?:月份?)?|[0-9]{6}|[^0-9]+月)$"
CODES = frozenset({"uscc", "id_no", "account", "card", "plate"})


@dataclass(frozen=True)
class ValueContext:
    """What sheet and header say about a column's values.

    `unit` is one of `units.FACTORS` for money, "percent" or "permille" for rates, None when unsaid.
    """

    unit: str | None = None
    is_1904: bool = False
    year: int | None = None
    span: Span | None = None


@dataclass(frozen=True)
class Parsed:
    """A typed column.

    Shape: `values` and `bad` are as long as the input; `bad` marks non-empty cells that could not
    be read (their value is null); `flags` marks readable cells that need a remark, by check.
    """

    values: pl.Series
    bad: pl.Series
    flags: tuple[tuple[str, pl.Series], ...] = ()


def parse_values(
    column: ColumnSpec, cells: pl.Series, context: ValueContext, known: Words | None = None
) -> Parsed:
    """Read the cells of one column.

    Args:
        column: What the column is.
        cells: Raw texts; null is a blank cell.
        context: Unit, date base and year of the sheet.
        known: The different texts among the cells, where they are known.

    Returns:
        Values of the column's type; blank cells take the column's default.
    """
    if cells.null_count() == len(cells):
        return Parsed(_default(column, context).new_from_index(0, len(cells)), nowhere(cells))
    if 1 < len(cells) < LONG and cells.n_unique() == 1:
        return _for_all(_parsed_once(column, cells[0], context), len(cells))
    if known is not None:
        return _gathered(cells, known, parse_values(column, known.texts, context))
    words = distinct(cells) if column.dtype == pl.String else distinct(cells, OFTEN)
    if words is not None:
        return _spread(cells, words, parse_values(column, words, context))
    return _parse_cells(column, cells, context)


def _parse_cells(column: ColumnSpec, cells: pl.Series, context: ValueContext) -> Parsed:
    """Read cells of many texts: all at once where they are plain, else each of its kind."""
    if not _is_scaled(column, context) and (values := read_plain(column, cells)) is not None:
        none = nowhere(cells)
        return Parsed(values, none, tuple((check, none) for check in _flags(column)))
    words = distinct(cells)
    if words is not None:
        return _spread(cells, words, parse_values(column, words, context))
    texts = strip_texts(cells)
    if column.default is not None:
        texts = texts.fill_null(column.default)
    return _parse(column, texts, context)


@lru_cache(maxsize=4096)
def _parsed_once(column: ColumnSpec, text: str, context: ValueContext) -> Parsed:
    """Read the one text of a column: exports of one month or rate repeat it from file to file."""
    return parse_values(column, pl.Series("cell", [text]), context)


def _for_all(parsed: Parsed, height: int) -> Parsed:
    """Give so many cells what was read of their one text."""
    flags = tuple((check, mark.new_from_index(0, height)) for check, mark in parsed.flags)
    values, bad = (one.new_from_index(0, height) for one in (parsed.values, parsed.bad))
    return Parsed(values, bad, flags)


@lru_cache(maxsize=4096)
def _default(column: ColumnSpec, context: ValueContext) -> pl.Series:
    """Return the one value of a blank cell."""
    if column.default is None:
        return pl.Series([None], dtype=column.dtype)
    return _parse(column, pl.Series([column.default]), context).values


def _is_scaled(column: ColumnSpec, context: ValueContext) -> bool:
    """Whether the numbers of a column are written in another unit than the contract's."""
    if column.kind == "money":
        return factor_of(context.unit) != 1
    if column.kind == "rate":
        return context.unit in {"percent", "permille"}
    return column.unit == "wan"


def _flags(column: ColumnSpec) -> tuple[str, ...]:
    """Return the remarks that cells of a column may get, as `_parse` lists them."""
    match column.kind:
        case "money" | "qty" | "rate":
            return ("rounded", "footnote")
        case "month":
            return ("month_two_ways",)
        case "date" if column.whole_month:
            return ("month_only",)
        case "text":
            return ("number_cut", "invisible_characters")
        case kind:
            return ("number_cut",) if kind in CODES else ()


def _parse(column: ColumnSpec, texts: pl.Series, context: ValueContext) -> Parsed:
    """Read stripped texts by the kind of their column."""
    match column.kind:
        case "money" | "qty" | "rate":
            return _parse_decimals(column, texts, context)
        case "int":
            return _parse_wholes(texts)
        case "date" | "month" | "datetime":
            return _parse_dates(column, texts, context)
        case _:
            return _parse_words(column, texts)


def _spread(cells: pl.Series, words: pl.Series, parsed: Parsed) -> Parsed:
    """Give every cell what was read of its text."""
    checks = [check for check, _ in parsed.flags]
    bad, *marks = spread_marks(cells, words, [parsed.bad, *(mark for _, mark in parsed.flags)])
    is_same = parsed.values is words
    values = cells if is_same else spread(cells, words, [parsed.values])[0]
    return Parsed(values, bad, tuple(zip(checks, marks, strict=True)))


def _gathered(cells: pl.Series, known: Words, parsed: Parsed) -> Parsed:
    """Do as `_spread` where it is known which text each cell holds."""
    values = cells if parsed.values is known.texts else known.spread(parsed.values)
    bad, *marks = (
        known.spread(mark) if mark.any() else nowhere(cells)
        for mark in (parsed.bad, *(mark for _, mark in parsed.flags))
    )
    return Parsed(values, bad, tuple(zip((check for check, _ in parsed.flags), marks, strict=True)))


def _parse_words(column: ColumnSpec, texts: pl.Series) -> Parsed:
    if column.kind == "bool":
        flags, bad = read_flags(_without_dashes(texts))
        return Parsed(flags, bad)
    if column.kind == "enum":
        return Parsed(read_choices(_without_dashes(texts), column), nowhere(texts))
    if column.kind in CODES:
        codes, is_cut = read_codes(_without_dashes(texts), column.kind)
        return Parsed(codes, nowhere(texts), (("number_cut", is_cut),))
    plain, hidden = read_texts(texts)
    is_cut = texts.str.contains(CUT).fill_null(value=False)
    values = texts if column.name == "direction" else plain
    return Parsed(
        values, nowhere(texts), (("number_cut", is_cut), ("invisible_characters", hidden))
    )


def _parse_decimals(column: ColumnSpec, texts: pl.Series, context: ValueContext) -> Parsed:
    if column.kind == "money":
        factor = factor_of(context.unit)
        found = read_decimals(texts, 2, parse_amount, factor)
    elif column.kind == "rate":
        scale = {"percent": Decimal("0.01"), "permille": Decimal("0.001")}
        factor = scale.get(context.unit or "", Decimal(1))
        found = read_decimals(_without_dashes(texts), 6, parse_rate, factor)
    else:
        found = _parse_quantities(column, _without_dashes(texts), context)
    marks = (("rounded", found.rounded), ("footnote", found.noted))
    return Parsed(found.values, found.bad, marks)


def _parse_quantities(column: ColumnSpec, texts: pl.Series, context: ValueContext) -> Numbers:
    """Read quantities; a column kept in 万元 divides yuan and does not multiply 万."""
    if column.unit != "wan":
        return read_decimals(texts, 6, parse_quantity)
    if (factor := FACTORS.get(context.unit or "wan", WAN)) != WAN:
        return read_decimals(texts, 6, lambda text, _: _in_wan(text, factor), 1 / WAN)
    return read_decimals(texts, 6, lambda text, _: _in_wan(text, WAN), in_yuan=False)


def _in_wan(text: str, factor: Decimal) -> Decimal | None:
    yuan = parse_amount(text, factor)
    return None if yuan is None else yuan / WAN


def _parse_wholes(texts: pl.Series) -> Parsed:
    texts = _without_dashes(texts)
    values = texts.str.to_integer(strict=False)
    left = texts.filter(texts.is_not_null() & values.is_null()).unique().to_list()
    if left:
        found = [parse_whole(text) for text in left]
        more = texts.replace_strict(left, found, default=None, return_dtype=pl.Int64)
        values = values.fill_null(more)
    return Parsed(values, texts.is_not_null() & values.is_null())


def _parse_dates(column: ColumnSpec, texts: pl.Series, context: ValueContext) -> Parsed:
    texts = _without_dashes(texts)
    where = DateContext(context.is_1904, context.year, _month_as(column), context.span)
    if column.kind == "month":
        values, bad = read_months(texts, where)
        return Parsed(values, bad, (("month_two_ways", _two_ways(texts)),))
    read = read_days if column.kind == "date" else read_moments
    values, bad = read(texts, where)
    if not column.whole_month:
        return Parsed(values, bad)
    months = texts.str.contains(_MONTH_ONLY).fill_null(value=False) & ~bad
    return Parsed(values, bad, (("month_only", months),))


def _month_as(column: ColumnSpec) -> MonthAs:
    if column.name.endswith("_from"):
        return "first"
    return "last" if column.name.endswith("_to") or column.whole_month else None


def _two_ways(texts: pl.Series) -> pl.Series:
    """Mark 2024.1 unless the column writes 2024.10 or 2024.01: a number cell drops the zero."""
    if texts.str.contains(r"^[0-9]{4}\.(?:10|0[0-9])$").any():
        return nowhere(texts)
    return texts.str.contains(r"^[0-9]{4}\.1$").fill_null(value=False)


def _without_dashes(texts: pl.Series) -> pl.Series:
    dashes = is_dash(texts)
    return texts.set(dashes, None) if dashes.any() else texts
