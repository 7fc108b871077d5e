"""A table read in slices gives what it gives as a whole, also where rows hang on far ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recon.base import rows
from recon.base.errors import InputsMovedError
from recon.base.models import RawSheet
from recon.intake.formats import content, delimited, parquet
from recon.intake.formats.letters import letter_of
from recon.intake.layout.mapping import map_sheet
from recon.intake.pipeline import IntakeSettings, read_intake
from recon.intake.sheets import slices, understanding
from recon.intake.sheets.slices import read_slices
from recon.tables.registry import specs

if TYPE_CHECKING:
    from pathlib import Path

    from recon.base.models import Intake
    from recon.intake.sheets.parsed import ParsedSheet

PAYROLL = ("单位名称", "统一社会信用代码", "所属月份", "工资总额")
LEDGER = ("凭证日期", "凭证号", "科目编码", "科目名称", "借方金额", "贷方金额")
BANK = ("账号", "交易日期", "交易流水号", "收入金额", "支出金额", "余额", "摘要")
PLAIN = [
    ("甲", "91350100M000100Y43", "2024-01", "100.00"),
    ("乙", "123", "2024-02", "50"),
    (None, None, None, None),
    ("丙", None, "2024-13", "7"),
    ("丁", None, "2024-03", "8.125"),
    ("甲", "91350100M000100Y43", "2024-01", "9"),
    PAYROLL,
    ("戊", None, "2024-04", "1"),
    ("【示例】己", None, "2024-04", "1"),
    ("庚", None, "2024-05", "2"),
]
VOUCHERS = [
    ("2024-01-05", "记-1", "1002", "银行存款", "5", None),
    (None, None, "4001", "经费收入", None, "5"),
] * 5
LINES = [
    ("9900110000000015571", f"2024-01-{day:02}", f"L{day}", f"{day}", None, f"{100 + day}", "x")
    for day in range(1, 9)
]
#: Name of the case to headers, rows, and whether slices are enough.
CASES = {
    "plain": (PAYROLL, PLAIN, True),
    "bank": (BANK, LINES, True),
    "total": (PAYROLL, [*PLAIN, ("合计", None, None, "180.00"), PLAIN[0]], False),
    "note": (PAYROLL, [*PLAIN, ("制表：张三", None, None, None)], False),
    "vouchers": (LEDGER, VOUCHERS, False),
    "month": (PAYROLL, [("辛", None, "2024.1", "1"), *PLAIN, ("壬", None, "2024.10", "1")], False),
    "amount": (
        ("账号", "交易日期", "交易流水号", "交易金额", "余额", "摘要"),
        [("99001", f"2024-01-0{day}", f"L{day}", "5", str(day * 5), "x") for day in range(1, 9)],
        False,
    ),
    "stacked": (PAYROLL, [*PLAIN, (*LEDGER[:1], *LEDGER[3:]), ("2024-01-05", "a", "1", "2")], None),
    "unknown": (("这是什么", "那是什么"), [("1", "2")] * 8, True),
}


def write(path: Path, names: tuple[str, ...], lines: list[tuple[str | None, ...]]) -> None:
    pl.DataFrame(lines, schema=dict.fromkeys(names, pl.String), orient="row").write_parquet(path)


def same(one: Intake, other: Intake) -> bool:
    return (
        one.tables.keys() == other.tables.keys()
        and all(one.tables[name].equals(frame) for name, frame in other.tables.items())
        and one.source_row.equals(other.source_row)
        and one.quality.equals(other.quality)
        and one.rejected.equals(other.rejected)
        and one.sheets == other.sheets
    )


@pytest.mark.parametrize("name", CASES)
def test_slices_give_what_the_whole_gives(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, lines, enough = CASES[name]
    data = tmp_path / "data"
    data.mkdir()
    write(data / "2024.parquet", names, lines)
    whole = read_intake(data)
    monkeypatch.setattr(parquet, "SLICE", 3)
    monkeypatch.setattr(parquet, "HEAD", 2)
    found: list[ParsedSheet | None] = []

    def recorded(*given: Any) -> ParsedSheet | None:
        found.append(read_slices(*given))
        return found[-1]

    monkeypatch.setattr(understanding, "read_slices", recorded)
    assert same(read_intake(data), whole)
    stored = read_intake(data, IntakeSettings(store=tmp_path / "rows"))
    assert same(stored, whole)
    if enough is not None:
        assert [one is not None for one in found] == [enough] * 2


def text(rows: int, above: str = "", below: str = "") -> str:
    lines = [f"第{n}号单位,,2024-{n % 12 + 1:02},{n}.25" for n in range(rows)]
    lines[40], lines[50] = "乙,123,2024-01,5", "丙,,2024-13,7"
    lines[rows // 2] = lines[-1] = '丁,,2024-02,"1,000.00"'
    return "\r\n".join([*([above] if above else []), ",".join(PAYROLL), *lines, below])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize(
    ("content", "sliced"),
    [
        (text(1000), True),
        (text(1000, "甲县工资总额表,,,", "\r\n\r\n"), True),
        (text(1000, below="戊,,2024-01,5,多\r\n"), True),
        (text(1000, below="合计,,,1\r\n"), False),
        (text(1000) + "己,,2024-01\r\n" + text(1000), None),
    ],
)
def test_long_csv_is_read_in_slices(
    content: str,
    *,
    sliced: bool | None,
    encoding: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "a.csv").write_bytes(content.encode(encoding))
    whole = read_intake(tmp_path)
    monkeypatch.setattr(delimited, "FAST_FROM", 0)
    monkeypatch.setattr(delimited, "SLICE", 9_000)
    monkeypatch.setattr(slices, "_KEPT", 3)
    found = []
    joined = slices._joined
    monkeypatch.setattr(slices, "_joined", lambda *given: found.append(given) or joined(*given))
    assert same(read_intake(tmp_path, IntakeSettings(store=tmp_path / ".rows")), whole)
    assert sliced is None or [len(parts) > 2 for _, parts in found] == [True] * sliced


NAMES = ["甲", " 乙 ", "#N/A", "", "丙\u200b", "丁"]
CODES = ["91350100M000100Y43", "123", "", "1.23E+17", "无", "#REF!"]
MONTHS = ["2024-01", "2024年2月", "2024-13", "", "45292", "2024.1", " "]
WAGES = ["5", "1.005", "-", "", "（1.00）", "abc", "1.2万"]


def odd(rows: int, **more: tuple[int, str]) -> str:
    """Return a table of few and odd texts; `more` gives lines to put in at a place."""
    lines = [
        ",".join(one[n % len(one)] for one in (NAMES, CODES, MONTHS, WAGES)) for n in range(rows)
    ]
    for place, line in more.values():
        lines[place] = line
    return "\n".join([",".join(PAYROLL), *lines, ""])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize(
    ("content", "uneven"),
    [
        (odd(1000), False),
        (odd(1000, example=(700, "【示例】戊,,2024-01,5")), False),
        (odd(1000, header=(999, ",".join(PAYROLL))), False),
        (odd(1000, wrapped=(700, '己,"=""00123""",2024-01,5')), True),
        (odd(1000, blank=(700, ",,,")), True),
        (odd(1000, total=(700, "合计,,,5")), False),
        (odd(1000) + "庚,,2024-01,5,多\n", True),
    ],
)
def test_known_texts_give_what_the_cells_give(
    content: str,
    *,
    uneven: bool,
    encoding: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "a.csv").write_bytes(content.encode(encoding))
    whole = read_intake(tmp_path)
    monkeypatch.setattr(delimited, "FAST_FROM", 0)
    monkeypatch.setattr(delimited, "SLICE", 9_000)
    monkeypatch.setattr("recon.base.distinct.LONG", 16)
    monkeypatch.setattr("recon.intake.quality.skips.LONG", 16)
    columns = []
    words_of = RawSheet.words_of

    def watched(sheet: RawSheet, body: pl.DataFrame) -> Any:
        columns.append(len(words_of(sheet, body)))
        return words_of(sheet, body)

    monkeypatch.setattr(RawSheet, "words_of", watched)
    assert same(read_intake(tmp_path, IntakeSettings(store=tmp_path / ".rows")), whole)
    assert max(columns) == 4
    assert min(columns) == 0 or not uneven


