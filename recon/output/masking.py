"""Personal data in cell values that are shown: numbers keep ends, names their first letter.

Here: masking of values of rejected rows and data-quality items by the kind of their column, and by
pattern where the column is free text or not known. Not here: masking inside rule messages (the
engine does that with the same functions) and the keyed tokens that joins use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.models import SheetCertificate
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
#: Kinds whose text cannot hold personal data, so that no pattern is looked for in it.
_SAFE_KINDS = frozenset(
    {"uscc", "plate", "date", "datetime", "month", "money", "qty", "rate", "int", "bool", "enum"}
)
_ID = r"(?-u:\b)([1-9]\d{3})\d{2}(?:18|19|20)\d{8}(\d[\dXx])(?-u:\b)"
_LONG = r"(?-u:\b)\d{8,28}(\d{4})(?-u:\b)"
_PHONE = r"(?-u:\b)(1[3-9]\d)\d{4}(\d{4})(?-u:\b)"


def _ends(value: pl.Expr, head: int, tail: int) -> pl.Expr:
    """Keep both ends of a text; a text too short to hide anything in becomes stars."""
    size = value.str.len_chars()
    stars = pl.lit("*").repeat_by((size - head - tail).clip(0)).list.join("")
    masked = pl.concat_str(
        value.str.head(head), stars, value.str.tail(tail) if tail else pl.lit("")
    )
    return pl.when(size > head + tail).then(masked).otherwise(pl.lit("***"))


def mask_patterns(value: pl.Expr) -> pl.Expr:
    """Mask identity numbers, phones and long account numbers anywhere in a text.

    Args:
        value: A String expression.

    Returns:
        The text with 450881********1234-like numbers shortened; null stays null.
    """
    return (
        value.str.replace_all(_ID, "${1}************${2}")
        .str.replace_all(_PHONE, "${1}****${2}")
        .str.replace_all(_LONG, "****${1}")
    )


def mask_value(value: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """Mask a value by the kind of its column.

    Args:
        value: A String expression, the cell as it was read.
        kind: A String expression: id_no, account, card, phone, person, any other kind of the
            input contract, or null where the column is not known.

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
        .when(kind == "person")
        .then(_ends(value, 1, 0))
        .when(kind.is_in(sorted(_SAFE_KINDS)))
        .then(value)
        .otherwise(mask_patterns(value))
    )


def _kind(table: str, column: ColumnSpec) -> str:
    return "person" if (table, column.name) in PERSON_COLUMNS else column.kind


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
    return marked.with_columns(
        mask_value(pl.col("value").cast(pl.String), pl.col("kind")),
        *(mask_patterns(pl.col(name)) for name in reasons),
    ).drop("kind")
