"""Rule cases: running what a case gives and saying in words where it differs from what it expects.

Here: the case goes through the same staging and engine as a run. Not here: what a case holds (see
`case_file`), pytest, and the nudges and mutants built on top.
"""

from __future__ import annotations

import atexit
import json
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base import resources
from recon.base.models import Text
from recon.base.temporary import temporary_folder
from recon.engine.case_session import CaseSession
from recon.engine.exception_list import list_exceptions
from recon.engine.own_session import OwnCaseSession
from recon.engine.staging import source_tables, staged_selects, with_staged
from recon.matching import load_pairings
from recon.policy.parameters import load_policy
from recon.policy.reference import reference_tables
from recon.rules.case_file import Case, cases_of, typed_tables
from recon.run.rule_run import RuleContext, given_columns, run_pairings, run_rules, words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from recon.base.models import RuleOutcome, SelfUnit
    from recon.engine.duckdb import Session
    from recon.policy.parameters import Policy
    from recon.rules.catalog import Rule

_KEY = b"rule-case-key"
#: Who confirms a value that a case states without saying more.
_STATED = {"source": "rule case", "verified_by": "rule case", "verified_on": date(2000, 1, 1)}


@dataclass(frozen=True)
class CaseResult:
    """What a case gave, and in words where it differs from what was expected (empty: passed)."""

    outcome: RuleOutcome
    exceptions: pl.DataFrame
    faults: tuple[str, ...]


def case_policy(case: Case, workspace: Path | None = None) -> Policy:
    """Return the policy of a case: its locale with its own values, plain ones confirmed."""
    return _policy(_Words(case.locale, case.policy, workspace))


class _Words:
    """A locale, its overrides and the workspace, compared by what they say."""

    def __init__(self, locale: str, overrides: dict[str, Any], workspace: Path | None) -> None:
        self.locale, self.overrides, self.workspace = locale, overrides, workspace
        own = sorted((name, repr(v)) for name, v in overrides.items())
        self._text = f"{locale} {own} {workspace}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Words) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


@lru_cache(maxsize=64)
def _policy(words: _Words) -> Policy:
    own = _case_packs()
    is_own = (own / "policy" / words.locale).is_dir()
    values = {name: _confirmed(name, value) for name, value in words.overrides.items()}
    return load_policy(words.locale, values, own if is_own else words.workspace or own)


def _confirmed(name: str, value: object) -> object:
    """Return a parameter's plain value with a source, who compared it and when."""
    items = value if isinstance(value, list) and value else [value]
    is_stated = all(isinstance(item, dict) and "value" in item for item in items)
    is_area = "." not in name and isinstance(value, dict)
    return value if is_stated or is_area else {"value": value, **_STATED}


def _case_packs() -> Path:
    """Return the folder whose `policy/` holds places that only rule cases use."""
    return resources.shipped("tests") / "rules"


@lru_cache(maxsize=64)
def _references(policy: Policy, unit: SelfUnit, as_of: date) -> dict[str, pl.DataFrame]:
    return reference_tables(policy, unit, as_of)


def try_case(
    rules: tuple[Rule, ...],
    case: Case,
    policy: Policy | None = None,
    workspace: Path | None = None,
) -> CaseResult:
    """Run one case.

    Args:
        rules: The rule under test last; before it the rules whose exceptions it reads.
        case: The case.
        policy: A nudged policy in place of the case's own.
        workspace: Folder that may carry its own sql/.

    Returns:
        Outcome, exceptions of the rule under test, and differences in words.
    """
    policy = policy or case_policy(case, workspace)
    session = _session(is_own=_has_own_sql(rules, workspace))
    session.keep_rules([])
    load_case(session, rules, case, policy, workspace)
    return judge(session, rules, case, policy, workspace)


@cache
def _session(*, is_own: bool) -> CaseSession:
    """Return the session that serves all cases of a process; one more where SQL is a workspace's.

    What nobody of the tool wrote runs in a process of its own, as in a run.
    """
    if not is_own:
        return CaseSession()
    closing = ExitStack()
    atexit.register(closing.close)
    return closing.enter_context(OwnCaseSession(closing.enter_context(temporary_folder("own"))))


