"""Mutants of a select: the same statement with one small fault.

Here: which faults there are and how each is put into a statement. Not here: running anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterator

_FLIPS: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.Add: exp.Sub,
    exp.Sub: exp.Add,
}
_DAY_FUNCTIONS = ("add_days", "add_months")


@dataclass(frozen=True)
class Mutant:
    """One changed statement and what was changed, in words."""

    what: str
    sql: str


def mutants_of(sql: str) -> Iterator[Mutant]:
    """Yield every mutant of a statement, in the order of its places, without repeats."""
    tree = _parsed(sql)
    seen = {tree.sql("duckdb")}
    for node in list(tree.walk()):
        for name in _changes(node):
            before = node.sql("duckdb")
            after, text = _changed(tree, node, name)
            if text not in seen:
                seen.add(text)
                yield Mutant(f"{name}: {before} → {after}", text)


def branches_of(sql: str) -> Iterator[Mutant]:
    """Yield the statement once per branch of a union, with that branch left empty."""
    tree = _parsed(sql)
    for node in list(tree.find_all(exp.Select)):
        if isinstance(node.parent, exp.Union):
            empty = node.copy().where("false")
            node.replace(empty)
            yield Mutant(f"drop branch: {node.sql('duckdb')}", tree.sql("duckdb"))
            empty.replace(node)


@cache
def restated(sql: str) -> str:
    """Return a statement as its mutants are written; its rows must be the same."""
    return _parsed(sql).sql("duckdb")


def _parsed(sql: str) -> exp.Expression:
    """Return the tree of a statement; `add_months` stays our macro, which returns a date."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    while node := tree.find(exp.AddMonths):
        words = [node.this.copy(), node.expression.copy()]
        node.replace(exp.Anonymous(this="add_months", expressions=words))
    return tree


def _changes(node: exp.Expression) -> list[str]:
    """Return the kinds of change that a node allows."""
    changes: list[str] = []
    if type(node) in _FLIPS:
        changes.append("flip")
    if isinstance(node, exp.And | exp.Or):
        changes += ["drop left", "drop right"]
    if isinstance(node, exp.Where | exp.Having):
        changes.append("drop all")
    if isinstance(node, exp.Join) and node.side in ("", "LEFT") and node.args.get("on"):
        # every day has its row of policy, so the kind of that join changes nothing
        changes += [] if node.this.name == "ref_policy_day" else ["join"]
    if isinstance(node, exp.Coalesce) and not _is_text(node):
        changes.append("drop coalesce")
    if isinstance(node, exp.Neg):
        changes.append("drop sign")
    if isinstance(node, exp.DateDiff) or _is_day_function(node):
        changes += ["day later", "day earlier"]
    return changes


def _is_text(node: exp.Expression) -> bool:
    """Tell whether a coalesce only stands for an empty text shown to people."""
    return any(isinstance(part, exp.Literal) and part.is_string for part in node.expressions)


def _is_day_function(node: exp.Expression) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() in _DAY_FUNCTIONS


def _changed(tree: exp.Expression, node: exp.Expression, name: str) -> tuple[str, str]:
    """Change a node in its tree, read both, and put the node back.

    Returns:
        What stands in the node's place, and the whole statement.
    """
    if name == "join":
        side, kind = node.args.get("side"), node.args.get("kind")
        node.set("side", None if side else "LEFT")
        node.set("kind", None if not side else "INNER")
        texts = node.sql("duckdb"), tree.sql("duckdb")
        node.set("side", side)
        node.set("kind", kind)
        return texts
    if name == "drop all":
        parent, key = node.parent, node.arg_key
        assert parent is not None
        assert key is not None
        node.pop()
        text = tree.sql("duckdb")
        parent.set(key, node)
        return "nothing", text
    new = _instead(node, name)
    node.replace(new)
    texts = new.sql("duckdb"), tree.sql("duckdb")
    new.replace(node)
    return texts


def _instead(node: exp.Expression, name: str) -> exp.Expression:
    """Return what a change puts in a node's place."""
    if name == "flip":
        return _FLIPS[type(node)](this=node.this.copy(), expression=node.expression.copy())
    if name == "drop left":
        return node.expression.copy()
    if name in ("drop right", "drop coalesce", "drop sign"):
        return node.this.copy()
    kind = exp.Add if name == "day later" else exp.Sub
    step = exp.Literal.number(1)
    if isinstance(node, exp.DateDiff):
        return exp.Paren(this=kind(this=node.copy(), expression=step))
    new = node.copy()
    days = new.expressions[1]
    days.replace(exp.Paren(this=kind(this=days.copy(), expression=step)))
    return new
