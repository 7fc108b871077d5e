"""A bank and a ledger whose true pairs are known: kinds of event, drawn from a seed.

`write_truth` writes a folder as `recon check` reads it, and beside it which row is which event's.
Amounts: `round_share` of them are whole hundreds. Two in a hundred events are adversarial: a line
of the bank and one of the ledger with one amount in the same days that belong to two parties and
have nothing to do with each other. Here: the first world, of fourteen kinds, and what every
world is made with. Not here: the second (`truth_second`), running and scoring (`truth`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import polars as pl

from bench.draws import credit_code

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = date(2024, 1, 1)
_BANK = ["本方账号", "交易日期", "流水号", "收入金额", "支出金额", "对方户名", "摘要"]
_LEDGER = ["凭证日期", "凭证号", "分录号", "摘要", "科目编码", "科目名称", "借方金额", "贷方金额"]
_LEDGER.append("往来单位")
_TRANSFER = ["拨付编号", "拨付类型", "收款户名", "拨付金额", "拨付日期", "银行流水号"]
_PAYER = ["单位名称", "统一社会信用代码", "曾用名"]
_PERSON = 3  # characters of the longest name of a person
_ACCOUNT = "9900110000000015571"
_WORDS = ["食品", "机械", "商贸", "建材", "纺织", "物流", "园林", "印务", "酒店", "劳务"]
_TAILS = ["有限公司", "股份有限公司", "商行", "工会委员会", "经营部", "设备厂"]
_FIRST = "东西南北中金银玉石林海江河湖山田园春夏秋冬华夏兴隆昌盛恒泰"
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


@dataclass
class Books:
    """The rows drawn so far; beside each row of bank and ledger its event and the event's kind."""

    draw: Random
    days: int
    round_share: float
    names: list[str]
    former: dict[str, str]
    bank: list[list[object]] = field(default_factory=list)
    ledger: list[list[object]] = field(default_factory=list)
    transfers: list[list[object]] = field(default_factory=list)
    bank_truth: list[tuple[int, str]] = field(default_factory=list)
    ledger_truth: list[tuple[int, str]] = field(default_factory=list)
    event: int = 0
    vouchers: dict[int, int] = field(default_factory=dict)
    serials: int = 0

    def fen(self, low: int = 5_000, high: int = 50_000_000) -> int:
        """Return an amount; a share of them are whole hundreds of yuan."""
        fen = int(self.draw.lognormvariate(13, 1.5))
        if not low <= fen <= high:
            fen = self.draw.randint(low, high)
        return max(10_000, fen - fen % 10_000) if self.draw.random() < self.round_share else fen

    def party(self) -> str:
        """Return the name of some party."""
        return self.draw.choice(self.names)

    def day(self) -> int:
        """Return some day, counted from the first."""
        return self.draw.randrange(self.days)

    def lag(self, most: int = 3) -> int:
        """Return some days between the bank's line and the ledger's."""
        return self.draw.randint(0, most)

    def pay(self, day: int, fen: int, party: str, said: str, kind: str) -> str:
        """Add a bank line; money out is negative. Return its serial number."""
        self.serials += 1
        serial = f"ZH{day:04d}{self.serials:07d}"
        self.bank.append([_ACCOUNT, _date(day), serial, *_sides(fen), party, said])
        self.bank_truth.append((self.event, kind))
        return serial

    def book(self, day: int, lines: list[tuple[int, str, str]], kind: str) -> str:
        """Add a voucher with bank-account lines (fen, party, summary); return its number."""
        month = day // 30  # numbers begin again with every month
        self.vouchers[month] = self.vouchers.get(month, 0) + 1
        number = f"记-{self.vouchers[month]}"
        for place, (fen, party, said) in enumerate(lines, start=1):
            row = [_date(day), number, place, said, "1002", "银行存款/基本户5571", *_sides(fen)]
            self.ledger.append([*row, party])
            self.ledger_truth.append((self.event, kind))
        return number

    def transfer(self, who: str, fen: int, day: int, serial: str) -> None:
        """Add a row of the list of transfers, paid by the bank line with this serial number."""
        number = f"BF{len(self.transfers) + 1:06d}"
        self.transfers.append([number, "基层回拨", who, _yuan(fen), _date(day), serial])

    def counter(self, day: int, number: str, lines: list[tuple[int, str]]) -> None:
        """Add the other lines of a voucher (fen, party)."""
        for place, (fen, party) in enumerate(lines, start=100):
            row = [_date(day), number, place, "付款", "501", "业务支出", *_sides(fen), party]
            self.ledger.append(row)
            self.ledger_truth.append((self.event, ""))


