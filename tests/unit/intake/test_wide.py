"""Attendance sheets with sessions across."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from recon.intake.sheets.wide import find_sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake, RawSheet

ANNA, BERT = "11010519491231002X", "450881199002150026"
TWO_LINES = [
    ["2024年第一期签到表"],
    ["班次编号：PX-01"],
    ["序号", "姓名", "身份证号", "3月5日", "", "3月6日", "", "签名"],
    ["", "", "", "上午", "下午", "上午", "下午", ""],
    ["1", "安", ANNA, "√", "√", "", "√", "安"],
    ["2", "贝", BERT, "", "代", "×", "", ""],
    [],
    ["3", "无证", "", "√", "", "", "", ""],
]


def sessions(found: Intake) -> list[tuple[object, ...]]:
    return found.tables["attendance"].select("id_no", "session_on", "session").rows()


def test_two_header_lines_of_dates_and_half_days(load: Callable[..., Intake]) -> None:
    found = load(TWO_LINES)
    assert sessions(found) == [
        (ANNA, date(2024, 3, 5), "上午"),
        (ANNA, date(2024, 3, 5), "下午"),
        (ANNA, date(2024, 3, 6), "下午"),
    ]
    assert found.tables["attendance"]["class_no"].unique().to_list() == ["PX-01"]
    assert found.source_row["row_no"].to_list() == [5, 5, 5]


def test_every_source_row_is_in_one_class(load: Callable[..., Intake]) -> None:
    found = load(TWO_LINES)
    sheet = found.sheets[0]
    assert (sheet.rows_read, sheet.rows_accepted, sheet.rows_rejected) == (8, 1, 1)
    assert sheet.rows_skipped == 6
    assert found.rejected["row_no"].to_list() == [8]
    assert found.quality.select("check", "row_no", "column_letter").rows() == [
        ("signed_by_other", 6, "E")
    ]


@pytest.mark.parametrize("head", [["2024-03-05", "2024-03-06"], ["2024.3.5上午", "2024.3.6上午"]])
def test_one_header_line(load: Callable[..., Intake], head: list[str]) -> None:
    rows = [["班次编号", "姓名", "身份证号", *head], ["P1", "安", ANNA, "√", "√"]]
    assert [day for _, day, _ in sessions(load(rows))] == [date(2024, 3, 5), date(2024, 3, 6)]


def test_labels_above_the_dates(load: Callable[..., Intake]) -> None:
    rows = [
        ["班次编号", "姓名", "身份证号", "上课日期", ""],
        ["", "", "", "2024-03-05", "2024-03-06"],
        ["P1", "安", ANNA, "√", ""],
    ]
    assert [day for _, day, _ in sessions(load(rows))] == [date(2024, 3, 5)]


@pytest.mark.parametrize("head", ["", "补课"])
def test_marks_under_no_day_are_asked_about(load: Callable[..., Intake], head: str) -> None:
    rows = [["班次编号", "姓名", "身份证号", "2024-03-05", head, "2024-03-07", "2024-03-08"],
            ["P1", "安", ANNA, "√", "√", "", "√"]]  # fmt: skip
    found = load(rows)
    assert found.tables == {}
    assert "没有写明是哪一期" in found.questions[0].zh


def test_dates_without_a_year_anywhere_are_not_guessed(load: Callable[..., Intake]) -> None:
    rows = [["班次编号", "姓名", "身份证号", "3月5日", "3月6日"], ["P1", "安", ANNA, "√", "√"]]
    assert "attendance" not in load(rows).tables


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["班次编号", "身份证号", "上课日期", "签到时间"],
            ["P1", ANNA, "2024-03-05", "2024-03-05 08:00"],
        ],
        [
            ["姓名", "身份证号", "合同起始日", "合同到期日"],
            ["安", ANNA, "2024-01-01", "2024-12-31"],
        ],
    ],
)
def test_long_sheets_are_left_alone(raw: Callable[..., RawSheet], rows: list[list[str]]) -> None:
    assert find_sessions(raw(rows)) is None
