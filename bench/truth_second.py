"""A second bank and ledger whose true pairs are known: fourteen other kinds of event.

Drawn from what accountants do, not from what the matcher looks for: payments booked before the
bank's day, the same sum to the same party twice, persons, head offices and their branches, names
without their ending, instalments, red entries. Adversarial here are also a head office and its
branch, and two digits that changed places. Here: the kinds; the rows and files are `truth_data`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.truth_data import Books, World

if TYPE_CHECKING:
    from random import Random

_PLACES = ["示例市", "示例县", "样本区"]
_FIRST = "德仁义礼信和平安康宁永顺通达广源丰茂瑞祥鸿福嘉乐正大新光明远"
_TRADES = ["电器", "粮油", "汽修", "广告", "旅行社", "服装", "药业", "环保", "文化传播", "餐饮"]
_ENDINGS = ["有限公司", "有限责任公司", "中心", "合作社", "工会委员会", "门市部"]
_BRANCHES = ["城关分公司", "开发区分公司", "第二分公司"]
_FAMILY = "张刘黄林徐孙马朱胡郭何高罗"
_GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超霞平刚"
_LAST_DIGITS = -4


def names(draw: Random, count: int) -> list[str]:
    """Return names of parties: a sixth are persons, a tenth are branches of others."""
    found: set[str] = set()
    while len(found) < count:
        kind = draw.random()
        if kind < 1 / 6:
            given = "".join(draw.choice(_GIVEN) for _ in range(draw.randint(1, 2)))
            found.add(draw.choice(_FAMILY) + given)
            continue
        first = "".join(draw.choice(_FIRST) for _ in range(2))
        firm = draw.choice(_PLACES) + first + draw.choice(_TRADES) + draw.choice(_ENDINGS)
        found.add(firm)
        if kind > 0.9 and firm.endswith("公司"):
            found.add(firm + draw.choice(_BRANCHES))
    return sorted(found)


def _firm(b: Books) -> str:
    while len(name := b.party()) < 6:
        pass
    return name


def _person(b: Books) -> str:
    while len(name := b.party()) > 3:
        pass
    return name


def _received(b: Books) -> None:
    who, day, fen = b.party(), b.day(), b.fen()
    b.pay(day, fen, who, "来账", "1:1 received")
    number = b.book(day + b.lag(5), [(fen, who, "收到款项")], "1:1 received")
    b.counter(day, number, [(-fen, who)])


def _booked_first(b: Books) -> None:
    who, day, fen = b.party(), b.day(), -b.fen()
    b.book(
        day, [(fen, who, f"支付{b.draw.choice(['货款', '服务费', '活动费'])}")], "1:1 booked first"
    )
    b.pay(day + b.lag(4), fen, who, "网银支付", "1:1 booked first")


def _twice(b: Books) -> None:
    """The same sum to the same party twice within days; which is which does not matter."""
    who, day, fen = b.party(), b.day(), -b.fen()
    for later in (0, b.draw.randint(1, 3)):
        b.pay(day + later, fen, who, "转账", "1:1 twice the same")
        b.book(day + later + b.lag(1), [(fen, who, "付款")], "1:1 twice the same")


def _to_person(b: Books) -> None:
    who, day, fen = _person(b), b.day(), -b.fen(2_000, 3_000_000)
    b.pay(day, fen, who, "报销", "1:1 person")
    b.book(day + b.lag(), [(fen, who, "报销差旅费")], "1:1 person")


def _person_worded(b: Books) -> None:
    who, day, fen = _person(b), b.day(), -b.fen(2_000, 3_000_000)
    b.pay(day, fen, who, "报销", "1:1 person in the wording")
    said = b.draw.choice([f"报销{who}差旅费", f"付{who}讲课费", f"{who}垫付款"])
    b.book(day + b.lag(), [(fen, "", said)], "1:1 person in the wording")


def _shortened(b: Books) -> None:
    """The ledger leaves the ending of the name away."""
    who, day, fen = _firm(b), b.day(), -b.fen()
    short = who
    for ending in _ENDINGS:
        short = short.removesuffix(ending)
    b.pay(day, fen, who, "转账", "1:1 name shortened")
    b.book(day + b.lag(), [(fen, short, "付款")], "1:1 name shortened")


def _numbered(b: Books) -> None:
    who, day, fen = b.party(), b.day(), -b.fen()
    serial = b.pay(day, fen, who, "转账", "1:1 serial number")
    b.book(day + b.lag(5), [(fen, "", f"{serial} 付款")], "1:1 serial number")


def _interest(b: Books) -> None:
    day, fen = b.day(), b.draw.randint(50, 200_000)
    b.pay(day, fen, "", "结息", "1:1 interest")
    b.book(day + b.lag(2), [(fen, "", "存款利息收入")], "1:1 interest")


def _invoices(b: Books) -> None:
    who, day = b.party(), b.day()
    parts = [-b.fen(1_000, 800_000) for _ in range(b.draw.randint(2, 7))]
    b.pay(day, sum(parts), who, "货款", "1:N invoices of a voucher")
    lines = [(fen, who, f"付发票{place}") for place, fen in enumerate(parts, start=1)]
    b.book(day + b.lag(2), lines, "1:N invoices of a voucher")


def _vouchers(b: Books) -> None:
    who, day = b.party(), b.day()
    parts = [b.fen(1_000, 800_000) for _ in range(b.draw.randint(2, 4))]
    b.pay(day, sum(parts), who, "来账", "1:N vouchers of a party")
    for fen in parts:
        b.book(day + b.lag(), [(fen, who, "收到款项")], "1:N vouchers of a party")


def _instalments(b: Books) -> None:
    who, day = b.party(), b.day()
    parts = [b.fen(1_000, 800_000) for _ in range(b.draw.randint(2, 4))]
    for place, fen in enumerate(parts):
        b.pay(day + place, fen, who, "来账", "N:1 instalments")
    b.book(day + len(parts), [(sum(parts), who, "收到款项")], "N:1 instalments")


def _subsidies(b: Books) -> None:
    """A bank line and a transfer for each payee; one ledger line, its voucher lists the payees."""
    day = b.day()
    payees = b.draw.sample(b.names, b.draw.randint(4, 15))
    parts = [b.fen(20_000, 400_000) for _ in payees]
    for who, fen in zip(payees, parts, strict=True):
        b.transfer(who, fen, day, b.pay(day, -fen, who, "下拨", "batch paid one by one"))
    booked = day + b.lag(2)
    number = b.book(booked, [(-sum(parts), "", "下拨补助")], "batch paid one by one")
    b.counter(booked, number, list(zip(parts, payees, strict=True)))


def _handed_on(b: Books) -> None:
    """One bank line without a name; the ledger books payee by payee, on one voucher or several."""
    day, booked = b.day(), b.lag(2)
    payees = b.draw.sample(b.names, b.draw.randint(6, 30))
    parts = [b.fen(1_000, 400_000) for _ in payees]
    serial = b.pay(day, -sum(parts), "", "批量付款", "batch booked one by one")
    for who, fen in zip(payees, parts, strict=True):
        b.transfer(who, fen, day, serial)
    lines = [(-fen, who, "下拨经费") for who, fen in zip(payees, parts, strict=True)]
    cut = b.draw.choice([0, len(lines) // 2])
    for some in (lines[:cut], lines[cut:]):
        if some:
            b.book(day + booked, some, "batch booked one by one")


def _red(b: Books) -> None:
    """Booked with a wrong sum, taken back by a red entry, and booked again."""
    who, day, fen = b.party(), b.day(), b.fen()
    wrong = fen + b.draw.choice([9, 90, 900, 9_000])
    b.book(day, [(-wrong, who, "付款")], "red entry")
    b.book(day + 1, [(wrong, who, "冲销付款凭证")], "red entry")
    b.event += 1
    b.pay(day, -fen, who, "转账", "booked again")
    b.book(day + 1 + b.lag(1), [(-fen, who, "付款")], "booked again")


def _one_sided(b: Books) -> None:
    """On one side only, or on both with two digits that changed places."""
    who, day, fen = b.party(), b.day(), -b.fen()
    kind = b.draw.random()
    if kind < 0.8:
        b.pay(day, fen, who, "转账", "one side only")
    if kind < 0.4:
        b.event += 1
        b.book(day + b.lag(), [(_changed_places(fen), who, "付款")], "one side only")
    if kind >= 0.8:
        b.book(day, [(fen, who, "付款")], "one side only")


def _changed_places(fen: int) -> int:
    """Return an amount, two digits of which changed places, or a yuan more where they are equal."""
    digits = str(-fen)
    tail = digits[_LAST_DIGITS:]
    other = int(digits[:_LAST_DIGITS] + tail[1] + tail[0] + tail[2:])
    return -other if other != -fen else fen - 100


def _adversarial(b: Books) -> None:
    """One sum in the same days, two parties; a fifth are a head office and its branch."""
    one, other = b.draw.sample(b.names, 2)
    branches = [name for name in b.names if name.endswith("分公司")]
    if branches and b.draw.random() < 0.2:
        branch = b.draw.choice(branches)
        one, other = branch, branch[: branch.index("公司") + 2]
        if b.draw.random() < 0.5:
            one, other = other, one
    day, fen = b.day(), b.draw.choice([-1, 1]) * b.fen(30_000)
    b.pay(day, fen, one, "转账", "adversarial")
    b.event += 1
    b.book(day + b.lag(), [(fen, other, "付款" if fen < 0 else "收款")], "adversarial")


#: How often each kind of event is drawn, in a thousand.
SECOND = World(
    names,
    {
        _received: 250,
        _booked_first: 255,
        _twice: 40,
        _to_person: 70,
        _person_worded: 40,
        _shortened: 60,
        _numbered: 60,
        _interest: 20,
        _invoices: 45,
        _vouchers: 30,
        _instalments: 45,
        _subsidies: 10,
        _handed_on: 5,
        _red: 20,
        _one_sided: 30,
        _adversarial: 20,
    },
)
