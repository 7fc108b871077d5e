"""What each header of a ledger or a balance speaks of: which balance, which side, which measure.

Here: the grammar of such headers (期初余额（借方）, 本期发生额/贷方/本位币, 余额/方向), so that
pairs, quantities and foreign money are told apart whatever the program. Not here: what is made of
the columns (`accounting`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from recon.intake.formats.letters import index_of
from recon.intake.layout.header import normalise_header

if TYPE_CHECKING:
    import polars as pl

    from recon.intake.layout.header import HeaderBlock

Phase = Literal["opening", "turnover", "closing", "year_opening", "year_turnover", ""]
Measure = Literal["base", "money", "foreign", "direction", "other"]

_PHASES: tuple[tuple[Phase, re.Pattern[str]], ...] = (
    ("year_turnover", re.compile(r"YTD|累计|本年(?:度)?(?:发生|借|贷|/|合计)|^年(?:借|贷)")),
    ("year_opening", re.compile(r"年初|上年(?:结转|余额|末)")),
    ("opening", re.compile(r"BEGIN|OPENING|期初|月初|上期|上月|前期|初期|起初")),
    ("closing", re.compile(r"^F?END|CLOSING|期末|月末|年末|结余|结存|末期")),
    ("turnover", re.compile(r"发生|本期|本月|当期|当月")),
    ("closing", re.compile(r"余额|BALANCE$")),
)
_MEASURES: tuple[tuple[Measure | None, re.Pattern[str]], ...] = (
    ("other", re.compile(r"数量|单价|均价|单位成本|汇率|笔数|张数")),
    (None, re.compile(r"对方|贷款|借款|科目|摘要|日期|凭证")),
    ("direction", re.compile(r"方向|借贷(?:标[志识记]|方|别)?$|借/贷|借或贷|^D/?C$|DC标[志识记]")),
    ("foreign", re.compile(r"外币|原币|美元|港元|港币|欧元|日元|USD|HKD|EUR|[A-Z]FOR$")),
)
_BASE = re.compile(r"本位币|本币|人民币|RMB|CNY")
_MONEY = re.compile(r"金额|余额|发生|AMOUNT")
_SIDES = {"借": ("借", "DEBIT"), "贷": ("贷", "CREDIT")}
#: Cells of a column that tells the side of a balance.
_SIDE_WORDS = frozenset({"借", "贷", "平", "借方", "贷方"})
_NUMBER = re.compile(r"^[-+(（]?[¥￥]?[0-9][0-9,，]*(?:\.[0-9]+)?[)）]?$")
_LOOKED_AT = 200


@dataclass(frozen=True)
class Role:
    """What a header speaks of; `side` is 借, 贷 or empty."""

    phase: Phase
    side: str
    measure: Measure


@lru_cache(maxsize=65536)
def role_of(shown: str) -> Role | None:
    """Return what a header of a ledger or balance speaks of; None when of no amount and no side.

    Args:
        shown: The header, its lines joined by "/".

    Example:
        >>> role_of("期初余额/借方/本位币")
        Role(phase='opening', side='借', measure='base')
    """
    text = normalise_header(shown)
    phases = (name for name, form in _PHASES if form.search(text))
    phase: Phase = next(phases, "")
    sides = [side for side, words in _SIDES.items() if any(word in text for word in words)]
    side = sides[0] if len(sides) == 1 else ""
    for measure, form in _MEASURES:
        if form.search(text):
            return None if measure is None else Role(phase, side, measure)
    if not (phase or side or _MONEY.search(text)):
        return None
    return Role(phase, side, "base" if _BASE.search(text) else "money")


@dataclass(frozen=True)
class Roles:
    """The amount and direction columns of a header by what they speak of."""

    by_letter: dict[str, Role]

    def money(self, phase: Phase, side: str) -> str | None:
        """Return the one column of a balance or turnover; None when there is none or several.

        The column in 本位币 goes before one that names no currency; foreign money is never taken.
        """
        for measure in ("base", "money"):
            letters = [
                letter
                for letter, role in self.by_letter.items()
                if (role.phase, role.side, role.measure) == (phase, side, measure)
            ]
            if letters:
                return letters[0] if len(letters) == 1 else None
        return None

    def pair(self, phase: Phase) -> tuple[str, str] | None:
        """Return the 借 and the 贷 column of a balance or turnover."""
        debit, credit = self.money(phase, "借"), self.money(phase, "贷")
        return (debit, credit) if debit and credit else None

    def directions(self) -> list[tuple[str, Phase]]:
        """Return the columns of directions from left to right, with what each speaks of."""
        found = [(one, role.phase) for one, role in self.by_letter.items()]
        return sorted(
            (one for one in found if self.by_letter[one[0]].measure == "direction"),
            key=lambda one: index_of(one[0]),
        )


def roles_of(block: HeaderBlock, cells: pl.DataFrame, fixed: frozenset[str]) -> Roles:
    """Return the roles of a header's columns.

    A header that stands over two columns without a line of its own below is split by what the
    columns hold: 借 and 贷 in the first, figures in the second. Where both hold figures nothing
    says which is which, and neither is taken.

    Args:
        block: The header lines.
        cells: The whole sheet, columns by letter.
        fixed: Letters that recon.toml speaks of.
    """
    letters = sorted(block.shown, key=index_of)
    found = {one: role for one in letters if (role := role_of(block.shown[one]))}
    order = cells.columns[1:]
    for letter, role in list(found.items()):
        beside = order[order.index(letter) + 1] if letter != order[-1] else None
        if beside is None or beside in block.shown or role.measure not in {"money", "base"}:
            continue
        words, figures = (_body(cells, block, one) for one in (letter, beside))
        if not figures or not all(map(_NUMBER.match, figures)):
            continue
        del found[letter]
        if words and set(words) <= _SIDE_WORDS:
            found[letter] = Role(role.phase, "", "direction")
            found[beside] = role
    return Roles({one: role for one, role in found.items() if one not in fixed})


def _body(cells: pl.DataFrame, block: HeaderBlock, letter: str) -> list[str]:
    """Return the first filled cells under the header."""
    under = cells.filter(cells["row_no"] > block.rows[-1])[letter].drop_nulls().head(_LOOKED_AT)
    return [text.strip() for text in under.to_list() if text.strip()]
