"""Figures that may be of another measure, sign or row than their table means.

Here: two columns for one quantity, quantities that are no litres, spendings that are negative,
balances without a side, amounts that hold other rows' money. Not here: money that moved back
(`marks`), the other doubts (`certainty`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.formats.letters import index_of
from recon.intake.layout.candidates import columns_named
from recon.intake.layout.header import normalise_header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recon.intake.sheets.parsed import ParsedSheet

_NO_LITRES = re.compile("公斤|千克|KG|立方|M3|M³|㎡|KWH|千瓦时|[(（]度[)）]", re.IGNORECASE)
_PUT_IN = re.compile("(?:充值|圈存|分配|转入|收入|存入|入账)(?:金?额)?")
#: Rows that no total stands under.
_FEW = 2
_SPENT = ("加油", "非油品")


def other_measure(parsed: ParsedSheet, body: pl.DataFrame, shown: Mapping[str, str]) -> Text | None:
    """Ask where a card's list gives the quantity or the card twice, or not in litres.

    Args:
        parsed: What was read of the sheet.
        body: The rows under the header.
        shown: The headers of the columns that are not taken, by letter.
    """
    found, accepted = parsed.found, parsed.accepted
    if accepted is None or found.table is None or found.table.layout != "card":
        return None
    rows = body.join(accepted.select("row_no"), on="row_no", how="semi")
    for one in found.matches:
        if one.column == "litres" and _NO_LITRES.search(one.header):
            return Text(
                f"“{one.header}”不是升数；请只保留油品的升数，或在对照中略去这一列。",
                f"“{one.header}” is not in litres. Keep litres only, or leave the column out.",
            )
        for letter, header in shown.items():
            known = columns_named(header)
            named = {(name, column) for name, column, how in known if how != "part"}
            is_twin = (
                one.column in {"litres", "card_no"} and (found.table.name, one.column) in named
            )
            if is_twin and not _alike(rows, one.letter, letter):
                return Text(
                    f"“{one.header}”（{one.letter}列）和“{header}”（{letter}列）都像是"
                    f"{found.table.by_name[one.column].zh}，内容不同。",
                    f"“{one.header}” (column {one.letter}) and “{header}” (column {letter}) both "
                    f"look like {one.column} and differ.",
                )
    return _other_amount(parsed, shown)


def _other_amount(parsed: ParsedSheet, shown: Mapping[str, str]) -> Text | None:
    """Ask where a card's money stands in two columns, one of recharges, and the table has one."""
    amount = next((one for one in parsed.found.matches if one.column == "amount"), None)
    for letter, header in shown.items():
        if amount and _PUT_IN.fullmatch(normalise_header(header)) and parsed.rejected.height:
            return Text(
                f"“{header}”（{letter}列）和“{amount.header}”（{amount.letter}列）都是金额，分在两列；"
                "请并成一列“金额”，并写明交易类型。",
                f"“{header}” (column {letter}) and “{amount.header}” (column {amount.letter}) are "
                "amounts in two columns. Put them into one, with the kind of each.",
            )
    return None


def _alike(rows: pl.DataFrame, one: str, other: str) -> bool:
    both = rows.select(pl.col(one, other).str.strip_chars()).filter(pl.col(other) != "")
    return bool((both[one] == both[other]).all())


def odd_rows(parsed: ParsedSheet) -> Text | None:
    """Ask where amounts bear a sign that the table does not mean, or rows hold others' amounts.

    Args:
        parsed: What was read of the sheet.
    """
    return (
        _over_rows(parsed)
        or _parts(parsed)
        or _sum_of_all(parsed)
        or _negative_spending(parsed)
        or _balance_without_side(parsed)
    )


