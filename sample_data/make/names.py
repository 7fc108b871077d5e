"""Made-up names of firms and people, drawn from a seed.

Not here: codes (see `codes`).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

_WORDS = (
    "青禾远帆澄光嘉木铭泰沐阳广源恒砚拾光云岫启明星桥安澜丰穗锦程鼎石华穗盛棠瑞岭和畅博川晨曦绿野金穗"
    "长河东篱西屏南乔北辰中垣立夏霜降谷雨白露清和朗润宏图景行致远思齐明德弘毅知行格物行健自强厚土载物"
    "蓝湾碧波翠屏丹霞紫荆红豆橙果黄杨墨竹素锦玉衡天枢开阳摇光天璇天玑松涛柏舟椿年榆钱桐音梧川楠溪槐序"
    "檀木樟园芷兰蘅芜荷风菱歌萍踪蓬莱葵阳芝田茂林嘉穗"
)
_SURNAMES = "甲乙丙丁戊己庚辛壬癸"
_GIVEN = "一二三四五六七八九十子丑寅卯辰巳午未申酉戌亥春夏秋冬梅兰竹菊"


#: Names of persons are no longer than this, names of units are.
_LONGEST = 4


def shown_name(name: str) -> str:
    """Return a name as an output shows it: a person's masked, a unit's whole."""
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}" if 3 <= len(name) <= _LONGEST else name


@dataclass
class NameSource:
    """Hands out firm words and person names, each once, in a fixed order.

    People are called by stems and branches (甲一春): nobody is called so, and they still look like
    names of three characters.
    """

    seed: int
    _words: list[str] = field(default_factory=list)
    _people: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._words = [_WORDS[start : start + 2] for start in range(0, len(_WORDS), 2)]
        self._people = [
            surname + first + second
            for surname in _SURNAMES
            for first in _GIVEN
            for second in _GIVEN
            if first != second
        ]
        random.Random(self.seed).shuffle(self._people)  # noqa: S311 - sample data, not a secret

    def word(self) -> str:
        """Return the next word for a firm."""
        return self._words.pop(0)

    def person(self) -> str:
        """Return the next person's name."""
        return self._people.pop()
