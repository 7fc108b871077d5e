"""What a paper is made of, whatever draws it: headings, paragraphs, tables, page breaks.

Here: the blocks and how their cells are written. Not here: Word and web (see `word`, `web`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from recon.texts import yuan

ParagraphKind = Literal["title", "subtitle", "body", "item", "note", "warn", "sign", "address"]
CellKind = Literal["text", "money", "count"]
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
    """A table; its last row is a total where `has_total` says so. `widths` are shares."""

    headers: tuple[str, ...]
    kinds: tuple[CellKind, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_total: bool = False


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
