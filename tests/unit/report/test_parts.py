"""Parts of the papers that depend on how much there is to say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS
from recon.report.blocks import Figures, Paragraph
from recon.report.letters import volumes
from recon.report.next_steps import next_steps
from recon.report.problems import problems
from recon.report.standing import Standing

RECORD = {
    "run_id": "0" * 16,
    "period_from": "2024-01-01",
    "period_to": "2024-12-31",
    "as_of": "2024-12-31",
    "self": {"name": ""},
    "rules": [{"rule": "REM-01", "title": "未缴", "title_en": "not paid"}],
    "policy": [],
}
ROW: dict[str, Any] = {
    "exception_id": "a", "rule": "REM-01", "family": "REM", "direction": DEFINITE_DIRECTIONS[0],
    "amount": Decimal("10.00"), "counted": True, "linked_to": None, "party_id": "91",
    "party_name": "甲公司", "period": "2024-03", "message": "甲", "message_en": "a", "formula": "",
    "evidence": [], "unverified_policy": False, "standing": "lead", "verdict": None, "reason": None,
    "confirmed_amount": None, "recovered": Decimal("0.00"), "closed_on": None, "due_on": None,
    "office": None, "responsible": None, "repeat_years": None, "measure": None,
}  # fmt: skip
MONEY = pl.Decimal(18, 2)
SCHEMA: dict[str, Any] = {
    "amount": MONEY, "confirmed_amount": MONEY, "recovered": MONEY, "closed_on": pl.String,
    "due_on": pl.Date, "evidence": pl.List(pl.String),
}  # fmt: skip
TEXTS = dict.fromkeys((name for name, value in ROW.items() if value is None), pl.String())


def standing(*rows: dict[str, Any], **record: Any) -> Standing:
    frame = pl.DataFrame([{**ROW, **row} for row in rows], schema_overrides={**TEXTS, **SCHEMA})
    if not rows:
        frame = pl.DataFrame([ROW], schema_overrides={**TEXTS, **SCHEMA}).clear()
    return Standing(Path(), {**RECORD, **record}, frame, (), {}, 0, 0)


def said(blocks: Any) -> str:
    return "\n".join(block.text for block in blocks if isinstance(block, Paragraph))


def test_a_run_without_exceptions_says_so() -> None:
    assert "本次核查没有发现例外。" in said(problems(standing()))
    assert said(next_steps(standing())) == ""
    assert list(volumes(standing())) == []


def test_findings_that_are_repeated_or_dismissed_are_counted_in_words() -> None:
    rows = (
        {"standing": "finding", "verdict": "成立", "confirmed_amount": Decimal("5.00"),
         "repeat_years": "2022、2023"},
        {"exception_id": "b", "standing": "dismissed", "verdict": "不成立"},
    )  # fmt: skip
    text = said(problems(standing(*rows)))
    assert "认定 5.00 元" in text
    assert "复核不成立 1 条。" in text
    assert "屡审屡犯：1 个单位在 2022、2023 年已有同类问题。" in text


def test_what_is_all_dismissed_has_no_figures() -> None:
    blocks = list(problems(standing({"standing": "dismissed", "verdict": "不成立"})))
    assert "其中已确认" not in said(blocks)
    assert not any(isinstance(block, Figures) for block in blocks)


def test_open_findings_beyond_the_first_thirty_are_in_the_register() -> None:
    finding = {"standing": "finding", "confirmed_amount": Decimal("1.00"),
               "due_on": date(2025, 1, 31)}  # fmt: skip
    rows = [{**finding, "exception_id": f"{number:02}"} for number in range(31)]
    steps = list(next_steps(standing(*rows)))
    assert "未销号问题 31 条，尚未收回 31.00 元" in said(steps)
    assert "仅列前 30 条，全部见整改台账。" in said(steps)
    (figures,) = (block for block in steps if isinstance(block, Figures))
    assert len(figures.rows) == 30


def test_parameters_that_nobody_confirmed_are_listed_and_long_values_cut() -> None:
    policy = [
        {"name": "fee.rate", "value": "0.02", "is_verified": True},
        {"name": "fee.list", "value": "x" * 61, "starts_on": "2020-01-01", "is_verified": False,
         "reference": None, "exceptions": 3},
        {"name": "fee.none", "value": None, "starts_on": "2020-01-01", "is_verified": False,
         "reference": "法", "exceptions": 1},
    ]  # fmt: skip
    steps = list(next_steps(standing({"unverified_policy": True}, policy=policy)))
    assert "涉及例外金额 10.00 元" in said(steps)
    (figures,) = (block for block in steps if isinstance(block, Figures))
    assert [row[:2] for row in figures.rows] == [("fee.list", "x" * 57 + "…"), ("fee.none", "")]


def test_a_long_letter_says_how_many_it_does_not_list() -> None:
    rows = [{"exception_id": f"{number:03}"} for number in range(20)]
    (blocks,) = volumes(standing(*rows))
    (figures,) = (block for block in blocks if isinstance(block, Figures))
    left = len(rows) - len(figures.rows)
    assert left > 0
    assert f"另有 {left} 条，金额已计入合计" in said(blocks)
    assert "待核对 200.00 元" in said(blocks)
