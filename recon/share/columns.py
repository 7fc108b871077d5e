"""Which column of which table gets which pseudonym, and the twin of a typed frame.

Amounts, days, numbers of things and enumerated words stay. Not here: how a pseudonym is made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import polars as pl

from recon.share.codes import Codes
from recon.share.keyed import Keyed
from recon.share.undressed import long_numbers
from recon.share.vocabulary import HAN, vocabulary
from recon.share.wording import Wording
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from recon.tables.base import ColumnSpec
    from recon.workspace.recon_toml import Config

Treatment = Literal["kept", "name", "place", "names", "text", "phone", "uscc", "id_no", "account",
                    "plate"]  # fmt: skip

#: By what a text holds; a person's name is replaced like a unit's.
_HELD: dict[str, Treatment] = {
    "person": "name",
    "unit": "name",
    "units": "names",
    "phone": "phone",
    "place": "place",
}
_KINDS: dict[str, Treatment] = {
    "uscc": "uscc",
    "id_no": "id_no",
    "account": "account",
    "card": "account",
    "plate": "plate",
}
_SEPARATORS = re.compile("[;；,，、]")
_CHINESE = re.compile(rf"[{HAN}]+")
#: Treatments whose values are identities: none of them may be left anywhere in a twin.
IDENTITIES = frozenset({"name", "names", "phone", "uscc", "id_no", "account", "plate"})


def treatment(column: ColumnSpec) -> Treatment:
    """Return what happens to the values of a column."""
    if column.holds:
        return _HELD[column.holds]
    return _KINDS.get(column.kind, "text" if column.kind == "text" else "kept")


class Pseudonyms:
    """Pseudonyms of all values of some tables, from one key."""

    def __init__(self, key: bytes, tables: Mapping[str, pl.DataFrame], config: Config) -> None:
        """Learn every name and number of the tables.

        Args:
            key: Secret bytes of the workspace.
            tables: Typed frames by table name.
            config: Whose books these are, and the workspace that may carry its own rules.
        """
        values = {
            (table, name): (how, found)
            for table, name, how in _columns(tables)
            if (found := sorted(tables[table][name].drop_nulls().unique()))
        }
        originals = {text for how, found in values.values() if how != "kept" for text in found}
        keyed = Keyed(key, frozenset(originals))
        self._codes = Codes(keyed)
        self._wording = Wording(keyed, self._codes, vocabulary(config.workspace))
        self._made: dict[str, dict[str, str]] = {}
        self.identities: set[str] = set()
        for how, found in values.values():
            if how in _KINDS.values():
                made = {value: self.of(how, value) for value in found}
                self._wording.learn_numbers(made)
        for how, found in values.values():
            if how == "name":
                self._wording.learn_names(found)
            if how == "names":
                parts = [part for text in found for part in _SEPARATORS.split(text)]
                self._wording.learn_names(parts)
            if how == "place":
                self._wording.learn_places(found)
        unit = config.self_unit
        self._wording.learn_names([unit.name] if unit.name else [])
        self._wording.learn_numbers({one: self._codes.account(one) for one in unit.accounts})
        self.numbers = {
            number
            for table, name in values
            if tables[table].schema[name] == pl.String
            for text in values[table, name][1]
            for number in long_numbers(text)
        }
        held = [(how, found) for how, found in values.values() if how in IDENTITIES]
        self.identities.update(v for how, found in held for v in found if self.of(how, v) != v)

    def of(self, how: Treatment, value: str) -> str:
        """Return the pseudonym of one value."""
        make: dict[str, Callable[[str], str]] = {
            "name": self._wording.name,
            "names": lambda text: "、".join(map(self._wording.name, _SEPARATORS.split(text))),
            "place": self._wording.place,
            "text": self._wording.text,
            "kept": self._wording.scrubbed,
            "phone": self._codes.other,
            "uscc": self._codes.uscc,
            "id_no": self._codes.id_no,
            "account": self._codes.account,
            "plate": self._codes.plate,
        }
        return make[how](value)

    def chinese(self, line: str) -> str:
        """Return a line of settings with its Chinese words replaced and all else as it is."""
        return _CHINESE.sub(lambda found: self._wording.text(found[0]), line)

    def frame(self, table: str, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a typed frame with pseudonyms in place of its names, numbers and texts."""
        changed = []
        for _, name, how in _columns({table: frame}):
            if how == "kept" and frame.schema[name] != pl.String:
                continue
            values = frame[name].drop_nulls().unique()
            if len(values):
                made = [self.of(how, value) for value in values]
                changed.append(pl.col(name).replace_strict(values, made, default=None))
        return frame.with_columns(changed)


def _columns(tables: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str, Treatment]]:
    for table, frame in tables.items():
        for column in specs()[table].columns:
            if column.name in frame.columns:
                yield table, column.name, treatment(column)
