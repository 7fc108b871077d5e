"""The different texts of columns that hold few: found once, they spare all later searching.

Here: which columns, by their first cells, and the coding of a column by Arrow. Not here: what is
done with the texts (`recon.base.distinct`, `skips`, `columns`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from recon.base.distinct import LONG, Words, are_few

if TYPE_CHECKING:
    from collections.abc import Callable

#: Cells at the beginning that say whether a column's texts repeat, and how often they then do.
_SAMPLE, _OFTEN = 4096, 16


def known_texts(body: pl.DataFrame) -> dict[str, Words]:
    """Return the different texts of those columns of a long frame that hold few.

    Args:
        body: row_no and the cells, columns by letter.
    """
    if body.height < LONG:
        return {}
    different = body.head(_SAMPLE).select(pl.exclude("row_no").n_unique()).row(0, named=True)
    coded = {
        letter: coded_column(pa.chunked_array([body[letter].to_arrow()]), pl.Series)
        for letter, number in different.items()
        if number * _OFTEN <= _SAMPLE
    }
    return {letter: one for letter, one in coded.items() if are_few(len(one.texts), body.height)}


def repeats(cells: pa.Array) -> bool:
    """Whether the first cells hold few different texts.

    Args:
        cells: The first chunk of a column.
    """
    sample = cells.slice(0, _SAMPLE)
    return len(sample.unique()) * _OFTEN <= len(sample)


def coded_column(column: pa.ChunkedArray, read: Callable[[pa.Array], pl.Series]) -> Words:
    """Find the different texts of a column, null among them, and the place of each cell's.

    Args:
        column: Texts, or bytes that stand for them.
        read: Turns the different ones into texts.
    """
    coded = column.dictionary_encode().unify_dictionaries()
    texts = read(coded.chunk(0).dictionary)
    places = pl.Series(pa.chunked_array([one.indices for one in coded.chunks])).cast(pl.UInt32)
    if places.null_count():
        places = places.fill_null(len(texts))
        texts = texts.extend_constant(None, 1)
    return Words(texts, places)
