"""What the rules that did not run are missing, grouped so that the most useful table comes first.

Here: which rules wait for the same tables or columns, and which few tables would let how many run.
Not here: where that is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.base.texts import STATUSES
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.base.models import RuleOutcome

_NOT_RUN = ("no_data", "not_in_force", "error")


@dataclass(frozen=True)
class Gap:
    """Rules that wait for the same tables and columns; `lacks` is empty for any other cause."""

    lacks: tuple[str, ...]
    rules: tuple[RuleOutcome, ...]

    @property
    def tables(self) -> frozenset[str]:
        """The tables to bring, as a whole or with a column that they lack."""
        return frozenset(need.partition(".")[0] for need in self.lacks)

    @property
    def words(self) -> Text:
        """What is missing, or why the rules did not run."""
        if not self.lacks:
            return STATUSES[self.rules[0].status]
        return Text("、".join(map(_zh, self.lacks)), ", ".join(self.lacks))


def _zh(need: str) -> str:
    table, _, column = need.partition(".")
    spec = specs()[table]
    return f"{spec.zh}的“{spec.by_name[column].zh}”列" if column else f"{spec.zh}表"


def gaps(outcomes: Iterable[RuleOutcome]) -> list[Gap]:
    """Group the rules that did not run by what they lack.

    Returns:
        The group with most rules first; causes other than missing data last.
    """
    groups: dict[tuple[str, ...], list[RuleOutcome]] = {}
    for each in outcomes:
        if each.status in _NOT_RUN:
            key = each.lacks or ("", each.status)
            groups.setdefault(key, []).append(each)
    found = [Gap(() if key[0] == "" else key, tuple(rules)) for key, rules in groups.items()]
    return sorted(found, key=lambda gap: (not gap.lacks, -len(gap.rules), gap.lacks))


def best_tables(found: Iterable[Gap]) -> list[tuple[tuple[str, ...], int]]:
    """Choose tables step by step, each time those that let most rules run for each table brought.

    Returns:
        Steps of (tables to bring next, rules that then run in all).
    """
    waiting = [gap for gap in found if gap.lacks]
    had: set[str] = set()
    steps: list[tuple[tuple[str, ...], int]] = []
    running = 0
    while waiting:
        wishes = {gap.tables - had for gap in waiting}
        wish = max(wishes, key=lambda tables: (_gain(waiting, had | tables) / len(tables),
                                               sorted(tables)))  # fmt: skip
        had |= wish
        running += _gain(waiting, had)
        waiting = [gap for gap in waiting if not gap.tables <= had]
        steps.append((tuple(sorted(wish)), running))
    return steps


def _gain(waiting: list[Gap], had: set[str] | frozenset[str]) -> int:
    return sum(len(gap.rules) for gap in waiting if gap.tables <= had)