def _over_rows(parsed: ParsedSheet) -> Text | None:
    """Ask whose an amount is that is merged over several rows."""
    found, table = parsed.found, parsed.found.table
    if table is None or not table.grows:
        return None
    money = [one for one in found.matches if table.by_name[one.column].kind == "money"]
    lost = set(parsed.rejected["row_no"].to_list())
    for top, left, bottom, right in parsed.sheet.merged:
        for one in money:
            is_over = index_of(left) <= index_of(one.letter) <= index_of(right)
            if not is_over or bottom == top or top <= found.header_rows[-1]:
                continue
            blank = lost if parsed.accepted is None else lost | _blank(parsed.accepted, one.column)
            if blank & set(range(top + 1, bottom + 1)):
                return Text(
                    f"“{one.header}”列第{top}至{bottom}行合并成一格：看不出各行各是多少。请拆开写明。",
                    f"Under “{one.header}” rows {top} to {bottom} are merged into one cell: it "
                    "does not tell how much is whose. Part them.",
                )
    return None


def _blank(accepted: pl.DataFrame, column: str) -> set[int]:
    return set(accepted.filter(pl.col(column).is_null())["row_no"].to_list())


def _parts(parsed: ParsedSheet) -> Text | None:
    """Ask where a row is a part of the row above it: 其中：一车间."""
    table, accepted = parsed.found.table, parsed.accepted
    if table is None or accepted is None or table.sides or not parsed.found.matches:
        return None
    for name in table.holding("unit", "units", "person"):
        if table.by_name[name].required:
            part = accepted.filter(pl.col(name).str.contains(r"^\s*[(（]?其中"))
            for row_no, text in part.select("row_no", name).head(1).iter_rows():
                return Text(
                    f"第{row_no}行“{text}”是上一行的一部分，会重复计算；请只保留一处。",
                    f"Row {row_no} “{text}” is a part of the row above and would count twice. Keep "
                    "one of them.",
                )
    return None


def _sum_of_all(parsed: ParsedSheet) -> Text | None:
    """Ask where money in and out of one row are the sums of all rows above it."""
    table, accepted = parsed.found.table, parsed.accepted
    if table is None or accepted is None or not table.sides or accepted.height <= _FEW:
        return None
    into, out = (accepted[name].fill_null(0) for name in table.sides)
    is_sum = (into != 0) & (out != 0)
    for one in (into, out):
        is_sum &= (one == one.cum_sum() - one).fill_null(value=False)
    for row_no in accepted.filter(is_sum)["row_no"].tail(1):
        return Text(
            f"第{row_no}行的两个金额正好是以上各行之和，像是合计；请删去这一行，或写明“合计”。",
            f"Both amounts of row {row_no} are the sums of all rows above: it looks like a total. "
            "Remove the row, or call it a total.",
        )
    return None


def _negative_spending(parsed: ParsedSheet) -> Text | None:
    """Ask where all that a card spent is negative: the export writes the way of the money."""
    found, accepted = parsed.found, parsed.accepted
    if accepted is None or found.table is None or found.table.layout != "card":
        return None
    spent = accepted.filter(pl.col("kind").is_in(_SPENT) & (pl.col("amount") != 0))
    if not spent.height or (spent["amount"] > 0).any():
        return None
    return Text(
        f"加油、消费的金额全是负数（第{spent['row_no'][0]}行起）：本表消费应为正数、退款为负数，请改正负号。",
        f"All that was spent is negative (from row {spent['row_no'][0]}): spendings are positive "
        "here and refunds negative. Turn the signs.",
    )


def _balance_without_side(parsed: ParsedSheet) -> Text | None:
    """Ask where balances have no side and roll as if all stood on the debit side."""
    found, accepted = parsed.found, parsed.accepted
    if accepted is None or found.table is None or found.table.layout != "balances":
        return None
    if accepted["side"].null_count() < accepted.height or not (accepted["closing"] < 0).any():
        return None
    net = pl.col("debit").fill_null(0) - pl.col("credit").fill_null(0)
    rolled = accepted.select((pl.col("opening") + net == pl.col("closing")).all()).item()
    if not rolled:
        return None
    row_no = accepted.filter(pl.col("closing") < 0)["row_no"][0]
    return Text(
        f"没有余额方向列，贷方余额写成负数（如第{row_no}行）；请加一列余额方向，金额写正数。",
        f"There is no side of the balances, and those on the credit side are negative (such as row "
        f"{row_no}). Add the side, with positive amounts.",
    )
