"""What stands twice changes no amount; what clashes makes what rests on it a lead (ruling 32)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from recon.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """
[self]
name = "示例区总工会"
level = "county"
receives = ["own", "basic", "prep", "acftu", "province", "city"]
[check]
from = 2024-03-01
to = 2024-04-30
"""
SETTLED = "清算批次,清算日期,电子税票号码,缴费单位,入库金额,全总,省总,市总,县总,基层留成"
ROW = "QS1,2024-04-25,V1,示例甲公司,2500,125,125,250,500,1500"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "资料"
    folder.mkdir()
    files = {
        "recon.toml": SETTINGS,
        "清算.csv": f"{SETTLED}\n{ROW}\n",
        "代收.csv": "缴费人名称,征收品目,费款所属期起,费款所属期止,实缴金额,入库日期,电子税票号码\n"
        "示例甲公司,工会经费,2024-03-01,2024-03-31,2500,2024-04-08,V1\n",
        "拨付.csv": "拨付编号,拨付类型,收款户名,所属期起,所属期止,拨付金额,拨付日期\n"
        "B1,上解,示例市总,2024-04-01,2024-04-30,300,2024-05-10\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def check(data: Path, *words: str) -> tuple[int, dict[str, object], Path]:
    out = data.with_name("out")
    command = ["check", str(data), "--as-of", "2024-12-31", "--select", "REM-08", "-q"]
    result = CliRunner().invoke(cli, [*command, "--format", "json", "--out", str(out), *words])
    run = out / (out / "latest").read_text(encoding="utf-8").strip()
    return result.exit_code, json.loads(result.stdout), run


def found(run: Path) -> list[tuple[object, ...]]:
    frame = pl.read_parquet(run / "exceptions.parquet")
    return frame.select("rule", "direction", "amount", "counted").rows()


def amounts(run: Path) -> list[tuple[str, str]]:
    return [(str(row[1]), str(row[2])) for row in found(run)]


def test_a_copy_changes_no_amount_and_control_says_what_was_repeated(data: Path) -> None:
    _, _, before = check(data)
    assert amounts(before) == [("remit_up", "200.00")]
    (data / "清算 - 副本.csv").write_bytes((data / "清算.csv").read_bytes())
    _, said, after = check(data)
    assert found(after) == found(before)
    assert "清算 - 副本.csv：内容与 清算.csv 完全相同" in str(said["warnings"])
    control = json.loads((after / "control.json").read_text(encoding="utf-8"))
    (copy,) = (one for one in control["files"] if "副本" in one["path"])
    assert copy["sheets"][0]["rows"] == {
        "read": 2, "accepted": 0, "rejected": 0, "skipped": 1, "repeated": 1,
        "skipped_by_class": {"header": 1},
    }  # fmt: skip
    assert copy["sheets"][0]["repeats"] == "清算.csv"
    assert control["repeated"] == {"files": 1, "sheets": 1, "rows": 1}
    assert control["unreadable_money"] == 0
    assert copy["sheets"][0]["money"]["gross"]["repeated"] == "2500.00"
    book = openpyxl.load_workbook(after / "exceptions.xlsx", read_only=True)
    cells = [cell for row in book["控制总数"].iter_rows(values_only=True) for cell in row]
    assert "重复" in cells
    assert "不平" not in cells


def test_strict_fails_on_repeated_rows(data: Path) -> None:
    assert check(data, "--strict", "--fail-on", "none")[0] == 0
    (data / "清算 - 副本.csv").write_bytes((data / "清算.csv").read_bytes())
    assert check(data, "--strict", "--fail-on", "none")[0] == 2


def test_amounts_that_rest_on_a_clash_are_to_be_verified(data: Path) -> None:
    (data / "清算2.csv").write_text(f"{SETTLED}\n{ROW.replace('250,500', '350,400')}\n", "utf-8")
    _, said, run = check(data)
    assert [direction for direction, _ in amounts(run)] == ["verify"]
    assert [row[3] for row in found(run)] == [False]
    message = pl.read_parquet(run / "exceptions.parquet")["message"][0]
    assert message.endswith("（所依据的行可能重复或互相矛盾，见数据质量）")
    assert "编号相同而内容不同" in str(said["warnings"])
    quality = pl.read_parquet(run / "quality.parquet").filter(pl.col("check") == "key_clash")
    assert quality.select("file", "row_no").rows() == [("清算.csv", 2), ("清算2.csv", 2)]


def test_a_sheet_without_rows_gives_no_column(data: Path) -> None:
    command = ["check", str(data), "--as-of", "2024-12-31", "-q", "--format", "json"]
    out = str(data.with_name("out"))
    before = json.loads(CliRunner().invoke(cli, [*command, "--out", out]).stdout)
    (data / "模板.csv").write_text(f"{SETTLED},乡镇,筹备金,手续费\n", encoding="utf-8")
    (data / "车辆.csv").write_text("车牌号,车辆类型,使用单位,购置日期\n", encoding="utf-8")
    after = json.loads(CliRunner().invoke(cli, [*command, "--out", out]).stdout)
    for said in (before, after):
        for name in ("run_id", "run_dir", "workbook", "warnings"):
            said.pop(name, None)
    assert after == before
