"""The working calendar: known and unknown years, year files, counting of workdays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import chinese_calendar
import polars as pl
import pytest

from recon.base.errors import ConfigError
from recon.base.texts import speak
from recon.policy.calendars import FIRST_DAY, calendar_of, load_calendar, ref_day, unknown_years

if TYPE_CHECKING:
    from pathlib import Path

LAST = date(2029, 12, 31)
YEAR_FILE = """
holidays: [2029-01-01, 2029-02-12, 2029-02-13, 2029-02-14]
workdays: [2029-02-11]
source: 国务院办公厅通知
"""


@pytest.fixture(scope="module")
def days() -> pl.DataFrame:
    return ref_day(load_calendar(), LAST)


def at(days: pl.DataFrame, day: date) -> dict[str, Any]:
    return days.row(by_predicate=pl.col("day") == day, named=True)


def test_one_row_per_day_without_gaps(days: pl.DataFrame) -> None:
    assert days["day"].min() == FIRST_DAY
    assert days["day"].max() == LAST
    assert days["day_no"].to_list() == list(range(1, (LAST - FIRST_DAY).days + 2))
    assert days.null_count().sum_horizontal().item() == 0


@pytest.mark.parametrize("year", [2020, 2023, 2024, 2025])
def test_agrees_with_the_package_day_by_day(days: pl.DataFrame, year: int) -> None:
    for row in days.filter(pl.col("day").dt.year() == year).iter_rows(named=True):
        assert row["is_workday"] == chinese_calendar.is_workday(row["day"])
        assert row["is_known"]


def test_spring_festival_2024(days: pl.DataFrame) -> None:
    assert at(days, date(2024, 2, 15))["is_holiday"]
    assert at(days, date(2024, 2, 15))["next_workday"] == date(2024, 2, 18)  # a Sunday worked
    assert not at(days, date(2024, 2, 18))["is_holiday"]
    assert at(days, date(2024, 2, 18))["is_workday"]


def test_plain_weekend_is_no_holiday(days: pl.DataFrame) -> None:
    saturday = at(days, date(2024, 3, 2))
    assert not saturday["is_workday"]
    assert not saturday["is_holiday"]
    assert saturday["next_workday"] == date(2024, 3, 4)


def test_workday_is_its_own_next_workday(days: pl.DataFrame) -> None:
    working = days.filter("is_workday")
    assert working["day"].equals(working["next_workday"])


def test_adding_workdays_is_a_join_on_the_running_count(days: pl.DataFrame) -> None:
    start = at(days, date(2024, 2, 8))
    found = days.filter(pl.col("is_workday"), pl.col("workday_no") == start["workday_no"] + 2)
    assert found["day"].to_list() == [date(2024, 2, 18)]  # 9 February, then 18 February


def test_unknown_year_has_weekends_only_and_says_so(days: pl.DataFrame) -> None:
    known = load_calendar().years
    year = max(known) + 1
    unknown = days.filter(pl.col("day").dt.year() == year)
    assert not unknown["is_known"].any()
    assert unknown["is_workday"].equals(unknown["day"].dt.weekday() <= 5)
    assert not unknown["is_holiday"].any()


def test_years_before_the_package_are_unknown(days: pl.DataFrame) -> None:
    assert not at(days, date(2001, 5, 1))["is_known"]


def test_last_day_knows_its_next_workday() -> None:
    saturday = date(2029, 12, 29)
    days = ref_day(load_calendar(), saturday)
    assert days["day"].max() == saturday
    assert at(days, saturday)["next_workday"] == saturday + timedelta(days=2)


def test_workspace_year_file(tmp_path: Path) -> None:
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "2029.yaml").write_text(YEAR_FILE, encoding="utf-8")
    (tmp_path / "holidays" / "notes.yaml").write_text("a: 1", encoding="utf-8")
    calendar = load_calendar(tmp_path)
    days = ref_day(calendar, LAST)
    assert [path.name for path in calendar.files] == ["2029.yaml"]
    assert at(days, date(2029, 2, 11))["is_workday"]
    assert at(days, date(2029, 2, 13))["next_workday"] == date(2029, 2, 15)
    assert at(days, date(2029, 7, 2))["is_known"]
    assert not at(days, date(2028, 7, 3))["is_known"]


def test_fingerprint_changes_with_the_year_files(tmp_path: Path) -> None:
    shipped = calendar_of(None).fingerprint
    assert calendar_of(tmp_path).fingerprint == shipped
    (tmp_path / "holidays").mkdir()
    assert load_calendar(tmp_path).fingerprint == shipped
    (tmp_path / "holidays" / "2029.yaml").write_text(YEAR_FILE, encoding="utf-8")
    assert calendar_of(tmp_path).fingerprint != shipped


def test_unknown_years_are_named_in_one_warning() -> None:
    calendar = calendar_of(None)
    last = max(calendar.years)
    assert unknown_years(calendar, date(2024, 1, 1), date(last, 12, 31)) == ()
    (warning,) = unknown_years(calendar, date(last, 1, 1), date(last + 2, 1, 1))
    assert f"{last + 1}, {last + 2}" in warning.en
    assert str(last) + "、" not in warning.zh


def test_year_file_adds_to_what_the_package_says(tmp_path: Path) -> None:
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "2024.yaml").write_text("holidays: [2024-07-01]", encoding="utf-8")
    days = ref_day(load_calendar(tmp_path), LAST)
    assert not at(days, date(2024, 7, 1))["is_workday"]
    assert not at(days, date(2024, 2, 15))["is_workday"]
    assert at(days, date(2024, 2, 18))["is_workday"]


def test_year_file_replaces_a_year_only_when_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "holidays").mkdir()
    text = "holidays: [2024-01-01]\nreplaces: true"
    (tmp_path / "holidays" / "2024.yaml").write_text(text, encoding="utf-8")
    days = ref_day(load_calendar(tmp_path), LAST)
    assert at(days, date(2024, 2, 15))["is_workday"]
    assert not at(days, date(2024, 2, 18))["is_workday"]


@pytest.mark.parametrize(
    ("day", "is_workday"),
    [
        (date(2021, 4, 15), False),  # 三月三 of 2021
        (date(2021, 4, 18), True),  # the Sunday worked for it
        (date(2022, 4, 2), False),  # a national make-up workday, off in Guangxi
        (date(2020, 3, 26), True),  # cancelled in 2020
        (date(2021, 10, 1), False),  # the national holidays stay
    ],
)
def test_a_locale_adds_its_holidays_to_the_national_year(day: date, is_workday: bool) -> None:
    days = ref_day(calendar_of(None, "guangxi"), LAST)
    assert at(days, day)["is_workday"] is is_workday


def test_a_locale_does_not_make_a_year_known() -> None:
    assert 2027 not in calendar_of(None, "guangxi").years


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("holidays: [2028-01-01]", "'2028-01-01' is wrong. Use a day of 2029"),
        ("holidays: [soon]", "'soon' is wrong"),
        ("holidays: 2030-01-01", "holidays: '2030-01-01' is wrong. Use a list"),
        ("holliday: []", "'holidays' is missing"),
        ("holidays: []\nwork_days: []", "Did you mean 'workdays'?"),
        ("holidays: []\nholidays: []", "duplicate key"),
    ],
)
def test_each_fault_of_a_year_file(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "2029.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_calendar(tmp_path)
    speak("en")
    try:
        assert said in str(caught.value)
    finally:
        speak("zh")
