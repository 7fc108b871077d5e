"""Rule SQL for Spark: transpiled by sqlglot, or refused with the reason.

Rule files are DuckDB SQL within a portable subset. Here: the names of that subset, the expansion of
its helper functions and of `$parameters`, and the few places where both dialects have a construct
that means something else. Not here: any connection (`spark`) and the text of a rule.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import exp

from recon.base.errors import EngineError
from recon.engine.macros import SPARK_MACROS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: Functions that give equal results on DuckDB and on Spark, as sqlglot names them; a window or
#: `filter` round an aggregate is part of it. `avg`, `median`, `list` and their kin are not here:
#: they answer in floating point or in no fixed order.
_FUNCTIONS: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Abs,
        exp.AddMonths,
        exp.And,
        exp.Case,
        exp.Cast,
        exp.Chr,
        exp.Coalesce,
        exp.Concat,
        exp.ConcatWs,
        exp.Contains,
        exp.Count,
        exp.DateDiff,
        exp.DateFromParts,
        exp.Day,
        exp.Exists,
        exp.Explode,
        exp.Extract,
        exp.FirstValue,
        exp.Greatest,
        exp.If,
        exp.Lag,
        exp.LastDay,
        exp.LastValue,
        exp.Lead,
        exp.Least,
        exp.Length,
        exp.LogicalAnd,
        exp.LogicalOr,
        exp.Lower,
        exp.MD5,
        exp.Max,
        exp.Min,
        exp.Month,
        exp.Nullif,
        exp.Or,
        exp.Rank,
        exp.DenseRank,
        exp.RegexpExtract,
        exp.RegexpExtractAll,
        exp.RegexpLike,
        exp.RegexpReplace,
        exp.Repeat,
        exp.Replace,
        exp.Round,
        exp.RowNumber,
        exp.SHA2,
        exp.Second,
        exp.Sign,
        exp.SplitPart,
        exp.StartsWith,
        exp.StrPosition,
        exp.Substring,
        exp.Sum,
        exp.TimeToStr,
        exp.TimestampTrunc,
        exp.Translate,
        exp.Trim,
        exp.TryCast,
        exp.Upper,
        exp.Year,
    }
)
#: Constructs that no function name gives away, with what to write instead.
_REFUSED: dict[type[exp.Expr], str] = {
    exp.Div: "'/' (use div_half_up)",
    exp.IntDiv: "'//' (use div_half_up)",
    exp.Bracket: "a subscript or slice (use substr)",
    exp.Lambda: "a lambda",
    exp.Struct: "a struct",
    exp.Array: "a list",
    exp.Pivot: "pivot",
}
_TRUNC_UNITS = ("DAY", "MONTH", "QUARTER", "YEAR")
_DIFF_UNITS = ("SECOND", "DAY", "MONTH", "YEAR")
_WHOLE = (exp.DataType.Type.INT, exp.DataType.Type.BIGINT, exp.DataType.Type.SMALLINT)


class NotPortableError(ValueError):
    """A statement uses what DuckDB and Spark do not share; the message names it."""


@lru_cache(maxsize=1024)
def obstacles(sql: str) -> tuple[str, ...]:
    """Return what keeps a statement from running on Spark, in words; empty when nothing does.

    Args:
        sql: One DuckDB select.
    """
    try:
        tree = _parsed(sql)
    except sqlglot.ParseError as error:
        return (str(error).splitlines()[0],)
    return tuple(dict.fromkeys(_obstacles(tree)))


def _obstacles(tree: exp.Expr) -> Iterator[str]:
    for node in tree.walk():
        if type(node) in _REFUSED:
            yield _REFUSED[type(node)]
        elif isinstance(node, exp.Anonymous):
            if node.name.lower() not in SPARK_MACROS:
                yield f"{node.name.lower()}()"
        elif isinstance(node, exp.Func) and type(node) not in _FUNCTIONS:
            yield f"{node.sql_name().lower()}()"
        elif isinstance(node, exp.Join) and node.args.get("method"):
            yield f"{node.args['method']} join".lower()
        elif isinstance(node, exp.DateDiff | exp.TimestampTrunc):
            unit = _unit(node)
            if unit not in (_DIFF_UNITS if isinstance(node, exp.DateDiff) else _TRUNC_UNITS):
                yield f"{node.sql_name().lower()} of unit {unit.lower()}"


def _unit(node: exp.Expr) -> str:
    return str(node.args.get("unit") or "DAY").strip("'").upper()


def to_spark(sql: str, parameters: Mapping[str, Any]) -> str:
    """Return a statement in Spark SQL that gives the same rows, in no particular order.

    Args:
        sql: One DuckDB select.
        parameters: Value of each `$name`.

    Raises:
        NotPortableError: The statement uses what the dialects do not share.
        KeyError: A `$name` has no value.
    """
    found = obstacles(sql)
    if found:
        raise NotPortableError(", ".join(found))
    names = sorted({node.name for node in _parsed(sql).find_all(exp.Placeholder)})
    return _written(sql, tuple((name, type(parameters[name]), parameters[name]) for name in names))


def spark_sql(sql: str, parameters: Mapping[str, Any], place: str) -> str:
    """Return a statement as `to_spark` does, and name the place where that cannot be.

    Raises:
        EngineError: The statement uses what the dialects do not share.
    """
    try:
        return to_spark(sql, parameters)
    except NotPortableError as error:
        raise EngineError(place, f"not portable to Spark: {error}") from error


@lru_cache(maxsize=2048)
def _written(sql: str, parameters: tuple[tuple[str, type, Any], ...]) -> str:
    values = {name: value for name, _, value in parameters}
    tree = _parsed(sql).copy()
    if not tree.args.get("limit"):
        tree.set("order", None)
    for node in list(tree.find_all(exp.Placeholder)):
        node.replace(_literal(values[node.name]))
    return _portable(tree).sql("spark", identify=True, unsupported_level=sqlglot.ErrorLevel.RAISE)


@lru_cache(maxsize=1024)
def _parsed(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, read="duckdb")


def _portable(tree: exp.Expr) -> exp.Expr:
    """Rewrite the nodes whose meaning differs, innermost first."""
    for node in reversed(list(tree.walk(bfs=False))):
        change = _CHANGES.get(type(node))
        new = change(node) if change else None
        if new is None:
            continue
        if node.parent is None:
            tree = new
        else:
            node.replace(new)
    return tree


def _literal(value: object) -> exp.Expr:
    """Return a typed constant; text is quoted by sqlglot."""
    if value is None:
        return exp.null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    if isinstance(value, Decimal):
        places = max(0, -int(value.as_tuple().exponent))
        digits = max(len(value.as_tuple().digits), places + 1)
        return exp.cast(exp.Literal.string(f"{value:f}"), f"decimal({digits}, {places})")
    if isinstance(value, int):
        return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))
    return exp.Literal.string(str(value))


@cache
def _macro(name: str) -> exp.Expr:
    return sqlglot.parse_one(SPARK_MACROS[name].body, read="spark")


def _expand(name: str, given: list[exp.Expr]) -> exp.Expr:
    """Return a helper's body with the arguments in place of their names."""
    values = dict(zip(SPARK_MACROS[name].arguments, given, strict=True))
    body = exp.Paren(this=_macro(name).copy())
    for column in list(body.find_all(exp.Column)):
        column.replace(exp.Paren(this=values[column.name].copy()))
    return body


