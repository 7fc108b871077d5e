"""A match that a reviewer chooses: workbook, import, ledger, next run, and when it fails."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from openpyxl import load_workbook

from recon.base.paper import LEDGER_FILE
from recon.ledger.store import read_events
from tests.cli.reviewed_support import reseal, run

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

LEDGER = (
    "日期,凭证号,摘要,科目编码,科目名称,借方金额,贷方金额\n"
    "2024-03-01,记1,收甲公司,100201,银行存款,100.00,\n"
    "2024-03-01,记1,收甲公司,4001,经费收入,,100.00\n"
    "2024-03-20,记9,付电费,100201,银行存款,,33.00\n"
    "2024-03-20,记9,付电费,5001,公用支出,33.00,\n"
)
BANK = (
    "交易日期,摘要,对方户名,收入金额,支出金额,交易流水号\n"
    "2024-03-02,缴费一,甲公司,100.00,,S1\n"
    "2024-03-03,缴费二,甲公司,100.00,,S2\n"
    "2024-03-20,电费,供电公司,,33.00,S3\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder in which one ledger line fits two bank lines equally well."""
    (tmp_path / "银行流水.csv").write_text(BANK, encoding="utf-8")
    (tmp_path / "序时账.csv").write_text(LEDGER, encoding="utf-8")
    return tmp_path


def check(place: Path) -> Result:
    result = run(
        "check", place, "--as-of", "2024-12-31", "--select", "LED-01", "--fail-on", "none", "-q"
    )
    assert result.exit_code == 0, result.output
    return result


def latest(place: Path) -> Path:
    out = place / "recon-out"
    return out / (out / "latest").read_text(encoding="utf-8").strip()


