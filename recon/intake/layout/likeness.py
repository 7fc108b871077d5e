"""Which columns of the contract a column of a sheet could be, by its cells and by its header.

Here: whether cells can be read as a column, and headers that share more than a word that every
header has. Not here: headers that are known (`header`) and what is done with a suggestion (`recon
map`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from recon.intake.layout.contents import hold_amounts
from recon.intake.layout.header import normalise_header
from recon.intake.values.columns import ValueContext, parse_values
from recon.intake.values.directions import are_directions

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from recon.tables.base import ColumnSpec

#: Cells that are looked at, and the share of them that must read as the column.
_LOOKED, _SHARE = 40, 0.8
#: How near two headers are, of 100.
_NEAR = 60
#: Words that say nothing of which column it is.
_COMMON = re.compile(
    r"是否|日期|时间|金额|编号|号码|编码|代码|名称|情况|类别|类型|单位|数量|本期|合计|总额|[号日额数期的年月]"
)
_CODES = {
    "uscc": r"^[0-9A-Z]{18}$|^[0-9A-Z]{15}$",
    "id_no": r"^[0-9]{17}[0-9Xx]$|^[0-9]{15}$",
    "plate": r"^[\p{Han}][A-Z][-·. ]?[0-9A-Z]{4,7}$",
    "account": r"^[0-9][0-9 -]{6,}[0-9]$",
    "card": r"^[0-9*][0-9* -]{6,}[0-9]$",
}
_NUMBER = r"^[-+¥￥]?[0-9][0-9,]*(\.[0-9]+)?%?$"
#: Texts that may be written in digits alone.
_NUMBERED = re.compile(r"(?:号|码|编号|代码|凭证|流水|年度|期间|级次)$")
_DAY = r"^(?:19|20)[0-9]{2}[-/.年]"


def could_hold(column: ColumnSpec, cells: pl.Series) -> bool:
    """Whether most of the filled cells of a sheet's column can be read as a contract column.

    Args:
        column: The contract column.
        cells: Texts of one column of a sheet; a column without a filled cell could be nothing.
    """
    texts = cells.drop_nulls().str.strip_chars().head(_LOOKED)
    texts = texts.filter(texts != "")
    if texts.is_empty():
        return False
    if column.name == "direction":
        return are_directions(texts)
    if column.kind == "money":
        return hold_amounts(texts)
    if column.kind == "text":
        return _are_texts(column, texts)
    if column.kind == "enum":
        read = texts.is_in(list(column.values))
    elif column.kind in _CODES:
        read = texts.str.replace_all(r"\s", "").str.contains(_CODES[column.kind])
    else:
        is_day = column.kind in {"date", "datetime", "month"}
        if is_day and texts.str.contains(r"^[0-9]{1,4}(\.[0-9]+)?$").all():
            return False
        # A year stands above a table more often than in each row.
        context = ValueContext(year=2000 if is_day else None)
        read = ~parse_values(column, texts, context).bad
    return _mostly(read)


def _are_texts(column: ColumnSpec, texts: pl.Series) -> bool:
    if _mostly(texts.str.contains(_DAY)):
        return False
    return not _mostly(texts.str.contains(_NUMBER)) or (
        _NUMBERED.search(column.zh) is not None and not texts.str.contains(r"\.|,|%").any()
    )


def _mostly(marks: pl.Series) -> bool:
    return float(marks.fill_null(value=False).sum()) >= _SHARE * len(marks)


def suggested(
    header: str, cells: pl.Series, columns: Iterable[ColumnSpec]
) -> tuple[ColumnSpec, ...]:
    """Return the contract columns that a header resembles and whose values the cells could be.

    Args:
        header: As it stands in the file.
        cells: What stands below it.
        columns: The columns that may be suggested.

    Returns:
        At most three, the nearest first.
    """
    key = normalise_header(header)
    near = [(max(_nearness(key, name) for name in one.headers), one) for one in columns]
    ranked = sorted((one for one in near if one[0] >= _NEAR), key=lambda one: -one[0])
    return tuple([one for _, one in ranked if could_hold(one, cells)][:3])


def _nearness(key: str, name: str) -> float:
    """Return how near two headers are, 0 where they share no word of their own."""
    known = normalise_header(name)
    ratio = float(fuzz.ratio(key, known))
    if ratio < _NEAR:
        return 0.0
    one, other = _COMMON.sub("", key), _COMMON.sub("", known)
    pairs = {one[at : at + 2] for at in range(len(one) - 1)}
    shares = any(pair in other for pair in pairs) or (one == other != "")
    return ratio if shares else 0.0
