"""The language of messages: one `Text` holds a sentence in Chinese and English.

Here: which language is spoken, and how a number of money is written. Not here: the sentences
themselves (errors live in `errors`, rule texts in the rules' YAML).
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from recon.base.models import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from recon.base.models import Lang

DIRECTIONS: dict[str, Text] = {
    "pay_in": Text("应补缴", "to be paid in"),
    "remit_up": Text("应上解", "to be remitted upward"),
    "give_back": Text("应返还", "to be given back"),
    "recover": Text("应追缴", "to be recovered"),
    "clear_out": Text("应清退", "to be cleared out"),
    "write_off": Text("应核销", "to be written off"),
    "lapsed": Text("逾期未享受", "lapsed"),
    "verify": Text("待核实", "to be verified"),
    "": Text("无金额", "no amount owed"),
}
SEVERITIES: dict[str, Text] = {
    "high": Text("高", "high"),
    "medium": Text("中", "medium"),
    "low": Text("低", "low"),
    "lead": Text("提示", "lead"),
}
STATUSES: dict[str, Text] = {
    "exceptions": Text("有例外", "exceptions"),
    "clean": Text("无例外", "clean"),
    "no_data": Text("未执行：缺资料", "not run: no data"),
    "not_in_force": Text("未执行：参数未生效", "not run: not in force"),
    "error": Text("出错", "error"),
}
FAMILIES: dict[str, Text] = {
    "REM": Text("经费收缴", "union fee"),
    "SME": Text("小微返还", "small-enterprise refunds"),
    "PRE": Text("建会筹备金", "preparation fund"),
    "TRN": Text("培训补助", "training subsidies"),
    "FUEL": Text("公车加油卡", "fuel cards"),
    "AST": Text("资产租赁", "assets and leases"),
    "LED": Text("账务银行", "ledger and bank"),
    "ORG": Text("组织建设", "organisation"),
    "GOV": Text("三重一大", "governance"),
    "RECT": Text("整改销号", "rectification"),
}
STATES: dict[str, Text] = {
    "new": Text("新增", "new"),
    "persisting": Text("延续", "persisting"),
    "changed": Text("金额变化", "amount changed"),
    "resolved": Text("已消除", "resolved"),
    "relapsed": Text("复发", "relapsed"),
    "rule_changed": Text("规则变动", "rule changed"),
}

_spoken: list[Lang] = ["zh"]
_here: ContextVar[Lang | None] = ContextVar("spoken_here", default=None)


def speak(lang: Lang) -> None:
    """Choose the language of messages for this process.

    Args:
        lang: "zh" or "en".
    """
    _spoken[0] = lang


@contextmanager
def speaking(lang: Lang) -> Iterator[None]:
    """Speak a language for a while, in this thread only: two people may share a process."""
    before = _here.set(lang)
    try:
        yield
    finally:
        _here.reset(before)


def spoken() -> Lang:
    """Return the language of messages."""
    return _here.get() or _spoken[0]


def say(text: Text) -> str:
    """Return a sentence in the spoken language."""
    return text.in_(spoken())


def period_words(period: str) -> str:
    """Write the period of an exception as papers do, in the spoken language.

    Example:
        >>> period_words("2024-01..2024-03")
        '2024-01至2024-03'
    """
    first, is_span, last = period.partition("..")
    return say(Text(f"{first}至{last}", f"{first} to {last}")) if is_span else period


def yuan(amount: Decimal) -> str:
    """Write an amount of money with thousands separators and two places.

    Example:
        >>> from decimal import Decimal
        >>> yuan(Decimal("1234567.5"))
        '1,234,567.50'
    """
    return f"{amount:,.2f}"
