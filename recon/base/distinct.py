"""Long columns with few different cells: work once per cell's text, then spread the answers.

Names, codes, dates and choices repeat down a ledger; reading each text once saves most of the work.
Not here: what the work is (see `columns`, `skips`, `recon.tables.checks`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

#: Shorter columns are not worth the search.
LONG = 4096
#: Cells per different text from which spreading is cheaper than much work on each cell.
_REPEATS = 4
#: The same for work as slight as one search in each cell.
OFTEN = 40
#: No sign from here on is a space.
_NO_SPACES = "\u3001"


@dataclass(frozen=True)
class Words:
    """A column as the different texts in it, null among them, and the place of each cell's."""

    texts: pl.Series
    places: pl.Series

    def spread(self, answers: pl.Series) -> pl.Series:
        """Give every cell the answer of its text.

        Args:
            answers: A series as long as `texts`.
        """
        if len(answers) == 1:
            return answers.new_from_index(0, len(self.places))
        return answers.gather(self.places)


def are_full(cells: pl.Series) -> bool:
    """Whether each cell of a column begins with a sign that is surely no space, and so holds text.

    Args:
        cells: Texts.
    """
    if cells.null_count():
        return False
    begun = ((cells >= "!") & (cells <= "~")) | (cells >= _NO_SPACES)
    return bool(begun.all())


def are_few(different: int, cells: int, repeats: int = _REPEATS) -> bool:
    """Whether a column is long and its cells repeat."""
    return cells >= LONG and different * repeats <= cells


def distinct(cells: pl.Series, repeats: int = _REPEATS) -> pl.Series | None:
    """Return the different cells of a long column, null among them, when they are few.

    Args:
        cells: A column.
        repeats: Cells per different one from which they are few.

    Returns:
        None when the column is short or its cells hardly repeat.
    """
    if len(cells) < LONG:
        return None
    different = cells.to_frame("cell").select(pl.col("cell").approx_n_unique()).item()
    if not are_few(different, len(cells), repeats):
        return None
    return cells.unique(maintain_order=True)  # which is the quicker way, too


def spread(cells: pl.Series, words: pl.Series, answers: list[pl.Series]) -> list[pl.Series]:
    """Give every cell the answers of its text.

    Args:
        cells: The column.
        words: What `distinct` returned for it.
        answers: Series as long as `words`.

    Returns:
        Series as long as `cells`, in the order of `answers`.
    """
    if len(words) == 1:
        return [answer.new_from_index(0, len(cells)) for answer in answers]
    names = [f"answer_{place}" for place in range(len(answers))]
    known = pl.DataFrame([words.alias("cell"), *map(pl.Series.alias, answers, names)])
    found = cells.to_frame("cell").join(
        known, on="cell", how="left", maintain_order="left", nulls_equal=True
    )
    return [found[name] for name in names]


def spread_marks(cells: pl.Series, words: pl.Series, marks: list[pl.Series]) -> list[pl.Series]:
    """Do as `spread` for marks, without a search where nothing is marked.

    Args:
        cells: The column.
        words: What `distinct` returned for it.
        marks: Boolean series without nulls, as long as `words`.
    """
    none = pl.Series("mark", [False]).new_from_index(0, len(cells))
    some = [mark for mark in marks if mark.any()]
    found = iter(spread(cells, words, some)) if some else iter(())
    return [next(found) if mark.any() else none for mark in marks]
