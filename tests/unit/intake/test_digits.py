"""Digits of every script and width: read as the number they write, or said to be unreadable."""

from __future__ import annotations

import re
import sys
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recon
from recon.base.distinct import LONG, Words
from recon.intake.formats import delimited
from recon.intake.pipeline import IntakeSettings, read_intake
from recon.intake.values.columns import Parsed, ValueContext, parse_values
from recon.intake.values.digits import without_note
from recon.tables.registry import specs

if TYPE_CHECKING:
    from recon.tables.base import ColumnSpec

_SIGNS = [chr(code) for code in range(128, sys.maxunicode + 1)]
#: Every digit of Unicode that is no ASCII one: full width, Arabic, mathematical and so on.
DIGITS = [sign for sign in _SIGNS if unicodedata.category(sign) == "Nd"]
#: Signs that may be mistaken for digits: circled, superscript, fractions, months, squares.
MARKS = [sign for sign in _SIGNS if unicodedata.category(sign) in {"No", "So"}]
#: Texts in ASCII, by kind.
_PLAIN = {
    "money": ["0", "-1.50", "88000", "2,000.00", "1234567.8", "(35)", "3元"],
    "qty": ["40.5", "0.000001", "1,234"],
    "rate": ["0.02", "2%"],
    "int": ["36", "1,024", "2024"],
    "date": ["2024-03-04", "20240304", "2024年3月4日", "45000"],
    "datetime": ["2024-03-04 08:30:00", "2024-03-04"],
    "month": ["2024-03", "202403", "2024年3月"],
    "bool": ["1", "0"],
}
_COLUMNS = {one.kind: one for table in specs().values() for one in table.columns}
_HIDES_MORE = {
    *("engine/guard.py", "tables/masking.py", "tables/person_numbers.py", "share/wording.py")
}


def _each_way(column: ColumnSpec, text: str) -> list[Parsed]:
    """Read a text alone, among others, in a long column of few texts, and with its texts known."""
    few = pl.Series("cells", [text, None])
    long = pl.concat([few, pl.Series("cells", ["?"] * 2)]).extend(few.new_from_index(0, LONG))
    words = Words(few, pl.Series("places", [0, 1] * LONG))
    context = ValueContext()
    return [
        parse_values(column, few, context),
        parse_values(column, pl.Series("cells", [text, text]), context),
        parse_values(column, long, context),
        parse_values(column, pl.concat([few] * LONG), context, words),
    ]


@pytest.mark.parametrize("kind", _PLAIN)
@settings(max_examples=25)
@given(data=st.data())
def test_a_digit_of_any_script_is_its_number_or_unreadable(kind: str, data: st.DataObject) -> None:
    plain = data.draw(st.sampled_from(_PLAIN[kind]))
    places = [place for place, sign in enumerate(plain) if sign.isdigit()]
    digit = data.draw(st.sampled_from(DIGITS))
    some = data.draw(st.sets(st.sampled_from(places), min_size=1))
    zero = ord(digit) - int(unicodedata.decimal(digit))
    text = "".join(
        chr(zero + int(sign)) if place in some else sign for place, sign in enumerate(plain)
    )
    column = _COLUMNS[kind]
    true = parse_values(column, pl.Series("cells", [plain]), ValueContext()).values[0]
    for read in _each_way(column, text):
        assert (read.values[0], read.bad[0]) in {(true, False), (None, True)}
        if unicodedata.normalize("NFKC", text).isascii():
            assert read.values[0] == true


@pytest.mark.parametrize("kind", _PLAIN)
@settings(max_examples=25)
@given(data=st.data())
def test_a_mark_after_a_number_is_never_a_digit(kind: str, data: st.DataObject) -> None:
    plain = data.draw(st.sampled_from(_PLAIN[kind]))
    text = plain + data.draw(st.sampled_from(["", " "])) + data.draw(st.sampled_from(MARKS))
    column = _COLUMNS[kind]
    true = parse_values(column, pl.Series("cells", [plain]), ValueContext()).values[0]
    for read in _each_way(column, text):
        assert (read.values[0], read.bad[0]) in {(true, False), (None, True)}


