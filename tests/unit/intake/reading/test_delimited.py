from __future__ import annotations

import random
from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.intake.formats import delimited
from recon.intake.formats.delimited import Delimited, find_separator, read_delimited
from recon.intake.formats.encoding import judge_encoding
from recon.intake.formats.refusals import RefusedError

if TYPE_CHECKING:
    from pathlib import Path


def read(text: str, codec: str = "utf-8") -> Delimited:
    content = text.encode(codec)
    return read_delimited(content, judge_encoding(content))


def rows(found: Delimited) -> list[tuple]:
    return found.cells.rows()


@pytest.mark.parametrize(
    ("head", "separator", "width"),
    [
        ("a,b,c\n1,2,3\n", ",", 3),
        ("a\tb\n1,5\t2\n3,4\t2\n", "\t", 2),
        ("a;b\n1,5;2,5\n", ";", 2),
        ("a|b|c\nx|y|z\n", "|", 3),
        ("标题\n单位,金额,日期\n甲,1,2\n乙,2,3\n", ",", 3),
        ("one\ntwo\n", ",", 1),
        ('"a,b";c\n"d,e,f";g\n"h";i\n', ";", 2),
    ],
)
def test_the_separator_is_the_one_that_runs_through(head: str, separator: str, width: int) -> None:
    assert find_separator(head)[:2] == (separator, width)


def test_rows_carry_the_number_that_excel_shows() -> None:
    found = read('a,b\n1,"x\ny"\n\n2,z\n')
    assert rows(found) == [(1, "a", "b"), (2, "1", "x\ny"), (4, "2", "z")]
    assert found.rows_total == 4


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_count(end: str) -> None:
    found = read(end.join(["a,b", "1,2", "", "3,4", ""]))
    assert rows(found) == [(1, "a", "b"), (2, "1", "2"), (4, "3", "4")]


def test_ragged_rows_keep_their_places_and_are_listed() -> None:
    found = read("a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3\n")
    assert rows(found)[2] == (3, "4", "5", None, None)
    assert rows(found)[3] == (4, "6", "7", "8", "9")
    assert found.ragged == ((3, 2), (4, 4))


def test_one_unclosed_quote_swallows_nothing() -> None:
    found = read('a,b\n1,"x\n2,y\n3,"z, w"\n')
    assert rows(found) == [(1, "a", "b"), (2, "1", '"x'), (3, "2", "y"), (4, "3", "z, w")]
    assert found.broken == (2,)


def test_a_quote_inside_a_field_is_text() -> None:
    found = read('a\tb\n6" pipe\t1\n"ab"c\t2\n')
    assert rows(found)[1:] == [(2, '6" pipe', "1"), (3, "abc", "2")]


def test_wrappers_that_keep_zeros_are_taken_off() -> None:
    found = read('代码\t金额\n="00123"\t1.00\n"=""0456"""\t2.00\n')
    assert rows(found)[1:] == [(2, "00123", "1.00"), (3, "0456", "2.00")]


def test_unusual_line_breaks_of_unicode_do_not_end_rows() -> None:
    found = read("a,b\nx\u2028y,1\nz\x0bw,2\n")
    assert [row[0] for row in rows(found)] == [1, 2, 3]


def test_prose_is_no_table() -> None:
    content = "这是一段说明。\n没有表格\n".encode()
    with pytest.raises(RefusedError) as refused:
        read_delimited(content, judge_encoding(content), must_be_table=True)
    assert refused.value.code == "not_tabular"


def make(seed: int, *, quoted: bool, top: str, tail: str, end: str) -> str:
    made = random.Random(seed)  # noqa: S311
    lines = []
    for i in range(3000):
        amount = (
            f"{made.randrange(10**8) / 100:,.2f}" if quoted else f"{made.randrange(10**8) / 100}"
        )
        cells = [f"91{i:016d}", f"某某市第{i % 50}公司", f'"{amount}"' if quoted else amount, ""]
        lines.append(",".join(cells))
    return top + end.join(["代码,名称,金额,备注", *lines]) + end + tail


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize(
    ("top", "tail"),
    [
        ("", ""),
        ("某局明细表\r\n\r\n", "合计,,12.00\r\n共3000笔\r\n"),
        ("标题,,,,\r\n", "制表人：王\r\n"),
    ],
)
def test_the_fast_path_says_what_the_exact_path_says(
    monkeypatch: pytest.MonkeyPatch, codec: str, quoted: bool, top: str, tail: str
) -> None:
    content = make(1, quoted=quoted, top=top, tail=tail, end="\r\n").encode(codec)
    judgement = judge_encoding(content)
    exact = read_delimited(content, judgement)
    monkeypatch.setattr(delimited, "FAST_FROM", 0)
    head, width, _ = find_separator(make(1, quoted=quoted, top=top, tail=tail, end="\r\n")[:4000])
    fast = delimited._read_fast(content, judgement.codec, head, width)
    assert fast is not None
    assert fast.cells.equals(exact.cells)
    assert (fast.rows_total, fast.ragged, fast.width) == (
        exact.rows_total,
        exact.ragged,
        exact.width,
    )


@pytest.mark.parametrize(
    "spoil",
    ["1,2,3\r\n", "1,2,3,4,5\r\n", "\r\n", '1,"a\r\nb",2,3\r\n', "1,\r2,3,4\r\n", '1,"a,2,3\r\n'],
)
def test_anything_irregular_leaves_the_fast_path(
    spoil: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = make(2, quoted=False, top="", tail="", end="\r\n")
    cut = whole.index("\r\n", len(whole) // 2) + 2
    content = (whole[:cut] + spoil + whole[cut:]).encode("gb18030")
    judgement = judge_encoding(content)
    exact = read_delimited(content, judgement)
    monkeypatch.setattr(delimited, "FAST_FROM", 0)
    either = read_delimited(content, judgement)
    assert either.cells.equals(exact.cells)
    assert either.ragged == exact.ragged


def test_damage_found_late_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    content = make(3, quoted=False, top="", tail="", end="\n").encode("gb18030")
    cut = content.index(b"\n", len(content) // 3) - 1
    content = content[:cut] + b"\x81" + content[cut:]
    monkeypatch.setattr(delimited, "FAST_FROM", 0)
    monkeypatch.setattr("recon.intake.formats.encoding._WHOLE", 0)
    found = read_delimited(content, judge_encoding(content))
    assert found.damaged >= 1
    assert found.cells.height == 3001


def test_a_header_with_a_line_break_shifts_no_row_of_a_long_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"{number},{number}.00" for number in range(2, 1500)]
    body = "\n".join(['"编号\n（号）",金额', *lines, "y,1", "z,2"]).encode()
    path = tmp_path / "a.csv"
    path.write_bytes(body)
    whole = read_delimited(body, judge_encoding(body, None)).cells
    assert whole["row_no"].to_list() == [*range(1, 1502)]
    assert whole["A"].to_list()[1:1499] == [str(number) for number in range(2, 1500)]
    monkeypatch.setattr(delimited, "FAST_FROM", 0)
    fast = read_delimited(body, judge_encoding(body, None))
    assert fast.cells.equals(whole)
    monkeypatch.setattr(delimited, "SLICE", 4096)
    cut = read_delimited(body, judge_encoding(body, None), file=path)
    assert cut.slices is not None
    assert pl.concat(cut.slices()).equals(whole)
    assert cut.rows_total == fast.rows_total == 1501
