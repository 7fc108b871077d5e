"""Files of rule cases: what a case holds, and its rows as typed frames.

Here: reading the YAML under tests/rules. Not here: running a case (see `rule_cases`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base import resources
from recon.base.models import SelfUnit
from recon.base.yamlio import load_yaml
from recon.rules.errors import CaseError
from recon.tables.registry import specs, staged_schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recon.rules.catalog import Rule

_ROWS_OF_TABLE = 1_000_000
_KEYS = "name as_of from to policy locale self given expect status pins"
_CASE_KEYS = frozenset(_KEYS.split())
_SHARED = ("given", "policy", "self")


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


def load_cases(path: Path) -> tuple[str, tuple[Case, ...]]:
    """Return the rule's code and the cases of a file.

    Rows under the file's own `given`, `policy` and `self` stand for every case; a case's table
    replaces the file's table of that name.

    Raises:
        CaseError: A key or a table is not known, or the rule, a name or a day is missing.
    """
    raw = load_yaml(path)
    _demand(raw, ("rule", "cases"), path)
    return raw["rule"], tuple(_case(path, item, raw) for item in raw["cases"])


def _case(path: Path, item: dict[str, Any], raw: dict[str, Any]) -> Case:
    """Return one case of a file, completed by what the file says for all of them."""
    case: dict[str, Any] = {**{key: raw[key] for key in ("as_of", "locale") if key in raw}, **item}
    unknown = sorted(set(case) - _CASE_KEYS)
    if unknown:
        raise CaseError(path, item.get("name", "?"), f"unknown key '{unknown[0]}'")
    _demand(case, ("name", "as_of"), path)
    shared = {key: {**(raw.get(key) or {}), **(item.get(key) or {})} for key in _SHARED}
    for table in shared["given"]:
        if table not in specs():
            raise CaseError(path, case["name"], f"unknown table '{table}'")
    return Case(
        name=case["name"],
        as_of=case["as_of"],
        given={table: rows or [] for table, rows in shared["given"].items()},
        expect=case.get("expect") or [],
        status=case.get("status"),
        policy=shared["policy"],
        locale=case.get("locale", "base"),
        self_unit=_unit(shared["self"]),
        period_from=case.get("from") or date(2000, 1, 1),
        period_to=case.get("to") or date(2099, 12, 31),
        pins=tuple(case.get("pins") or ()),
    )


def _demand(found: dict[str, Any], keys: tuple[str, ...], path: Path) -> None:
    for key in keys:
        if not found.get(key):
            raise CaseError(path, found.get("name", "?"), f"'{key}' is missing")


def _unit(given: dict[str, Any]) -> SelfUnit:
    plain = SelfUnit()
    return SelfUnit(
        name=given.get("name", plain.name),
        level=given.get("level", plain.level),
        accounts=tuple(given.get("accounts", plain.accounts)),
        receives=tuple(given.get("receives", plain.receives)),
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
