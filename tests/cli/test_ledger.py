"""`recon ledger`: every step, every exit status and every refusal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from recon.base.errors import ExceptionUnknownError
from recon.base.paper import LEDGER_FILE
from recon.ledger.errors import LedgerStepError
from recon.ledger.steps import Ledger
from recon.ledger.store import read_events
from tests.cli.reviewed_support import FILLED, amount_of, fill, finished, found, run

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

ON = ("--on", "2025-01-10", "--ref", "银收12")
CLOSE = ("--by", "李四", "--proof", "银行回单")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder whose ledger has a confirmed, a dismissed and an unassigned exception."""
    yes, no, nobody = found(count=3)
    filled = fill(
        finished(tmp_path),
        tmp_path / "复核.xlsx",
        {
            yes: FILLED,
            no: FILLED | {"核实结论": "不成立"},
            nobody: FILLED | {"责任人": None},
        },
    )
    assert run("review", "import", filled, "--data", tmp_path).exit_code == 0
    return tmp_path


def ledger(workspace: Path, *words: object) -> Result:
    return run("ledger", *words, "--data", workspace)


def events(workspace: Path) -> int:
    return len(read_events(workspace / LEDGER_FILE))


def test_list_shows_everything_and_open_findings(workspace: Path) -> None:
    yes, no, _ = found(count=3)
    everything, only_open = ledger(workspace, "list"), ledger(workspace, "list", "--open")
    assert (everything.exit_code, only_open.exit_code) == (0, 0)
    assert yes in everything.output
    assert no in everything.output
    assert "不成立" in everything.output
    assert yes in only_open.output
    assert no not in only_open.output


def test_list_without_a_ledger_is_empty(tmp_path: Path) -> None:
    result = ledger(tmp_path, "list")
    assert result.exit_code == 0
    assert not (tmp_path / LEDGER_FILE).exists()


def test_recover_close_reopen_and_their_history(workspace: Path) -> None:
    [yes] = found()
    assert ledger(workspace, "recover", yes, "1.00", *ON).exit_code == 0
    result = ledger(workspace, "recover", yes, "0.50", *ON)
    assert (result.exit_code, "1.50" in result.output) == (0, True)
    result = ledger(workspace, "close", yes, *CLOSE)
    assert (result.exit_code, "已销号" in result.output) == (0, True)
    result = ledger(workspace, "reopen", yes, "--reason", "回单有误")
    assert (result.exit_code, "未销号" in result.output) == (0, True)
    lines = ledger(workspace, "history", yes).output.splitlines()
    assert len(lines) == 5
    for word, line in zip(("复核", "收回", "收回", "销号", "重新打开"), lines, strict=True):
        assert word in line
    assert "银收12" in lines[1]
    assert "回单有误" in lines[4]


def test_a_unique_beginning_of_an_id_is_enough(workspace: Path) -> None:
    [yes] = found()
    short = yes[:15]
    others = [each for each in found(count=3) if each.startswith(short)]
    assert len(others) == 1
    assert ledger(workspace, "recover", short, "1.00", *ON).exit_code == 0
    result = ledger(workspace, "history", "0000")
    assert (result.exit_code, "不止一条" in result.output) == (2, True)
    result = ledger(workspace, "history", "ffff")
    assert (result.exit_code, "没有这条例外" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("recover", "YES", "0", *ON), "大于 0"),
        (("recover", "YES", "99999999", *ON), "大于还没收回的"),
        (("recover", "YES", "1", "--on", "2099-01-01", "--ref", "x"), "晚于今天"),
        (("recover", "YES", "1", "--on", "2025-01-10", "--ref", " "), "没有凭证号"),
        (("recover", "YES", "1.234", *ON), "不是金额"),
        (("recover", "YES", "one", *ON), "不是金额"),
        (("recover", "YES", "1", "--on", "soon", "--ref", "x"), "soon"),
        (("recover", "YES", "1"), "--on"),
        (("recover", "NO", "1", *ON), "还不是确认的问题"),
        (("close", "NO", *CLOSE), "还不是确认的问题"),
        (("close", "YES", "--by", "王 五", "--proof", "回单"), "不能自己销号"),
        (("close", "YES", "--by", "李四", "--proof", " "), "证明材料"),
        (("close", "YES", "--by", "李四"), "--proof"),
        (("close", "NOBODY", *CLOSE), "没有登记责任人"),
        (("reopen", "YES", "--reason", "x"), "没有销号"),
    ],
)
def test_status_2_for_a_step_that_is_not_taken(
    workspace: Path, words: tuple[str, ...], sentence: str
) -> None:
    ids = dict(zip(("YES", "NO", "NOBODY"), found(count=3), strict=True))
    before = events(workspace)
    result = ledger(workspace, *(ids.get(word, word) for word in words))
    assert (result.exit_code, sentence in result.output) == (2, True), result.output
    assert events(workspace) == before


def test_the_same_recovery_is_not_booked_twice(workspace: Path) -> None:
    [yes] = found()
    assert ledger(workspace, "recover", yes, "1.00", *ON).exit_code == 0
    result = ledger(workspace, "recover", yes, "1.00", *ON)
    assert (result.exit_code, "已经记过" in result.output) == (2, True)


def test_what_is_closed_takes_nothing_until_it_is_opened(workspace: Path) -> None:
    [yes] = found()
    ledger(workspace, "close", yes, *CLOSE)
    for words in (("recover", yes, "1.00", *ON), ("close", yes, *CLOSE)):
        result = ledger(workspace, *words)
        assert (result.exit_code, "已经销号" in result.output) == (2, True)
    result = ledger(workspace, "reopen", yes, "--reason", " ")
    assert (result.exit_code, "没有原因" in result.output) == (2, True)


def test_errors_are_of_their_kind(workspace: Path) -> None:
    kept = Ledger(workspace / LEDGER_FILE, workspace / "recon-out")
    now = datetime(2025, 2, 1, tzinfo=UTC)
    with pytest.raises(LedgerStepError):
        kept.recover(found()[0], Decimal(0), date(2025, 1, 1), "x", now)
    with pytest.raises(ExceptionUnknownError):
        kept.find("abc")
    assert str(kept.find(found()[0]).confirmed) == amount_of(found()[0])


def test_english_on_demand(workspace: Path) -> None:
    result = ledger(workspace, "close", found()[0], "--by", "王五", "--proof", "x", "--lang", "en")
    assert (result.exit_code, "another person" in result.output) == (2, True)
