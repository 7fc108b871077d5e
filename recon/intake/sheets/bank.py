"""One amount of a bank statement becomes money in and money out; the balance is the witness.

Here: words of direction, signs, and what the running balance proves where they do not say enough.
Not here: statements that have both columns already, but for the test that they are not swapped.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.quality.items import placed
from recon.intake.values.directions import side

if TYPE_CHECKING:
    from recon.intake.sheets.parsed import ParsedSheet

_MONEY = pl.Decimal(18, 2)
#: So many outgoing amounts, all negative, are a habit of the export and no reversals.
_HABIT = 3
_UNKNOWN = Text(
    "看不懂的收支方向，未计入收入或支出；可用：借、贷、收、支、+、-",
    "unknown direction, counted neither as in nor as out; use 借, 贷, 收, 支, Dr, Cr, +, -",
)
_UNTOLD = Text(
    "没有收支方向列，从余额的变化也看不出这一笔是收是支，未计入收入或支出；请补上方向列或正负号",
    "no column of direction, and the balance does not tell whether this came in or went out; "
    "counted as neither. Add a direction or signs",
)
_BY_BALANCE = Text(
    "没有收支方向列，按余额的变化判断收支。",
    "No column of direction: in and out are told by how the balance moves.",
)
_SIGNS = Text(
    "支出的金额写成负数：按支出读取，不是冲正；没有余额可以核对，请确认",
    "amounts that went out are written as negatives and read as money out, not as reversals; "
    "no balance proves it, please confirm",
)
_ASSUMED = Text(
    "没有收支方向列也没有负数，全部金额按收入读取；如其中有支出，请补上方向列或正负号",
    "no column of direction and no negatives: all amounts are read as money in. Add a direction or "
    "signs if some went out",
)
_SWAPPED = Text(
    "余额的变化与收支正好相反：收入和支出两列可能颠倒，请核对，或在 recon.toml 的 [[source]] "
    "中用 columns 指定",
    "the balance moves against in and out: both columns may be swapped. Check, or name them by "
    "columns in a [[source]] of recon.toml",
)


def split_amount(parsed: ParsedSheet) -> ParsedSheet:
    """Give every line of a bank statement its money in or its money out.

    Args:
        parsed: A parsed sheet of bank_txn.

    Returns:
        The same with money_in and money_out, and items for lines whose direction nothing tells.
    """
    frame, has = parsed.accepted, parsed.columns
    if frame is None:
        return parsed
    if {"money_in", "money_out"} & has.keys():
        return _swapped(parsed, frame)
    if "amount" not in has:
        return parsed
    if "direction" in has:
        return _directed(parsed, frame)
    return _undirected(parsed, frame)


def _directed(parsed: ParsedSheet, frame: pl.DataFrame) -> ParsedSheet:
    marked = frame.with_columns(side().alias("side"))
    is_signed, doubt = _is_signed_twice(marked)
    turned = pl.when((pl.col("side") == -1) & is_signed).then(-pl.col("amount"))
    value = turned.otherwise("amount").cast(_MONEY)
    unknown = pl.col("side").is_null() & (pl.col("amount") != 0)
    made = [_items(parsed, marked.filter(unknown), _UNKNOWN, "direction_unknown", "direction")]
    if doubt:
        first = marked.filter((pl.col("side") == -1) & (pl.col("amount") < 0)).head(1)
        made.append(_items(parsed, first, _SIGNS, "direction_sign", "amount"))
    return _told(parsed, marked.with_columns(value.alias("value")), made)


def _undirected(parsed: ParsedSheet, frame: pl.DataFrame) -> ParsedSheet:
    """Go by the signs; where there are none, by the balance."""
    signed = frame.with_columns(
        pl.when(pl.col("amount") < 0).then(-1).otherwise(1).alias("side"),
        pl.col("amount").abs().alias("value"),
    )
    if (frame["amount"] < 0).any():
        return _told(parsed, signed, [])
    moved = _moves(frame)
    fell = (moved == -frame["amount"]) & (frame["amount"] > 0)
    if not fell.any():
        rose = (moved == frame["amount"]) & (frame["amount"] > 0)
        first = frame.filter(pl.col("amount") > 0).head(0 if rose.any() else 1)
        return _told(parsed, signed, [_items(parsed, first, _ASSUMED, "direction_sign", "amount")])
    told = signed.with_columns(moved.alias("moved")).with_columns(
        pl.when(pl.col("moved") == pl.col("amount"))
        .then(1)
        .when(pl.col("moved") == -pl.col("amount"))
        .then(-1)
        .alias("side")
    )
    unknown = told.filter(pl.col("side").is_null() & (pl.col("amount") != 0))
    made = [_items(parsed, unknown, _UNTOLD, "direction_unknown", "amount")]
    shaped = _told(parsed, told.drop("moved"), made)
    return replace(shaped, sheet=replace(shaped.sheet, notes=(*shaped.sheet.notes, _BY_BALANCE)))


def _told(parsed: ParsedSheet, marked: pl.DataFrame, made: list[pl.DataFrame]) -> ParsedSheet:
    """Put `value` into the column that `side` names."""
    letter, header = parsed.columns["amount"]
    shaped = marked.with_columns(
        pl.when(pl.col("side") == 1).then("value").alias("money_in"),
        pl.when(pl.col("side") == -1).then("value").alias("money_out"),
    ).drop("side", "value")
    columns = parsed.columns | {
        "money_in": (letter, f"{header}→收入金额"),
        "money_out": (letter, f"{header}→支出金额"),
    }
    quality = pl.concat([parsed.quality, *made])
    return replace(parsed, accepted=shaped, quality=quality, columns=columns)


def _is_signed_twice(marked: pl.DataFrame) -> tuple[bool, bool]:
    """Whether outgoing amounts carry a minus beside their direction, and whether that is in doubt.

    The balance decides; without one it is what most outgoing amounts do while no incoming one is
    negative.
    """
    out = marked.filter(pl.col("side") == -1)["amount"]
    into = marked.filter(pl.col("side") == 1)["amount"]
    if not (out < 0).any():
        return False, False
    moved = marked.select("amount", "side", moved=_moves(marked))
    amount = pl.col("amount")
    plainly = pl.when(pl.col("side") == -1).then(-amount).otherwise(amount)
    signed, plain = moved.select(
        (pl.col("moved") == amount).sum(), (pl.col("moved") == plainly).alias("plain").sum()
    ).row(0)
    if signed != plain:
        return signed > plain, False
    negative = int((out < 0).sum())
    is_signed = negative * 2 > int((out != 0).sum()) and not (into < 0).any()
    return is_signed, is_signed and (negative < _HABIT or bool((out > 0).any()))


def _moves(frame: pl.DataFrame) -> pl.Series:
    """Return by how much each line moved the balance of its account; null where that is not told.

    Statements run up or down in time: the dates decide, and where they do not, the order in which
    more lines move the balance by their own amount; null throughout where both fit alike.
    """
    balance = pl.col("balance")
    both = frame.select(
        (balance - balance.shift(1)).over("account_no").alias("up"),
        (balance - balance.shift(-1)).over("account_no").alias("down"),
    )
    first, last = (frame["posted_on"].head(1), frame["posted_on"].tail(1))
    if (first < last).any():
        return both["up"]
    if (first > last).any():
        return both["down"]
    fits = {name: int((both[name].abs() == frame["amount"].abs()).sum()) for name in both.columns}
    if fits["up"] == fits["down"]:
        return both["up"].clear(frame.height)
    return both["up"] if fits["up"] > fits["down"] else both["down"]


def _swapped(parsed: ParsedSheet, frame: pl.DataFrame) -> ParsedSheet:
    """Say that money in and out seem swapped: every line that can be told moves the other way."""
    net = frame["money_in"].fill_null(0) - frame["money_out"].fill_null(0)
    moved = _moves(frame.with_columns(net.alias("amount")))
    against, along = (int(((moved == one) & (net != 0)).sum()) for one in (-net, net))
    if against < _HABIT or along:
        return parsed
    name = "money_in" if "money_in" in parsed.columns else "money_out"
    item = _items(parsed, frame.head(1), _SWAPPED, "columns_swapped", name)
    return replace(parsed, quality=pl.concat([parsed.quality, item]))


def _items(
    parsed: ParsedSheet, rows: pl.DataFrame, text: Text, check: str, column: str
) -> pl.DataFrame:
    letter, header = parsed.columns[column]
    told = rows.select(
        "row_no",
        pl.lit(letter, dtype=pl.String).alias("column_letter"),
        pl.lit(header).alias("header"),
        pl.col(column).cast(pl.String).alias("value"),
        pl.lit(text.zh).alias("reason"),
        pl.lit(text.en).alias("reason_en"),
        pl.lit("text" if column == "direction" else "money").alias("kind"),
    )
    return placed(told, parsed.sheet, "bank_txn", check)
