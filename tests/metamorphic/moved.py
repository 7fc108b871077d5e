"""A county in other years, or with other sums of money, and the policy that goes with it.

Here: what becomes of every day and every sum of the rows, the policy and the texts of exceptions.
Not here: what is compared afterwards (`relations`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from recon.base.shapes import Shape
from recon.tables.checks import ID_CHECKS, ID_WEIGHTS
from recon.tables.registry import specs
from tests.metamorphic.county import ME, County, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.policy.parameters import Policy

#: After so many years the days fall on the same weekdays again, leap days included.
YEARS = 28
#: A year before a month or 年, not inside a number such as ZL2024-16; in English after a word.
_DATED = re.compile(r"(?<![A-Za-z0-9])(?:19|20)\d\d(?=-\d\d(?!\d)|年)|(?<=[a-z] )20\d\d(?![\d.])")
_YEAR = re.compile(r"(?:19|20)\d\d")


def later(day: date) -> date:
    """Return the same day so many years later."""
    return day.replace(year=day.year + YEARS)


def shift(county: County, _seed: int) -> County:
    """Move every day, the policy, the working calendar and the people's births."""

    def change(table: str, row: Row) -> Row:
        return {name: _shifted(table, name, value) for name, value in row.items()}

    first, last = county.period
    own = county.policy
    return replace(
        county.with_tables(change),
        as_of=later(county.as_of),
        period=(later(first), later(last)),
        policy=lambda policy: _shifted_policy(own(policy)),
        years=YEARS,
    )


def _shifted(table: str, name: str, value: Any) -> Any:
    if value is None or name == ME:
        return value
    if isinstance(value, date):
        return later(value)
    if specs()[table].by_name[name].kind == "id_no" and len(value) == 18:
        return _born_later(value)
    return value + YEARS if name == "year" else value


def _born_later(number: str) -> str:
    """Return an identity number of somebody born later; a wrong check digit stays wrong."""
    body = f"{number[:6]}{int(number[6:10]) + YEARS}{number[10:17]}"
    wrong = (ID_CHECKS.index(number[-1]) - ID_CHECKS.index(_check_digit(number[:17]))) % 11
    return body + ID_CHECKS[(ID_CHECKS.index(_check_digit(body)) + wrong) % 11]


def _check_digit(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11]


def _shifted_policy(policy: Policy) -> Policy:
    by_name = {
        name: replace(
            about,
            values=tuple(replace(one, starts_on=later(one.starts_on)) for one in about.values),
        )
        for name, about in policy.by_name.items()
    }
    refunds = tuple(_each(one, _value_later) for one in policy.refund_policies)
    return replace(policy, by_name=by_name, refund_policies=refunds)


def _value_later(value: Any) -> Any:
    if isinstance(value, date):
        return later(value)
    return value + YEARS if isinstance(value, int) and value > 1900 else value


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """Change every value inside a record, a list or a mapping."""
    if isinstance(value, Shape):
        fields = {name: _each(getattr(value, name), change) for name in type(value).model_fields}
        return value.model_copy(update=fields)
    if isinstance(value, dict):
        return {change(key): _each(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return [_each(one, change) for one in value]
    return change(value)


def texts_later(value: Any, name: str = "") -> Any:
    """Move the years that a text, or each text of a list or mapping, names.

    Args:
        value: A value of an exception.
        name: Its column; a period or year may be nothing but a year.
    """
    if isinstance(value, dict):
        return {key: texts_later(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [texts_later(one) for one in value]
    if name in {"period", "year"} and _YEAR.fullmatch(str(value)):
        return type(value)(int(value) + YEARS)
    return _DATED.sub(_moved, value) if isinstance(value, str) else value


def _moved(found: re.Match[str]) -> str:
    return str(int(found[0]) + YEARS)


def scale(factor: int) -> Callable[[County, int], County]:
    """Return the change that multiplies every sum of money, those of the policy too."""

    def change(table: str, row: Row) -> Row:
        return {
            name: value * factor if value is not None and _is_money(table, name) else value
            for name, value in row.items()
        }

    def changed(county: County, _seed: int) -> County:
        own = county.policy
        return replace(
            county.with_tables(change), policy=lambda policy: _scaled(own(policy), factor)
        )

    return changed


def _is_money(table: str, name: str) -> bool:
    return name == "unit_price" or (name != ME and specs()[table].by_name[name].kind == "money")


def _scaled(policy: Policy, factor: int) -> Policy:
    by_name = {
        name: replace(
            about,
            values=tuple(
                replace(one, value=one.value * factor) if isinstance(one.value, Decimal) else one
                for one in about.values
            ),
        )
        if about.type.kind == "money"
        else about
        for name, about in policy.by_name.items()
    }
    refunds = tuple(
        one.model_copy(
            update={
                "cap": one.cap and one.cap * factor,
                "threshold": one.threshold
                and one.threshold.model_copy(update={"amount": one.threshold.amount * factor}),
            }
        )
        for one in policy.refund_policies
    )
    return replace(policy, by_name=by_name, refund_policies=refunds)
