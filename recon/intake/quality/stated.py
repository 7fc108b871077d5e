"""What the lines above a table state of its rows, tied to what was read.

Here: counts, sums and balances that a bank writes above its lines (累计借方金额, 记录条数,
期初余额). Not here: total rows below or between the lines (see `totals`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.values.amounts import parse_amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_OUT, _IN = re.compile(r"借|支出|付款|转出|支取"), re.compile(r"贷|收入|收款|转入|存入")
_COUNT = re.compile(r"笔数|条数|记录数|总笔|笔$")
_SUM = re.compile(r"金额|发生额|合计|总额|累计|总计")
_OPENING = re.compile(r"期初余额|上期余额|上期末余额|承前余额|起始余额")
_CLOSING = re.compile(r"期末余额|对账单余额|截止余额|结束余额")
_WHOLE = re.compile(r"^([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.0+)?\s*[笔条]?$")
_ASIDE = re.compile(r"[\[(（【].*?[\])）】]|\s")


@dataclass(frozen=True)
class Stated:
    """A figure above the table that is not what was read."""

    row_no: int
    label: str
    stated: Decimal
    read: Decimal
    check: str


@dataclass(frozen=True)
class Read:
    """What was read of a sheet: rows of data, how many of them were set aside, and its lines.

    Shape: `lines` has some of money_in, money_out, balance, in the order of the sheet.
    """

    rows: int
    set_aside: int
    lines: pl.DataFrame


def tie_stated(
    labelled: Mapping[str, tuple[str, int, str]], read: Read, factor: Decimal = Decimal(1)
) -> tuple[Stated, ...]:
    """Compare what the lines above a table state with what was read below.

    Rows that were set aside may be among those a bank counts, on either side.

    Args:
        labelled: Label as read to (value, row number, label as written).
        read: What was read.
        factor: What a stated amount is multiplied by to be yuan.

    Returns:
        Figures that agree with nothing; each line of the sheet that states one once.
    """
    found: dict[tuple[int, str, Decimal], Stated] = {}
    for value, row_no, label in _whole_labels(labelled):
        text = _ASIDE.sub("", unicodedata.normalize("NFKC", label))
        for check, stated, fits in _meant(text, value.strip(), read, factor):
            if stated not in fits and fits:
                nearest = min(fits, key=lambda one: abs(one - stated))
                key = (row_no, check, stated)
                found.setdefault(key, Stated(row_no, label, stated, nearest, check))
    return tuple(found.values())


def _whole_labels(
    labelled: Mapping[str, tuple[str, int, str]],
) -> Iterator[tuple[str, int, str]]:
    """Leave out labels that are only a part of another of the same figure (笔数 of 借方 笔数)."""
    every = list(dict.fromkeys(labelled.values()))
    for value, row_no, label in every:
        longer = ((v, r) == (value, row_no) and label != other and label in other
                  for v, r, other in every)  # fmt: skip
        if not any(longer):
            yield value, row_no, label


def _meant(
    label: str, value: str, read: Read, factor: Decimal
) -> Iterator[tuple[str, Decimal, set[Decimal]]]:
    """Yield the check that a label asks for, the figure stated, and those that would agree."""
    sides = [
        name
        for name, words in (("money_out", _OUT), ("money_in", _IN))
        if words.search(label) and name in read.lines.columns
    ]
    if whole := _WHOLE.match(value):
        count = Decimal(whole[1].replace(",", ""))
        if _COUNT.search(label) and not (_OUT.search(label) or _IN.search(label)):
            yield "count_tied", count, {Decimal(read.rows), Decimal(read.rows - read.set_aside)}
            return
        if _COUNT.search(label) and len(sides) == 1:
            lines = int((read.lines[sides[0]].fill_null(0) != 0).sum())
            yield "count_tied", count, _between(lines, lines + read.set_aside)
            return
    amount = parse_amount(value)
    if amount is None or _COUNT.search(label):
        return
    stated = (amount * factor).quantize(Decimal("0.01"))
    if _SUM.search(label) and len(sides) == 1 and not read.set_aside:
        total = Decimal(read.lines[sides[0]].sum() or 0).quantize(Decimal("0.01"))
        yield "total_tied", abs(stated), {abs(total)}
    elif "balance" in read.lines.columns and (_OPENING.search(label) or _CLOSING.search(label)):
        yield "balance_tied", stated, _ends(read.lines, opening=bool(_OPENING.search(label)))


def _between(first: int, last: int) -> set[Decimal]:
    return {Decimal(number) for number in range(first, last + 1)}


def _ends(lines: pl.DataFrame, *, opening: bool) -> set[Decimal]:
    """Return the balance before or after all lines, which run up or down in time."""
    if not lines.height or {"money_in", "money_out"} - set(lines.columns):
        return set()
    ends = pl.concat([lines.head(1), lines.tail(1)])
    net = pl.col("money_in").fill_null(0) - pl.col("money_out").fill_null(0)
    figures = ends.select((pl.col("balance") - net) if opening else pl.col("balance")).to_series()
    return set(_plain(figures)) if not figures.null_count() else set()


def _plain(figures: Iterable[Decimal]) -> Iterator[Decimal]:
    return (Decimal(figure).quantize(Decimal("0.01")) for figure in figures)
