"""Selects as data: the relations behind a rule, their sources, joins and conditions.

Here: what sqlglot is asked. Not here: running anything (see `probe`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DIALECT = "duckdb"


@dataclass(frozen=True)
class Relation:
    """A select with the names that it may use: `ctes` of the statement that it is part of."""

    name: str
    query: exp.Query
    ctes: tuple[tuple[str, exp.Query], ...] = ()

    def sql(self, body: exp.Query) -> str:
        """Return a statement over the same names."""
        text = body.sql(_DIALECT)
        if not self.ctes:
            return text
        named = ", ".join(f"{name} as ({query.sql(_DIALECT)})" for name, query in self.ctes)
        return f"with {named} {text}"

    def inner(self, name: str) -> Relation | None:
        """Return the relation of a name that the statement itself defines."""
        for place, (known, query) in enumerate(self.ctes):
            if known == name.lower():
                return Relation(known, query, self.ctes[:place])
        return None

    def branches(self) -> Iterator[exp.Select]:
        """Yield the selects of a union, or the one select."""
        waiting: list[exp.Expr] = [self.query]
        while waiting:
            query = waiting.pop(0)
            if isinstance(query, exp.SetOperation):
                waiting[:0] = [query.left, query.right]
            elif isinstance(query, exp.Subquery):
                waiting.insert(0, query.this)
            elif isinstance(query, exp.Select):
                yield query


@dataclass(frozen=True)
class Source:
    """A table of a from clause, with the join that brings it in (None for the first)."""

    name: str
    alias: str
    join: exp.Join | None = field(default=None, compare=False)

    @property
    def can_drop(self) -> bool:
        """Whether its join can drop rows."""
        return self.join is not None and self.join.side.upper() not in ("LEFT", "FULL")

    @property
    def condition(self) -> str:
        """The join's condition as SQL."""
        on = self.join.args.get("on") if self.join else None
        return on.sql(_DIALECT) if on is not None else ""


def relation_of(name: str, sql: str) -> Relation:
    """Parse a statement.

    Args:
        name: What it makes.
        sql: One select, with or without common table expressions.

    Returns:
        The relation; its own `with` is taken apart.
    """
    parsed = sqlglot.parse_one(sql, read=_DIALECT)
    if not isinstance(parsed, exp.Query):
        raise TypeError(f"{name} is no select")
    ctes = tuple((cte.alias.lower(), cte.this) for cte in parsed.ctes)
    body = parsed.copy()
    body.set("with_", None)
    return Relation(name, body, ctes)


def sources_of(select: exp.Select) -> list[Source]:
    """Return the tables of a select in order; what is no plain table is left out."""
    start = select.args.get("from_")
    found = [_source(start.this, None)] if start is not None else []
    found += [_source(join.this, join) for join in select.args.get("joins") or ()]
    return [source for source in found if source is not None]


def _source(table: exp.Expr, join: exp.Join | None) -> Source | None:
    if not isinstance(table, exp.Table):
        return None
    return Source(table.name.lower(), table.alias_or_name.lower(), join)


def conditions_of(select: exp.Select) -> list[exp.Expr]:
    """Return the conditions of the where clause, one by one."""
    where = select.args.get("where")
    if where is None:
        return []
    whole = where.this.unnest()
    return list(whole.flatten()) if isinstance(whole, exp.And) else [whole]


def projection_of(select: exp.Select, name: str) -> exp.Expr | None:
    """Return the expression of a named output column."""
    for each in select.expressions:
        if each.alias_or_name.lower() == name:
            return each.unalias()  # type: ignore[no-any-return]
    return None


def columns_in(condition: exp.Expr) -> list[exp.Column]:
    """Return the columns that a condition reads itself, not in a subquery; each once."""
    found: dict[str, exp.Column] = {}
    for column in condition.find_all(exp.Column):
        if column.find_ancestor(exp.Select) is condition.find_ancestor(exp.Select):
            found.setdefault(column.sql(_DIALECT), column)
    return list(found.values())


def parameters_of(condition: exp.Expr) -> list[str]:
    """Return the names of the `$parameters` of a condition."""
    return sorted({str(each.this) for each in condition.find_all(exp.Placeholder)})


def without(select: exp.Select, *, joins: int) -> exp.Select:
    """Return the from clause alone, with its first joins and nothing else."""
    bare = exp.Select()
    bare.set("from_", select.args["from_"].copy())
    bare.set("joins", [join.copy() for join in (select.args.get("joins") or ())[:joins]])
    return bare


def as_sql(expression: exp.Expr) -> str:
    """Return an expression as SQL of one line."""
    return expression.sql(_DIALECT)


def shift_reason(select: exp.Select) -> str:
    """Return the clauses after the where that can leave rows out, as SQL."""
    parts: Mapping[str, exp.Expr | None] = {
        name: select.args.get(name) for name in ("having", "qualify")
    }
    return " ".join(part.sql(_DIALECT) for part in parts.values() if part is not None)