def _call(node: exp.Expr) -> exp.Expr:
    return _expand(node.name.lower(), node.expressions)


def _months_later(node: exp.Expr) -> exp.Expr | None:
    return _expand("add_months", [node.this, node.expression])


def _whole(node: exp.Expr) -> exp.Expr | None:
    """Let a cast to a whole number round, as DuckDB does; Spark alone would cut."""
    kind: exp.DataType = node.args["to"]
    if kind.this not in _WHOLE or isinstance(node.this, exp.Literal | exp.Extract | exp.Count):
        return None
    wide = type(node)(this=node.this, to=exp.DataType.build("decimal(38, 10)"))
    return type(node)(this=exp.Round(this=wide, decimals=exp.Literal.number(0)), to=kind)


def _own_columns(node: exp.Expr) -> None:
    """Let `having` mean the columns of the input, as in DuckDB; Spark would take aliases first."""
    select = node.find_ancestor(exp.Select)
    if select is None:
        return
    sources = [select.args["from_"], *select.args.get("joins", [])]
    aliases = {one.alias for one in select.expressions if isinstance(one, exp.Alias)}
    for column in node.find_all(exp.Column):
        if not column.table and column.name in aliases and len(sources) == 1:
            column.set("table", exp.to_identifier(sources[0].this.alias_or_name))


def _first_day(node: exp.Expr) -> exp.Expr:
    """Keep the first day of a month a day, and the first moment of a day a moment without zone."""
    if _unit(node) == "DAY":
        return exp.cast(exp.cast(node.this, "date"), exp.DataType.Type.TIMESTAMPNTZ)
    return exp.cast(node.copy(), "date")


def _boundaries(node: exp.Expr) -> exp.Expr | None:
    """Count the boundaries between two days, as DuckDB does; Spark alone counts whole months."""
    unit = _unit(node)
    if unit == "DAY":
        return None
    form = {
        "SECOND": "unix_timestamp(cast({0} as timestamp))",
        "MONTH": "extract(year from {0}) * 12 + extract(month from {0})",
        "YEAR": "extract(year from {0})",
    }[unit]
    later, earlier = (form.format(side.sql("spark")) for side in (node.this, node.expression))
    return sqlglot.parse_one(f"(({later}) - ({earlier}))", read="spark")


_CHANGES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr | None]] = {
    exp.Anonymous: _call,
    exp.AddMonths: _months_later,
    exp.Cast: _whole,
    exp.TryCast: _whole,
    exp.Having: _own_columns,
    exp.TimestampTrunc: _first_day,
    exp.DateDiff: _boundaries,
}
