"""What the cells under a header look like, where the header's words leave two columns open.

Here: times of day that are no days, columns without a figure, columns of amounts. Not here: reading
values (`values`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from recon.intake.values.amounts import parse_amount

if TYPE_CHECKING:
    import polars as pl

#: Rows under a header that show what a column holds.
SHOWN = 400
_TIME = re.compile(
    r"\s*(?:[01]?[0-9]|2[0-3])"
    r"(?:[:：.][0-5][0-9](?:[:：.][0-5][0-9](?:\.[0-9]+)?)?|[0-5][0-9][0-5][0-9])\s*"
)
_PLATE = r"^\s*[\p{Han}][A-Z][·.\- ]?[A-Z0-9]{5,6}[\p{Han}]?\s*$"
_DAY = re.compile(r"\s*(?:19|20)[0-9]{2}")
#: Days as spreadsheets number them, 1995 to 2064: 45354 is no 04:53:54 where all cells are such.
_SERIAL = re.compile(r"\s*[345][0-9]{4}(?:\.0)?\s*")


class Contents:
    """The cells of a sheet, looked at column by column when asked."""

    def __init__(self, cells: pl.DataFrame) -> None:
        """Take the cells as they were read."""
        self._cells = cells
        self._known: dict[tuple[str, int], pl.Series] = {}
        self._times: dict[tuple[str, int], bool] = {}

    @cached_property
    def _row_nos(self) -> pl.Series:
        return self._cells["row_no"]

    def under(self, letter: str, last: int) -> pl.Series:
        """Return the first filled cells of a column under a header.

        Args:
            letter: The column.
            last: The last row of the header.
        """
        if (letter, last) not in self._known:
            cells = self._cells[letter].slice(bisect_right(self._row_nos, last), SHOWN)
            self._known[letter, last] = cells.filter(cells.str.strip_chars() != "")
        return self._known[letter, last]

    def are_times(self, letter: str, last: int) -> bool:
        """Whether a column holds times of day, which are no days."""
        if (letter, last) not in self._times:
            self._times[letter, last] = _are_times(self.under(letter, last).to_list())
        return self._times[letter, last]

    def are_plates(self, letter: str, last: int) -> bool:
        """Whether most cells of a column are licence plates."""
        cells = self.under(letter, last)
        return len(cells) > 0 and bool(cells.str.contains(_PLATE).mean() > 0.8)  # type: ignore[operator]

    def holds_figures(self, letter: str, last: int) -> bool:
        """Whether any cell of a column holds a letter or a digit."""
        return bool(self.under(letter, last).str.contains(r"[\p{L}\p{N}]").any())


def _are_times(cells: list[str]) -> bool:
    """Whether most cells are times: some searches in Python cost less than one collect."""
    times = sum(1 for cell in cells if _TIME.fullmatch(cell) and not _DAY.match(cell))
    return times > 0.8 * len(cells) and not all(map(_SERIAL.fullmatch, cells))


def hold_amounts(cells: pl.Series) -> bool:
    """Whether the cells of a column are amounts: figures, not one running number after another."""
    some = [text for text in cells.head(50).to_list() if text.strip("-—– ")]
    figures = [parse_amount(text) for text in some]
    read = [one for one in figures if one is not None]
    if not read or len(read) * 5 < len(figures) * 4:
        return False
    if all("." not in text and "," not in text for text in some):
        steps = {int(after - before) for before, after in pairwise(read)}
        is_counted = len(read) > 1 and steps == {1}
        return not is_counted and all(abs(one) < 10**9 for one in read)
    return any(read)
