"""Source rows are quoted as the files hold them: own headers, masked, and never a changed file."""

from __future__ import annotations

import hashlib
import json
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest

from recon.output.quoted import quote_places, quoted_rows

if TYPE_CHECKING:
    from pathlib import Path

ROSTER = (
    ["2024年培训人员名单"],
    ["班次", "学员", None, "补贴金额"],
    [None, "姓名", "身份证号", None],
    ["PX1", "欧阳明", "990000197803150427", 800],
    ["PX1", "丁子", "990000199003150421", 1200.5],
)
BANK = "交易日期,摘要,收入,对方户名,经办人\n2024-03-05,经费13800138000,1500.00,丙公司,王小二\n"


def sheet(name: str | None, head: int, columns: dict[str, str], table: str | None) -> Any:
    return {"sheet": name, "header_row": head, "columns": columns, "table": table}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Write three inputs by hand and the record that a run keeps of them."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "名单"
    for line in ROSTER:
        page.append(line)
    page.merge_cells("B2:C2")
    book.save(tmp_path / "欧阳明名单.xlsx")
    (tmp_path / "流水.csv").write_bytes(BANK.encode("gb18030"))
    with zipfile.ZipFile(tmp_path / "包.zip", "w") as archive:
        archive.writestr("内/流水.csv", BANK.encode("utf-8"))
    bank = {"交易日期": "posted_on", "摘要": "summary", "收入": "money_in",
            "对方户名": "party_name"}  # fmt: skip
    roster = {"学员/姓名": "name", "学员/身份证号": "id_no", "班次": "class_no"}
    files = [
        {"path": "欧*明名单.xlsx", "sheets": [sheet("名单", 2, roster, "trainee")],
         "sha256": digest((tmp_path / "欧阳明名单.xlsx").read_bytes())},
        {"path": "流水.csv", "sheets": [sheet(None, 1, bank, "bank_txn")],
         "sha256": digest(BANK.encode("gb18030"))},
        {"path": "包.zip/内/流水.csv", "sheets": [sheet(None, 1, bank, "bank_txn")],
         "sha256": digest(BANK.encode("utf-8"))},
    ]  # fmt: skip
    folder = tmp_path / "recon-out" / ("0" * 16)
    folder.mkdir(parents=True)
    (folder / "control.json").write_text(json.dumps({"files": files}), encoding="utf-8")
    (folder / "run.json").write_text(json.dumps({"options": {"mask": True}}), encoding="utf-8")
    places = ["欧*明名单.xlsx#名单!5", "流水.csv!2", "包.zip/内/流水.csv!2"]
    pl.DataFrame({"exception_id": ["a", "b"], "evidence": [places, ["没有.csv!9"]]}).write_parquet(
        folder / "exceptions.parquet"
    )
    return folder


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_rows_come_with_the_headers_of_their_file_and_masked(run: Path) -> None:
    roster, bank, packed = quoted_rows(run, "a")
    assert roster.cells == (
        ("班次", "PX1"),
        ("学员/姓名", "丁*"),
        ("学员/身份证号", "990000********0421"),
        ("补贴金额", "1200.5"),
    )
    assert (roster.place, roster.sheet, roster.row_no) == ("欧*明名单.xlsx#名单!5", "名单", 5)
    assert bank.cells == packed.cells
    assert bank.cells == (
        ("交易日期", "2024-03-05"),
        ("摘要", "经费138****8000"),
        ("收入", "1500.00"),
        ("对方户名", "丙公司"),
        ("经办人", "王*二"),
    )


def test_a_run_without_masking_quotes_what_is_there(run: Path) -> None:
    (run / "run.json").write_text(json.dumps({"options": {"mask": False}}), encoding="utf-8")
    (row,) = quoted_rows(run, "a", most=1)
    assert dict(row.cells)["学员/身份证号"] == "990000199003150421"


def test_what_cannot_be_quoted_says_why(run: Path, tmp_path: Path) -> None:
    (gone,) = quoted_rows(run, "b")
    assert (gone.cells, gone.why is not None) == ((), True)
    (tmp_path / "流水.csv").write_bytes(BANK.replace("1500", "1600").encode("gb18030"))
    found = quote_places(run, ["流水.csv!2", "包.zip/内/流水.csv!99", "no place"])
    assert [row.cells for row in found.values()] == [()] * 3
    assert "改过" in str(found["流水.csv!2"].why)


