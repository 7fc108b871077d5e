"""Reads policy packs into parameters, with every fault of every file.

A pack is a folder of `<area>.yaml`; the key `passback_days` in `fee.yaml` is the parameter
`fee.passback_days`. Not here: which packs are layered (`parameters`), what a type allows
(`parameter_value`) and `[policy]` of recon.toml (`overrides`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from recon.base.errors import YamlError
from recon.base.models import Text
from recon.base.shapes import (
    Number,
    Sentence,
    Shape,
    below,
    checked,
    missing_key,
    sound_part,
    unknown_word,
    wrong_kind,
)
from recon.base.yamlio import load_yaml
from recon.policy.parameter_value import KINDS, ValueType, read_type, read_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recon.policy.parameter_value import Value

REFUND_FILE = "refund_policies.yaml"
HOLIDAY_FILE = "holidays.yaml"
ParameterKind = Literal["policy", "tool"]
_SOURCE = re.compile("（来源 [^）]*）")
_KEY = re.compile(r"^[a-z][a-z0-9_]*$")


class Reference(Shape):
    """Where a value comes from; printed as 依据待核 unless the value is verified."""

    title: str
    section: str = ""
    quote: str = ""
    source: str = ""
    href: str = ""

    @property
    def cited(self) -> str:
        """Title and section, as official papers cite them."""
        return "，".join(part for part in (self.title, self.section) if part)

    @property
    def text(self) -> str:
        """Title, section and source in one line, as data files keep them."""
        return self.cited + (f"（来源 {self.source}）" if self.source else "")


def cited(text: str) -> str:
    """Return what an official paper cites of texts of references: without their sources.

    Example:
        >>> cited("某办法，第三条（来源 https://example.org/a(1)）；另一办法")
        '某办法，第三条；另一办法'
    """
    return _SOURCE.sub("", text)


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
    """A policy parameter with all its values in the order of time.

    `kind` is policy where a value decides a definite amount or a date that makes one; tool where it
    only bounds a match or moves the line between nothing and a lead. Without any value of an
    `is_optional` parameter rules still have an answer. `words` say the codes of an enum,
    or of the items of a list.
    """

    name: str
    type: ValueType
    unit: str
    description: Text
    values: tuple[DatedValue, ...]
    kind: ParameterKind = "policy"
    is_optional: bool = False
    words: Mapping[str, Text] = field(default_factory=dict)

    def in_words(self, value: str) -> Text:
        """Return a value, as text, in the words of papers; data files keep the code."""
        parts = [self._known.get(code, Text(code, code)) for code in self._parts(value)]
        return Text("、".join(each.zh for each in parts), ", ".join(each.en for each in parts))

    def code_of(self, word: str) -> str:
        """Return the code of a value that somebody typed in words; other texts as they are."""
        codes = {said: code for code, each in self._known.items() for said in (each.zh, each.en)}
        return "、".join(codes.get(part, part) for part in self._parts(word))

    @property
    def _known(self) -> Mapping[str, Text]:
        return _BOOL if self.type.kind == "bool" else self.words

    def _parts(self, text: str) -> list[str]:
        return text.split("、") if self.type.kind == "list" else [text]


class _Value(Shape):
    value: object
    reference: Reference
    verified_by: str | None = None
    verified_on: date | None = None


_Values = Annotated[
    dict[
        Annotated[date, Text("YYYY-MM-DD 的起始日", "a day as YYYY-MM-DD")],
        Annotated[_Value, Text("{value: ..., reference: ...}", "{value: ..., reference: ...}")],
    ],
    Text("“起始日: {value: ..., reference: ...}”", "'day: {value: ..., reference: ...}'"),
]


_BOOL = {"true": Text("是", "yes"), "false": Text("否", "no")}
_BOTH = Text("{zh: ..., en: ...}", "{zh: ..., en: ...}")


class _Entry(Shape):
    values: _Values
    kind: ParameterKind | None = None
    optional: bool = False
    description: Annotated[Sentence, _BOTH] | None = None
    type: str | None = None
    words: dict[str, Annotated[Sentence, _BOTH]] | None = None
    unit: str | None = None
    minimum: Number | None = None
    maximum: Number | None = None


def unknown_locale(locale: str, known: tuple[str, ...]) -> Text:
    """Return the fault of a locale that has no folder."""
    return unknown_word("locale", "地区参数包", "locale", locale, known)


def merge_pack(by_name: dict[str, Parameter], folder: Path, faults: list[Text]) -> None:
    """Layer a pack over what is known; its values win from their first date on.

    Args:
        by_name: Parameters so far; changed in place.
        folder: The pack; its refund policies and holidays are read elsewhere.
        faults: Takes every fault.
    """
    for path in sorted(folder.glob("*.yaml")):
        if path.name in (REFUND_FILE, HOLIDAY_FILE):
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
    found_before = len(faults)
    if not isinstance(entry, dict):
        faults.append(wrong_kind(place, entry, "带 values 的对照", "a mapping with 'values'"))
        return
    given = checked(_Entry, entry, below(place, "."), faults)
    known = by_name.get(name)
    if known is None and "type" not in entry:
        faults.append(unknown_word(place, "参数", "policy parameter", name, by_name))
    if entry.get("values") == {}:
        faults.append(wrong_kind(f"{place}.values", "{}", "“起始日: {value: ...}”", "'day: {...}'"))
    given = given or sound_part(_Entry, entry)
    if given is None or (known is None and given.type is None):
        return
    about = _known(place, known, given, faults) if known else _new(place, name, given, faults)
    values = _dated_values(place, about.type if about else None, given, faults)
    if about is not None and len(faults) == found_before:
        by_name[name] = replace(about, values=overlaid(about.values, values))


def _known(place: str, known: Parameter, given: _Entry, faults: list[Text]) -> Parameter:
    for key, said, expected in (
        ("type", given.type, known.type.text),
        ("unit", given.unit, known.unit),
        ("kind", given.kind, known.kind),
    ):
        if said not in (None, expected):
            faults.append(wrong_kind(f"{place}.{key}", said, f"“{expected}”", expected))
    return replace(known, description=given.description.text) if given.description else known


def _new(place: str, name: str, given: _Entry, faults: list[Text]) -> Parameter | None:
    of = read_type(given.type, given.minimum, given.maximum)
    if of is None:
        known = [kind for kind in KINDS if kind != "enum"] + ["enum[a|b]"]
        faults.append(unknown_word(f"{place}.type", "类型", "type", given.type, known))
    if given.description is None:
        faults.append(missing_key(place, "description"))
    if of is None or given.description is None:
        return None
    said = given.words or {}
    faults += [
        unknown_word(f"{place}.words", "值", "value", code, of.choices)
        for code in said
        if code not in of.choices
    ]
    kind, about = given.kind or "policy", given.description.text
    words = {code: each.text for code, each in said.items()}
    return Parameter(name, of, given.unit or "", about, (), kind, given.optional, words)


def _dated_values(
    place: str, of: ValueType | None, given: _Entry, faults: list[Text]
) -> tuple[DatedValue, ...]:
    if not given.values:
        return ()
    result = [
        DatedValue(
            day,
            checked_value(f"{place}.values.{day}", of, one.value, faults),
            one.reference,
            bool(one.verified_by) and one.verified_on is not None,
            place,
            one.verified_by,
            one.verified_on,
        )
        for day, one in given.values.items()
    ]
    check_rising(place, result, faults)
    return tuple(result)


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