def _has_own_sql(rules: tuple[Rule, ...], workspace: Path | None) -> bool:
    if workspace is None or workspace.resolve() == resources.shipped("sql").parent.resolve():
        return False
    folders = (workspace / "sql" / name for name in ("staging", "parties", "matching"))
    return any(rule.from_workspace for rule in rules) or any(one.is_dir() for one in folders)


@lru_cache(maxsize=64)
def _days_of(policy: Policy, unit: SelfUnit, as_of: date, names: tuple[str, ...]) -> pl.DataFrame:
    return _references(policy, unit, as_of)["ref_policy_day"].select(names)


def tables_read(rules: tuple[Rule, ...], workspace: Path | None = None) -> set[str]:
    """Return every table that some rules read in the end, the matcher's sides among them."""
    words = with_staged(set().union(*(words_of(rule) for rule in rules)), workspace)
    if "match_line" in words:
        pairings = load_pairings(workspace)
        words |= with_staged(set().union(*(one.tables for one in pairings)), workspace)
    return words


def load_case(
    session: Session,
    rules: tuple[Rule, ...],
    case: Case,
    policy: Policy,
    workspace: Path | None = None,
) -> None:
    """Load the tables that the rules of a case need into a session."""
    session.load(case_frames(rules, case, policy, workspace))


def case_frames(
    rules: tuple[Rule, ...], case: Case, policy: Policy, workspace: Path | None = None
) -> dict[str, pl.DataFrame]:
    """Return the tables that the rules of a case need, by name."""
    words = tables_read(rules, workspace)
    plan = staged_selects(words, workspace)
    tables = typed_tables(case.given, case.name)
    staged = source_tables(tables, _KEY, case.as_of)
    staged |= _references(policy, case.self_unit, case.as_of)
    text = " ".join([*plan.values(), *(f"{rule.sql} {rule.evidence_sql}" for rule in rules)])
    names = tuple(name for name in staged["ref_policy_day"].columns if name in text)
    staged["ref_policy_day"] = _days_of(policy, case.self_unit, case.as_of, names)
    wanted = {*words, "ref_policy_value"}
    read = {name: frame for name, frame in staged.items() if name in wanted}
    return read | _no_sources(tables)


def staged_columns(
    tables: Collection[str], workspace: Path | None = None
) -> dict[str, dict[str, str]]:
    """Return by table the columns that rule SQL may read, each with its DuckDB type.

    Args:
        tables: Staged, source or reference tables.
        workspace: Folder that may carry its own sql/.

    Raises:
        EngineError: The SQL of a table, or of one that it reads, fails.
    """
    case = Case(name="tables", as_of=date(2024, 12, 31), given={}, expect=[])
    policy = case_policy(case, workspace)
    frames = source_tables({}, _KEY) | _references(policy, case.self_unit, case.as_of)
    with ExitStack() as stack:
        is_own = _has_own_sql((), workspace)
        folder = stack.enter_context(temporary_folder("own")) if is_own else None
        session = stack.enter_context(OwnCaseSession(folder) if folder else CaseSession())
        session.load(frames | _no_sources({}) | {"ref_given_column": given_columns({})})
        run_pairings(session, _context(case, policy, workspace))
        session.build(tables, workspace)
        return {table: session.columns(table) for table in tables}


def _no_sources(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    rows = pl.concat(
        [
            frame.select(
                "row_id",
                pl.lit(1).alias("file_id"),
                pl.lit(name).alias("sheet"),
                pl.int_range(1, pl.len() + 1).alias("row_no"),
            )
            for name, frame in tables.items()
        ]
        or [pl.DataFrame(schema={"row_id": pl.Int64, "file_id": pl.Int32, "sheet": pl.String})]
    )
    if "row_no" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, dtype=pl.Int64).alias("row_no"))
    return {
        "source_row": rows,
        "source_file": pl.DataFrame({"file_id": [1], "path": ["case"]}),
        "src_alias": pl.DataFrame(schema={"name_key": pl.String, "party_id": pl.String}),
    }


def judge(
    session: Session,
    rules: tuple[Rule, ...],
    case: Case,
    policy: Policy,
    workspace: Path | None = None,
) -> CaseResult:
    """Run the rules over a loaded session and compare with what the case expects."""
    context = _context(case, policy, workspace)
    if "match_line" in tables_read(rules, workspace):
        run_pairings(session, context)
    run_rules(session, rules[:-1], context)
    return judge_last(session, rules, case, policy, workspace)


