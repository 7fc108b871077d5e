"""The control record of each sheet, and the balance that ends a run when it does not hold.

Here: promise 1 of the contract (rows and money read = accepted + rejected + skipped + repeated).
Not here: how rows came into their class (see `sheet`, `repeats`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.errors import UnbalancedSheetError
from recon.base.models import SheetCertificate, Text

if TYPE_CHECKING:
    from recon.base.models import RawSheet
    from recon.intake.sheets.parsed import ParsedSheet

#: What becomes of a row and its money.
CLASSES = ("accepted", "rejected", "skipped", "repeated")

CLASS_NAMES: dict[str, Text] = {
    "blank": Text("空行", "blank"),
    "title": Text("标题", "title"),
    "header": Text("表头", "header"),
    "example": Text("示例", "example"),
    "total": Text("合计", "total"),
    "carried": Text("结转", "carried forward"),
    "note": Text("附注", "note"),
    "void": Text("作废或失败", "void or failed"),
    "levy": Text("其他税费", "other levies"),
    "absent": Text("未签到", "present nowhere"),
    "unmapped": Text("未识别", "not understood"),
}

FACT_NAMES: dict[str, Text] = {
    "total_rows": Text("合计行", "total rows"),
    "total_rows_untied": Text("与明细不符的合计行", "total rows that do not tie"),
    "hidden_rows": Text("隐藏行", "hidden rows"),
    "hidden_columns": Text("隐藏列", "hidden columns"),
    "formulas_without_result": Text("没有结果的公式", "formulas without a result"),
    "error_cells": Text("错误值", "error cells"),
    "numbers_cut": Text("被截断的数字", "numbers cut"),
    "unreadable_money": Text("读不出的金额", "amounts that could not be read"),
    "amounts_rounded": Text("四舍五入的金额", "amounts rounded"),
    "ragged_rows": Text("字段数不同的行", "ragged rows"),
}


def certify(parsed: ParsedSheet) -> SheetCertificate:
    """Write the control record of a sheet and test that nothing is lost.

    Args:
        parsed: What the sheet gave.

    Returns:
        The certificate; `money` has the sums of the classes for each money column.

    Raises:
        UnbalancedSheetError: Rows or money read are not accepted + rejected + skipped + repeated.
    """
    sheet, found = parsed.sheet, parsed.found
    certificate = SheetCertificate(
        file_id=sheet.file_id,
        sheet=sheet.sheet,
        hidden=sheet.hidden,
        table=found.table.name if found.table else None,
        header_row=(found.header_rows or (0,))[0] or None,
        header_how=found.how,
        columns={header: name for name, (letter, header) in parsed.columns.items()},
        unmapped=tuple(one.header for one in found.unmapped),
        rows_read=sheet.rows_total,
        rows_accepted=parsed.rows_accepted,
        rows_rejected=parsed.rejected.height,
        rows_skipped=parsed.rows_skipped,
        rows_repeated=parsed.repeated,
        twin=parsed.twin,
        money={
            name: {kind: value for kind, value in sums.items() if kind != "read"}
            for name, sums in parsed.money.items()
        },
        notes=(*sheet.notes, *found.notes, *parsed.told, *parsed.asked, *_notes(parsed)),
        skipped=dict(parsed.skipped),
        facts=_facts(parsed),
    )
    if not certificate.is_balanced:
        raise UnbalancedSheetError(
            _place(sheet), None, certificate.rows_read, _sum_rows(certificate)
        )
    for name, sums in parsed.money.items():
        classes = sum((sums.get(kind, Decimal(0)) for kind in CLASSES), Decimal(0))
        if sums["read"] != classes:
            raise UnbalancedSheetError(_place(sheet), name, sums["read"], classes)
    return certificate


def _facts(parsed: ParsedSheet) -> dict[str, int]:
    """Count what a reader of the certificate should know; what is nought is left out."""
    sheet, quality = parsed.sheet, parsed.quality
    checks = dict(quality.group_by("check").len().iter_rows()) if quality.height else {}
    of = pl.col("check")
    untied = quality.filter(of.is_in(["total_tied", "count_tied"])) if checks else quality
    money = quality.filter(of == "unreadable", kind="money") if checks else quality
    counts = {
        "total_rows": parsed.skipped.get("total", 0),
        "total_rows_untied": untied["row_no"].n_unique() if untied.height else 0,
        "hidden_rows": len(sheet.hidden_rows),
        "hidden_columns": len(sheet.hidden_columns),
        "formulas_without_result": len(sheet.blank_formulas),
        "error_cells": len(sheet.errors),
        "numbers_cut": checks.get("number_cut", 0),
        "unreadable_money": money.height,
        "amounts_rounded": checks.get("rounded", 0),
        "ragged_rows": checks.get("ragged_row", 0),
    }
    return {name: count for name, count in counts.items() if count}


def _sum_rows(certificate: SheetCertificate) -> int:
    return certificate.rows_read - certificate.rows_missing


def _place(sheet: RawSheet) -> str:
    return sheet.path if sheet.sheet is None else f"{sheet.path}#{sheet.sheet}"


def _notes(parsed: ParsedSheet) -> list[Text]:
    sheet, found = parsed.sheet, parsed.found
    notes = []
    if sheet.hidden:
        notes.append(Text("隐藏的工作表，已读取。", "Hidden sheet; it was read."))
    if sheet.hidden_rows:
        count = len(sheet.hidden_rows)
        notes.append(Text(f"含{count}个隐藏行，已读取。", f"{count} hidden rows; they were read."))
    if sheet.hidden_columns:
        letters = "、".join(sheet.hidden_columns)
        notes.append(
            Text(f"含隐藏列：{letters}，已读取。", f"Hidden columns {letters}; they were read.")
        )
    if found.table and parsed.skipped:
        zh = "、".join(f"{CLASS_NAMES[kind].zh}{n}" for kind, n in parsed.skipped.items())
        en = ", ".join(f"{CLASS_NAMES[kind].en} {n}" for kind, n in parsed.skipped.items())
        notes.append(Text(f"未计入的行：{zh}。", f"Rows passed over: {en}."))
    if found.table and found.unit == "wan":
        notes.append(Text("金额单位为万元，已换算为元。", "Money in 万元 was converted to yuan."))
    for one in found.unmapped:
        near = "、".join(one.nearest)
        zh = f"列{one.letter}“{one.header}”没有对应的字段" + (f"，相近：{near}。" if near else "。")
        en = f"Column {one.letter} “{one.header}” is no known column" + (
            f"; nearest: {near}." if near else "."
        )
        notes.append(Text(zh, en))
    return notes
