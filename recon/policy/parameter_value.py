"""What a policy parameter may hold: its type, the check of a raw value, and its text.

Raw values come from YAML or TOML as str, bool, int, Decimal, list or mapping. Not here: dates,
packs and files (see `parameters` and `packs`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from recon.base.models import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value: TypeAlias = "Decimal | int | bool | str | tuple[str | Decimal, ...] | Mapping[str, Decimal]"
Kind = Literal["money", "rate", "int", "qty", "bool", "enum", "map", "list"]

KINDS: tuple[Kind, ...] = ("money", "rate", "int", "qty", "bool", "enum", "map", "list")
_PLACES = {"money": 2, "rate": 6, "qty": 6, "map": 6, "list": 6}
_ENUM = re.compile(r"^enum\[([^\[\]|]+(?:\|[^\[\]|]+)*)\]$")


@dataclass(frozen=True)
class ValueType:
    """The type of a parameter.

    `choices` are the words of an enum. `minimum` and `maximum` bound numbers, also inside maps;
    no parameter is ever negative.
    """

    kind: Kind
    choices: tuple[str, ...] = ()
    minimum: Decimal = Decimal(0)
    maximum: Decimal | None = None

    @property
    def is_scalar(self) -> bool:
        """Whether one cell can hold a value."""
        return self.kind not in ("map", "list")

    @property
    def text(self) -> str:
        """The type as it is written in a policy file."""
        return f"enum[{'|'.join(self.choices)}]" if self.kind == "enum" else self.kind


def read_type(
    text: object, minimum: Decimal | None = None, maximum: Decimal | None = None
) -> ValueType | None:
    """Return the type that a policy file names; None if it names none.

    Example:
        >>> read_type("enum[month|year]").choices
        ('month', 'year')
    """
    low = Decimal(0) if minimum is None else minimum
    if text in KINDS and text != "enum":
        return ValueType(cast("Kind", text), (), low, maximum)
    match = _ENUM.match(str(text))
    return ValueType("enum", tuple(match[1].split("|")), low, maximum) if match else None


def read_value(of: ValueType, raw: object) -> Value | Text:
    """Return a raw value as its type wants it, or a text that says what is allowed.

    Args:
        of: The parameter's type.
        raw: As YAML or TOML gave it; null is not a value and must not come here.

    Returns:
        money, rate and qty as Decimal; lists as tuples (numbers in them Decimal); maps with
        Decimal values; or a `Text` naming what may stand there.

    Units: as the parameter declares; money is yuan with at most two places.
    """
    return _READERS.get(of.kind, _amount)(of, raw)


def text_of(of: ValueType, value: Value | None) -> str:
    """Return a value as text: money with two places, other numbers in their shortest form.

    Example:
        >>> text_of(ValueType("money"), Decimal("0.1"))
        '0.10'
        >>> text_of(ValueType("map"), {"acftu": Decimal("0.050")})
        'acftu=0.05'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal) and of.kind == "money":
        return f"{value:.2f}"
    if isinstance(value, tuple):
        return "、".join(_item_text(item) for item in value)
    if isinstance(value, (str, int, Decimal)):
        return _item_text(value)
    return "、".join(f"{key}={_item_text(item)}" for key, item in value.items())


def _item_text(item: str | int | Decimal) -> str:
    if not isinstance(item, Decimal):
        return str(item)
    text = f"{item:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_within(of: ValueType, number: Decimal | int) -> bool:
    return of.minimum <= number and (of.maximum is None or number <= of.maximum)


def _decimal(of: ValueType, raw: object) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, (int, Decimal)):
        return None
    number = Decimal(raw)
    if not number.is_finite() or not _is_within(of, number):
        return None
    exponent = number.normalize().as_tuple().exponent
    return number if isinstance(exponent, int) and -exponent <= _PLACES[of.kind] else None


def _number(of: ValueType) -> Text:
    kinds = {
        "int": Text("整数", "a whole number"),
        "money": Text("元，最多两位小数的数", "a number of yuan with at most 2 places"),
    }
    kind = kinds.get(of.kind, Text("最多六位小数的数", "a number with at most 6 places"))
    if of.maximum is None:
        return Text(f"不小于 {of.minimum} 的{kind.zh}", f"{kind.en}, not below {of.minimum}")
    bounds = f"{of.minimum}..{of.maximum}"
    return Text(f"{bounds} 之间的{kind.zh}", f"{kind.en}, within {bounds}")


def _list_of(of: ValueType, raw: object) -> Value | Text:
    allowed = Text("文字或数的列表", "a list of texts or numbers")
    if not isinstance(raw, list):
        return allowed
    items: list[str | Decimal] = []
    for item in raw:
        value = item if isinstance(item, str) else _decimal(of, item)
        if value is None or value == "":
            return allowed
        items.append(value)
    return tuple(items)


def _map_of(of: ValueType, raw: object) -> Value | Text:
    allowed = Text("名称到数的对照", "a mapping of names to numbers")
    if not isinstance(raw, dict):
        return allowed
    result: dict[str, Decimal] = {}
    for key, item in raw.items():
        value = _decimal(of, item)
        if not isinstance(key, str) or not key or value is None:
            limit = f"（≤ {of.maximum}）" if of.maximum is not None else ""
            return Text(allowed.zh + limit, allowed.en + (f" ≤ {of.maximum}" if limit else ""))
        result[key] = value
    return result


def _flag(_of: ValueType, raw: object) -> Value | Text:
    return raw if isinstance(raw, bool) else Text("true 或 false", "true or false")


def _choice(of: ValueType, raw: object) -> Value | Text:
    if isinstance(raw, str) and raw in of.choices:
        return raw
    return Text("、".join(of.choices), " | ".join(of.choices))


def _whole(of: ValueType, raw: object) -> Value | Text:
    if isinstance(raw, int) and not isinstance(raw, bool) and _is_within(of, raw):
        return raw
    return _number(of)


def _amount(of: ValueType, raw: object) -> Value | Text:
    number = _decimal(of, raw)
    return _number(of) if number is None else number


_READERS: dict[str, Callable[[ValueType, object], Value | Text]] = {
    "bool": _flag,
    "enum": _choice,
    "int": _whole,
    "list": _list_of,
    "map": _map_of,
}
