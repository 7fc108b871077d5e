"""Mutation check over rule SQL: how many small faults do a rule's cases notice?

`uv run python tests/rules/mutation.py [CODE ...]` changes one place of a rule's first statement at
a time (a comparison flipped, a predicate dropped, a join's kind, a day or a sign off, a coalesce
dropped), runs the rule's cases and prints killed / all per rule; survivors that the rule's YAML
argues do not count. Exit status 1 when a rule is below 95 %.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from recon.catalog import load_rules
from recon.engine.duckdb import Session
from recon.errors import ReconError
from recon.rulecases import case_policy, cases_of, judge, load_case, with_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.catalog import Rule
    from recon.rulecases import Case

LEAST = 0.95
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


@dataclass(frozen=True)
class Mutant:
    """One changed statement and what was changed, in words."""

    what: str
    sql: str


def mutants_of(sql: str) -> Iterator[Mutant]:
    """Yield every mutant of a statement, in the order of its places, without repeats."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    seen = {tree.sql("duckdb")}
    for place, node in enumerate(tree.walk()):
        for name in _changes(node):
            copy = tree.copy()
            target = list(copy.walk())[place]
            before = target.sql("duckdb")
            after = _change(target, name)
            text = copy.sql("duckdb")
            if text not in seen:
                seen.add(text)
                yield Mutant(f"{name}: {before} → {after}", text)


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
    if isinstance(node, exp.DateDiff):
        changes += ["day later", "day earlier"]
    if isinstance(node, exp.Anonymous) and node.name.lower() in ("add_days", "add_months"):
        changes += ["day later", "day earlier"]
    return changes


def _is_text(node: exp.Expression) -> bool:
    """Tell whether a coalesce only stands for an empty text shown to people."""
    return any(isinstance(part, exp.Literal) and part.is_string for part in node.expressions)


def _change(node: exp.Expression, name: str) -> str:
    """Change a node in its tree and return what stands there now."""
    new: exp.Expression
    if name == "flip":
        new = _FLIPS[type(node)](this=node.this.copy(), expression=node.expression.copy())
    elif name == "drop left":
        new = node.expression.copy()
    elif name in ("drop right", "drop coalesce"):
        new = node.this.copy()
    elif name == "drop all":
        node.pop()
        return "nothing"
    elif name == "join":
        node.set("side", None if node.side else "LEFT")
        node.set("kind", "INNER" if not node.side else None)
        return node.sql("duckdb")
    else:
        step = exp.Literal.number(1)
        kind = exp.Add if name == "day later" else exp.Sub
        new = exp.Paren(this=kind(this=node.copy(), expression=step))
        if isinstance(node, exp.Anonymous):
            new = node.copy()
            new.expressions[1].replace(
                exp.Paren(this=kind(this=new.expressions[1].copy(), expression=step))
            )
    node.replace(new)
    return new.sql("duckdb")


def survivors_of(rule: Rule, known: dict[str, Rule]) -> tuple[list[Mutant], int]:
    """Return the mutants that no case notices, and how many mutants there are."""
    alive = list(mutants_of(rule.sql))
    count = len(alive)
    before = with_before(rule, known)
    for case in cases_of(rule):
        if not alive or case.status == "no_data":
            continue
        policy = case_policy(case)
        with Session(threads=1) as session:
            load_case(session, before, case, policy)
            faults = judge(session, before, case, policy).faults
            if faults:  # a fault would be blamed on every mutant
                sys.exit(f"{rule.code}: {case.name}: fails without a mutant: {faults[0]}")
            alive = [one for one in alive if not _notices(session, before, case, one)]
    return alive, count


def _notices(session: Session, rules: tuple[Rule, ...], case: Case, mutant: Mutant) -> bool:
    """Tell whether a case fails with a mutant in place of the rule."""
    changed = (*rules[:-1], replace(rules[-1], sql=mutant.sql))
    session.keep_rules([])
    try:
        return bool(judge(session, changed, case, case_policy(case)).faults)
    except ReconError:
        return True


def main(codes: list[str]) -> int:
    """Check the named rules, or all, and print the score of each."""
    known = {rule.code: rule for rule in load_rules()}
    weak = 0
    for code in codes or sorted(known):
        rule = known[code]
        alive, count = survivors_of(rule, known)
        argued = {survivor.mutant for survivor in rule.about.survivors}
        open_ = [mutant for mutant in alive if mutant.what not in argued]
        score = 1 - len(open_) / count if count else 1.0
        weak += score < LEAST
        print(
            f"{code}  {count - len(alive)}/{count} killed, {len(alive) - len(open_)} argued, "
            f"{score:.1%}",
            flush=True,
        )
        for mutant in open_:
            print(f"    {mutant.what}", flush=True)
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main([word.upper() for word in sys.argv[1:]]))
