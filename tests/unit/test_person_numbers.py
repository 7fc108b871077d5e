"""Numbers of persons are found and masked in whatever dress; other long numbers stay readable."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.tables.masking import mask_patterns, mask_text
from recon.tables.person_numbers import LONG

ID = "990000196203111023"
PHONE = "13812345678"
CARD = "6222021234567890128"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

DRESSED = [
    ID,
    f"{ID[:6]} {ID[6:14]} {ID[14:]}",
    f"{ID[:6]}-{ID[6:14]}-{ID[14:]}",
    f"{ID[:6]}/{ID[6:]}",
    ID.translate(WIDE),
    ID.translate(ARABIC),
    f"{ID[:3]}\u200b{ID[3:]}",
    f"工号A{ID}B",
    f"{ID}{PHONE}",
    f"{PHONE}{ID}",
    PHONE,
    f"+86{PHONE}",
    f"0086{PHONE}",
    "+86 138 1234 5678",
    "138-1234-5678",
    "138 1234 5678",
    "138－1234－5678",
    PHONE.translate(WIDE),
    f"tel{PHONE}x",
    f"电话{PHONE}、",
    "110105491231002",
    "110105 491231 002",
    CARD,
    "6222 0212 3456 7890 128",
]


def digits(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


@pytest.mark.hostile(
    "numbers of persons full-width, spaced, dashed, amid letters, with +86", "masked"
)
@pytest.mark.parametrize("text", DRESSED)
def test_a_number_of_a_person_is_masked_in_any_dress(text: str) -> None:
    for around in ("{}", "付{}款", "见 {}，2024-03-05", "a{}b"):
        masked = mask_text(around.format(text))
        assert masked != around.format(text)
        assert all(number not in digits(masked) for number in (ID, PHONE, CARD))
        shown = pl.select(mask_patterns(pl.lit(around.format(text)))).item()
        assert shown == masked


@pytest.mark.parametrize(
    "text",
    [
        "2%×150000.00−2400.00=600.00",
        "金额13812345678.00元",
        "20240305001",
        "V202403050012345678",
        "91450881MA5K000121",
        "91450013812345678A",
        "12345678901234567890",
        "2024-03-05 2024-03-06 1200.00",
        "1500 2024001 2024-03-05",
        "320240100000012345",
    ],
)
def test_other_long_numbers_stay_readable(text: str) -> None:
    assert mask_text(text) == text


@given(st.text(alphabet="0123456789 -/.Xx１２٣付\u200b", max_size=60))
def test_masking_twice_changes_nothing_more_and_loses_no_other_text(text: str) -> None:
    masked = mask_text(text)
    assert mask_text(masked) == masked
    assert masked.count("付") == text.count("付")


@given(st.sampled_from(DRESSED), st.text(alphabet="付款ab，。 ", max_size=9))
def test_the_quick_look_never_passes_over_a_number(number: str, before: str) -> None:
    text = before + number
    assert pl.select(pl.lit(text).str.contains(LONG)).item()
