"""`recon verify`: a run is recomputed from its inputs and compared byte by byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from recon.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "缴费人名称,征收品目,费款所属期起,费款所属期止,实缴金额,入库日期,电子税票号码"
LATE = "示例甲公司,工会经费,2024-03-01,2024-03-31,2000.00,2024-04-16,V1"


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    data = tmp_path / "资料"
    data.mkdir()
    (data / "代收明细.csv").write_text(f"{HEADER}\n{LATE}\n", encoding="utf-8")
    words = ("--as-of", "2024-05-01", "--select", "REM-03", "-q")
    assert run("check", data, *words).exit_code == 0
    out = data / "recon-out"
    return out / (out / "latest").read_text(encoding="utf-8").strip()


def test_an_untouched_run_is_verified(checked: Path) -> None:
    result = run("verify", checked)
    assert (result.exit_code, "一致" in result.output) == (0, True)


@pytest.mark.parametrize("name", ["exceptions.csv", "exceptions.parquet", "control.json"])
def test_a_changed_byte_of_a_result_is_found(checked: Path, name: str) -> None:
    path = checked / name
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)
    result = run("verify", checked)
    assert (result.exit_code, f"{name}: 与重算结果不同" in result.output) == (1, True)


def test_a_missing_result_is_found(checked: Path) -> None:
    (checked / "rejected.parquet").unlink()
    assert run("verify", checked).exit_code == 1


def test_a_changed_input_is_named(checked: Path) -> None:
    data = checked.parent.parent / "代收明细.csv"
    data.write_text(data.read_text(encoding="utf-8") + LATE + "\n", encoding="utf-8")
    result = run("verify", checked)
    assert (result.exit_code, "代收明细.csv 在运行之后被改过" in result.output) == (2, True)


def test_a_missing_input_is_named(checked: Path) -> None:
    (checked.parent.parent / "代收明细.csv").unlink()
    result = run("verify", checked)
    assert (result.exit_code, "代收明细.csv 不在" in result.output) == (2, True)


def test_a_run_record_that_lacks_a_part_is_refused(checked: Path) -> None:
    path = checked / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    del record["aliases"]
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    result = run("verify", checked)
    assert (result.exit_code, "run.json 里没有 aliases" in result.output) == (2, True)
