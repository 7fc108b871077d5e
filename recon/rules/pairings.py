"""Pairings as data: which two sides are compared and by which passes, read from YAML.

Not here: running a pass, and the SQL of a side (`sql/matching/<pairing>_<side>.sql`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from recon.base import resources
from recon.base.errors import ConfigError
from recon.base.faults import unknown_keys, unknown_word, wrong_kind
from recon.base.models import Text
from recon.base.yamlio import load_yaml
from recon.rules.rule_file import Sentence  # noqa: TC001 - msgspec reads annotations at run time
from recon.rules.sql_text import tables_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Kinds of passes with their number in every result (0 is a confirmed match).
PASS_NUMBERS = {
    "confirmed": 0,
    "reference": 1,
    "party_amount_window": 2,
    "amount_window_unique": 3,
    "shared_key": 4,
    "subset_sum": 5,
    "tolerance": 6,
    "reversal": 7,
}
#: What a pass of each kind may set besides its kind.
PASS_KEYS: dict[str, tuple[str, ...]] = {
    "reference": (),
    "party_amount_window": ("window",),
    "amount_window_unique": ("window",),
    "shared_key": ("by",),
    "subset_sum": ("by", "window", "sums_on"),
    "tolerance": ("by", "window", "tolerance"),
    "reversal": ("by", "window", "sides"),
}
#: Columns of a line that a pass may group by.
KEY_COLUMNS = ("party_id", "reference", "shared_key", "account", "day")


class PassStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"kind": "pass"}):
    """One pass of a pairing.

    `window` and `tolerance` name policy parameters (a whole number of days is allowed too); `by`
    lists the columns that must be equal; `sums_on` says on which sides a line may be a sum of
    several of the other; `sides` says on which sides reversals are looked for.
    """

    kind: str
    window: str | int = "match.window_days"
    tolerance: str = "match.tolerance_yuan"
    by: tuple[str, ...] | None = None
    sums_on: tuple[str, ...] = ("a", "b")
    sides: tuple[str, ...] = ("a", "b")

    @property
    def number(self) -> int:
        """The pass number shown in every result."""
        return PASS_NUMBERS[self.kind]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that must be equal."""
        default = ("shared_key",) if self.kind == "shared_key" else ("party_id",)
        return default if self.by is None else self.by


class SideFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One side of a pairing: the stem of its SQL and what people call it."""

    sql: str
    label: Sentence


class PairingFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of a pairing's YAML; anything else is an error.

    `accounts`: the two sides name accounts alike, so a whole account may be missing on one side.
    `internal`: whether transfers between own accounts are matched or set aside.
    `unresolved`: sides on which an unmatched line without a known party is `unresolved_party`.
    `cross_period_days`: how far beyond the window a counterpart is still pointed out.
    """

    name: str
    title: Sentence
    what_it_does: Sentence
    requires: tuple[str, ...]
    sides: dict[str, SideFile]
    passes: tuple[PassStep, ...]
    accounts: bool = False
    internal: str = "match"
    unresolved: tuple[str, ...] = ()
    cross_period_days: str | int = "match.cross_period_days"


@dataclass(frozen=True)
class Pairing:
    """One pairing, ready to run: its YAML and the SQL of both sides."""

    about: PairingFile
    side_sql: dict[str, str]
    path: Path

    @property
    def name(self) -> str:
        """The pairing's name, e.g. "bank_ledger"."""
        return self.about.name

    @property
    def tables(self) -> set[str]:
        """Tables (and CTEs) that the SQL of both sides reads; the session builds them."""
        return set().union(*(tables_in(sql) for sql in self.side_sql.values()))


def load_pairings(workspace: Path | None = None) -> tuple[Pairing, ...]:
    """Return all pairings by name; a workspace's `rules/matching/` adds or replaces.

    Args:
        workspace: Folder with recon.toml, or None.

    Raises:
        ConfigError: Every fault of every file, together.
    """
    return _shipped_pairings() if workspace is None else _read_pairings(workspace)


