"""Rows that repeat the header, as on each printed page, and those that only seem to.

Here: the test for such rows, and the columns whose header must be the same for it. Not here: the
other classes of rows (`skips`), what is asked where other money stands there (`sheets.headings`).
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.layout.header import normalise_header

if TYPE_CHECKING:
    from recon.base.models import RawSheet
    from recon.intake.layout.mapping import SheetMap


def is_header(
    sheet: RawSheet, found: SheetMap, body: pl.DataFrame, *, is_whole: bool = True
) -> pl.Expr:
    """Return whether a row repeats a line of the header, as on each printed page.

    Args:
        sheet: The sheet as it was read.
        found: Its header and columns.
        body: The rows in question.
        is_whole: Whether no money and no direction in it may be headed otherwise than above.
    """
    lines = sheet.under(found.header_rows[0] - 1, found.header_rows[-1])
    mapped = [match.letter for match in found.matches]
    telling = money_letters(found) if is_whole else []
    tests, words = [], sheet.words_of(body)
    heads = (row for row in lines.iter_rows(named=True) if row["row_no"] in found.header_rows)
    for row in heads:
        texts = {letter: row[letter] for letter in mapped if row[letter]}
        same = {letter: pl.col(letter) == text for letter, text in texts.items()}
        known = [(words[one].texts == text).any() for one, text in texts.items() if one in words]
        others = [test.any() for letter, test in same.items() if letter not in words]
        repeated = [*known, *(column[0] for column in body.select(others).iter_columns())]
        if 2 * sum(repeated) >= max(4, len(texts)):
            counts = pl.sum_horizontal(one.cast(pl.Int32) for one in same.values())
            alike = [_is_text(letter, row[letter]) for letter in telling if row[letter]]
            tests.append(pl.all_horizontal(counts * 2 >= max(4, len(texts)), *alike))
    return pl.any_horizontal(tests) if tests else pl.lit(value=False)


def _is_text(letter: str, text: str) -> pl.Expr:
    """Whether a cell is a header again; its unit need not be said again."""
    bare = pl.col(letter).str.normalize("NFKC").str.replace_all(r"\s", "")
    whole = "".join(unicodedata.normalize("NFKC", text).split())
    return bare.is_in([whole, normalise_header(text)]).fill_null(value=True)


def money_letters(found: SheetMap) -> list[str]:
    """Return the sheet columns that hold money or its direction."""
    columns = found.table.by_name if found.table else {}
    taken: list[tuple[str, tuple[str | None, ...]]] = [
        (match.column, (match.letter,)) for match in found.matches
    ]
    taken += [(name, supply.letters) for name, supply in found.supplies if name in columns]
    told = [letters for name, letters in taken if columns[name].tells_money]
    return list(dict.fromkeys(letter for letters in told for letter in letters if letter))
