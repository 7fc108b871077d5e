"""Readable rows that break a validity check: quality items, and never a rejection.

Here: the checks of each column and the keys of a table, with our own sentences. Not here: the
checks themselves (see `recon.tables.checks`) and unreadable cells (see `sheet`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.quality.items import ITEM_SCHEMA, items
from recon.tables.checks import check_for
from recon.tables.masking import mask_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.base.rows import Part, Rows
    from recon.tables.base import ColumnSpec, TableSpec

CHECKS: dict[str, Text] = {
    "valid_uscc": Text(
        "统一社会信用代码位数或校验码不对", "credit code: wrong length or check digit"
    ),
    "valid_id_no": Text(
        "身份证号位数、出生日期或校验码不对",
        "identity number: wrong length, birth date or check digit",
    ),
    "valid_plate": Text("车牌号格式不对", "not the form of a licence plate"),
    "valid_account": Text("账号应为5至32位数字", "an account number is 5 to 32 digits"),
    "valid_card": Text("卡号应为6至32位数字或字母", "a card number is 6 to 32 digits or letters"),
    "rate_in_range": Text("比率应在0到1之间", "a rate is between 0 and 1"),
    "not_negative": Text("不应为负数", "must not be negative"),
    "allowed_value": Text("不是允许的取值", "not an allowed value"),
    "repeated_key": Text("主键重复", "repeated key"),
    "number_cut": Text(
        "证件号被截断：末三位为000且校验码不对，疑被电子表格改写",
        "number cut: it ends in 000 and its check digit is wrong, as after a spreadsheet",
    ),
}
PERSONAL = frozenset({"id_no", "account", "card", "person", "phone", "plate"})


def validate_table(table: TableSpec, rows: Rows, columns: pl.DataFrame) -> pl.DataFrame:
    """Test one table against its contract.

    Args:
        table: The contract.
        rows: Accepted rows.
        columns: sheet_no, column, column_letter, header.

    Returns:
        Quality items in the shape of `ITEM_SCHEMA`, by row and column.
    """
    names = list(table.by_name)
    found = []
    for batch in rows.batches():
        frame = pl.concat([part.frame(names) for part in batch], rechunk=True)
        found += [_at(items, batch) for items in _broken_checks(table, frame)]
    found += _repeated_keys(table, rows)
    if not found:
        return items()
    placed = (
        pl.concat(found)
        .join(columns, on=["sheet_no", "column"], how="left", maintain_order="left")
        .with_columns(
            pl.lit(table.name).alias("table_name"),
            pl.col("header").fill_null(pl.col("column_zh")),
        )
    )
    return placed.select([pl.col(name).cast(dtype) for name, dtype in ITEM_SCHEMA.items()])


def _at(found: pl.DataFrame, batch: Iterable[Part]) -> pl.DataFrame:
    """Put the places of rows beside items, which name rows of a batch by `index`."""
    places = pl.concat([part.places() for part in batch]).drop("row_id")
    return pl.concat([places[found["index"].to_list()], found], how="horizontal")


def _broken_checks(table: TableSpec, frame: pl.DataFrame) -> list[pl.DataFrame]:
    _demand_shape(table, frame)
    found = []
    for column in table.columns:
        check, cells = check_for(column.kind, column.values), frame[column.name]
        if check is None or cells.null_count() == len(cells):
            continue
        broken = check.broken(cells)
        if broken.any():
            index = broken.arg_true()
            value = cells.gather(index).cast(pl.String)
            found.append(_items(index, value, column, check.name))
    return found


def _demand_shape(table: TableSpec, frame: pl.DataFrame) -> None:
    """Refuse a frame whose columns, types or empty cells the contract does not allow: our fault."""
    types = {"row_id": pl.Int64(), **table.schema}
    required = ["row_id", *(column.name for column in table.columns if column.required)]
    wrong = [name for name in required if name in frame.columns and frame[name].null_count()]
    if dict(frame.schema) != types or wrong:
        msg = f"{table.name}: parsed frame is not of the contract's shape: {wrong or frame.schema}"
        raise AssertionError(msg)


def _items(index: pl.Series, value: pl.Series, column: ColumnSpec, check: str) -> pl.DataFrame:
    rows = pl.DataFrame({"index": index.cast(pl.Int64), "value": value})
    is_cut = pl.lit(value=False)
    if check == "valid_id_no":
        is_cut = pl.col("value").str.contains(r"^[0-9]{15}000$").fill_null(value=False)
    text, cut = CHECKS[check], CHECKS["number_cut"]
    return rows.select(
        "index",
        "value",
        pl.lit(column.name).alias("column"),
        pl.lit(column.zh).alias("column_zh"),
        pl.when(is_cut).then(pl.lit(cut.zh)).otherwise(pl.lit(text.zh)).alias("reason"),
        pl.when(is_cut).then(pl.lit(cut.en)).otherwise(pl.lit(text.en)).alias("reason_en"),
        pl.when(is_cut).then(pl.lit("number_cut")).otherwise(pl.lit(check)).alias("check"),
        pl.lit(column.shown_as).alias("kind"),
    )


def _repeated_keys(table: TableSpec, rows: Rows) -> list[pl.DataFrame]:
    """Mark every row whose key another row has; an empty code falls back to the name."""
    if not table.key or rows.height < 2:
        return []
    repeated = _repeated(table, rows)
    if not repeated.height:
        return []
    column = table.by_name[table.key[0]]
    names = " + ".join(table.by_name[name].zh for name in table.key)
    text = CHECKS["repeated_key"]
    is_shown = any(table.by_name[name].shown_as not in PERSONAL for name in table.key)
    return [
        repeated.with_columns(
            pl.lit(column.name).alias("column"),
            pl.lit(column.zh).alias("column_zh"),
            pl.lit(f"{text.zh}：{names}").alias("reason"),
            pl.lit(f"{text.en}: {' + '.join(table.key)}").alias("reason_en"),
            pl.lit("repeated_key").alias("check"),
            pl.lit("text" if is_shown else column.shown_as).alias("kind"),
        )
    ]


def _repeated(table: TableSpec, rows: Rows) -> pl.DataFrame:
    """Return place, index and shown value of every row whose whole key stands again.

    Rows are compared by a hash of their key first; only those with equal hashes are looked into.
    """
    keys = [key_part(table, name).alias(name) for name in table.key]
    needed = [name for name in table.by_name if name in _key_columns(table)]
    whole = [f"key_{name}" for name in table.key]
    hashes = pl.concat(
        [one.select(keys).drop_nulls().hash_rows() for one in rows.frames(needed)]
    ).sort()
    twice = hashes.filter(hashes == hashes.shift(1)).unique()
    near = []
    for batch in rows.batches() if len(twice) else ():
        frame = pl.concat([part.frame(needed) for part in batch])
        key = frame.select(keys)
        suspects = (
            frame.select(_shown(table))
            .hstack(key.rename({name: f"key_{name}" for name in key.columns}))
            .with_row_index("index")
            .filter(key.hash_rows().is_in(twice.implode()))
            .drop_nulls(whole)
        )
        near.append(_at(suspects, batch))
    if not near:
        return pl.DataFrame()
    found = pl.concat(near)
    found = found.filter(pl.struct(whole).is_duplicated())
    return found.drop(whole).cast({"index": pl.Int64})


def _key_columns(table: TableSpec) -> set[str]:
    """Return the columns that the key of a row is made of."""
    return {name for one in table.key for name in key_part(table, one).meta.root_names()}


def _shown(table: TableSpec) -> pl.Expr:
    """Return what an item about a repeated key shows: the parts that are not personal, if any."""
    shown = [name for name in table.key if table.by_name[name].shown_as not in PERSONAL]
    value = pl.concat_str(
        [_part(table.by_name[name]) for name in shown or table.key[:1]],
        separator=" + ",
        ignore_nulls=True,
    )
    return value.alias("value")


def key_part(table: TableSpec, name: str) -> pl.Expr:
    """Return a part of a row's key: an empty code falls back to the name."""
    for ending in ("_uscc", "_no", "_account"):
        twin = name.removesuffix(ending) + "_name"
        if name.endswith(ending) and twin in table.by_name and _is_code(table.by_name[name]):
            return pl.coalesce(name, twin)
    return pl.col(name)


def _is_code(column: ColumnSpec) -> bool:
    return column.kind in {"uscc", "account"}


def _part(column: ColumnSpec) -> pl.Expr:
    """Return a part of a key as it is shown; a person who stands as a party is masked."""
    text = pl.col(column.name).cast(pl.String)
    return mask_value(text, pl.lit("party")) if column.shown_as == "party" else text
