"""Figures of cards and balances that may be of another measure or sign than their table means.

Here: two columns for one quantity, quantities that are no litres, spendings that are negative,
balances without a side. Not here: money that moved back (`marks`), the other doubts (`certainty`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.layout.candidates import columns_named
from recon.intake.layout.header import normalise_header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recon.intake.sheets.parsed import ParsedSheet

_NO_LITRES = re.compile("公斤|千克|KG|立方|M3|M³|㎡|KWH|千瓦时|[(（]度[)）]", re.IGNORECASE)
_PUT_IN = re.compile("(?:充值|圈存|分配|转入|收入|存入|入账)(?:金?额)?")
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


def odd_sign(parsed: ParsedSheet) -> Text | None:
    """Ask where amounts bear a sign that the table does not mean.

    Args:
        parsed: What was read of the sheet.
    """
    return _negative_spending(parsed) or _balance_without_side(parsed)


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
