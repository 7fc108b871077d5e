"""Whether two decisions of one exception say the same, and in what they differ.

Not here: which of them is booked (see `review`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.output.sheets import REVIEW_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Who says it and when: not what is said.
_WHO = ("reviewer", "reviewed_on")
_SAID = tuple(name for name in REVIEW_COLUMNS if name not in _WHO)


def agrees(new: Mapping[str, str | None], old: Mapping[str, str | None]) -> bool:
    """Tell whether a decision adds nothing to one by another person: what it fills is the same."""
    return all(new[name] in (None, old[name]) for name in _SAID)


def is_same(new: Mapping[str, str | None], old: Mapping[str, str | None]) -> bool:
    """Tell whether two decisions are equal but for who made them and when."""
    return all(new[name] == old[name] for name in _SAID)


def differing(new: Mapping[str, str | None], old: Mapping[str, str | None]) -> str:
    """Return the headers of the columns in which two decisions differ.

    Example:
        >>> empty = dict.fromkeys(REVIEW_COLUMNS)
        >>> differing(empty | {"reason": "甲", "office": "财务部"}, empty)
        '理由、责任部室'
    """
    return "、".join(
        header for name, (header, *_) in REVIEW_COLUMNS.items() if new[name] != old[name]
    )
