"""Values cell by cell: every form that people write, and what is refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.intake.values.amounts import parse_amount, parse_whole
from recon.intake.values.columns import ValueContext, parse_values
from recon.tables.registry import specs


def read(table: str, column: str, *cells: str | None, **context: object) -> list[object]:
    spec = specs()[table].by_name[column]
    series = pl.Series("cells", list(cells), dtype=pl.String)
    return parse_values(spec, series, ValueContext(**context)).values.to_list()  # type: ignore[arg-type]


def bad(table: str, column: str, *cells: str | None, **context: object) -> list[bool]:
    spec = specs()[table].by_name[column]
    series = pl.Series("cells", list(cells), dtype=pl.String)
    return parse_values(spec, series, ValueContext(**context)).bad.to_list()  # type: ignore[arg-type]


def flagged(check: str, table: str, column: str, *cells: str | None) -> list[bool]:
    spec = specs()[table].by_name[column]
    series = pl.Series("cells", list(cells), dtype=pl.String)
    return dict(parse_values(spec, series, ValueContext()).flags)[check].to_list()


MONEY = {
    "1234.56": "1234.56",
    "1,234.56": "1234.56",
    "12,345,678.90": "12345678.90",
    "+5": "5.00",
    "¥1,234.56": "1234.56",
    "￥ 1 234.50": "1234.50",
    "1，234.56元": "1234.56",
    "人民币100元整": "100.00",
    "RMB 7": "7.00",
    "(1,234.00)": "-1234.00",
    "（1,234.00）": "-1234.00",
    "（¥5）": "-5.00",
    "１２３４．５６": "1234.56",
    "1.2万元": "12000.00",
    "1.23456亿": "123456000.00",
    "100-": "-100.00",
    "负100": "-100.00",
    "−100": "-100.00",
    "红字100": "-100.00",
    "△12": "-12.00",
    "-": "0.00",
    "—": "0.00",
    "——": "0.00",
    ".5": "0.50",
    "12.": "12.00",
    " 3 ": "3.00",
    "\t3\u00a0": "3.00",
    '="3.10"': "3.10",
    "'3": "3.00",
    "1.005": "1.01",
    "2.675": "2.68",
    "-2.675": "-2.68",
    "0.30000000000000004": "0.30",
    "1.23E-07": "0.00",
    "9999999999999999.99": "9999999999999999.99",
}
NOT_MONEY = [
    "abc", "1,23", "1.234,5", "12.3.4", "1e5", "1.2E+17", "N/A", "#DIV/0!", "-(5)", "(-5)", "$5",
    "五元", "99999999999999999", "1-2", "1 000 000 000 000 000 000 000", "--5", "元", "万",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MONEY.items())
def test_money_is_read_exactly(text: str, expected: str) -> None:
    assert read("tax_collection", "paid", text) == [Decimal(expected)]


@pytest.mark.parametrize("text", NOT_MONEY)
def test_what_is_no_money_is_refused(text: str) -> None:
    assert read("tax_collection", "paid", text) == [None]
    assert bad("tax_collection", "paid", text) == [True]


def test_blank_money_is_null_and_not_bad() -> None:
    assert read("tax_collection", "due", None, None) == [None, None]
    assert read("tax_collection", "due", "", None, " ", "\u3000") == [None] * 4
    assert bad("tax_collection", "due", "", None, " ", "\u3000") == [False] * 4


def test_more_than_two_decimals_are_said_but_not_noise_of_number_cells() -> None:
    cells = ("1.005", "1.50", "1.500", "0.30000000000000004", "1,234.567", "1.23E-07")
    assert flagged("rounded", "tax_collection", "paid", *cells) == [
        True, False, False, False, True, False,
    ]  # fmt: skip


def test_noise_of_number_cells_ends_at_half_a_millionth() -> None:
    cells = ("1.000000500", "1.000000501", "1.0000000", "1.00000E-1", None)
    assert flagged("rounded", "tax_collection", "paid", *cells) == [
        False,
        True,
        False,
        False,
        False,
    ]


def test_a_number_too_large_for_its_column_is_refused() -> None:
    assert bad("fuel_txn", "litres", "999999999999", "9999999999999", "1e13") == [False, True, True]
    assert bad("tax_collection", "paid", "9999999999999999", "10000000000000000") == [False, True]
    assert (parse_whole("9" * 18), parse_whole("9" * 19)) == (10**18 - 1, None)


def test_wan_multiplies_exactly_and_a_cells_own_unit_wins() -> None:
    cells = ("1.23456", "0.5", "1.2万元", "3元", "-", "1,000", "(0.01)")
    expected = ["12345.60", "5000", "12000", "3", "0", "10000000", "-100"]
    assert read("tax_collection", "paid", *cells, unit="wan") == [Decimal(one) for one in expected]


def test_plain_cells_of_another_unit_are_scaled_too() -> None:
    assert read("tax_collection", "paid", "1.50", "2.00", unit="wan") == [15000, 20000]
    assert read("tax_collection", "rate", "2.00", "0.80", unit="percent") == [
        Decimal("0.02"), Decimal("0.008"),
    ]  # fmt: skip
    assert read("payer", "revenue_wan", "15000", "20000", unit="yuan") == [Decimal("1.5"), 2]


def test_columns_kept_in_wan_stay_in_wan() -> None:
    assert read("payer", "revenue_wan", "120", "1.2亿", "300万元", "5000元") == [
        Decimal(120), Decimal(12000), Decimal(300), Decimal("0.5"),
    ]  # fmt: skip
    assert read("payer", "revenue_wan", "1,200,000.5", "300万元", unit="yuan") == [
        Decimal("120.00005"), Decimal(300),
    ]  # fmt: skip


DAYS = {
    "2024-01-05": date(2024, 1, 5),
    "2024.1.5": date(2024, 1, 5),
    "2024. 1. 5": date(2024, 1, 5),
    "20240105": date(2024, 1, 5),
    "2024年1月5日": date(2024, 1, 5),
    "二〇二四年一月五日": date(2024, 1, 5),
    "二○二四年十二月三十一日": date(2024, 12, 31),
    "二零二四年十月二十日": date(2024, 10, 20),
    "二〇二四年十一月十九日": date(2024, 11, 19),
    "2024/1/5": date(2024, 1, 5),
    "2024-1-5 08:30": date(2024, 1, 5),
    "2024-01-05 08:30:15": date(2024, 1, 5),
    "2024-01-05T08:30:15": date(2024, 1, 5),
    "20240105083015": date(2024, 1, 5),
    "45296": date(2024, 1, 5),
    "45296.75": date(2024, 1, 5),
    "２０２４-01-05": date(2024, 1, 5),
    "2024/1/5 星期五": date(2024, 1, 5),
    "2024年1月5日（周五）": date(2024, 1, 5),
    "24年1月5日": date(2024, 1, 5),
    "2024。1。5": date(2024, 1, 5),
    "2024—01—05": date(2024, 1, 5),
    "2024 01 05": date(2024, 1, 5),
    "05-JAN-24": date(2024, 1, 5),
}


@pytest.mark.parametrize(("text", "expected"), DAYS.items())
def test_days_are_read(text: str, expected: date) -> None:
    assert read("tax_collection", "treasury_on", text) == [expected]


@pytest.mark.parametrize(
    "text",
    ["2024-13-01", "24.1.5", "2024-02-30", "2024年1月", "1月5日", "19999", "80001", "昨天", "1.5"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    assert read("tax_collection", "treasury_on", text) == [None]
    assert bad("tax_collection", "treasury_on", text) == [True]


def test_serials_count_from_1904_where_the_workbook_says_so() -> None:
    assert read("tax_collection", "treasury_on", "43834", is_1904=True) == [date(2024, 1, 5)]


def test_a_date_without_year_takes_the_one_year_of_the_title() -> None:
    assert (
        read("tax_collection", "treasury_on", "3月5日", "3.5", year=2024) == [date(2024, 3, 5)] * 2
    )


def test_a_month_bounds_a_period_but_is_no_other_day() -> None:
    assert read("tax_collection", "period_from", "2024年2月", "202402") == [date(2024, 2, 1)] * 2
    assert read("tax_collection", "period_to", "2024年2月", "202402") == [date(2024, 2, 29)] * 2


@pytest.mark.parametrize(
    "text",
    [
        "2024-03",
        "202403",
        "2024年3月",
        "2024年03月份",
        "2024.3",
        "2024/3",
        "2024-03-15",
        "45366",
        "20240315",
        "24年3月",
        "2024年第3期",
        "Mar-24",
        "Mar-2024",
    ],
)
def test_months_are_first_days(text: str) -> None:
    assert read("payroll", "month", text) == [date(2024, 3, 1)]


def test_a_month_in_chinese_numerals() -> None:
    assert read("gl_balance", "month", "二〇二四年四月") == [date(2024, 4, 1)]
    assert bad("gl_balance", "month", "二〇二四年十三月") == [True]


def test_a_bare_month_takes_the_year_of_the_title() -> None:
    assert read("payroll", "month", "3月", year=2024) == [date(2024, 3, 1)]
    assert bad("payroll", "month", "3月") == [True]


def test_january_as_a_number_is_said_where_october_could_be_meant() -> None:
    assert flagged("month_two_ways", "payroll", "month", "2024.1", "2024.2") == [True, False]
    assert flagged("month_two_ways", "payroll", "month", "2024.1", "2024.10") == [False, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024/1/5", (2024, 1, 5)),
        ("2024-1-5 上午8:30", (2024, 1, 5, 8, 30)),
        ("2024-1-5 下午3:05", (2024, 1, 5, 15, 5)),
        ("2024-1-5 3:05 pm", (2024, 1, 5, 15, 5)),
        ("2024-1-5 12:10 AM", (2024, 1, 5, 0, 10)),
        ("2024-1-5 12:10 PM", (2024, 1, 5, 12, 10)),
        ("2024-1-5 下午15:00", (2024, 1, 5, 15)),
        ("2024-1-5 8时30分15秒", (2024, 1, 5, 8, 30, 15)),
        ("2024-1-5 08:30:15.75", (2024, 1, 5, 8, 30, 15)),
        ("2024-01-05T08:30:15Z", (2024, 1, 5, 8, 30, 15)),
        ("20240105 0830", (2024, 1, 5, 8, 30)),
        ("45296.75", (2024, 1, 5, 18)),
        ("20000", (1954, 10, 3)),
        ("80000", (2119, 1, 11)),
        ("1900-1-1", (1900, 1, 1)),
        ("2100年12月31日", (2100, 12, 31)),
    ],
)
def test_moments_of_every_form(text: str, expected: tuple[int, ...]) -> None:
    assert read("fuel_txn", "txn_at", text) == [datetime(*expected)]  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize(
    "text", ["2024-1-5 中午", "2024-1-5 24:00", "1899-12-31", "2101-01-01", "2024-1-5 8:61"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    assert bad("fuel_txn", "txn_at", text) == [True]


def test_a_short_year_is_of_this_century_before_seventy() -> None:
    assert read("tax_collection", "treasury_on", "69年1月5日", "70年1月5日") == [
        date(2069, 1, 5), date(1970, 1, 5),
    ]  # fmt: skip


def test_a_date_without_year_takes_the_year_in_which_the_stated_span_has_it() -> None:
    span = (date(2023, 12, 20), date(2024, 3, 10))
    days = [date(2023, 12, 31), date(2024, 1, 2), None]
    assert read("tax_collection", "treasury_on", "12-31", "1月2日", "5-1", span=span) == days


def test_months_of_a_year_are_one_to_twelve() -> None:
    assert read("payroll", "month", "1900年1月", "2100年12月", "1月", year=2024) == [
        date(1900, 1, 1), date(2100, 12, 1), date(2024, 1, 1),
    ]  # fmt: skip
    assert (
        bad("payroll", "month", "2024年0月", "2024年13月", "1899年12月", "2101年1月") == [True] * 4
    )


def test_moments_are_read() -> None:
    assert read(
        "fuel_txn", "txn_at", "2024-01-05 08:30:15", "2024/1/5 8:30", "20240105083015", "45296.5"
    ) == [
        datetime(2024, 1, 5, 8, 30, 15),  # noqa: DTZ001
        datetime(2024, 1, 5, 8, 30),  # noqa: DTZ001
        datetime(2024, 1, 5, 8, 30, 15),  # noqa: DTZ001
        datetime(2024, 1, 5, 12, 0),  # noqa: DTZ001
    ]
    assert bad("fuel_txn", "txn_at", "2024-01-05 25:00", "中午") == [True, True]


def test_rates() -> None:
    cells = ("0.02", "2%", "0.8 %", "2‰", "２％", "2")
    assert read("tax_collection", "rate", *cells) == [
        Decimal(one) for one in ("0.02", "0.02", "0.008", "0.002", "0.02", "2")
    ]
    assert read("tax_collection", "rate", "2", "0.8", "2%", unit="percent") == [
        Decimal(one) for one in ("0.02", "0.008", "0.02")
    ]


def test_whole_numbers() -> None:
    assert read("payer", "headcount", "1,234", "12.0", "36人", "-", "７") == [1234, 12, 36, None, 7]
    assert bad("payer", "headcount", "12.5", "很多", "1,23") == [True, True, True]
    assert read("payer_year", "year", "2024年", "2024年度") == [2024, 2024]


def test_quantities_drop_their_unit() -> None:
    assert read("fuel_txn", "litres", "10.5升", "1,000.25", "3L") == [
        Decimal("10.5"), Decimal("1000.25"), Decimal(3),
    ]  # fmt: skip


def test_yes_and_no() -> None:
    yes = ("是", "有", "√", "1", "Y", "y", "TRUE", "合格", "✓")
    no = ("否", "无", "0", "N", "false", "不合格", "×")
    assert read("trainee", "passed", *yes) == [True] * len(yes)
    assert read("trainee", "passed", *no) == [False] * len(no)
    assert bad("trainee", "passed", "也许", None, "-") == [True, False, False]


def test_choices_take_other_spellings_and_keep_what_is_unknown() -> None:
    assert read("tax_collection", "item", "工会筹备金", "筹备金", " 工会经费 ", "房产税") == [
        "建会筹备金", "建会筹备金", "工会经费", "房产税",
    ]  # fmt: skip
    assert read("fuel_card", "status", "挂失卡", "正常") == ["挂失", "正常"]
    assert read("fund_transfer", "kind", "上缴", "基层回拨") == ["上解", "基层回拨"]


def test_a_column_of_other_spellings_alone_is_read() -> None:
    assert read("fuel_card", "status", "挂失卡", "停用卡", None) == ["挂失", "停用", None]


def test_blank_cells_have_no_remark() -> None:
    for column in ("payer_name", "payer_uscc"):
        assert flagged("number_cut", "payer", column, "1.234E+17", None) == [True, False]
    hidden = flagged("invisible_characters", "payer", "payer_name", "某\u202e公司", None)
    assert hidden == [True, False]
    assert flagged("month_two_ways", "payroll", "month", "2024.1", None) == [True, False]


def test_a_default_fills_empty_cells() -> None:
    assert read("tax_collection", "channel", None, None) == ["税务", "税务"]
    assert read("settlement", "fee", None, " ") == [Decimal(0), Decimal(0)]
    assert read("tax_collection", "channel", None, "财政划拨") == ["税务", "财政划拨"]
    assert read("settlement", "fee", None, "1.50") == [Decimal(0), Decimal("1.50")]


def test_identifiers_stay_text_in_one_form() -> None:
    cells = ("9145 0881-ma5k000121", "９１450881MA5K000121", "无", "-")
    assert read("payer", "payer_uscc", *cells) == [
        "91450881MA5K000121", "91450881MA5K000121", None, None,
    ]  # fmt: skip
    assert read("trainee", "id_no", "45088119850101001x", "'450881198501010015") == [
        "45088119850101001X", "450881198501010015",
    ]  # fmt: skip
    assert read("bank_txn", "account_no", "4505 0000 0000 0001", "007", "45050000000001.0") == [
        "4505000000000001", "007", "45050000000001",
    ]  # fmt: skip
    assert read("vehicle", "plate", "桂a·12345", "桂Ａ 12345") == ["桂A12345", "桂A12345"]


def test_the_word_of_a_database_for_nothing_is_no_code_among_clean_ones_either() -> None:
    assert read("bank_txn", "account_no", "45050001", "NULL", "NONE", "NA") == [
        "45050001", None, None, None,
    ]  # fmt: skip


def test_a_number_in_scientific_notation_is_said_to_be_cut_and_kept() -> None:
    assert flagged("number_cut", "trainee", "id_no", "4.50881E+17", "450881198501010015") == [
        True,
        False,
    ]
    assert read("trainee", "id_no", "4.50881E+17") == ["4.50881E+17"]


def test_text_keeps_its_words_without_invisible_characters() -> None:
    assert read("payer", "payer_name", " 某公司\n分部 ", "某\u200b公司", "—") == [
        "某公司 分部",
        "某公司",
        None,
    ]
    assert flagged("invisible_characters", "payer", "payer_name", "某\u202e公司", "某公司") == [
        True,
        False,
    ]


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=30))
def test_no_text_breaks_a_reader(text: str) -> None:
    for table, column in (
        ("tax_collection", "paid"), ("tax_collection", "rate"), ("tax_collection", "paid_on"),
        ("payroll", "month"), ("fuel_txn", "txn_at"), ("fuel_txn", "litres"),
        ("payer", "headcount"), ("payer", "payer_uscc"), ("payer", "above_scale"),
        ("payer", "size_class"), ("payer", "region"),
    ):  # fmt: skip
        assert len(read(table, column, text, None)) == 2


@settings(max_examples=60, deadline=None)
@given(st.decimals(min_value=-(10**13), max_value=10**13, places=2, allow_nan=False))
def test_every_written_form_of_an_amount_is_that_amount(amount: Decimal) -> None:
    size = abs(amount)
    forms = [
        f"{amount}",
        f"{amount:,}",
        f"¥{size:,}元" if amount >= 0 else f"({size:,})",
        f"{amount} ",
    ]
    assert read("tax_collection", "paid", *forms) == [amount] * 4
    assert parse_amount(f"{amount:,}") == amount


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_every_whole_number_is_read(number: int) -> None:
    assert parse_whole(f"{number:,}") == number


def test_large_amounts_in_wan_are_read_to_the_fen() -> None:
    found = read("bank_txn", "balance", "1234567.89", "123456789012.5", "1234567890123", unit="wan")
    assert found == [Decimal("12345678900.00"), Decimal("1234567890125000.00"), None]
