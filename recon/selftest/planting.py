"""From a rule case to rows for the user's data: moved in time, with names and numbers of its own.

Nothing is written per rule: the cases of the rule itself say what its defect looks like. A case is
taken when its moved and renamed rows alone make the rule speak, under the user's own settings and
days. Not here: the copy of the data and the run over it (see `trial`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.errors import ReconError
from recon.base.models import Text
from recon.rules.case_file import cases_of, typed_tables
from recon.run.rule_cases import try_case, with_before
from recon.selftest.months import distances, moved
from recon.share.codes import Codes
from recon.share.keyed import Keyed, spell
from recon.share.wording import LETTERS
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recon.base.models import RuleStatus, SelfUnit
    from recon.policy.parameters import Policy
    from recon.rules.case_file import Case
    from recon.rules.catalog import Rule
    from recon.tables.base import ColumnSpec

_MOST_TRIES = 24
_PERSON = 4
_NUMBERS = frozenset({"uscc", "id_no", "account", "card", "plate"})
_UNIT_WORDS = (
    "公司",
    "工会",
    "学校",
    "厂",
    "店",
    "社",
    "院",
    "局",
    "银行",
    "中心",
    "部",
    "所",
    "行",
)


@dataclass(frozen=True)
class Setting:
    """The user's own: rules, policy, days, unit and workspace, under which a case must speak."""

    rules: dict[str, Rule]
    policy: Policy
    unit: SelfUnit
    as_of: date
    period_from: date
    period_to: date
    workspace: Path


@dataclass(frozen=True)
class Plant:
    """Rows that carry one defect, and what the rule says about them when they stand alone.

    Shape: `tables` are typed frames by table name with only the columns that the case gives;
    `expected` has one (direction, amount, period) per exception.
    """

    code: str
    case: str
    months: int
    tables: dict[str, pl.DataFrame]
    expected: tuple[tuple[str, str, str], ...]


class Planter:
    """Yields the defects of one rule that can be planted, one after the other."""

    def __init__(self, rule: Rule, setting: Setting) -> None:
        """Plan to try the cases of a rule under the user's own settings."""
        self._rule = rule
        self._setting = setting
        self._left = list(_attempts(rule, setting))[:_MOST_TRIES]
        self._tries = 0
        self._used: set[str] = set()
        self._status: str | None = None

    def next(self) -> Plant | None:
        """Return the next defect, of another case than those before, or None."""
        while self._left:
            case, months = self._left.pop(0)
            if case.name in self._used:
                continue
            self._tries += 1
            found = _attempt(self._rule, case, months, self._setting)
            if isinstance(found, Plant):
                self._used.add(case.name)
                return found
            self._status = found
        return None

    @property
    def why_none(self) -> Text:
        """Say why there is no defect to plant."""
        if self._status == "not_in_force":
            return Text(
                "规则所用的参数在这一天没有值。", "a parameter of the rule has no value that day."
            )
        return Text(
            f"试了 {self._tries} 个用例，换到你的日期和参数下都不构成例外。",
            f"{self._tries} cases were tried; none is an exception under your days and parameters.",
        )


def _attempts(rule: Rule, setting: Setting) -> Iterator[tuple[Case, int]]:
    """Yield cases that expect an exception, with distances, the plainest first."""
    try:
        cases = [case for case in cases_of(rule, setting.workspace) if case.expect]
    except ReconError:
        return
    cases.sort(key=lambda case: (bool(case.policy), case.locale != "base"))
    for turn in range(6):
        for case in cases:
            months = distances(case.as_of, _days(case), setting.as_of, setting.period_to)
            if turn < len(months):
                yield case, months[turn]


def _days(case: Case) -> list[date]:
    return [
        value.date() if isinstance(value, datetime) else value
        for rows in case.given.values()
        for row in rows
        for value in row.values()
        if isinstance(value, date)
    ]