def judge_last(
    session: Session,
    rules: tuple[Rule, ...],
    case: Case,
    policy: Policy,
    workspace: Path | None = None,
) -> CaseResult:
    """Run the last rule over a session that `judge` has filled, and compare; the others stand."""
    session.keep_rules([rule.code for rule in rules[:-1]])
    outcome = run_rules(session, rules[-1:], _context(case, policy, workspace))[-1]
    code = rules[-1].code
    listed = list_exceptions(session, rules).filter(pl.col("rule") == code)
    keys = dict(session.execute("select exception_id, money_key from exception_item", "money_key"))
    return CaseResult(outcome, listed, tuple(_faults(case, outcome, listed, keys)))


def _context(case: Case, policy: Policy, workspace: Path | None) -> RuleContext:
    filled = {
        table: set().union(*(row.keys() for row in rows))
        for table, rows in case.given.items()
        if rows
    }
    return RuleContext(
        case.as_of, case.period_from, case.period_to, policy, filled, workspace=workspace
    )


def _faults(
    case: Case, outcome: RuleOutcome, listed: pl.DataFrame, keys: Mapping[str, str | None]
) -> list[str]:
    faults: list[str] = []
    expected_status = case.status or ("exceptions" if case.expect else "clean")
    if outcome.status != expected_status:
        reason = f" ({(outcome.reason or Text('', '')).en})" if outcome.reason else ""
        return [f"status is {outcome.status}{reason}, expected {expected_status}"]
    said = (outcome.reason or Text("", "")).zh
    if case.says is not None and (case.says not in said or bool(said) != bool(case.says)):
        faults.append(f"the outcome says '{said}', expected '{case.says}'")
    rows = [{**_flat(row), "money_key": keys[row["exception_id"]]} for row in listed.to_dicts()]
    open_rows = list(rows)
    for want in case.expect:
        hit = next((row for row in open_rows if _agrees(row, want)), None)
        if hit is None:
            faults.append(f"missing: {want}")
        else:
            open_rows.remove(hit)
    shown = (
        "party_name",
        "period",
        "direction",
        "amount",
        "formula",
        "detail",
        "message",
        "evidence",
    )
    faults.extend(f"unexpected: { {name: row.get(name) for name in shown} }" for row in open_rows)
    return faults


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return {**json.loads(row["detail"] or "{}"), **row}


def _agrees(row: dict[str, Any], want: dict[str, Any]) -> bool:
    return all(name in row and _same(name, row[name], value) for name, value in want.items())


def _same(name: str, have: Any, value: Any) -> bool:  # noqa: ANN401 - values of any column
    if isinstance(have, Decimal) and isinstance(value, int | Decimal | str):
        return have == Decimal(str(value))
    if name in {"message", "formula"} and isinstance(have, str):
        return str(value) in have
    if isinstance(have, list) and isinstance(value, list):  # source rows in any order
        return sorted(have) == sorted(value)
    if value is None or have is None or isinstance(have, bool | int | list):
        return bool(have == value)
    return str(have) == str(value)


def with_before(rule: Rule, known: dict[str, Rule]) -> tuple[Rule, ...]:
    """Return the rules whose exceptions a rule reads, in run order, and the rule last."""
    wanted: dict[str, None] = {}

    def visit(code: str) -> None:
        for other in known[code].about.after:
            visit(other)
        wanted[code] = None

    visit(rule.code)
    return tuple(known[code] for code in wanted)


def try_cases(
    known: tuple[Rule, ...], chosen: tuple[Rule, ...], workspace: Path | None = None
) -> Iterator[tuple[Rule, Case, tuple[str, ...]]]:
    """Run the cases of some rules one after the other.

    Args:
        known: All rules.
        chosen: Those to test.
        workspace: Folder that may carry its own rules, SQL and cases.

    Yields:
        The rule, the case, and in words where it differs (empty: passed).
    """
    _policy.cache_clear()  # the workspace's packs may have changed, or be another folder's
    by_code = {rule.code: rule for rule in known}
    for rule in chosen:
        for case in cases_of(rule, workspace):
            yield rule, case, try_case(with_before(rule, by_code), case, None, workspace).faults
