"""Column letters of spreadsheets: A, B, ..., Z, AA, ... Nothing else."""

from __future__ import annotations

from functools import cache


@cache
def letter_of(index: int) -> str:
    """Return the letters of a column.

    Args:
        index: 0-based position.

    Example:
        >>> letter_of(0), letter_of(26), letter_of(16383)
        ('A', 'AA', 'XFD')
    """
    letters = ""
    rest = index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def index_of(letters: str) -> int:
    """Return the 0-based position of a column.

    Args:
        letters: Such as "A" or "XFD".

    Example:
        >>> index_of("XFD")
        16383
    """
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1
