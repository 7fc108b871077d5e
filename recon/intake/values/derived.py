"""Texts of columns that are computed from other columns of the same row.

Here: what each `how` of a `Supply` means. Amounts come out in yuan; a cell that cannot be read goes
through as it is, so that the column's own reading finds it. Not here: where they are needed (see
`accounting`, `candidates`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.values import ends
from recon.intake.values.amounts import parse_amount, read_decimals
from recon.intake.values.digits import MARKED
from recon.intake.values.units import factor_of
from recon.intake.values.words import strip_texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from recon.base.models import Text

_DEBIT = ["借", "借方", "D", "DR", "DEBIT"]
_CREDIT = ["贷", "贷方", "C", "CR", "CREDIT"]
_MONEY = pl.Decimal(38, 2)
_BETWEEN = re.compile(r"\s*(?:至|到|~|--+|[—–]+|\s-\s|-(?=(?:19|20)[0-9]{2}))\s*")
_MONTHS_OF = re.compile(
    r"^((?:19|20)[0-9]{2})年\s*([0-9]{1,2})月?\s*[-—~至到]\s*([0-9]{1,2})月份?$"
)
_QUARTER = re.compile(
    r"^((?:19|20)[0-9]{2})[年\-. ]*(?:第?([1-4一二三四])季度?|Q([1-4])|([1-4])Q)$", re.IGNORECASE
)
#: The year of a day or month, what parts it from the month, and the month with what follows it.
_BEGINS = re.compile(r"^((?:19|20)[0-9]{2})\s*([-./年])\s*([0-9]{1,2}\s*[-./月])")


@dataclass(frozen=True)
class Supply:
    """A value for a whole column that no sheet column holds.

    `value` is a text for every row, or None when the columns `letters` are put together; `year`
    then stands in for a missing year column. `how` is preamble, title, or a way of computing;
    prefix, directed and the ways of `WITHIN` change a column that is there.
    """

    how: str
    value: str | None = None
    label: str = ""
    row_no: int | None = None
    letters: tuple[str | None, ...] = ()
    year: int | None = None
    note: Text | None = None


def derive(body: pl.DataFrame, supply: Supply, unit: str | None) -> pl.Series:
    """Compute a column.

    Args:
        body: The rows under the header, columns by letter.
        supply: Which columns, and how.
        unit: Unit of the sheet's money, or None.

    Returns:
        One text per row; money in yuan.
    """
    return _HOWS[supply.how](body, supply, factor_of(unit))


def _parts(body: pl.DataFrame, supply: Supply, _factor: Decimal) -> pl.Series:
    year, month, day = supply.letters
    years = pl.col(year) if year else pl.lit(str(supply.year))
    return _joined(body, [years, pl.col(str(month)), pl.col(str(day))])


def _year_month(body: pl.DataFrame, supply: Supply, _factor: Decimal) -> pl.Series:
    year, month = map(str, supply.letters)
    both = _joined(body, [pl.col(year), pl.col(month)])
    months = body[month].str.normalize("NFKC")
    whole = months.str.contains(r"^\s*[0-9]{4}[^0-9]?[0-9]{1,2}").fill_null(value=False)
    return pl.select(pl.when(whole).then(body[month]).otherwise(both)).to_series()


def _joined(body: pl.DataFrame, parts: list[pl.Expr]) -> pl.Series:
    bare = [
        pl.when(part.str.contains(MARKED))
        .then(part)
        .otherwise(part.str.normalize("NFKC"))
        .str.replace_all(r"[\s年月日期第份]|\.0$", "")
        for part in parts
    ]
    return body.select(pl.concat_str(bare, separator="-")).to_series()


def _read(body: pl.DataFrame, letter: str | None, factor: Decimal) -> pl.DataFrame:
    """Return the amounts of a column, blank as zero, and its unreadable texts."""
    texts = strip_texts(body[str(letter)])
    found = read_decimals(texts, 2, parse_amount, factor)
    bad = pl.select(pl.when(found.bad).then(texts)).to_series()
    return pl.DataFrame({"value": found.values.fill_null(0).cast(_MONEY), "bad": bad})


def _pair(body: pl.DataFrame, supply: Supply, factor: Decimal, at: int = 0) -> pl.DataFrame:
    """Return debit, credit, `bad`, and the side on which they stand: 借, 贷 or 平."""
    debit, credit = (_read(body, letter, factor) for letter in supply.letters[at : at + 2])
    frame = pl.DataFrame(
        {
            "debit": debit["value"],
            "credit": credit["value"],
            "bad": pl.select(pl.coalesce(debit["bad"], credit["bad"])).to_series(),
        }
    )
    d, c = pl.col("debit"), pl.col("credit")
    side = (
        pl.when((d == 0) & (c == 0))
        .then(pl.lit("平"))
        .when(c == 0)
        .then(pl.lit("借"))
        .when(d == 0)
        .then(pl.lit("贷"))
        .when(d >= c)
        .then(pl.lit("借"))
        .otherwise(pl.lit("贷"))
    )
    return frame.with_columns(side.alias("side"))


def _on(side: pl.Expr) -> pl.Expr:
    net = pl.col("debit") - pl.col("credit")
    return pl.when(side == "贷").then(-net).otherwise(net).cast(pl.String)


def _net(body: pl.DataFrame, supply: Supply, factor: Decimal) -> pl.Series:
    frame = _pair(body, supply, factor)
    return frame.select(pl.coalesce("bad", _on(pl.col("side")))).to_series()


def _in_side(body: pl.DataFrame, supply: Supply, factor: Decimal) -> pl.Series:
    """Write a balance as seen from the side of another pair (the closing one)."""
    frame = _pair(body, supply, factor)
    if None in supply.letters[2:] or len(supply.letters) < 4:
        return frame.select(pl.coalesce("bad", _on(pl.col("side")))).to_series()
    closing = _pair(body, supply, factor, at=2)["side"]
    side = pl.when(closing == "平").then(pl.col("side")).otherwise(closing)
    return frame.select(pl.coalesce("bad", _on(side))).to_series()


def _side_of(body: pl.DataFrame, supply: Supply, factor: Decimal) -> pl.Series:
    return _pair(body, supply, factor)["side"]


def _word(letter: str) -> pl.Expr:
    bare = pl.col(letter).str.normalize("NFKC").str.to_uppercase().str.replace_all(r"\s", "")
    return (
        pl.when(bare.is_in(_DEBIT)).then(pl.lit("借")).when(bare.is_in(_CREDIT)).then(pl.lit("贷"))
    )


def _on_side(body: pl.DataFrame, supply: Supply, _factor: Decimal) -> pl.Series:
    """Keep the amounts of one side; an amount without a known side is told with its text."""
    amount, side = map(str, supply.letters)
    word, text = _word(side), pl.col(amount)
    unknown = pl.format("{}（{}？）", text, pl.col(side).fill_null(""))
    is_zero = text.str.contains(r"^\s*[-0.,]*\s*$").fill_null(value=True)
    return body.select(
        pl.when(word == supply.value).then(text).when(word.is_null() & ~is_zero).then(unknown)
    ).to_series()


def _part_of(body: pl.DataFrame, supply: Supply, _factor: Decimal) -> pl.Series:
    """Return a group of the form `value` in a column; a text of another form goes through whole."""
    (letter,) = supply.letters
    text = pl.col(str(letter)).str.strip_chars()
    part = text.str.extract(str(supply.value), supply.row_no or 1)
    return body.select(pl.coalesce(part, text).str.strip_chars()).to_series()


def _day_time(body: pl.DataFrame, supply: Supply, _factor: Decimal) -> pl.Series:
    """Put a time of day (9:05, 090500) behind a day; a day without a time stays a day."""
    day, time = (pl.col(str(one)).str.normalize("NFKC").str.strip_chars() for one in supply.letters)
    solid = time.str.zfill(6).str.replace("^([0-9]{2})([0-9]{2})([0-9]{2})$", "$1:$2:$3")
    clock = pl.when(time.str.contains("^[0-9]{5,6}$")).then(solid).otherwise(time)
    bare = day.str.replace(r"\s+0?0:00(?::00)?$", "")
    has_time = clock.str.contains("^[0-9]{1,2}:[0-9]{2}").fill_null(value=False)
    return body.select(pl.when(has_time).then(bare + " " + clock).otherwise(day)).to_series()


def _on_credit(body: pl.DataFrame, supply: Supply, _factor: Decimal) -> pl.Series:
    """Return amounts without the side that stands behind them; those of a debit are negative."""
    (letter,) = supply.letters
    form, text = str(supply.value), pl.col(str(letter))
    bare = text.str.extract(form, 1)
    is_debit = text.str.extract(form, 2).str.to_uppercase().is_in(_DEBIT)
    return body.select(
        pl.coalesce(pl.when(is_debit).then(pl.lit("-") + bare).otherwise(bare), text)
    ).to_series()


def _saying(body: pl.DataFrame, supply: Supply, _factor: Decimal) -> pl.Series:
    """Return the text of the first column, or of a later one that says `value`."""
    texts = [pl.col(str(letter)) for letter in supply.letters]
    bare = [one.str.normalize("NFKC").str.replace_all(r"\s", "") for one in texts]
    said = [
        pl.when(plain.str.contains(str(supply.value))).then(one)
        for one, plain in zip(texts, bare, strict=True)
    ]
    return body.select(pl.coalesce(*said, texts[0])).to_series()


def _first_of(body: pl.DataFrame, supply: Supply, _factor: Decimal) -> pl.Series:
    """Return the text of the first column that is not blank."""
    texts = [pl.col(str(letter)) for letter in supply.letters]
    return body.select(
        pl.coalesce(pl.when(one.str.contains(r"\S")).then(one) for one in texts)
    ).to_series()


def _end_of(body: pl.DataFrame, supply: Supply, _factor: Decimal) -> pl.Series:
    """Return the first or last day of a span in one cell; other texts go through whole."""
    (letter,) = supply.letters
    texts = body[str(letter)]
    place = 0 if supply.value == "first" else 1
    known = {text: ends_of(text)[place] for text in texts.drop_nulls().unique().to_list()}
    return texts.replace_strict(
        list(known), list(known.values()), default=None, return_dtype=pl.String
    )


def ends_of(text: str) -> tuple[str, str]:
    """Return both ends of a span of days or months; twice the text where it is none.

    Args:
        text: A cell.

    Example:
        >>> ends_of("2024年1-3月")
        ('2024年1月', '2024年3月')
        >>> ends_of("2024年第二季度")
        ('2024年4月', '2024年6月')
        >>> ends_of("2024-03-05至03-09")
        ('2024-03-05', '2024-03-09')
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    if found := _MONTHS_OF.match(bare):
        return f"{found[1]}年{found[2]}月", f"{found[1]}年{found[3]}月"
    if found := _QUARTER.match(bare):
        number = found[2] or found[3] or found[4]
        month = 3 * ("一二三四".find(number) + 1 or int(number))
        return f"{found[1]}年{month - 2}月", f"{found[1]}年{month}月"
    parts = [part.strip(" 起止") for part in _BETWEEN.split(bare)]
    if len(parts) != 2 or not all(parts):
        return bare, bare
    first, last = parts
    begin = _BEGINS.match(first)
    if begin and not _BEGINS.match(last):
        is_day = re.fullmatch(r"[0-9]{1,2}\s*日?", last)
        last = f"{begin[1]}{begin[2]}{begin[3] if is_day else ''}{last}"
    return first, last


