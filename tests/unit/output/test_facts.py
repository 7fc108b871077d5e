"""Plain sheets show every type of column, and papers of a run without a ledger are whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

import polars as pl

from recon.base.models import Text
from recon.output.facts import fact_plans, plain_plan
from recon.output.picks import detail_plans
from recon.output.terminal import render_summary
from tests.unit.output import factory


def test_each_type_of_column_has_its_style() -> None:
    frame = pl.DataFrame(
        {
            "amount": pl.Series([Decimal("1.50")], dtype=pl.Decimal(18, 2)),
            "score": pl.Series([Decimal("0.125")], dtype=pl.Decimal(18, 3)),
            "day": [date(2024, 3, 5)],
            "at": [datetime(2024, 3, 5, 8, 30)],  # noqa: DTZ001 - as a run keeps it
            "count": [3],
            "is_unverified": [True],
            "candidates": [["甲", "乙"]],
            "hour": [time(8, 30)],
            "nobody": ["x" * 90],
        }
    )
    plan = plain_plan("表", frame)
    assert [column.style for column in plan.columns] == [
        "money", "number", "date", "date", "count", "center", "wrap", "wrap", "wrap",
    ]  # fmt: skip
    assert [column.header for column in plan.columns][:2] == ["金额", "相似度"]
    shown = frame.select(column.value.alias(column.header) for column in plan.columns).row(0)
    assert shown[3:] == (date(2024, 3, 5), 3, "是", "甲\n乙", "08:30:00", "x" * 90)
    assert (plan.columns[1].width, plan.columns[-1].width) == (9, 60)


def test_a_run_without_states_or_marks_has_the_other_sheets() -> None:
    result = factory.result(9)
    bare = replace(result, states=pl.DataFrame(), matches=None)
    plans = {plan.name: plan for plan in fact_plans(bare)}
    assert set(plans) == {"未执行", "数据质量", "剔除行", "政策参数", "参数确认", "待确认单位对照"}
    assert plans["参数确认"].frame["参数名"].to_list() == ["fee.passback_days"]
    assert detail_plans(bare) == []


def test_files_that_were_not_read_are_counted_beyond_the_first_few() -> None:
    result = factory.result(3)
    passed = tuple(Text(f"文件{n:02}.rar", f"file{n:02}.rar") for n in range(40))
    intake = replace(result.intake, passed_over=passed)
    text = render_summary(replace(result, intake=intake), "zh", "table")
    assert "文件00.rar" in text
    assert "文件39.rar" not in text
    assert "个，见 recon map" in text
