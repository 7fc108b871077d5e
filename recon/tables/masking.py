"""Personal data in cell values that are shown: numbers keep ends, names their first letter.

Here: masking of values of rejected rows and data-quality items by the kind of their column, and by
pattern where the column is free text or not known. Not here: masking inside rule messages (the
engine does that with the same functions) and the keyed tokens that joins use.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from recon.tables.names import PERSON, UNIT, is_unit_name
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.base.models import SheetCertificate
    from recon.tables.base import ColumnSpec

#: Free-text columns that hold a natural person's name, by (table, column).
PERSON_COLUMNS = frozenset(
    {
        ("trainee", "name"),
        ("attendance", "name"),
        ("person_status", "name"),
        ("member", "name"),
        ("labour_contract", "name"),
        ("fuel_txn", "driver"),
        ("trip", "driver"),
    }
)
MASKED_KINDS = frozenset({"id_no", "account", "card", "phone", "person"})
#: Kinds whose values are looked up by auditors and look like other numbers: left as they are.
#: An amount or a day is no such kind: people type other things into those columns.
_SAFE_KINDS = frozenset({"uscc", "plate"})
_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|\d{16,19}|1[3-9]\d{9})(?![0-9A-Za-z])")
_ID = re.compile(r"(\d\d)\d{4}(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[19]")
#: A number of that shape without a right check digit is a tax voucher's once the "birth" is later.
_LAST_BIRTH = 2012
#: A value at least this long is looked for in the reason; "1" would be found anywhere.
_QUOTED = 2


def _is_id(number: str) -> bool:
    """Tell whether a number is an identity number, or one with a typing error."""
    found = _ID.fullmatch(number)
    if found is None or not 1900 <= int(found[2]) <= 2099:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    is_right = "10X98765432"[total % 11] == number[-1].upper()
    return is_right or (_PROVINCE.fullmatch(found[1]) is not None and int(found[2]) <= _LAST_BIRTH)


def _is_bank_card(number: str) -> bool:
    """Tell whether a number is a bank card's by its first digits and its check digit (Luhn)."""
    if not number.isdigit() or not number.startswith(("62", "4", "5")):
        return False
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[::-2]) + sum(doubled)) % 10 == 0


def _mask_number(found: re.Match[str]) -> str:
    number = found[0]
    if len(number) == 11:
        return f"{number[:3]}****{number[-4:]}"
    if _is_id(number):
        return f"{number[:4]}************{number[-2:]}"
    return f"****{number[-4:]}" if _is_bank_card(number) else number


def mask_text(text: str) -> str:
    """Mask identity numbers, mobile phones and bank cards in one text.

    Example:
        >>> mask_text("call 13812345678")
        'call 138****5678'
    """
    return _NUMBER.sub(_mask_number, text)


def _mask_series(texts: pl.Series) -> pl.Series:
    """Mask the texts that hold a long number; few do."""
    masked = [
        _NUMBER.sub(_mask_number, text) if is_long else text
        for text, is_long in zip(texts, texts.str.contains(r"\d{11}"), strict=True)
    ]
    return pl.Series(texts.name, masked, dtype=pl.String)


def _ends(value: pl.Expr, head: int, tail: int) -> pl.Expr:
    """Keep both ends of a text; a text too short to hide anything in becomes stars."""
    size = value.str.len_chars()
    stars = pl.lit("*").repeat_by((size - head - tail).clip(0)).list.join("")
    masked = pl.concat_str(
        value.str.head(head), stars, value.str.tail(tail) if tail else pl.lit("")
    )
    return pl.when(size > head + tail).then(masked).otherwise(pl.lit("***"))


def mask_patterns(value: pl.Expr) -> pl.Expr:
    """Mask identity numbers, mobile phones and bank cards anywhere in a text.

    Voucher numbers and credit codes stay readable: an auditor looks rows up by them.

    Args:
        value: A Str expression.

    Returns:
        The text with such numbers shortened to their ends; null stays null.
    """
    return value.map_batches(_mask_series, return_dtype=pl.String)


