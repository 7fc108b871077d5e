"""Seeded draws as polars series, the same on every machine and library version.

Here: random whole numbers, and names and numbers with right check digits. Not here: what they are
used for (see `make_data`).
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from recon.tables.checks import ID_CHECKS, ID_WEIGHTS, USCC_ALPHABET, USCC_WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Sequence


class Draws:
    """A stream of random columns."""

    def __init__(self, seed: int) -> None:
        """Start the stream."""
        self._random = Random(seed)

    def whole(self, height: int, low: int, high: int) -> pl.Series:
        """Return whole numbers from low to high, both ends among them."""
        raw = pa.py_buffer(self._random.randbytes(4 * height))
        words = pl.Series(pa.Array.from_buffers(pa.uint32(), height, [None, raw]))
        return (words.cast(pl.Int64) % (high - low + 1) + low).rename("")

    def picks(self, height: int, count: int) -> list[int]:
        """Return different places below height, in rising order."""
        return sorted(self._random.sample(range(height), min(count, height)))

    def choice(self, height: int, values: Sequence[str]) -> pl.Series:
        """Return one of some texts per row."""
        return pl.Series(values).gather(self.whole(height, 0, len(values) - 1))


def credit_code(number: pl.Expr, head: str = "91450000") -> pl.Expr:
    """Return the 18-character credit code of a serial number (check digit of GB 32100-2015)."""
    fixed = sum(
        USCC_ALPHABET.index(letter) * weight
        for letter, weight in zip(head, USCC_WEIGHTS, strict=False)
    )
    total = pl.lit(fixed) + _weighted(number, USCC_WEIGHTS[len(head) :])
    check = ((31 - total % 31) % 31).replace_strict(
        dict(enumerate(USCC_ALPHABET)), return_dtype=pl.String
    )
    return pl.concat_str(pl.lit(head), _digits(number, 17 - len(head)), check)


def identity_number(serial: pl.Expr) -> pl.Expr:
    """Return the 18-digit identity number of a serial number below 60 million (GB 11643-1999)."""
    birth = pl.date(1976, 1, 1) + pl.duration(days=serial % 9_000)
    rest = serial // 9_000
    body = pl.concat_str(
        _digits(pl.lit(990_000) + rest // 900, 6),
        birth.dt.strftime("%Y%m%d"),
        _digits(rest % 900, 3),
    )
    number = body.cast(pl.Int64)
    check = (_weighted(number, ID_WEIGHTS) % 11).replace_strict(
        dict(enumerate(ID_CHECKS)), return_dtype=pl.String
    )
    return pl.concat_str(body, check)


def _digits(number: pl.Expr, width: int) -> pl.Expr:
    return number.cast(pl.String).str.zfill(width)


def _weighted(number: pl.Expr, weights: Sequence[int]) -> pl.Expr:
    parts = [
        number // 10 ** (len(weights) - 1 - place) % 10 * weight
        for place, weight in enumerate(weights)
    ]
    total: pl.Expr = sum(parts[1:], start=parts[0])
    return total
