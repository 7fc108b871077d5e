"""Lays `[policy]` of recon.toml over the parameters of the packs.

Not here: reading recon.toml (`recon_toml`) and the packs (`packs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from recon.base.faults import unknown_keys, unknown_word, wrong_kind
from recon.policy.packs import (
    DatedValue,
    Reference,
    check_rising,
    checked_value,
    is_day,
    overlaid,
    read_proof,
)

if TYPE_CHECKING:
    from recon.base.models import Text
    from recon.policy.packs import Parameter
    from recon.policy.parameter_value import ValueType

FIRST_DAY = date(2000, 1, 1)
_KEYS = ("value", "from", "source", "verified_on", "verified_by")


def merge_overrides(
    by_name: dict[str, Parameter], overrides: Mapping[str, object], faults: list[Text]
) -> None:
    """Layer the user's own values over what is known.

    A plain value holds for all dates and counts as confirmed by the user; an object
    {value, from, source, verified_on, verified_by} holds from its day on (2000-01-01 if it names
    none) and is confirmed when `verified_on` is given; a list of objects gives several values.

    Args:
        by_name: Parameters so far; changed in place.
        overrides: The section as TOML gave it, numbers as int or Decimal; an unquoted dotted name,
            which TOML reads as a table in a table, is understood.
        faults: Takes every fault.
    """
    for name, raw in _flat(overrides, by_name).items():
        place = f"recon.toml [policy] {name}"
        known = by_name.get(name)
        if known is None:
            faults.append(unknown_word(place, "参数", "policy parameter", name, by_name))
            continue
        found_before = len(faults)
        values = _values(place, known.type, raw, faults)
        check_rising(place, values, faults)
        if len(faults) == found_before:
            by_name[name] = replace(known, values=overlaid(known.values, tuple(values)))


def _flat(overrides: Mapping[str, object], by_name: Mapping[str, Parameter]) -> dict[str, object]:
    areas = {name.split(".", 1)[0] for name in by_name}
    result: dict[str, object] = {}
    for name, raw in overrides.items():
        if name in areas and isinstance(raw, Mapping):
            result |= {f"{name}.{key}": item for key, item in raw.items()}
        else:
            result[name] = raw
    return result


def _values(place: str, of: ValueType, raw: object, faults: list[Text]) -> list[DatedValue]:
    if isinstance(raw, list) and raw and all(map(_is_object, raw)):
        return [_value(place, of, item, faults) for item in raw]
    if _is_object(raw):
        return [_value(place, of, cast("Mapping[str, Any]", raw), faults)]
    value = checked_value(place, of, raw, faults)
    stated = Reference("recon.toml", "使用者确认")
    return [DatedValue(FIRST_DAY, value, stated, is_verified=True, place=place)]


def _is_object(raw: object) -> bool:
    return isinstance(raw, Mapping) and "value" in raw


def _value(place: str, of: ValueType, raw: Mapping[str, Any], faults: list[Text]) -> DatedValue:
    faults.extend(unknown_keys(place, raw, _KEYS))
    start, source = raw.get("from", FIRST_DAY), raw.get("source", "recon.toml")
    if not is_day(start):
        faults.append(wrong_kind(f"{place}.from", start, "YYYY-MM-DD", "a day as YYYY-MM-DD"))
        start = FIRST_DAY
    if not isinstance(source, str):
        faults.append(wrong_kind(f"{place}.source", source, "文字", "a text"))
    by, on = read_proof(place, raw, faults)
    value = checked_value(place, of, raw["value"], faults)
    return DatedValue(start, value, Reference(str(source)), on is not None, place, by, on)
