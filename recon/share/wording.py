"""Pseudonyms of names and free text.

A name keeps its legal form and the kind of its place (县, 市); the rest becomes characters of birds
and fishes that no name uses. In free text known names become the same pseudonyms, words that rules
look for stay, and every other word is replaced, so that no unknown name is left. Spaces, brackets
and width of a name are normalised as the matching does. Not here: numbers with an inner form
(`codes`) and which column is what (`columns`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recon.share.keyed import alike, spell
from recon.share.undressed import long_numbers, undressed
from recon.share.vocabulary import HAN
from recon.tables.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.share.codes import Codes
    from recon.share.keyed import Keyed

_COMMON = set("鲁鲍鲜鲤鲸鸟鸡鸣鸥鸭鸽鸿鹃鹅鹏鹤鹰鸠")
LETTERS = "".join(
    letter
    for block in (range(0x9C81, 0x9CE3), range(0x9E20, 0x9E75))
    for letter in map(chr, block)
    if letter not in _COMMON
)
_HAN = re.compile(rf"[{HAN}]+")
_ASCII = re.compile(r"[0-9A-Za-z]+")
_PART = re.compile(r"[0-9]+|[A-Za-z]+")
_PLACE = re.compile(rf"([{HAN}]{{1,8}}?)(自治区|自治州|自治县|省|市|县|区|州|旗|镇|乡|街道)")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?")
#: Last characters by which a rule tells a unit from a person.
_UNIT_ENDS = "会局院校司厂店社部行所站队室馆宫团处办心"
_PERSON = 4
_LONG_NUMBER = 7
_CODE = 15


class Wording:
    """Replaces names and texts; learns the names of the data first."""

    def __init__(self, keyed: Keyed, codes: Codes, kept: Iterable[str]) -> None:
        """Draw from `keyed`; words of `kept` stay as they are."""
        self._keyed = keyed
        self._codes = codes
        self._words = set(kept)
        self._known: dict[str, str] = {}
        self._sizes: dict[str, list[int]] = {}
        for word in self._words:
            self._index(word)

    def learn_names(self, names: Iterable[str]) -> None:
        """Take names to be found inside free text too, as they stand and as they are compared."""
        for name in names:
            for form in {name.strip(), name_key(name)}:
                if len(form) > 1 and form not in self._known and form not in self._words:
                    self._known[form] = self.name(name)
                    self._index(form)

    def learn_places(self, names: Iterable[str]) -> None:
        """Take names of places to be found inside free text too."""
        for name in names:
            if len(name) > 1 and name not in self._known and name not in self._words:
                self._known[name] = self.place(name)
                self._index(name)

    def learn_numbers(self, pseudonyms: dict[str, str]) -> None:
        """Take numbers with their pseudonyms, to be found inside free text too."""
        for number, pseudonym in pseudonyms.items():
            self._known[number] = pseudonym
            self._index(number)

    def _index(self, word: str) -> None:
        sizes = self._sizes.setdefault(word[0], [])
        if len(word) not in sizes:
            sizes.append(len(word))
            sizes.sort(reverse=True)

    def name(self, name: str) -> str:
        """Return the pseudonym of a name; names that are compared as equal share it."""
        key = name_key(undressed(name))
        return self._spread(key, places=len(key) > _PERSON, ends=True)

    def place(self, name: str) -> str:
        """Return the pseudonym of a place's name, the same as at the head of a unit's name."""
        return self._spread(name_key(name), places=True)

    def text(self, text: str) -> str:
        """Return a free text with every word replaced that rules do not look for."""
        return self._spread(undressed(text), own=True, places=True)

    def scrubbed(self, text: str) -> str:
        """Return a word that stays, as of a status, with every long number in it replaced."""
        plain = undressed(text)
        for number in sorted(long_numbers(text), key=len, reverse=True):
            plain = plain.replace(number, self._known.get(number) or self._codes.other(number))
        return plain

    def _spread(
        self, text: str, *, own: bool = False, places: bool = False, ends: bool = False
    ) -> str:
        """Walk a text: known names and numbers (if `own`), kept words, and all the rest.

        Args:
            text: What to replace.
            own: Whether names and numbers of the data are looked for.
            places: Whether 县, 市 and the like stay and part a place from what follows.
            ends: Whether a last character that tells a unit from a person stays.
        """
        made, place = [], 0
        while place < len(text):
            word = self._word_at(text, place, own=own)
            if word:
                made.append(self._known[word] if own and word in self._known else word)
            elif found := _ASCII.match(text, place):
                word = found[0]
                made.append(self._ascii(word))
            elif _HAN.match(text[place]):
                word = self._unknown(text, place, own=own)
                is_last = ends and place + len(word) == len(text)
                made.append(self._han(word, places=places, ends=is_last))
            else:
                word = text[place]
                made.append(word)
            place += len(word)
        return "".join(made)

    def _han(self, word: str, *, places: bool, ends: bool) -> str:
        """Replace a run of Chinese characters that holds no known word."""
        parts = []
        while places and (found := _PLACE.match(word)):
            parts.append(self._run(found[1]) + found[2])
            word = word[found.end() :]
        tail = word[-1:] if ends and len(word) > 1 and word[-1] in _UNIT_ENDS else ""
        word = word.removesuffix(tail)
        return "".join(parts) + (self._run(word) if word else "") + tail

    def _word_at(self, text: str, place: int, *, own: bool) -> str:
        """Return the longest known word that begins at a place, or an empty text."""
        for size in self._sizes.get(text[place], ()):
            word = text[place : place + size]
            if len(word) == size and (word in self._words or (own and word in self._known)):
                is_part = word[-1].isascii() and _ASCII.match(text[place + size :])
                if not is_part:
                    return word
        return ""

    def _unknown(self, text: str, place: int, *, own: bool) -> str:
        end = place + 1
        while end < len(text) and _HAN.match(text[end]) and not self._word_at(text, end, own=own):
            end += 1
        return text[place:end]

    def _run(self, word: str) -> str:
        """Return the pseudonym of a run of Chinese characters."""
        if word in self._words:
            return word
        size = {1: 2, 2: 2, 3: 3, 4: 4}.get(len(word), 5)
        return self._keyed.get("word", word, lambda n: spell(n, LETTERS, size))

    def _ascii(self, word: str) -> str:
        """Replace Latin words and long numbers; short numbers and days stay."""
        if word in self._known:
            return self._known[word]
        if len(word) >= _CODE:
            return self._codes.other(word)
        return _PART.sub(lambda found: self._part(found[0]), word)

    def _part(self, part: str) -> str:
        if part.isdigit():
            is_kept = len(part) < _LONG_NUMBER or _DAY.fullmatch(part)
            return part if is_kept else self._codes.other(part)
        if len(part) == 1 or part in self._words or part.upper() in self._words:
            return part
        return self._keyed.get("latin", part, lambda n: alike(part, n))
