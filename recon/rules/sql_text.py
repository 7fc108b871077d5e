"""What a statement of the SQL files says of itself: the tables it reads, the parameters it names.

What comes with the tool, or what it makes of its own words, is not parsed for it: there the
words after `from` and `join` are its tables and CTEs, which a test proves by the parser. Not here:
running it (`recon.engine`).
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from threading import local
from typing import TYPE_CHECKING, Any

import duckdb

from recon.base import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLE_WORD = re.compile(r"\b(?:from|join)\s+([a-z][a-z0-9_]*)", re.IGNORECASE)
_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")
_COMMENT = re.compile(r"--[^\n]*")
_PARSE = (
    "select json_serialize_sql(?::varchar, skip_null := true, skip_empty := true, "
    "skip_default := true)"
)
_PARSERS = local()
_MADE: set[str] = set()


def split_sql(text: str) -> list[str]:
    """Return the statements of an SQL file (split at `;` that ends a line)."""
    return [
        part.strip() for part in re.split(r";[ \t]*(?:--[^\n]*)?(?:\n|$)", text) if part.strip()
    ]


@cache
def shipped_statements() -> frozenset[str]:
    """Return all SQL that comes with the tool; that each is one select is proven by its tests."""
    top, found = resources.shipped("sql"), set[str]()
    for path in top.rglob("*.sql"):
        text = path.read_text(encoding="utf-8")
        of_rule = path.is_relative_to(top / "rules")
        found.update(split_sql(text) if of_rule else [text.strip().removesuffix(";")])
    return frozenset(found)


def of_the_tool(sql: str) -> str:
    """Return a statement that the tool makes of what comes with it; it is not parsed either."""
    _MADE.add(sql)
    return sql


def is_of_the_tool(sql: str) -> bool:
    """Tell whether a statement comes with the tool or is made by it."""
    return sql in _MADE or sql in shipped_statements()


@lru_cache(maxsize=4096)
def tables_in(sql: str) -> frozenset[str]:
    """Return the tables that a statement reads, in lower case; of the tool's SQL its CTEs too."""
    if is_of_the_tool(sql):
        return frozenset(word.lower() for word in _TABLE_WORD.findall(_COMMENT.sub("", sql)))
    return tables_parsed(sql)


def tables_parsed(sql: str) -> frozenset[str]:
    """Return the tables that DuckDB's parser finds in a select; none in what is no select."""
    if not hasattr(_PARSERS, "connection"):
        _PARSERS.connection = duckdb.connect()
    ((tree,),) = _PARSERS.connection.execute(_PARSE, [sql]).fetchall()
    return frozenset(_tables(json.loads(tree), frozenset()))


def _tables(node: Any, own: frozenset[str]) -> Iterator[str]:  # noqa: ANN401 - a tree of JSON
    """Yield the tables below a node that are none of the CTEs in force there."""
    if isinstance(node, list):
        for one in node:
            yield from _tables(one, own)
    if not isinstance(node, dict):
        return
    if node.get("type") == "BASE_TABLE" and node["table_name"].lower() not in own:
        yield node["table_name"].lower()
    for cte in node.get("cte_map", {}).get("map", ()):
        name = cte["key"].lower()
        is_recursive = "RECURSIVE_CTE_NODE" in str(cte["value"])
        yield from _tables(cte["value"], own | {name} if is_recursive else own)
        own |= {name}
    for key, one in node.items():
        if key != "cte_map":
            yield from _tables(one, own)


@lru_cache(maxsize=4096)
def parameters_in(sql: str) -> frozenset[str]:
    """Return the names of the `$parameters` of a statement."""
    return frozenset(_PARAMETER.findall(_COMMENT.sub("", sql)))
