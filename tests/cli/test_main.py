"""Ends of the program that no command decides: Ctrl-C, an internal error, wrong words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon import cli

if TYPE_CHECKING:
    from pathlib import Path


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
    monkeypatch.setattr("recon.check.run_check", breaking(KeyboardInterrupt()))
    assert ended(monkeypatch, "check", str(tmp_path), "-q") == 2
    assert "已中断，没有写出结果" in capsys.readouterr().err


def test_an_internal_error_ends_with_2_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("recon.check.run_check", breaking(ZeroDivisionError("张三")))
    assert ended(monkeypatch, "check", str(tmp_path), "-q") == 2
    shown = capsys.readouterr().err
    assert "ZeroDivisionError (check.py:" in shown
    assert "张三" not in shown
    assert "Traceback" not in shown


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("recon.check.run_check", breaking(ZeroDivisionError("by nothing")))
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