@pytest.mark.parametrize("names", [",".join(PAYROLL), "这是什么,那是什么,何物,何数"])
@pytest.mark.parametrize(
    "odd",
    [
        "己,,2024-01,5".encode("gb18030") + b"\xff\xff",
        b"\xb1\xb1,,2024-01",
        b'"\xb1\xb1,,2024-01,5',
    ],
)
def test_an_irregular_line_of_a_later_slice_is_found(
    names: str, odd: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = text(1000).replace(",".join(PAYROLL), names).encode("gb18030")
    (tmp_path / "a.csv").write_bytes(lines + b"\r\n" + odd + b"\r\n" + lines)
    whole = read_intake(tmp_path)
    monkeypatch.setattr(delimited, "FAST_FROM", 0)
    monkeypatch.setattr(delimited, "SLICE", 9_000)
    monkeypatch.setattr("recon.intake.formats.encoding._WHOLE", 0)
    again: list[object] = []
    read_again = content._read_again
    monkeypatch.setattr(
        content, "_read_again", lambda *given: again.append(given) or read_again(*given)
    )
    found = read_intake(tmp_path)
    assert len(again) == 1
    assert same(found, whole)
    assert found.notes == whole.notes
    assert found.files[0].encoding_evidence


def test_a_csv_that_changes_while_it_is_read_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text(1000), encoding="utf-8")
    monkeypatch.setattr(delimited, "FAST_FROM", 0)
    monkeypatch.setattr(delimited, "SLICE", 9_000)
    read = understanding.read_slices

    def shortened(*given: Any) -> ParsedSheet | None:
        path.write_text(text(100), encoding="utf-8")
        return read(*given)

    monkeypatch.setattr(understanding, "read_slices", shortened)
    with pytest.raises(InputsMovedError, match=r"a\.csv"):
        read_intake(tmp_path)


