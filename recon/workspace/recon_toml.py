"""recon.toml: found, read and checked as a whole.

Here: the sections of the contract with every fault of them. Not here: what policy values mean
(`policy`) and which rules exist (`catalog`).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path  # noqa: TC003 - pydantic reads annotations at run time
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, Strict

from recon.base.errors import ConfigError, YamlError
from recon.base.models import SelfUnit, SourceMapping, Text
from recon.base.plain_text import chinese_sign, read_text
from recon.base.shapes import (
    Day,
    Shape,
    Way,
    Words,
    checked,
    missing_key,
    sound_part,
    unknown_word,
    wrong_kind,
)
from recon.policy.parameters import load_policy, locales
from recon.tables.layout_files import own_layouts
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from recon.tables.layout_files import OwnHeaders

FILE_NAME = "recon.toml"
Share = Literal["own", "basic", "prep", "acftu", "province", "city", "county", "town"]
Level = Literal["acftu", "province", "city", "county", "town"]
Unit = Literal["fen", "jiao", "yuan", "qian", "wan", "shiwan", "baiwan", "qianwan", "yi"]
#: More parts of a dotted key than any setting has.
_LONG_KEY = re.compile(r"""(?<![\w-])(?:["']?[\w-]*["']?[ \t]*\.[ \t]*){64}""")
#: Where tomllib stopped.
_AT_LINE = re.compile(r"at line ([0-9]+)")
_Quoted = Annotated[str, Text("加引号的文字", "a quoted text")]
_Section = Text("一节", "a section")
_Columns = Text('{ "表头" = "列名" }', '{ "header" = "column" }')
_Sources = Text("[[source]]（两层方括号）", "[[source]]")


class _Self(Shape):
    name: _Quoted = ""
    level: Level = "county"
    accounts: Words = ()
    receives: Annotated[tuple[Share, ...], Strict(strict=False)] = ()


class _Check(Shape):
    begins: Day | None = Field(None, alias="from")
    ends: Day | None = Field(None, alias="to")
    locale: _Quoted = "base"
    locked: bool = False
    skip: Words = ()


class _Source(Shape):
    file: _Quoted = ""
    sheet: _Quoted | None = None
    table: _Quoted | None = None
    header_row: Annotated[int, Text("从 1 起的行号", "a row number from 1 on")] | None = Field(
        None, ge=1
    )
    columns: Annotated[dict[str, str], Text('{ "表头" = "列名" }', '{ "header" = "column" }')] = (
        Field(default_factory=dict)
    )
    unit: Unit | None = None
    encoding: _Quoted | None = None


class _Rules(Shape):
    select: Words = ()
    ignore: Words = ()


class _File(Shape):
    own: Annotated[_Self, _Section] = Field(default_factory=_Self, alias="self")
    check: Annotated[_Check, _Section] = Field(default_factory=lambda: _Check.model_validate({}))
    policy: Annotated[dict[str, Any], _Section] = Field(default_factory=dict)
    source: Annotated[tuple[_Source, ...], Strict(strict=False), _Sources] = ()
    rules: Annotated[_Rules, _Section] = Field(default_factory=_Rules)


@dataclass(frozen=True)
class Config:
    """What recon.toml says; without one, the defaults.

    `workspace` is the folder of recon.toml, else the data folder; `fingerprint` is the SHA-256 of
    the file's bytes ('' without one). `layouts` is what the workspace's `layouts/*.yaml` say.
    """

    workspace: Path
    path: Path | None = None
    fingerprint: str = ""
    self_unit: SelfUnit = field(default_factory=SelfUnit)
    review_from: date | None = None
    review_to: date | None = None
    locale: str = "base"
    locked: bool = False
    policy: Mapping[str, object] = field(default_factory=dict)
    sources: tuple[SourceMapping, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    layouts: OwnHeaders = ()

    def left_out(self, data_dir: Path) -> tuple[Path, ...]:
        """Return what `[check] skip` names: files or folders that are not read."""
        return tuple(folder / name for name in self.skip for folder in (data_dir, self.workspace))

    def told(self, data_dir: Path) -> tuple[Text, ...]:
        """Return what to say of a recon.toml that stands beside the data folder, not in it."""
        if self.path is None or self.path.parent == data_dir.resolve():
            return ()
        return (
            Text(
                "资料目录里没有 recon.toml，用的是上一级目录的那一份。",
                "The data folder has no recon.toml; that of the folder above it was used.",
            ),
        )


def find_config(data_dir: Path) -> Path | None:
    """Return the recon.toml of a data folder or of the folder above it; none higher is meant."""
    start = data_dir.resolve()
    for folder in (start, start.parent):
        path = folder / FILE_NAME
        if path.is_file():
            return path
    return None


def load_config(data_dir: Path) -> Config:
    """Return the settings of a data folder; defaults when there is no recon.toml.

    Raises:
        ConfigError: Every fault of the file and of its policy values, together.
    """
    config, faults = read_config(data_dir)
    if faults:
        raise ConfigError(faults)
    return config


def read_config(data_dir: Path) -> tuple[Config, list[Text]]:
    """Return the settings of a data folder, without what is at fault, and the faults.

    Raises:
        ConfigError: The file is no TOML, so that nothing more can be said of it.
    """
    path = find_config(data_dir)
    if path is None:
        return Config(data_dir.resolve(), layouts=own_layouts(data_dir.resolve())), []
    try:
        content = _parse(path, read_text(path))
    except YamlError as error:
        raise ConfigError([error.text]) from error
    faults: list[Text] = []
    found = checked(_File, content, _where(path), faults) or sound_part(_File, content) or _File()
    faults.extend(_value_faults(path, found))
    own, check = found.own, found.check
    config = Config(
        workspace=path.parent,
        path=path,
        fingerprint=hashlib.sha256(path.read_bytes()).hexdigest(),
        self_unit=SelfUnit(
            name=own.name,
            level=own.level,
            accounts=tuple("".join(account.split()) for account in own.accounts),
            receives=own.receives or SelfUnit().receives,
        ),
        review_from=check.begins,
        review_to=check.ends,
        locale=check.locale,
        locked=check.locked,
        policy=found.policy,
        sources=tuple(SourceMapping(**dict(one)) for one in found.source),
        select=found.rules.select,
        ignore=found.rules.ignore,
        skip=found.check.skip,
        layouts=own_layouts(path.parent),
    )
    return config, faults


def _parse(path: Path, text: str) -> dict[str, Any]:
    """Parse TOML; a key of thousands of parts would take all memory."""
    if _LONG_KEY.search(text):
        raise YamlError(
            path,
            None,
            "读不懂：一个键有太多段。请改正。",
            "not readable: nested too deeply. Correct it.",
        )
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        if found := chinese_sign(text, line, line):
            raise YamlError(path, found[0], found[1].zh, found[1].en) from error
        raise YamlError(
            path,
            line if at else None,
            f"读不懂：{error}。应为 TOML；带点的参数名要加引号，日期不加引号。",
            f"not readable: {error}. Write TOML; quote dotted names, not dates.",
        ) from error


def _where(path: Path) -> Any:  # noqa: ANN401 - see `checked`
    def where(way: Way) -> str:
        if not way:
            return f"{path}"
        section, *rest = way
        if section == "source" and rest:
            section, *rest = f"source {int(rest[0]) + 1}", *rest[1:]
        return " ".join((f"{path} [{section}]", *map(str, rest[:1])))

    return where


def _value_faults(path: Path, found: _File) -> list[Text]:
    faults: list[Text] = []
    begins, ends, locale = found.check.begins, found.check.ends, found.check.locale
    if begins and ends and ends < begins:
        place = f"{path} [check] to"
        faults.append(wrong_kind(place, ends, "不早于 from 的日期", "a day not before 'from'"))
    known = locales(path.parent)
    if locale not in known:
        place = f"{path} [check] locale"
        faults.append(unknown_word(place, "地区参数包", "locale", locale, known))
    try:
        load_policy(locale if locale in known else "base", found.policy, path.parent)
    except ConfigError as error:
        faults.extend(error.faults)
    for number, source in enumerate(found.source, start=1):
        if not source.file:
            faults.append(missing_key(f"{path} [source {number}]", "file"))
        faults.extend(_table_faults(f"{path} [source {number}]", source))
    return faults


def _table_faults(place: str, source: _Source) -> list[Text]:
    if source.table is None or source.table == "ignore":  # ignore: the sheet is known and not read
        return []
    known = specs()
    if source.table not in known:
        return [unknown_word(f"{place} table", "表", "table", source.table, known)]
    columns = known[source.table].by_name
    return [
        unknown_word(f"{place} columns", "列", "column", column, columns)
        for column in source.columns.values()
        if column and column not in columns
    ]
