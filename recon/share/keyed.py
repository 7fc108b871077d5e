"""Keyed, one-to-one replacement of values: the same key and value always give the same pseudonym.

Here: the draw from HMAC-SHA-512 and the promise that no two values share a pseudonym. Not here:
what a pseudonym of a kind of value looks like (see `codes`, `wording`).
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from recon.share.errors import PseudonymsUsedUpError

if TYPE_CHECKING:
    from collections.abc import Callable

_TURNS = 50_000
_LETTERS = "ABCDEFGHJKLMNPQRTUWXY"


class Keyed:
    """Gives every value of a domain its own pseudonym."""

    def __init__(self, key: bytes, originals: frozenset[str] = frozenset()) -> None:
        """Keep the key, and the texts of the data that no pseudonym may equal.

        Args:
            key: Secret bytes; who lacks them cannot go from a pseudonym back to a guessed value.
            originals: Values of the data.
        """
        self._key = key
        self._originals = originals
        self._made: dict[tuple[str, str], str] = {}
        self._used: dict[str, set[str]] = {}

    def get(self, domain: str, value: str, make: Callable[[int], str]) -> str:
        """Return the pseudonym of a value.

        Args:
            domain: Values of different domains may share a pseudonym; values of one never do.
            value: The value.
            make: Makes a pseudonym of a large number; it must use enough of it.

        Raises:
            PseudonymsUsedUpError: `make` has no free pseudonym left.
        """
        known = self._made.get((domain, value))
        if known is not None:
            return known
        used = self._used.setdefault(domain, set())
        for turn in range(_TURNS):
            text = f"{domain}\x1f{value}\x1f{turn}"
            drawn = int.from_bytes(hmac.digest(self._key, text.encode(), "sha512"))
            made = make(drawn)
            if made not in used and made not in self._originals:
                used.add(made)
                self._made[domain, value] = made
                return made
        raise PseudonymsUsedUpError(domain)


def spell(number: int, alphabet: str, size: int) -> str:
    """Write the low places of a number in an alphabet.

    Example:
        >>> spell(1234, "0123456789", 3)
        '432'
    """
    letters = []
    for _ in range(size):
        number, rest = divmod(number, len(alphabet))
        letters.append(alphabet[rest])
    return "".join(letters)


def alike(text: str, number: int) -> str:
    """Replace digits by digits and letters by letters of the same case; the rest stays.

    Args:
        text: The text whose form is kept.
        number: A large number that decides the replacement.

    Example:
        >>> alike("ZC-01", 0)
        'AA-00'
    """
    made = []
    for letter in text:
        if "0" <= letter <= "9":
            number, rest = divmod(number, 10)
            made.append("0123456789"[rest])
        elif letter.isascii() and letter.isalpha():
            number, rest = divmod(number, len(_LETTERS))
            made.append(_LETTERS[rest] if letter.isupper() else _LETTERS[rest].lower())
        else:
            made.append(letter)
    return "".join(made)