def prefixed(numbers: pl.Series, words: pl.Series) -> pl.Series:
    """Put the word of a voucher before its number: 记 and 1 are 记-1.

    Args:
        numbers: Voucher numbers; those that begin with the word already stay.
        words: Voucher words.
    """
    number, word = pl.col("number"), pl.col("word").str.strip_chars()
    frame = pl.DataFrame({"number": numbers, "word": words})
    has_none = word.is_null() | (word == "") | number.str.starts_with(word)
    return frame.select(
        pl.when(has_none.fill_null(value=True)).then(number).otherwise(word + "-" + number)
    ).to_series()


def turned(amounts: pl.Series, body: pl.DataFrame, supply: Supply) -> pl.Series:
    """Negate opening balances that stand on the other side than the closing balance.

    Args:
        amounts: Parsed amounts.
        body: The rows.
        supply: The letters of the two 方向 columns.
    """
    first, last = map(str, supply.letters)
    sides = body.select(_word(first).alias("first"), _word(last).alias("last"))
    other = (sides["first"] != sides["last"]).fill_null(value=False)
    return pl.select(pl.when(other).then(-amounts).otherwise(amounts)).to_series()


def _joined_texts(body: pl.DataFrame, supply: Supply, _factor: Decimal) -> pl.Series:
    """Put texts of several columns together, each once; dashes are no texts."""
    texts = [strip_texts(body[str(letter)]) for letter in supply.letters]
    whole = texts[0]
    for more in texts[1:]:
        frame = pl.DataFrame({"whole": whole, "more": more})
        is_new = ~pl.col("more").str.contains(r"^[-—–/\\]*$") & ~(
            pl.col("whole").str.contains(pl.col("more"), literal=True).fill_null(value=False)
        )
        both = pl.concat_str("whole", "more", separator="；", ignore_nulls=True)
        whole = frame.select(
            pl.when(is_new.fill_null(value=False)).then(both).otherwise("whole")
        ).to_series()
    return whole


