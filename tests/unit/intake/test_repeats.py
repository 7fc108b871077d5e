"""What stands twice in a folder counts once; what cannot be told apart is asked (ruling 32)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest

from recon.intake.pipeline import IntakeSettings, read_intake
from recon.intake.quality import repeated_rows

if TYPE_CHECKING:
    from pathlib import Path

    from recon.base.models import Intake

BANK = "账号,交易日期,流水号,收入金额,支出金额,余额,对方户名,摘要"
TRANSFERS = "拨付编号,拨付类型,单位名称,收款户名,拨付金额,拨付日期"


def put(folder: Path, name: str, header: str, *rows: str) -> None:
    (folder / name).write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def rows_of(found: Intake) -> dict[str, tuple[int, int]]:
    """Return accepted and repeated rows by file and sheet, and see that nothing is lost."""
    paths = {one.file_id: one.path for one in found.files}
    assert all(one.is_balanced for one in found.sheets)
    return {
        paths[one.file_id] + (f"#{one.sheet}" if one.sheet else ""): (
            one.rows_accepted,
            one.rows_repeated,
        )
        for one in found.sheets
        if one.table
    }


def checks(found: Intake) -> list[tuple[str, str, int]]:
    wanted = pl.col("check").is_in(
        ["repeated_row", "repeated_sheet", "key_clash", "row_twice_or_not"]
    )
    return found.quality.filter(wanted).select("check", "file", "row_no").rows()


def month(number: int, days: range) -> list[str]:
    return [
        f"9900123456,2024-0{number}-{day:02},S{number}{day},{day}.00,,"
        f"{1000 + day},示例{day}公司,会费"
        for day in days
    ]


def test_a_copied_file_is_read_once_and_named(tmp_path: Path) -> None:
    for name in ("流水.csv", "流水 - 副本.csv"):
        put(tmp_path, name, BANK, *month(3, range(1, 11)))
    found = read_intake(tmp_path)
    assert rows_of(found) == {"流水.csv": (10, 0), "流水 - 副本.csv": (0, 10)}
    assert found.tables["bank_txn"]["money_in"].sum() == Decimal("55.00")
    assert checks(found) == [("repeated_sheet", "流水 - 副本.csv", 2)]
    (said,) = found.repeats
    assert said.zh == "流水 - 副本.csv：内容与 流水.csv 完全相同，只读一次（10 行不重复计算）。"
    assert "read once (10 rows" in said.en
    copy = next(one for one in found.sheets if one.rows_repeated)
    assert copy.money["money_in"]["repeated"] == Decimal("55.00")
    assert copy.twin == "流水.csv"


def test_equal_files_whose_names_say_different_months_are_no_copies(tmp_path: Path) -> None:
    for name in ("2024年1月工资表.csv", "2024年2月工资表.csv"):
        put(tmp_path, name, "单位名称,工资总额", "示例甲公司,5000", "示例乙公司,6000")
    found = read_intake(tmp_path)
    assert found.tables["payroll"].height == 4
    assert found.repeats == ()


def test_exports_that_overlap_count_their_common_rows_once(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", BANK, *month(3, range(1, 11)))
    put(tmp_path, "b.csv", BANK, *month(3, range(8, 15)))
    found = read_intake(tmp_path)
    assert rows_of(found) == {"a.csv": (10, 0), "b.csv": (4, 3)}
    assert checks(found) == [("repeated_row", "b.csv", row) for row in (2, 3, 4)]
    first = found.quality.filter(pl.col("check") == "repeated_row").row(0, named=True)
    assert first["reason"] == "与“a.csv!9”相同，只计一次"
    assert [said.zh for said in found.repeats] == [
        "b.csv：有 3 行与 a.csv 相同，只计一次（首行为第2行）。"
    ]


def test_equal_lines_of_one_file_stay_and_so_do_as_many_of_another(tmp_path: Path) -> None:
    fee = "9900123456,2024-03-05,,,5.00,100,,手续费"
    put(tmp_path, "a.csv", BANK, fee, fee, *month(3, range(1, 3)))
    put(tmp_path, "b.csv", BANK, fee, fee, fee, *month(3, range(6, 7)))
    assert rows_of(read_intake(tmp_path)) == {"a.csv": (4, 0), "b.csv": (2, 2)}


def test_what_one_side_lacks_is_no_difference_and_the_fuller_row_stays(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "账号,交易日期,收入金额,支出金额,余额",
        "9900123456,2024-03-01,1.00,,1001", "9900123456,2024-03-02,2.00,,1002")  # fmt: skip
    put(tmp_path, "更长的名字.csv", BANK, *month(3, range(1, 4)))
    found = read_intake(tmp_path)
    assert rows_of(found) == {"a.csv": (0, 2), "更长的名字.csv": (3, 0)}
    assert found.tables["bank_txn"]["party_name"].null_count() == 0


def test_a_blank_cell_is_no_difference_but_another_party_is(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", BANK, "9900123456,2024-03-01,,5.00,,100,,会费",
        "9900123456,2024-03-02,,6.00,,106,示例甲公司,会费")  # fmt: skip
    put(tmp_path, "b.csv", BANK, "9900123456,2024-03-01,,5.00,0.00,100,示例丙公司,会费",
        "9900123456,2024-03-02,,6.00,,106,示例乙公司,会费")  # fmt: skip
    found = read_intake(tmp_path)
    assert sum(accepted for accepted, _ in rows_of(found).values()) == 3
    assert found.tables["bank_txn"]["money_in"].sum() == Decimal("17.00")


def test_a_number_that_only_one_row_has_is_a_difference(tmp_path: Path) -> None:
    header = "工会名称,姓名,身份证号,会籍状态"
    put(tmp_path, "a.csv", header, "示例工会,甲子一,990102199001010017,正常", "示例工会,乙丑二,,")
    put(tmp_path, "b.csv", header, "示例工会,甲子一,,正常", "示例工会,乙丑二,,正常",
        "示例工会,丙寅三,990102199001010025,正常")  # fmt: skip
    names = read_intake(tmp_path).tables["member"]["name"].sort().to_list()
    assert names == ["丙寅三", "乙丑二", "甲子一", "甲子一"]


def test_without_an_account_equal_lines_of_two_files_are_a_question(tmp_path: Path) -> None:
    header = "交易日期,收入金额,支出金额,余额,对方户名"
    put(tmp_path, "a.csv", header, "2024-03-01,5,,100,示例甲公司", "2024-03-02,6,,106,示例乙公司")
    put(tmp_path, "b.csv", header, "2024-03-02,6,,106,示例乙公司", "2024-03-03,7,,113,示例丙公司")
    found = read_intake(tmp_path)
    assert rows_of(found) == {"a.csv": (2, 0), "b.csv": (2, 0)}
    (question,) = found.questions
    assert "b.csv：有 1 行与 a.csv 相同" in question.zh
    assert "add the account" in question.en
    doubtful = found.source_row.filter(pl.col("row_id").is_in(found.doubtful))
    assert doubtful["row_no"].to_list() == [3, 2]
    assert checks(found) == [("row_twice_or_not", "b.csv", 2)]


def test_one_key_with_other_content_clashes_and_a_register_that_restarts_does_not(
    tmp_path: Path,
) -> None:
    put(tmp_path, "1月.csv", TRANSFERS, "1,回拨,示例甲公司,示例甲工会,100,2024-01-05",
        "2,回拨,示例乙公司,示例乙工会,200,2024-01-06")  # fmt: skip
    put(tmp_path, "2月.csv", TRANSFERS, "1,回拨,示例甲公司,示例甲工会,100,2024-02-05",
        "2,回拨,示例乙公司,示例乙工会,250,2024-01-06")  # fmt: skip
    found = read_intake(tmp_path)
    assert rows_of(found) == {"1月.csv": (2, 0), "2月.csv": (2, 0)}
    assert checks(found) == [("key_clash", "1月.csv", 3), ("key_clash", "2月.csv", 3)]
    assert len(found.doubtful) == 2
    amounts = found.tables["fund_transfer"].filter(pl.col("row_id").is_in(found.doubtful))["amount"]
    assert sorted(amounts) == [200, 250]


def test_persons_of_two_payrolls_of_a_month_are_no_repetition_unless_all_are(
    tmp_path: Path,
) -> None:
    header = "单位名称,月份,工资总额"
    put(tmp_path, "一部.csv", header, *["示例公司,2024-01,5000"] * 2, "示例公司,2024-01,6000")
    put(tmp_path, "二部.csv", header, "示例公司,2024-01,5000", "示例公司,2024-01,7000")
    assert read_intake(tmp_path).tables["payroll"]["wages"].sum() == 28000
    put(tmp_path, "三部.csv", header, "示例公司,2024-01,7000.00", "示例公司,2024-01,5000.00")
    assert read_intake(tmp_path).tables["payroll"]["wages"].sum() == 28000


def test_a_sheet_copied_in_a_workbook_and_a_file_merged_into_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("凭证", "凭证 (2)"):
        sheet = book.create_sheet(name)
        sheet.append(["日期", "凭证号", "摘要", "科目编码", "科目名称", "借方金额", "贷方金额"])
        for number in range(1, 5):
            day = date(2024, 1, number)
            sheet.append([day, f"记-{number}", "会费", "1002", "银行存款", number, None])
            sheet.append([day, f"记-{number}", "会费", "4001", "会费收入", None, number])
    book.remove(book["Sheet"])
    book.save(tmp_path / "序时账.xlsx")
    assert rows_of(read_intake(tmp_path)) == {
        "序时账.xlsx#凭证": (8, 0),
        "序时账.xlsx#凭证 (2)": (0, 8),
    }
    lines = ["2024-01-04,记-4,会费,1002,银行存款,4.00,", "2024-01-05,记-5,会费,1002,银行存款,5.00,"]
    put(tmp_path, "序时账.csv", "日期,凭证号,摘要,科目编码,科目名称,借方金额,贷方金额", *lines)
    found = read_intake(tmp_path)
    assert found.tables["gl_entry"]["debit"].sum() == Decimal("15.00")
    assert found.tables["gl_entry"].height == 9


@pytest.mark.parametrize(("hashes", "rows"), [(7, 1_000_000), (1_000_000, 3), (5, 2)])
def test_a_share_at_a_time_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hashes: int, rows: int
) -> None:
    put(tmp_path, "a.csv", BANK, *month(3, range(1, 29)))
    put(tmp_path, "b.csv", BANK, *month(3, range(15, 29)), *month(4, range(1, 9)))
    monkeypatch.setattr(repeated_rows, "_MOST_HASHES", hashes)
    monkeypatch.setattr(repeated_rows, "_MOST_ROWS", rows)
    assert rows_of(read_intake(tmp_path)) == {"a.csv": (28, 0), "b.csv": (8, 14)}


def test_rows_that_lie_in_files_are_settled_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recon.base.rows.LARGE", 1)
    data, store = tmp_path / "data", tmp_path / "store"
    data.mkdir()
    put(data, "a.csv", BANK, *month(3, range(1, 11)))
    put(data, "b.csv", BANK, *month(3, range(8, 15)))
    put(data, "c.csv", BANK, *month(3, range(8, 15)))
    found = read_intake(data, IntakeSettings(store=store))
    assert rows_of(found) == {"a.csv": (10, 0), "b.csv": (4, 3), "c.csv": (0, 7)}
    assert found.tables["bank_txn"].height == 14
    assert found.tables["bank_txn"]["money_in"].sum() == sum(range(1, 15))
