"""Numbers and serial dates of a workbook, written exactly as they are stored."""

from __future__ import annotations

from datetime import datetime

import pytest

from recon.intake.formats.numbers import day_text, is_cut, moment_text, plain, span_text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (45717.0, "45717"),
        (-5.0, "-5"),
        (0.0, "0"),
        (120.0, "120"),
        (0.1 + 0.2, "0.30000000000000004"),
        (-1e-7, "-0.0000001"),
        (99999999999.99, "99999999999.99"),
        (1e14, "100000000000000"),
        (1e15, "1000000000000000"),
        (-1.5e15, "-1500000000000000"),
        (1e22, "10000000000000000000000"),
    ],
)
def test_a_number_is_its_shortest_exact_decimal(number: float, text: str) -> None:
    assert plain(number) == text


def test_only_whole_numbers_of_sixteen_digits_and_more_may_be_cut() -> None:
    assert [is_cut(number) for number in (1e15, -1e15, 3.5e17)] == [True] * 3
    assert [is_cut(number) for number in (1e15 - 1, 1e15 + 0.5, 1.0, -2.5)] == [False] * 4


@pytest.mark.parametrize(
    ("serial", "is_1904", "text"),
    [
        (1, False, "1900-01-01"),
        (59, False, "1900-02-28"),
        (60, False, "1900-02-28"),  # 1900-02-29 of the spreadsheet, which never was
        (61, False, "1900-03-01"),
        (45356.5, False, "2024-03-05 12:00:00"),
        (0, True, "1904-01-01"),
        (59, True, "1904-02-29"),
        (60, True, "1904-03-01"),
        (43894, True, "2024-03-05"),
    ],
)
def test_a_serial_day_counts_from_the_base_of_its_workbook(
    serial: float, is_1904: bool, text: str
) -> None:
    assert day_text(serial, is_1904=is_1904) == text


def test_a_moment_is_rounded_to_the_second() -> None:
    at = datetime(2024, 3, 5, 8, 30, 59)  # noqa: DTZ001 - no zone in a sheet
    assert moment_text(at.replace(microsecond=499_999)) == "2024-03-05 08:30:59"
    assert moment_text(at.replace(microsecond=500_000)) == "2024-03-05 08:31:00"
    last = at.replace(hour=23, minute=59, microsecond=700_000)
    assert moment_text(last) == "2024-03-06"


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (1.5, "36:00:00"),
        (-0.5, "-12:00:00"),
        (-1e-9, "00:00:00"),
        (0, "00:00:00"),
        (3661 / 86_400, "01:01:01"),
        (-59 / 86_400, "-00:00:59"),
    ],
)
def test_a_span_is_written_in_hours_minutes_and_seconds(days: float, text: str) -> None:
    assert span_text(days) == text
