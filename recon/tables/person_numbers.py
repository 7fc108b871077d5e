"""Numbers of persons in free text, found whatever their dress: width, spaces, dashes, neighbours.

Here: the normal form of a text (NFKC, decimal digits of any script, without signs of no width)
with the way back to its places, and which runs of digits are an identity number, a mobile phone or
a bank card. Not here: how much of one is shown (see `masking`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from recon.tables.checks import ID_CHECKS, ID_WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Between two digits of one number: spaces, dashes, slashes and points, at most two of them.
_BETWEEN = "[\\s\u2010-\u2015\\-/._·]{0,2}"
_RUN = re.compile(rf"\d(?:{_BETWEEN}\d){{10,}}[Xx]?")
_GROUP = re.compile(r"\d+[Xx]?")
#: A text without this (a polars pattern) holds no number of a person.
_DRESS = r"[\s\p{Cf}\x{2010}-\x{2015}\x{FF0D}\x{FE63}\-/\x{FF0F}.\x{FF0E}_\x{FF3F}·]"
LONG = rf"\p{{Nd}}(?:{_DRESS}{{0,6}}\p{{Nd}}){{10}}"
_ID = re.compile(r"(\d\d)\d{4}(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]")
_OLD_ID = re.compile(r"(\d\d)\d{6}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_PHONE = re.compile(r"(?:(?:00)?86|0)?(1[3-9]\d{9})")
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[19]")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_WORD = re.compile(r"[0-9A-Za-z]")
#: A number of that shape without a right check digit is a tax voucher's once the "birth" is later.
_LAST_BIRTH = 2012
_LONGEST = 21
#: How the digits of a phone and of a card are grouped where somebody groups them.
_PHONE_GROUPS = {(3, 4, 4), (3, 8)}
_CARD_GROUPS = {(6, 10), (6, 13)}
_OLD_GROUPS = {(6, 6, 3), (6, 9)}


def normal_form(text: str) -> tuple[str, list[int]]:
    """Return a text as NFKC with ASCII digits, nothing invisible, and each sign's place in it.

    Example:
        >>> normal_form("１３8 x")
        ('138 x', [0, 1, 2, 3, 4])
    """
    if text.isascii():
        return text, list(range(len(text)))
    made, places = [], []
    for place, sign in enumerate(text):
        if unicodedata.category(sign) == "Cf":
            continue
        digit = unicodedata.decimal(sign, None)
        for one in unicodedata.normalize("NFKC", sign) if digit is None else str(digit):
            made.append(one)
            places.append(place)
    return "".join(made), places


def is_id(number: str, *, strictly: bool = False) -> bool:
    """Tell whether 18 signs are an identity number, or (not strictly) one with a typing error."""
    found = _ID.fullmatch(number)
    if found is None or not 1900 <= int(found[2]) <= 2099:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, ID_WEIGHTS, strict=False))
    is_right = ID_CHECKS[total % 11] == number[-1].upper()
    return is_right or (
        not strictly and _PROVINCE.fullmatch(found[1]) is not None and int(found[2]) <= _LAST_BIRTH
    )


def _is_old_id(number: str) -> bool:
    found = _OLD_ID.fullmatch(number)
    return found is not None and _PROVINCE.fullmatch(found[1]) is not None


def _is_bank_card(number: str) -> bool:
    """Tell whether a number is a bank card's by its first digits and its check digit (Luhn)."""
    if not 16 <= len(number) <= 19 or not number.startswith(("62", "4", "5")):
        return False
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[::-2]) + sum(doubled)) % 10 == 0


def find_numbers(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Find numbers of persons in a text.

    Yields:
        First place and the place after the last, the number without what stands between its
        digits, and its kind (id_no, phone, card); in order, none over another.
    """
    plain, places = normal_form(text)
    for run in _RUN.finditer(plain):
        for start, end, number, kind in _in_run(plain, run.start(), run[0]):
            yield places[start], places[end - 1] + 1, number, kind


def _in_run(plain: str, at: int, run: str) -> Iterator[tuple[int, int, str, str]]:
    groups = [(at + each.start(), at + each.end(), each[0]) for each in _GROUP.finditer(run)]
    first = 0
    while first < len(groups):
        for last in range(len(groups), first, -1):
            found = _among(plain, groups[first:last])
            if found:
                yield found
                first = last
                break
        else:
            yield from _inside(plain, *groups[first])
            first += 1


def _among(plain: str, groups: list[tuple[int, int, str]]) -> tuple[int, int, str, str] | None:
    """Return the number that neighbouring groups are, with or without an X after it."""
    whole = "".join(each[2] for each in groups)
    sizes = tuple(len(each[2].rstrip("Xx")) for each in groups)
    start, end = groups[0][0], groups[-1][1]
    for number in dict.fromkeys((whole, whole.rstrip("Xx"))):
        after = end - len(whole) + len(number)
        if len(number) <= _LONGEST and (kind := _kind(number, sizes, plain, (start, after))):
            return start, after, number, kind
    return None


def _kind(number: str, sizes: tuple[int, ...], plain: str, place: tuple[int, int]) -> str | None:
    """Return what the digits of neighbouring groups are; None where they are no person's."""
    is_one = len(sizes) == 1
    if len(number) == 18 and is_id(number, strictly=not is_one):
        return "id_no"
    if not number.isdigit():
        return None
    if len(number) == 15 and (is_one or sizes in _OLD_GROUPS) and _is_old_id(number):
        return "id_no"
    if _is_bank_card(number) and (is_one or sizes in _CARD_GROUPS or set(sizes[:-1]) == {4}):
        return "card"
    grouped = sizes[1:] if sizes[0] in (2, 4) and number.startswith(("86", "0086")) else sizes
    if _PHONE.fullmatch(number) and (is_one or grouped in _PHONE_GROUPS or len(grouped) == 1):
        return None if _is_other(plain, *place) else "phone"
    return None


def _is_other(plain: str, start: int, end: int) -> bool:
    """Tell whether eleven digits are a part of an amount or of a credit code."""
    if plain[max(start - 1, 0) : start] == "." or re.match(r"\.\d", plain[end : end + 2]):
        return True
    while start and _WORD.match(plain[start - 1]):
        start -= 1
    while end < len(plain) and _WORD.match(plain[end]):
        end += 1
    return _CREDIT_CODE.fullmatch(plain[start:end].upper()) is not None


def _inside(plain: str, start: int, end: int, digits: str) -> Iterator[tuple[int, int, str, str]]:
    """Find identity numbers, and phones after them, within a longer run of digits."""
    place = 0
    while place + 18 <= len(digits):
        number = digits[place : place + 18]
        if not is_id(number, strictly=True):
            place += 1
            continue
        if kind := place and _kind(digits[:place], (place,), plain, (start, start + place)):
            yield start, start + place, digits[:place], str(kind)
        yield start + place, start + place + 18, number, "id_no"
        rest = digits[place + 18 :]
        if rest:
            middle = start + place + 18
            kind = _kind(rest, (len(rest),), plain, (middle, end))
            if kind:
                yield middle, end, rest, kind
            else:
                yield from _inside(plain, middle, end, rest)
        return
