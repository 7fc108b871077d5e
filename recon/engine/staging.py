"""From typed frames to DuckDB tables: `src_` tables with keys, then the SQL of sql/.

Here: name keys, person tokens, and which SQL files a set of tables needs. Not here: any rule and
any reading of files from the user's folder.
"""

from __future__ import annotations

import hmac
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import polars as pl

from recon.base import resources
from recon.base.distinct import distinct, spread
from recon.tables.checks import ID_CHECKS, ID_WEIGHTS
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from recon.base.rows import Rows
    from recon.tables.base import TableSpec

#: Text columns that hold the name of a unit; each gets a normalised companion `<column>_key`.
NAME_COLUMNS = frozenset(
    {
        "payer_name",
        "union_name",
        "account_name",
        "payee_name",
        "party_name",
        "aux_party",
        "employer",
        "provider",
        "payee",
        "tenant",
        "owner_unit",
    }
)
#: In the ledger `account_name` is an account of the books, not a unit.
_NOT_UNITS = frozenset({("gl_entry", "account_name"), ("gl_balance", "account_name")})


def is_unit_name(table: str, column: str) -> bool:
    """Tell whether a text column holds the name of a unit."""
    return column in NAME_COLUMNS and (table, column) not in _NOT_UNITS


_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_NARROW = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))
_DROPPED = re.compile(
    r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff()\[\]{}<>《》【】〔〕〈〉「」·.,，、\"'“”‘’]"
)
_TABLE_WORD = re.compile(r"\b(?:from|join)\s+([a-z][a-z0-9_]*)", re.IGNORECASE)
_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")
_COMMENT = re.compile(r"--[^\n]*")


def name_key(name: str) -> str:
    """Return the form of a unit's name by which names are compared.

    Width, spaces, brackets, invisible characters and case do not count; 有限责任公司 is 有限公司.

    Example:
        >>> name_key("甲 县（乙）食品有限责任公司") == name_key("甲县(乙)食品有限公司")
        True
    """
    narrow = name.translate(str.maketrans(_WIDE, _NARROW)).replace("\u3000", "")
    return _DROPPED.sub("", narrow).upper().replace("有限责任公司", "有限公司")


def name_key_expr(column: str) -> pl.Expr:
    """Return `name_key` as a polars expression; empty becomes null."""
    key = (
        pl.col(column)
        .str.replace_many(list(_WIDE), list(_NARROW))
        .str.replace_all(_DROPPED.pattern, "")
        .str.to_uppercase()
        .str.replace_all("有限责任公司", "有限公司", literal=True)
    )
    return pl.when(key != "").then(key)


def long_id_no(number: str) -> str:
    """Return the 18-digit form of a 15-digit identity number (GB 11643); others stay as they are.

    Example:
        >>> long_id_no("110105491231002")
        '11010519491231002X'
    """
    if len(number) != 15 or not number.isascii() or not number.isdigit():
        return number
    body = f"{number[:6]}19{number[6:]}"
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + ID_CHECKS[total % 11]


def person_token(number: str, key: bytes) -> str:
    """Return the keyed token (16 hex) that stands for an identity number in joins and ids.

    The old and the new number of a person have one token.
    """
    return hmac.digest(key, long_id_no(number).encode(), "sha256").hex()[:16]


