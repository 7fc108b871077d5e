"""Running rules over loaded tables: who can run, in what order, with which values.

Shared by `check` and by the rule cases, so that a case tests what a run does. Not here: reading
files, SQL text, and what happens to exceptions afterwards.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.errors import ReconError
from recon.base.models import RuleOutcome, Text
from recon.engine.lanes import open_lanes
from recon.engine.spark_errors import SparkFailedError
from recon.engine.staging import with_staged
from recon.matching import load_pairings, run_matching
from recon.policy.parameters import parameter_column
from recon.rules.sql_text import tables_in
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from recon.engine.duckdb import Session
    from recon.matching import MatchReport
    from recon.policy.packs import Parameter
    from recon.policy.parameters import Policy
    from recon.rules.catalog import Rule
    from recon.rules.pairings import Pairing


@dataclass(frozen=True)
class RuleContext:
    """What rules may know besides the tables.

    `filled` maps each input table with rows to the columns that some file gave for it; `salt`,
    made of the workspace key, goes into the tokens that stand for masked names.
    """

    as_of: date
    period_from: date
    period_to: date
    policy: Policy
    filled: Mapping[str, set[str]]
    mask: bool = True
    workspace: Path | None = None
    salt: str = ""

    def parameters(self) -> dict[str, Any]:
        """Return the values of every `$name`: days, and scalar parameters as of the day."""
        values: dict[str, Any] = {
            "as_of": self.as_of,
            "period_from": self.period_from,
            "period_to": self.period_to,
            "name_salt": self.salt,
        }
        for name in self.policy.parameters():
            found = self.policy.value_at(name, self.as_of)
            value = found.value if found else None
            if not isinstance(value, dict | list | tuple):
                values[parameter_column(name)] = value
        return values


def run_pairings(
    session: Session, context: RuleContext, pairings: tuple[Pairing, ...] | None = None
) -> MatchReport:
    """Match every pairing whose tables are filled; rules read the result as `match_line`.

    Args:
        session: A session with `src_` and `ref_` tables loaded.
        context: Days, policy and which tables are filled.
        pairings: Those that `load_pairings` gives, unless they were read already.

    Returns:
        Per pairing what happened; pairings without their tables say which are missing.
    """
    session.set_parameters(context.parameters())
    if pairings is None:
        pairings = load_pairings(context.workspace)
    for pairing in pairings:
        if set(pairing.about.requires) <= context.filled.keys():
            session.prepare({*pairing.tables, "confirmed_match"}, context.workspace)
    scalars = {
        name: value for name, value in context.parameters().items() if not isinstance(value, date)
    }
    return run_matching(
        session.connection, pairings, scalars, context.as_of, session.matcher_tables
    )


def words_of(rule: Rule) -> set[str]:
    """Return the names after `from` and `join` in a rule's SQL, and what its YAML counts."""
    counted = {rule.about.population, "party"}
    counted |= {rule.about.not_examined.table} if rule.about.not_examined else set()
    return {*tables_in(rule.sql), *tables_in(rule.evidence_sql)} | counted


def run_rules(
    session: Session,
    rules: tuple[Rule, ...],
    context: RuleContext,
    progress: Callable[[str], None] | None = None,
) -> tuple[RuleOutcome, ...]:
    """Run the rules, some at the same time; an error of one rule does not stop the others.

    Args:
        session: A session with `src_` and `ref_` tables loaded.
        rules: In run order; those that read the exceptions of others (`after`) run behind all that
            do not, one by one.
        context: Days, policy and which tables are filled.
        progress: Called with each rule's code before it runs, on any thread.

    Returns:
        One outcome per rule, in the same order.
    """
    with rules_beside(session, rules, context, progress) as finish:
        return finish()


@contextmanager
def rules_beside(
    session: Session,
    rules: tuple[Rule, ...],
    context: RuleContext,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Callable[[], tuple[RuleOutcome, ...]]]:
    """Run the rules that read no match on twins of a session while the session is used otherwise.

    Args:
        session: As of `run_rules`; likewise the other arguments.
        rules: In run order.
        context: Days, policy and which tables are filled.
        progress: Called with each rule's code before it runs, on any thread.

    Yields:
        What runs all other rules, with the session too, and returns the outcomes of `run_rules`.
    """
    session.set_parameters(context.parameters())
    session.load({"ref_given_column": given_columns(context.filled)})

    def run(lane: Session, rule: Rule) -> RuleOutcome:
        if progress:
            progress(rule.code)
        outcome = cannot_run(rule, context) or _run_one(lane, rule, context)
        return replace(outcome, title=rule.about.title.text)

    with open_lanes(session) as lanes:
        early: list[Rule] = []
        later: list[Rule] = []
        for rule in rules:
            if not rule.about.after:
                waits = not lanes.twins or _reads_matches(rule, context)
                (later if waits else early).append(rule)
        begun = lanes.run(early, run)

        def finish() -> tuple[RuleOutcome, ...]:
            lanes.join(session)
            said = [one.result() for one in (*begun, *lanes.run(later, run))]
            said = session.settle(rules, said)
            for rule in rules:
                if rule.about.after:
                    said += session.settle(rules, [run(session, rule)])
            outcomes = {outcome.rule: outcome for outcome in said}
            return tuple(outcomes[rule.code] for rule in rules)

        yield finish


