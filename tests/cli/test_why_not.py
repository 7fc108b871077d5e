"""`recon explain --why-not`: what it says for every way in which a rule can find nothing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from recon.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "缴费人名称,征收品目,费款所属期起,费款所属期止,实缴金额,入库日期,电子税票号码"
ROWS = (
    "示例甲公司,工会经费,2024-03-01,2024-03-31,2000.00,2024-04-16,V1",
    "示例乙公司,工会经费,2024-03-01,2024-03-31,2000.00,2024-04-10,V2",
    "示例丙公司,工会经费,2023-03-01,2023-03-31,2000.00,2023-05-30,V3",
)


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("why") / "资料"
    folder.mkdir()
    (folder / "代收明细.csv").write_text("\n".join((HEADER, *ROWS)) + "\n", encoding="utf-8")
    words = ("--as-of", "2024-05-01", "--from", "2024-01-01", "--to", "2024-04-30", "-q")
    assert run("check", folder, *words, "--select", "REM-03").exit_code == 0
    return folder


def why_not(data: Path, party: str, rule: str, *words: str) -> Result:
    return run("explain", "--why-not", party, rule, "--out", data / "recon-out", *words)


def test_the_condition_that_did_not_hold_is_named_with_its_numbers(data: Path) -> None:
    result = why_not(data, "示例乙公司", "REM-03")
    assert result.exit_code == 0, result.output
    assert "没有例外" in result.output
    assert "最接近的一行" in result.output
    assert "2024-04-10" in result.output
    english = why_not(data, "乙公司", "rem-03", "--lang", "en")
    assert (english.exit_code, "The nearest row" in english.output) == (0, True)


def test_an_exception_that_is_there_is_named(data: Path) -> None:
    result = why_not(data, "示例甲公司", "REM-03")
    assert (result.exit_code, "查出这个单位 1 条例外" in result.output) == (0, True)


def test_a_match_outside_the_period_is_said(data: Path) -> None:
    result = why_not(data, "示例丙公司", "REM-03")
    assert result.exit_code == 0, result.output
    assert "在审查期间之外：2023-03-01 至 2023-03-31" in result.output


def test_the_data_folder_is_named_where_the_output_lies_elsewhere(
    data: Path, tmp_path: Path
) -> None:
    shutil.copytree(data / "recon-out", tmp_path / "out")
    words = ("explain", "--why-not", "示例甲公司", "REM-03", "--out", tmp_path / "out")
    assert run(*words).exit_code == 2
    result = run(*words, "--data", data)
    assert (result.exit_code, "查出这个单位 1 条例外" in result.output) == (0, True), result.output


def test_a_rule_that_did_not_run_is_no_pass(data: Path) -> None:
    result = why_not(data, "示例乙公司", "FUEL-01")
    assert (result.exit_code, "规则没有执行" in result.output) == (0, True)


def test_status_2_for_a_party_or_rule_that_is_none(data: Path) -> None:
    result = why_not(data, "示例丁公司", "REM-03")
    assert (result.exit_code, "最接近：" in result.output) == (2, True)
    result = why_not(data, "公司", "REM-03")
    assert (result.exit_code, "不止一个" in result.output) == (2, True)
    for word in ("REM-99", "REM"):
        assert why_not(data, "示例乙公司", word).exit_code == 2


def test_status_2_when_the_inputs_are_not_what_they_were(data: Path, tmp_path: Path) -> None:
    assert why_not(tmp_path, "甲", "REM-03").exit_code == 2
    path = data / "代收明细.csv"
    kept = path.read_bytes()
    path.write_bytes(kept + b"\n")
    try:
        result = why_not(data, "示例乙公司", "REM-03")
    finally:
        path.write_bytes(kept)
    assert (result.exit_code, "无法验证" in result.output) == (2, True)
