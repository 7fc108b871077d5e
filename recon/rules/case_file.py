"""Files of rule cases: what a case holds, and its rows as typed frames.

Here: reading the YAML under tests/rules. Not here: running a case (see `rule_cases`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
from pydantic import Field

from recon.base import resources
from recon.base.errors import ConfigError
from recon.base.models import SelfUnit, Text
from recon.base.shapes import Shape, Words, below, checked, missing_key, unknown_word
from recon.base.yamlio import load_yaml
from recon.rules.errors import CaseError
from recon.tables.registry import specs, staged_schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recon.rules.catalog import Rule

_ROWS_OF_TABLE = 1_000_000
_Rows = dict[str, list[dict[str, Any]] | None]


class _Unit(Shape):
    name: str = SelfUnit().name
    level: str = SelfUnit().level
    accounts: Words = SelfUnit().accounts
    receives: Words = SelfUnit().receives


class _Shared(Shape):
    """What a file may say for all its cases, and each case for itself."""

    as_of: date | None = None
    locale: str = "base"
    given: _Rows = Field(default_factory=dict)
    policy: dict[str, Any] = Field(default_factory=dict)
    own: dict[str, Any] = Field(default_factory=dict, alias="self")


class _CaseEntry(_Shared):
    name: str
    begins: date = Field(date(2000, 1, 1), alias="from")
    ends: date = Field(date(2099, 12, 31), alias="to")
    expect: list[dict[str, Any]] = Field(default_factory=list)
    status: str | None = None
    says: str | None = None
    pins: Words = ()


class _CaseFile(_Shared):
    rule: str
    cases: list[_CaseEntry] = Field(min_length=1)


@dataclass(frozen=True)
class Case:
    """One case: rows by table, the day, and what must come out.

    `pins` names parameters whose boundary it stands on: a nudge of them is tried on it first.
    `says` is in what the outcome says of itself, "" where it says nothing.
    """

    name: str
    as_of: date
    given: dict[str, list[dict[str, Any]]]
    expect: list[dict[str, Any]]
    status: str | None = None
    says: str | None = None
    policy: dict[str, Any] = field(default_factory=dict)
    locale: str = "base"
    self_unit: SelfUnit = field(default_factory=SelfUnit)
    period_from: date = date(2000, 1, 1)
    period_to: date = date(2099, 12, 31)
    pins: tuple[str, ...] = ()


def load_cases(path: Path) -> tuple[str, tuple[Case, ...]]:
    """Return the rule's code and the cases of a file.

    Rows under the file's own `given`, `policy` and `self` stand for every case; a case's table
    replaces the file's table of that name.

    Raises:
        ConfigError: Every fault of the file, together.
    """
    faults: list[Text] = []
    whole = checked(_CaseFile, load_yaml(path), below(path), faults)
    if whole is None:
        raise ConfigError(faults)
    cases = [_case(f"{path}: {one.name}", one, whole, faults) for one in whole.cases]
    if faults:
        raise ConfigError(faults)
    return whole.rule, tuple(cases)


def _case(place: str, one: _CaseEntry, whole: _CaseFile, faults: list[Text]) -> Case:
    """Return one case of a file, completed by what the file says for all of them."""
    given = {**whole.given, **one.given}
    faults.extend(
        unknown_word(f"{place}.given", "表", "table", table, specs())
        for table in given
        if table not in specs()
    )
    as_of = one.as_of or whole.as_of
    if as_of is None:
        faults.append(missing_key(place, "as_of"))
    unit = checked(_Unit, {**whole.own, **one.own}, below(f"{place}.self", "."), faults) or _Unit()
    return Case(
        name=one.name,
        as_of=as_of or one.begins,
        given={table: rows or [] for table, rows in given.items()},
        expect=one.expect,
        status=one.status,
        says=one.says,
        policy={**whole.policy, **one.policy},
        locale=one.locale if "locale" in one.model_fields_set else whole.locale,
        self_unit=SelfUnit(unit.name, unit.level, unit.accounts, unit.receives),
        period_from=one.begins,
        period_to=one.ends,
        pins=one.pins,
    )


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
