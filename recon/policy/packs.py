"""Reads policy packs into parameters, with every fault of every file.

A pack is a folder of `<area>.yaml`; the key `passback_days` in `fee.yaml` is the parameter
`fee.passback_days`. Not here: which packs are layered (`parameters`), what a type allows
(`parameter_value`) and `[policy]` of recon.toml (`overrides`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from recon.base.errors import YamlError
from recon.base.faults import missing_key, unknown_keys, unknown_word, wrong_kind
from recon.base.models import Text
from recon.base.yamlio import load_yaml
from recon.policy.parameter_value import KINDS, ValueType, read_type, read_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recon.policy.parameter_value import Value

REFUND_FILE = "refund_policies.yaml"
_PARAMETER_KEYS = ("description", "type", "unit", "minimum", "maximum", "values")
_VALUE_KEYS = ("value", "reference", "verified_by", "verified_on")
_REFERENCE_KEYS = ("title", "section", "source", "href")
_KEY = re.compile(r"^[a-z][a-z0-9_]*$")


@dataclass(frozen=True)
class Reference:
    """Where a value comes from; printed as 依据待核 unless the value is verified."""

    title: str
    section: str = ""
    source: str = ""
    href: str = ""

    @property
    def text(self) -> str:
        """Title, section and source in one line."""
        source = f"（来源 {self.source}）" if self.source else ""
        return "，".join(part for part in (self.title, self.section) if part) + source


@dataclass(frozen=True)
class DatedValue:
    """A value from a day on; None ends the parameter."""

    starts_on: date
    value: Value | None
    reference: Reference
    is_verified: bool
    place: str
    verified_by: str | None = None
    verified_on: date | None = None


@dataclass(frozen=True)
class Parameter:
    """A policy parameter with all its values in the order of time."""

    name: str
    type: ValueType
    unit: str
    description: Text
    values: tuple[DatedValue, ...]


def unknown_locale(locale: str, known: tuple[str, ...]) -> Text:
    """Return the fault of a locale that has no folder."""
    return unknown_word("locale", "地区参数包", "locale", locale, known)


def merge_pack(by_name: dict[str, Parameter], folder: Path, faults: list[Text]) -> None:
    """Layer a pack over what is known; its values win from their first date on.

    Args:
        by_name: Parameters so far; changed in place.
        folder: The pack; `refund_policies.yaml` in it is left to `refund_policies`.
        faults: Takes every fault.
    """
    for path in sorted(folder.glob("*.yaml")):
        if path.name == REFUND_FILE:
            continue
        try:
            content = load_yaml(path)
        except YamlError as error:
            faults.append(error.text)
            continue
        if not isinstance(content, dict):
            faults.append(wrong_kind(path, content, "“参数名: {...}”", "'parameter: {...}'"))
            continue
        for key, entry in content.items():
            _merge_entry(by_name, path, key, entry, faults)


def _merge_entry(
    by_name: dict[str, Parameter], path: Path, key: object, entry: object, faults: list[Text]
) -> None:
    name = f"{path.stem}.{key}"
    place = f"{path}: {name}"
    if not isinstance(key, str) or not _KEY.match(key):
        faults.append(wrong_kind(path, key, "小写英文参数名", "a lower-case parameter name"))
        return
    if not isinstance(entry, dict):
        faults.append(wrong_kind(place, entry, "带 values 的对照", "a mapping with 'values'"))
        return
    found_before = len(faults)
    faults.extend(unknown_keys(place, entry, _PARAMETER_KEYS))
    known = by_name.get(name)
    about = _known_shape(place, known, entry, faults) if known else None
    if known is None and "type" not in entry:
        faults.append(unknown_word(place, "参数", "policy parameter", name, by_name))
        return
    if known is None:
        about = _new_shape(place, name, entry, faults)
    values = _dated_values(place, about.type if about else None, entry.get("values"), faults)
    if about is not None and len(faults) == found_before:
        by_name[name] = replace(about, values=overlaid(about.values, values))


def _known_shape(
    place: str, known: Parameter, entry: Mapping[str, Any], faults: list[Text]
) -> Parameter:
    for key, expected in (("type", known.type.text), ("unit", known.unit)):
        if key in entry and entry[key] != expected:
            faults.append(wrong_kind(f"{place}.{key}", entry[key], f"“{expected}”", expected))
    if "description" in entry:
        return replace(known, description=_description(place, entry, faults))
    return known


def _new_shape(
    place: str, name: str, entry: Mapping[str, Any], faults: list[Text]
) -> Parameter | None:
    bounds: dict[str, Decimal | None] = {}
    for key in ("minimum", "maximum"):
        raw = entry.get(key)
        is_number = isinstance(raw, (int, Decimal)) and not isinstance(raw, bool)
        if raw is not None and not is_number:
            faults.append(wrong_kind(f"{place}.{key}", raw, "数", "a number"))
        bounds[key] = Decimal(cast("Decimal", raw)) if is_number else None
    of = read_type(entry["type"], **bounds)
    if of is None:
        known = [kind for kind in KINDS if kind != "enum"] + ["enum[a|b]"]
        faults.append(unknown_word(f"{place}.type", "类型", "type", entry["type"], known))
        return None
    unit = entry.get("unit", "")
    if not isinstance(unit, str):
        faults.append(wrong_kind(f"{place}.unit", unit, "文字", "a text"))
        return None
    return Parameter(name, of, unit, _description(place, entry, faults), ())


def _description(place: str, entry: Mapping[str, Any], faults: list[Text]) -> Text:
    raw = entry.get("description")
    is_text = isinstance(raw, dict) and all(isinstance(item, str) for item in raw.values())
    if not is_text or set(cast("dict[str, str]", raw)) != {"zh", "en"}:
        faults.append(
            wrong_kind(f"{place}.description", raw, "{zh: ..., en: ...}", "{zh: ..., en: ...}")
        )
        return Text("", "")
    return Text(**cast("dict[str, str]", raw))


def _dated_values(
    place: str, of: ValueType | None, raw: object, faults: list[Text]
) -> tuple[DatedValue, ...]:
    if not isinstance(raw, dict) or not raw:
        faults.append(wrong_kind(f"{place}.values", raw, "“起始日: {value: ...}”", "'day: {...}'"))
        return ()
    result: list[DatedValue] = []
    for day, entry in raw.items():
        here = f"{place}.values.{day}"
        if not is_day(day):
            faults.append(wrong_kind(here, day, "YYYY-MM-DD 的起始日", "a day as YYYY-MM-DD"))
        elif not isinstance(entry, dict) or "value" not in entry:
            faults.append(wrong_kind(here, entry, "{value: ..., reference: ...}", "{value: ...}"))
        else:
            faults.extend(unknown_keys(here, entry, _VALUE_KEYS))
            value = checked_value(here, of, entry["value"], faults)
            reference = read_reference(here, entry.get("reference"), faults)
            by, on = read_proof(here, entry, faults)
            result.append(DatedValue(day, value, reference, on is not None, place, by, on))
    check_rising(place, result, faults)
    return tuple(result)


def is_day(raw: object) -> bool:
    """Whether a value is a plain day."""
    return isinstance(raw, date) and not isinstance(raw, datetime)


def checked_value(
    place: str, of: ValueType | None, raw: object, faults: list[Text]
) -> Value | None:
    """Return a raw value as its type wants it; None for null and for a value with a fault."""
    if raw is None or of is None:
        return None
    value = read_value(of, raw)
    if isinstance(value, Text):
        faults.append(wrong_kind(place, raw, value.zh, value.en))
        return None
    return value


def read_proof(
    place: str, entry: Mapping[str, Any], faults: list[Text]
) -> tuple[str | None, date | None]:
    """Return who verified a value, and on which day."""
    by, on = entry.get("verified_by"), entry.get("verified_on")
    if by is not None and not isinstance(by, str):
        faults.append(wrong_kind(f"{place}.verified_by", by, "姓名", "a name"))
        by = None
    if on is not None and not is_day(on):
        faults.append(wrong_kind(f"{place}.verified_on", on, "YYYY-MM-DD", "a day as YYYY-MM-DD"))
        on = None
    return by, on


def read_reference(place: str, raw: object, faults: list[Text]) -> Reference:
    """Return a reference {title, section, source, href}; only the title must be there.

    Args:
        place: File, and the part of it.
        raw: As YAML gave it.
        faults: Takes every fault.
    """
    here = f"{place}.reference"
    if not isinstance(raw, dict) or "title" not in raw:
        faults.append(missing_key(here, "title"))
        return Reference("")
    faults.extend(unknown_keys(here, raw, _REFERENCE_KEYS))
    wrong = [item for item in raw.values() if not isinstance(item, str)]
    faults.extend(wrong_kind(here, item, "文字", "a text") for item in wrong)
    if wrong:
        return Reference("")
    return Reference(**{key: raw[key] for key in _REFERENCE_KEYS if key in raw})


def check_rising(place: str, values: list[DatedValue], faults: list[Text]) -> None:
    """Add a fault where a start date is not after the one before it."""
    for earlier, later in pairwise(values):
        if later.starts_on <= earlier.starts_on:
            faults.append(
                Text(
                    f"{place}: 起始日 {later.starts_on} 没有晚于 {earlier.starts_on}。"
                    "请按日期先后排列。",
                    f"{place}: start date {later.starts_on} is not after {earlier.starts_on}. "
                    "Let the dates rise.",
                )
            )


def overlaid(
    known: tuple[DatedValue, ...], values: tuple[DatedValue, ...]
) -> tuple[DatedValue, ...]:
    """Return known values up to the first date of the newer ones, then those."""
    first = values[0].starts_on
    return (*(value for value in known if value.starts_on < first), *values)
