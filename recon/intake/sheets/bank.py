"""One amount of a bank statement becomes money in and money out; the balance is the witness.

Here: words of direction, signs, and what the running balance proves where they do not say enough.
Not here: statements that have both columns already, but for the test that they are not swapped.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
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
#: Rows that show what kind of statement a sheet is.
_HEAD = 400
_UNKNOWN = Text(
    "看不懂的收支方向；可用：借、贷、收、支、+、-",
    "unknown direction; use 借, 贷, 收, 支, Dr, Cr, +, -",
)
_UNTOLD = Text(
    "没有收支方向列，从余额的变化也看不出这一笔是收是支；请补上方向列或正负号",
    "no column of direction, and the balance does not tell whether this came in or went out; add "
    "a direction or signs",
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
_NO_WORD = Text(
    "没有收支方向列，金额没有正负号，余额也看不出收支。",
    "There is no direction, the amounts have no signs, and no balance tells in from out.",
)
_NO_WITNESS = Text(
    "金额有正有负而没有收支方向列，也没有余额可以核对：银行账户的负数是支出，"
    "公务卡账单的负数是还款或退款。",
    "Amounts have signs, no direction and no balance to check them by: negatives went out of a "
    "bank account, but are repayments or refunds on a card's statement.",
)
_CARD = Text(
    "像是公务卡或信用卡账单：消费为正、还款为负，与银行账户的收支方向相反。",
    "It looks like a card's statement: purchases are positive and repayments negative, against the "
    "sides of a bank account.",
)
_AGAINST = Text(
    "余额的变化与金额的正负号相反。", "The balance moves against the signs of the amounts."
)
_WORDS_UNKNOWN = Text(
    "收支方向一列的写法看不懂（如“{word}”）；可用：借、贷、收、支、+、-。",
    "Words in the column of directions are unknown (such as “{word}”); use 借, 贷, 收, 支, +, -.",
)
_SWAPPED = Text(
    "余额的变化与收支正好相反：收入和支出两列可能颠倒。",
    "The balance moves against money in and out: the two columns may be swapped.",
)
_ALL_NEGATIVE = Text(
    "支出一列全是负数，没有余额可以看出是支出还是冲正。",
    "All amounts that went out are negative, and no balance tells whether they went out or are "
    "reversals.",
)
_BOTH = Text(
    "多行同时有收入和支出金额：其中一列可能不是发生额。",
    "Many rows have money in and money out at once: one of the columns may be something else.",
)
_EXCHANGED = Text(
    "金额一列像余额那样逐笔滚动，余额一列像发生额：两列可能颠倒。",
    "The amounts run on like a balance, and the balances are what they move by: the two columns "
    "may be exchanged.",
)
_CARD_WORDS = r"信用卡|公务卡|贷记卡|卡末四位|还款|消费|最低还款|账单日|本期账单|已出账单"


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
    if _is_exchanged(frame):
        return replace(parsed, doubt=_EXCHANGED)
    if "direction" in has:
        return _directed(parsed, frame)
    return _undirected(parsed, frame)


def _is_exchanged(frame: pl.DataFrame) -> bool:
    """Whether the amounts run on like a balance, by what stands under the balance."""
    other = frame.with_columns(
        pl.col("balance").alias("amount"), pl.col("amount").alias("balance")
    ).filter(pl.col("amount").is_not_null() & (pl.col("amount") != 0))
    if other.height <= _HABIT:
        return False
    fits = int((moves(other).abs() == other["amount"].abs()).sum())
    return fits >= _HABIT and fits * 2 > other.height


def _directed(parsed: ParsedSheet, frame: pl.DataFrame) -> ParsedSheet:
    marked = frame.with_columns(side().alias("side"))
    words = marked.filter(pl.col("direction").is_not_null() & pl.col("side").is_null())
    if words.height * 10 > frame.height or marked["side"].null_count() == frame.height:
        if frame["direction"].null_count() == frame.height:
            return _undirected(parsed, frame)
        word = str(words["direction"][0]) if words.height else ""
        return replace(
            parsed,
            doubt=Text(_WORDS_UNKNOWN.zh.format(word=word), _WORDS_UNKNOWN.en.format(word=word)),
        )
    is_signed, doubt = _is_signed_twice(marked)
    turned = pl.when((pl.col("side") == -1) & is_signed).then(-pl.col("amount"))
    value = turned.otherwise("amount").cast(_MONEY)
    made = []
    if doubt:
        first = marked.filter((pl.col("side") == -1) & (pl.col("amount") < 0)).head(1)
        made.append(_items(parsed, first, _SIGNS, "direction_sign", "amount"))
    return _told(parsed, marked.with_columns(value.alias("value")), made, _UNKNOWN)


def _undirected(parsed: ParsedSheet, frame: pl.DataFrame) -> ParsedSheet:
    """Go by the signs; where there are none, by the balance."""
    signed = frame.with_columns(
        pl.when(pl.col("amount") < 0).then(-1).otherwise(1).alias("side"),
        pl.col("amount").abs().alias("value"),
    )
    moved = moves(frame)
    along, against = (
        int(((moved == one) & (frame["amount"] != 0)).sum())
        for one in (frame["amount"], -frame["amount"])
    )
    if (frame["amount"] < 0).any():
        doubt = _doubt_of_signs(parsed, along, against)
        return replace(parsed, doubt=doubt) if doubt else _told(parsed, signed, [], _UNTOLD)
    if not along and not against:
        return replace(parsed, doubt=_CARD if _is_card(parsed) else _NO_WORD)
    told = signed.with_columns(moved.alias("moved")).with_columns(
        pl.when(pl.col("moved") == pl.col("amount"))
        .then(1)
        .when(pl.col("moved") == -pl.col("amount"))
        .then(-1)
        .alias("side")
    )
    shaped = _told(parsed, told.drop("moved"), [], _UNTOLD)
    return replace(shaped, sheet=replace(shaped.sheet, notes=(*shaped.sheet.notes, _BY_BALANCE)))


def _doubt_of_signs(parsed: ParsedSheet, along: int, against: int) -> Text | None:
    """Say why the signs of amounts do not tell in from out, if so."""
    if against > along:
        return _CARD if _is_card(parsed) else _AGAINST
    if along:
        return None
    letter = parsed.columns["amount"][0]
    is_written = letter and parsed.sheet.cells[letter].str.contains(r"^\s*[+＋][0-9]").any()
    is_said = any(one.how == "saved" and one.column == "amount" for one in parsed.found.matches)
    if is_written or is_said:
        return None
    return _CARD if _is_card(parsed) else _NO_WITNESS


def _is_card(parsed: ParsedSheet) -> bool:
    """Whether the first rows of a sheet speak as a card's statement does."""
    head = parsed.sheet.cells.head(_HEAD).drop("row_no")
    texts = pl.Series([parsed.sheet.path, parsed.sheet.sheet]).drop_nulls()
    columns = (texts, *head.iter_columns())
    return any(bool(one.str.contains(_CARD_WORDS).any()) for one in columns)


