"""Headers that name a side of money: 借方发生额（支取）, 交易金额(贷), 存入金额, 转出, Cr.

Here: the grammar of such headers, of a direction's own column, and of the other party's columns.
Not here: words of direction in cells (`values.directions`), which table is meant (`mapping`).
"""

from __future__ import annotations

import re
from functools import lru_cache

_IN = (
    "贷方 贷记 贷 收入方 收入 收款方 收款 收方 收 存入 存款 存 转入 进账 进帐 汇入 来账 来帐 "
    "流入 进 入金 CREDIT CR"
)
_OUT = (
    "借方 借记 借 支出方 支出 支取 支付 支 付款方 付款 付出 付方 付 取出 取款 取 转出 出账 出帐 "
    "汇出 往账 往帐 流出 出 出金 支款 提取 DEBIT DR"
)
_SIDES = dict.fromkeys(_IN.split(), "in") | dict.fromkeys(_OUT.split(), "out")
_STEMS = (
    "交易 记账 记帐 发生 本期 本月 本币 人民币 账户 帐户 本次 当前 实际 资金 银行 本位币 AMOUNT"
)
_TAILS = "发生额 金额 款项 款 额 数 元 / | 人民币元"
_TOKENS = sorted([*_SIDES, *_STEMS.split(), *_TAILS.split()], key=len, reverse=True)
_TOKEN = re.compile("|".join(map(re.escape, _TOKENS)))
_LEDGER = frozenset({"贷方", "贷记", "贷", "CREDIT", "CR", "借方", "借记", "借", "DEBIT", "DR"})
#: Headers that begin like a side and name something else.
_NO_SIDE = re.compile(
    r"贷款|借款|支出数|收支|收付|借贷|进出|存取|[收付]款[方人]$|^[收支]$|^[进出存取]$"
)

_MARK = r"(?:标志|标识|标记|方向|符号|类型|类别|性质|方式|别|标示|属性|状态)"
_DIRECTION = re.compile(
    r"^(?:交易|资金|记账|账务|发生额?|金额|收支|余额外)?(?:"
    rf"(?:借[/或]?贷方?|收[/或]?付款?|收[/或]?支|进[/或]?出(?:账|帐)?|存/?取|出/?入(?:账|金)?"
    rf"|入/?出(?:账|金)?|转入/?转出|收入/?支出|支出/?收入|贷/?借|支/?收|付/?收|来往账?|往来账|往来(?=标)|增/?减"
    rf"|加/?减|D/?C|C/?D|DR/?CR|CR/?DR|DEBIT/?CREDIT){_MARK}?"
    rf"|方向|资金流向|资金流|流向|收支|正负号?|交易方向|动账方向)$"
)
#: Headers whose words tell the direction only if every cell holds such a word.
_MAYBE_DIRECTION = re.compile(
    r"^(?:交易|业务|账务|收支|资金|往来|明细|动账)?(?:类型|种类|类别|性质|标志|标识)$"
)

_OTHER = (
    r"(?:交易)?(?:对(?:方|手)(?:方|单位|客户|企业|公司)?|他方|收/?付款?(?:方|人|单位)|"
    r"对方收付款(?:方|人)|收款[方人]/?付款[方人]|付款[方人]/?收款[方人]|往来(?:方|单位|户)?)"
    r"(?:(?:账户|帐户)?(?:信息|资料|情况)/?(?=.))?"
)
_NAME = (
    r"(?:单位)?(?:(?:账户|帐户|账号|帐号|银行账户)?(?:户名/?名称|户名|名称|全称|姓名|名)|"
    r"信息|单位|客户)?"
)
_ACCOUNT = (
    r"(?:单位)?(?:银行|结算)?(?:(?:账|帐)[号户]号?|卡号)(?:号码|码)?(?:/?(?:卡号|账号|帐号))?"
)
_PARTY_NAME = re.compile(f"^{_OTHER}{_NAME}$")
_PARTY_ACCOUNT = re.compile(f"^{_OTHER}{_ACCOUNT}$|^{_OTHER}卡号/账号$")
_WHO = {
    "payer": r"(?:付款|汇款|转出|扣款|付)(?:人|方|单位|户|账户方)?",
    "payee": r"(?:收款|收|转入|入账)(?:人|方|单位|户)?",
}
_ENDS = {
    f"{who}_{what}": re.compile(f"^{words}{end}$")
    for who, words in _WHO.items()
    for what, end in (
        ("name", r"(?:(?:账户|帐户|账号|帐号)?(?:户名|名称|姓名|名|全称))"),
        ("account", r"(?:银行)?(?:(?:账|帐)[号户]|卡号)(?:号码)?"),
    )
}


@lru_cache(maxsize=65536)
def side_named(key: str) -> str | None:
    """Return "in" or "out" for a header of money of one side, as a bank's statement means it.

    Args:
        key: A normalised header.

    Example:
        >>> side_named("借方发生额支取"), side_named("交易金额贷"), side_named("借贷标志")
        ('out', 'in', None)
    """
    sides = {_SIDES[word] for word in _words(key)}
    return sides.pop() if len(sides) == 1 else None


@lru_cache(maxsize=65536)
def ledger_side(key: str) -> str | None:
    """Return "debit" or "credit" for a header that names a side in the words of books.

    Args:
        key: A normalised header.
    """
    words = _words(key)
    if not words or not _LEDGER.issuperset(words):
        return None
    side = side_named(key)
    return {"in": "credit", "out": "debit"}[side] if side else None


def _words(key: str) -> list[str]:
    """Return the words of sides in a header that consists of nothing but words of money."""
    if not key or len(key) > 16 or _NO_SIDE.search(key):
        return []
    tokens = _TOKEN.findall(key)
    if "".join(tokens) != key:
        return []
    return [token for token in tokens if token in _SIDES]


@lru_cache(maxsize=65536)
def is_direction(key: str) -> bool:
    """Whether a normalised header is that of a column of directions."""
    return _DIRECTION.match(key) is not None


@lru_cache(maxsize=65536)
def may_be_direction(key: str) -> bool:
    """Whether a normalised header may be that of a column of directions, if its cells are such."""
    return _MAYBE_DIRECTION.match(key) is not None


@lru_cache(maxsize=65536)
def party_column(key: str) -> str | None:
    """Return party_name or party_account for a header that speaks of the other side of a payment.

    Args:
        key: A normalised header.
    """
    if _PARTY_ACCOUNT.match(key):
        return "party_account"
    return "party_name" if _PARTY_NAME.match(key) else None


@lru_cache(maxsize=65536)
def end_of_payment(key: str) -> str | None:
    """Return payer_name, payer_account, payee_name or payee_account for such a header.

    Args:
        key: A normalised header.
    """
    return next((what for what, form in _ENDS.items() if form.match(key)), None)
