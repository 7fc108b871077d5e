"""Long columns of repeated cells give what their cells give one by one."""

from __future__ import annotations

import polars as pl
import pytest

from recon.base.distinct import OFTEN, distinct, spread, spread_marks
from recon.intake.values.columns import ValueContext, parse_values
from recon.tables.checks import check_for
from recon.tables.registry import specs

ODD = [
    None, "", " ", "-", "——", "1,234.50", "１２３．４５", "(1.00)", "abc", "2024-03-05", "2024.1",
    "45000", "是", "否", "工资表", " 张三 ", "='x'", '="007"', "a\nb", "\u200b",
    "91450000MA5K00000A",
    "1.23E+17",
    "110105194912310021", "+5", "0.8%", "12人", "3万元",
]  # fmt: skip
LONG = 4096


def test_short_and_varied_columns_are_left_alone() -> None:
    assert distinct(pl.Series(["a"] * (LONG - 1))) is None
    assert distinct(pl.Series([str(number) for number in range(LONG)])) is None


def test_a_column_is_long_and_repeats_from_a_bound_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert distinct(pl.Series([str(number) for number in range(LONG // 2)] * 2)) is None
    monkeypatch.setattr("recon.base.distinct.LONG", 4)
    assert distinct(pl.Series(["a"] * 3)) is None
    assert distinct(pl.Series(["a", "a", "b", "b"])) is None
    words = distinct(pl.Series(["a"] * 4))
    assert words is not None
    assert words.to_list() == ["a"]


def test_few_is_what_the_caller_says() -> None:
    cells = pl.Series([str(number) for number in range(LONG // 16)] * 16)
    assert distinct(cells) is not None
    assert distinct(cells, OFTEN) is None
    assert distinct(cells.slice(0, 16).new_from_index(0, LONG), OFTEN) is not None


def test_repeating_cells_are_found_with_null() -> None:
    words = distinct(pl.Series([None, "a", "b", "a"] * LONG))
    assert words is not None
    assert set(words.to_list()) == {None, "a", "b"}


def test_answers_and_marks_go_back_in_order() -> None:
    cells = pl.Series([None, "a", "b"] * LONG)
    words = pl.Series(["b", None, "a"])
    (found,) = spread(cells, words, [pl.Series([2, 0, 1])])
    assert found.to_list()[:3] == [0, 1, 2]
    marks = spread_marks(cells, words, [pl.Series([True, False, False]), pl.Series([False] * 3)])
    assert [mark.to_list()[:3] for mark in marks] == [[False, False, True], [False] * 3]


def test_one_text_answers_for_all_cells() -> None:
    (found,) = spread(pl.Series([None] * 3, dtype=pl.String), pl.Series([None]), [pl.Series([7])])
    assert found.to_list() == [7, 7, 7]


@pytest.mark.parametrize("kind", sorted({c.kind for t in specs().values() for c in t.columns}))
def test_long_columns_are_read_as_short_ones(kind: str) -> None:
    column = next(c for t in specs().values() for c in t.columns if c.kind == kind)
    short = parse_values(column, pl.Series(ODD), ValueContext(year=2024))
    long = parse_values(column, pl.Series(ODD * 400), ValueContext(year=2024))
    assert long.values.to_list() == short.values.to_list() * 400
    assert long.bad.to_list() == short.bad.to_list() * 400
    assert [(name, mark.to_list()) for name, mark in long.flags] == [
        (name, mark.to_list() * 400) for name, mark in short.flags
    ]


@pytest.mark.parametrize("text", [text for text in ODD if text is not None])
@pytest.mark.parametrize("kind", sorted({c.kind for t in specs().values() for c in t.columns}))
def test_columns_of_one_text_are_read_as_others(kind: str, text: str) -> None:
    column = next(c for t in specs().values() for c in t.columns if c.kind == kind)
    varied = parse_values(column, pl.Series(ODD), ValueContext(year=2024))
    place = ODD.index(text)
    for _ in range(2):  # the second time it is remembered
        same = parse_values(column, pl.Series([text] * 3), ValueContext(year=2024))
        assert same.values.dtype == varied.values.dtype
        assert same.values.to_list() == [varied.values[place]] * 3
        assert same.bad.to_list() == [varied.bad[place]] * 3
        assert [(name, mark.to_list()) for name, mark in same.flags] == [
            (name, [mark[place]] * 3) for name, mark in varied.flags
        ]


@pytest.mark.parametrize("kind", ["uscc", "id_no"])
def test_long_columns_are_checked_as_short_ones(kind: str) -> None:
    table = specs()["payer" if kind == "uscc" else "member"]
    name = next(c.name for c in table.columns if c.kind == kind)
    check = check_for(kind, ())
    assert check
    short, long = (check.broken(pl.Series(name, ODD * times)) for times in (1, 400))
    assert long.to_list() == short.to_list() * 400
