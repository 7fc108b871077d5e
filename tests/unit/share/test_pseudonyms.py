"""Pseudonyms: one-to-one, keyed, of the same form; check digits as right or wrong as before."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.share.codes import Codes, _luhn
from recon.share.errors import PseudonymsUsedUpError
from recon.share.keyed import Keyed
from recon.share.wording import LETTERS, Wording
from recon.tables.checks import ID_CHECKS, ID_WEIGHTS, PLATE_PATTERN, id_is_valid, uscc_is_valid
from recon.tables.names import long_id_no, name_key

CODES = Codes(Keyed(b"key"))
KEPT = ("有限公司", "工会委员会", "总工会", "返还", "汽油")


def words(*names: str) -> Wording:
    keyed = Keyed(b"key")
    made = Wording(keyed, Codes(keyed), KEPT)
    made.learn_names(names)
    return made


def holds(test: object, value: str) -> bool:
    return bool(pl.select(test(pl.lit(value)))[0, 0])  # type: ignore[operator]


def right_id(body: str) -> str:
    total = sum(int(d) * w for d, w in zip(body, ID_WEIGHTS, strict=True))
    return body + ID_CHECKS[total % 11]


def test_the_alphabet_has_no_letter_twice_and_none_that_ends_a_unit() -> None:
    assert len(LETTERS) == len(set(LETTERS))
    assert not set(LETTERS) & set("会局院校司厂店社部行所站队室馆宫")


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91350100M000100Y44", "12350100MB0123456X"])
def test_a_credit_code_stays_right_or_wrong(code: str) -> None:
    made = CODES.uscc(code)
    assert made != code
    assert made[:2] == code[:2]
    assert holds(uscc_is_valid, made) == holds(uscc_is_valid, code)


def test_the_organisation_code_is_the_same_inside_all_codes() -> None:
    long, tax, short = "91350100M000100Y43", "350100M000100Y4", "M000100Y4"
    made = CODES.uscc(long)
    assert made[8:17] == CODES.uscc(short)
    assert made[2:17] == CODES.uscc(tax)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 999999), st.dates().filter(lambda d: d.year > 1900), st.integers(0, 999))
def test_an_identity_number_keeps_birth_sex_and_its_check(
    place: int, born: object, order: int
) -> None:
    number = right_id(f"{place:06d}{str(born).replace('-', '')}{order:03d}")
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    made = CODES.id_no(number)
    assert made[6:14] == number[6:14]
    assert int(made[16]) % 2 == int(number[16]) % 2
    assert made[:2] == "99"
    assert holds(id_is_valid, made)
    assert not holds(id_is_valid, CODES.id_no(wrong))


def test_the_old_and_the_new_number_stay_one_person() -> None:
    old = "110105491231002"
    assert long_id_no(CODES.id_no(old)) == CODES.id_no(long_id_no(old))


@pytest.mark.parametrize("number", ["6222021234567890128", "45050000000001", "9900110000000015571"])
def test_an_account_keeps_ends_and_luhn(number: str) -> None:
    made = CODES.account(number)
    assert made != number
    assert (made[:2], made[-4:], len(made)) == (number[:2], number[-4:], len(number))
    assert _luhn(made) == _luhn(number)


def test_a_plate_stays_a_plate_of_nowhere() -> None:
    assert (
        pl.Series([CODES.plate("宁AD12345"), CODES.plate("宁A1234学")])
        .str.contains(PLATE_PATTERN)
        .all()
    )
    assert CODES.plate("宁A12345").startswith("使")


@settings(max_examples=30, deadline=None)
@given(st.sets(st.text("甲乙丙丁戊己庚辛", min_size=2, max_size=5), min_size=2, max_size=60))
def test_no_two_names_share_a_pseudonym(names: set[str]) -> None:
    made = {words().name(name) for name in names}
    assert len(made) == len(names)


def test_another_key_gives_other_pseudonyms() -> None:
    other = Codes(Keyed(b"other"))
    assert other.uscc("91350100M000100Y43") != CODES.uscc("91350100M000100Y43")


def test_names_that_are_compared_as_equal_share_a_pseudonym() -> None:
    made = words()
    assert made.name("甲 县（乙）食品有限责任公司") == made.name("甲县(乙)食品有限公司")


def test_what_begins_with_a_name_begins_with_its_pseudonym() -> None:
    made = words()
    assert made.name("示例县晨曦软件有限公司工会委员会") == (
        made.name("示例县晨曦软件有限公司") + "工会委员会"
    )
    assert made.name("示例县总工会").startswith(made.place("示例县"))


def test_a_person_stays_as_long_as_a_person_and_a_unit_a_unit() -> None:
    made = words()
    assert [len(made.name(name)) for name in ("张三", "欧阳三", "买买提江")] == [2, 3, 4]
    assert made.name("向阳厂").endswith("厂")
    assert name_key(made.name("张三")) == made.name("张三")


def test_known_names_and_numbers_are_found_inside_free_text() -> None:
    made = words("张三", "示例县晨曦软件有限公司")
    made.learn_numbers({"45050000000001": CODES.account("45050000000001")})
    text = made.text("返还示例县晨曦软件有限公司2024-03经费，经办张三，45050000000001，尾号0001")
    assert made.name("示例县晨曦软件有限公司") in text
    assert CODES.account("45050000000001") in text
    assert text.startswith("返还")
    assert "2024-03" in text
    assert text.endswith("尾号0001"[2:])
    assert not set(text) & set("示例晨曦软张三经办")


def test_short_numbers_and_days_stay_and_long_numbers_go() -> None:
    text = words().text("20240305 92# 13812345678 ABCD")
    assert text.startswith("20240305 92# ")
    assert "13812345678" not in text
    assert "ABCD" not in text


def test_when_pseudonyms_are_used_up_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recon.share.keyed._TURNS", 20)
    keyed = Keyed(b"key")
    keyed.get("kind", "a", lambda _: "same")
    with pytest.raises(PseudonymsUsedUpError, match="kind"):
        keyed.get("kind", "b", lambda _: "same")
