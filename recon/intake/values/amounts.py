"""Numbers as people write them: money, quantities, rates and whole numbers, never through a float.

Here: one readable parser per kind (`parse_amount`, `parse_rate`, `parse_whole`), and
`read_decimals`, which takes the plain forms of a whole column by polars expressions and leaves only
odd texts to the parser. Not here: dates and words (see `dates`, `words`) and the choice of a parser
(see `columns`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.values.digits import MARKED, half_width, without_note

if TYPE_CHECKING:
    from collections.abc import Callable

WAN = Decimal(10000)
_LIMIT = Decimal(10) ** 16
#: Wide enough for numbers below the limit with eighteen decimals.
_WIDE = Context(prec=40, rounding=ROUND_HALF_UP)
_DASHES = r"^[-—–―－_/]+$"
_DASH = re.compile(_DASHES)
_NUMBER = re.compile(r"^(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]*)?$")
_TINY = re.compile(r"^[0-9](?:\.[0-9]+)?E-[0-9]{1,3}$", re.IGNORECASE)
_CURRENCY = re.compile(r"人民币|RMB|CNY|[¥￥]", re.IGNORECASE)
_NEGATIVE = re.compile(r"^(?:[-−—–]|负|红字[:：]?|[△▲])(.+)$|^(.+?)(?:[-−]|红字)$|^\((.+)\)$")
_QTY_WORDS = re.compile(
    r"(?:升|L|公里|千米|KM|平方米|平米|㎡|M2|课时|学时|小时|人次|人|家|个|次|元/[升L])$",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"^([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.0*)?(?:人次?|名|年度?|个?月|家|户|个|岁|号|届|条)?$"
)


@dataclass(frozen=True)
class Numbers:
    """A column read as numbers.

    Shape: four series as long as the column. `bad` marks every text without a value; `rounded`
    marks values with more digits than kept, noise of floating cells apart; `noted` those with the
    mark of a footnote.
    """

    values: pl.Series
    bad: pl.Series
    rounded: pl.Series
    noted: pl.Series


def parse_amount(text: str, factor: Decimal = Decimal(1)) -> Decimal | None:
    """Read one amount in any of the forms of accountants.

    Args:
        text: The cell.
        factor: What one unit of the column is in yuan; a unit in the cell itself wins.

    Returns:
        The exact amount; None when it is no amount. A lone dash is zero; the mark of a footnote
        after the number is no part of it.

    Example:
        >>> parse_amount("（１，２３４．５０）元")
        Decimal('-1234.50')
        >>> parse_amount("1.2万元")
        Decimal('12000.0')
        >>> parse_amount("1200①")
        Decimal('1200')
    """
    bare = re.sub(r"[\s'’`]+", "", without_note(text)[0] or "")
    if _DASH.match(bare):
        return Decimal(0)
    bare = re.sub(r"[元圆][整正]?$", "元", _CURRENCY.sub("", bare))
    is_negative = False
    if found := _NEGATIVE.match(bare):
        is_negative = True
        bare = next(part for part in found.groups() if part)
    scale = factor
    for words, worth in (
        ("万元", WAN),
        ("亿元", WAN * WAN),
        ("万", WAN),
        ("亿", WAN * WAN),
        ("元", 1),
    ):
        if bare.endswith(words):
            bare, scale = bare.removesuffix(words), Decimal(worth)
            break
    number = _plain_number(bare)
    if number is None:
        return None
    return -number * scale if is_negative else number * scale


def _plain_number(bare: str) -> Decimal | None:
    digits = bare.removeprefix("+")
    if _TINY.match(digits):
        return Decimal(digits)
    if not _NUMBER.match(digits) or not any(map(str.isdigit, digits)):
        return None
    return Decimal(digits.replace(",", ""))


def parse_quantity(text: str, factor: Decimal = Decimal(1)) -> Decimal | None:
    """Read one quantity; a unit such as 升 or 公里 after it does not count.

    Args:
        text: The cell.
        factor: What one unit of the column is in the unit of the contract.
    """
    bare = re.sub(r"\s+", "", without_note(text)[0] or "")
    if _DASH.match(bare):
        return None
    return parse_amount(_QTY_WORDS.sub("", bare), factor)


def parse_rate(text: str, factor: Decimal = Decimal(1)) -> Decimal | None:
    """Read one rate: 0.02, 2%, 0.8 %, 2‰.

    Args:
        text: The cell.
        factor: 0.01 when the header says that the numbers are percent.
    """
    bare = re.sub(r"\s+", "", without_note(text)[0] or "")
    scale = factor
    if bare.endswith("%"):
        bare, scale = bare[:-1], Decimal("0.01")
    elif bare.endswith("‰"):
        bare, scale = bare[:-1], Decimal("0.001")
    sign = -1 if bare.startswith("-") else 1
    number = _plain_number(bare.removeprefix("-"))
    return None if number is None else sign * number * scale


def parse_whole(text: str) -> int | None:
    """Read one whole number: 1,234; 12.0; 36人; 2024年.

    Args:
        text: The cell.
    """
    found = _WHOLE.match(re.sub(r"\s+", "", half_width(text) or ""))
    digits = found[2].replace(",", "") if found else ""
    return int(found[1] + digits) if found and len(digits) <= 18 else None


def is_dash(texts: pl.Series) -> pl.Series:
    """Whether a text is nothing but dashes, which mean zero or nothing.

    Args:
        texts: Stripped texts.
    """
    dashes = texts.str.contains(_DASHES)
    return dashes.fill_null(value=False) if dashes.null_count() else dashes


def read_decimals(
    texts: pl.Series,
    places: int,
    parse: Callable[[str, Decimal], Decimal | None],
    factor: Decimal = Decimal(1),
    *,
    in_yuan: bool = True,
) -> Numbers:
    """Read a column of decimal numbers exactly.

    Args:
        texts: Stripped texts; null is empty.
        places: Digits kept after the point; more are rounded half up.
        parse: The parser of odd forms.
        factor: What one unit of the column is in the unit of the contract.
        in_yuan: Whether 元 after a number says nothing new.

    Returns:
        Decimal(18, places) values with marks.
    """
    plain = texts.str.contains(
        rf"^[+-]?(?:[0-9]{{1,{18 - places}}}|[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,3}})"
        rf"(?:\.[0-9]{{1,{places}}})?$"
    )
    plain = plain.fill_null(value=False)
    frame = pl.DataFrame({"text": texts, "plain": plain})
    exact = pl.Decimal(38, 18)
    direct: pl.Expr
    odd: pl.Expr
    if factor == 1:
        bare = pl.col("text").str.strip_prefix("+").str.replace_all(",", "", literal=True)
        direct = pl.when("plain").then(bare)
        odd = pl.when(~pl.col("plain")).then("text")
    else:
        direct, odd = pl.lit(None, dtype=pl.String), pl.col("text")
    frame = frame.select(
        odd.alias("text"), direct.cast(pl.Decimal(18, places), strict=False).alias("value")
    )
    if frame["text"].null_count() == frame.height:
        nothing = pl.Series("mark", [False]).new_from_index(0, frame.height)
        return Numbers(frame["value"], _unread(texts, frame["value"]), nothing, nothing)
    frame = frame.with_columns(
        long=_grouped(in_yuan=in_yuan) if factor == 1 else pl.lit(None, dtype=exact)
    )
    left = frame.filter(pl.col("text").is_not_null() & pl.col("long").is_null())["text"].unique()
    parsed = {text: value for text in left if (value := parse(text, factor)) is not None}
    small = {text: value for text, value in parsed.items() if abs(value) < _LIMIT}
    frame = frame.with_columns(_looked_up(frame["text"], small))
    long = pl.coalesce("long", "found")
    kept = long.round(places, mode="half_away_from_zero")
    noise = ((long - kept).abs() <= pl.lit(Decimal("0.0000005"))) & pl.col("text").str.contains(
        r"\.[0-9]{9,}|[Ee]-"
    )
    frame = frame.with_columns(
        kept.cast(pl.Decimal(18, places), strict=False).alias("kept"),
        ((long != kept) & ~noise).fill_null(value=False).alias("rounded"),
    ).with_columns(pl.coalesce("value", "kept").alias("value"))
    noted = frame["text"].is_in([text for text in small if without_note(text)[1]])
    bad = _unread(texts, frame["value"])
    return Numbers(frame["value"], bad, frame["rounded"], noted.fill_null(value=False))


def _unread(texts: pl.Series, values: pl.Series) -> pl.Series:
    """Mark every text without a value, however it was read: none is lost without a word."""
    return texts.is_not_null() & values.is_null()


def _grouped(*, in_yuan: bool) -> pl.Expr:
    """Read numbers with thousand separators, currency signs, brackets or many decimals."""
    unmarked = pl.when(~pl.col("text").str.contains(MARKED)).then("text")
    bare = unmarked.str.normalize("NFKC").str.replace_all(r"[\s¥￥]", "")
    if in_yuan:
        bare = bare.str.replace(r"元[整正]?$", "")
    is_bracketed = bare.str.contains(r"^\([^()\-]+\)$")
    inner = pl.when(is_bracketed).then(bare.str.strip_chars("()")).otherwise(bare)
    good = inner.str.contains(r"^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,16})(?:\.[0-9]{1,18})?$")
    digits = pl.when(good).then(inner.str.replace_all(",", "").str.strip_prefix("+"))
    value = digits.cast(pl.Decimal(38, 18), strict=False)
    return pl.when(is_bracketed).then(-value).otherwise(value)


def _looked_up(texts: pl.Series, found: dict[str, Decimal]) -> pl.Series:
    rows = {
        "text": list(found),
        "found": [
            value.quantize(Decimal(1).scaleb(-18), context=_WIDE) for value in found.values()
        ],
    }
    small = pl.DataFrame(rows, schema={"text": pl.String, "found": pl.Decimal(38, 18)})
    return texts.to_frame("text").join(small, on="text", how="left", maintain_order="left")["found"]
