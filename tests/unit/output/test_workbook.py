"""The workbook: every exception, typed cells, nothing that runs, never over somebody's edits."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import fastexcel
import openpyxl
import polars as pl
import pytest
from openpyxl.utils import get_column_letter

from recon.output import workbook as module
from recon.output.picks import detail_plans
from recon.output.sheets import REVIEW_COLUMNS
from recon.output.workbook import build_workbook, place_workbook, write_workbook
from tests.unit.output import factory

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("book") / "exceptions.xlsx"
    build_workbook(factory.result(60), path)
    return openpyxl.load_workbook(path)


def _records(sheet: Worksheet) -> list[dict[str, Any]]:
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip([str(each) for each in header], row, strict=True)) for row in rows]


def _cells(sheet: Worksheet) -> list[str]:
    return [str(c) for row in sheet.iter_rows(values_only=True) for c in row if c is not None]


def test_sheets_stand_in_reading_order(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [
        "汇总", "按单位", "REM 经费收缴", "SME 小微返还", "FUEL 公车加油卡", "ORG 组织建设",
        "待核实", "待确认匹配", "未执行", "数据质量", "剔除行", "核对明细", "控制总数", "政策参数",
        "参数确认",
        "待确认单位对照", "运行信息", "_recon",
    ]  # fmt: skip


def test_every_exception_is_there_once_with_its_amount(book: openpyxl.Workbook) -> None:
    found = factory.result(60).exceptions
    seen = {row["例外编号"]: row for sheet in book.worksheets[2:7] for row in _records(sheet)}
    assert sum(book[name].max_row - 1 for name in book.sheetnames[2:7]) == found.height
    for each in found.iter_rows(named=True):
        row = seen[each["exception_id"]]
        amount = None if each["amount"] is None else float(each["amount"])
        assert row["金额"] == pytest.approx(amount)
        assert row["期间"] == each["period"]
        assert row["关联到"] == each["linked_to"]


def test_leads_stand_apart(book: openpyxl.Workbook) -> None:
    assert {row["方向"] for row in _records(book["待核实"])} == {"待核实"}
    assert "待核实" not in {row["方向"] for row in _records(book["REM 经费收缴"])}


def test_no_text_from_a_file_becomes_a_formula(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        if sheet.title not in {"汇总", "控制总数"}:
            kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
            assert "f" not in kinds, sheet.title
    names = [row["单位"] for row in _records(book["REM 经费收缴"])]
    assert "=1+1" in names
    assert "</script><img src=x onerror=alert(1)>" in names


def test_awkward_texts_come_back(tmp_path: Path) -> None:
    result = factory.result(60)
    build_workbook(result, tmp_path / "e.xlsx")
    read = fastexcel.read_excel(tmp_path / "e.xlsx").load_sheet("REM 经费收缴", dtypes="string")
    names = set(read.to_polars()["单位"].to_list())
    is_family = (result.exceptions["rule"].str.starts_with("REM")) & (
        result.exceptions["direction"] != "verify"
    )
    wanted = set(result.exceptions.filter(is_family)["party_name"])
    assert names == {name.replace("\x07", "") for name in wanted}
    assert {"=1+1", "  spaces  ", "_x0041_", 'a,b "quoted"\nline', "𠮷野家工会"} <= names


def test_header_is_frozen_and_the_filter_covers_the_data(book: openpyxl.Workbook) -> None:
    sheet = book["REM 经费收缴"]
    assert sheet.freeze_panes == "G2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0


def test_paper_ends_with_the_last_column_and_says_what_it_leaves_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recon.output.units._PRINTED_ROWS", 2)
    build_workbook(factory.result(60), tmp_path / "e.xlsx")
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    summary, units = book["汇总"], book["按单位"]
    assert str(summary.print_area).replace("$", "").endswith(f"!A1:L{summary.max_row + 1}")
    pixels = sum(each.width * 7 + 5 for each in summary.column_dimensions.values()
                 for _ in range(each.min, each.max + 1))  # fmt: skip
    assert pixels <= 1600
    assert str(units.print_area).replace("$", "").endswith("!A1:H3")
    said = f"&A　只打印前 2 行，共 {units.max_row - 1} 行，其余见工作簿"
    assert units.oddHeader.left.text == said


def test_cells_are_typed_and_formatted(book: openpyxl.Workbook) -> None:
    sheet = book["REM 经费收缴"]
    headers = [cell.value for cell in sheet[1]]
    row = next(row for row in _records(sheet) if row["复核日期"])
    assert row["复核日期"] == datetime(2024, 12, 30)  # noqa: DTZ001 - a cell has no time zone
    assert sheet.cell(3, headers.index("金额") + 1).number_format.startswith("#,##0.00")
    assert row["证据"] == "代收2024/代收2月.xlsx#明细!3\n银行流水.csv!3"


def test_what_is_judged_by_stands_beside_the_verdict_and_the_rest_is_folded(
    book: openpyxl.Workbook,
) -> None:
    sheet = book["REM 经费收缴"]
    headers = [str(cell.value) for cell in sheet[1]]
    seen = ["例外编号", "单位", "说明", "期间", "金额", "方向", "核实结论", "认定金额", "理由"]
    assert headers[: len(seen)] == seen
    assert str(sheet.print_area).replace("$", "").endswith(f"!A1:I{sheet.max_row}")
    folded = [
        headers[number]
        for number in range(len(headers))
        if sheet.column_dimensions[get_column_letter(number + 1)].outlineLevel
        or any(
            each.outlineLevel and each.min <= number + 1 <= each.max
            for each in sheet.column_dimensions.values()
        )
    ]
    assert folded == [
        "应有", "实有", "差额", "计算式", "依据/政策参数", "参数未确认", "可能的合理解释", "证据",
    ]  # fmt: skip
    heights = {sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1)}
    assert heights == {17.25}
    amounts = [row["金额"] for row in _records(sheet)]
    known = [each for each in amounts if each is not None]
    assert known == sorted(known, reverse=True)
    assert amounts[: len(known)] == known


def test_evidence_opens_the_file_at_its_row(book: openpyxl.Workbook) -> None:
    sheet = book["REM 经费收缴"]
    headers = [str(cell.value) for cell in sheet[1]]
    for number in range(2, sheet.max_row + 1):
        cell = sheet.cell(number, headers.index("证据") + 1)
        file, _, row = str(cell.value).split("\n")[0].partition("#明细!")
        if file != "代收2024/代收1月.xlsx":  # the only one that the run has read
            assert cell.hyperlink is None
            continue
        assert unquote(cell.hyperlink.target) == f"../data/{file}"
        assert cell.hyperlink.location == f"'明细'!A{row}"
    assert any(cell.hyperlink for cell in sheet[get_column_letter(headers.index("证据") + 1)])


def test_reviewers_columns_stand_together_with_checks_in_chinese(book: openpyxl.Workbook) -> None:
    sheet = book["REM 经费收缴"]
    headers = [cell.value for cell in sheet[1]]
    assert headers[6:16] == [zh for zh, *_ in REVIEW_COLUMNS.values()]
    checks = {rule.promptTitle: rule for rule in sheet.data_validations.dataValidation}
    assert checks["核实结论"].formula1 == '"成立,不成立,部分成立,待核实"'
    assert checks["整改类型"].formula1 == '"立行立改,分阶段整改,持续整改"'
    assert checks["认定金额"].type == "decimal"
    assert checks["复核日期"].error == "请填日期，例如 2024-12-31"
    assert str(checks["核实结论"].sqref) == f"G2:G{sheet.max_row}"
    assert not sheet.protection.sheet


def test_rows_are_coloured_by_state(book: openpyxl.Workbook) -> None:
    sheet = book["REM 经费收缴"]
    formulas = [rule.formula[0] for each in sheet.conditional_formatting for rule in each.rules]
    assert '$AD2="新增"' in formulas
    assert '$G2="不成立"' in formulas


def test_summary_totals_are_split_and_never_netted(book: openpyxl.Workbook) -> None:
    rows = list(book["汇总"].iter_rows(values_only=True))
    totals = {total.direction: total for total in factory.result(60).totals}
    paid_in = [row for row in rows if row[0] == "应补缴"][-1]
    assert paid_in[2] == totals["pay_in"].exceptions
    assert paid_in[7] == float(totals["pay_in"].confirmed)
    assert paid_in[8] == float(totals["pay_in"].unconfirmed)
    head = next(n for n, row in enumerate(rows) if row[0] == "方向")
    table = [row[1:7] for row in rows[head + 1 : head + 11]]
    assert all(row[0] == sum(row[1:]) for row in table)
    assert table[-1] == tuple(sum(column) for column in zip(*table[:-1], strict=True))
    assert table[-1][0] == 60


def test_the_largest_units_of_each_direction_come_first_and_add_up(book: openpyxl.Workbook) -> None:
    rows = list(book["汇总"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if row[0] == "应补缴")
    shown = rows[head]
    assert [shown[n] for n in (0, 2, 4, 6, 8, 10)] == [
        "应补缴", "应上解", "应返还", "应追缴", "应清退", "应核销",
    ]  # fmt: skip
    found = factory.result(60).exceptions.filter("counted")
    for place, direction in enumerate(("pay_in", "remit_up")):
        column = [(row[2 * place], row[2 * place + 1]) for row in rows[head + 1 : head + 14]]
        last = next(n for n, (name, _) in enumerate(column) if str(name).startswith("合计"))
        amounts = [float(amount) for _, amount in column[:last]]  # type: ignore[arg-type]
        assert amounts == sorted(amounts, reverse=True)
        wanted = found.filter(pl.col("direction") == direction)["amount"].sum()
        assert sum(amounts) == pytest.approx(float(wanted))
        assert column[last][1] == pytest.approx(float(wanted))


def test_confirmed_totals_are_live_formulas_with_their_value(tmp_path: Path) -> None:
    result = factory.result(60)
    build_workbook(result, tmp_path / "e.xlsx")
    live = openpyxl.load_workbook(tmp_path / "e.xlsx")["汇总"]
    cached = openpyxl.load_workbook(tmp_path / "e.xlsx", data_only=True)["汇总"]
    line = max(cell.row for cell in live["A"] if cell.value == "应上解")
    assert str(live.cell(line, 11).value).startswith("=SUMIFS('REM 经费收缴'!$H$2:$H$")
    assert cached.cell(line, 11).value == 79.2


def test_summary_links_to_the_family_sheets(book: openpyxl.Workbook) -> None:
    links = {cell.value: cell.hyperlink.location for row in book["汇总"].iter_rows()
             for cell in row if cell.hyperlink}  # fmt: skip
    assert links["REM 经费收缴"] == "'REM 经费收缴'!A1"


def test_rules_not_run_are_listed_with_the_reason(book: openpyxl.Workbook) -> None:
    rows = _records(book["未执行"])
    assert [row["规则"] for row in rows] == ["AST-03", "REM-03"]
    assert rows[0]["原因"] == "缺少表 lease（租赁合同）"


def test_control_totals_check_themselves(book: openpyxl.Workbook) -> None:
    texts = _cells(book["控制总数"])
    assert '=IF(D5=E5+F5+G5+H5,"平","不平")' in texts
    assert any(text.startswith("=SUMIFS('REM 经费收缴'!$E$2") for text in texts)


def test_both_sides_of_a_pairing_are_summed_live_over_their_lines(tmp_path: Path) -> None:
    result = factory.result(60)
    build_workbook(result, tmp_path / "e.xlsx")
    shown = [
        list(openpyxl.load_workbook(tmp_path / "e.xlsx", data_only=cached)["控制总数"].values)
        for cached in (False, True)
    ]
    first = next(n for n, row in enumerate(shown[0]) if str(row[1]).startswith("甲："))
    live, cached = (rows[first : first + 2] for rows in shown)
    assert str(live[0][3]).startswith("=SUMIFS(核对明细!$G$2:$G$5,核对明细!$A$2:$A$5,")
    assert '"<>已匹配*"' in str(live[1][4])
    assert [row[2:5] for row in cached] == [(100, 60, 40), (99, 60, 39)]
    assert [row[7] for row in cached] == ["平", "平"]
    assert {(row["核对项"], row["方"]) for row in _records(shown_sheet(tmp_path, "核对明细"))} == {
        ("代收与银行", "甲"),
        ("代收与银行", "乙"),
    }


def shown_sheet(folder: Path, name: str) -> Worksheet:
    return openpyxl.load_workbook(folder / "e.xlsx")[name]


def test_a_pairing_that_does_not_add_up_is_said_to(tmp_path: Path) -> None:
    result = factory.result(5)
    entry = {**result.control["reconciliations"][0], "b_matched": Decimal("59.99")}  # type: ignore[index]
    build_workbook(replace(result, control={"reconciliations": [entry]}), tmp_path / "e.xlsx")
    rows = openpyxl.load_workbook(tmp_path / "e.xlsx", data_only=True)["控制总数"].values
    assert [row[7] for row in rows if str(row[1])[:2] in ("甲：", "乙：")] == ["平", "不平"]


def test_many_matched_lines_are_summed_up_per_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recon.output.picks.MOST_MATCHED", 0)
    result = factory.result(5)
    (plan,) = detail_plans(result)
    assert result.matches is not None
    assert plan.frame["amount"].sum() == pl.read_parquet(result.matches.lines)["amount"].sum()
    assert plan.frame.filter(pl.col("class") == "matched")["file"].to_list() == [None]


def test_matches_to_choose_have_a_sheet_with_checks(book: openpyxl.Workbook) -> None:
    sheet = book["待确认匹配"]
    rows = _records(sheet)
    assert [(row["状态"], row["备选"], row["选定"]) for row in rows] == [
        ("待确认", "候选1", None),
        ("已确认", None, "是"),
        ("待确认", "待匹配", None),
    ]
    assert rows[0]["对方单位"] == "=1+1"
    assert rows[1]["复核人"] == "张三"
    checks = {rule.promptTitle: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert checks["选定"] == '"是,1,2,3,4,5,6,7,8,9,撤销"'


def test_what_no_rule_examined_is_said_in_money(book: openpyxl.Workbook) -> None:
    rows = list(book["控制总数"].iter_rows(values_only=True))
    payroll = next(row for row in rows if row[1] == "工资总额" and row[6])
    assert payroll[2:7] == (3, 0, 5, 1, "没有规则检查这张表")


def test_policy_without_a_checked_source_says_so(book: openpyxl.Workbook) -> None:
    states = {row["名称"]: row["核对状态"] for row in _records(book["政策参数"])}
    assert states == {"fee.rate": "已核对", "fee.passback_days": "依据待核"}


def test_personal_data_is_masked_unless_the_run_says_otherwise(tmp_path: Path) -> None:
    build_workbook(factory.result(5), tmp_path / "masked.xlsx")
    build_workbook(factory.result(5, mask=False), tmp_path / "open.xlsx")
    secret = b"450881198501010016"

    def holds(name: str) -> bool:
        with zipfile.ZipFile(tmp_path / name) as archive:
            return any(secret in archive.read(member) for member in archive.namelist())

    assert not holds("masked.xlsx")
    assert holds("open.xlsx")
    warning = _cells(openpyxl.load_workbook(tmp_path / "open.xlsx")["汇总"])
    assert any("--no-mask" in text for text in warning)


def test_a_later_import_can_recognise_the_run(book: openpyxl.Workbook) -> None:
    assert book["_recon"].sheet_state == "veryHidden"
    assert book["_recon"]["B1"].value == factory.RUN_ID
    assert [each.value for each in book.custom_doc_props.props] == [factory.RUN_ID]  # type: ignore[attr-defined]
    assert book.defined_names["recon_run_id"].value == f'"{factory.RUN_ID}"'
    assert book.properties.creator == "recon"
    assert book.properties.created.date() == date(2024, 12, 31)
    footer = book["REM 经费收缴"].oddFooter
    assert footer is not None
    assert footer.left.text == f"运行编号 {factory.RUN_ID}"


def test_same_run_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        build_workbook(factory.result(60), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_rows_past_the_end_of_a_sheet_go_on_in_the_next(tmp_path: Path) -> None:
    result = factory.result(90)
    build_workbook(result, tmp_path / "e.xlsx", max_rows=11)
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    parts = [name for name in book.sheetnames if name.startswith("REM")]
    assert parts == ["REM 经费收缴", "REM 经费收缴(2)", "REM 经费收缴(3)", "REM 经费收缴(4)"]
    assert [book[name].max_row - 1 for name in parts] == [10, 10, 10, 2]
    assert book[parts[3]].auto_filter.ref == "A1:AD3"
    ids = {row["例外编号"] for name in book.sheetnames if "例外编号" in _cells(book[name])
           for row in _records(book[name])}  # fmt: skip
    assert ids == set(result.exceptions["exception_id"])
    line = [row for row in book["汇总"].iter_rows(values_only=True) if row[0] == "应上解"][-1]
    assert "'REM 经费收缴(4)'!$H$2:$H$3" in str(line[10])


def test_a_run_without_exceptions_still_has_its_workbook(tmp_path: Path) -> None:
    build_workbook(factory.result(0), tmp_path / "e.xlsx")
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    assert book.sheetnames[:2] == ["汇总", "待确认匹配"]
    line = next(row for row in book["汇总"].iter_rows(values_only=True) if row[0] == "应上解")
    assert line[10] == "=0"


def test_our_own_workbook_is_replaced(tmp_path: Path) -> None:
    first, _ = write_workbook(factory.result(5), tmp_path)
    second, notice = write_workbook(factory.result(6), tmp_path)
    assert (first, notice) == (second, None)
    assert sorted(each.name for each in tmp_path.iterdir()) == [".written.json", "exceptions.xlsx"]
    record = json.loads((tmp_path / ".written.json").read_text(encoding="utf-8"))
    assert record == {"exceptions.xlsx": [hashlib.sha256(first.read_bytes()).hexdigest()]}


def test_an_edited_workbook_is_left_alone_and_the_user_is_told(tmp_path: Path) -> None:
    path, _ = write_workbook(factory.result(5), tmp_path)
    path.write_bytes(path.read_bytes() + b"edited")
    edited = path.read_bytes()
    for _ in range(2):
        written, notice = write_workbook(factory.result(6), tmp_path)
        assert written.name == "exceptions-2.xlsx"
        assert notice is not None
        assert "exceptions-2.xlsx" in notice.zh
    assert path.read_bytes() == edited


def test_a_workbook_that_excel_holds_open_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = write_workbook(factory.result(5), tmp_path)
    held = path.read_bytes()
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target).name == "exceptions.xlsx":
            raise PermissionError(13, "in use", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    written, notice = write_workbook(factory.result(6), tmp_path)
    assert written.name == "exceptions-2.xlsx"
    assert notice is not None
    assert path.read_bytes() == held


def test_a_failed_write_leaves_the_old_workbook_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = write_workbook(factory.result(5), tmp_path)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "splice_workbook", fail)
    with pytest.raises(OSError, match="No space"):
        write_workbook(factory.result(6), tmp_path)
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == [".written.json", "exceptions.xlsx"]


def test_amounts_are_written_to_the_fen(tmp_path: Path) -> None:
    result = factory.result(1)
    found = result.exceptions.with_columns(amount=pl.lit(Decimal("99999999999.99")))
    object.__setattr__(result, "exceptions", found.cast({"amount": pl.Decimal(18, 2)}))
    build_workbook(result, tmp_path / "e.xlsx")
    with zipfile.ZipFile(tmp_path / "e.xlsx") as archive:
        xml = archive.read("xl/worksheets/sheet2.xml").decode()
    assert re.search(r'<c r="E2" s="\d+"><v>99999999999.99</v></c>', xml)


def test_a_second_run_of_the_same_id_never_loses_an_edited_workbook(tmp_path: Path) -> None:
    kept, fresh = tmp_path / "kept", tmp_path / "fresh"
    for folder in (kept, fresh):
        folder.mkdir()
        write_workbook(factory.result(5), folder)
    ours = place_workbook(fresh / "exceptions.xlsx", kept / "exceptions.xlsx")
    assert ours is None
    assert not (fresh / "exceptions.xlsx").exists()
    (kept / "exceptions.xlsx").write_bytes(b"edited")
    write_workbook(factory.result(6), fresh)
    notice = place_workbook(fresh / "exceptions.xlsx", kept / "exceptions.xlsx")
    assert notice is not None
    assert "exceptions-2.xlsx" in notice.en
    assert (kept / "exceptions.xlsx").read_bytes() == b"edited"
    assert openpyxl.load_workbook(kept / "exceptions-2.xlsx").sheetnames[0] == "汇总"


def test_what_is_gone_since_the_last_run_has_its_sheet(tmp_path: Path) -> None:
    result = factory.result(5)
    gone = pl.DataFrame({"exception_id": ["f" * 16], "state": ["resolved"]})
    object.__setattr__(result, "states", pl.concat([result.states, gone], how="diagonal"))
    build_workbook(result, tmp_path / "e.xlsx")
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    assert [row["例外编号"] for row in _records(book["已消除"])] == ["f" * 16]
