"""Which sheet is which table: content, titles, recon.toml, and questions instead of guesses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from recon.base.errors import ConfigError
from recon.base.models import SourceMapping
from recon.intake.layout.preamble import Preamble, title_table
from recon.intake.pipeline import check_sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

FUEL = ["卡号", "交易时间", "油品", "数量(升)", "单价", "金额", "卡余额", "加油站", "流水号"]
FUEL_ROW = ["10001111", "2024-03-01 10:00:00", "92#", "10", "7", "70", "100", "城东站", "1"]
BANK = ["交易日期", "摘要", "收入金额", "支出金额", "余额"]
BANK_ROW = ["2024-03-01", "代收", "100", "", "100"]


def test_fuel_card_export_without_its_kind_is_asked_and_not_a_bank_statement(
    load: Callable[..., Intake],
) -> None:
    found = load([FUEL, FUEL_ROW])
    assert found.tables == {}
    assert len(found.questions) == 1
    assert "交易类型" in found.questions[0].zh
    assert found.sheets[0].rows_skipped == 2


def test_small_tables_are_recognised_by_their_required_columns(load: Callable[..., Intake]) -> None:
    rows = [["日期", "金额", "车牌号"], ["2024-01-05", "100", "桂A12345"]]
    assert load(rows).sheets[0].table == "fuel_reimbursement"
    tie = [["姓名", "合同起始日", "合同到期日"], ["张三", "2024-01-01", "2024-12-31"]]
    assert load(tie).sheets[0].table == "labour_contract"


def test_two_tables_that_fit_equally_are_asked(load: Callable[..., Intake]) -> None:
    rows = [
        ["统一社会信用代码", "单位名称", "年度", "申请日期", "从业人员"],
        ["91450881MA5K000121", "甲公司", "2024", "2024-01-05", "10"],
    ]
    asked = load(rows)
    assert asked.sheets[0].table is None
    assert "返还申请台账" in asked.questions[0].zh
    assert load(rows, "返还申请台账.xlsx").sheets[0].table == "refund_application"
    assert load(rows, sheet="单位年度信息").sheets[0].table == "payer_year"
    sources = (SourceMapping("*.xlsx", table="payer_year"),)
    assert load(rows, sources=sources).sheets[0].table == "payer_year"


def test_longest_title_wins() -> None:
    assert title_table(["2024年加油卡交易明细"]) == "fuel_txn"
    assert title_table(["筹备金余额表"]) == "prep_opening"
    assert title_table(["无题", "账户明细(1)"]) == "bank_txn"
    assert title_table(["无题"]) is None


def test_unknown_sheet_is_listed_with_the_nearest_table(load: Callable[..., Intake]) -> None:
    found = load([["花名", "电话", "单位名称"], ["甲", "1", "乙"]])
    assert found.sheets[0].table is None
    assert found.sheets[0].rows_skipped == 2
    assert found.notes
    assert not found.questions


def test_account_above_the_table_fills_every_row(load: Callable[..., Intake]) -> None:
    rows = [["某银行"], ["账号：4505 0000 0001", "", "户名：某县总工会"], BANK, BANK_ROW, BANK_ROW]
    frame = load(rows).tables["bank_txn"]
    assert frame["account_no"].to_list() == ["450500000001"] * 2
    assert frame["account_name"].to_list() == ["某县总工会"] * 2


@pytest.mark.parametrize(
    "line",
    [
        ["账号：450500000001  户名：某县 总工会  币种：人民币"],
        ["账号", "450500000001", "户名", "某县 总工会"],
        ["账号:", "450500000001", "", "户名:", "某县 总工会"],
    ],
)
def test_labels_above_the_table_in_every_layout(line: list[str]) -> None:
    cells = {chr(65 + place): text for place, text in enumerate(line) if text}
    labelled = Preamble(((1, cells),), None, "a.csv").labelled
    assert labelled["账号"][0] == "450500000001"
    assert labelled["户名"][0] == "某县 总工会"


def test_remarks_and_balances_above_the_table_fill_nothing(load: Callable[..., Intake]) -> None:
    frame = load([["余额：100", "备注：打印件"], BANK[:4], BANK_ROW[:4]]).tables["bank_txn"]
    assert frame["balance"].to_list() == [None]
    assert frame["summary"].to_list() == ["代收"]


def test_class_number_above_a_roster_supplies_the_required_column(
    load: Callable[..., Intake],
) -> None:
    rows = [
        ["学员花名册"], ["班次编号：PX-01"], ["姓名", "身份证号", "性别"],
        ["张三", "450881198501010015", "男"],
    ]  # fmt: skip
    assert load(rows).tables["trainee"]["class_no"].to_list() == ["PX-01"]


@pytest.mark.parametrize(
    ("path", "sheet", "title"),
    [
        ("a.xlsx", "Sheet1", "2024年3月科目余额表"),
        ("2024年/科目余额表.xlsx", "3月", "科目余额表"),
        ("科目余额表202403.xlsx", "Sheet1", "某县总工会"),
        ("a.xlsx", "2024-03", "科目余额表"),
    ],
)
def test_month_comes_from_the_title(
    load: Callable[..., Intake], path: str, sheet: str, title: str
) -> None:
    rows = [
        [title],
        ["科目编码", "科目名称", "期初余额", "借方发生额", "贷方发生额", "期末余额"],
        ["1002", "银行存款", "1", "2", "3", "0"],
    ]
    assert load(rows, path, sheet).tables["gl_balance"]["month"].to_list() == [date(2024, 3, 1)]


def test_title_with_two_months_gives_none(load: Callable[..., Intake]) -> None:
    rows = [
        ["2024年1月至2024年3月加油卡余额对账单"],
        ["卡号", "期初余额", "充值金额", "加油金额", "期末余额"],
        ["1000110000000000001", "1", "2", "3", "0"],
    ]
    found = load(rows)
    assert "月份" in found.questions[0].zh


def test_year_comes_from_the_title(load: Callable[..., Intake]) -> None:
    rows = [
        ["单位年度信息（2023年度）"],
        ["统一社会信用代码", "单位名称", "应纳税所得额"],
        ["91450881MA5K000121", "甲", "5"],
    ]
    assert load(rows).tables["payer_year"]["year"].to_list() == [2023]


@pytest.mark.parametrize("year_column", [True, False])
def test_ledger_with_year_month_and_day_columns(
    load: Callable[..., Intake], *, year_column: bool
) -> None:
    header = ["年", "月", "日", "凭证号数", "摘要", "借方", "贷方", "方向", "余额"]
    row = ["2024", "1", "5", "记-1", "收经费", "100", "", "借", "100"]
    top = ["明细账"] if year_column else ["2024年明细账"]
    cut = slice(None) if year_column else slice(1, None)
    found = load([top, ["科目：1002 银行存款"], header[cut], row[cut]])
    line = found.tables["gl_entry"].row(0, named=True)
    assert line["entry_on"] == date(2024, 1, 5)
    assert (line["account_code"], line["account_name"]) == ("1002", "银行存款")
    assert line["debit"] == Decimal(100)


def test_wan_in_title_header_or_mapping_multiplies_and_own_wan_columns_stay(
    load: Callable[..., Intake],
) -> None:
    header = ["资产编号", "资产名称", "原值"]
    row = ["Z1", "桌", "1.2345"]
    assert load([["单位：万元"], header, row]).tables["asset"]["original_value"].to_list() == [
        Decimal(12345)
    ]
    wan = [[*header[:2], "原值（万元）"], row]
    assert load(wan).tables["asset"]["original_value"].to_list() == [Decimal(12345)]
    yuan = [["单位：万元"], [*header[:2], "原值（元）"], ["Z1", "桌", "12.00"]]
    assert load(yuan).tables["asset"]["original_value"].to_list() == [Decimal(12)]
    mapped = load([header, row], sources=(SourceMapping("a.xlsx", unit="wan"),))
    assert mapped.tables["asset"]["original_value"].to_list() == [Decimal(12345)]
    payer = [
        ["单位：万元"], ["单位名称", "统一社会信用代码", "营业收入(万元)", "月销售额"],
        ["甲", "91450881MA5K000121", "300", "2"],
    ]  # fmt: skip
    line = load(payer).tables["payer"].row(0, named=True)
    assert (line["revenue_wan"], line["monthly_sales"]) == (Decimal(300), Decimal(20000))


def test_saved_mapping_wins_and_replays_when_the_layout_moved(load: Callable[..., Intake]) -> None:
    source = SourceMapping(
        "a*.xlsx", "Sheet*", "bank_txn", header_row=1, columns={"进账": "money_in"}
    )
    rows = [["交易日期", "进账", "摘要"], ["2024-03-01", "5", "x"]]
    found = load(rows, sources=(source,))
    assert found.tables["bank_txn"]["money_in"].to_list() == [Decimal(5)]
    assert found.sheets[0].header_how == "saved"
    moved = load([["某银行流水"], *rows], sources=(source,))
    assert moved.tables["bank_txn"]["money_in"].to_list() == [Decimal(5)]
    assert moved.sheets[0].header_how == "moved"
    assert any("recon.toml" in note.en for note in moved.sheets[0].notes)
    lost = load([["日子", "进账"], ["2024-03-01", "5"]], sources=(source,))
    assert "交易日期" in lost.questions[0].zh


def test_saved_mapping_that_fits_in_two_places_is_asked_about(load: Callable[..., Intake]) -> None:
    source = SourceMapping("a.xlsx", table="bank_txn", header_row=1)
    rows = [["某银行流水"], ["交易日期", "收入金额", "摘要"], ["2024-03-01", "5", "x"]]
    rows += [["交易日期", "摘要", "收入金额"], ["2024-03-01", "x", "6"]]
    found = load(rows, sources=(source,))
    assert found.sheets[0].table is None
    assert "第2、4行都像表头" in found.questions[0].zh
    assert "rows 2, 4 all fit" in found.questions[0].en
    again = load([*rows[:3], rows[1], rows[2]], sources=(source,))
    assert again.sheets[0].header_how == "moved"


def test_headers_of_recon_toml_that_are_gone_are_told(load: Callable[..., Intake]) -> None:
    source = SourceMapping(
        "a.xlsx", table="bank_txn", header_row=1, columns={"说明文字": "summary"}
    )
    found = load([["交易日期", "收入金额"], ["2024-03-01", "5"]], sources=(source,))
    assert found.sheets[0].header_how == "saved"
    assert "写明的列没有找到：说明文字" in found.sheets[0].notes[0].zh
    assert "Columns named in recon.toml are not there" in found.sheets[0].notes[0].en


def test_unknown_names_in_mappings_are_refused_together() -> None:
    sources = (
        SourceMapping("a.xlsx", table="bank_tx"),
        SourceMapping("b.xlsx", table="bank_txn", columns={"进账": "money"}),
    )
    with pytest.raises(ConfigError) as caught:
        check_sources(sources)
    assert len(caught.value.faults) == 2
    assert "bank_txn" in caught.value.faults[0].en


def test_a_mapping_can_leave_out_a_column_or_a_whole_sheet(load: Callable[..., Intake]) -> None:
    left = SourceMapping("a.xlsx", table="bank_txn", columns={"摘要": ""})
    assert load([BANK, BANK_ROW], sources=(left,)).sheets[0].unmapped == ("摘要",)
    ignored = load([BANK, BANK_ROW], sources=(SourceMapping("a.xlsx", table="ignore"),))
    assert (ignored.tables, ignored.questions) == ({}, ())
    assert ignored.sheets[0].rows_skipped == 2
