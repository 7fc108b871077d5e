"""Pairings as data: which two sides are compared and by which passes, read from YAML.

Not here: running a pass, and the SQL of a side (`sql/matching/<pairing>_<side>.sql`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, Strict

from recon.base import resources
from recon.base.errors import ConfigError
from recon.base.models import Text
from recon.base.shapes import (
    Sentence,
    Shape,
    Words,
    below,
    checked,
    unknown_keys,
    unknown_word,
    wrong_kind,
)
from recon.base.yamlio import load_yaml
from recon.rules.sql_text import tables_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Kinds of passes with their number in every result (0 is a confirmed match).
PASS_NUMBERS = {
    "confirmed": 0,
    "reference": 1,
    "listed": 4,
    "party_amount_window": 2,
    "shared_key": 4,
    "key_total": 4,
    "amount_window_unique": 3,
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
    "listed": ("window",),
    "key_total": ("by", "window"),
    "subset_sum": ("by", "window", "sums_on", "together", "one_party"),
    "tolerance": ("by", "window", "tolerance"),
    "reversal": ("by", "window", "sides", "worded"),
}
Side = Literal["a", "b"]
Sides = Annotated[tuple[Side, ...], Strict(strict=False)]
KeyColumn = Literal["party_id", "reference", "shared_key", "account", "day", "text_"]


class PassStep(Shape):
    """One pass of a pairing.

    `window` and `tolerance` name policy parameters (a whole number of days is allowed too); `by`
    lists the columns that must be equal; `sums_on` says on which sides a line may be a sum of
    several of the other, `together` what those several have in common, and `one_party` that they
    are of one party (where a pairing's parties are batches, they need not be); `sides` says on
    which sides reversals are looked for, and `worded` that one of the lines, where they have any
    wording, must speak of it.
    """

    kind: Literal[
        "reference",
        "listed",
        "party_amount_window",
        "shared_key",
        "key_total",
        "amount_window_unique",
        "subset_sum",
        "tolerance",
        "reversal",
    ] = Field(alias="pass")
    window: str | int = "match.window_days"
    tolerance: str = "match.tolerance_yuan"
    by: Annotated[tuple[KeyColumn, ...], Strict(strict=False)] | None = None
    sums_on: Sides = ("a", "b")
    together: Annotated[tuple[KeyColumn, ...], Strict(strict=False)] = ()
    one_party: bool = True
    sides: Sides = ("a", "b")
    worded: bool = False

    @property
    def number(self) -> int:
        """The pass number shown in every result."""
        return PASS_NUMBERS[self.kind]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that must be equal."""
        default = ("shared_key",) if self.kind == "shared_key" else ("party_id",)
        return default if self.by is None else self.by


class SideFile(Shape):
    """One side of a pairing: the stem of its SQL and what people call it."""

    sql: str
    label: Sentence


class PairingFile(Shape):
    """The keys of a pairing's YAML; anything else is an error.

    `accounts`: the two sides name accounts alike, so a whole account may be missing on one side.
    `internal`: whether transfers between own accounts are matched or set aside.
    `unresolved`: sides on which an unmatched line without a known party is `unresolved_party`.
    `cross_period_days`: how far beyond the window a counterpart is still pointed out.
    `lists`: per side the stem of a select of what its lines are made of (pass `listed`).
    """

    name: str
    title: Sentence
    what_it_does: Sentence
    requires: Words
    sides: dict[str, SideFile]
    passes: Annotated[tuple[PassStep, ...], Strict(strict=False)] = Field(min_length=1)
    accounts: bool = False
    internal: Literal["match", "set_aside"] = "match"
    unresolved: Sides = ()
    cross_period_days: str | int = "match.cross_period_days"
    lists: dict[Side, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Pairing:
    """One pairing, ready to run: its YAML and the SQL of both sides."""

    about: PairingFile
    side_sql: dict[str, str]
    path: Path
    list_sql: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The pairing's name, e.g. "bank_ledger"."""
        return self.about.name

    @property
    def tables(self) -> set[str]:
        """Tables (and CTEs) that the SQL of sides and lists reads; the session builds them."""
        selects = (*self.side_sql.values(), *self.list_sql.values())
        return set().union(*(tables_in(sql) for sql in selects))


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
        about = checked(PairingFile, load_yaml(path), below(path.name), faults)
        if about is None:
            continue
        faults.extend(_value_faults(path, about, stem, side_files))
        stems = {side: file.sql for side, file in about.sides.items()}
        selects, lists = (
            {side: _select(side_files[sql]) for side, sql in chosen.items() if sql in side_files}
            for chosen in (stems, about.lists)
        )
        found.append(Pairing(about, selects, path, lists))
    if faults:
        raise ConfigError(faults)
    return tuple(found)


def _select(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip().removesuffix(";")


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
    for file in (*(side.sql for side in about.sides.values()), *about.lists.values()):
        if file not in side_files:
            yield unknown_word(f"{path.name}: sql", "文件", "file", file, side_files)
    for number, step in enumerate(about.passes, start=1):
        yield from _pass_faults(f"{path.name}: passes[{number}]", step)


def _pass_faults(place: str, step: PassStep) -> Iterator[Text]:
    given = {"pass" if name == "kind" else name for name in step.model_fields_set}
    yield from unknown_keys(place, sorted(given), ("pass", *PASS_KEYS[step.kind]))
    if step.by == () and step.kind not in ("subset_sum", "tolerance"):  # would match everything
        yield wrong_kind(f"{place}.by", "[]", "至少一列", "at least one column")
