"""Columns of few texts are found by their first cells, and coded without loss."""

from __future__ import annotations

import polars as pl
import pytest

from recon.base.distinct import LONG
from recon.base.models import KnownWords, RawSheet
from recon.intake.formats.delimited import FAST_FROM, read_delimited
from recon.intake.formats.encoding import judge_encoding
from recon.intake.formats.known_texts import known_texts
from recon.intake.layout.contents import Contents


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


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@pytest.mark.parametrize("end", ["", "合计,,\n", "\n", '="001",一月,甲方\n'])
def test_what_splitting_a_text_has_found_is_kept_where_it_holds(codec: str, end: str) -> None:
    rows = [f"{number},{number % 12}月,{'甲乙'[number % 2]}方" for number in range(FAST_FROM // 10)]
    content = ("编号,月份,单位\n" + "\n".join(rows) + "\n" + end).encode(codec)
    found = read_delimited(content, judge_encoding(content, codec))
    height = found.cells.height - 1
    words = found.known.columns if found.known else {}
    sheet = RawSheet(
        1, "a.csv", None, hidden=False, cells=found.cells, rows_total=height, known=found.known
    )
    assert sheet.words_of(sheet.under(1)) == words
    assert words.keys() == ({"B", "C"} if end in {"", "合计,,\n"} else set())
    for letter, one in words.items():
        assert one.spread(one.texts).equals(found.cells[letter].tail(height))


@pytest.mark.parametrize(
    ("texts", "are_times"),
    [
        (["08:30", "23:59:59", " 7.05 ", "083015", "8：30：01.5"], True),
        (["2024-01-05", "2024.01.06"], False),
        (["45354", "45355.0"], False),  # days as spreadsheets number them
        (["20240105", "083015"], False),
        (["08:30"] * 4 + ["x"], False),  # no more than four fifths
        (["08:30"] * 5 + ["x", None, " "], True),
        ([], False),
    ],
)
def test_columns_of_times_are_told_from_days(texts: list[str | None], *, are_times: bool) -> None:
    cells = pl.DataFrame(
        {"row_no": range(2, len(texts) + 2), "A": pl.Series(texts, dtype=pl.String)}
    )
    assert Contents(cells).are_times("A", 1) == are_times
