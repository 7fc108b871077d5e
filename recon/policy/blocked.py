"""What keeps amounts unconfirmed: values that nobody has compared, and the yuan that hang on each.

Not here: writing a confirmation down (`recon.workspace.confirm`), and what a value means.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class UsedValue:
    """A policy value that counted exceptions of a run rest on.

    Units: `amount` is the sum of the counted exceptions that use it, in yuan.
    """

    name: str
    value: str
    starts_on: date
    is_settled: bool
    reference: str
    amount: Decimal
    exceptions: int

    @property
    def key(self) -> str:
        """As the exceptions name it: `name=value@day`."""
        return f"{self.name}={self.value}@{self.starts_on}"


@dataclass(frozen=True)
class Blocked:
    """The values that a run used, and the sums by the unconfirmed values that each rests on."""

    values: tuple[UsedValue, ...]
    sums: dict[frozenset[str], Decimal]

    @property
    def open_values(self) -> tuple[UsedValue, ...]:
        """The policy values that are not confirmed, the one with most yuan first."""
        found = [one for one in self.values if not one.is_settled]
        return tuple(sorted(found, key=lambda one: (-one.amount, one.key)))

    def freed_by(self, keys: Iterable[str]) -> Decimal:
        """Return the yuan that become confirmed once all these values are."""
        known = frozenset(keys)
        return sum((amount for blockers, amount in self.sums.items() if blockers <= known), ZERO)

    def best_group(self, done: Iterable[str] = ()) -> tuple[tuple[UsedValue, ...], Decimal]:
        """Return the values that free most yuan for each that is confirmed, and that sum.

        Args:
            done: Keys of values that are confirmed by now, or passed over.
        """
        settled = frozenset(done)
        before = self.freed_by(settled)
        best: frozenset[str] = frozenset()
        most = ZERO
        for blockers in sorted(self.sums, key=sorted):
            asked = blockers - settled
            if asked:
                gain = self.freed_by(settled | asked) - before
                if not best or gain * len(best) > most * len(asked):
                    best, most = asked, gain
        return tuple(one for one in self.open_values if one.key in best), most


def blocked(exceptions: pl.DataFrame, used: Iterable[dict[str, Any]]) -> Blocked:
    """Find what keeps the counted exceptions of a run unconfirmed.

    Args:
        exceptions: `counted`, `amount`, `policy` of a run.
        used: The run's policy values as run.json lists them: name, value, starts_on, is_verified,
            kind, reference.
    """
    counted = exceptions.filter(pl.col("counted")).select("amount", "policy")
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    counts: dict[str, int] = defaultdict(int)
    rows = counted.rows()
    for amount, keys in rows:
        for key in keys:
            sums[key] += amount
            counts[key] += 1
    values = []
    for each in used:
        starts_on = date.fromisoformat(str(each["starts_on"]))
        key = f"{each['name']}={each['value'] or ''}@{starts_on}"
        is_settled = bool(each["is_verified"]) or each.get("kind") == "tool"
        values.append(
            UsedValue(
                each["name"], each["value"] or "", starts_on, is_settled,
                each["reference"] or "", sums[key], counts[key],
            )
        )  # fmt: skip
    open_keys = {one.key for one in values if not one.is_settled}
    by_blockers: dict[frozenset[str], Decimal] = defaultdict(lambda: ZERO)
    for amount, keys in rows:
        if blockers := open_keys.intersection(keys):
            by_blockers[frozenset(blockers)] += amount
    return Blocked(tuple(values), dict(by_blockers))
