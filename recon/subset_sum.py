"""Which sets of positive whole amounts add up to a target: all of them, or proof of how few.

Exact meet-in-the-middle in whole fen for small pools; for larger ones a bounded search that says
when it was cut. Not here: where the amounts come from and what a solution means.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Pools up to this size are searched to the end (two halves of at most 2^14 sums).
EXACT_LINES = 28
#: Pools above this size are searched in part only (a mask is a 64-bit number).
MOST_LINES = 62
#: Larger pools: lines of one window that is searched to the end, and windows tried.
WINDOW_LINES = 26
WINDOWS = 3
#: Larger pools: most partial sums (not above the target) kept per half before the search is cut.
MAX_SUMS = 1 << 17


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
    if len(values) <= EXACT_LINES:
        found, is_complete = _meet(values, sought, limit + 1), True
    else:
        found, is_complete = _bounded(values, sought, limit + 1)
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


def _meet(values: Sequence[int], target: int, wanted: int) -> set[int]:
    """Return bit masks of subsets with the target's sum: all of them, or at least `wanted`."""
    if sum(values) < target:
        return set()
    half = len(values) // 2
    left, right = _sums(values[:half]), _sums(values[half:])
    hits = set(right).intersection([target - value for value in left])
    if not hits:
        return set()
    partners: dict[int, list[int]] = {}
    for mask, value in enumerate(right):
        if value in hits:
            partners.setdefault(value, []).append(mask)
    found: set[int] = set()
    for mask, value in enumerate(left):
        for partner in partners.get(target - value, ()):
            found.add(mask | partner << half)
            if len(found) >= wanted:
                return found
    return found


def _bounded(values: Sequence[int], target: int, wanted: int) -> tuple[set[int], bool]:
    """Search a pool that is too large to search to the end; say whether it was cut."""
    order = sorted(range(len(values)), key=lambda place: (-values[place], place))
    ranked = [values[place] for place in order]
    found: set[int] = set()
    for start in _windows(ranked, target):
        for mask in _meet(ranked[start : start + WINDOW_LINES], target, wanted):
            found.add(_spread(mask << start, order))
        if len(found) >= wanted:
            return found, False
    if len(ranked) > MOST_LINES:
        return found, False
    others, is_complete = _halves(ranked, target, wanted)
    found |= {_spread(mask, order) for mask in others}
    return found, is_complete


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


def _halves(ranked: Sequence[int], target: int, wanted: int) -> tuple[set[int], bool]:
    """Meet in the middle over the partial sums not above the target; cut when they are too many."""
    left, right = (_sums_within(ranked, start, target) for start in (0, 1))
    if left is None or right is None:
        return set(), False
    met = left.select(missing=target - pl.col("total"), mask="mask").join(
        right, left_on="missing", right_on="total", suffix="_right"
    )
    masks = met.select(pl.col("mask") + pl.col("mask_right")).to_series()
    return set(masks.sort().head(wanted)), True


def _sums_within(ranked: Sequence[int], start: int, cap: int) -> pl.DataFrame | None:
    """Return total and mask of the subsets of every second amount; None when there are too many.

    Shape: total, mask Int64; no total is above the cap.
    """
    sums = pl.DataFrame({"total": [0], "mask": [0]})
    for place in range(start, len(ranked), 2):
        more = sums.select(pl.col("total") + ranked[place], pl.col("mask") + (1 << place))
        sums = pl.concat([sums, more.filter(pl.col("total") <= cap)], rechunk=True)
        if sums.height > MAX_SUMS:
            return None
    return sums