def reads_like_person(value: pl.Expr) -> pl.Expr:
    """Tell whether the name of a party is a natural person's, as rules tell it."""
    name = value.str.replace_all(r"\s|\p{Cf}", "")
    return name.str.contains(PERSON) & ~name.str.contains(UNIT)


def mask_value(value: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """Mask a value by the kind of its column.

    Args:
        value: A Str expression, the cell as it was read.
        kind: A Str expression: id_no, account, card, phone, person, party (a person where the
            name reads like one), any other kind of the input contract, or null where the column is
            not known.

    Returns:
        The masked text; blank and null stay as they are.
    """
    blank = value.is_null() | (value.str.strip_chars() == "")
    return (
        pl.when(blank)
        .then(value)
        .when(kind == "id_no")
        .then(_ends(value, 4, 2))
        .when(kind.is_in(["account", "card"]))
        .then(_ends(value, 0, 4))
        .when(kind == "phone")
        .then(_ends(value, 3, 4))
        .when((kind == "person") | ((kind == "party") & reads_like_person(value)))
        .then(_ends(value, 1, 0))
        .when(kind.is_in(sorted(_SAFE_KINDS)))
        .then(value)
        .otherwise(mask_patterns(value))
    )


def mask_said(exceptions: pl.DataFrame) -> pl.DataFrame:
    """Mask numbers of persons in what exceptions say, wherever a text of a file has them."""
    said = ("message", "message_en", "detail")
    return exceptions.with_columns(mask_patterns(pl.col(name)) for name in said)


def _kind(table: str, column: ColumnSpec) -> str:
    if (table, column.name) in PERSON_COLUMNS:
        return "person"
    return "party" if is_unit_name(table, column.name) else column.kind


def column_kinds(sheets: Iterable[SheetCertificate]) -> pl.DataFrame:
    """Return what kind each header of each table is.

    Args:
        sheets: Certificates of the run; their column mappings add headers that only staff know.

    Returns:
        The kinds.

    Shape: one row per (table_name, header): table_name, header, kind.
    """
    kinds: dict[tuple[str, str], str] = {}
    for table, spec in specs().items():
        for column in spec.columns:
            for header in (*column.headers, column.name):
                kinds[table, header] = _kind(table, column)
    for sheet in sheets:
        known = specs()[sheet.table].by_name if sheet.table in specs() else {}
        for left, right in sheet.columns.items():
            for header, name in ((left, right), (right, left)):
                if sheet.table and name in known:
                    kinds[sheet.table, header] = _kind(sheet.table, known[name])
    rows = [(table, header, kind) for (table, header), kind in kinds.items()]
    return pl.DataFrame(rows, schema=["table_name", "header", "kind"], orient="row")


def _quoting_masked(reason: str) -> pl.Expr:
    """Put the masked value where a reason quotes the value."""

    def put(row: dict[str, str | None]) -> str | None:
        text, value, masked = row[reason], row["value"], row["masked"]
        if text is None or value is None or masked is None or len(value) < _QUOTED:
            return text
        return text.replace(value, masked)

    return pl.struct(reason, "value", "masked").map_elements(put, return_dtype=pl.String)


def mask_cells(cells: pl.DataFrame, sheets: Iterable[SheetCertificate]) -> pl.DataFrame:
    """Mask the values of rejected cells or data-quality items.

    Args:
        cells: Rows with table_name, header and value, and optionally kind (the intake gives it),
            reason and reason_en.
        sheets: Certificates of the run.

    Returns:
        The same rows in the same order, personal data masked, without kind.
    """
    reasons = [name for name in ("reason", "reason_en") if name in cells.columns]
    marked = cells
    if "kind" not in cells.columns:
        kinds = column_kinds(sheets)
        marked = cells.join(kinds, on=["table_name", "header"], how="left", maintain_order="left")
    masked = marked.with_columns(
        mask_value(pl.col("value").cast(pl.String), pl.col("kind")).alias("masked")
    ).with_columns(mask_patterns(_quoting_masked(name)).alias(name) for name in reasons)
    return masked.with_columns(pl.col("masked").alias("value")).drop("kind", "masked")