def _sides(fen: int) -> tuple[str, str]:
    """Return debit and credit, or money in and out."""
    return (_yuan(fen), "") if fen > 0 else ("", _yuan(-fen))


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _date(day: int) -> str:
    return (START + timedelta(days=day)).isoformat()


def _one(b: Books, kind: str, *, named: bool) -> None:
    """One bank line, one ledger line, up to three days later; half of the wordings say the name."""
    who, day, fen = b.party(), b.day(), b.fen() * b.draw.choice([-1, -1, 1])
    b.pay(day, fen, who, "转账", kind)
    said = f"付{who}款" if b.draw.random() < 0.5 else "付款"
    booked = day + b.lag()
    number = b.book(booked, [(fen, who if named else "", said)], kind)
    b.counter(booked, number, [(-fen, "")])


def _plain(b: Books) -> None:
    _one(b, "1:1 both names", named=True)


def _unnamed(b: Books) -> None:
    _one(b, "1:1 one name", named=False)


def _fee(b: Books) -> None:
    day, fen = b.day(), -b.draw.randint(100, 99_999)
    b.pay(day, fen, "", "手续费", "1:1 no name")
    b.book(day + b.lag(1), [(fen, "", "银行手续费")], "1:1 no name")


def _serial(b: Books) -> None:
    day, fen = b.day(), -b.fen()
    serial = b.pay(day, fen, b.party(), "转账", "1:1 serial number")
    b.book(day + b.lag(), [(fen, "", f"付款 回单{serial}")], "1:1 serial number")


def _cut(b: Books) -> None:
    who, day, fen = b.party(), b.day(), -b.fen()
    b.pay(day, fen, who[: max(6, len(who) - 2)], "转账", "1:1 name cut off")
    b.book(day + b.lag(), [(fen, who, "付款")], "1:1 name cut off")


def _renamed(b: Books) -> None:
    who = b.draw.choice(list(b.former))
    day, fen = b.day(), -b.fen()
    b.pay(day, fen, b.former[who], "转账", "1:1 former name")
    b.book(day + b.lag(), [(fen, who, "付款")], "1:1 former name")


def _department(b: Books) -> None:
    """The ledger's aux column holds a department or a clerk of the own unit."""
    day, fen = b.day(), -b.fen()
    b.pay(day, fen, b.party(), "转账", "1:1 own department")
    clerk = b.draw.choice(["财务部", "办公室", "组织部", "王小明", "李建国"])
    b.book(day + b.lag(), [(fen, clerk, "付款")], "1:1 own department")


def _many_to_one(b: Books) -> None:
    who, day = b.party(), b.day()
    parts = [-b.fen(1_000, 500_000) for _ in range(b.draw.randint(2, 6))]
    same_day = b.draw.random() < 0.6
    for fen in parts:
        b.pay(day if same_day else day + b.lag(2), fen, who, "转账", "N:1 party")
    b.book(day + 2 + b.lag(2), [(sum(parts), who, "付款")], "N:1 party")


def _one_to_many(b: Books) -> None:
    who, day = b.party(), b.day()
    parts = [-b.fen(1_000, 500_000) for _ in range(b.draw.randint(2, 6))]
    b.pay(day, sum(parts), who, "转账", "1:N voucher and party")
    b.book(day + b.lag(), [(fen, who, "付款") for fen in parts], "1:N voucher and party")


def _one_to_vouchers(b: Books) -> None:
    who, day = b.party(), b.day()
    parts = [-b.fen(1_000, 500_000) for _ in range(b.draw.randint(2, 4))]
    b.pay(day, sum(parts), who, "转账", "1:N party")
    for fen in parts:
        b.book(day + b.lag(), [(fen, who, "付款")], "1:N party")


def _passback(b: Books) -> None:
    """One bank line for many unions, named by the transfers; the ledger has a line for each."""
    day = b.day()
    names = b.draw.sample(b.names, b.draw.randint(8, 40))
    parts = [b.fen(1_000, 300_000) for _ in names]
    serial = b.pay(day, -sum(parts), "", "批量代付回拨", "batch of transfers")
    for who, fen in zip(names, parts, strict=True):
        b.transfer(who, fen, day, serial)
    lines = [(-fen, who, "回拨经费") for who, fen in zip(names, parts, strict=True)]
    b.book(day + b.lag(2), lines, "batch of transfers")


def _payroll(b: Books) -> None:
    """A bank line for each payee, one ledger line; its voucher lists the payees."""
    day = b.day()
    names = b.draw.sample(b.names, b.draw.randint(5, 20))
    parts = [b.fen(100_000, 900_000) for _ in names]
    for who, fen in zip(names, parts, strict=True):
        b.pay(day, -fen, who, "代发", "batch listed in its voucher")
    booked = day + b.lag(1)
    number = b.book(booked, [(-sum(parts), "", "发放补助")], "batch listed in its voucher")
    b.counter(booked, number, list(zip(parts, names, strict=True)))


