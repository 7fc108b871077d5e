"""Made-up identifiers whose check digits hold: credit codes, identity numbers, accounts, cards.

Every code carries division 990000, which no place in China has, so none can belong to anybody.
Not here: names (see `names`) and who gets which code (see `parties`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


AREA = "990000"
USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def org_code(number: int) -> str:
    """Return a nine-character organisation code (GB 11714) for a running number."""
    body = f"{number:08d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, ORG_WEIGHTS, strict=True))
    return body + "0123456789X0"[11 - total % 11]


def uscc(kind: str, number: int) -> str:
    """Return a unified social credit code (GB 32100-2015).

    Args:
        kind: The first two characters: 91 enterprise, 81 basic union, 12 public institution.
        number: Running number of the subject.

    Returns:
        18 characters with division 990000 and a valid check character.

    Example:
        >>> len(uscc("91", 1))
        18
    """
    body = kind + AREA + org_code(number)
    total = sum(
        USCC_LETTERS.index(letter) * weight
        for letter, weight in zip(body, USCC_WEIGHTS, strict=True)
    )
    return body + USCC_LETTERS[(31 - total % 31) % 31]


def id_no(born: date, serial: int, *, is_woman: bool) -> str:
    """Return a resident identity number (GB 11643-1999) of division 990000.

    Args:
        born: Birth date.
        serial: 0 to 499; together with the sex it makes the three-digit sequence.
        is_woman: Even sequence when true, odd when false.
    """
    body = f"{AREA}{born:%Y%m%d}{serial * 2 + (0 if is_woman else 1):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def account(number: int) -> str:
    """Return a bank account of 19 digits that no bank uses (99… is not an issuer)."""
    return f"990011{number:09d}5571"


def fuel_card(number: int) -> str:
    """Return a 19-digit fuel card number that no issuer uses."""
    return f"990022888{number:06d}{1300 + number}"


def phone(number: int) -> str:
    """Return a telephone number under the area code 0000, which cannot exist."""
    return f"0000-{5550000 + number}"
