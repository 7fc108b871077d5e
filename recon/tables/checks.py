"""Validity checks of single values, as polars expressions.

A value that fails is a data-quality item: the row stays in the data. Not here: parsing (a cell that
cannot be read is rejected before it comes here) and keys (tested across rows, see `validation`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import polars as pl

from recon.base.distinct import distinct, spread_marks

if TYPE_CHECKING:
    from collections.abc import Callable

    from pandera.api.polars.types import PolarsData
    from pandera.polars import Check

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"

PLATE_PATTERN = (
    r"^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领军警应][A-Z]"
    r"([A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领使急]|[A-HJ-NP-Z0-9]{6})$"
)


#: Worth of a byte that is no sign of a code: more than any sum of signs that are.
_NO_SIGN = 1_000_000


@dataclass(frozen=True)
class _CheckDigit:
    """How the last sign of a code follows from the signs before it.

    Each of these is worth its place in `alphabet`, times the weight of where it stands. Their sum,
    divided by the number of `checks`, leaves the place of the last sign in `checks`.
    """

    alphabet: str
    weights: tuple[int, ...]
    checks: str

    def holds(self, code: pl.Expr) -> pl.Expr:
        """Whether the last sign of a code follows; false for any other length or sign."""
        return code.map_batches(self._marks, return_dtype=pl.Boolean, is_elementwise=True)

    def _marks(self, codes: pl.Series) -> pl.Series:
        """Mark such codes: byte by byte of all codes at once, for each step has its price."""
        size = len(self.weights) + 1
        signs = codes.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, size))
        marks = signs.is_not_null()
        if not marks.any():
            return marks
        signs = signs.drop_nulls()
        worth = _worth(self.alphabet).gather(signs.explode()).reshape((-1, size))
        total = (worth * pl.Series([[*self.weights, 0]], dtype=worth.dtype)).arr.sum()
        last = _worth(self.checks).gather(signs.arr.last())
        follows = (total < _NO_SIGN) & (total % len(self.checks) == last)
        return follows if len(follows) == len(marks) else marks.scatter(marks.arg_true(), follows)


@cache
def _worth(signs: str) -> pl.Series:
    """Return what each byte is worth."""
    places = {ord(sign): place for place, sign in enumerate(signs)}
    return pl.Series([places.get(byte, _NO_SIGN) for byte in range(256)], dtype=pl.Int32)


_USCC = _CheckDigit(USCC_ALPHABET, USCC_WEIGHTS, USCC_ALPHABET[0] + USCC_ALPHABET[:0:-1])
_ORGANISATION = _CheckDigit("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", ORG_WEIGHTS, "0X987654321")
_PERSON = _CheckDigit("0123456789", ID_WEIGHTS, ID_CHECKS)


def uscc_is_valid(code: pl.Expr) -> pl.Expr:
    """Whether a unified social credit code or its elder holds together.

    18 characters: check digit of GB 32100-2015. 9 characters: that of GB 11714. The 15-, 17- and
    20-character forms carry none and pass.

    Args:
        code: Text expression, upper case, no spaces.

    Returns:
        Boolean expression; null where the code is null.
    """
    length = code.str.len_chars()
    return (
        pl.when(length == 18)
        .then(_USCC.holds(code))
        .when(length == 9)
        .then(_ORGANISATION.holds(code))
        .when(code.is_not_null())
        .then(length.is_in([15, 17, 20]))
    )


def id_is_valid(number: pl.Expr) -> pl.Expr:
    """Whether a resident identity number holds together (GB 11643-1999).

    18 digits: birth date and check digit. 15 digits: birth date. Other papers (permits, passports)
    are not tested here and pass when they are 7 to 12 characters and begin with a letter or digit.

    Args:
        number: Text expression, upper case, no spaces.

    Returns:
        Boolean expression; null where the number is null.
    """
    length = number.str.len_chars()
    born = number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    born_short = (pl.lit("19") + number.str.slice(6, 6)).str.to_date("%Y%m%d", strict=False)
    return (
        pl.when(length == 18)
        .then(_PERSON.holds(number) & born.is_not_null())
        .when(length == 15)
        .then(born_short.is_not_null())
        .when(number.is_not_null())
        .then(number.str.contains(r"^[A-Z0-9]{7,12}$"))
    )


@dataclass(frozen=True)
class CellCheck:
    """The check that goes with a kind of column: its name, and what holds of a good cell."""

    name: str
    is_good: Callable[[pl.Expr], pl.Expr]

    @cached_property
    def _bad(self) -> pl.Expr:
        return ~self.is_good(pl.col("cell")).fill_null(value=True)

    def broken(self, cells: pl.Series) -> pl.Series:
        """Mark the cells of a column that break the check; an empty one breaks none."""
        words = distinct(cells) if cells.dtype == pl.String else None
        texts = cells if words is None else words
        bad = texts.to_frame("cell").select(self._bad).to_series()
        return bad if words is None else spread_marks(cells, words, [bad])[0]


@cache
def check_for(kind: str, values: tuple[str, ...]) -> CellCheck | None:
    """Return the check that goes with a kind of column, if any.

    Args:
        kind: The column's kind.
        values: Allowed values of an enum.

    Returns:
        A check whose `name` says what is broken (`valid_uscc`, `valid_id_no`, ...).
    """
    if kind == "enum":
        return CellCheck("allowed_value", lambda cell: cell.is_in(list(values)))
    return _CHECKS.get(kind)


def checks_for(kind: str, values: tuple[str, ...]) -> list[Check]:
    """Return the check of a kind of column as pandera takes it; see `check_for`."""
    one = check_for(kind, values)
    if one is None:
        return []
    import pandera.polars as pa  # noqa: PLC0415 - slow to load, and a run needs none of it

    is_good = one.is_good

    def passes(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(is_good(pl.col(data.key)).fill_null(value=True))

    return [pa.Check(passes, name=one.name)]


_CHECKS = {
    "uscc": CellCheck("valid_uscc", uscc_is_valid),
    "id_no": CellCheck("valid_id_no", id_is_valid),
    "plate": CellCheck("valid_plate", lambda cell: cell.str.contains(PLATE_PATTERN)),
    "account": CellCheck("valid_account", lambda cell: cell.str.contains(r"^[0-9]{5,32}$")),
    "card": CellCheck("valid_card", lambda cell: cell.str.contains(r"^[0-9A-Z]{6,32}$")),
    "rate": CellCheck("rate_in_range", lambda cell: (cell >= 0) & (cell <= 1)),
    "qty": CellCheck("not_negative", lambda cell: cell >= 0),
    "int": CellCheck("not_negative", lambda cell: cell >= 0),
}
