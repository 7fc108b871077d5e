"""Every exit status of `recon check`, and one clear sentence for each kind of bad input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from recon.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "缴费人名称,社会信用代码,征收品目,费款所属期起,费款所属期止,实缴金额,入库日期,电子税票号码"
IN_TIME = "示例甲公司,,工会经费,2024-03-01,2024-03-31,2000.00,2024-04-15,V1"
LATE = "示例甲公司,,工会经费,2024-03-01,2024-03-31,2000.00,2024-04-16,V1"


def folder(tmp_path: Path, *rows: str) -> Path:
    data = tmp_path / "资料"
    data.mkdir(exist_ok=True)
    (data / "代收明细.csv").write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return data


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def check(data: Path, *words: object) -> Result:
    return run("check", data, "--as-of", "2024-05-01", "--select", "REM-03", "-q", *words)


def test_status_0_without_exceptions(tmp_path: Path) -> None:
    result = check(folder(tmp_path, IN_TIME))
    assert result.exit_code == 0, result.output


def test_status_0_when_exceptions_are_below_the_limit(tmp_path: Path) -> None:
    result = check(folder(tmp_path, LATE))
    assert result.exit_code == 0, result.output


def test_status_1_when_exceptions_are_at_the_limit(tmp_path: Path) -> None:
    result = check(folder(tmp_path, LATE), "--fail-on", "low")
    assert result.exit_code == 1, result.output


def test_status_0_when_nothing_is_to_fail(tmp_path: Path) -> None:
    assert check(folder(tmp_path, LATE), "--fail-on", "none").exit_code == 0


def test_strict_demands_that_every_rule_ran(tmp_path: Path) -> None:
    data = folder(tmp_path, IN_TIME)
    assert check(data, "--strict").exit_code == 0
    assert check(data, "--strict", "--select", "PRE").exit_code == 2


def test_strict_demands_that_no_row_was_set_aside(tmp_path: Path) -> None:
    data = folder(tmp_path, IN_TIME, LATE.replace("2000.00", "两千"))
    assert check(data).exit_code == 0
    assert check(data, "--strict").exit_code == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--as-of", "yesterday"), "yesterday"),
        (("--select", "REM-99"), "REM-99"),
        (("--locale", "nowhere"), "nowhere"),
        (("--fail-on", "everything"), "everything"),
        (("--nonsense",), "--nonsense"),
    ],
)
def test_status_2_for_wrong_words(tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    result = check(folder(tmp_path, IN_TIME), *words)
    assert result.exit_code == 2
    assert sentence in result.output


def test_status_2_for_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = check(tmp_path / "没有")
    assert (result.exit_code, "没有这个目录" in result.output) == (2, True)
    assert not (tmp_path / "没有").exists()


def test_status_2_for_an_empty_folder(tmp_path: Path) -> None:
    result = check(tmp_path)
    assert (result.exit_code, "没有可读的表格文件" in result.output) == (2, True)


def test_status_2_for_a_folder_without_a_known_table(tmp_path: Path) -> None:
    (tmp_path / "其他.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    result = check(tmp_path)
    assert (result.exit_code, "没有认出任何一张表" in result.output) == (2, True)


def test_status_2_for_an_unreadable_file_and_the_others_are_checked(tmp_path: Path) -> None:
    data = folder(tmp_path, LATE)
    (data / "坏的.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    result = check(data)
    assert result.exit_code == 2
    assert "坏的.xlsx" in result.output
    assert "REM" in result.output


def test_a_file_in_use_is_told_and_the_others_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = folder(tmp_path, IN_TIME)
    locked = data / "正在 使用.xlsx"
    locked.write_bytes(b"x")
    opened = type(locked).open

    def refuse(path: Path, *words: object, **more: object) -> object:
        if path.name == locked.name:
            raise PermissionError(13, "in use", str(path))
        return opened(path, *words, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(type(locked), "open", refuse)
    result = check(data)
    assert result.exit_code == 2, result.output
    assert "正在 使用.xlsx: 没有读取权限" in result.output
    assert result.output.count("正在 使用.xlsx") == 1
    assert "执行规则 1 条" in result.output


def test_what_no_rule_looked_at_is_told(tmp_path: Path) -> None:
    data = folder(tmp_path, IN_TIME)
    (data / "别的.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    (data / "说明.txt").write_text("没有表。\n", encoding="utf-8")
    (data / "旧账.rar").write_bytes(b"Rar!")
    (data / "~$代收.xlsx").write_bytes(b"x")
    output = check(data).output
    assert "注意：没有核查 别的.csv: 没有找到任何已知表头" in output
    assert "注意：没有核查 说明.txt: 这是一段文字" in output
    assert "  旧账.rar: 不能读取这种压缩包，请解压后放入目录。" in output
    assert "“代收.xlsx”正在 Excel 或 WPS 中打开" in output


def test_status_2_for_a_wrong_setting(tmp_path: Path) -> None:
    data = folder(tmp_path, IN_TIME)
    (data / "recon.toml").write_text('[policy]\n"fee.du_day" = 15\n', encoding="utf-8")
    result = check(data)
    assert (result.exit_code, "fee.due_day" in result.output) == (2, True)


def test_status_2_when_the_output_folder_is_in_use(tmp_path: Path) -> None:
    data = folder(tmp_path, IN_TIME)
    (data / "recon-out").mkdir()
    with FileLock(data / "recon-out" / ".lock"):
        result = check(data)
    assert (result.exit_code, "另一次运行正在使用" in result.output) == (2, True)


def test_status_2_when_the_output_folder_cannot_be_made(tmp_path: Path) -> None:
    data = folder(tmp_path, IN_TIME)
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = check(data, "--out", tmp_path / "file" / "out")
    assert (result.exit_code, "写不进去" in result.output) == (2, True)


def test_no_half_written_run_has_a_final_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = folder(tmp_path, IN_TIME)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recon.run.check.write_run", full)
    result = check(data)
    assert (result.exit_code, "No space left on device" in result.output) == (2, True)
    assert [path.name for path in (data / "recon-out").iterdir()] == [".lock"]


def test_inputs_stay_as_they_were_and_the_same_work_gives_the_same_run(tmp_path: Path) -> None:
    data = folder(tmp_path, LATE)
    before = (data / "代收明细.csv").read_bytes()
    assert check(data).exit_code == 0
    first = (data / "recon-out" / "latest").read_text(encoding="utf-8")
    assert check(data).exit_code == 0
    assert (data / "recon-out" / "latest").read_text(encoding="utf-8") == first
    assert (data / "代收明细.csv").read_bytes() == before


def test_a_changed_run_folder_is_not_believed(tmp_path: Path) -> None:
    data = folder(tmp_path, LATE)
    check(data)
    run_id = (data / "recon-out" / "latest").read_text(encoding="utf-8").strip()
    listed = data / "recon-out" / run_id / "exceptions.csv"
    listed.write_text("changed", encoding="utf-8")
    result = check(data)
    assert (result.exit_code, "被改过" in result.output) == (2, True)


def test_the_summary_can_be_json(tmp_path: Path) -> None:
    result = check(folder(tmp_path, LATE), "--format", "json")
    summary = json.loads(result.stdout)
    assert summary["as_of"] == "2024-05-01"


def test_english_on_demand(tmp_path: Path) -> None:
    result = check(tmp_path / "none", "--lang", "en")
    assert (result.exit_code, "no such folder" in result.output) == (2, True)