@pytest.mark.parametrize(
    "text",
    ["1200①", "1200²", "1200 ⑴", "1200*", "1200＊", "1200※", "1200[1]", "1200（注1）", "1200①②"],
)
def test_a_footnote_after_an_amount_is_left_out_and_said(text: str) -> None:
    cells = pl.Series("cells", [text, "7"])
    read = parse_values(_COLUMNS["money"], cells, ValueContext())
    assert read.values.to_list() == [Decimal("1200.00"), Decimal("7.00")]
    assert dict(read.flags)["footnote"].to_list() == [True, False]


@pytest.mark.parametrize("text", ["①1200", "12①00", "1½", "1200(1)", "1200㋀", "*1200", "1200#1"])
def test_a_mark_elsewhere_is_no_amount(text: str) -> None:
    read = parse_values(_COLUMNS["money"], pl.Series("cells", [text, "7"]), ValueContext())
    assert read.bad.to_list() == [True, False]


@pytest.mark.parametrize("text", ["2024-3-1①", "2024年1²月"])
def test_a_footnote_makes_no_other_day(text: str) -> None:
    read = parse_values(_COLUMNS["date"], pl.Series("cells", [text]), ValueContext())
    assert read.bad.to_list() == [True]


def test_a_footnote_makes_no_other_account() -> None:
    cells = pl.Series("cells", ["62220200000000①", "６２２２"])
    read = parse_values(_COLUMNS["account"], cells, ValueContext())
    assert read.values.to_list() == ["62220200000000①", "6222"]


def test_marks_are_taken_off_the_end_only() -> None:
    assert without_note("1200 ① [2] *") == ("1200", True)
    assert without_note("①1200") == (None, False)
    assert without_note("1200") == ("1200", False)


_LINES = [
    ("2024-03-01", "S1", "100.00", "", "a"),
    ("2024-03-02", "S2", "５００００", "", "b"),
    ("２０２４-03-04", "S4", "２,０００.00", "", "c"),
    ("2024-03-05", "S5", "٣٠٠", "", "d"),
    *(("2024-03-06", f"T{number}", "1.00", "", "e") for number in range(1200)),
]
_HEADERS = ("交易日期", "流水号", "收入金额", "支出金额", "摘要")


def _write(path: Path) -> None:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for line in (_HEADERS, *_LINES):
            book.active.append(line)
        book.save(path)
    elif path.suffix == ".parquet":
        columns = dict(zip(_HEADERS, zip(*_LINES, strict=True), strict=True))
        pl.DataFrame({name: list(cells) for name, cells in columns.items()}).write_parquet(path)
    else:
        quoted = [",".join(f'"{one}"' if "," in one else one for one in line) for line in _LINES]
        path.write_text("\n".join([",".join(_HEADERS), *quoted]), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "fast", "piece"),
    [
        ("a.csv", 10**9, 10**9),
        ("a.csv", 1, 10**9),
        ("a.csv", 1, 8192),
        ("a.xlsx", 1, 1),
        ("a.parquet", 1, 1),
    ],
)
def test_every_way_into_the_house_reads_them_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, fast: int, piece: int
) -> None:
    monkeypatch.setattr(delimited, "FAST_FROM", fast)
    monkeypatch.setattr(delimited, "SLICE", piece)
    data = tmp_path / "data"
    data.mkdir()
    _write(data / name)
    found = read_intake(data, IntakeSettings(store=tmp_path / "store"))
    rows = found.rows["bank_txn"].frame()
    assert rows["money_in"].sum() == Decimal("53300.00") - 0
    assert rows["posted_on"].null_count() == 0


def test_no_pattern_takes_digits_of_other_scripts() -> None:
    """Backslash d is Unicode in polars and in re: it lets through what no conversion reads."""
    house = Path(recon.__file__).parent
    found = {
        path.relative_to(house).as_posix()
        for path in house.rglob("*.py")
        if re.search(r"\\[dD](?![A-Za-z])", path.read_text(encoding="utf-8"))
    }
    assert found <= _HIDES_MORE
