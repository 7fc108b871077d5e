"""A wrongly written command gets one sentence in the spoken language and exit status 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from recon.base.texts import speak
from recon.cli import cli
from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CASES = [
    (("chek", "."), ("没有命令 chek", "是不是 check"), ("no command chek", "mean check")),
    (("--nonsense",), ("没有选项 --nonsense",), ("no option --nonsense",)),
    (("check", "--as-off", "x"), ("没有选项 --as-off", "是不是 --as-of"), ("mean --as-of",)),
    (("check", "--as-of", "2024"), ("--as-of 的值“2024”不对", "如 2024-12-31"), ("as 2024-12-31",)),
    (("check", "--fail-on", "all"), ("--fail-on", "可以是：high、medium"), ("one of high",)),
    (("check", "--threads", "0"), ("--threads", "不小于 1 的整数"), ("a whole number, 1 or more",)),
    (("check", "--password-file", "nowhere"), ("“nowhere”", "没有这个文件"), ("no such file",)),
    (("check", "--memory", "viel"), ("--memory 的值“viel”不对", "如 2GB"), ("as 2GB or 512MB",)),
    (("check", "a", "b c"), ("多写了：b c", "加引号"), ("too many words: b c", "Quote")),
    (("explain",), ("缺少 ID",), ("ID is missing",)),
    (("explain", "0000", "--why-not", "甲", "REM-01"), ("只写一个",), ("give an id or",)),
    (("explain", "--why-not", "甲"), ("--why-not",), ("--why-not",)),
    (("policy", "show"), ("缺少 NAME",), ("NAME is missing",)),
    (("rules", "odd"), ("命令写错了", "odd"), ("wrong usage", "odd")),
]


@pytest.mark.parametrize(("words", "zh", "en"), CASES, ids=" ".join)
def test_usage_faults_are_said_in_both_languages(
    words: tuple[str, ...], zh: tuple[str, ...], en: tuple[str, ...]
) -> None:
    for lang, parts in (("zh", zh), ("en", en)):
        speak("en" if lang == "en" else "zh")
        result = CliRunner().invoke(cli, words)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert [part for part in parts if part not in result.stderr] == []
        assert "--help" in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_no_words_at_all_show_the_help() -> None:
    result = CliRunner().invoke(cli, [])
    assert "check" in result.output
    assert result.exit_code == 2


def test_rules_of_ones_own_are_marked_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert " *" not in CliRunner().invoke(cli, ["rules", "list"]).stdout
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(cli, ["rules", "new", "LOC-01"])
    listed = CliRunner().invoke(cli, ["rules", "list"]).stdout
    assert listed.count(" *") == 1
    assert "LOC-01 *" in listed
    assert "* 本目录自己的规则" in listed


def test_rules_test_without_rules_of_ones_own_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["rules", "test"])
    assert (result.exit_code, "这里没有自己的规则" in result.output) == (0, True)


def test_cases_of_a_place_that_only_cases_use_run_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recon.toml").write_text('[self]\nname = "示例县总工会"\n', encoding="utf-8")
    result = CliRunner().invoke(cli, ["rules", "test", "SME-06"])
    assert result.exit_code == 0, result.output
    assert "未通过 0" in result.output
