"""Days without a year: completed where one year fits, refused where two do."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.intake.values.years import crosses_year, stated_span, year_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

HEAD = ["交易日期", "收入金额", "支出金额", "摘要"]


def bank(load: Callable[..., Intake], title: str, *days: str) -> Intake:
    return load([[title], HEAD, *([day, "1", "", "x"] for day in days)])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("起止日期：2024年12月1日至2025年1月31日", (date(2024, 12, 1), date(2025, 1, 31))),
        ("20241201-20250131", (date(2024, 12, 1), date(2025, 1, 31))),
        ("2024-12-01 ~ 2025-01-31", (date(2024, 12, 1), date(2025, 1, 31))),
        ("２０２４年１２月至２０２５年２月", (date(2024, 12, 1), date(2025, 2, 28))),
        ("打印日期：2025-02-03", None),
        ("2025年1月31日至2024年12月1日", None),
        ("2024年13月至2025年14月", None),
        ("2024年2月30日至2025年1月31日", None),
        ("2024年度", None),
        ("2024-01-05至2024-01-05", (date(2024, 1, 5), date(2024, 1, 5))),
        ("2024年1月至2024年1月", (date(2024, 1, 1), date(2024, 1, 31))),
        ("2023年12月至2024年12月", (date(2023, 12, 1), date(2024, 12, 31))),
        ("2023年12月至2024年13月", None),
        ("2023年12月至2024年0月", None),
    ],
)
def test_span_that_a_line_states(line: str, expected: tuple[date, date] | None) -> None:
    assert stated_span([line]) == expected


def test_year_is_the_only_one_that_fits() -> None:
    span = (date(2023, 11, 1), date(2025, 1, 31))
    assert year_within(3, 1, span) == 2024
    assert year_within(12, 30, span) is None
    assert year_within(2, 29, (date(2024, 1, 1), date(2025, 12, 31))) == 2024


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["12-30", "12-31", "01-02"], True),
        (["12月30日", "12月30日", "12月31日", "1月2日"], True),
        (["01-02", "12-31", "12-30"], True),
        (["01-02", "03-04", "12-31"], False),
        (["12-31", "06-30", "01-02"], False),
        (["12-30", "01-02", "12-31", "01-03"], True),
        (["12-31", "01-02"], False),
        (["12-31", "01-02", "x"], False),
        (["11-30", "12-01", "12-31", "01-01"], True),
        (["2024-12-31", "2025-01-02", "2025-01-03"], False),
        ([None, "x", "y"], False),
    ],
)
def test_sorted_days_that_run_across_a_year_end(days: list[str | None], expected: bool) -> None:
    assert crosses_year(pl.Series(days, dtype=pl.String)) is expected


def test_span_above_the_table_gives_each_day_its_year(load: Callable[..., Intake]) -> None:
    found = bank(load, "2024年12月1日至2025年1月31日", "12-31", "01-02", "1月3日")
    days = found.tables["bank_txn"]["posted_on"].to_list()
    assert days == [date(2024, 12, 31), date(2025, 1, 2), date(2025, 1, 3)]


@pytest.mark.parametrize("title", ["银行流水", "2024年度", "2023年11月1日至2025年1月31日"])
def test_days_that_fit_two_years_are_refused_with_what_to_do(
    load: Callable[..., Intake], title: str
) -> None:
    found = bank(load, title, "12-30", "12-31", "01-02")
    assert found.rejected.height == 3
    assert "只有月日，不能确定是哪一年" in found.rejected["reason"][0]
    assert "more than one year fits" in found.rejected["reason_en"][0]


def test_days_within_the_one_year_of_the_title_are_read(load: Callable[..., Intake]) -> None:
    found = bank(load, "2024年度", "01-02", "03-04", "12-31")
    assert found.tables["bank_txn"]["posted_on"].to_list()[2] == date(2024, 12, 31)
