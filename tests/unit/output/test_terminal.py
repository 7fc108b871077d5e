"""The terminal summary fits 80 places, says what was not checked, and has a JSON twin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from recon.base.models import RuleOutcome, Text
from recon.output.split import addition
from recon.output.terminal import WIDTH, render_summary
from tests.unit.output import factory


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("fmt", ["table", "plain"])
def test_no_line_is_wider_than_a_terminal(lang: str, fmt: str) -> None:
    text = render_summary(factory.result(60), lang, fmt)  # type: ignore[arg-type]
    assert max(cell_len(line) for line in text.splitlines()) <= WIDTH
    assert "\x1b" not in text


def test_totals_are_split_by_confirmation() -> None:
    text = render_summary(factory.result(60), "zh", "plain")
    line = next(line for line in text.splitlines() if line.startswith("应补缴"))
    assert line.split() == ["应补缴", "7", "0.00", "14,966.98"]


def test_what_was_not_checked_is_said() -> None:
    text = render_summary(factory.result(60), "zh", "table")
    assert "未执行的规则 2 条（不等于没有问题）：" in text
    assert "AST-03  缺少表 lease（租赁合同）" in text
    assert "剔除行 2，数据质量问题 4" in text
    assert "坏文件.xls: 打不开" in text
    assert addition(factory.exceptions(60), "zh") in text.replace("\n  ", " ")


def test_english_is_english() -> None:
    text = render_summary(factory.result(60), "en", "plain")
    assert "2 rules not run (which is not a pass):" in text
    assert "to be paid in" in text
    assert "note: bank lines end early" in text


def test_rules_in_error_come_first_and_long_lists_are_cut() -> None:
    result = factory.result(9)
    many = [RuleOutcome(f"GOV-{n:02}", "no_data", reason=Text("缺", "x")) for n in range(20)]
    broken = RuleOutcome("LED-01", "error", reason=Text("坏了", "broken"))
    object.__setattr__(result, "outcomes", (*many, broken))
    text = render_summary(result, "zh", "table")
    assert text.index("LED-01  坏了") < text.index("GOV-00  缺")
    assert "……另 12 条，见工作簿“未执行”" in text
    assert "GOV-08" not in text


def test_workbook_and_next_step_close_the_text() -> None:
    text = render_summary(factory.result(9, run_dir=Path("out/run")), "zh", "table")
    last = text.splitlines()[-3:]
    assert last[0] == f"工作簿：{Path('out/run') / 'exceptions.xlsx'}"
    assert last[2] == "  recon explain 0000013272178805 --out out"


def test_json_says_the_same() -> None:
    result = factory.result(60, run_dir=Path("out/run"))
    record = json.loads(render_summary(result, "zh", "json"))
    assert record["exceptions"] == 60
    assert record["totals"][0]["direction"] == "pay_in"
    assert record["totals"][0]["unconfirmed"] == "14966.98"
    assert record["not_run"][0]["reason"] == {"en": "table lease is missing",
                                              "zh": "缺少表 lease（租赁合同）"}  # fmt: skip
    assert record["workbook"] == "out/run/exceptions.xlsx"
    assert record["rejected"] == 2


def test_a_clean_run_ends_with_its_workbook() -> None:
    text = render_summary(factory.result(0), "zh", "table")
    assert "例外 0 条" in text
    assert text.endswith(f"工作簿：{Path('run') / 'exceptions.xlsx'}")
