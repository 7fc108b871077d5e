"""Ends of the program that no command decides: Ctrl-C, an internal error, wrong words."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from recon import cli
from recon.cli.check import progress_on_stderr
from recon.cli.options import MemorySize
from recon.cli.usage import spoken_error

if TYPE_CHECKING:
    from recon.base.models import CheckRequest


def ended(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["recon", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert isinstance(end.value.code, int)
    return end.value.code


def breaking(error: BaseException) -> object:
    def run_check(*_: object, **__: object) -> None:
        raise error

    return run_check


def test_ctrl_c_ends_with_2_and_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("recon.run.check.run_check", breaking(KeyboardInterrupt()))
    assert ended(monkeypatch, "check", str(tmp_path), "-q") == 2
    assert "已中断，没有写出结果" in capsys.readouterr().err


def test_an_internal_error_ends_with_2_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("recon.run.check.run_check", breaking(ZeroDivisionError("张三")))
    assert ended(monkeypatch, "check", str(tmp_path), "-q") == 2
    shown = capsys.readouterr().err
    assert "ZeroDivisionError (check.py:" in shown
    assert "张三" not in shown
    assert "Traceback" not in shown
    assert shown.endswith(f"  recon --debug check {tmp_path} -q\n")


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("recon.run.check.run_check", breaking(ZeroDivisionError("by nothing")))
    monkeypatch.setattr("sys.argv", ["recon", "--debug", "check", str(tmp_path), "-q"])
    with pytest.raises(ZeroDivisionError):
        cli.main()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--help",), 0),
        (("--version",), 0),
        (("check", "--help"), 0),
        (("chekc",), 2),
        (("check", "--nonsense"), 2),
        (("rules", "show", "REM-99"), 2),
        (("policy", "show", "fee.nonsense"), 2),
        (("explain", "0000"), 2),
    ],
)
def test_exit_status(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...], status: int
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ended(monkeypatch, *words) == status


@pytest.mark.parametrize(
    ("words", "environment", "lang"),
    [
        ((), "zh", "zh"),
        ((), "en", "en"),
        (("check", "--lang", "en"), "zh", "en"),
        (("check", "--lang=zh"), "en", "zh"),
        (("check", "--lang"), "zh", "zh"),
    ],
)
def test_the_language_is_known_before_any_command(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], environment: str, lang: str
) -> None:
    monkeypatch.setenv("RECON_LANG", environment)
    assert cli._language(list(words)) == lang


def test_the_demo_checks_the_sample_county_into_the_current_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[CheckRequest] = []

    def run_check(request: CheckRequest, *_: object) -> None:
        asked.append(request)
        raise KeyboardInterrupt

    monkeypatch.setattr("recon.run.check.run_check", run_check)
    assert ended(monkeypatch, "demo", "-q") == 2
    assert ended(monkeypatch, "demo", "-q", "--out", "x", "--as-of", "2024-12-31") == 2
    first, second = asked
    assert (first.data_dir.name, first.out_dir, first.as_of) == (
        "county",
        Path("recon-demo"),
        date(2025, 6, 30),
    )
    assert not first.use_cache
    assert (second.out_dir, second.as_of) == (Path("x"), date(2024, 12, 31))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_is_a_bar_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with progress_on_stderr(quiet=False) as tell:
        assert tell is not None
        tell("read", "代收.xlsx")
        tell("rules", "REM-01")
    assert "运行规则 REM-01" in terminal.getvalue()


def test_a_command_that_is_none_is_not_looked_for() -> None:
    assert cli.cli.get_command(click.Context(cli.cli), "chekc") is None
    named = click.BadParameter("no", param_hint="--that")
    assert "--that" in spoken_error(named).format_message()
    assert MemorySize().convert("2 GB", None, None) == "2GB"


@pytest.mark.parametrize(
    "before",
    [
        "import atexit; atexit.register(print, 'kept')",
        "from threading import Timer; Timer(0.2, lambda: print('kept')).start()",
        "import sys; print('kept', flush=True); sys.stdout = None",
    ],
)
def test_the_process_ends_after_all_that_was_to_come(before: str) -> None:
    words = f"{before}; from recon.cli import command; command()"
    ended = subprocess.run(
        [sys.executable, "-c", words, "chekc"], capture_output=True, encoding="utf-8", check=False
    )
    assert ended.returncode == 2
    assert "chekc" in ended.stderr
    assert ended.stdout == "kept\n"
