"""`recon report`: every paper before and after a review, every exit status, edited files."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from docx import Document
from openpyxl import load_workbook

from recon.base.texts import DIRECTIONS
from recon.cli import cli
from tests.cli.reviewed_support import COUNT, FILLED, amount_of, fill, finished, found, reseal, run
from tests.unit.output import factory

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

FILES = {"自查报告.docx", "自查报告.html", "整改台账.xlsx"}
RECORD = {
    "as_of": "2024-12-31", "period_from": "2024-01-01", "period_to": "2024-12-31", "locale": "base",
    "self": {"name": "示例县总工会"}, "options": {"mask": True}, "inputs": [{"path": "a.xlsx"}],
    "policy": [{"name": "fee.rate", "value": "0.02", "starts_on": "2000-01-01",
                "is_verified": False, "reference": "某办法", "exceptions": 3}],
}  # fmt: skip


def complete(workbook: Path) -> Path:
    """Give the record of a finished run what a check writes; return its folder."""
    folder = workbook.parent
    path = folder / "run.json"
    record = json.loads(path.read_text(encoding="utf-8")) | RECORD
    record["rules"] = [
        {**each, "title_en": "title", "reason": "缺表", "reason_en": "no table"}
        for each in record["rules"]
    ]
    control = {"files": [{"sheets": [{"rows": {"read": 12, "rejected": 1}}]}]}
    (folder / "control.json").write_text(json.dumps(control), encoding="utf-8")
    reseal(folder, record)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return complete(finished(tmp_path))


def report(tmp_path: Path, *words: object) -> Result:
    return run("report", *words, "--data", tmp_path)


def review(tmp_path: Path, wanted: dict[str, dict[str, object]]) -> None:
    workbook = tmp_path / "recon-out" / factory.RUN_ID / "exceptions.xlsx"
    filled = fill(workbook, tmp_path / "复核.xlsx", wanted)
    assert run("review", "import", filled, "--data", tmp_path).exit_code == 0


def texts(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


def rows_of(path: Path) -> list[dict[str, object]]:
    """Return findings and leads of a register, which stand on sheets of their own."""
    found: list[dict[str, object]] = []
    for name in ("整改台账", "待核实线索"):
        rows = list(load_workbook(path)[name].iter_rows(values_only=True))
        found += [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]
    return found


def test_before_a_review_everything_is_a_lead_and_says_so(tmp_path: Path, folder: Path) -> None:
    result = report(tmp_path)
    assert (result.exit_code, "还没有复核结论" in result.output) == (0, True), result.output
    papers = folder / "report"
    assert {each.name for each in papers.iterdir()} == FILES | {".written.json"}
    said = texts(papers / "自查报告.docx")
    assert "全部是线索（疑点），不是结论" in said
    assert "没有已确认的问题。" in said
    once = factory.exceptions(COUNT)["linked_to"].null_count()
    assert 0 < once < COUNT
    assert f"还有{once}条线索没有核实" in said
    rows = rows_of(papers / "整改台账.xlsx")
    assert len(rows) == COUNT
    assert {row["整改状态"] for row in rows} == {"待核实"}
    assert all(str(row["定性"]).startswith("疑似：") for row in rows)


def test_after_a_review_findings_and_leads_stand_apart(tmp_path: Path, folder: Path) -> None:
    ways = dict(factory.exceptions(COUNT).select("exception_id", "direction").iter_rows())
    yes, no = (each for each in found(count=COUNT) if ways[each] == "pay_in")
    secret = {"整改措施": "向450881198501010015催缴", "责任部室": "财务部"}
    review(tmp_path, {yes: FILLED | secret, no: FILLED | {"核实结论": "不成立"}})
    booked = ("--on", "2025-01-10", "--ref", "银收12", "--data", tmp_path)
    assert run("ledger", "recover", yes, "1.00", *booked).exit_code == 0
    closing = ("--by", "李四", "--proof", "银行回单", "--data", tmp_path)
    assert run("ledger", "close", yes, *closing).exit_code == 0
    result = report(tmp_path)
    assert (result.exit_code, "还没有复核" in result.output) == (0, False)
    said = texts(folder / "report" / "自查报告.docx")
    assert "1个方面1个具体问题，已完成1个问题整改，完善制度0项，挽回资金1.00元" in said
    assert "经核查，涉及1个单位（个人）1条" in said
    assert "（已办理1.00元" in said
    assert "已销号1条。" in said
    assert "450881********0015" in said
    rows = {str(row["问题编号"]): row for row in rows_of(folder / "report" / "整改台账.xlsx")}
    assert no not in rows
    mine = rows[yes]
    assert f"{float(str(mine['认定金额(元)'])):.2f}" == amount_of(yes)
    assert (mine["已整改金额(元)"], mine["整改状态"], mine["销号人"]) == (1, "已整改", "李四")
    assert "银收12" in str(mine["佐证材料"])
    assert "450881198501010015" not in str(mine)
    assert [row["整改状态"] for row in rows.values()].count("待核实") == len(rows) - 1


def test_sums_of_the_register_are_live_formulas(tmp_path: Path, folder: Path) -> None:
    [yes] = found()
    review(tmp_path, {yes: FILLED})
    assert report(tmp_path).exit_code == 0
    path = folder / "report" / "整改台账.xlsx"
    live, kept = load_workbook(path)["汇总"], load_workbook(path, data_only=True)["汇总"]
    sums = [cell for row in live.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert len(sums) == 8 * 4
    assert sum(kept[cell.coordinate].value for cell in sums if cell.column == 3) == float(
        amount_of(yes)
    )


def test_the_word_report_has_real_styles_and_page_numbers(tmp_path: Path, folder: Path) -> None:
    assert report(tmp_path).exit_code == 0
    path = folder / "report" / "自查报告.docx"
    document = Document(str(path))
    used = {str(paragraph.style.name) for paragraph in document.paragraphs if paragraph.style}
    assert {"Title", "Heading 1", "Heading 2", "TOC Heading", "Body Text"} <= used
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert headings == ["主要做法", "问题及整改情况", "下一步计划"]
    with zipfile.ZipFile(path) as parts:
        body = parts.read("word/document.xml").decode()
        footer = "".join(parts.read(n).decode() for n in parts.namelist() if "footer" in n)
        numbering = parts.read("word/numbering.xml").decode()
    assert " PAGE " in footer
    assert " NUMPAGES " in footer
    assert numbering.count("chineseCounting") == 2
    assert body.count("<w:tblHeader/>") == len(document.tables) >= 4
    for name in ("TOC Heading", "Table Text", "Heading 1"):
        assert document.styles[name].font.name == "Times New Roman"


def test_letters_are_about_what_was_confirmed_only(tmp_path: Path, folder: Path) -> None:
    yes, no = found(count=2)
    review(tmp_path, {yes: FILLED, no: FILLED | {"核实结论": "不成立"}})
    assert report(tmp_path).exit_code == 0
    path = folder / "report" / "单位核对函.docx"
    document = Document(str(path))
    titles = [each.text for each in document.paragraphs if each.style.name == "Title"]
    assert titles == ["关于办理工会经费等往来事项的函"]
    (table,) = document.tables
    assert [row.cells[0].text for row in table.rows] == ["序号", "1", ""]
    assert table.rows[1].cells[-1].text.replace(",", "") == amount_of(yes)
    said = texts(path)
    assert "联系人：" in said
    assert "依据：《中华人民共和国工会法》" in said


def test_leads_get_inquiries_only_when_asked_for(tmp_path: Path, folder: Path) -> None:
    result = report(tmp_path, "--leads")
    assert result.exit_code == 0, result.output
    assert {each.name for each in (folder / "report").iterdir()} == {"询证函.docx", ".written.json"}
    path = folder / "report" / "询证函.docx"
    document = Document(str(path))
    titles = [each.text for each in document.paragraphs if each.style.name == "Title"]
    breaks = document.element.body.xpath(".//w:br[@w:type='page']")
    assert len(titles) == len(breaks) + 1 == len(document.tables) > 5
    assert set(titles) == {"询　证　函"}
    assert "不是催缴或退款通知" in texts(path)


def test_without_leads_about_others_nothing_is_written_and_said_so(
    tmp_path: Path, folder: Path
) -> None:
    listed = folder / "exceptions.parquet"
    pl.read_parquet(listed).clear().write_parquet(listed)
    reseal(folder)
    result = report(tmp_path, "--leads")
    assert (result.exit_code, "没有可写的" in result.output) == (0, True)


def test_the_body_names_no_run_rule_file_or_parameter(tmp_path: Path, folder: Path) -> None:
    review(tmp_path, dict.fromkeys(found(count=3), FILLED))
    assert report(tmp_path).exit_code == 0
    said = texts(folder / "report" / "自查报告.docx")
    body, annexes = said.split("附件1　问题清单", 1)
    assert "经核查" in body
    for word in (factory.RUN_ID, *found(count=3), "fee.", ".xlsx", ".csv", "recon"):
        assert word not in body, word
    assert not re.search(r"[A-Z]{3,4}-[0-9]{2}", body)
    for title in ("附件2　未执行事项", "附件3　参数与依据", "附件4　数据与控制总数"):
        assert title in annexes
    assert factory.RUN_ID in annexes


def test_a_paper_that_somebody_edited_is_left_alone(tmp_path: Path, folder: Path) -> None:
    assert report(tmp_path).exit_code == 0
    edited = folder / "report" / "自查报告.docx"
    document = Document(str(edited))
    document.add_paragraph("领导批示")
    document.save(str(edited))
    kept = edited.read_bytes()
    result = report(tmp_path)
    assert (result.exit_code, "没有覆盖" in result.output) == (0, True)
    assert edited.read_bytes() == kept
    assert (folder / "report" / "自查报告-2.docx").is_file()
    assert not (folder / "report" / "整改台账-2.xlsx").exists()


def test_the_page_of_the_run_is_put_beside(tmp_path: Path, folder: Path) -> None:
    (folder / "report.html").write_text("<p>page", encoding="utf-8")
    assert report(tmp_path, factory.RUN_ID[:8]).exit_code == 0
    assert (folder / "report" / "report.html").read_text(encoding="utf-8") == "<p>page"


def test_english_papers_have_english_names_and_words(tmp_path: Path, folder: Path) -> None:
    result = report(tmp_path, "--lang", "en")
    assert (result.exit_code, "leads only" in result.output) == (0, True)
    papers = folder / "report"
    said = texts(papers / "self-inspection-report.docx")
    assert "all that was computed is a lead" in said
    assert "How it was done" in said
    book = load_workbook(papers / "rectification-register.xlsx")
    assert book.sheetnames == ["register", "leads", "summary"]
    assert report(tmp_path, "--lang", "en", "--leads").exit_code == 0
    assert "demands, admits and waives" in texts(papers / "inquiries.docx")


def test_a_run_by_its_path_needs_no_options(tmp_path: Path, folder: Path) -> None:
    assert run("report", folder).exit_code == 0
    assert (folder / "report" / "整改台账.xlsx").is_file()


def test_a_run_that_is_not_masked_says_so(tmp_path: Path, folder: Path) -> None:
    path = folder / "run.json"
    record = json.loads(path.read_text(encoding="utf-8")) | {"options": {"mask": False}}
    reseal(folder, record)
    assert report(tmp_path).exit_code == 0
    assert "没有遮盖个人信息" in texts(folder / "report" / "自查报告.docx")


def test_findings_of_earlier_runs_stay_in_the_register(tmp_path: Path, folder: Path) -> None:
    [yes] = found()
    review(tmp_path, {yes: FILLED})
    later = complete(finished(tmp_path, "f" * 16))
    listed = later / "exceptions.parquet"
    pl.read_parquet(listed).filter(pl.col("exception_id") != yes).write_parquet(listed)
    reseal(later)
    assert report(tmp_path).exit_code == 0
    row = {str(each["问题编号"]): each for each in rows_of(later / "report" / "整改台账.xlsx")}[yes]
    assert "本次结果没有再出现" in str(row["备注"])
    assert "以前问题回头看" in texts(later / "report" / "自查报告.docx")


def test_status_2_without_a_run(tmp_path: Path) -> None:
    (tmp_path / "recon-out").mkdir()
    result = report(tmp_path)
    assert (result.exit_code, "先运行 recon check" in result.output) == (2, True)
    result = report(tmp_path, "ffff")
    assert (result.exit_code, "不是完整的运行目录" in result.output) == (2, True)


def test_status_2_when_the_ledger_is_damaged(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "recon-ledger.sqlite").write_bytes(b"no ledger at all" * 100)
    result = report(tmp_path)
    assert (result.exit_code, "已损坏" in result.output) == (2, True)


def test_status_2_when_nothing_can_be_written(tmp_path: Path, folder: Path) -> None:
    (folder / "report").write_text("a file is in the way", encoding="utf-8")
    result = report(tmp_path)
    assert (result.exit_code, "写不进去" in result.output) == (2, True)


def test_the_command_is_listed() -> None:
    assert "report" in cli.list_commands(None)  # type: ignore[arg-type]


def test_the_brief_is_about_money_by_direction_and_what_to_decide(
    tmp_path: Path, folder: Path
) -> None:
    [yes] = found()
    review(tmp_path, {yes: FILLED | {"责任人": None}})
    assert report(tmp_path, "--brief").exit_code == 0
    document = Document(str(folder / "report" / "一页纸.docx"))
    largest, ways = document.tables
    assert len(largest.rows) == 6
    pairs = [(row.cells[0].text, row.cells[1].text) for row in largest.rows[1:]]
    assert len(set(pairs)) == 5
    counted = factory.exceptions(COUNT).filter("counted")
    by_way = dict(counted.group_by("direction").agg(pl.col("amount").sum()).iter_rows())
    assert {row.cells[0].text: row.cells[1].text.replace(",", "") for row in ways.rows[1:]} == {
        DIRECTIONS[way].zh: str(amount) for way, amount in by_way.items()
    }
    said = texts(folder / "report" / "一页纸.docx")
    assert "已确认未销号1条，尚未办理" in said
    assert "其中1条没有责任人" in said
    assert "不作比较" in said


def test_the_brief_compares_with_the_run_before(tmp_path: Path, folder: Path) -> None:
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    totals = [{"direction": "pay_in", "confirmed": "1.00", "unconfirmed": "2.00"}]
    reseal(folder, record | {"totals": totals})
    later = complete(finished(tmp_path, "f" * 16))
    (later / "timing.json").write_text(json.dumps({"previous_run": folder.name}), encoding="utf-8")
    assert report(tmp_path, "--brief").exit_code == 0
    path = later / "report" / "一页纸.docx"
    ways = {row.cells[0].text: row.cells for row in Document(str(path)).tables[1].rows}
    before, now, change = (Decimal(cell.text.replace(",", "")) for cell in ways["应补缴"][1:4])
    assert (before, change) == (Decimal("3.00"), now - before)
    assert f"与上次（算到2024-12-31）相比：延续{COUNT}条。" in texts(path)


def test_a_working_paper_quotes_rows_and_leaves_room_for_the_unit(
    tmp_path: Path, folder: Path
) -> None:
    [yes] = found()
    review(tmp_path, {yes: FILLED})
    places = factory.exceptions(COUNT).filter(pl.col("exception_id") == yes)["evidence"][0]
    number = int(places[1].rpartition("!")[2])
    lines = ["交易日期,摘要,收入", *(f"2024-03-05,第{n}行,{n}.00" for n in range(2, 90))]
    content = "\n".join(lines).encode()
    (tmp_path / "银行流水.csv").write_bytes(content)
    columns = {"交易日期": "posted_on", "摘要": "summary", "收入": "money_in"}
    known = {"path": "银行流水.csv", "sha256": hashlib.sha256(content).hexdigest(), "sheets": [
        {"sheet": None, "header_row": 1, "columns": columns, "table": "bank_txn",
         "rows": {"read": 1, "rejected": 0}}]}  # fmt: skip
    (folder / "control.json").write_text(json.dumps({"files": [known]}), encoding="utf-8")
    reseal(folder)
    result = report(tmp_path, "--papers")
    assert (result.exit_code, "合写" in result.output) == (0, False), result.output
    document = Document(str(folder / "report" / "取证单.docx"))
    about, facts, sources = document.tables
    assert yes in about.rows[4].cells[1].text
    assert facts.rows[1].cells[5].text.replace(",", "") == amount_of(yes)
    quoted = {row.cells[1].text: row.cells[2].text for row in sources.rows[1:]}
    assert quoted[places[1]] == f"交易日期：2024-03-05；摘要：第{number}行；收入：{number}.00"
    assert "请按位置查看" in quoted[places[0]]
    said = texts(folder / "report" / "取证单.docx")
    assert "□无异议　□有异议" in said
    assert "取证人：" in said


def test_very_many_findings_share_papers_by_unit_and_problem(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = report(tmp_path, "--papers")
    assert (result.exit_code, "还没有已确认的问题" in result.output) == (0, True)
    ids = found(count=5)
    review(tmp_path, dict.fromkeys(ids, FILLED))
    monkeypatch.setattr("recon.report.papers.MOST_SINGLE", 2)
    result = report(tmp_path, "--papers")
    assert (result.exit_code, "合写一份取证单" in result.output) == (0, True)
    mine = factory.exceptions(COUNT).filter(pl.col("exception_id").is_in(ids))
    document = Document(str(folder / "report" / "取证单.docx"))
    groups = mine.select("party_id", "rule", "direction").unique().height
    assert len(document.tables) == 3 * groups