_HOWS: dict[str, Callable[[pl.DataFrame, Supply, Decimal], pl.Series]] = {
    "parts": _parts,
    "year_month": _year_month,
    "net": _net,
    "in_side": _in_side,
    "side_of": _side_of,
    "on_side": _on_side,
    "part_of": _part_of,
    "day_time": _day_time,
    "on_credit": _on_credit,
    "name_beside": lambda body, one, _: ends.name_beside(body, str(one.letters[0]), str(one.value)),
    "account_beside": lambda body, one, _: ends.account_beside(
        body, str(one.letters[0]), str(one.value)
    ),
    "joined": _joined_texts,
    "own_account": lambda body, one, _: ends.own_account(body, one.letters, one.value),
    "other_account": lambda body, one, _: ends.other_end(body, one.letters, one.value, "account"),
    "other_name": lambda body, one, _: ends.other_end(body, one.letters, one.value, "name"),
    "paid_by": lambda body, one, _: ends.paid_by(body, one.letters, one.value),
    "saying": _saying,
    "first_of": _first_of,
    "end_of": _end_of,
}
#: Ways that change the texts of the column that is there.
WITHIN = frozenset({"joined", "part_of", "on_credit", "name_beside", "day_time"})
#: Computed amounts that come out in yuan whatever the sheet's unit.
IN_YUAN = frozenset({"net", "in_side"})
