"""Personal data that is shown: the one form in which numbers and names are masked, everywhere.

Here: the forms, and masking by the kind of a column (its model says who is a person), by its name
in rule SQL, and by pattern where a text is free. Not here: the same forms as SQL
(`recon.engine.rendering`) and the keyed tokens that joins use.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from recon.tables.names import NAMED, PERSON, UNIT
from recon.tables.person_numbers import LONG, find_numbers
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.base.models import SheetCertificate

#: How much of a value is left at its head and its tail, and how many stars stand between (None:
#: as many as are hidden), by what a column holds and the least length that this is safe for. The
#: one form for every output: `mask_sql` of the engine reads it too.
FORMS: dict[str, tuple[tuple[int, int, int, int | None], ...]] = {
    "person": ((3, 1, 1, None), (1, 1, 0, 1)),
    "id_no": ((15, 6, 4, None), (4, 0, 2, None)),
    "phone": ((8, 3, 4, 4),),
    "account": ((5, 0, 4, 4),),
    "card": ((5, 0, 4, 4),),
}
#: Kinds whose values are looked up by auditors and look like other numbers: left as they are.
#: An amount or a day is no such kind: people type other things into those columns.
_SAFE_KINDS = frozenset({"uscc", "plate"})
#: What does not count in a value: white space and signs without a width.
INVISIBLE = "[\\s\xa0\u2000-\u200f\u202a-\u202f\u2060-\u2069\u3000\ufeff]"
_INVISIBLE = re.compile(INVISIBLE)
#: A value at least this long is looked for in the reason; "1" would be found anywhere.
_QUOTED = 2
#: Of a mobile phone without the code of the country.
_PHONE_DIGITS = 11


def mask_one(value: str, kind: str) -> str:
    """Mask one value by the form of its kind; one that is too short to hide anything is stars.

    Args:
        value: The value; what is invisible in it does not count.
        kind: A key of `FORMS`.

    Example:
        >>> mask_one("欧阳明", "person"), mask_one("450881198501010016", "id_no")
        ('欧*明', '450881********0016')
    """
    bare = _INVISIBLE.sub("", value)
    for least, head, tail, stars in FORMS[kind]:
        if len(bare) >= least:
            hidden = len(bare) - head - tail if stars is None else stars
            return bare[:head] + "*" * hidden + bare[len(bare) - tail :]
    return "***"


def mask_text(text: str) -> str:
    """Mask identity numbers, mobile phones and bank cards in one text, however they are written.

    Example:
        >>> mask_text("call 138-1234 5678")
        'call 138****5678'
    """
    made, end = [], 0
    for start, after, number, kind in find_numbers(text):
        country = number[:-_PHONE_DIGITS] if kind == "phone" else ""
        made += [text[end:start], country, mask_one(number[len(country) :], kind)]
        end = after
    return "".join((*made, text[end:])) if made else text


def _mask_series(texts: pl.Series) -> pl.Series:
    """Mask the texts that hold a long number; few do."""
    masked = [
        mask_text(text) if is_long else text
        for text, is_long in zip(texts, texts.str.contains(LONG), strict=True)
    ]
    return pl.Series(texts.name, masked, dtype=pl.String)


def _formed(value: pl.Expr, kind: str) -> pl.Expr:
    """Return `mask_one` as an expression."""
    bare = value.str.replace_all(INVISIBLE, "")
    size = bare.str.len_chars().cast(pl.Int64)
    masked = pl.lit("***")
    for least, head, tail, stars in reversed(FORMS[kind]):
        hidden = (
            pl.lit("*").repeat_by((size - head - tail).clip(0)).list.join("")
            if stars is None
            else pl.lit("*" * stars)
        )
        end = bare.str.tail(tail) if tail else pl.lit("")
        shown = pl.concat_str(bare.str.head(head), hidden, end)
        masked = pl.when(size >= least).then(shown).otherwise(masked)
    return masked


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


def names_person(value: pl.Expr) -> pl.Expr:
    """Tell whether a value of a column of persons is a name, whatever sign it ends with."""
    return reads_like_person(value) | value.str.replace_all(INVISIBLE, "").str.contains(NAMED)


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
        .when((kind == "person") | ((kind == "party") & reads_like_person(value)))
        .then(_formed(value, "person"))
        .when(kind == "id_no")
        .then(_formed(value, "id_no"))
        .when(kind == "phone")
        .then(_formed(value, "phone"))
        .when(kind.is_in(["account", "card"]))
        .then(_formed(value, "account"))
        .when(kind.is_in(sorted(_SAFE_KINDS)))
        .then(value)
        .otherwise(mask_patterns(value))
    )


@cache
def kind_by_name(column: str) -> str | None:
    """Return how values of a column of rule SQL are shown, which has its name from input tables.

    Args:
        column: A name; where tables differ, it is personal if one says so, and a unit if all do.

    Returns:
        A kind as `mask_value` has it; `token` for a keyed token; None for what no table has.
    """
    if column.endswith("_token"):
        return "token"
    if column == "person_key" or column.endswith("party_id"):
        return "party"
    kinds = {
        spec.by_name[name].shown_as
        for spec in specs().values()
        for name in (column, column.removesuffix("_key"))
        if name in spec.by_name
    }
    personal = (kind for kind in FORMS if kind in kinds)
    return next(personal, kinds.pop() if len(kinds) == 1 else None)


def mask_named(column: str, value: str) -> str:
    """Mask a value of a column of rule SQL; `N:` before an unregistered name stays.

    Args:
        column: Its name.
        value: Its value as text.
    """
    kind = kind_by_name(column)
    if kind == "token":
        return "***"
    mark, name = (value[:2], value[2:]) if value[:2] in ("N:", "U:") else ("", value)
    masked: str = pl.select(mask_value(pl.lit(name), pl.lit(kind, dtype=pl.String))).item()
    return mark + masked


def mask_said(exceptions: pl.DataFrame) -> pl.DataFrame:
    """Mask numbers of persons in what exceptions say, wherever a text of a file has them."""
    said = ("message", "message_en", "detail", "formula", "party_name", "period")
    return exceptions.with_columns(mask_patterns(pl.col(name)) for name in said)


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
                kinds[table, header] = column.shown_as
    for sheet in sheets:
        known = specs()[sheet.table].by_name if sheet.table in specs() else {}
        for left, right in sheet.columns.items():
            for header, name in ((left, right), (right, left)):
                if sheet.table and name in known:
                    kinds[sheet.table, header] = known[name].shown_as
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