def _told(
    parsed: ParsedSheet, marked: pl.DataFrame, made: list[pl.DataFrame], untold: Text
) -> ParsedSheet:
    """Put `value` into the column that `side` names; rows without a side are set aside."""
    lost = marked.filter(pl.col("side").is_null() & (pl.col("amount") != 0))
    if lost.height:
        parsed = _set_aside(parsed, lost, untold)
        marked = marked.filter(~pl.col("row_no").is_in(lost["row_no"].implode()))
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


def _set_aside(parsed: ParsedSheet, lost: pl.DataFrame, why: Text) -> ParsedSheet:
    """Reject rows whose side nothing tells; their money goes with them."""
    column = "direction" if parsed.columns.get("direction", (None, ""))[0] else "amount"
    items = _items(parsed, lost, why, "direction_unknown", column)
    money = {
        name: sums
        | {
            "accepted": sums["accepted"] - (moved := _sum(lost[name])),
            "rejected": sums["rejected"] + moved,
        }
        for name, sums in parsed.money.items()
    }
    rejected = pl.concat([parsed.rejected, items]).sort("row_no", maintain_order=True)
    return replace(parsed, rejected=rejected, money=money)


def _sum(values: pl.Series) -> Decimal:
    return Decimal(values.cast(pl.Decimal(38, 2)).sum() or 0).quantize(Decimal("0.01"))


def _is_signed_twice(marked: pl.DataFrame) -> tuple[bool, bool]:
    """Whether outgoing amounts carry a minus beside their direction, and whether that is in doubt.

    The balance decides; without one it is what most outgoing amounts do while no incoming one is
    negative.
    """
    out = marked.filter(pl.col("side") == -1)["amount"]
    into = marked.filter(pl.col("side") == 1)["amount"]
    if not (out < 0).any():
        return False, False
    moved = marked.select("amount", "side", moved=moves(marked))
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


def moves(frame: pl.DataFrame) -> pl.Series:
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


def _negative_out(parsed: ParsedSheet, frame: pl.DataFrame) -> ParsedSheet:
    """Take outgoing amounts that are all negative for what they are where the balance proves it."""
    out = frame["money_out"]
    if not (out < 0).any() or (out > 0).any() or parsed.found.is_answered:
        return parsed
    net = frame["money_in"].fill_null(0) - out.fill_null(0)
    told = frame.select("money_out", moved=moves(frame.with_columns(net.abs().alias("amount"))))
    told = told.filter(pl.col("money_out") < 0)
    signed, plain = told.select(
        (pl.col("moved") == pl.col("money_out")).alias("signed").sum(),
        (pl.col("moved") == -pl.col("money_out")).alias("plain").sum(),
    ).row(0)
    if plain > signed:
        return parsed
    if signed == plain:
        return replace(parsed, doubt=_ALL_NEGATIVE)
    sums = {kind: abs(value) for kind, value in parsed.money.get("money_out", {}).items()}
    return replace(
        parsed,
        accepted=frame.with_columns(out.abs().alias("money_out")),
        money=parsed.money | ({"money_out": sums} if sums else {}),
    )


def _swapped(parsed: ParsedSheet, frame: pl.DataFrame) -> ParsedSheet:
    """Doubt that money in and out are not swapped: every line that tells moves the other way."""
    both = (frame["money_in"].fill_null(0) != 0) & (frame["money_out"].fill_null(0) != 0)
    if int(both.sum()) >= _HABIT and not parsed.found.is_answered:
        return replace(parsed, doubt=_BOTH)
    net = frame["money_in"].fill_null(0) - frame["money_out"].fill_null(0)
    moved = moves(frame.with_columns(net.alias("amount")))
    against, along = (int(((moved == one) & (net != 0)).sum()) for one in (-net, net))
    if against < _HABIT or along or parsed.found.is_answered:
        return _negative_out(parsed, frame)
    return replace(parsed, doubt=_SWAPPED)


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