def quoted_csv(tmp_path: Path, name: str, rows: str, part: dict[str, Any], *more: Any) -> Any:
    """Quote line 2 of a csv that a masked run has read under the name that `part` prints."""
    (tmp_path / name).write_text(rows, encoding="utf-8")
    shown = part.pop("path", name)
    known = {"path": shown, "sha256": digest(rows.encode()), "sheets": [sheet(None, 1, {}, None)]}
    known["sheets"][0] |= part
    folder = tmp_path / "recon-out" / ("1" * 16)
    folder.mkdir(parents=True)
    (folder / "control.json").write_text(json.dumps({"files": [known, *more]}), encoding="utf-8")
    (folder / "run.json").write_text(json.dumps({"options": {"mask": True}}), encoding="utf-8")
    return quote_places(folder, [f"{shown}!2"])[f"{shown}!2"]


def test_counts_of_people_are_no_names_and_figures_stay_true(tmp_path: Path) -> None:
    rows = "参训人数,职工人数,人均标准,参训人员,金额,摘要\n3,/,0,0,1300.33,3月3日/培训\n"
    row = quoted_csv(tmp_path, "甲.csv", rows, {})
    assert [text for _, text in row.cells] == ["3", "/", "0", "0", "1300.33", "3月3日/培训"]


def test_a_name_is_masked_in_every_text_however_it_is_spaced(tmp_path: Path) -> None:
    rows = "负责人,领导签字,摘要,备注说明\n张 三,财务局,付张三培训费,退张　三 5元\n"
    row = quoted_csv(tmp_path, "甲.csv", rows, {})
    assert [text for _, text in row.cells] == ["张*", "财务局", "付张*培训费", "退张* 5元"]


def test_a_person_named_like_a_unit_is_one_where_persons_stand(tmp_path: Path) -> None:
    rows = (
        "负责人,领导签字,经手人,对方户名,摘要\n"
        "李镇,陈建行,阿依古丽·买买提,林业局,付李镇、陈建行、阿依古丽·买买提、林业局\n"
    )
    row = quoted_csv(tmp_path, "甲.csv", rows, {})
    shown = [text for _, text in row.cells]
    assert shown[:4] == ["李*", "陈*行", "阿******提", "林业局"]
    assert shown[4] == "付李*、陈*行、阿******提、林业局"


def test_a_person_in_a_header_is_masked_and_its_column_still_known(tmp_path: Path) -> None:
    rows = "张三丰卡号,李小四补贴\n6222021234567,800\n"
    part = {"table": "bank_txn", "columns": {"张*丰卡号": "party_account"},
            "unmapped": ["李*四补贴"]}  # fmt: skip
    row = quoted_csv(tmp_path, "甲.csv", rows, part)
    assert row.cells == (("张*丰卡号", "****4567"), ("李*四补贴", "800"))


def test_of_several_files_or_sheets_of_one_printed_name_none_is_guessed(
    run: Path, tmp_path: Path
) -> None:
    other = "摘要,收入\n乙,2\n"
    (tmp_path / "张四丰.csv").write_text(other, encoding="utf-8")
    rows = "摘要,收入\n甲,1\n"
    row = quoted_csv(tmp_path, "张三丰.csv", rows, {"path": "张*丰.csv"})
    assert dict(row.cells)["摘要"] == "甲", "the file that was read, by its hash"
    folder = tmp_path / "recon-out" / ("1" * 16)
    both = json.loads((folder / "control.json").read_text(encoding="utf-8"))["files"]
    both.append({**both[0], "sha256": digest(other.encode())})
    (folder / "control.json").write_text(json.dumps({"files": both}), encoding="utf-8")
    found = quote_places(folder, ["张*丰.csv!2"])["张*丰.csv!2"]
    assert (found.cells, "分不清" in str(found.why)) == ((), True)
    book = openpyxl.load_workbook(tmp_path / "欧阳明名单.xlsx")
    for name in ("张三丰", "张四丰"):
        book.create_sheet(name).append([name, 1])
    book.save(tmp_path / "欧阳明名单.xlsx")
    known = json.loads((run / "control.json").read_text(encoding="utf-8"))["files"][0]
    known |= {"sha256": digest((tmp_path / "欧阳明名单.xlsx").read_bytes())}
    (run / "control.json").write_text(json.dumps({"files": [known]}), encoding="utf-8")
    place = "欧*明名单.xlsx#张*丰!1"
    found = quote_places(run, [place])[place]
    assert (found.cells, "分不清" in str(found.why)) == ((), True)