def _reads_matches(rule: Rule, context: RuleContext) -> bool:
    return "match_line" in with_staged(words_of(rule), context.workspace)


def given_columns(filled: Mapping[str, set[str]]) -> pl.DataFrame:
    """Return the columns that some file gave, so that SQL can tell "empty" from "not asked".

    Args:
        filled: Each input table with rows, and the columns that some file gave for it.

    Returns:
        Shape: table_name, column_name; ordered by both.
    """
    pairs = sorted((table, column) for table, columns in filled.items() for column in columns)
    schema = {"table_name": pl.String, "column_name": pl.String}
    return pl.DataFrame(pairs, schema=schema, orient="row")


def _run_one(session: Session, rule: Rule, context: RuleContext) -> RuleOutcome:
    try:
        session.prepare(words_of(rule), context.workspace)
        outcome = session.answer(rule, mask=context.mask)
    except SparkFailedError:
        raise  # of no rule: the rest would fail alike
    except ReconError as error:
        return RuleOutcome(rule.code, "error", reason=error.text)
    if rule.about.no_rows and not outcome.rows_examined:
        return RuleOutcome(rule.code, "no_data", reason=rule.about.no_rows.text)
    left = session.periods(rule.about.not_examined.table) if rule.about.not_examined else ()
    if rule.about.not_examined and left:
        told = rule.about.not_examined
        outcome = replace(
            outcome,
            reason=Text(
                told.zh.format(periods="、".join(left)), told.en.format(periods=", ".join(left))
            ),
        )
    return outcome


def cannot_run(rule: Rule, context: RuleContext) -> RuleOutcome | None:
    """Return why a rule has no answer for want of data or of a value, or None."""
    missing = missing_data(rule, context.filled)
    if missing:
        return RuleOutcome(rule.code, "no_data", reason=missing, lacks=_lacks(rule, context.filled))
    needed = [
        *rule.about.needs,
        *(name for name, days in rule.about.params.items() if days == ("as_of",)),
    ]
    for name in needed:
        value = context.policy.value_at(name, context.as_of)
        if value is None or value.value is None or value.value in ({}, [], ()):
            return RuleOutcome(
                rule.code,
                "not_in_force",
                reason=Text(
                    f"政策参数 {name} 在 {context.as_of} 没有值。"
                    "需要时在 recon.toml 的 [policy] 里填写。",
                    f"policy parameter '{name}' has no value on {context.as_of}. "
                    "Set it under [policy] in recon.toml where it applies.",
                ),
            )
    for name in rule.about.params:
        about = context.policy.parameter(name)
        if not about.is_optional and all(one.value is None for one in about.values):
            return RuleOutcome(rule.code, "not_in_force", reason=_open_value(name, about))
    return None


def _open_value(name: str, about: Parameter) -> Text:
    return Text(
        f"政策参数“{about.description.zh}”（{name}）待填，没有它不能判断。"
        "按本地文件填在 recon.toml 的 [policy] 里，或用 recon policy import。",
        f"policy parameter '{name}' is left open by the pack, and without it nothing can be said. "
        "Fill it in from the local document, under [policy] or by 'recon policy import'.",
    )


def _lacks(rule: Rule, filled: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Return every table, and every column of a table that is there, that a rule waits for."""
    found = set()
    for need in rule.about.requires:
        table, _, column = need.partition(".")
        if table not in filled:
            found.add(table)
        elif column and column not in filled[table]:
            found.add(need)
    return tuple(sorted(found))


def missing_data(rule: Rule, filled: Mapping[str, set[str]]) -> Text | None:
    """Return why a rule cannot run for want of data, or None.

    Args:
        rule: The rule.
        filled: Tables with rows, each with the columns that some file gave.

    Returns:
        A sentence that names the missing table or column.
    """
    for need in rule.about.requires:
        table, _, column = need.partition(".")
        spec = specs()[table]
        if table not in filled:
            return Text(
                f"缺少“{spec.zh}”（{table}）：目录里没有这张表，或表是空的。",
                f"table '{table}' ({spec.zh}) is missing or empty.",
            )
        if column and column not in filled[table]:
            header = spec.by_name[column].zh
            return Text(
                f"“{spec.zh}”缺少“{header}”这一列（{need}）。",
                f"table '{table}' has no column '{column}' ({header}).",
            )
    return None
