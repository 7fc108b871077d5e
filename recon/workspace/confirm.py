"""Confirmations of policy values, written into `[policy]` of recon.toml.

Here: the entry of a parameter with its document, article, person and day; everything else in the
file, comments too, stays as it is. Not here: asking (`recon.cli`) and what a value frees
(`recon.policy.blocked`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import tomlkit

from recon.base.temporary import write_whole
from recon.policy.parameters import OPEN_END
from recon.workspace.recon_toml import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from recon.policy.parameters import Policy, PolicyValue


@dataclass(frozen=True)
class Confirmation:
    """What a person says of one parameter from a day on; `value` is typed as the parameter's."""

    name: str
    value: Any
    starts_on: date
    document: str
    article: str
    by: str
    on: date

    @property
    def source(self) -> str:
        """Document and article in one text."""
        return "，".join(part for part in (self.document, self.article) if part)


@dataclass(frozen=True)
class Change:
    """The lines of one parameter in recon.toml, before and after."""

    name: str
    before: str
    after: str


def write_confirmations(
    workspace: Path, policy: Policy, said: tuple[Confirmation, ...]
) -> tuple[Change, ...]:
    """Write confirmations into recon.toml, which is made where there is none.

    A parameter's later values, of packs or of the file, stay as they were.

    Args:
        workspace: The folder of recon.toml.
        policy: The values in force before.
        said: What was confirmed.

    Returns:
        What changed, per parameter.
    """
    path = workspace / FILE_NAME
    text = path.read_text("utf-8-sig") if path.is_file() else ""
    document = tomlkit.parse(text)
    if "policy" not in document:
        document["policy"] = tomlkit.table()
    section: Any = document["policy"]
    changes = []
    for name in dict.fromkeys(one.name for one in said):
        before = _shown(section, name)
        entries = _entries(policy, name, [one for one in said if one.name == name])
        if len(entries) == 1:
            section[name] = entries[0]
        else:
            array = tomlkit.array()
            array.extend(entries)
            section[name] = array.multiline(multiline=True)
        changes.append(Change(name, before, _shown(section, name)))
    write_whole(path, tomlkit.dumps(document).encode())
    return tuple(changes)


def _shown(section: Any, name: str) -> str:  # noqa: ANN401 - tomlkit's own
    return f'"{name}" = {section[name].as_string()}' if name in section else ""


def _entries(policy: Policy, name: str, said: list[Confirmation]) -> list[Any]:
    """Return a parameter's dated entries: the confirmed ones, and what held after the first."""
    first = min(one.starts_on for one in said)
    known = {one.starts_on: one for one in policy.values_of(name)}
    stated = {one.starts_on: one for one in said}
    kept = {day for day in known if day > first}
    entries = [
        _said(stated[day]) if day in stated else _known(known[day])
        for day in sorted({*stated, *kept})
    ]
    last = known.get(max({*stated, *kept}))
    if last is not None and last.ends_on != OPEN_END:
        entries[-1]["to"] = last.ends_on - timedelta(days=1)
    return entries


def _said(one: Confirmation) -> Any:  # noqa: ANN401 - tomlkit's own
    return _entry(
        value=one.value,
        starts_on=one.starts_on,
        source=one.source,
        verified_by=one.by,
        verified_on=one.on,
    )


def _known(one: PolicyValue) -> Any:  # noqa: ANN401 - tomlkit's own
    proof = {"verified_by": one.verified_by, "verified_on": one.verified_on}
    return _entry(
        value=one.value,
        starts_on=one.starts_on,
        source=one.reference.text,
        **(proof if one.is_verified else {}),
    )


def _entry(value: object, starts_on: date, source: str, **proof: object) -> Any:  # noqa: ANN401
    table = tomlkit.inline_table()
    table["value"] = _plain(value)
    table["from"] = starts_on
    if source:
        table["source"] = source
    for key, held in proof.items():
        table[key] = held
    return table


def _plain(value: object) -> Any:  # noqa: ANN401 - what TOML holds
    if isinstance(value, Decimal):
        return tomlkit.item(int(value)) if value == value.to_integral() else _number(value)
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for key, held in value.items():
            table[key] = _plain(held)
        return table
    return value


def _number(value: Decimal) -> Any:  # noqa: ANN401 - tomlkit's own
    """Return a decimal as it is written, never through a binary float."""
    return tomlkit.parse(f"x = {value:f}")["x"]