def picks(place: Path) -> list[dict[str, Any]]:
    sheet = load_workbook(latest(place) / "exceptions.xlsx")["待确认匹配"]
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def mark(place: Path, wanted: dict[str, Any], name: str = "复核.xlsx", **said: Any) -> Path:
    """Save a copy of the newest workbook with 选定 filled beside lines of that 摘要 or 编号."""
    book = load_workbook(latest(place) / "exceptions.xlsx")
    sheet = book["待确认匹配"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        text = str(sheet.cell(row, columns["摘要"]).value) + str(
            sheet.cell(row, columns["状态"]).value
        )
        for key, value in wanted.items():
            if key in text:
                sheet.cell(row, columns["选定"]).value = value
                for header, what in said.items():
                    sheet.cell(row, columns[header]).value = what
    book.save(place / name)
    path = place.parent / name
    shutil.move(place / name, path)
    return path


def take(place: Path, *files: Path) -> Result:
    return run("review", "import", *files, "--data", place)


def classes(place: Path) -> set[tuple[str, str, str]]:
    lines = pl.read_parquet(latest(place) / "matches.parquet")
    shown = lines.filter(pl.col("amount") == 100).select("side", "class", "text")
    return {(side, class_, text or "") for side, class_, text in shown.iter_rows()}


def test_a_choice_goes_through_workbook_and_ledger_into_the_next_run(place: Path) -> None:
    check(place)
    rows = picks(place)
    assert {(row["状态"], row["备选"]) for row in rows} == {
        ("待确认", "待匹配"),
        ("待确认", "候选1"),
        ("待确认", "候选2"),
    }
    first = latest(place)
    filled = mark(place, {"缴费二": "是"}, 复核人="张三", 复核日期="2024-12-30")
    taken = take(place, filled)
    assert (taken.exit_code, "新记 1 组" in taken.output) == (0, True), taken.output
    assert take(place, filled).output.count("新记 0 组，没有变化 1 组") == 1
    check(place)
    assert latest(place) != first
    assert classes(place) == {
        ("b", "confirmed", "收甲公司"),
        ("a", "confirmed", "甲公司 缴费二"),
        ("a", "cross_period", "甲公司 缴费一"),
    }
    shown = picks(place)
    assert {(row["状态"], row["选定"], row["复核人"]) for row in shown} == {
        ("已确认", "是", "张三")
    }
    record = json.loads((latest(place) / "run.json").read_text(encoding="utf-8"))
    assert len(record["confirmed_matches"]) == 1


def test_both_runs_can_still_be_verified(place: Path) -> None:
    check(place)
    first = latest(place)
    take(place, mark(place, {"缴费二": "是"}))
    check(place)
    for folder in (first, latest(place)):
        verified = run("verify", folder)
        assert verified.exit_code == 0, verified.output


def test_a_choice_that_no_longer_adds_up_is_refused_with_the_reason(place: Path) -> None:
    check(place)
    take(place, mark(place, {"缴费二": "是"}))
    bank = BANK.replace("2024-03-03,缴费二,甲公司,100.00", "2024-03-03,缴费二,甲公司,90.00")
    (place / "银行流水.csv").write_text(bank, encoding="utf-8")
    result = check(place)
    warnings = json.loads((latest(place) / "run.json").read_text(encoding="utf-8"))["warnings"]
    assert any("有 1 组不再成立" in text for text in warnings), result.output
    row = picks(place)[0]
    assert (row["状态"], row["原因"]) == ("不再成立", "其中有的行已不在资料中")
    withdrawn = take(place, mark(place, {"不再成立": "撤销"}))
    assert "新记 1 组" in withdrawn.output, withdrawn.output
    check(place)
    assert "待确认匹配" not in load_workbook(latest(place) / "exceptions.xlsx").sheetnames


def test_a_confirmed_match_can_be_withdrawn_and_is_not_taken_again_by_mistake(place: Path) -> None:
    check(place)
    filled = mark(place, {"缴费二": "是"})
    take(place, filled)
    check(place)
    assert take(place, mark(place, {"已确认": "撤销"}, "撤销.xlsx")).exit_code == 0
    check(place)
    assert {row["状态"] for row in picks(place)} == {"待确认"}
    again = take(place, filled)
    assert (again.exit_code, "以前导入过" in again.output) == (1, True), again.output


def test_what_does_not_add_up_is_not_booked(place: Path) -> None:
    check(place)
    result = take(place, mark(place, {"缴费": "是"}))
    assert result.exit_code == 1
    assert "相差 100.00" in result.output
    assert not (place / LEDGER_FILE).exists()


@pytest.mark.parametrize(
    ("value", "said"),
    [("大概", "不能用"), ("撤销", "还没有确认")],
)
def test_a_mark_that_says_nothing_is_listed_by_cell(place: Path, value: str, said: str) -> None:
    check(place)
    result = take(place, mark(place, {"缴费二": value}))
    assert (result.exit_code, said in result.output) == (1, True), result.output
    assert "待确认匹配!" in result.output


def test_a_line_cannot_be_in_two_choices(place: Path) -> None:
    check(place)
    result = take(place, mark(place, {"缴费一": "1", "缴费二": "2"}))
    assert (result.exit_code, "选进了两组" in result.output) == (1, True), result.output
    assert len(read_events(place / LEDGER_FILE)) == 1


def test_a_group_that_no_run_has_is_listed(place: Path) -> None:
    check(place)
    filled = mark(place, {"缴费二": "是"})
    [listed] = (place / "recon-out").glob("*/pending_matches.parquet")
    pl.read_parquet(listed).clear().write_parquet(listed)
    reseal(listed.parent)
    result = take(place, filled)
    assert (result.exit_code, "不在任何一次运行结果里" in result.output) == (1, True)


def test_a_later_choice_takes_the_place_of_an_earlier_one(place: Path) -> None:
    check(place)
    first, second = (mark(place, {word: "是"}, f"{word}.xlsx") for word in ("缴费一", "缴费二"))
    take(place, first)
    result = take(place, second)
    assert (result.exit_code, "代替原来确认的匹配" in result.output) == (0, True), result.output
    check(place)
    assert ("a", "confirmed", "甲公司 缴费二") in classes(place)
