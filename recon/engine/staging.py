"""From typed frames to DuckDB tables: `src_` tables with keys, then the SQL of sql/.

Here: companion columns, and which SQL files a set of tables needs. Not here: any rule and any
reading of files from the user's folder.
"""

from __future__ import annotations

from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

import polars as pl

from recon.base import resources
from recon.base.distinct import distinct, spread
from recon.rules.sql_text import of_the_tool, parameters_in, tables_in
from recon.tables.names import name_key_expr, person_token
from recon.tables.registry import specs, staged_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from recon.base.rows import Rows
    from recon.tables.base import TableSpec

#: How the SQL of a staged table begins that is not worth its cost: made when read, kept nowhere.
_VIEW = "-- view:"


def with_keys(spec: TableSpec, frame: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Add `<column>_key` for names of units and `<column>_token` for identity numbers.

    Args:
        spec: The table's spec.
        frame: Its typed frame.
        key: The workspace key.

    Returns:
        The frame with companion columns at its end.
    """
    frame = frame.with_columns(_name_keys(frame.get_column(one)) for one in spec.holding("unit"))
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


def source_frames(
    tables: Mapping[str, Rows], key: bytes, as_of: date | None = None
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield every `src_` table batch by batch, empty where the folder gave none.

    Args:
        tables: The rows of each table (intake).
        key: The workspace key.
        as_of: What happened after it is left out (ruling 49).

    Yields:
        DuckDB table name and frame; `src_payer_former` (payer_uscc, name_key) among them.
    """
    for spec in specs().values():
        rows = tables.get(spec.name)
        for frame in rows.frames() if rows is not None else (None,):
            staged = _staged(spec, frame, key, as_of)
            yield f"src_{spec.name}", staged
            yield from _listed(spec, staged)


def source_tables(
    tables: dict[str, pl.DataFrame], key: bytes, as_of: date | None = None
) -> dict[str, pl.DataFrame]:
    """Return every `src_` table, empty where the folder gave none.

    Args:
        tables: Typed frames by table name (intake).
        key: The workspace key.
        as_of: What happened after it is left out (ruling 49).

    Returns:
        Frames by DuckDB table name, `src_payer_former` (payer_uscc, name_key) among them.
    """
    made: dict[str, pl.DataFrame] = {}
    for spec in specs().values():
        made[f"src_{spec.name}"] = staged = _staged(spec, tables.get(spec.name), key, as_of)
        made |= _listed(spec, staged)
    return made


def _staged(
    spec: TableSpec, frame: pl.DataFrame | None, key: bytes, as_of: date | None
) -> pl.DataFrame:
    if frame is None:
        return _empty(spec.name)
    frame = _completed(spec, frame)
    left_out = (spec.later_than(as_of) if as_of else None, spec.beyond_reckoning(frame.columns))
    for rows in left_out:
        frame = frame if rows is None else frame.filter(~rows)
    return with_keys(spec, frame, key)


def _listed(spec: TableSpec, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield for each column of several names one row per name: the table's key and `name_key`."""
    for column in spec.holding("units"):
        names = pl.col(column).str.replace_all("[;；,，]", "、").str.split("、")
        keyed = (
            frame.select(*spec.key, names)
            .explode(column)
            .with_columns(name_key_expr(column).alias("name_key"))
            .select(*spec.key, "name_key")
            .drop_nulls()
        )
        yield f"src_{spec.name}_{column.removesuffix('_names')}", keyed


@cache
def _staging_sql(workspace: Path | None) -> dict[str, str]:
    """Return the SQL of every staged table by its name; a table without a file is a view."""
    found = {f"stg_{name}": _as_it_is(spec) for name, spec in specs().items()}
    for folder in ("sql/parties", "sql/staging"):
        for stem, path in resources.files(folder, "*.sql", workspace).items():
            found[stem] = path.read_text(encoding="utf-8").strip().removesuffix(";")
    return found


def _as_it_is(spec: TableSpec) -> str:
    """Return the select of a staged table that adds nothing to its source rows."""
    select = f"select source.* from src_{spec.name} as source"
    return of_the_tool(f"{_VIEW} one row per source row\n{select}")


def staged_names(workspace: Path | None = None) -> dict[str, str]:
    """Return what its SQL says of every staged table, those of the contract first."""
    return {
        name: _about(sql)
        for name, sql in sorted(
            _staging_sql(workspace).items(), key=lambda one: (not one[0].startswith("stg_"), one)
        )
    }


def _about(sql: str) -> str:
    """Return the comment with which a statement begins."""
    lines = sql.replace(_VIEW, "--", 1).splitlines() if sql.startswith(_VIEW) else sql.splitlines()
    return " ".join(one.lstrip("- ") for one in takewhile(lambda one: one.startswith("--"), lines))


def created_as(sql: str) -> str:
    """Return whether a staged select is made as a `table` or, where that costs more, a `view`."""
    return "view" if sql.startswith(_VIEW) and not parameters_in(sql) else "table"


def staged_selects(wanted: Iterable[str], workspace: Path | None = None) -> dict[str, str]:
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
    plan = staged_selects(words, workspace)
    return words.union(plan, *(tables_in(sql) for sql in plan.values()))
