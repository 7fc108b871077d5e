"""`recon init`: a workspace whose templates load as they are once filled in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
from click.testing import CliRunner

from recon.cli import cli
from recon.tables.registry import specs

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_the_workspace_has_settings_and_a_sheet_per_table(tmp_path: Path) -> None:
    folder = tmp_path / "2024年资料"
    result = run("init", folder)
    assert result.exit_code == 0, result.output
    sheets = {
        name
        for path in folder.glob("*.xlsx")
        for name in openpyxl.load_workbook(path, read_only=True).sheetnames
    }
    assert {spec.zh for spec in specs().values()} <= sheets
    assert (folder / "recon.toml").is_file()


def test_nothing_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "recon.toml").write_text("# mine\n", encoding="utf-8")
    result = run("init", tmp_path)
    assert (result.exit_code, "recon.toml" in result.output) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["recon.toml"]


def test_headers_carry_notes_and_drop_downs(tmp_path: Path) -> None:
    run("init", tmp_path)
    book = openpyxl.load_workbook(tmp_path / "01 经费收缴.xlsx")
    sheet = book["工会经费代收明细"]
    assert "必填" in sheet["A1"].comment.text
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert '"工会经费,建会筹备金"' in lists


def test_empty_templates_are_no_known_table_with_rows(tmp_path: Path) -> None:
    run("init", tmp_path)
    result = run("check", tmp_path, "--as-of", "2024-05-01", "-q")
    assert (result.exit_code, "都没有数据行" in result.output) == (2, True)


def test_a_filled_template_loads_without_a_mapping(tmp_path: Path) -> None:
    run("init", tmp_path)
    path = tmp_path / "01 经费收缴.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["工会经费代收明细"]
    headers = [cell.value for cell in sheet[1]]
    row = {
        "缴费人名称": "示例甲公司",
        "征收品目": "工会经费",
        "费款所属期起": "2024-03-01",
        "费款所属期止": "2024-03-31",
        "实缴金额": 2000,
        "入库日期": "2024-04-16",
        "电子税票号码": "399000202404160001",
    }
    for place, header in enumerate(headers, start=1):
        sheet.cell(row=3, column=place, value=row.get(str(header)))
    book.save(path)
    result = run("check", tmp_path, "--as-of", "2024-05-01", "--select", "REM-03", "-q")
    assert result.exit_code == 0, result.output
    out = tmp_path / "recon-out"
    folder = out / (out / "latest").read_text(encoding="utf-8").strip()
    (rule,) = json.loads((folder / "run.json").read_text(encoding="utf-8"))["rules"]
    assert (rule["rows_examined"], rule["exceptions"]) == (1, 1)


def test_a_locale_with_open_values_gets_a_form_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "桂"
    result = CliRunner().invoke(cli, ["init", str(folder), "--locale", "guangxi"])
    assert result.exit_code == 0, result.output
    form = folder / "参数确认-guangxi.xlsx"
    names = [cell.value for cell in openpyxl.load_workbook(form)["参数确认"]["B"]][1:]
    assert {"fee.mode", "fee.basic_share", "prep.return_share", "training.max_per_year"} <= {*names}
    assert len(names) >= 10
    assert 'locale = "guangxi"' in (folder / "recon.toml").read_text("utf-8")


def test_an_unknown_locale_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["init", str(tmp_path / "a"), "--locale", "guanxi"])
    assert result.exit_code == 2
    assert "guangxi" in result.output
    assert not (tmp_path / "a").exists()
