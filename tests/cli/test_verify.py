"""`recon verify`: a run is recomputed from its inputs and compared byte by byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from recon.base import resources
from recon.cli import cli
from recon.output import VOLATILE_FILES

if TYPE_CHECKING:
    from collections.abc import Callable
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


RESULTS = (
    "control.json",
    "exceptions.csv",
    "exceptions.parquet",
    "matches.parquet",
    "pending_matches.parquet",
    "quality.parquet",
    "rejected.parquet",
)


def test_a_changed_byte_of_any_result_is_found(checked: Path) -> None:
    for name in RESULTS:
        path = checked / name
        content = bytearray(path.read_bytes())
        content[-2] ^= 1
        path.write_bytes(content)
    result = run("verify", checked)
    told = {name for name in RESULTS if f"{name}: 与重算结果不同" in result.output}
    assert (result.exit_code, told) == (1, set(RESULTS))


def test_every_data_file_of_a_run_is_compared(checked: Path) -> None:
    kept = {path.name for path in checked.iterdir() if path.suffix in {".json", ".csv", ".parquet"}}
    assert kept - set(VOLATILE_FILES) - {"run.json"} == set(RESULTS)


def test_a_changed_byte_of_the_record_is_found_or_refused(checked: Path) -> None:
    path = checked / "run.json"
    whole = path.read_bytes()
    for place in range(0, 100, 13):
        content = bytearray(whole)
        content[len(content) * place // 100] ^= 1
        path.write_bytes(content)
        result = run("verify", checked)
        assert result.exit_code in {1, 2}, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), place


def test_a_record_with_a_word_in_place_of_a_day_is_refused(checked: Path) -> None:
    path = checked / "run.json"
    path.write_text(path.read_text("utf-8").replace('"2024-05-01"', '"yesterday"'), "utf-8")
    result = run("verify", checked)
    assert (result.exit_code, "run.json 读不懂" in result.output) == (2, True)


def rule_of_its_own(workspace: Path) -> Path:
    """Give the workspace a copy of a shipped rule, with its SQL changed; return the SQL."""
    found = {}
    for tree, ending in (("rules", "yaml"), ("sql", "sql")):
        folder = resources.shipped(tree) / ("rules/rem" if tree == "sql" else "rem")
        (source,) = folder.glob(f"rem_03_*.{ending}")
        target = workspace / tree / ("rules/rem" if tree == "sql" else "rem") / source.name
        target.parent.mkdir(parents=True)
        target.write_text(source.read_text("utf-8") + "\n", "utf-8")
        found[ending] = target
    return found["sql"]


SETTINGS: dict[str, Callable[[Path], object]] = {
    "a rule": rule_of_its_own,
    "a policy": lambda data: (data / "recon.toml").write_text(
        '[policy]\n"fee.due_day" = 20\n', "utf-8"
    ),
    "a setting": lambda data: (data / "recon.toml").write_text("[check]\n", "utf-8"),
    "another input": lambda data: (data / "更多.csv").write_text(f"{HEADER}\n{LATE}2\n", "utf-8"),
    "the key": lambda data: (data / "recon.key").write_text("f" * 64, "ascii"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_what_else_decides_a_run_is_found_when_it_changed(checked: Path, name: str) -> None:
    SETTINGS[name](checked.parent.parent)
    result = run("verify", checked)
    assert (result.exit_code, "run.json: 与重算结果不同" in result.output) == (1, True)


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


def test_a_run_of_another_version_or_without_its_inputs_is_not_verified(checked: Path) -> None:
    path = checked / "run.json"
    record = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**record, "tool_version": "0.0.1"}), "utf-8")
    result = run("verify", checked)
    assert (result.exit_code, "由 recon 0.0.1 写出" in result.output) == (2, True)
    refused = [{**record["inputs"][0], "status": "refused"}]
    path.write_text(json.dumps({**record, "inputs": refused}), "utf-8")
    data = checked.parent.parent
    (data / "代收明细.csv").unlink()
    result = run("verify", checked)
    assert (result.exit_code, "没有可读的表格文件" in result.output) == (2, True)
    path.write_text(json.dumps(record), "utf-8")
    result = run("verify", checked)
    assert (result.exit_code, "资料 代收明细.csv 不在" in result.output) == (2, True)


def test_the_key_of_the_output_folder_is_used_again(checked: Path) -> None:
    data = checked.parent.parent
    (data / "recon.key").rename(checked.parent / "recon.key")
    assert run("verify", checked).exit_code == 0
    assert not (data / "recon.key").exists()
