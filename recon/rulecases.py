"""Rule cases: given rows, expected exceptions, as YAML.

Here: reading a case file, running its cases through the same staging and engine as a run, and
saying in words where they differ. Not here: pytest, and the nudges and mutants built on top.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from recon import resources
from recon.case_session import CaseSession
from recon.errors import CaseError
from recon.exception_list import list_exceptions
from recon.matching import load_pairings
from recon.models import SelfUnit, Text
from recon.policy import load_policy
from recon.reference import reference_tables
from recon.rule_run import RuleContext, run_pairings, run_rules, words_of
from recon.staging import source_tables, staged_schema, staging_plan, with_staged
from recon.tables.registry import specs
from recon.yamlio import load_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from recon.catalog import Rule
    from recon.engine.duckdb import Session
    from recon.models import RuleOutcome
    from recon.policy import Policy

_KEY = b"rule-case-key"
_ROWS_OF_TABLE = 1_000_000
_CASE_KEYS = {
    "name",
    "as_of",
    "from",
    "to",
    "policy",
    "locale",
    "self",
    "given",
    "expect",
    "status",
    "pins",
}


@dataclass(frozen=True)
class Case:
    """One case: rows by table, the day, and what must come out.

    `pins` names parameters whose boundary it stands on: a nudge of them is tried on it first.
    """

    name: str
    as_of: date
    given: dict[str, list[dict[str, Any]]]
    expect: list[dict[str, Any]]
    status: str | None = None
    policy: dict[str, Any] = field(default_factory=dict)
    locale: str = "base"
    self_unit: SelfUnit = field(default_factory=SelfUnit)
    period_from: date = date(2000, 1, 1)
    period_to: date = date(2099, 12, 31)
    pins: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseResult:
    """What a case gave, and in words where it differs from what was expected (empty: passed)."""

    outcome: RuleOutcome
    exceptions: pl.DataFrame
    faults: tuple[str, ...]


def load_cases(path: Path) -> tuple[str, tuple[Case, ...]]:
    """Return the rule's code and the cases of a file.

    Rows under the file's own `given`, `policy` and `self` stand for every case; a case's table
    replaces the file's table of that name.

    Raises:
        CaseError: A key or a table is not known, or a case lacks its day.
    """
    raw = load_yaml(path)
    shared = {key: raw.get(key) or {} for key in ("given", "policy", "self")}
    cases = []
    for item in raw["cases"]:
        unknown = sorted(set(item) - _CASE_KEYS)
        if unknown:
            raise CaseError(path, item.get("name", "?"), f"unknown key '{unknown[0]}'")
        given = {**shared["given"], **(item.get("given") or {})}
        for table in given:
            if table not in specs():
                raise CaseError(path, item["name"], f"unknown table '{table}'")
        unit: dict[str, Any] = {**shared["self"], **(item.get("self") or {})}
        cases.append(
            Case(
                name=item["name"],
                as_of=item.get("as_of") or raw["as_of"],
                given={table: rows or [] for table, rows in given.items()},
                expect=item.get("expect") or [],
                status=item.get("status"),
                policy={**shared["policy"], **(item.get("policy") or {})},
                locale=item.get("locale", raw.get("locale", "base")),
                self_unit=_unit(unit),
                period_from=item.get("from") or date(2000, 1, 1),
                period_to=item.get("to") or date(2099, 12, 31),
                pins=tuple(item.get("pins") or ()),
            )
        )
    return raw["rule"], tuple(cases)


def _unit(given: dict[str, Any]) -> SelfUnit:
    plain = SelfUnit()
    return SelfUnit(
        name=given.get("name", plain.name),
        level=given.get("level", plain.level),
        accounts=tuple(given.get("accounts", plain.accounts)),
        receives=tuple(given.get("receives", plain.receives)),
    )


def typed_tables(given: Mapping[str, list[dict[str, Any]]], place: str) -> dict[str, pl.DataFrame]:
    """Return typed frames from the rows of a case; defaults fill what a row leaves out.

    Args:
        given: Table name to rows.
        place: Named when a row has an unknown column.

    Returns:
        Frames as the intake gives them; each table's row ids count up from its own first one.
    """
    frames: dict[str, pl.DataFrame] = {}
    for table, rows in given.items():
        spec = specs()[table]
        schema = {name: kind for name, kind in staged_schema(spec).items() if name != "row_id"}
        for row in rows:
            unknown = sorted(set(row) - set(schema))
            if unknown:
                raise CaseError(place, table, f"unknown column '{unknown[0]}'")
        data = {
            name: [_typed(row.get(name), dtype) for row in rows] for name, dtype in schema.items()
        }
        frame = pl.DataFrame(data, schema=schema, strict=False)
        frame = frame.with_columns(
            pl.col(column.name).fill_null(_typed(column.default, column.dtype))
            for column in spec.columns
            if column.default is not None
        )
        first = 1 + _ROWS_OF_TABLE * list(specs()).index(table)
        ids = pl.Series("row_id", range(first, first + len(rows)), dtype=pl.Int64)
        frames[table] = frame.with_columns(ids)
    return frames


def _typed(value: Any, dtype: pl.DataType) -> Any:  # noqa: ANN401 - a YAML scalar
    if value is None:
        return None
    if isinstance(dtype, pl.Decimal):
        return Decimal(str(value))
    if isinstance(dtype, pl.Int64):
        return int(value)
    if isinstance(dtype, pl.String):
        return str(value)
    if isinstance(dtype, pl.Datetime) and isinstance(value, str):
        return pl.Series([value]).str.to_datetime(time_unit="us")[0]
    return value


def case_policy(case: Case, workspace: Path | None = None) -> Policy:
    """Return the policy of a case: its locale with its own values, which count as confirmed."""
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
    return load_policy(words.locale, words.overrides, own if is_own else words.workspace or own)


def _case_packs() -> Path:
    """Return the folder whose `policy/` holds places that only rule cases use."""
    return resources.shipped("tests") / "rules"


@lru_cache(maxsize=64)
def _references(policy: Policy, unit: SelfUnit, as_of: date) -> dict[str, pl.DataFrame]:
    return reference_tables(policy, unit, as_of)


def run_case(
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
    session = _session()
    session.keep_rules([])
    load_case(session, rules, case, policy, workspace)
    return judge(session, rules, case, policy, workspace)


@cache
def _session() -> CaseSession:
    """Return the one session that serves all cases of a process."""
    return CaseSession()


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
    words = tables_read(rules, workspace)
    plan = staging_plan(words, workspace)
    tables = typed_tables(case.given, case.name)
    staged = source_tables(tables, _KEY)
    staged |= _references(policy, case.self_unit, case.as_of)
    text = " ".join([*plan.values(), *(f"{rule.sql} {rule.evidence_sql}" for rule in rules)])
    names = tuple(name for name in staged["ref_policy_day"].columns if name in text)
    staged["ref_policy_day"] = _days_of(policy, case.self_unit, case.as_of, names)
    session.load({name: frame for name, frame in staged.items() if name in words})
    session.load({"ref_policy_value": staged["ref_policy_value"]})
    session.load(_no_sources(tables))


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
    return CaseResult(outcome, listed, tuple(_faults(case, outcome, listed)))


def _context(case: Case, policy: Policy, workspace: Path | None) -> RuleContext:
    filled = {
        table: set().union(*(row.keys() for row in rows))
        for table, rows in case.given.items()
        if rows
    }
    return RuleContext(
        case.as_of, case.period_from, case.period_to, policy, filled, workspace=workspace
    )


def _faults(case: Case, outcome: RuleOutcome, listed: pl.DataFrame) -> list[str]:
    faults: list[str] = []
    expected_status = case.status or ("exceptions" if case.expect else "clean")
    if outcome.status != expected_status:
        reason = f" ({(outcome.reason or Text('', '')).en})" if outcome.reason else ""
        return [f"status is {outcome.status}{reason}, expected {expected_status}"]
    rows = [_flat(row) for row in listed.to_dicts()]
    open_rows = list(rows)
    for want in case.expect:
        hit = next((row for row in open_rows if _agrees(row, want)), None)
        if hit is None:
            faults.append(f"missing: {want}")
        else:
            open_rows.remove(hit)
    shown = ("party_name", "period", "direction", "amount", "formula", "detail", "message")
    faults.extend(f"unexpected: { {name: row.get(name) for name in shown} }" for row in open_rows)
    return faults


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return {**json.loads(row["detail"] or "{}"), **row}


def _agrees(row: dict[str, Any], want: dict[str, Any]) -> bool:
    for name, value in want.items():
        if name not in row:
            return False
        have = row[name]
        if isinstance(have, Decimal) and isinstance(value, int | Decimal | str):
            if have != Decimal(str(value)):
                return False
        elif name in ("message", "formula") and isinstance(have, str):
            if str(value) not in have:
                return False
        elif value is None or have is None or isinstance(have, bool | int | list):
            if have != value:
                return False
        elif str(have) != str(value):
            return False
    return True


def with_before(rule: Rule, known: dict[str, Rule]) -> tuple[Rule, ...]:
    """Return the rules whose exceptions a rule reads, in run order, and the rule last."""
    wanted: dict[str, None] = {}

    def visit(code: str) -> None:
        for other in known[code].about.after:
            visit(other)
        wanted[code] = None

    visit(rule.code)
    return tuple(known[code] for code in wanted)


def cases_of(rule: Rule, workspace: Path | None = None) -> tuple[Case, ...]:
    """Return the cases of a rule: the file of its stem under tests/rules.

    Raises:
        CaseError: There is no such file, or it is about another rule.
    """
    folder = f"tests/rules/{rule.path.parent.name}"
    stem = rule.path.stem
    path = resources.files(folder, f"{stem}.yaml", workspace).get(stem)
    if path is None:
        raise CaseError(f"{folder}/{stem}.yaml", rule.code, "there is no such file of cases")
    code, cases = load_cases(path)
    if code != rule.code:
        raise CaseError(path, code, f"the file should be about {rule.code}")
    return cases


def run_cases(
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
            yield rule, case, run_case(with_before(rule, by_code), case, None, workspace).faults
