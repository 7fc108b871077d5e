"""Checks of single values: codes and identity numbers against their standards, and their names."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import polars as pl
import pytest

from recon.tables.checks import check_for, checks_for, id_is_valid, uscc_is_valid

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORG = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def judged(test: object, *texts: str | None) -> list[bool | None]:
    frame = pl.DataFrame({"cell": list(texts)}, schema={"cell": pl.String})
    return frame.select(test(pl.col("cell"))).to_series().to_list()  # type: ignore[operator]


def with_check(body: str) -> str:
    """Return an identity number; the weight of a place is a power of two modulo 11."""
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def uscc(body: str) -> str:
    """Return a unified social credit code; the weights are powers of three modulo 31."""
    total = sum(USCC.index(sign) * (3**place % 31) for place, sign in enumerate(body))
    return body + USCC[-total % 31]


def organisation(body: str) -> str:
    """Return an organisation code; the weights are powers of two modulo 11."""
    total = sum(ORG.index(sign) * (2 ** (8 - place) % 11) for place, sign in enumerate(body))
    return body + "0123456789X"[-total % 11]


def test_identity_numbers_of_every_check_digit_are_valid_and_no_other_last_sign_is() -> None:
    numbers = [with_check(f"99010119900101{serial:03}") for serial in range(40)]
    assert {number[-1] for number in numbers} == set("0123456789X")
    assert judged(id_is_valid, *numbers) == [True] * 40
    others = [
        number[:-1] + sign for number in numbers[:4] for sign in "0123456789X" if sign != number[-1]
    ]
    assert judged(id_is_valid, *others) == [False] * 40


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        (with_check("99010119900230001"), False),
        (with_check("99010119901301001"), False),
        (with_check("99010120000229001"), True),
        ("99010119900101A01X", False),
        ("990101900101001", True),
        ("990101901001999", True),
        ("990101900230001", False),
        ("990101000229001", False),  # 1900 was no leap year
        ("A123456", True),
        ("K12345678901", True),
        ("A12345", False),
        ("K123456789012", False),
        ("K12-4567", False),
        ("k1234567", False),
        ("", False),
        (None, None),
    ],
)
def test_other_papers_and_days_that_are_none(number: str | None, verdict: bool | None) -> None:
    assert judged(id_is_valid, number) == [verdict]


def test_credit_codes_of_every_check_sign_are_valid_and_no_other_last_sign_is() -> None:
    rng = Random(1)  # noqa: S311 - a seeded example
    bodies = ["".join(rng.choices(USCC, k=17)) for _ in range(300)]
    codes = [uscc(body) for body in bodies]
    assert {code[-1] for code in codes} == set(USCC)
    assert judged(uscc_is_valid, *codes) == [True] * 300
    others = [codes[0][:-1] + sign for sign in USCC if sign != codes[0][-1]]
    assert judged(uscc_is_valid, *others) == [False] * 30
    assert judged(uscc_is_valid, "91350100M000100Y43", "91350100M00010IY43") == [True, False]
    assert judged(uscc_is_valid, "-" + "0" * 16 + "X") == [False]  # whatever a dash may be worth


def test_organisation_codes_of_every_check_sign_are_valid() -> None:
    rng = Random(2)  # noqa: S311 - a seeded example
    codes = [organisation("".join(rng.choices(ORG, k=8))) for _ in range(100)]
    assert {code[-1] for code in codes} == set("0123456789X")
    assert judged(uscc_is_valid, *codes) == [True] * 100
    others = [codes[0][:-1] + sign for sign in "0123456789X" if sign != codes[0][-1]]
    assert judged(uscc_is_valid, *others) == [False] * 10
    assert judged(uscc_is_valid, "D2143569X", "D2143569-") == [True, False]


def test_codes_of_every_length_and_script_are_judged_side_by_side() -> None:
    """Six Chinese signs take as many bytes as a code has, and a sign of three bytes makes 15 18."""
    good, number = uscc("91350100M000100Y4"), with_check("99010119900101001")
    codes = ["中" * 6, good, None, good[:-1] + "中", "中" + "1" * 15, "中" + "1" * 14, "D2143569X"]
    assert judged(uscc_is_valid, *codes) == [False, True, None, False, False, True, True]
    numbers = [None, "中" * 6, number, number[:-1] + "中", "中" + number[3:], "A123456", number]
    assert judged(id_is_valid, *numbers) == [None, False, True, False, False, True, True]


def test_codes_without_a_check_digit_go_by_their_length() -> None:
    codes = ["1" * length for length in (8, 10, 14, 15, 16, 17, 19, 20, 21)]
    assert judged(uscc_is_valid, *codes) == [
        False, False, False, True, False, True, False, True, False,
    ]  # fmt: skip
    assert judged(uscc_is_valid, None) == [None]


VALID = {
    "uscc": ("valid_uscc", "91350100M000100Y43", "91350100M000100Y44"),
    "id_no": ("valid_id_no", with_check("99010119900101001"), "990101199013010019"),
    "plate": ("valid_plate", "桂A12345", "A12345"),
    "account": ("valid_account", "12345", "1234"),
    "card": ("valid_card", "12345A", "12345"),
}


@pytest.mark.parametrize("kind", VALID)
@pytest.mark.parametrize("times", [1, 2000])
def test_a_check_says_cell_by_cell_what_is_broken(kind: str, times: int) -> None:
    name, good, bad = VALID[kind]
    (check,) = checks_for(kind, ())
    cells = pl.LazyFrame({"cell": [good, bad, None] * times})
    output = check(cells, "cell").check_output.collect()
    verdicts = [verdict is not False for verdict in output.to_series(-1).to_list()]
    assert (check.name, verdicts) == (name, [True, False, True] * times)


@pytest.mark.parametrize("kind", VALID)
def test_a_run_marks_the_cells_that_are_broken_in_short_columns_and_long_ones(kind: str) -> None:
    name, good, bad = VALID[kind]
    check = check_for(kind, ())
    assert check is not None
    assert check.name == name
    for times in (1, 4000):
        marks = check.broken(pl.Series([good, bad, None, good] * times))
        assert marks.to_list() == [False, True, False, False] * times


def test_a_run_marks_numbers_out_of_range() -> None:
    check = check_for("rate", ())
    assert check is not None
    rates = pl.Series([Decimal("-0.1"), None, Decimal("0.5"), Decimal("1.1")])
    assert check.broken(rates).to_list() == [True, False, False, True]


@pytest.mark.parametrize(
    ("kind", "name", "verdicts"),
    [
        ("rate", "rate_in_range", [False, True, True, False]),
        ("qty", "not_negative", [False, True, True, True]),
        ("int", "not_negative", [False, True, True, True]),
    ],
)
def test_numbers_have_their_range(kind: str, name: str, verdicts: list[bool]) -> None:
    (check,) = checks_for(kind, ())
    output = check(pl.LazyFrame({"cell": [-1, 0, 1, 2]}), "cell").check_output.collect()
    assert (check.name, output.to_series(-1).to_list()) == (name, verdicts)


def test_a_choice_is_one_of_its_values_and_other_kinds_have_no_check() -> None:
    (check,) = checks_for("enum", ("借", "贷"))
    output = check(pl.LazyFrame({"cell": ["借", "收"]}), "cell").check_output.collect()
    assert (check.name, output.to_series(-1).to_list()) == ("allowed_value", [True, False])
    assert checks_for("text", ()) == []
