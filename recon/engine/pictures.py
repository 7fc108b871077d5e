"""`docs/rule-tables.md`: which tables each family of rules is made of, as pictures from the SQL.

Here: what stands on what, and how high. Not here: what a table holds (the head of its file says).
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from recon.base.texts import FAMILIES
from recon.engine.staging import staged_selects
from recon.rules.catalog import family_of, load_rules
from recon.rules.rule_file import known_tables
from recon.rules.sql_text import tables_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from recon.rules.catalog import Rule

_SHARED = "*"
_HEAD = """\
# 规则由哪些表算出 / Which tables rules are made of

本页由程序生成，来自 `sql/`，不要手改 / This page is generated from `sql/`, do not edit:
`uv run python -m tests.docs.regenerate`

每族一张图，从左到右：左边是来源，右边是规则。方框是本族自己的中间表，圆角是别处也用的表（画在最后一张图里），
圆筒是读入的原始行。政策参数（`ref_`）、单位对应（`party`）和匹配结果（`match_`）到处都用，不画。
查一张表怎么算，看 `sql/staging/` 里同名的文件，开头写着一行是什么。

One picture per family, sources on the left, rules on the right. A box is a table of this family
alone, a rounded one is shared (its own picture comes last), a cylinder holds rows as read. Policy
(`ref_`), the parties (`party`) and matches (`match_`) are read everywhere and not drawn. The file
of a table's name in `sql/staging/` says at its head what one row is.
"""


@cache
def _selects() -> dict[str, str]:
    return staged_selects(known_tables())


@cache
def reads(table: str) -> frozenset[str]:
    """Return what the select of a staged table reads of staged tables and rows as read."""
    return (
        (tables_in(_selects()[table]) - {table}) & known_tables()
        if table in _selects()
        else frozenset()
    )


def read_by(rule: Rule) -> frozenset[str]:
    """Return the tables that a rule's own SQL and population name."""
    words = {*tables_in(rule.sql), *tables_in(rule.evidence_sql), rule.about.population}
    return frozenset(words & known_tables())


@cache
def height(table: str) -> int:
    """Return how many staged tables stand one above the other, up to this one."""
    return (table in _selects()) * (1 + max(map(height, reads(table)), default=0))


def levels(rule: Rule) -> int:
    """Return on how many staged tables, one above the other, a rule stands."""
    return max(map(height, read_by(rule)), default=0)


def _below(tables: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = [*tables]
    while waiting:
        table = waiting.pop()
        if table not in found:
            found.add(table)
            waiting.extend(reads(table))
    return found


def _homes(rules: Iterable[Rule]) -> dict[str, str]:
    """Return the one family that reads each staged table, or `_SHARED`."""
    families: dict[str, set[str]] = {}
    for rule in rules:
        for table in _below(read_by(rule)) & _selects().keys():
            families.setdefault(table, set()).add(rule.family)
    return {table: next(iter(of)) if len(of) == 1 else _SHARED for table, of in families.items()}


def _is_drawn(table: str) -> bool:
    return not table.startswith(("party", "ref_", "match_"))


def _shape(table: str, home: str, homes: Mapping[str, str]) -> str:
    if table.startswith("src_"):
        return f"{table}[({table.removeprefix('src_')})]"
    return f"{table}[{table}]" if homes[table] == home else f"{table}([{table}])"


def _picture(home: str, homes: Mapping[str, str], rules: Iterable[Rule]) -> Iterator[str]:
    """Yield the lines of one picture: tables of a home, what they read, and the rules above."""
    own = sorted(table for table, of in homes.items() if of == home and _is_drawn(table))
    arrows = {(low, table) for table in own for low in reads(table) if _is_drawn(low)}
    named: dict[str, str] = {}
    alike = sorted(rules, key=lambda rule: (sorted(read_by(rule)), rule.code))
    for tables, group in groupby(alike, key=read_by):
        codes = [rule.code for rule in group]
        node = codes[0].replace("-", "")
        named[node] = "<br>".join(codes)
        above = {low for table in tables for low in _below(reads(table))}
        arrows |= {(table, node) for table in tables - above if _is_drawn(table)}
    shaped = {*own, *(one for arrow in arrows for one in arrow)} - named.keys()
    shaped -= {one for arrow in arrows for one in arrow if homes.get(one) == home}  # plain boxes
    yield "flowchart LR"
    yield from (f"    {_shape(table, home, homes)}" for table in sorted(shaped))
    yield from (f'    {code}{{{{"{text}"}}}}' for code, text in sorted(named.items()))
    yield from (f"    {low} --> {high}" for low, high in sorted(arrows))


def page() -> str:
    """Return the page: a picture per family, then the shared tables."""
    rules = load_rules()
    homes = _homes(rules)
    lines = [_HEAD]
    for family, name in FAMILIES.items():
        own = [rule for rule in rules if family_of(rule.code) == family]
        if own:
            high = max(map(levels, own))
            lines += [f"## {family} {name.zh} / {name.en}", ""]
            lines += [f"最多叠 {high} 层表 / at most {high} tables one above the other.", ""]
            lines += ["```mermaid", *_picture(family, homes, own), "```", ""]
    lines += ["## 共用的表 / Shared tables", "", "```mermaid"]
    lines += [*_picture(_SHARED, homes, ()), "```"]
    return "\n".join(lines) + "\n"
