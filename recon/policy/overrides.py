"""Lays `[policy]` of recon.toml over the parameters of the packs.

Not here: reading recon.toml (`recon_toml`) and the packs (`packs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pydantic import Field

from recon.base.shapes import Day, Shape, below, checked, unknown_word
from recon.policy.packs import DatedValue, Reference, check_rising, checked_value, overlaid

if TYPE_CHECKING:
    from recon.base.models import Text
    from recon.policy.packs import Parameter
    from recon.policy.parameter_value import ValueType

FIRST_DAY = date(2000, 1, 1)
_UNTOLD = Reference(title="本地自定", section="未注明依据")


class _Override(Shape):
    value: object
    starts_on: Day = Field(FIRST_DAY, alias="from")
    ends_on: Day | None = Field(None, alias="to")
    source: str = ""
    verified_on: Day | None = None
    verified_by: str | None = None


def merge_overrides(
    by_name: dict[str, Parameter], overrides: Mapping[str, object], faults: list[Text]
) -> None:
    """Layer the user's own values over what is known.

    A plain value holds for all dates; an object {value, from, to, source, verified_on, verified_by}
    holds from its day on (2000-01-01 if it names none) to its last; a list of objects gives several
    values. A value is confirmed only with its source, who compared it and on which day.

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
        return [one for item in raw for one in _values(place, of, item, faults)]
    if not _is_object(raw):
        value = checked_value(place, of, raw, faults)
        return [DatedValue(FIRST_DAY, value, _UNTOLD, is_verified=False, place=place)]
    given = checked(_Override, raw, below(place, "."), faults)
    if given is None:
        return []
    value = checked_value(place, of, given.value, faults)
    by, on = given.verified_by, given.verified_on
    source = Reference(title=given.source) if given.source else _UNTOLD
    is_verified = bool(given.source and by) and on is not None
    dated = DatedValue(given.starts_on, value, source, is_verified, place, by, on)
    if given.ends_on is None:
        return [dated]
    after = given.ends_on + timedelta(days=1)
    return [dated, DatedValue(after, None, source, is_verified=False, place=place)]


def _is_object(raw: object) -> bool:
    return isinstance(raw, Mapping) and "value" in raw
