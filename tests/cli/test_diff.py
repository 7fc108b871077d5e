"""`recon diff`: what changed between two runs, and its exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

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
    assert found["counts"] == {"new": 1, "persisting": 1, "changed": 0, "resolved": 0}
    assert [row["party_name"] for row in found["exceptions"]] == ["示例乙公司"]


def test_a_word_that_names_no_run(tmp_path: Path) -> None:
    result = run("diff", "0000", "1111", "--out", tmp_path)
    assert (result.exit_code, "不是完整的运行目录" in result.output) == (2, True)
