"""Long numbers and names in their plain form, in whatever dress a text has them.

Here: what counts as one long number of a text (spaces, dashes, width and signs without a width do
not part it), the text with such numbers made plain, and the form in which a twin is searched. Not
here: pseudonyms (see `wording`), reading files (see `scan`).
"""

from __future__ import annotations

import re

from recon.tables.person_numbers import normal_form

#: Digits of a number at least this long give somebody away.
LEAST = 11
_BETWEEN = "[\\s\u2010-\u2015-]{0,2}"
_RUN = re.compile(rf"[0-9](?:{_BETWEEN}[0-9]){{{LEAST - 1},}}")
#: Years, months and days beside each other are no number.
_DAYS = re.compile(r"(?:(?:19|20)[0-9]{2}(?:[0-9]{2}){0,2}|[0-9]{1,2})")
_PARTED = re.compile(f"(?<=[0-9]){_BETWEEN}(?=[0-9])")
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])[ \t]+(?=[\u4e00-\u9fff])")


def long_numbers(text: str) -> set[str]:
    """Return the long numbers of a text, digits only.

    Example:
        >>> long_numbers("工号990000 19620311 1023，2024-01-01 2024-12-31")
        {'990000196203111023'}
    """
    plain, _ = normal_form(text)
    return {number for _, _, number in _found(plain)}


def undressed(text: str) -> str:
    """Return a text whose long numbers stand as plain digits; all else is as it was.

    Example:
        >>> undressed("电话 138-1234-5678（家）")
        '电话 13812345678（家）'
    """
    plain, places = normal_form(text)
    made, end = [], 0
    for start, after, number in _found(plain):
        made += [text[end : places[start]], number]
        end = places[after - 1] + 1
    return "".join((*made, text[end:])) if made else text


def _found(plain: str) -> list[tuple[int, int, str]]:
    found = []
    for run in _RUN.finditer(plain):
        groups = re.findall("[0-9]+", run[0])
        if len(groups) > 1 and all(_DAYS.fullmatch(group) for group in groups):
            continue
        found.append((run.start(), run.end(), "".join(groups)))
    return found


def searched(text: str) -> str:
    """Return the form in which a text is searched: plain signs, numbers and names in one piece."""
    plain, _ = normal_form(text)
    return _SPACED.sub("", _PARTED.sub("", plain))
