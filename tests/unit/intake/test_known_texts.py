"""Columns of few texts are found by their first cells, and coded without loss."""

from __future__ import annotations

import polars as pl
import pytest

from recon.base.distinct import LONG
from recon.base.models import KnownWords, RawSheet
from recon.intake.formats.known_texts import known_texts


def _body(**columns: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame({"row_no": range(1, LONG + 1), **columns})


def test_columns_of_few_texts_are_known() -> None:
    body = _body(
        A=["一月", None, "二月", ""] * (LONG // 4),
        B=[str(number) for number in range(LONG)],
        C=[None] * LONG,
    ).cast({"C": pl.String})
    found = known_texts(body)
    assert found.keys() == {"A", "C"}
    assert found["A"].texts.to_list() == ["一月", "二月", "", None]
    for letter, words in found.items():
        assert words.spread(words.texts).equals(body[letter])


def test_a_column_that_stops_repeating_is_not_known() -> None:
    texts = ["甲"] * LONG + [str(number) for number in range(LONG)]
    assert not known_texts(pl.DataFrame({"row_no": range(2 * LONG), "A": texts}))


def test_short_bodies_are_left_alone() -> None:
    assert not known_texts(_body(A=["甲"] * LONG).head(LONG - 1))


@pytest.mark.parametrize("first", [1, 2])
def test_what_is_known_holds_for_the_very_rows_of_the_very_frame(first: int) -> None:
    cells = _body(A=["甲"] * LONG)
    words = known_texts(_body(A=["甲"] * LONG))
    sheet = RawSheet(
        1, "a.csv", None, hidden=False, cells=cells, rows_total=LONG,
        known=KnownWords(cells, LONG - 1, words),
    )  # fmt: skip
    assert (sheet.words_of(sheet.under(first)) == words) == (first == 1)
    other = RawSheet(
        1, "a.csv", None, hidden=False, cells=cells.clone(), rows_total=LONG, known=sheet.known
    )
    assert not other.words_of(other.under(1))
    assert sheet.emptied().known is None
