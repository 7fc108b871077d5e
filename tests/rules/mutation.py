"""Mutation check over rule SQL: how many small faults do a rule's cases notice?

    uv run python tests/rules/mutation.py                   every rule
    uv run python tests/rules/mutation.py REM-06 SME        some rules and families
    uv run python tests/rules/mutation.py --tables FUEL     the staged tables of one family alone
    uv run python tests/rules/mutation.py --tables int_payment --each 40   one of several families
    uv run python tests/rules/mutation.py --evidence SME    their evidence, in YAML or SQL
    uv run python tests/rules/mutation.py --changed main --seconds 60   both, of changed rules
    uv run python tests/rules/mutation.py --report REM-06   and write docs/mutation.md

One place of a rule's first statement is changed at a time (a comparison flipped, a predicate
dropped, a join's kind, a day or a sign off, a coalesce dropped) and the rule's cases are run.
Survivors that the rule's YAML argues do not count; those of evidence begin with "evidence". Exit
status 1 when a rule is below 95 %.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from recon.engine.staging import staged_selects
from recon.rules.catalog import choose, load_rules
from recon.run.rule_run import words_of
from tests.mutation.changed import base_of, changed_files, touched_rules
from tests.mutation.report import renew
from tests.mutation.verdict import OutOfTimeError, evidence_verdict, rule_verdict, table_verdicts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from recon.rules.catalog import Rule
    from tests.mutation.verdict import Verdict

LEAST = 0.95


def main(words: Sequence[str]) -> int:
    """Check the rules or tables that are asked for and print the score of each."""
    asked = _parser().parse_args(words)
    known = {rule.code: rule for rule in load_rules()}
    named = {word for word in asked.codes if word.islower()}
    codes = tuple(word for word in asked.codes if word not in named)
    chosen = () if named and not codes else choose(tuple(known.values()), codes)
    until = monotonic() + asked.seconds
    if asked.changed:
        base = base_of(asked.changed)
        if base is None:
            print(f"mutation: no history to compare with ({asked.changed}); nothing checked")
            return 0
        chosen = tuple(touched_rules(chosen, changed_files(base)))
    if asked.tables:
        readers = {
            table: rules
            for table, rules in _readers(known).items()
            if table in named or _family(rules) in {rule.family for rule in chosen}
        }
        verdicts = table_verdicts(readers, known, until, each=asked.each, cases=asked.cases)
        return _said(verdicts, in_time=monotonic() <= until, report=asked.report)
    jobs: dict[str, Callable[[], Verdict]] = {}
    quick = asked.quick or bool(asked.changed)
    for rule in chosen:
        if not asked.evidence:
            jobs[rule.code] = partial(rule_verdict, rule, known, until, quick=quick)
        if asked.evidence or asked.changed:
            jobs[f"{rule.code} evidence"] = partial(evidence_verdict, rule, known, until)
    return _work(jobs, "evidence" if asked.evidence else "rules", report=asked.report)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("codes", nargs="*", help="rule codes or families (or tables); none: all")
    parser.add_argument("--tables", action="store_true", help="staged tables instead of rules")
    parser.add_argument("--evidence", action="store_true", help="evidence instead of exceptions")
    parser.add_argument("--changed", metavar="REF", help="only rules changed since a git ref")
    parser.add_argument("--quick", action="store_true", help="take argued survivors for true")
    parser.add_argument("--each", type=int, help="draw so many mutants of each staged table")
    parser.add_argument("--cases", type=int, help="run so many cases of each rule on them")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    parser.add_argument("--report", action="store_true", help="renew the rows of docs/mutation.md")
    return parser


def _readers(known: Mapping[str, Rule]) -> dict[str, list[Rule]]:
    """Return the rules that read each staged table, directly or through others."""
    readers: dict[str, list[Rule]] = {}
    for rule in known.values():
        for table in staged_selects(words_of(rule)):
            readers.setdefault(table, []).append(rule)
    return dict(sorted(readers.items()))


def _family(rules: Iterable[Rule]) -> str | None:
    """Return the family that some rules share, or None."""
    families = {rule.family for rule in rules}
    return families.pop() if len(families) == 1 else None


def _said(verdicts: Sequence[Verdict], *, in_time: bool, report: bool) -> int:
    """Print the score of each staged table; what time cut short is printed and not recorded."""
    for verdict in verdicts:
        _show(verdict.name, verdict)
    if not in_time:
        print("not all cases were run in time: at least so many are killed; nothing recorded")
    elif report:
        renew("tables", verdicts)
    return 0


def _work(jobs: dict[str, Callable[[], Verdict]], table: str, *, report: bool) -> int:
    """Do the jobs in order until time is over; say what was not reached."""
    weak = 0
    waiting = list(jobs)
    for name, job in jobs.items():
        try:
            verdict = job()
        except OutOfTimeError:
            break
        waiting.remove(name)
        weak += verdict.score < LEAST
        _show(name, verdict)
        if report:
            renew(table, [verdict])
    if waiting:
        print(f"not reached in time ({len(waiting)}): {', '.join(waiting)}")
    print(f"mutation: {len(jobs) - len(waiting)} checked, {weak} below {LEAST:.0%}")
    return 1 if weak else 0


def _show(name: str, verdict: Verdict) -> None:
    alive, open_ = len(verdict.alive), len(verdict.open)
    print(
        f"{name}  {verdict.count - alive}/{verdict.count} killed, "
        f"{alive - open_} argued, {verdict.score:.1%}",
        flush=True,
    )
    for mutant in verdict.open:
        print(f"    {mutant.what}", flush=True)
    for what in verdict.stale:
        print(f"    argued, but killed or gone: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
