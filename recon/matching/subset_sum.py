"""Which sets of positive whole amounts add up to a target: all of them, or proof of how few.

Exact meet-in-the-middle in whole fen for small pools; for larger ones a bounded search that says
when it was cut. Not here: where the amounts come from and what a solution means.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, product
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Pools up to this size are searched in plain Python: it is faster than columns there.
FEW_LINES = 14
#: Pools up to this size are searched to the end (two halves of at most 2^14 sums).
EXACT_LINES = 28
#: Pools above this size are searched in part only (a mask is a 64-bit number).
MOST_LINES = 62
#: Larger pools: lines of one window that is searched to the end, and windows tried.
WINDOW_LINES = 26
WINDOWS = 3
#: Larger pools: most partial sums (not above the target) kept per half before the search is cut.
MAX_SUMS = 1 << 20


@dataclass(frozen=True)
class SubsetSearch:
    """What a search found.

    `solutions` are ascending index tuples, at most the limit; `has_more` says that others exist;
    `is_complete` says that the search reached its end, so that what is not listed (and not
    announced by `has_more`) does not exist.
    """

    solutions: tuple[tuple[int, ...], ...]
    has_more: bool
    is_complete: bool

    @property
    def is_unique(self) -> bool:
        """Whether exactly one solution exists, proven."""
        return self.is_complete and not self.has_more and len(self.solutions) == 1


def find_subsets(amounts: Sequence[int], target: int, limit: int) -> SubsetSearch:
    """Return the sets of amounts that add up to the target.

    Args:
        amounts: Whole positive amounts; equal ones are different lines.
        target: The positive sum looked for.
        limit: How many solutions to list at most.

    Returns:
        The solutions in an order that depends on the order of `amounts` only.

    Raises:
        ValueError: An amount or the target is not positive, or the limit is below one.

    Units: fen.

    Example:
        >>> find_subsets([500, 300, 200, 100], 600, 5).solutions
        ((0, 3), (1, 2, 3))
    """
    if target <= 0 or limit < 1 or any(amount <= 0 for amount in amounts):
        raise ValueError("amounts, target and limit must be positive")
    total = sum(amounts)
    if total < target:
        return SubsetSearch((), has_more=False, is_complete=True)
    if total == target:
        return SubsetSearch((tuple(range(len(amounts))),), has_more=False, is_complete=True)
    inverted = target > total - target
    sought = total - target if inverted else target
    kept = [index for index, amount in enumerate(amounts) if amount <= sought]
    values = [amounts[index] for index in kept]
    found, is_complete = _search(values, sought, limit + 1)
    solutions = []
    for mask in sorted(found):
        chosen = {kept[place] for place in range(len(kept)) if mask >> place & 1}
        solutions.append(
            tuple(index for index in range(len(amounts)) if (index in chosen) != inverted)
        )
    has_more = len(found) > limit
    return SubsetSearch(
        tuple(sorted(solutions)[:limit]), has_more, is_complete=is_complete and not has_more
    )


def _sums(values: Sequence[int]) -> list[int]:
    """Return the sum of every subset; the index is the subset's bit mask."""
    sums = [0]
    for value in values:
        sums += [value + other for other in sums]
    return sums


def _search(values: Sequence[int], target: int, wanted: int) -> tuple[set[int], bool]:
    """Return bit masks of subsets with the target's sum, and whether the search reached its end."""
    if sum(values) < target:
        return set(), True
    if len(values) <= FEW_LINES:
        return _meet(values, target, wanted), True
    order = sorted(range(len(values)), key=lambda place: (-values[place], place))
    ranked = [values[place] for place in order]
    if len(values) <= EXACT_LINES:
        masks, is_complete = _halves(ranked, target, wanted, 1 << EXACT_LINES), True
    else:
        masks, is_complete = _bounded(ranked, target, wanted)
    return {_spread(mask, order) for mask in masks or ()}, is_complete


