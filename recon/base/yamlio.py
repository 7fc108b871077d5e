"""The only YAML loader.

Numbers are read as int or Decimal, never as binary floats; duplicate keys, aliases, tags and
oversized files are errors; `yes`/`no` stay text. Not here: what the keys mean.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from recon.base.errors import YamlError
from recon.base.plain_text import chinese_sign, read_text

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 4 * 1024 * 1024


#: Deeper than any file of ours, and far from what a parser survives.
MAX_DEPTH = 64


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """Safe loader with decimals, plain booleans and no duplicate keys."""


def _demand_plain(text: str) -> None:
    """Refuse aliases, tags and deep nesting: a small file must not unfold into a large one."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        fault = ""
        if isinstance(event, yaml.AliasEvent):
            fault = "aliases are not allowed"
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            fault = "nested too deeply" if depth > MAX_DEPTH else ""
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if getattr(event, "tag", None) is not None:
            fault = "tags are not allowed"
        if fault:
            raise yaml.constructor.ConstructorError(None, None, fault, event.start_mark)  # type: ignore[arg-type]


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789"),
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("tag:yaml.org,2002:timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "0123456789"),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in result:
            raise yaml.constructor.ConstructorError(
                None, None, f"duplicate key '{key}'", key_node.start_mark
            )
        result[key] = loader.construct_object(value_node, deep=True)
    return result


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


def _day(loader: _Loader, node: yaml.ScalarNode) -> date:
    return date.fromisoformat(str(loader.construct_scalar(node)))


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def parse_yaml(text: str, place: object) -> Any:  # noqa: ANN401 - a YAML value may be anything
    """Return the value of a YAML text.

    Args:
        text: The YAML.
        place: What to name in a message, usually a path.

    Returns:
        Plain Python values; numbers as int or Decimal, days as date.

    Raises:
        YamlError: The text is not YAML, too large, nested too deeply, or uses duplicate keys,
            aliases or tags.
    """
    if len(text) > MAX_BYTES:
        raise YamlError(
            place,
            None,
            f"文件超过 {MAX_BYTES} 字节。请拆分。",
            f"larger than {MAX_BYTES} bytes. Split it.",
        )
    try:
        _demand_plain(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, see above
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        is_syntax = isinstance(error, (yaml.scanner.ScannerError, yaml.parser.ParserError))
        if line and is_syntax and (found := chinese_sign(text, line, 2)):
            raise YamlError(place, found[0], found[1].zh, found[1].en) from error
        problem = getattr(error, "problem", None) or str(error)
        raise YamlError(
            place,
            line,
            f"YAML 读不懂：{problem}。请改正这一行。",
            f"not readable as YAML: {problem}. Correct this line.",
        ) from error


def load_yaml(path: Path) -> Any:  # noqa: ANN401 - a YAML value may be anything
    """Return the value of a YAML file (UTF-8).

    Raises:
        YamlError: See `parse_yaml` and `read_text`.
    """
    return parse_yaml(read_text(path), path)
