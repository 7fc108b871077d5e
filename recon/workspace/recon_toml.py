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
from typing import TYPE_CHECKING, Any

from recon.base.errors import ConfigError
from recon.base.faults import missing_key, unknown_keys, unknown_word, wrong_kind
from recon.base.models import SelfUnit, SourceMapping, Text
from recon.policy.packs import is_day
from recon.policy.parameters import load_policy, locales

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

FILE_NAME = "recon.toml"
#: Beside it: what a run kept for the next (see `recon.base.kept`).
SHARES = ("own", "basic", "prep", "acftu", "province", "city", "county", "town")
LEVELS = ("acftu", "province", "city", "county", "town")
UNITS = ("yuan", "wan")
#: More parts of a dotted key than any setting has.
_LONG_KEY = re.compile(r"""(?<![\w-])(?:["']?[\w-]*["']?[ \t]*\.[ \t]*){64}""")
_SECTIONS = ("self", "check", "policy", "source", "rules")
_SOURCE_KEYS = ("file", "sheet", "table", "header_row", "columns", "unit", "encoding")


@dataclass(frozen=True)
class Config:
    """What recon.toml says; without one, the defaults.

    `workspace` is the folder of recon.toml, else the data folder; `fingerprint` is the SHA-256 of
    the file's bytes ('' without one).
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


def find_config(data_dir: Path) -> Path | None:
    """Return the recon.toml of a data folder or of the nearest folder above it."""
    start = data_dir.resolve()
    for folder in (start, *start.parents):
        path = folder / FILE_NAME
        if path.is_file():
            return path
    return None


def load_config(data_dir: Path) -> Config:
    """Return the settings of a data folder.

    Args:
        data_dir: Folder of exports.

    Returns:
        The checked settings; defaults when there is no recon.toml.

    Raises:
        ConfigError: Every fault of the file and of its policy values, together.
    """
    config, faults = read_config(data_dir)
    if faults:
        raise ConfigError(faults)
    return config


def read_config(data_dir: Path) -> tuple[Config, list[Text]]:
    """Return the settings of a data folder with every fault of them.

    Args:
        data_dir: Folder of exports.

    Returns:
        The settings, of which what is at fault is left out, and the faults.

    Raises:
        ConfigError: The file is no TOML, so that nothing more can be said of it.
    """
    path = find_config(data_dir)
    if path is None:
        return Config(data_dir.resolve()), []
    try:
        raw = path.read_bytes()
        content = _parse(raw.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError([_unreadable(path, error)]) from error
    reader = _Reader(path)
    return reader.read(content, hashlib.sha256(raw).hexdigest()), reader.faults


def _parse(text: str) -> dict[str, Any]:
    """Parse TOML; a key of thousands of parts would take all memory."""
    if _LONG_KEY.search(text):
        raise ValueError("nested too deeply")
    return tomllib.loads(text, parse_float=Decimal)


def _unreadable(path: Path, error: Exception) -> Text:
    return Text(
        f"{path}: 读不懂：{error}。应为 UTF-8 的 TOML；带点的参数名要加引号，日期不加引号。",
        f"{path}: not readable: {error}. Write TOML in UTF-8; quote dotted names, not dates.",
    )


class _Reader:
    """Reads the sections of one file and gathers every fault."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Text] = []

    def read(self, content: dict[str, Any], fingerprint: str) -> Config:
        """Return the settings; `faults` says what is wrong with them."""
        self.faults.extend(unknown_keys(self.path, content, _SECTIONS))
        check = self._section(content, "check", ("from", "to", "locale", "locked"))
        rules = self._section(content, "rules", ("select", "ignore"))
        begins, ends = (self._get(check, "check", key, _DAY) for key in ("from", "to"))
        if begins and ends and ends < begins:
            self._wrong("check", "to", ends, "不早于 from 的日期", "a day not before 'from'")
        locale = self._get(check, "check", "locale", _TEXT) or "base"
        overrides = self._section(content, "policy", None)
        self._check_policy(locale, overrides)
        return Config(
            workspace=self.path.parent,
            path=self.path,
            fingerprint=fingerprint,
            self_unit=self._self_unit(content),
            review_from=begins,
            review_to=ends,
            locale=locale,
            locked=bool(self._get(check, "check", "locked", _FLAG)),
            policy=overrides,
            sources=self._sources(content),
            select=self._texts(rules, "rules", "select"),
            ignore=self._texts(rules, "rules", "ignore"),
        )

    def _section(
        self, content: Mapping[str, Any], name: str, keys: tuple[str, ...] | None
    ) -> Mapping[str, Any]:
        raw = content.get(name, {})
        if not isinstance(raw, dict):
            self.faults.append(wrong_kind(f"{self.path} [{name}]", raw, "一节", "a section"))
            return {}
        if keys is not None:
            self.faults.extend(unknown_keys(f"{self.path} [{name}]", raw, keys))
        return raw

    def _wrong(self, section: str, key: str, value: object, zh: str, en: str) -> None:
        self.faults.append(wrong_kind(f"{self.path} [{section}] {key}", value, zh, en))

    def _get(self, raw: Mapping[str, Any], section: str, key: str, of: _Form) -> Any:  # noqa: ANN401 - as the form says
        value = raw.get(key)
        if value is None or of.fits(value):
            return value
        self._wrong(section, key, value, of.zh, of.en)
        return None

    def _word(
        self, raw: Mapping[str, Any], section: str, key: str, allowed: tuple[str, ...]
    ) -> str | None:
        value: str | None = self._get(raw, section, key, _TEXT)
        if value is not None and value not in allowed:
            self.faults.append(
                unknown_word(f"{self.path} [{section}] {key}", "值", "value", value, allowed)
            )
        return value

    def _texts(self, raw: Mapping[str, Any], section: str, key: str) -> tuple[str, ...]:
        return tuple(self._get(raw, section, key, _TEXTS) or ())

    def _check_policy(self, locale: str, overrides: Mapping[str, object]) -> None:
        known = locales(self.path.parent)
        is_known = locale in known
        if not is_known:
            place = f"{self.path} [check] locale"
            self.faults.append(unknown_word(place, "地区参数包", "locale", locale, known))
        try:
            load_policy(locale if is_known else "base", overrides, self.path.parent)
        except ConfigError as error:
            self.faults.extend(error.faults)

    def _self_unit(self, content: Mapping[str, Any]) -> SelfUnit:
        raw = self._section(content, "self", ("name", "level", "accounts", "receives"))
        default = SelfUnit()
        receives = self._texts(raw, "self", "receives") or default.receives
        for share in receives:
            if share not in SHARES:
                place = f"{self.path} [self] receives"
                self.faults.append(unknown_word(place, "份额", "share", share, SHARES))
        return SelfUnit(
            name=self._get(raw, "self", "name", _TEXT) or "",
            level=self._word(raw, "self", "level", LEVELS) or default.level,
            accounts=tuple("".join(a.split()) for a in self._texts(raw, "self", "accounts")),
            receives=receives,
        )

    def _sources(self, content: Mapping[str, Any]) -> tuple[SourceMapping, ...]:
        raw = content.get("source", [])
        if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
            self.faults.append(
                wrong_kind(f"{self.path} [source]", raw, "[[source]]（两层方括号）", "[[source]]")
            )
            return ()
        return tuple(self._source(number, item) for number, item in enumerate(raw, start=1))

    def _source(self, number: int, raw: Mapping[str, Any]) -> SourceMapping:
        name = f"source {number}"
        self.faults.extend(unknown_keys(f"{self.path} [{name}]", raw, _SOURCE_KEYS))
        if not raw.get("file"):
            self.faults.append(missing_key(f"{self.path} [{name}]", "file"))
        columns = self._get(raw, name, "columns", _TEXT_MAP) or {}
        table = self._get(raw, name, "table", _TEXT)
        self._check_table(name, table, columns)
        unit: Any = self._word(raw, name, "unit", UNITS)
        return SourceMapping(
            file=self._get(raw, name, "file", _TEXT) or "",
            sheet=self._get(raw, name, "sheet", _TEXT),
            table=table,
            header_row=self._get(raw, name, "header_row", _ROW),
            columns=columns,
            unit=unit,
            encoding=self._get(raw, name, "encoding", _TEXT),
        )

    def _check_table(self, name: str, table: str | None, columns: Mapping[str, str]) -> None:
        if table is None or table == "ignore":  # ignore: the sheet is known and not read
            return
        from recon.tables.registry import specs  # noqa: PLC0415 - needs pandera

        place = f"{self.path} [{name}]"
        known = specs()
        if table not in known:
            self.faults.append(unknown_word(f"{place} table", "表", "table", table, known))
            return
        for column in columns.values():
            if column and column not in known[table].by_name:
                self.faults.append(
                    unknown_word(f"{place} columns", "列", "column", column, known[table].by_name)
                )


@dataclass(frozen=True)
class _Form:
    """A kind of TOML value: how it is recognised, and what to call it."""

    fits: Callable[[object], bool]
    zh: str
    en: str


def _is_texts(raw: object) -> bool:
    return isinstance(raw, list) and all(isinstance(item, str) and item for item in raw)


def _is_text_map(raw: object) -> bool:
    return isinstance(raw, dict) and all(isinstance(item, str) for item in raw.values())


def _is_row(raw: object) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and raw >= 1


_TEXT = _Form(lambda raw: isinstance(raw, str), "加引号的文字", "a quoted text")
_TEXTS = _Form(_is_texts, '文字的列表，如 ["ORG"]', 'a list of texts, e.g. ["ORG"]')
_TEXT_MAP = _Form(_is_text_map, '{ "表头" = "列名" }', '{ "header" = "column" }')
_DAY = _Form(is_day, "不加引号的日期，如 2024-01-01", "a day without quotes, e.g. 2024-01-01")
_FLAG = _Form(lambda raw: isinstance(raw, bool), "true 或 false", "true or false")
_ROW = _Form(_is_row, "从 1 起的行号", "a row number from 1 on")