def _bounded(ranked: Sequence[int], target: int, wanted: int) -> tuple[set[int], bool]:
    """Search a large pool: to the end where its sums are few enough, else among neighbours."""
    found = None
    if len(ranked) <= MOST_LINES:
        found = _halves(ranked, target, wanted, MAX_SUMS)
    return (_in_windows(ranked, target, wanted), False) if found is None else (found, True)


def _meet(values: Sequence[int], target: int, wanted: int) -> set[int]:
    """Return bit masks of subsets with the target's sum: all of them, or at least `wanted`."""
    half = len(values) // 2
    left, right = _sums(values[:half]), _sums(values[half:])
    hits = set(right).intersection([target - value for value in left])
    if not hits:
        return set()
    partners: dict[int, list[int]] = {}
    for mask in [mask for mask, value in enumerate(right) if value in hits]:
        partners.setdefault(right[mask], []).append(mask)
    found: set[int] = set()
    for mask in [mask for mask, value in enumerate(left) if target - value in hits]:
        found.update(mask | partner << half for partner in partners[target - left[mask]])
        if len(found) >= wanted:
            return found
    return found


def _in_windows(ranked: Sequence[int], target: int, wanted: int) -> set[int]:
    """Look for solutions among neighbouring amounts; there may be others."""
    found: set[int] = set()
    for start in _windows(ranked, target):
        window = ranked[start : start + WINDOW_LINES]
        found |= {
            mask << start for mask in _halves(window, target, wanted, 1 << WINDOW_LINES) or ()
        }
        if len(found) >= wanted:
            break
    return found


def _spread(mask: int, order: Sequence[int]) -> int:
    """Move the bits of a mask over ranked places to the original places."""
    return sum(1 << place for rank, place in enumerate(order) if mask >> rank & 1)


def _windows(ranked: Sequence[int], target: int) -> Iterator[int]:
    """Yield the starts of the windows whose sums are nearest to twice the target."""
    ends = [0, *accumulate(ranked)]
    starts = range(len(ranked) - WINDOW_LINES + 1)
    distance = {
        start: abs(ends[start + WINDOW_LINES] - ends[start] - 2 * target) for start in starts
    }
    yield from sorted(starts, key=lambda start: (distance[start], start))[:WINDOWS]


def _halves(ranked: Sequence[int], target: int, wanted: int, most: int) -> set[int] | None:
    """Meet in the middle over the sums of every second amount; None when there are too many.

    Only sums are kept; the subsets behind the few that meet are found afterwards.
    """
    left, right = (_sums_within(ranked[start::2], target, most) for start in (0, 1))
    if left is None or right is None:
        return None
    met = left.filter(left.is_in((target - right).implode())).unique().sort()
    found: set[int] = set()
    for total in met:
        sides = (
            _subsets(ranked[start::2], part, wanted)
            for start, part in ((0, total), (1, target - total))
        )
        found |= {
            sum(1 << 2 * place for place in one) | sum(2 << 2 * place for place in other)
            for one, other in product(*sides)
        }
        if len(found) >= wanted:
            break
    return found


def _subsets(values: Sequence[int], total: int, wanted: int) -> list[tuple[int, ...]]:
    """Return the places of the subsets with a sum; the empty one for 0."""
    masks = sorted(_meet(values, total, wanted))
    return [tuple(place for place in range(len(values)) if mask >> place & 1) for mask in masks]


def _sums_within(values: Sequence[int], cap: int, most: int) -> pl.Series | None:
    """Return the sums of all subsets that are not above the cap; None when there are too many.

    Shape: Int64, in no order; equal sums of different subsets stand several times.
    """
    sums = pl.Series([0], dtype=pl.Int64)
    for value in values:
        sums = pl.concat([sums, sums.filter(sums <= cap - value) + value], rechunk=True)
        if len(sums) > most:
            return None
    return sums
