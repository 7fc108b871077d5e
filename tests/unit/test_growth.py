"""The exponent that the growth benchmark prints."""

from __future__ import annotations

import pytest

from bench.growth import exponent


@pytest.mark.parametrize(
    ("cost", "power"),
    [([5, 50, 500], 1.0), ([1, 100, 10_000], 2.0), ([7, 7, 7], 0.0), ([0, 3, 30], 1.0)],
)
def test_exponents_are_fitted_on_logarithms(cost: list[float], power: float) -> None:
    assert exponent([1_000, 10_000, 100_000], cost) == power


def test_one_size_has_no_exponent() -> None:
    assert exponent([1_000, 1_000], [1, 2]) is None
