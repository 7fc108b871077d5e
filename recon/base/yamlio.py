"""The only YAML loader.

Numbers are read as int or Decimal, never as binary floats; duplicate keys, aliases, tags and
oversized files are errors; `yes`/`no` stay text. Not here: what the keys mean.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import yaml

from recon.base.errors import YamlError
from recon.base.plain_text import chinese_sign, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 4 * 1024 * 1024
#: Deeper than any file of ours, and far from what a parser survives.
MAX_DEPTH = 64


#: libyaml where it is there, which reads five times as fast.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: What plain words mean; any other is text.
_WORDS: dict[str, bool | None] = dict.fromkeys(("null", "~", "")) | {"true": True, "false": False}
_NUMBER = re.compile(r"([-+]?(?:0|[1-9][0-9]*))|[-+]?[0-9]+\.[0-9]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _wrong(problem: str, event: yaml.Event) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)  # type: ignore[arg-type]


def _value(event: yaml.Event, events: Iterator[yaml.Event], depth: int = 0) -> Any:  # noqa: ANN401
    """Return the value that begins with an event; a small file must not unfold into a large one."""
    if isinstance(event, yaml.AliasEvent):
        raise _wrong("aliases are not allowed", event)
    if getattr(event, "tag", None) is not None:
        raise _wrong("tags are not allowed", event)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event.value) if event.implicit[0] else event.value
    if depth == MAX_DEPTH:
        raise _wrong("nested too deeply", event)
    inner = takewhile(lambda one: not isinstance(one, yaml.CollectionEndEvent), events)
    if isinstance(event, yaml.SequenceStartEvent):
        return [_value(one, events, depth + 1) for one in inner]
    result: dict[Any, Any] = {}
    for one in inner:
        if not isinstance(one, yaml.ScalarEvent):
            raise _wrong("a key must be one word", one)
        key = _value(one, events)
        if key in result:
            raise _wrong(f"duplicate key '{key}'", one)
        result[key] = _value(next(events), events, depth + 1)
    return result


def _scalar(word: str) -> Any:  # noqa: ANN401 - a YAML value may be anything
    """Return what a plain word means."""
    if word in _WORDS:
        return _WORDS[word]
    if number := _NUMBER.fullmatch(word):
        return int(word) if number[1] else Decimal(word)
    return date.fromisoformat(word) if _DAY.fullmatch(word) else word


def _only_value(text: str) -> Any:  # noqa: ANN401 - a YAML value may be anything
    """Return the value of the only document of a text, None where there is none."""
    events = (
        event
        for event in yaml.parse(text, Loader=_PARSER)
        if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentEndEvent)
    )
    if isinstance(next(events), yaml.StreamEndEvent):
        return None
    value = _value(next(events), events)
    if not isinstance(more := next(events), yaml.StreamEndEvent):
        raise _wrong("another document begins here", more)
    return value


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
        return _only_value(text)
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
