"""The nearest known words, for messages that say "did you mean"."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Return up to `count` known words that look like `word`, the nearest first.

    Example:
        >>> nearest("fee.pasback_days", ["fee.passback_days", "fee.rate"])
        ('fee.passback_days',)
    """
    return tuple(get_close_matches(word, list(known), n=count, cutoff=0.6))


def by_nearness(word: str, known: Iterable[str]) -> list[str]:
    """Return known words, those that look most like `word` first (behind a table's name and dot).

    Example:
        >>> by_nearness("payd", ["amount", "paid"])
        ['paid', 'amount']
    """
    return sorted(known, key=lambda one: (-_likeness(word, one), one))


def _likeness(word: str, known: str) -> float:
    return SequenceMatcher(None, word, known.rpartition(".")[2]).ratio()
