"""`recon diff`: what changed between two runs, and its exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from recon.base import resources
from recon.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

HEADER = "缴费人名称,征收品目,费款所属期起,费款所属期止,实缴金额,入库日期,电子税票号码"
FIRST = "示例甲公司,工会经费,2024-03-01,2024-03-31,2000.00,2024-04-16,V1"
SECOND = "示例乙公司,工会经费,2024-03-01,2024-03-31,2000.00,2024-04-17,V2"


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def checked(data: Path, *rows: str) -> str:
    data.mkdir(exist_ok=True)
    (data / "代收明细.csv").write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    words = ("--as-of", "2024-05-01", "--select", "REM-03", "-q")
    assert run("check", data, *words).exit_code == 0
    return (data / "recon-out" / "latest").read_text(encoding="utf-8").strip()


def test_a_run_equals_itself(tmp_path: Path) -> None:
    one = checked(tmp_path / "资料", FIRST)
    result = run("diff", one, one, "--out", tmp_path / "资料" / "recon-out")
    assert result.exit_code == 0, result.output
    assert "延续 1" in result.output


def test_new_and_resolved_exceptions_are_named(tmp_path: Path) -> None:
    one = checked(tmp_path / "资料", FIRST)
    two = checked(tmp_path / "资料", SECOND)
    out = tmp_path / "资料" / "recon-out"
    result = run("diff", one[:8], out / two, "--out", out)
    assert result.exit_code == 1, result.output
    assert "新增  REM-03  示例乙公司  2024-03" in result.output
    assert "已消除  REM-03  示例甲公司  2024-03" in result.output


def test_json(tmp_path: Path) -> None:
    one = checked(tmp_path / "资料", FIRST)
    two = checked(tmp_path / "资料", FIRST, SECOND)
    out = tmp_path / "资料" / "recon-out"
    found = json.loads(run("diff", one, two, "--out", out, "--format", "json").output)
    assert found["counts"] == {"new": 1, "persisting": 1, "changed": 0, "resolved": 0,
                               "rule_changed": 0}  # fmt: skip
    assert [row["party_name"] for row in found["exceptions"]] == ["示例乙公司"]


def test_a_word_that_names_no_run(tmp_path: Path) -> None:
    result = run("diff", "0000", "1111", "--out", tmp_path)
    assert (result.exit_code, "不是完整的运行目录" in result.output) == (2, True)


def changed_value(data: Path) -> None:
    """Give the policy a later due day, by which no payment is late."""
    (data / "recon.toml").write_text('[policy]\n"fee.due_day" = 20\n', encoding="utf-8")


def test_what_goes_because_a_policy_value_changed_is_not_resolved(tmp_path: Path) -> None:
    data = tmp_path / "资料"
    one = checked(data, FIRST)
    [listed] = (data / "recon-out").glob("*/exceptions.csv")
    wanted = listed.read_text(encoding="utf-8-sig").splitlines()[1].split(",")[0]
    words = ("--verdict", "成立", "--by", "张三", "--data", data)
    assert run("review", "decide", wanted, *words).exit_code == 0
    changed_value(data)
    again = run("check", data, "--as-of", "2024-05-01", "--select", "REM-03")
    assert "规则变动" in again.output, again.output
    assert "其中 1 条是台账里已确认的问题" in again.output
    assert wanted in again.output
    two = (data / "recon-out" / "latest").read_text(encoding="utf-8").strip()
    result = run("diff", one, two, "--out", data / "recon-out")
    assert (result.exit_code, "规则变动 1" in result.output) == (1, True), result.output
    assert "已消除 0" in result.output
    states = (data / "recon-out" / two / "states.csv").read_text(encoding="utf-8-sig")
    assert "rule_changed" in states


def test_what_goes_because_a_rules_sql_changed_is_not_resolved(tmp_path: Path) -> None:
    data = tmp_path / "资料"
    one = checked(data, FIRST)
    shipped = {"rules": resources.shipped("rules") / "rem", "sql/rules":
               resources.shipped("sql") / "rules" / "rem"}  # fmt: skip
    for top, folder in shipped.items():
        [source] = folder.glob("rem_03_*.*")
        (data / top / "rem").mkdir(parents=True)
        text = source.read_text(encoding="utf-8")
        nobody = "select * from (" + text.strip().rstrip(";") + ") as found where false"
        written = nobody if source.suffix == ".sql" else text
        (data / top / "rem" / source.name).write_text(written, encoding="utf-8")
    two = checked(data, FIRST)
    result = run("diff", one, two, "--out", data / "recon-out")
    assert (result.exit_code, "规则变动  REM-03" in result.output) == (1, True), result.output


@pytest.mark.hostile(
    "a run folder that was edited", "diff, report, explain and review stop and name the file"
)
def test_status_2_for_a_run_that_was_edited(tmp_path: Path) -> None:
    one = checked(tmp_path / "资料", FIRST)
    out = tmp_path / "资料" / "recon-out"
    listed = out / one / "exceptions.parquet"
    pl.read_parquet(listed).clear().write_parquet(listed)
    result = run("diff", one, one, "--out", out)
    assert (result.exit_code, "在运行写出之后被改过" in result.output) == (2, True), result.output
    for command in (
        ("report", one, "--data", tmp_path / "资料"),
        ("explain", "abcd", "--out", out),
    ):
        result = run(*command)
        assert (result.exit_code, "被改过" in result.output) == (2, True), result.output
    (out / one / "control.json").write_text("{", encoding="utf-8")
    (out / one / "run.json").write_text("[]", encoding="utf-8")
    for command in (("diff", one, one, "--out", out), ("report", one, "--data", tmp_path / "资料")):
        result = run(*command)
        assert (result.exit_code, "不是运行记录" in result.output) == (2, True), result.output
