"""Digits of every width: full width becomes half width; a footnote's digit is no digit.

NFKC, which writes １２ as 12, also writes 100¹ as 1001 and 1200① as 12001. Here: the normal form
that keeps such marks apart. Not here: what the digits mean (see `amounts`, `dates`, `words`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: In polars: signs that may hold a digit which is none of the number, as ① ¹ ⑴ ½ ㋀ do.
MARKED = r"[\p{No}\p{So}]"
#: What may follow a number and says no more than "see the note".
_NOTE = re.compile(
    r"(?:[*＊†‡※]+|[\[［](?:注\s*)?[0-9０-９]{0,2}[\]］]"
    r"|[(（]注\s*[0-9０-９一二三四五六七八九十]*[)）]|注[0-9０-９]{0,2})$"
)


def half_width(text: str) -> str | None:
    """Return the NFKC form of a text; None where that would make a digit out of a mark.

    Args:
        text: A cell.

    Example:
        >>> half_width("１，２００")
        '1,200'
        >>> half_width("100¹") is None
        True
    """
    return None if any(map(_is_mark, text)) else unicodedata.normalize("NFKC", text)


def without_note(text: str) -> tuple[str | None, bool]:
    """Take the marks of footnotes off the end of a number.

    Args:
        text: A cell without a word of its own for a unit after the mark.

    Returns:
        What stands before the marks, in half width, and whether there were any; None where a mark
        stands elsewhere: such a number is not read.

    Example:
        >>> without_note("1200① *")
        ('1200', True)
    """
    bare = whole = text.rstrip()
    while True:
        shorter = _NOTE.sub("", bare).rstrip()
        if shorter and _is_footnote(shorter[-1]):
            shorter = shorter[:-1].rstrip()
        if shorter == bare:
            return half_width(bare), bare != whole
        bare = shorter


@lru_cache(maxsize=1024)
def _is_mark(sign: str) -> bool:
    """Whether a sign is no digit and NFKC makes one of it."""
    if sign.isascii() or unicodedata.category(sign) not in {"No", "So"}:
        return False
    return (
        any("0" <= one <= "9" for one in unicodedata.normalize("NFKC", sign)) and sign not in "㎡㎥"
    )


def _is_footnote(sign: str) -> bool:
    """Whether a sign numbers a footnote (① ¹ ⑴ ⒈); ½ and ㋀ do not."""
    plain = unicodedata.normalize("NFKC", sign)
    return _is_mark(sign) and re.fullmatch(r"\(?[0-9]{1,2}[).]?", plain) is not None
