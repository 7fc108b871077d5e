"""Personal data is masked by the kind of its column, else by pattern."""

from __future__ import annotations

import polars as pl
import pytest

from recon.tables.masking import mask_cells, mask_patterns, mask_value
from tests.unit.output import factory


def _mask(value: str | None, kind: str | None) -> str | None:
    frame = pl.DataFrame({"v": [value], "k": [kind]}, schema={"v": pl.String, "k": pl.String})
    masked: str | None = frame.select(mask_value(pl.col("v"), pl.col("k"))).item()
    return masked


@pytest.mark.parametrize(
    ("value", "kind", "masked"),
    [
        ("450881198501010016", "id_no", "450881********0016"),
        ("45088119850101001X ", "id_no", "450881********001X"),
        ("12345", "id_no", "***45"),
        ("45050000000001234", "account", "****1234"),
        ("123", "card", "***"),
        ("13812345678", "phone", "138****5678"),
        ("欧阳明", "person", "欧*明"),
        ("桂R12345", "plate", "桂R12345"),
        ("123456789012.345678", "money", "123456789012.345678"),
        ("经办人450881198501010016", "text", "经办人450881********0016"),
        ("电话:13812345678", None, "电话:138****5678"),
        ("6222021234567890128", None, "****0128"),
        ("6222021234567890123", None, "6222021234567890123"),
        ("经办人450881198501010010", "text", "经办人450881********0010"),
        ("399050202409000249", "text", "399050202409000249"),
        ("91450881MA5K000000", None, "91450881MA5K000000"),
        ("号码13812345678901", None, "号码13812345678901"),
        ("2024-03-05 金额1234.56", None, "2024-03-05 金额1234.56"),
        ("", "id_no", ""),
        (None, "id_no", None),
    ],
)
def test_value_is_masked_by_kind(value: str, kind: str | None, masked: str | None) -> None:
    assert _mask(value, kind) == masked


def test_every_pattern_in_a_text_is_masked() -> None:
    text = "450881198501010016、13812345678和6222021234567890128"
    masked = pl.DataFrame({"v": [text]}).select(mask_patterns(pl.col("v"))).item()
    assert masked == "450881********0016、138****5678和****0128"


def test_cells_keep_rows_order_and_columns() -> None:
    intake = factory.intake()
    masked = mask_cells(intake.rejected, intake.sheets)
    assert masked.columns == intake.rejected.columns
    assert masked["value"].to_list() == [
        "450881********0016",
        "欧*明",
        "****1234",
        "电话138****5678=1",
    ]
    assert masked["reason"][0] == "校验位不符：450881********0016"


def test_headers_that_only_staff_know_are_masked_by_their_mapping() -> None:
    intake = factory.intake()
    row = intake.rejected[2:3].with_columns(header=pl.lit("对手帐户"))
    sheet = intake.sheets[1]
    object.__setattr__(sheet, "columns", {"对手帐户": "party_account"})
    assert mask_cells(row, intake.sheets)["value"][0] == "****1234"


def test_a_reason_that_quotes_the_value_quotes_the_masked_one() -> None:
    row = (
        factory.intake()
        .rejected[2:3]
        .with_columns(
            reason=pl.lit("45050000000001234 不是账号"), reason_en=pl.lit(None, dtype=pl.String)
        )
    )
    masked = mask_cells(row, ())
    assert masked["reason"][0] == "****1234 不是账号"
    assert masked["reason_en"][0] is None
