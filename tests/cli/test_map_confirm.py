"""`recon map --save` as a conversation: what is asked, what is kept, what is never suggested."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest
import tomlkit
import yaml
from click.testing import CliRunner, Result

from recon.cli.map_cmd import command
from recon.intake.layout.likeness import could_hold, suggested
from recon.intake.pipeline import IntakeSettings, read_intake
from recon.tables.registry import specs
from recon.workspace.recon_toml import load_config

if TYPE_CHECKING:
    from pathlib import Path

BANK = ["序号", "记账日", "入", "出", "结余", "对手", "说明", "经手"]


@pytest.fixture(autouse=True)
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recon.cli.map_cmd._is_terminal", lambda: True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Sheet1", 0)
    sheet.append(["账号：", "99003786659240379"])
    sheet.append(BANK)
    for day in range(1, 9):
        into, out = (100.5, None) if day % 2 else (None, 30.25)
        who = "甲机械厂" if day % 2 else "王小明"
        sheet.append(
            [day, f"2024-03-{day:02d}", into, out, 1000 + day, who, f"付{who}差旅费", "李四方"]
        )
    book.save(tmp_path / "信用社.xlsx")
    return tmp_path


def talk(folder: Path, *lines: str, more: tuple[str, ...] = ("--save",)) -> Result:
    text = "".join(f"{line}\n" for line in lines)
    return CliRunner().invoke(command, [str(folder), *more], input=text, catch_exceptions=False)


def sums(folder: Path) -> tuple[int, object, object]:
    found = read_intake(folder, IntakeSettings(sources=load_config(folder).sources))
    rows = found.tables.get("bank_txn")
    if rows is None:
        return 0, None, None
    return rows.height, rows["money_in"].sum(), rows["money_out"].sum()


def test_each_missing_column_is_asked_for_with_masked_samples(folder: Path) -> None:
    done = talk(folder, "1", "１", "d")
    assert "哪一列是“收入金额”（金额）？\n  1  C列 入：100.5" in done.output
    assert "哪一列是“支出金额”（金额）？\n  1  D列 出：30.25" in done.output
    assert "序号：" not in done.output
    assert "付王*明" in done.output
    assert "王小明" not in done.output
    assert "李四方" not in done.output
    assert "8 行，收入金额合计 402.00，支出金额合计 121.00" in done.output
    count, into, out = sums(folder)
    assert (count, str(into), str(out)) == (8, "402.00", "121.00")


def test_one_side_of_a_statement_alone_is_asked_about_and_not_read(folder: Path) -> None:
    done = talk(folder, "1", "1", "", "", "", "")
    assert "只有“收入金额”，没有“支出金额”" in done.output
    assert sums(folder)[0] == 0


def test_what_was_answered_before_the_end_is_kept_and_taken_up_again(folder: Path) -> None:
    done = talk(folder, "1", "1")
    assert done.exit_code == 0
    assert "已经回答的都已保存" in done.output
    entries = tomlkit.parse((folder / "recon.toml").read_text(encoding="utf-8"))["source"]
    assert entries[0].unwrap()["columns"] == {"入": "money_in"}  # type: ignore[index]
    again = talk(folder, "1", "1")
    assert "哪一列是“收入金额”" not in again.output
    assert sums(folder)[0] == 8


def test_a_sheet_set_aside_is_never_asked_about_but_with_again(folder: Path) -> None:
    talk(folder, "0")
    assert load_config(folder).sources[0].table == "ignore"
    silent = talk(folder)
    assert "是哪张表" not in silent.output
    assert "待确认 0 张" in silent.output
    talk(folder, "1", "1", "1", more=("--save", "--again"))
    assert sums(folder)[0] == 8


def test_an_entry_for_several_files_stays_and_the_answer_for_one_comes_first(folder: Path) -> None:
    path = folder / "recon.toml"
    path.write_text('[[source]]\nfile = "信用社*"\ntable = "ignore"\n', encoding="utf-8")
    talk(folder, "1", "1", "1", more=("--save", "--again"))
    assert [one.file for one in load_config(folder).sources] == ["信用社.xlsx", "信用社*"]
    assert sums(folder)[0] == 8


def test_sheets_of_one_header_are_answered_once(folder: Path) -> None:
    (folder / "信用社.xlsx").unlink()
    for month in ("02", "03"):
        (folder / f"流水{month}.csv").write_text(
            "账号,交易日期,金额,XX,对方户名\n"
            + "".join(f"9900{month},2024-{month}-0{day},{day}0.00,收入,甲厂\n" for day in (1, 2)),
            encoding="utf-8",
        )
    done = talk(folder, "1", "1", "1")
    assert "还有 1 张表的表头与此相同（流水03.csv）" in done.output
    assert sums(folder)[0] == 4


def test_what_was_decided_is_kept_as_a_layout_for_files_headed_so(folder: Path) -> None:
    done = talk(folder, "1", "1", "1", "1")
    assert "以后表头相同的文件也这样读吗（入、出）？" in done.output
    kept = (folder / "layouts" / "信用社.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(kept)["columns"] == {"money_in": ["入"], "money_out": ["出"]}
    shutil.copy(folder / "信用社.xlsx", folder / "四月.xlsx")
    (folder / "信用社.xlsx").unlink()
    (folder / "recon.toml").unlink()
    layouts = load_config(folder).layouts
    found = read_intake(folder, IntakeSettings(layouts=layouts)).tables["bank_txn"]
    assert [str(found[name].sum()) for name in ("money_in", "money_out")] == ["402.00", "121.00"]


def test_no_layout_is_offered_where_it_would_not_do(folder: Path) -> None:
    (folder / "信用社.xlsx").unlink()
    rows = "".join(f"2024-03-0{day},{day}.00,,甲\n2024-03-0{day},,{day}0.00,乙\n" for day in (1, 2))
    (folder / "两列.csv").write_text(f"交易日期,金额,金额,对方户名\n{rows}", encoding="utf-8")
    assert "以后表头相同" not in talk(folder, "1", "2", "1").output


def test_of_two_equal_headers_each_is_answered_by_its_letter(folder: Path) -> None:
    (folder / "信用社.xlsx").unlink()
    rows = "".join(f"2024-03-0{day},{day}.00,,甲\n2024-03-0{day},,{day}0.00,乙\n" for day in (1, 2))
    (folder / "两列.csv").write_text(f"交易日期,金额,金额,对方户名\n{rows}", encoding="utf-8")
    assert sums(folder)[0] == 0
    talk(folder, "1", "2", "1")
    said = load_config(folder).sources[0].columns
    assert (said["C列 金额"], said["B列 金额"]) == ("money_in", "money_out")
    assert [str(one) for one in sums(folder)] == ["4", "30.00", "3.00"]


@pytest.mark.parametrize(
    ("header", "cells", "table"),
    [
        ("备注", ["已付", "未付"], "vehicle"),
        ("序号", ["1", "2", "3"], "vehicle"),
        ("备注", ["无", "有"], "payer"),
        ("是否建会", ["是", "否"], "payer"),
    ],
)
def test_what_cannot_be_is_not_suggested(header: str, cells: list[str], table: str) -> None:
    assert suggested(header, pl.Series(cells), specs()[table].columns) == ()


@pytest.mark.parametrize(
    ("kind", "yes", "no"),
    [
        ("date", ["2024-01-05", "2024/3/1"], ["甲", "5"]),
        ("money", ["1,200.00", "3"], ["甲", "2024-01-05"]),
        ("plate", ["桂A12345"], ["1", "2"]),
        ("id_no", ["11010519491231002X"], ["1"]),
        ("account", ["99003786659240379"], ["1", "2"]),
    ],
)
def test_cells_decide_what_a_column_could_be(kind: str, yes: list[str], no: list[str]) -> None:
    column = next(one for spec in specs().values() for one in spec.columns if one.kind == kind)
    assert could_hold(column, pl.Series(yes))
    assert not could_hold(column, pl.Series(no))
    assert not could_hold(column, pl.Series([None, " "], dtype=pl.String))


def test_sixty_files_fit_two_screens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recon.cli.map_cmd._is_terminal", lambda: False)
    for number in range(60):
        table = "班次编号,姓名,身份证号,怪列" if number % 3 else "未知甲,未知乙,未知丙,丁"
        row = f"P{number},张小三,11010519491231002X,x"
        (tmp_path / f"表{number}.csv").write_text(f"{table}\n{row}\n", encoding="utf-8")
    done = talk(tmp_path, more=())
    assert len(done.output.splitlines()) <= 100
    assert "表1.csv → 学员花名册 trainee  1 行，未用：怪列" in done.output
    assert "没有认出 20 张" in done.output
    assert "怪列  " in talk(tmp_path, more=("--columns",)).output


@pytest.mark.parametrize("more", [("--again",), ("--save", "--format", "json")])
def test_options_that_do_nothing_together_are_refused(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    done = talk(tmp_path, more=more)
    assert done.exit_code == 2
    assert "--save" in done.output