@cache
def _shipped_pairings() -> tuple[Pairing, ...]:
    """Return the pairings that come with the tool, whose files do not change while it runs."""
    return _read_pairings(None)


def _read_pairings(workspace: Path | None) -> tuple[Pairing, ...]:
    faults: list[Text] = []
    found: list[Pairing] = []
    side_files = resources.files("sql/matching", "*.sql", workspace)
    for stem, path in resources.files("rules/matching", "*.yaml", workspace).items():
        content = load_yaml(path)
        problems = list(_faults(path, content, stem, side_files))
        faults += problems
        if not problems:
            about = msgspec.convert(content, PairingFile)
            side_sql = {
                side: side_files[file.sql].read_text(encoding="utf-8").strip().removesuffix(";")
                for side, file in about.sides.items()
            }
            found.append(Pairing(about, side_sql, path))
    if faults:
        raise ConfigError(faults)
    return tuple(found)


def _faults(path: Path, content: Any, stem: str, side_files: dict[str, Path]) -> Iterator[Text]:  # noqa: ANN401 - YAML
    """Yield what is wrong with one file."""
    if not isinstance(content, dict):
        yield wrong_kind(path.name, content, "键和值", "keys and values")
        return
    unknown = list(unknown_keys(path.name, content, PairingFile.__struct_fields__))
    for number, step in enumerate(content.get("passes") or (), start=1):
        if isinstance(step, dict):
            unknown += _pass_faults(f"{path.name}: passes[{number}]", step)
    yield from unknown
    if not unknown:
        try:
            about = msgspec.convert(content, PairingFile)
        except msgspec.ValidationError as error:
            yield Text(
                f"{path.name}: 内容不合要求：{error}。请改正。",
                f"{path.name}: {error}. Correct it.",
            )
        else:
            yield from _value_faults(path, about, stem, side_files)


def _value_faults(
    path: Path, about: PairingFile, stem: str, side_files: dict[str, Path]
) -> Iterator[Text]:
    twin = path.with_name(f"{about.name}.yaml")
    if about.name != stem and twin.is_file():
        yield Text(
            f"{path}: 名称 {about.name} 已经在 {twin} 里用了。两个文件只留一个，或换一个名称。",
            f"{path}: name {about.name} stands in {twin} as well. Keep one of the two files, or "
            "choose another name.",
        )
    elif about.name != stem:
        yield wrong_kind(f"{path.name}: name", about.name, f"“{stem}”", f"'{stem}'")
    if set(about.sides) != {"a", "b"}:
        yield wrong_kind(f"{path.name}: sides", sorted(about.sides), "a 和 b", "a and b")
    if not about.passes:
        yield wrong_kind(f"{path.name}: passes", "[]", "至少一轮", "at least one pass")
    if about.internal not in ("match", "set_aside"):
        yield unknown_word(
            f"{path.name}: internal", "值", "value", about.internal, ("match", "set_aside")
        )
    for file in about.sides.values():
        if file.sql not in side_files:
            yield unknown_word(f"{path.name}: sql", "文件", "file", file.sql, side_files)


def _pass_faults(place: str, step: dict[Any, Any]) -> Iterator[Text]:
    kind = step.get("pass")
    if kind not in PASS_KEYS:
        yield unknown_word(place, "轮次", "pass", kind, PASS_KEYS)
        return
    yield from unknown_keys(place, step, ("pass", *PASS_KEYS[kind]))
    by = step.get("by")
    if isinstance(by, list):
        for column in by:
            if column not in KEY_COLUMNS:
                yield unknown_word(f"{place}.by", "列", "column", column, KEY_COLUMNS)
        if not by and kind not in ("subset_sum", "tolerance"):  # it would match everything
            yield wrong_kind(f"{place}.by", "[]", "至少一列", "at least one column")
    for key in ("sums_on", "sides"):
        for side in step.get(key) or ():
            if side not in ("a", "b"):
                yield unknown_word(f"{place}.{key}", "方", "side", side, ("a", "b"))
