"""`recon map`: the recognition on the terminal and in recon.toml."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
import tomlkit
from click.testing import CliRunner

from recon.base.texts import speak
from recon.cli import map_view
from recon.cli.map_cmd import command
from recon.intake.pipeline import IntakeSettings, read_intake
from recon.intake.values import derived
from recon.workspace.recon_toml import load_config
from recon.workspace.templates import write_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROSTER = "班次编号,姓名,身份证号,怪列\nP1,张小三,11010519491231002X,x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "花名册.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "问.csv").write_text(
        "卡号,交易时间,油品,数量(升),金额,加油站\n1,2,3,4,5,6\n", encoding="utf-8"
    )
    yield tmp_path
    speak("zh")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(command, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_tables_columns_and_masked_samples_are_shown(folder: Path) -> None:
    shown = run(str(folder))
    assert "花名册.csv [csv] → trainee 学员花名册（表头在第1行）" in shown
    assert "怪列" in shown
    assert "交易类型" in shown
    assert "2 张工作表，认出 1 张，待确认 1 张" in shown
    assert "11010519491231002X" not in shown
    assert "张小三" not in shown
    assert "110105********002X" in shown


def test_columns_of_parquet_are_its_header_and_no_row_is_saved_for_it(tmp_path: Path) -> None:
    columns = {"class_no": ["P1"], "name": ["张小三"], "身份证号": ["11010519491231002X"]}
    pl.DataFrame(columns).write_parquet(tmp_path / "a.parquet")
    shown = run(str(tmp_path), "--save")
    assert "a.parquet [parquet] → trainee 学员花名册（表头为文件的列名）" in shown
    assert "字段名" in shown
    [source] = load_config(tmp_path).sources
    assert (source.table, source.header_row) == ("trainee", None)
    assert source.columns["class_no"] == "class_no"
    found = read_intake(tmp_path, IntakeSettings(sources=load_config(tmp_path).sources))
    assert found.sheets[0].header_how == "saved"
    assert found.tables["trainee"].height == 1


def test_english(folder: Path) -> None:
    assert "2 sheets, 1 recognised, 1 to be confirmed" in run(str(folder), "--lang", "en")


def test_certificate_shows_rows_and_hash(folder: Path) -> None:
    shown = run(str(folder), "--certificate")
    assert "行：读入 2 = 计入 1 + 剔除 0 + 跳过 1 + 重复 0" in shown
    assert "SHA-256" in shown
    (folder / "流水.csv").write_text(
        "交易日期,收入金额,摘要\n2024-01-01,5,a\n合计,6,\n", encoding="utf-8"
    )
    shown = run(str(folder), "--certificate")
    assert "另有：合计行 1, 与明细不符的合计行 1" in shown


def test_save_keeps_the_rest_of_the_file_and_replays(folder: Path) -> None:
    path = folder / "recon.toml"
    old = (
        '# 我的设置\n[self]\nname = "某县总工会"  # 本级\n\n'
        '[[source]]\nfile = "x*.csv"\ntable = "payer"\n'
    )
    path.write_text(old, encoding="utf-8")
    assert "1 条" in run(str(folder), "--save")
    text = path.read_text(encoding="utf-8")
    assert text.startswith(old)
    entries = tomlkit.parse(text)["source"]
    assert entries[1]["table"] == "trainee"  # type: ignore[index]
    assert "0 条" in run(str(folder), "--save")
    found = read_intake(folder, IntakeSettings(sources=load_config(folder).sources))
    assert [sheet.header_how for sheet in found.sheets if sheet.table] == ["saved"]


def test_save_makes_the_file_and_updates_what_moved(folder: Path) -> None:
    run(str(folder), "--save")
    (folder / "花名册.csv").write_text("标题\n" + ROSTER, encoding="utf-8")
    assert "1 条" in run(str(folder), "--save")
    assert load_config(folder).sources[0].header_row == 2


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recon.cli.map_cmd._is_terminal", lambda: True)


def answer(folder: Path, *lines: str) -> str:
    result = CliRunner().invoke(
        command, [str(folder), "--save"], input="\n".join(lines) + "\n", catch_exceptions=False
    )
    assert result.exit_code == 0
    return result.output


@pytest.mark.usefixtures("at_a_terminal")
def test_an_ambiguous_sheet_and_a_renamed_column_are_asked_about(tmp_path: Path) -> None:
    rows = "班次编号,姓名,身份证号,补助金额数\nP1,张小三,11010519491231002X,5\n"
    (tmp_path / "花[名]册.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "问.csv").write_text(
        "卡号,交易时间,办理种类,油品,数量(升),金额,加油站\n1,2024-01-01,加油,92#,4,5,6\n",
        encoding="utf-8",
    )
    shown = answer(tmp_path, "1", "9", "1", "", "1")
    assert "列“补助金额数”像是：1 补助金额" in shown
    assert "是哪张表" in shown
    entries = tomlkit.parse((tmp_path / "recon.toml").read_text(encoding="utf-8"))["source"]
    saved = {str(entry["file"]): entry for entry in entries}  # type: ignore[union-attr]
    assert saved["花[[]名]册.csv"]["columns"]["补助金额数"] == "subsidy"
    assert saved["问.csv"]["table"] == "fuel_txn"
    assert saved["问.csv"]["columns"]["办理种类"] == "kind"
    found = read_intake(tmp_path, IntakeSettings(sources=load_config(tmp_path).sources))
    assert found.tables["trainee"]["subsidy"].to_list() == [5]
    assert found.tables["fuel_txn"].height == 1
    assert not found.questions


@pytest.mark.usefixtures("at_a_terminal")
def test_no_answer_leaves_things_as_they_were(folder: Path) -> None:
    shown = answer(folder, "", "", "")
    assert shown.count("待确认 1 张") == 1
    assert "1 条" in shown


def test_files_that_cannot_be_read_or_are_passed_over_are_told(folder: Path) -> None:
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (folder / "旧账.rar").write_bytes(b"Rar!")
    (folder / "科目.csv").write_text(
        "凭证日期,凭证号,科目编码,科目名称,摘要,方向,金额\n2024-01-05,1,1002,银行存款,a,借,5\n",
        encoding="utf-8",
    )
    shown = run(str(folder))
    assert "坏.xlsx" in shown
    assert "旧账.rar" in shown
    assert "方向" in shown


def test_json_says_what_each_column_holds_and_masks_persons(folder: Path) -> None:
    (folder / "流水.csv").write_text(
        "账号：45050000000001\n交易日期,收入金额,支出金额,对方户名\n"
        "2024-01-05,100.10,,甲厂\n2024-02-01,,7,乙店\n2024-01-06,0.20,,\n合计,100.30,7,\n",
        encoding="utf-8",
    )
    told = json.loads(run(str(folder), "--format", "json"))
    bank, roster, asked = sorted(
        told["sheets"], key=lambda one: ["流", "花", "问"].index(one["file"][0])
    )
    assert (bank["file"], bank["sheet"], bank["table"]) == ("流水.csv", None, "bank_txn")
    assert bank["rows"] == {"accepted": 3, "rejected": 0, "skipped": 3, "repeated": 0}
    assert bank["given"]["account"] == "****0001"
    columns = bank["columns"]
    assert columns["money_in"] == {"header": "收入金额", "filled": 2, "sum": "100.30"}
    assert columns["money_out"] == {"header": "支出金额", "filled": 1, "sum": "7.00"}
    days = {"header": "交易日期", "filled": 3, "min": "2024-01-05", "max": "2024-02-01"}
    assert columns["posted_on"] == days
    assert columns["party_name"] == {"header": "对方户名", "filled": 2, "values": ["乙店", "甲厂"]}
    assert roster["columns"]["id_no"]["values"] == ["110105********002X"]
    assert asked["table"] is None
    assert "交易类型" in asked["question"]
    assert asked["columns"] == {}
    plain = json.loads(run(str(folder), "--format", "json", "--no-mask"))
    shown = {one["file"]: one for one in plain["sheets"]}
    assert shown["花名册.csv"]["columns"]["id_no"]["values"] == ["11010519491231002X"]
    assert shown["流水.csv"]["given"]["account"] == "45050000000001"


def test_persons_in_names_of_files_and_headers_and_in_texts_are_masked(folder: Path) -> None:
    (folder / "张小三13912345678").mkdir()
    (folder / "花名册.csv").rename(folder / "张小三13912345678" / "花名册-张小三.csv")
    (folder / "流水.csv").write_text(
        "本方账号,交易日期,支出金额,对方户名,摘要,备注（张小三填）\n"
        "4505,2024-01-05,100.10,李铁柱,付李铁柱补助,x\n",
        encoding="utf-8",
    )
    for words in ((), ("--columns",), ("--certificate",), ("--format", "json")):
        shown = run(str(folder), *words)
        assert "张小三" not in shown
        assert "13912345678" not in shown
        assert "张*三139****5678/花名册-张*三.csv" in shown
    assert "付李*柱补助" in shown
    assert "花名册-张小三.csv" in run(str(folder), "--no-mask")
    assert "付李铁柱补助" in run(str(folder), "--format", "json", "--no-mask")


@pytest.mark.parametrize("before", range(3))
def test_a_person_at_the_end_of_a_line_is_masked_too(folder: Path, before: int) -> None:
    (folder / "花名册.csv").rename(folder / "花名册-张小三.csv")
    header = "备" * before + "张小三" * 40
    (folder / "流水.csv").write_text(
        f"本方账号,交易日期,支出金额,对方户名,{header}\n4505,2024-01-05,100.10,李铁柱,x\n",
        encoding="utf-8",
    )
    shown = run(str(folder), "--columns")
    assert "张" in shown
    assert "小" not in shown


def test_empty_forms_and_copies_are_one_line_each_and_are_not_saved(folder: Path) -> None:
    write_workspace(folder)
    (folder / "花名册 - 副本.csv").write_bytes((folder / "花名册.csv").read_bytes())
    shown = run(str(folder))
    assert shown.count("→ trainee") == 1
    assert "空白表 6 个，只有表头，没有数据：01 经费收缴.xlsx、" in shown
    assert "花名册 - 副本.csv：内容与 花名册.csv 完全相同，只读一次（1 行不重复计算）。" in shown
    assert "6 empty forms, with headers and no data" in run(str(folder), "--lang", "en")
    run(str(folder), "--save")
    assert [source.file for source in load_config(folder).sources] == ["花名册.csv"]


def test_every_way_to_work_a_column_out_has_a_word_on_the_terminal(tmp_path: Path) -> None:
    head = "交易日期,收入金额,支出金额,余额,摘要,用途,附言"
    row = "2024-03-05,36000,,116000,转账,租金,一层"
    (tmp_path / "工行.csv").write_text(
        f"账号：9900202100004321,户名：甲县总工会\n{head}\n{row}\n", encoding="utf-8"
    )
    shown = run(str(tmp_path), "--columns")
    assert "几列合并" in shown
    assert set(derived._HOWS) <= set(map_view._HOW)
