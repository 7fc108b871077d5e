"""What a paper is made of, whatever draws it: headings, paragraphs, tables, page breaks.

Here: the blocks and how their cells are written. Not here: Word and web (see `word`, `web`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from recon.base.texts import spoken, yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ParagraphKind = Literal[
    "title", "subtitle", "body", "item", "note", "warn", "sign", "address", "annex", "part"
]
CellKind = Literal["text", "money", "count", "formula"]
Cell = str | int | Decimal | None
#: XML 1.0 cannot hold these; line ends become spaces, so that a text stays one paragraph.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"[\r\n\t\u2028\u2029\x85]+")


@dataclass(frozen=True)
class Heading:
    """A heading; `level` 1 to 3, numbered by what draws it."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of text."""

    text: str
    kind: ParagraphKind = "body"


@dataclass(frozen=True)
class Figures:
    """A table; its last row is a total where `has_total` says so. `widths` are shares.

    On a page a text of `links` leads to its address.
    """

    headers: tuple[str, ...]
    kinds: tuple[CellKind, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_total: bool = False
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contents:
    """The table of contents, of headings down to `depth`."""

    title: str
    depth: int = 2


@dataclass(frozen=True)
class PageBreak:
    """The next block begins a page."""


Block = Heading | Paragraph | Figures | Contents | PageBreak


def plain(text: str) -> str:
    r"""Return a text that every format can hold: one line, no control characters.

    Example:
        >>> plain("bell\x07 end\nnext")
        'bell end next'
    """
    return _ILLEGAL.sub("", _BREAKS.sub(" ", text))


def shown(cell: Cell) -> str:
    """Write a cell: money with two places, nothing as an empty cell.

    Example:
        >>> shown(Decimal("1234.5")), shown(None), shown(3)
        ('1,234.50', '', '3')
    """
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return yuan(cell)
    return plain(str(cell))


_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """Write a whole number below 100 in Chinese.

    Example:
        >>> [chinese_number(n) for n in (1, 10, 12, 20, 35)]
        ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return f"{head}{_DIGITS[ones] if ones or not tens else ''}"


class _Numbers:
    """Counts headings as Word's numbering does: the third level counts on through the paper."""

    def __init__(self) -> None:
        self.counts = [0, 0, 0]

    def next(self, level: int) -> str:
        self.counts[level - 1] += 1
        if level == 1:
            self.counts[1] = 0
        if spoken() == "en":
            shown = self.counts[:level] if level < len(self.counts) else self.counts[-1:]
            return ".".join(map(str, shown)) + (" " if level < len(self.counts) else ". ")
        number = self.counts[level - 1]
        word = chinese_number(number)
        return (f"{word}、", f"（{word}）", f"{number}．")[level - 1]


def numbered(blocks: Iterable[Block]) -> dict[int, str]:
    """Return the text of each heading with its number, by its place among the blocks.

    Returns:
        E.g. "一、主要做法" or "1 How it was done", as the spoken language numbers.
    """
    numbers = _Numbers()
    return {
        place: numbers.next(block.level) + plain(block.text)
        for place, block in enumerate(blocks)
        if isinstance(block, Heading)
    }
