"""The search for subsets against brute force, at its bounds, and on planted sets."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.matching import subset_sum
from recon.matching.subset_sum import find_subsets


def brute_force(amounts: list[int], target: int) -> set[tuple[int, ...]]:
    return {
        chosen
        for size in range(1, len(amounts) + 1)
        for chosen in combinations(range(len(amounts)), size)
        if sum(amounts[index] for index in chosen) == target
    }


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=10), st.integers(1, 200), st.integers(1, 6)
)
@settings(max_examples=300, deadline=None)
def test_small_pools_equal_brute_force(amounts: list[int], target: int, limit: int) -> None:
    truth = brute_force(amounts, target)
    search = find_subsets(amounts, target, limit)
    assert set(search.solutions) <= truth
    assert len(search.solutions) == min(limit, len(truth))
    assert search.has_more == (len(truth) > limit)
    assert search.is_complete == (len(truth) <= limit)
    assert search.is_unique == (len(truth) == 1)


def test_a_large_pool_with_countless_answers_says_so() -> None:
    rng = Random(7)  # noqa: S311 - a seeded example
    amounts = [rng.randint(100, 1_000_000) for _ in range(40)]
    search = find_subsets(amounts, sum(amounts[:20]), 5)
    assert (len(search.solutions), search.has_more, search.is_unique) == (5, True, False)
    assert all(sum(amounts[i] for i in one) == sum(amounts[:20]) for one in search.solutions)


def test_a_large_pool_of_few_large_sums_is_searched_to_the_end() -> None:
    amounts = [3**power for power in range(36)]
    chosen = (0, 5, 17, 33, 35)
    search = find_subsets(amounts, sum(amounts[i] for i in chosen), 5)
    assert search.solutions in ((chosen,), ())
    assert search.is_unique or not search.is_complete


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_planted_sets_in_large_pools_are_found_or_the_cut_is_said(data: st.DataObject) -> None:
    rng = Random(data.draw(st.integers(0, 10_000)))  # noqa: S311 - a seeded example
    amounts = [rng.randint(1, 10**6) for _ in range(rng.randint(29, 40))]
    chosen = rng.sample(range(len(amounts)), rng.randint(2, len(amounts) - 1))
    search = find_subsets(amounts, sum(amounts[i] for i in chosen), 3)
    assert search.solutions or not search.is_complete
    assert not search.is_unique or search.solutions == (tuple(sorted(chosen)),)


def test_the_whole_pool_is_the_only_answer_when_it_is_the_sum() -> None:
    assert find_subsets([5] * 60, 300, 5).is_unique


def test_a_sum_beyond_the_pool_has_no_answer() -> None:
    assert find_subsets([1, 2], 4, 5) == subset_sum.SubsetSearch((), False, True)


def test_too_many_sums_cut_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subset_sum, "MAX_SUMS", 4)
    monkeypatch.setattr(subset_sum, "EXACT_LINES", 3)
    monkeypatch.setattr(subset_sum, "FEW_LINES", 2)
    monkeypatch.setattr(subset_sum, "WINDOW_LINES", 2)
    search = find_subsets([2**n for n in range(12)], 2**5 + 2**3 + 2, 5)
    assert not search.is_complete
    assert not search.has_more


def test_a_cut_search_looks_where_sums_are_nearest_to_twice_the_target(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("MAX_SUMS", 2), ("EXACT_LINES", 3), ("FEW_LINES", 2), ("WINDOWS", 1)):
        monkeypatch.setattr(subset_sum, name, value)
    monkeypatch.setattr(subset_sum, "WINDOW_LINES", 3)
    amounts = [5000, 250, 30, 400, 500, 600]
    assert find_subsets(amounts, 650, 5) == subset_sum.SubsetSearch(((1, 3),), False, False)


def bounds(monkeypatch: pytest.MonkeyPatch, **values: int) -> None:
    small = {"EXACT_LINES": 3, "FEW_LINES": 2, "WINDOW_LINES": 2, "WINDOWS": 1, **values}
    for name, value in small.items():
        monkeypatch.setattr(subset_sum, name, value)


def test_windows_are_chosen_by_twice_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    bounds(monkeypatch, MAX_SUMS=2, WINDOW_LINES=3)
    amounts = [5000, 600, 30, 400, 500, 210]
    assert find_subsets(amounts, 1100, 5) == subset_sum.SubsetSearch(((1, 4),), False, False)


def test_the_bound_of_sums_counts_each_half(monkeypatch: pytest.MonkeyPatch) -> None:
    amounts = [3, 5, 6, 7]  # 7 and 5 have three sums up to 10, 6 and 3 have four
    bounds(monkeypatch, MAX_SUMS=4)
    assert find_subsets(amounts, 10, 5) == subset_sum.SubsetSearch(((0, 3),), False, True)
    bounds(monkeypatch, MAX_SUMS=3)
    assert not find_subsets(amounts, 10, 5).is_complete


def test_the_bound_of_lines_is_the_last_one_searched_to_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for most, is_complete in ((4, True), (3, False)):
        bounds(monkeypatch, MOST_LINES=most)
        assert find_subsets([3, 5, 6, 7], 10, 5).is_complete is is_complete


def test_the_bounded_search_agrees_with_the_exact_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = Random(3)  # noqa: S311 - a seeded example
    for _ in range(200):
        amounts = [rng.randint(1, 60) for _ in range(rng.randint(5, 11))]
        target = rng.randint(1, sum(amounts) - 1)
        exact = find_subsets(amounts, target, 4)
        with monkeypatch.context() as patch:
            patch.setattr(subset_sum, "EXACT_LINES", 3)
            patch.setattr(subset_sum, "FEW_LINES", 2)
            patch.setattr(subset_sum, "WINDOW_LINES", 3)
            bounded = find_subsets(amounts, target, 4)
        assert (len(bounded.solutions), bounded.has_more) == (len(exact.solutions), exact.has_more)
        if not exact.has_more:
            assert bounded == exact


@pytest.mark.parametrize(("amounts", "target", "limit"), [([0], 1, 1), ([1], 0, 1), ([1], 1, 0)])
def test_amounts_target_and_limit_are_positive(amounts: list[int], target: int, limit: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        find_subsets(amounts, target, limit)
