"""The one way to check what a settings file holds: all faults at once, each with its place.

Here: the base of the shapes, and pydantic's faults as sentences in both languages. Not here: how a
file is read (`plain_text`, `yamlio`), and what values mean beyond their shape.
"""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Strict, ValidationError

from recon.base.models import Text
from recon.base.nearest import nearest
from recon.base.plain_text import sign_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from pydantic_core import ErrorDetails


def unknown_word(place: object, zh: str, en: str, word: object, known: Collection[str]) -> Text:
    """Return the fault of a word that nothing is called, with the nearest or all allowed ones.

    Args:
        place: File, and the part of it.
        zh: What the word should be, in Chinese, e.g. "键".
        en: The same in English, e.g. "key".
        word: What stands there.
        known: What may stand there.
    """
    near = nearest(str(word), known)
    if near:
        return Text(
            f"{place}: 不认识的{zh}“{word}”。是不是“{near[0]}”？允许：{_listed(known, '、')}。",
            f"{place}: unknown {en} '{word}'. Did you mean '{near[0]}'? "
            f"Allowed: {_listed(known, ', ')}.",
        )
    return Text(
        f"{place}: 不认识的{zh}“{word}”。允许：{_listed(known, '、')}。",
        f"{place}: unknown {en} '{word}'. Allowed: {_listed(known, ', ')}.",
    )


def unknown_keys(
    place: object, found: Iterable[object], allowed: Collection[str]
) -> Iterable[Text]:
    """Yield a fault for every key that is not allowed."""
    for key in found:
        if key not in allowed:
            yield unknown_word(place, "键", "key", key, allowed)


def missing_key(place: object, key: str) -> Text:
    """Return the fault of a key that must be there."""
    return Text(f"{place}: 缺少“{key}”。请补上。", f"{place}: '{key}' is missing. Add it.")


def wrong_kind(place: object, value: object, zh: str, en: str) -> Text:
    """Return the fault of a value of the wrong kind.

    Args:
        place: File, and the part of it.
        value: What stands there.
        zh: What is allowed, in Chinese.
        en: The same in English.
    """
    shown, hint = _shown(value), sign_in(value)
    return Text(
        f"{place}: “{shown}”不合要求。应为{zh}。{hint.zh}",
        f"{place}: '{shown}' is wrong. Use {en}. {hint.en}".rstrip(),
    )


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _listed(words: Collection[str], separator: str) -> str:
    known = sorted(words)
    return separator.join(known if len(known) <= 24 else [*known[:24], "..."])


class Shape(BaseModel):
    """Base of all shapes: an unknown key is a fault, and a value has its kind as it is written.

    A `Text` in the annotation of a field says what may stand there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Sentence(Shape):
    """A text in both languages."""

    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The same as a `Text`."""
        return Text(self.zh, self.en)


#: A key that is a day, as pydantic shows it.
_DAY = re.compile(r"datetime\.date\(([0-9]+), ([0-9]+), ([0-9]+)\)")

#: Of what may be a name alone or be spelt out: the tag of what is spelt out, which no place shows.
FULL = "[full]"

S = TypeVar("S", bound=Shape)
Way = tuple[str | int, ...]
Words = Annotated[
    tuple[str, ...],
    Strict(strict=False),
    Text('文字的列表，如 ["ORG"]', 'a list of texts, e.g. ["ORG"]'),
]
Number = Annotated[Decimal, Strict(strict=False), Text("数", "a number")]
Day = Annotated[
    date, Text("日期，如 2024-01-01，不加引号", "a day without quotes, e.g. 2024-01-01")
]

#: What may stand where, by the kind that pydantic wants.
_KINDS = {
    "string": Text("文字", "a text"),
    "int": Text("整数", "a whole number"),
    "bool": Text("true 或 false", "true or false"),
    "date": Text("日期，如 2024-01-01", "a day as YYYY-MM-DD"),
    "decimal": Text("数", "a number"),
    "list": Text("列表", "a list"),
    "tuple": Text("列表", "a list"),
    "dict": Text("键和值", "keys and values"),
    "model": Text("键和值", "keys and values"),
    "too": Text("至少一项", "at least one entry"),
}


