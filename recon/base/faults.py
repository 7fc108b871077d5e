"""Sentences for faults in files of settings: wrong keys, wrong kinds, with what is allowed.

Here: only what policy packs, refund policies and recon.toml say alike. Not here: the checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.base.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def unknown_word(place: object, zh: str, en: str, word: object, known: Collection[str]) -> Text:
    """Return the fault of a word that nothing is called, with the nearest or all allowed ones.

    Args:
        place: File, and the part of it.
        zh: What the word should be, in Chinese, e.g. "键".
        en: The same in English, e.g. "key".
        word: What stands there.
        known: What may stand there.
    """
    near = nearest(str(word), known)
    if near:
        return Text(
            f"{place}: 不认识的{zh}“{word}”。是不是“{near[0]}”？允许：{_listed(known, '、')}。",
            f"{place}: unknown {en} '{word}'. Did you mean '{near[0]}'? "
            f"Allowed: {_listed(known, ', ')}.",
        )
    return Text(
        f"{place}: 不认识的{zh}“{word}”。允许：{_listed(known, '、')}。",
        f"{place}: unknown {en} '{word}'. Allowed: {_listed(known, ', ')}.",
    )


def unknown_keys(
    place: object, found: Iterable[object], allowed: Collection[str]
) -> Iterable[Text]:
    """Yield a fault for every key that is not allowed."""
    for key in found:
        if key not in allowed:
            yield unknown_word(place, "键", "key", key, allowed)


def missing_key(place: object, key: str) -> Text:
    """Return the fault of a key that must be there."""
    return Text(f"{place}: 缺少“{key}”。请补上。", f"{place}: '{key}' is missing. Add it.")


def wrong_kind(place: object, value: object, zh: str, en: str) -> Text:
    """Return the fault of a value of the wrong kind.

    Args:
        place: File, and the part of it.
        value: What stands there.
        zh: What is allowed, in Chinese.
        en: The same in English.
    """
    shown = _shown(value)
    return Text(
        f"{place}: “{shown}”不合要求。应为{zh}。", f"{place}: '{shown}' is wrong. Use {en}."
    )


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _listed(words: Collection[str], separator: str) -> str:
    known = sorted(words)
    return separator.join(known if len(known) <= 24 else [*known[:24], "..."])
