"""Pseudonyms of numbers that have an inner form: credit codes, identity numbers, accounts, plates.

A right check digit stays right and a wrong one stays wrong by as much; birth date and sex of an
identity number and the last four digits of accounts and cards stay, since rules count by them. The
organisation code inside a credit code has one pseudonym wherever it stands. Not here: text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recon.share.keyed import alike, spell
from recon.tables.checks import (
    ID_CHECKS,
    ID_WEIGHTS,
    ORG_WEIGHTS,
    USCC_ALPHABET,
    USCC_WEIGHTS,
)
from recon.tables.names import long_id_no

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recon.share.keyed import Keyed

_DIGITS = "0123456789"
_ORG_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORG_CHECKS = "0123456789X"
#: No place of China has a number that begins so: a pseudonym is nobody's number.
_NOWHERE = "99"
#: A word in place of a number, as 办理中, has no form to keep; this is no valid number of any kind.
_SIGNS, _WORD = re.compile("[0-9A-Za-z]"), "AAAAA"
_TAIL = 4
_SHORT = 6


def _weighted(body: str, alphabet: str, weights: Sequence[int]) -> int | None:
    values = [alphabet.find(letter) for letter in body]
    if -1 in values or len(values) != len(weights):
        return None
    return sum(value * weight for value, weight in zip(values, weights, strict=True))


def _org_right(body: str) -> int | None:
    total = _weighted(body, _ORG_VALUES, ORG_WEIGHTS)
    return None if total is None else (11 - total % 11) % 11


def _uscc_right(body: str) -> int | None:
    total = _weighted(body, USCC_ALPHABET, USCC_WEIGHTS)
    return None if total is None else (31 - total % 31) % 31


def _id_right(body: str) -> int | None:
    total = _weighted(body, _DIGITS, ID_WEIGHTS)
    return None if total is None else total % 11


def _as_right(check: str, was: int | None, now: int | None, alphabet: str) -> str:
    """Return the check digit that is as far from the right one as the old one was."""
    place = alphabet.find(check)
    if was is None or now is None or place < 0:
        return check
    return alphabet[(place - was + now) % len(alphabet)]


def _luhn(number: str) -> int:
    """Return the remainder of the Luhn sum; 0 where the check digit is right."""
    doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[::-2]) + doubled) % 10


class Codes:
    """Pseudonyms of numbers, one-to-one within each kind."""

    def __init__(self, keyed: Keyed) -> None:
        """Draw from `keyed`."""
        self._keyed = keyed

    def uscc(self, code: str) -> str:
        """Return the pseudonym of a credit code (18), organisation code (9) or tax number (15)."""
        if len(code) == 18:
            body = code[:2] + self._region(code[2:8]) + self._org(code[8:17])
            was, now = _uscc_right(code[:17]), _uscc_right(body)
            return body + _as_right(code[17], was, now, USCC_ALPHABET)
        if len(code) == 9:
            return self._org(code)
        if len(code) == 15:
            return self._region(code[:6]) + self._org(code[6:])
        return self.other(code)

    def _region(self, region: str) -> str:
        return self._keyed.get("region", region, lambda n: _NOWHERE + spell(n, _DIGITS, 4))

    def _org(self, code: str) -> str:
        body = self._keyed.get("org", code[:8], lambda n: alike(code[:8], n))
        return body + _as_right(code[8], _org_right(code[:8]), _org_right(body), _ORG_CHECKS)

    def id_no(self, number: str) -> str:
        """Return the pseudonym of an identity number; the old and the new form stay one person."""
        long = long_id_no(number)
        if not re.fullmatch(r"[0-9]{17}[0-9X]", long):
            return self.other(number)
        born, sex = long[6:14], int(long[16]) % 2

        def make(drawn: int) -> str:
            place = _NOWHERE + spell(drawn, _DIGITS, 4)
            last = int(spell(drawn // 10**6, _DIGITS, 1)) // 2 * 2 + sex
            return f"{place}{born}{spell(drawn // 10**4, _DIGITS, 2)}{last}"

        body = self._keyed.get("person", long[:17], make)
        if len(number) == 15:
            return body[:6] + body[8:]
        return body + _as_right(long[17], _id_right(long[:17]), _id_right(body), ID_CHECKS)

    def account(self, number: str) -> str:
        """Return the pseudonym of an account or card; ends, length and Luhn remainder stay."""
        if not re.fullmatch(r"[0-9]{9,}", number):
            return self.other(number) if len(number) >= _SHORT else number
        middle = len(number) - 2 - _TAIL
        tail, wanted = number[-_TAIL:], _luhn(number)

        def make(drawn: int) -> str:
            head = number[:2] + spell(drawn, _DIGITS, middle - 1)
            return next(made for d in _DIGITS if _luhn(made := head + d + tail) == wanted)

        return self._keyed.get("account", number, make)

    def plate(self, plate: str) -> str:
        """Return the pseudonym of a number plate: still a plate, of no place in particular."""
        found = re.fullmatch(r"(.)([A-Z])([0-9A-Z]{4,6})(.?)", plate)
        if found is None:
            return self.other(plate)
        body = self._keyed.get("plate", plate, lambda n: alike(found[2] + found[3], n))
        return "使" + body + found[4]

    def other(self, text: str) -> str:
        """Return a pseudonym of the same form, digit for digit and letter for letter."""
        form = text if _SIGNS.search(text) else _WORD
        return self._keyed.get("number", text, lambda n: alike(form, n))