def checked(of: type[S], raw: object, where: Callable[[Way], str], faults: list[Text]) -> S | None:
    """Return raw values as a shape; None, with every fault of them, where they are not.

    Args:
        of: The shape.
        raw: As YAML or TOML gave it.
        where: Makes a place of the keys that lead to a value; see `below`.
        faults: Takes a sentence for each fault.
    """
    try:
        return of.model_validate(raw)
    except ValidationError as error:
        faults.extend(_fault(of, one, where) for one in error.errors(include_url=False))
        return None


def below(place: object, between: str = ": ") -> Callable[[Way], str]:
    """Return what makes places of keys, e.g. `x.yaml: passes[2].by`.

    Args:
        place: The file, and the part of it that is checked.
        between: What stands between it and the first key.
    """

    def where(way: Way) -> str:
        keys = [_DAY.sub(_iso, part) if isinstance(part, str) else part for part in way]
        keys = [key for key in keys if key not in ("[key]", FULL)]
        shown = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys)
        return f"{place}{between}{shown.removeprefix('.')}" if shown else f"{place}"

    return where


def _iso(shown: re.Match[str]) -> str:
    return date(*map(int, shown.groups())).isoformat()


def sound_part(of: type[S], raw: dict[str, Any]) -> S | None:
    """Return what is left of raw values without those at fault; None if that is not enough."""
    left = deepcopy(raw)
    while True:
        try:
            return of.model_validate(left)
        except ValidationError as error:
            one = error.errors(include_url=False)[0]
        is_above = one["type"] == "missing" or one["loc"][-1:] == ("[key]",)
        way = [key for key in (one["loc"][:-1] if is_above else one["loc"]) if key != FULL]
        inside: Any = left
        try:
            for key in way[:-1]:
                inside = inside[_own(inside, key)]
            if not way or not inside:
                return None
            del inside[_own(inside, way[-1])]
        except (LookupError, TypeError):  # the shape spells out what the file says in short
            return None


def _own(held: Any, key: str | int) -> Any:  # noqa: ANN401 - a key of YAML
    """Return a key as the mapping has it: pydantic shows a day as Python would."""
    return next((own for own in held if repr(own) == key), key) if key not in held else key


def _fault(of: type[Shape], error: ErrorDetails, where: Callable[[Way], str]) -> Text:
    """Return pydantic's word of a fault as our sentence."""
    way = tuple(key for key in error["loc"] if key != FULL)
    kind, value = error["type"], error["input"]
    if kind == "missing":
        return missing_key(where(way[:-1]), str(way[-1]))
    if kind == "extra_forbidden":
        return unknown_word(where(way[:-1]), "键", "key", way[-1], _keys(_field(of, way[:-1])[0]))
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        return unknown_word(where(way), "值", "value", value, allowed)
    told = _field(of, way)[1] or _KINDS.get(kind.partition("_")[0])
    own = told or Text(error["msg"], error["msg"])
    return wrong_kind(where(way), value, own.zh, own.en)


def _keys(of: object) -> list[str]:
    fields = of.model_fields if isinstance(of, type) and issubclass(of, Shape) else {}
    return [field.alias or name for name, field in fields.items()]


def _field(of: object, way: Way) -> tuple[object, Text | None]:
    """Return the annotation that keys lead to, and what its `Text` says."""
    told: Text | None = None
    if way[-1:] == ("[key]",):  # of a key itself, not of what stands under it
        way = (*way[:-2], "[key]")
    for key in way:
        if isinstance(of, type) and issubclass(of, Shape):
            fields = {field.alias or name: field for name, field in of.model_fields.items()}
            if key not in fields:
                return None, told
            field = fields[str(key)]
            of, notes = field.annotation, field.metadata
        else:
            held = get_args(of)
            held, notes = get_args(of) or (None,), []
            of = held[0 if isinstance(key, int) or key == "[key]" else -1]
        while get_origin(of) in (Annotated, Union, UnionType):
            held = get_args(of)
            notes = [*notes, *(held[1:] if get_origin(of) is Annotated else ())]
            of = held[0]
        told = next((note for note in notes if isinstance(note, Text)), None)
    return of, told
