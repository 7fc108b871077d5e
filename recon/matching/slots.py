"""The order in which all pairings go through their passes at once, as slots.

A slot is one pass with the pairings whose turn it is: each keeps the order of its own steps. Not
here: what a pass looks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from recon.rules.pairings import PASS_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.rules.pairings import Pairing, PassStep


@dataclass(frozen=True)
class Slot:
    """One kind of pass, and the steps of the pairings that take it now, by pairing number."""

    kind: str
    steps: dict[int, PassStep]

    @property
    def number(self) -> int:
        """The pass number shown in every result."""
        return PASS_NUMBERS[self.kind]

    def of(self, kept: Callable[[int, PassStep], bool]) -> Slot:
        """Return the slot with some of its pairings."""
        return Slot(self.kind, {n: step for n, step in self.steps.items() if kept(n, step)})

    def among(self) -> str:
        """Return the SQL test that a line is of one of the pairings."""
        return f"pairing_no in ({', '.join(map(str, self.steps))})"

    def values(self, value: Callable[[str | int], Any]) -> str:
        """Return the select of window and tolerance, one row per pairing.

        Args:
            value: Gives the value of a policy parameter.
        """
        rows = []
        for number, step in self.steps.items():
            tolerance = Decimal(value(step.tolerance))
            window = 0 if self.kind == "reference" else int(value(step.window))
            width = max(1, int(tolerance * 100))
            rows.append(f"({number}, {window}, cast('{tolerance}' as decimal(18, 2)), {width})")
        names = "pairing_no, window_days, tolerance, width_fen"
        return (
            "select cast(pairing_no as integer) as pairing_no, "
            "cast(window_days as integer) as window_days, tolerance, "
            "cast(width_fen as bigint) as width_fen "
            f"from (values {', '.join(rows)}) as step({names})"
        )

    def key(self, columns_of: Callable[[PassStep], tuple[str, ...]]) -> str:
        """Return the SQL of what must be equal: columns of a line, pairing by pairing."""
        keys: dict[str, list[int]] = {}
        for number, step in self.steps.items():
            keys.setdefault(key_sql(columns_of(step)), []).append(number)
        if len(keys) == 1:
            return next(iter(keys))
        cases = (
            f"when pairing_no in ({', '.join(map(str, numbers))}) then {key}"
            for key, numbers in keys.items()
        )
        return f"case {' '.join(cases)} end"


def key_sql(columns: tuple[str, ...]) -> str:
    """Return the SQL of a key over columns of a line; it is null where one of them is.

    Example:
        >>> key_sql(("party_id", "day"))
        "party || '|' || cast(day as varchar)"
    """
    parts = (
        "party" if c == "party_id" else "cast(day as varchar)" if c == "day" else c for c in columns
    )
    return " || '|' || ".join(parts) or "''"


def schedule(pairings: tuple[Pairing, ...]) -> list[Slot]:
    """Merge the steps of all pairings into few slots, each pairing's in its own order."""
    left = {number: list(one.about.passes) for number, one in enumerate(pairings)}
    slots = []
    while any(left.values()):
        heads: dict[str, int] = {}
        for steps in left.values():
            if steps:
                heads[steps[0].kind] = heads.get(steps[0].kind, 0) + 1

        def later(kind: str) -> int:
            """Count the pairings that will want the kind, but not now."""
            return sum(any(step.kind == kind for step in s[1:]) for s in left.values() if s)

        ranks = list(PASS_NUMBERS)
        kind = min(heads, key=lambda one: (later(one), -heads[one], ranks.index(one)))
        now = {n: steps.pop(0) for n, steps in left.items() if steps and steps[0].kind == kind}
        slots.append(Slot(kind, now))
    return slots
