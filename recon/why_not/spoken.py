"""Conditions of SQL in words, as an accountant reads them.

Here: comparisons, columns and parameters as words. Not here: finding the condition (see `probe`).
What has no words here is quoted as it stands, so that nothing is said wrongly.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from recon.base.models import Text
from recon.base.texts import say, spoken
from recon.policy.parameters import load_policy
from recon.tables.registry import specs
from recon.why_not.titles import COLUMNS, STEPS

if TYPE_CHECKING:
    from collections.abc import Callable

_COMPARED: dict[type[exp.Expr], Text] = {
    exp.GT: Text("大于", "is more than"), exp.GTE: Text("不小于", "is at least"),
    exp.LT: Text("小于", "is less than"), exp.LTE: Text("不大于", "is at most"),
    exp.EQ: Text("等于", "is"), exp.NEQ: Text("不等于", "is not"),
    exp.NullSafeEQ: Text("等于", "is"), exp.NullSafeNEQ: Text("不等于", "is not"),
    exp.Add: Text("＋", "+"), exp.Sub: Text("－", "-"), exp.Mul: Text("×", "×"),
    exp.Div: Text("÷", "÷"),
}  # fmt: skip
#: A key that is empty after a join says that the joined table has no such row.
_KEYS = ("party_id", "row_id", "exception_id")
_JOINED: dict[type[exp.Expr], Text] = {
    exp.And: Text("，并且", " and "),
    exp.Or: Text("，或者", " or "),
}


def step_name(name: str) -> str:
    """Name a table or a step of a rule: in Chinese words where there are any."""
    plain = name.lower()
    known = specs().get(plain.split("_", 1)[-1]) if plain.startswith(("src_", "stg_")) else None
    if known:
        return say(Text(f"{known.zh}（{name}）", f"{name} ({known.zh})"))
    if plain in STEPS:
        return say(Text(f"{STEPS[plain]}（{name}）", name))
    return say(Text(f"中间步骤“{name}”", f"step {name}")) if plain == name else name


@cache
def _headers() -> dict[str, str]:
    """Return the Chinese header of each column that means the same in every table that has it."""
    found: dict[str, set[str]] = {}
    for spec in specs().values():
        for name, column in spec.by_name.items():
            found.setdefault(name, set()).add(column.zh)
    return {name: next(iter(headers)) for name, headers in found.items() if len(headers) == 1}


@cache
def _parameters() -> dict[str, Text]:
    """Return what each parameter is, by the name that SQL has for it."""
    known = load_policy().by_name
    return {name.replace(".", "_"): about.description for name, about in known.items()}


def column_words(name: str) -> str:
    """Name a column or a `$parameter` by the words people know, its own name behind."""
    if spoken() == "en":
        return name
    if name.startswith("$"):
        about = _parameters().get(name[1:])
        return f"参数“{about.zh}”" if about else name
    plain = name.rpartition(".")[-1].strip('"')
    header = header_of(plain)
    return f"{header}（{plain}）" if header != plain else plain


def header_of(name: str) -> str:
    """Name a column of a table or of a rule by the words people know, else by its own name."""
    if spoken() == "en":
        return name
    return _headers().get(name) or COLUMNS.get(name) or name


def condition_words(sql: str) -> str:
    """Say a condition in words, e.g. `short > $tolerance` as 少的数 大于 参数“…”.

    Args:
        sql: A condition of a where clause, in DuckDB SQL.
    """
    if spoken() == "en":
        return f"`{sql}`"
    try:
        return _said(sqlglot.parse_one(sql, read="duckdb"))
    except sqlglot.ParseError:
        return f"`{sql}`"


def _said(node: exp.Expr) -> str:
    """Say an expression; what has no words is quoted."""
    for kind, words in _JOINED.items():
        if isinstance(node, kind):
            return words.zh.join(map(_said, node.flatten()))
    if isinstance(node, exp.EQ) and _is_same_column(node):
        return f"{column_words(node.this.name)} 两边相同"
    for kind, words in _COMPARED.items():
        if type(node) is kind:
            return f"{_said(node.this)} {words.zh} {_said(node.expression)}"
    form = _FORMS.get(type(node))
    return form(node) if form else f"`{node.sql('duckdb')}`"


def _is_same_column(node: exp.Expr) -> bool:
    left, right = node.this, node.expression
    both = isinstance(left, exp.Column) and isinstance(right, exp.Column)
    return both and left.name == right.name


def _not(node: exp.Expr) -> str:
    inner = node.this.unnest()
    if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null):
        return f"{_said(inner.this)} 有值"
    if isinstance(inner, exp.Column):
        return f"不是“{column_words(inner.name)}”"
    if isinstance(inner, exp.In) and not inner.args.get("query"):
        return _in(inner, "不是")
    return f"不成立：{_said(inner)}"


def _in(node: exp.Expr, word: str = "是") -> str:
    if node.args.get("query") is not None or not node.expressions:
        return f"`{node.sql('duckdb')}`"
    return f"{_said(node.this)} {word} {'、'.join(map(_said, node.expressions))} 之一"


def _literal(node: exp.Expr) -> str:
    return f"“{node.this}”" if node.is_string else str(node.this)


def _column(node: exp.Expr) -> str:
    words = column_words(node.name)
    parent = node.parent
    alone = parent is None or isinstance(parent, exp.And | exp.Or | exp.Paren)
    return f"是“{words}”" if alone else words


def _is(node: exp.Expr) -> str:
    other = node.expression
    if isinstance(other, exp.Null):
        if isinstance(node.this, exp.Column) and node.this.name in _KEYS and node.this.table:
            return f"在{step_name(node.this.table)}里没有对应的行"
        return f"{_said(node.this)} 为空"
    return f"{_said(node.this)} 是 {_said(other)}"


def _between(node: exp.Expr) -> str:
    low, high = node.args["low"], node.args["high"]
    return f"{_said(node.this)} 在 {_said(low)} 和 {_said(high)} 之间"


_FORMS: dict[type[exp.Expr], Callable[[exp.Expr], str]] = {
    exp.Not: _not,
    exp.In: _in,
    exp.Is: _is,
    exp.Between: _between,
    exp.Literal: _literal,
    exp.Column: _column,
    exp.Paren: lambda node: f"（{_said(node.this)}）",
    exp.Neg: lambda node: f"－{_said(node.this)}",
    exp.Cast: lambda node: _said(node.this),
    exp.Coalesce: lambda node: _said(node.this),
    exp.Abs: lambda node: f"{_said(node.this)} 的绝对值",
    exp.Placeholder: lambda node: column_words(f"${node.this}"),
    exp.Boolean: lambda node: "是" if node.this else "否",
    exp.Null: lambda _: "空",
}