def with_keys(spec: TableSpec, frame: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Add `<column>_key` for names of units and `<column>_token` for identity numbers.

    Args:
        spec: The table's spec.
        frame: Its typed frame.
        key: The workspace key.

    Returns:
        The frame with companion columns at its end.
    """
    names = [column.name for column in spec.columns if is_unit_name(spec.name, column.name)]
    frame = frame.with_columns([_name_keys(frame.get_column(name)) for name in names])
    for column in spec.columns:
        if column.kind == "id_no":
            unique = frame.get_column(column.name).drop_nulls().unique()
            tokens = [person_token(number, key) for number in unique]
            frame = frame.with_columns(
                pl.col(column.name)
                .replace_strict(unique, tokens, default=None, return_dtype=pl.String)
                .alias(f"{column.name}_token")
            )
    return frame


def _name_keys(names: pl.Series) -> pl.Series:
    """Return the key of every name; a name that stands in many rows is worked on once."""
    key = name_key_expr(names.name).alias("key")
    words = distinct(names)
    if words is None:
        keys = names.to_frame().select(key).to_series()
    else:
        (keys,) = spread(names, words, [words.to_frame().select(key).to_series()])
    return keys.alias(f"{names.name}_key")


def staged_schema(spec: TableSpec) -> dict[str, pl.DataType]:
    """Return the columns of a `src_` table before its companions: the contract's and `row_id`."""
    extra = {"value_text": pl.String()} if spec.name == "published_rate" else {}
    return {**spec.schema, "row_id": pl.Int64(), **extra}


def _completed(spec: TableSpec, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with exactly the columns of its `src_` table."""
    schema = staged_schema(spec)
    missing = [
        pl.lit(None, dtype=kind).alias(name)
        for name, kind in schema.items()
        if name not in frame.columns
    ]
    return frame.with_columns(missing).select(list(schema))


@cache
def _empty(table: str) -> pl.DataFrame:
    spec = specs()[table]
    return with_keys(spec, pl.DataFrame(schema=staged_schema(spec)), b"")


def source_frames(tables: Mapping[str, Rows], key: bytes) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield every `src_` table batch by batch, empty where the folder gave none.

    Args:
        tables: The rows of each table (intake).
        key: The workspace key.

    Yields:
        DuckDB table name and frame; `src_payer_former` (payer_uscc, name_key) among them.
    """
    for spec in specs().values():
        rows = tables.get(spec.name)
        for frame in rows.frames() if rows is not None else (None,):
            staged = _staged(spec, frame, key)
            yield f"src_{spec.name}", staged
            if spec.name == "payer":
                yield "src_payer_former", _former(staged)


def source_tables(tables: dict[str, pl.DataFrame], key: bytes) -> dict[str, pl.DataFrame]:
    """Return every `src_` table, empty where the folder gave none.

    Args:
        tables: Typed frames by table name (intake).
        key: The workspace key.

    Returns:
        Frames by DuckDB table name, `src_payer_former` (payer_uscc, name_key) among them.
    """
    staged = {
        f"src_{spec.name}": _staged(spec, tables.get(spec.name), key) for spec in specs().values()
    }
    return {**staged, "src_payer_former": _former(staged["src_payer"])}


def _staged(spec: TableSpec, frame: pl.DataFrame | None, key: bytes) -> pl.DataFrame:
    return _empty(spec.name) if frame is None else with_keys(spec, _completed(spec, frame), key)


def _former(payers: pl.DataFrame) -> pl.DataFrame:
    """Return one row per former name of a payer."""
    return (
        payers.select(
            "payer_uscc", pl.col("former_names").str.replace_all("[;；,，]", "、").str.split("、")
        )
        .explode("former_names")
        .with_columns(name_key_expr("former_names").alias("name_key"))
        .select("payer_uscc", "name_key")
        .drop_nulls()
    )


@cache
def _staging_sql(workspace: Path | None) -> dict[str, str]:
    """Return the SQL of every staged table by its name."""
    found: dict[str, str] = {}
    for folder in ("sql/parties", "sql/staging"):
        for stem, path in resources.files(folder, "*.sql", workspace).items():
            found[stem] = path.read_text(encoding="utf-8").strip().removesuffix(";")
    return found


@lru_cache(maxsize=4096)
def tables_in(sql: str) -> frozenset[str]:
    """Return the words after `from` and `join`: tables and CTEs that a statement reads."""
    return frozenset(word.lower() for word in _TABLE_WORD.findall(_COMMENT.sub("", sql)))


@lru_cache(maxsize=4096)
def parameters_in(sql: str) -> frozenset[str]:
    """Return the names of the `$parameters` of a statement."""
    return frozenset(_PARAMETER.findall(_COMMENT.sub("", sql)))


def staging_plan(wanted: Iterable[str], workspace: Path | None = None) -> dict[str, str]:
    """Return the SQL of the wanted staged tables and all they need, in order of creation.

    Args:
        wanted: Names after `from`/`join` of the statements to run; others are passed over.
        workspace: Folder that may carry its own `sql/`.

    Returns:
        Table name to select statement, dependencies first.
    """
    known = _staging_sql(workspace)
    plan: dict[str, str] = {}

    def visit(name: str) -> None:
        if name not in known or name in plan:
            return
        for other in sorted(tables_in(known[name]) - {name}):
            visit(other)
        plan[name] = known[name]

    for name in sorted(wanted):
        visit(name)
    return plan


def with_staged(words: set[str], workspace: Path | None = None) -> set[str]:
    """Return some tables and every table that they read in the end."""
    plan = staging_plan(words, workspace)
    return words.union(plan, *(tables_in(sql) for sql in plan.values()))
