"""Sample values of `recon map`: cells as they stand in the files, persons masked.

Here: which cells are shown and what is hidden in them, in sheets that are read or not yet.
Not here: the forms of masking (`recon.tables.masking`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.layout.header import header_index, normalise_header
from recon.intake.values.directions import are_directions
from recon.tables.masking import mask_one, mask_value, reads_like_person
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recon.intake.sheets.parsed import ParsedSheet

SAMPLES = 3
#: Rows whose texts are looked at; different ones of a column are shown first.
_LOOKED = 40
#: How columns are shown that may name a person.
SHOWN_AS_PERSON = frozenset({"person", "party"})


def clean(text: str, limit: int = 400) -> str:
    """Return a text from a file on one line, without signs that steer a terminal."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def masked(rows: pl.DataFrame, kinds: Mapping[str, str]) -> pl.DataFrame:
    """Return cells as they may be shown.

    Args:
        rows: Cells by letter, without numbers of rows.
        kinds: By letter, how the values of a column are shown; a column without one may hold
            anything, so what reads like a person there is masked too.
    """
    shown = rows.select(
        mask_value(pl.col(letter), pl.lit(kinds.get(letter, "party"))).alias(letter)
        for letter in rows.columns
    )
    shown = shown.with_columns(
        rows[letter].alias(letter)
        if _are_words(rows[letter])
        else pl.when(_are_headers(rows[letter])).then(rows[letter]).otherwise(pl.col(letter))
        for letter in rows.columns
        if letter not in kinds
    )
    named = [letter for letter in rows.columns if kinds.get(letter, "party") in SHOWN_AS_PERSON]
    persons = persons_in(rows, named)
    if not persons:
        return shown
    short = [mask_one(name, "person") for name in persons]
    return shown.with_columns(
        pl.col(letter).str.replace_many(persons, short) for letter in rows.columns
    )


@cache
def _known_words() -> frozenset[str]:
    """Return the words that columns of the contract choose from: they name nobody."""
    columns = (column for table in specs().values() for column in table.columns)
    return frozenset(word for column in columns for word in column.values) | {"是", "否"}


def _are_words(cells: pl.Series) -> bool:
    filled = cells.drop_nulls().str.strip_chars()
    if filled.is_empty():
        return True
    return are_directions(filled) or set(filled) <= _known_words()


def _are_headers(cells: pl.Series) -> pl.Series:
    """Mark known headers, which stand among the cells of a sheet that is not understood."""
    known = header_index()
    marks = [text is not None and normalise_header(text) in known for text in cells]
    return pl.Series(marks, dtype=pl.Boolean)


def persons_in(rows: pl.DataFrame, letters: Sequence[str]) -> list[str]:
    """Return the natural persons that some columns name, the longest first."""
    found: set[str] = set()
    for letter in letters:
        if not _are_words(rows[letter]):
            cells = rows.select(name=pl.col(letter).str.strip_chars())
            cells = cells.filter(~_are_headers(cells["name"]))
            found.update(cells.filter(reads_like_person(pl.col("name")))["name"])
    return sorted(found, key=lambda name: (-len(name), name))


def of_read(sheet: ParsedSheet) -> dict[str, str]:
    """Return, by contract column, the first different values of a sheet that was read."""
    table = sheet.found.table
    rows = [] if sheet.accepted is None else sheet.accepted["row_no"].head(_LOOKED).to_list()
    picked = sheet.sheet.cells.filter(pl.col("row_no").is_in(rows)).drop("row_no")
    matches = sheet.found.matches if table else ()
    kinds = {one.letter: table.by_name[one.column].shown_as for one in matches if table}
    shown = masked(picked.select(kinds.keys()), kinds)
    samples = {one.column: first(shown[one.letter]) for one in matches}
    letters = [one.letter for one in matches]
    for one in matches:  # a column across gives its header and its cells: the values read are shown
        if letters.count(one.letter) > 1 and table and sheet.accepted is not None:
            cells = sheet.accepted.head(_LOOKED).select(A=pl.col(one.column).cast(pl.String))
            kind = {"A": table.by_name[one.column].shown_as}
            samples[one.column] = first(masked(cells, kind)["A"])
    return samples


def first(cells: pl.Series, limit: int = 40) -> str:
    """Return the first different texts of a column on one line."""
    filled = cells.drop_nulls().str.strip_chars()
    texts = filled.filter(filled != "").unique(maintain_order=True).head(SAMPLES)
    return clean(" | ".join(texts), limit)