def _attempt(rule: Rule, case: Case, months: int, setting: Setting) -> Plant | RuleStatus:
    """Move and rename one case and see whether the rule speaks of it."""
    given = _Renamer(rule.code, case, setting.unit).rows(months)
    trial = replace(
        case,
        as_of=setting.as_of,
        given=given,
        expect=[],
        status=None,
        policy={},
        self_unit=setting.unit,
        period_from=setting.period_from,
        period_to=setting.period_to,
    )
    chain = with_before(rule, setting.rules)
    result = try_case(chain, trial, setting.policy, setting.workspace)
    listed = result.exceptions.filter(pl.col("linked_to").is_null())
    if not listed.height:
        return result.outcome.status
    frames = {
        table: frame.select("row_id", *_given(rows))
        for (table, frame), rows in zip(
            typed_tables(given, case.name).items(), given.values(), strict=True
        )
        if rows
    }
    return Plant(rule.code, case.name, months, frames, told(listed))


def told(listed: pl.DataFrame) -> tuple[tuple[str, str, str], ...]:
    """Return direction, amount and period of exceptions as text, sorted."""
    rows = listed.select("direction", "amount", "period").rows()
    return tuple(sorted((str(d), str(a), str(p)) for d, a, p in rows))


def _given(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


class _Renamer:
    """Gives the rows of a case names and numbers that no other row has."""

    def __init__(self, code: str, case: Case, unit: SelfUnit) -> None:
        self._tag = f"自检{code.replace('-', '')}"
        self._case = case
        self._unit = unit
        self._keyed = Keyed(f"selftest {code}".encode())
        self._codes = Codes(self._keyed)
        self._own = dict(zip(case.self_unit.accounts, unit.accounts, strict=False))
        self._names = self._known_names()

    def _known_names(self) -> dict[str, str]:
        """Return every name of the case with its new one, the longest first."""
        names = {
            str(row[column.name])
            for table, rows in self._case.given.items()
            for column in specs()[table].columns
            if column.holds in ("person", "unit")
            for row in rows
            if row.get(column.name)
        }
        return {name: self._name(name) for name in sorted(names, key=lambda one: (-len(one), one))}

    def _name(self, name: str) -> str:
        if name == self._case.self_unit.name and name:
            return self._unit.name or name
        if len(name) <= _PERSON and not name.endswith(_UNIT_WORDS):
            size = max(2, len(name))
            return self._keyed.get("name", name, lambda n: spell(n, LETTERS, size))
        return self._tag + name

    def rows(self, months: int) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of the case by table, renamed and moved by months."""
        return {
            table: [
                {
                    name: self._value(table, specs()[table].by_name.get(name), value, months)
                    for name, value in row.items()
                }
                for row in rows
            ]
            for table, rows in self._case.given.items()
        }

    def _value(self, table: str, column: ColumnSpec | None, value: Any, months: int) -> Any:  # noqa: ANN401 - a YAML scalar
        if isinstance(value, date):
            return moved(value, months)
        if column is None or value is None:
            return value
        if column.name == "year":
            return int(value) + months // 12
        if column.kind in _NUMBERS:
            return self._number(column.kind, str(value))
        return self._text(table, column, str(value)) if column.kind == "text" else value

    def _text(self, table: str, column: ColumnSpec, text: str) -> str:
        if column.holds in ("person", "unit"):
            return self._names[text]
        if column.name.endswith("_no") or column.name in specs()[table].key:
            return f"{self._tag}{text}"
        for name, made in self._names.items():
            text = text.replace(name, made)
        return text

    def _number(self, kind: str, number: str) -> str:
        if kind == "uscc":
            return self._codes.uscc(number)
        if kind == "id_no":
            return self._codes.id_no(number)
        if kind == "plate":
            return self._codes.plate(number)
        if number in self._own:
            return self._own[number]
        tail = number[-4:]
        return self._keyed.get("account", number, lambda n: f"99{spell(n, '0123456789', 13)}{tail}")