def _bounced(b: Books) -> None:
    """Paid, sent back, paid again; the ledger has the last payment only."""
    who, day, fen = b.party(), b.day(), b.fen()
    b.pay(day, -fen, who, "转账", "bounced")
    b.pay(day + 1, fen, who, "退汇", "bounced")
    b.event += 1
    b.pay(day + 2, -fen, who, "转账", "paid again")
    b.book(day + 2 + b.lag(1), [(-fen, who, "付款")], "paid again")


def _one_sided(b: Books) -> None:
    who, day, fen = b.party(), b.day(), -b.fen()
    if b.draw.random() < 0.5:
        b.pay(day, fen, who, "转账", "one side only")
    else:
        b.book(day, [(fen, who, "付款")], "one side only")


def _adversarial(b: Books) -> None:
    """One amount, two parties: a pair, or one line beside two that add up to it."""
    one, *others = b.draw.sample(b.names, 3)
    day, fen = b.day(), -b.fen(30_000)
    b.pay(day, fen, one, "转账", "adversarial")
    b.event += 1
    if b.draw.random() < 0.7:
        b.book(day + b.lag(), [(fen, others[0], "付款")], "adversarial")
        return
    part = fen // 3
    for who, share in zip(others, (part, fen - part), strict=True):
        b.event += 1
        b.book(day + b.lag(), [(share, who, "付款")], "adversarial")


_EVENTS: dict[Callable[[Books], None], int] = {
    _plain: 520,
    _unnamed: 110,
    _fee: 30,
    _serial: 60,
    _cut: 40,
    _renamed: 20,
    _department: 20,
    _many_to_one: 45,
    _one_to_many: 55,
    _one_to_vouchers: 25,
    _passback: 5,
    _payroll: 5,
    _bounced: 15,
    _one_sided: 30,
    _adversarial: 20,
}


def _names(draw: Random, count: int) -> list[str]:
    names: set[str] = set()
    while len(names) < count:
        first = "".join(draw.choice(_FIRST) for _ in range(draw.randint(2, 3)))
        person = draw.choice(_FAMILY) if draw.random() < 0.1 else ""
        names.add(f"示例县{first}{person}{draw.choice(_WORDS)}{draw.choice(_TAILS)}")
    return sorted(names)


@dataclass(frozen=True)
class World:
    """Parties and kinds of event; how often each kind is drawn, in a thousand.

    A fortieth of the parties had another name before where `has_former` says so.
    """

    names: Callable[[Random, int], list[str]]
    events: dict[Callable[[Books], None], int]
    has_former: bool = False


FIRST = World(_names, _EVENTS, has_former=True)


def write_truth(
    folder: Path, bank_lines: int, per_day: int, round_share: float, seed: int, world: World
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Write the folder of one bank account and its ledger.

    Args:
        folder: Where the csv files and recon.toml go.
        bank_lines: About how many bank lines; the ledger has a fifth more.
        per_day: Bank lines per day.
        round_share: Share of amounts that are whole hundreds.
        seed: Of the draw.
        world: What happens in it.

    Returns:
        Per row of the bank file and of the ledger file its event and kind; the kind is empty for
        lines that are not of the bank account.
    """
    draw = Random(seed)
    names = world.names(draw, max(60, bank_lines // 50))
    former = {name: f"示例县老{name[3:]}" for name in names[::40] if world.has_former}
    b = Books(draw, max(20, bank_lines // per_day), round_share, names, former)
    kinds, weights = list(world.events), list(world.events.values())
    while len(b.bank) < bank_lines:
        b.event += 1
        draw.choices(kinds, weights)[0](b)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "银行流水.csv", _BANK, b.bank)
    _write(folder / "记账凭证.csv", _LEDGER, b.ledger)
    _write(folder / "经费拨付台账.csv", _TRANSFER, b.transfers)
    codes = pl.DataFrame({"n": range(len(names))}).select(credit_code(pl.col("n"), "91990000"))
    payers = [
        [name, code, former.get(name, "")]
        for place, (name, code) in enumerate(zip(names, codes.to_series(), strict=True))
        if (place % 5 < 3 and len(name) > _PERSON) or name in former
    ]
    _write(folder / "缴费单位名册.csv", _PAYER, payers)
    (folder / "recon.toml").write_text(
        f'[self]\nname = "示例县总工会"\nlevel = "county"\naccounts = ["{_ACCOUNT}"]\n',
        encoding="utf-8",
    )
    return b.bank_truth, b.ledger_truth


def _write(path: Path, head: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