def test_rows_are_counted_from_one_and_no_header_is_among_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.parquet", PAYROLL, PLAIN)
    monkeypatch.setattr(parquet, "SLICE", 4)
    found = read_intake(tmp_path)
    [sheet] = found.sheets
    assert (sheet.header_row, sheet.sheet) == (None, None)
    assert (sheet.rows_read, sheet.rows_accepted, sheet.rows_rejected) == (10, 6, 1)
    assert sheet.skipped == {"blank": 1, "example": 1, "header": 1}
    assert found.source_row["row_no"].to_list() == [1, 2, 5, 6, 8, 10]
    assert str(sheet.money["wages"]["accepted"]) == "170.13"


def test_damage_in_a_later_slice_refuses_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [*["甲"] * 39, "某单位"]
    columns = dict(zip(PAYROLL, (names, names, ["2024-01"] * 40, ["1"] * 40), strict=True))
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table(columns), path, 8, compression="none", use_dictionary=False, write_statistics=False
    )
    path.write_bytes(path.read_bytes().replace("某单位".encode(), b"\xff" * 9))
    monkeypatch.setattr(parquet, "SLICE", 8)
    monkeypatch.setattr(parquet, "HEAD", 2)
    found = read_intake(tmp_path, IntakeSettings(store=tmp_path / ".rows"))
    [file] = found.files
    assert (file.status, found.sheets, found.rows) == ("refused", (), {})
    assert file.problem is not None
    assert "Parquet 文件已损坏" in file.problem.zh


def test_slices_keep_their_order_in_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [(f"{number}", None, "2024-01", "1") for number in range(9)]
    write(tmp_path / "a.parquet", PAYROLL, lines)
    monkeypatch.setattr(parquet, "SLICE", 2)
    monkeypatch.setattr(rows, "LARGE", 2)
    found = read_intake(tmp_path, IntakeSettings(store=tmp_path / ".rows"))
    names = [name for frame in found.rows["payroll"].frames() for name in frame["payer_name"]]
    assert names == [f"{number}" for number in range(9)]
    assert len([*(tmp_path / ".rows").iterdir()]) == 5


def test_ledgers_without_names_take_them_from_a_chart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.parquet", ("科目编码", "科目名称", "科目级次"), [("1002", "银行存款", "1")])
    lines = [("2024-01-05", f"记-{number}", "1002", "5", None) for number in range(6)]
    write(tmp_path / "b.parquet", (*LEDGER[:3], *LEDGER[4:]), lines)
    monkeypatch.setattr(parquet, "SLICE", 4)
    found = read_intake(tmp_path)
    assert found.tables["gl_entry"]["account_name"].to_list() == ["银行存款"] * 6


@pytest.mark.parametrize("name", specs())
def test_tables_are_known_by_the_names_of_their_columns(name: str) -> None:
    names = [*specs()[name].by_name]
    header = {"row_no": [0]} | {letter_of(at): [one] for at, one in enumerate(names)}
    found = map_sheet(
        RawSheet(1, "a.parquet", None, hidden=False, cells=pl.DataFrame(header), rows_total=0)
    )
    assert found.table is specs()[name]
    assert [one.column for one in found.matches] == names
