"""Rows that the export itself calls void, and payments of other levies than the union fee.

Here: the columns that say so, which no table of the contract holds. Not here: other rows that are
no data (`skips`), reversals, which are data, and marks that leave a doubt (`sheets.marks`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.layout.header import normalise_header

if TYPE_CHECKING:
    from recon.intake.layout.mapping import SheetMap

_CANCELLED = ["1", "是", "Y", "YES", "TRUE", "√", "作废", "已作废"]
_FAILED = (
    "^(?:(?:已|交易|处理|支付|付款|扣款)?(?:失败|作废|撤[销消]|取消|关闭|拒绝|驳回)|[未不]成功)$"
)
#: What tax offices collect beside the union fee; words nobody knows are none of these.
_LEVY = (
    "残疾人|残保金|教育费附加|地方教育|水利建设|防洪|社会保险|社保费|(?:养老|医疗|失业|工伤|生育)保险|"
    "(?:所得|增值|建设|印花|房产|使用|车船|保护|资源|消费|购置|占用|契|城建)税|文化事业|垃圾处理|水土保持"
)
_OF_UNION = "工会|筹备"
_CANCELLING = re.compile("(?:凭证|税票|票证|发票)?(?:是否)?作废(?:标志|标识|标记)?")
#: Headers of a column that says how far a row got.
STATE = re.compile(
    "(?:交易|处理|凭证|支付|付款|扣款|税票|票证|税款|费款|入库|缴款|缴费|征收|开票|拨付|"
    "记账|业务|明细|单据|审批|审核|清算)?(?:状态|结果)"
)


def is_void(found: SheetMap) -> pl.Expr:
    """Return whether a row is a cancelled voucher or a payment that failed.

    Args:
        found: The sheet's table and its columns that are no contract column.
    """
    if found.table is None or not found.table.grows:
        return pl.lit(value=False)
    tests = []
    for one in found.unmapped:
        key = normalise_header(one.header)
        bare = pl.col(one.letter).str.normalize("NFKC").str.strip_chars()
        if _CANCELLING.fullmatch(key):
            tests.append(bare.str.to_uppercase().is_in(_CANCELLED).fill_null(value=False))
        elif STATE.fullmatch(key):
            tests.append(bare.str.contains(_FAILED).fill_null(value=False))
    return pl.any_horizontal(tests) if tests else pl.lit(value=False)


def is_other_levy(found: SheetMap) -> pl.Expr:
    """Return whether a row of the tax office's list is a payment of another levy.

    Args:
        found: The sheet's table and columns.
    """
    item = found.table.by_name.get("item") if found.table else None
    supply = dict(found.supplies).get("item")
    letters = [one.letter for one in found.matches if one.column == "item"]
    letters += [one for one in (supply.letters if supply else ()) if one]
    if item is None or "工会经费" not in item.values or not letters:
        return pl.lit(value=False)
    is_union, is_other = (
        pl.any_horizontal(pl.col(one).str.contains(form).fill_null(value=False) for one in letters)
        for form in (_OF_UNION, _LEVY)
    )
    return is_other & ~is_union
