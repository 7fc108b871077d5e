"""What stands beside the money and says it did not move, moved back, or is other money.

Here: doubts that the cells of columns raise which no table holds (冲正标志, 交易状态, 笔数, 滞纳金,
税款种类), and titles of plans. Not here: rows that are surely void (`quality.voids`), what headers
leave open (`headings`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.layout.candidates import head_rows
from recon.intake.layout.header import normalise_header
from recon.intake.layout.preamble import Preamble
from recon.intake.quality.voids import STATE
from recon.intake.sheets.bank import moves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recon.intake.sheets.parsed import ParsedSheet

#: Headers of which a yes says that the money moved back or not at all.
_BACK = re.compile(
    r"(?:是否)?(?:已)?(?:被)?(?:冲正|冲销|红冲|红字|红蓝字?|抹[账帐]|退票|退汇|退回|退库|撤[销消]|反交易)"
    r"(?:标[志识记]|状态|交易|字)?"
)
_NO = "^(?:否|蓝字?|无|N|NO|F|FALSE|0|正常|未.*|非.*|[-—/]+)$"
#: Words of a state that leave open whether the money moved.
_OPEN = (
    "冲正|冲销|红冲|红字|抹[账帐]|退[票汇回库税费款]|撤[销消]|失败|作废|关闭|取消|拒|驳回|未|待|处理中|"
    "受理中|审[核批]中|申请|异常|可疑|部分|挂[账起]|止付"
)
_DONE = "已.*待|未(?:冲|退|撤|作废|红)"
#: Headers of a column that says what kind of money a row is, and kinds that are not the fee paid.
_KIND = re.compile(
    r".*(?:种类|类型|类别|性质|方式|业务|属性|标[志识记]|税[(（]?费?[)）]?种)(?:名称)?"
)
_NOT_PAID = r"退(?:[库税费还款付]|$)|更正|红[字冲]|冲[正销减]|滞纳金|罚[款没]|利息|误收"
#: Money that may or may not be part of what was paid.
_BESIDE = re.compile(r"滞纳金|罚款|(?<!补)退[库税费还款]+(?:金?额|款|数)?$|^(?:[已应实]|累计)?退")
_PLANNED = re.compile(r"计划|测算|预[计测]|模拟|草案|申请[表单]|审批[表单]|[待拟应][拨付退返回]")
_CARRIED_OUT = re.compile("完成|执行|落实|[已实]")
_MANY = re.compile(r"(?:交易|收入|支出|借方|贷方|收款|付款)?笔数")


def any_mark(parsed: ParsedSheet, body: pl.DataFrame, shown: Mapping[str, str]) -> Text | None:
    """Ask what columns and titles beside the money leave open.

    Args:
        parsed: What was read of the sheet.
        body: The rows under the header.
        shown: The headers of the columns that are not taken, by letter.
    """
    return (
        _moved_back(parsed, body, shown)
        or _many_in_one(parsed, body, shown)
        or _other_money(parsed, body, shown)
        or _only_planned(parsed)
    )


def _moved_back(parsed: ParsedSheet, body: pl.DataFrame, shown: Mapping[str, str]) -> Text | None:
    """Ask where a column says of some rows that their money moved back, or may not have moved.

    Rows that the balance proves are certain whatever is said of them.
    """
    found, accepted = parsed.found, parsed.accepted
    if accepted is None or found.table is None or not found.table.grows:
        return None
    for letter, header in shown.items():
        key = normalise_header(header.rsplit("/", 1)[-1])
        is_back = _BACK.fullmatch(key) is not None
        if not is_back and not STATE.fullmatch(key):
            continue
        word = pl.col("word").str.normalize("NFKC").str.strip_chars()
        is_odd = (
            (word != "") & ~word.str.to_uppercase().str.contains(_NO)
            if is_back
            else word.str.contains(_OPEN) & ~word.str.contains(_DONE)
        )
        odd = _saying(body, letter, is_odd)
        if odd.is_empty():
            continue
        unproven = odd.join(_unproven(accepted), on="row_no", how="semi")
        for row_no, text in unproven.head(1).iter_rows():
            return Text(
                f"“{header}”列第{row_no}行写着“{text}”：看不出这笔钱是否收付、是否已经退回。",
                f"Column “{header}” says “{text}” in row {row_no}: it does not tell whether this "
                "money moved, or moved back.",
            )
    return None


def _saying(body: pl.DataFrame, letter: str, form: pl.Expr) -> pl.DataFrame:
    """Return row_no and `word` of the cells of a column that hold something of a form."""
    cells = body.select("row_no", word=letter)
    words = cells.select(pl.col("word").unique()).filter(form)["word"]
    return cells.filter(pl.col("word").is_in(words.implode())) if len(words) else cells.clear()


def _other_money(parsed: ParsedSheet, body: pl.DataFrame, shown: Mapping[str, str]) -> Text | None:
    """Ask where rows or columns beside what was paid speak of refunds, penalties and interest."""
    found, accepted = parsed.found, parsed.accepted
    if accepted is None or found.table is None or not found.table.grows or found.table.sides:
        return None
    money = [one.column for one in found.matches if found.table.by_name[one.column].kind == "money"]
    needed = [name for name in money if found.table.by_name[name].required]
    is_paid = pl.any_horizontal(pl.col(one) > 0 for one in needed or money)
    for letter, header in shown.items():
        last = unicodedata.normalize("NFKC", header.rsplit("/", 1)[-1])
        if _BESIDE.search(normalise_header(last)):
            told = _saying(body, letter, pl.col("word").str.contains("[1-9]"))
        elif _KIND.fullmatch(normalise_header(last)):
            told = _saying(body, letter, pl.col("word").str.contains(_NOT_PAID))
        else:
            continue
        if told.is_empty():
            continue
        told = told.join(accepted.filter(is_paid), on="row_no", how="semi")
        for row_no, text in told.head(1).iter_rows():
            return Text(
                f"“{header}”列第{row_no}行是“{text.strip()}”：看不出金额是否已含退库、滞纳金等，"
                "或这一行是退库。",
                f"Column “{header}” holds “{text.strip()}” in row {row_no}: it does not tell "
                "whether refunds or penalties are in the amount, or the row is one.",
            )
    return None


def _only_planned(parsed: ParsedSheet) -> Text | None:
    """Ask where the title of a list of what happened speaks of a plan, an estimate or a request."""
    found, sheet = parsed.found, parsed.sheet
    if found.table is None or not found.table.grows or found.table.sides:
        return None
    above = tuple(row for row in head_rows(sheet) if row[0] < found.header_rows[0])
    for title in (*Preamble(above, sheet.sheet, sheet.path).titles, sheet.sheet or ""):
        if _PLANNED.search(title) and not _CARRIED_OUT.search(title):
            return Text(
                f"标题“{title.strip()}”说的是计划、测算或申请，看不出是否已经办理。",
                f"The title “{title.strip()}” speaks of a plan, an estimate or a request; it does "
                "not tell whether it was done.",
            )
    return None


def _unproven(accepted: pl.DataFrame) -> pl.DataFrame:
    """Return the row_no of rows whose own amount did not move the balance."""
    if not {"balance", "money_in", "money_out"} <= set(accepted.columns):
        return accepted.select("row_no")
    net = accepted["money_in"].fill_null(0) - accepted["money_out"].fill_null(0)
    moved = moves(accepted.with_columns(net.alias("amount")))
    return accepted.select("row_no").filter((moved != net).fill_null(value=True))


def _many_in_one(parsed: ParsedSheet, body: pl.DataFrame, shown: Mapping[str, str]) -> Text | None:
    """Ask where each row of a bank's list sums up several movements."""
    found, accepted = parsed.found, parsed.accepted
    if accepted is None or found.table is None or found.table.layout != "statement":
        return None
    for letter in _named(shown, _MANY):
        cells = body.join(accepted.select("row_no"), on="row_no", how="semi")[letter]
        numbers = cells.str.strip_chars().cast(pl.Int64, strict=False)
        if (numbers > 1).any():
            return Text(
                f"“{shown[letter]}”列有大于1的数：每行是多笔的合计，不是逐笔流水。",
                f"Column “{shown[letter]}” holds numbers above 1: each row sums up several "
                "movements.",
            )
    return None


def _named(shown: Mapping[str, str], form: re.Pattern[str]) -> Iterable[str]:
    return (
        letter
        for letter, header in shown.items()
        if form.fullmatch(normalise_header(header.rsplit("/", 1)[-1]))
    )
