"""`recon ledger alias`: the next run uses a confirmed name, until it is taken back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner, Result

from recon.base.paper import LEDGER_FILE
from recon.cli import cli
from recon.ledger.aliases import known_aliases

if TYPE_CHECKING:
    from pathlib import Path

CODE = "91450881MA5K000121"
PAYERS = f"纳税人名称,统一社会信用代码\n示例县甲子实业有限公司,{CODE}\n"
HEADER = "缴费人名称,征收品目,费款所属期起,费款所属期止,实缴金额,入库日期,电子税票号码"
LATE = "甲子实业,工会经费,2024-03-01,2024-03-31,2000.00,2024-04-16,V1"


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def alias(data: Path, *words: object) -> Result:
    return run("ledger", "alias", *words, "--data", data)


def party_of(data: Path) -> tuple[str, Path]:
    """Check the folder; return the party of its one exception, and the run."""
    words = ("--as-of", "2024-05-01", "--select", "REM-03", "-q", "--fail-on", "none")
    result = run("check", data, *words)
    assert result.exit_code == 0, result.output
    out = data / "recon-out"
    folder = out / (out / "latest").read_text(encoding="utf-8").strip()
    return pl.read_parquet(folder / "exceptions.parquet")["party_id"].item(), folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "缴费单位.csv").write_text(PAYERS, encoding="utf-8")
    (tmp_path / "代收明细.csv").write_text(f"{HEADER}\n{LATE}\n", encoding="utf-8")
    return tmp_path


def test_the_next_run_uses_a_confirmed_name_and_verify_agrees(data: Path) -> None:
    before, first = party_of(data)
    assert before != CODE
    assert alias(data, "甲子实业", CODE, "--by", "张三").exit_code == 0
    after, second = party_of(data)
    assert (after, second != first) == (CODE, True)
    record = json.loads((second / "run.json").read_text(encoding="utf-8"))
    assert record["aliases"] == [{"name": "甲子实业", "code": CODE}]
    assert alias(data, "甲子实业", "--remove", "--by", "李四").exit_code == 0
    assert party_of(data) == (before, first)
    assert run("verify", second).exit_code == 0


def test_the_ledger_has_the_last_word_over_the_file(data: Path) -> None:
    (data / "aliases.csv").write_text("名称,代码\n甲子实业,A1\n乙丑,B1\n", encoding="utf-8")
    assert known_aliases(data, data) == (("乙丑", "B1"), ("甲子实业", "A1"))
    assert alias(data, "甲 子 实 业", "A2", "--by", "张三").exit_code == 0
    assert dict(known_aliases(data, data)) == {"乙丑": "B1", "甲 子 实 业": "A2"}
    assert alias(data, "甲子实业", "--remove", "--by", "张三").exit_code == 0
    assert dict(known_aliases(data, data)) == {"乙丑": "B1"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("甲", "A1"), "--by"),
        (("甲", "--by", "张三"), "只取其一"),
        (("甲", "A1", "--by", "张三", "--remove"), "只取其一"),
        (("甲", "--by", "张三", "--remove"), "不用撤销"),
        (("甲", " ", "--by", "张三"), "不能空"),
        ((" ", "A1", "--by", "张三"), "不能空"),
        (("甲", "A1", "--by", " "), "不能空"),
    ],
)
def test_status_2_for_a_name_that_is_not_taken(
    tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    result = alias(tmp_path, *words)
    assert (result.exit_code, sentence in result.output) == (2, True), result.output
    assert not (tmp_path / LEDGER_FILE).exists()


def test_booking_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    assert alias(tmp_path, "甲", "A1", "--by", "张三").exit_code == 0
    result = alias(tmp_path, "甲", "A1", "--by", "张三")
    assert (result.exit_code, "已经记过" in result.output) == (2, True)
